//! A validated view of PE32+ files for x64; total over arbitrary bytes.
//!
//! [`PeView::parse`] checks headers, sections and every directory it uses, in
//! time proportional to the file. After that all accessors are total, allocate
//! nothing, and answer from the checked bytes. Whether the image may run as a
//! program is a second question: [`PeView::check_program`] and
//! [`PeView::check_freestanding`].
//!
//! Facts come from Microsoft's "PE Format" page; where Windows and that page
//! differ, from what Windows accepts. Whatever Windows refuses is refused here;
//! so are writable code and writable sections shared between processes.
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

mod code_view;
mod error;
mod exports;
mod functions;
mod headers;
mod identity;
mod imports;
mod layout;
mod name;
mod pages;
mod program;
mod records;
mod relocations;
mod symbols;
mod tls;
pub mod unwind;
mod view;

pub use code_view::CodeView;
pub use error::{Directory, PeError};
pub use exports::{Export, ExportTarget, Exports};
pub use functions::FunctionEntry;
pub use identity::IDENTITY_BYTES;
pub use layout::{PAGE_BYTES, Page, Protection, Segment};
pub use name::Name;
pub use pages::PageSource;
pub use relocations::Relocations;
pub use tls::Tls;
pub use view::PeView;
