//! The packed symbol table: format, lookup and (for tools) writer.
//!
//! The kernel's `.symbols` section holds one table, packed after the link by
//! `tools/symtab`. [`Table::parse`] checks it and [`Table::lookup`] names an
//! address, neither with allocation, so that a panic can use both. Nothing in
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

mod error;
mod format;
mod lookup;
mod name;
mod table;
#[cfg(any(test, feature = "writer"))]
mod writer;

#[cfg(test)]
mod tests;

pub use error::TableError;
pub use format::{BUILD_ID_BYTES, NAME_MAX_BYTES};
pub use lookup::Symbol;
pub use name::Name;
pub use table::Table;
#[cfg(any(test, feature = "writer"))]
pub use writer::{
    Function, TOKEN_MAX_BYTES, TOKENS_MAX, TableParts, WriteError, short_tokens, write,
};
