//! Threads.

mod apc;
mod context;
mod create;
mod details;
mod execution_state;
mod information;
mod life;
mod open;
mod set_information;
mod tls;

pub(crate) use apc::*;
pub(crate) use context::*;
pub(crate) use create::*;
pub(crate) use details::system_thread_information;
pub(crate) use execution_state::*;
pub(crate) use information::*;
pub(crate) use life::*;
pub(crate) use open::*;
pub(crate) use set_information::*;
