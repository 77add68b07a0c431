//! Writes a minidump of a crashed x64 process, as one forward stream of bytes.
//!
//! A [`Dump`] says what is known of the crash. [`Dump::total_bytes`] gives the
//! size of the file beforehand; [`Dump::write`] gives its bytes in order to a
//! sink, reading the process's memory as it goes. Nothing is allocated, at most
//! 512 bytes are held at a time, and all places in the file follow from counts
//! and lengths, so that the sink may be a serial port.
//!
//! Facts come from Microsoft's pages of minidumpapiset.h (MINIDUMP_HEADER and
//! the structures it leads to; in that header they are packed to 4 bytes) and of
//! winnt.h (CONTEXT). `format.rs` has the structures, `plan.rs` their order.
#![no_std]
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects
    )
)]

mod context;
mod dump;
mod format;
mod memory;
mod output;
mod plan;
mod streams;
mod text;
mod write;

pub use context::{Context, FXSAVE_BYTES, Segments};
pub use dump::{CodeView, Dump, Exception, Module, PARAMETERS_MAX, System, Thread};
pub use memory::{Memory, MemoryRange, PAGE_BYTES};
pub use plan::TooLarge;
pub use text::{MODULE_NAME_MAX_UNITS, PDB_NAME_MAX_BYTES};
