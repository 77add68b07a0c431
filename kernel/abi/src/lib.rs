//! NT numbers and structures as Windows programs see them; no logic.
//!
//! Sources: "W" is `win32-userland.md` of the project's design notes (measured
//! on Debian's Wine 10 DLLs) with the section's number; "NT" is the public
//! Windows SDK and driver kit; "phnt" is the public collection of headers for what
//! these leave out. Every offset is asserted where it is written.
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

#[macro_use]
mod layout;

pub mod access;
pub mod afd;
pub mod atom;
pub mod attribute;
pub mod context;
pub mod display;
pub mod entry;
pub mod exception;
pub mod file;
pub mod io;
pub mod job;
pub mod memory;
pub mod nls;
pub mod nsi;
pub mod object;
pub mod parameters;
pub mod peb;
pub mod process;
pub mod registry;
pub mod section;
pub mod security;
pub mod services;
pub mod status;

pub mod system;
pub mod teb;
pub mod thread;
pub mod token;
pub mod user_shared;
pub mod wait;

pub use status::NtStatus;
