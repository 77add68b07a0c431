//! Threads.

mod apc;
mod context;
mod create;
mod information;
mod life;
mod open;

pub(crate) use apc::*;
pub(crate) use context::*;
pub(crate) use create::*;
pub(crate) use information::*;
pub(crate) use life::*;
pub(crate) use open::*;
