//! Jobs.

mod information;
mod life;
mod limits;

pub(crate) use information::*;
pub(crate) use life::*;
