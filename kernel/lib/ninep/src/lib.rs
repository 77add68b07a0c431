//! The messages of 9P2000.L, by which a host shares a directory.
//!
//! * [`Request`] writes one into a buffer; [`Answer`] reads what came back, of
//!   which nothing is believed: neither its length nor its kind nor its text.
//! * [`names`] says what the names of either side are on the other, [`links`] where
//!   symbolic links lead.
//!
//! Nothing here sends anything, waits or allocates.
//!
//! ```
//! use ninep::{Answer, Kind, Refusal, Request};
//!
//! let mut buffer = [0; 64];
//! let request = Request::new(&mut buffer, Kind::Clunk, 1).u32(7);
//! assert_eq!(request.finish(), Some(11));
//!
//! // ENOENT.
//! let answer = [11, 0, 0, 0, 7, 1, 0, 2, 0, 0, 0];
//! assert_eq!(Answer::read(&answer, Kind::Clunk, 1).err(), Some(Refusal::Host(2)));
//! ```
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

mod answer;
pub mod errno;
pub mod links;
pub mod names;
mod request;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Attributes, Entries, Entry, Malformed, Qid, Refusal, Space, Time};
pub use request::{Change, Request};

/// Size, kind and tag of every message.
pub const HEADER_BYTES: usize = 7;
/// What a read's answer and a write's request have before the data.
pub const DATA_OVERHEAD_BYTES: usize = 24;
/// Most names that one walk takes.
pub const MOST_WALKED: usize = 16;
/// What the host is spoken to in.
pub const VERSION: &str = "9P2000.L";
/// The tag of the first message, which others do not have.
pub const NO_TAG: u16 = 0xFFFF;
/// No identifier, and no user of that number.
pub const NONE: u32 = 0xFFFF_FFFF;

/// A kind of request; its answer is the next number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// How much room there is.
    Statfs = 8,
    /// Opens what an identifier stands for.
    Open = 12,
    /// Makes a file and opens it.
    Create = 14,
    /// Where a symbolic link leads.
    ReadLink = 22,
    /// What is known of it.
    GetAttributes = 24,
    /// Changes that.
    SetAttributes = 26,
    /// What a directory has.
    ReadDirectory = 40,
    /// Has it on the disk.
    Synchronize = 50,
    /// Makes a directory.
    MakeDirectory = 72,
    /// Gives it another name.
    Rename = 74,
    /// Takes its name away.
    Unlink = 76,
    /// Which version is spoken.
    Version = 100,
    /// Begins with the shared directory.
    Attach = 104,
    /// Follows names.
    Walk = 110,
    /// Reads data.
    Read = 116,
    /// Writes data.
    Write = 118,
    /// Forgets an identifier.
    Clunk = 120,
}

/// What a file is opened for, as Linux numbers it.
pub mod flags {
    /// To read.
    pub const READ_ONLY: u32 = 0;
    /// To write.
    pub const WRITE_ONLY: u32 = 1;
    /// Both.
    pub const READ_WRITE: u32 = 2;
    /// It must not be there yet.
    pub const CREATE_NEW: u32 = 0o100 | 0o200;
    /// It must be a directory.
    pub const DIRECTORY: u32 = 0o200_000;
    /// What is unlinked is a directory.
    pub const REMOVE_DIRECTORY: u32 = 0x200;
}
