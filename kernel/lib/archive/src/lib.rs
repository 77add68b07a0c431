//! A total, allocation-free reader of uncompressed EROFS images.
//!
//! Reads what `mkfs.erofs` 1.5 writes without compression: 4 KiB blocks, both
//! inode sizes, files in one run of blocks with or without a tail behind the
//! inode. Everything else is refused by name. All numbers of the image are
//! checked when they are used; a file that opened can be read to its end.
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

mod directory;
mod error;
mod file;
mod inode;
mod superblock;
mod volume;

pub use directory::{Entries, Entry};
pub use error::ArchiveError;
pub use file::File;
pub use inode::NodeKind;
pub use volume::{BLOCK_BYTES, Case, Volume};
