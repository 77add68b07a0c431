//! Processes.

mod create;
mod dispatchers;
mod information;
mod life;

pub(crate) use create::*;
pub(crate) use information::*;
pub(crate) use life::*;
