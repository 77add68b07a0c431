//! The packed symbol table: format, lookup and (for tools) writer.
//!
//! The kernel's `.symbols` section holds one table, packed after the link by
//! `tools/symtab`. [`Table::parse`] checks it, [`Table::lookup`] names an
//! address, and [`Table::frames`] gives its source line and the functions that
//! were inlined there; none allocates, so that a panic can use them. Programs
//! have tables too, with lines for every address of theirs. Nothing in
//! the table is trusted: any bytes give an error, a wrong name or none, and
//! never a panic. `format.rs` describes every byte.
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

#[cfg(any(test, feature = "writer"))]
extern crate alloc;

mod bits;
mod error;
mod format;
mod frames;
mod lookup;
mod name;
mod sites;
mod table;
#[cfg(any(test, feature = "writer"))]
mod writer;

#[cfg(test)]
mod tests;

pub use error::TableError;
pub use format::{BUILD_ID_BYTES, INLINED_MAX, NAME_MAX_BYTES};
pub use frames::{Frame, Frames};
pub use lookup::Symbol;
pub use name::Name;
pub use table::Table;
#[cfg(any(test, feature = "writer"))]
pub use writer::{
    Call, Function, InlinedFunction, LINE_END, Lines, SITE_DISTANCE_END, Site, TOKEN_MAX_BYTES,
    TOKENS_MAX, TableParts, WriteError, short_tokens, write,
};
