//! Processes.

mod allocations;
pub(crate) mod console;
mod counters;
mod create;
mod dispatchers;
mod information;
mod life;
mod lists;
mod mitigation;
mod set_information;
mod text;

pub use allocations::let_programs_fail_allocations;
pub(crate) use counters::{io_counters, vm_counters};
pub(crate) use create::*;
pub(crate) use information::*;
pub(crate) use life::*;
pub(crate) use set_information::*;
