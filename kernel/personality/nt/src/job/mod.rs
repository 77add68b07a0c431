//! Jobs.

mod information;
mod life;
mod limits;
mod notices;
mod rates;

pub(crate) use information::*;
pub(crate) use life::*;
