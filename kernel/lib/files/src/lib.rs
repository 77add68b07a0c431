//! Files by name on a volume in memory, without their data.
//!
//! * [`Tree`] knows the names, metadata and openings of a volume's files and
//!   decides as NTFS does who may open, delete and rename what.
//! * [`ShareState`] is the table of who shares a file with whom.
//! * [`Locks`](locks::Locks) are those on ranges of a file's bytes.
//! * [`Pattern`] is what a program lists a directory by.
//! * [`Names`] are those that a directory elsewhere has.
//! * [`change`] says what watchers of directories are told.
//!
//! A file's data is the executive's: the tree keeps a handle `D` of it, clones
//! it and gives it back, but never drops the last one. Nothing here takes a
//! lock, and no allocation aborts.
//!
//! ```
//! use files::{Intent, New, NewKind, Tree, Walked};
//!
//! let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
//! let mut tree: Tree<_> = Tree::new(1_000, 0).unwrap();
//! let new = New { kind: NewKind::File(&"data"), attributes: 0, now: 1 };
//! let intent = Intent { access: 0x0001_0000, share: 7, ..Intent::default() };
//! let opening = tree
//!     .create(tree.root(), &units("Name.txt"), &new, &intent)
//!     .unwrap();
//!
//! let path = units(r"\NAME.TXT");
//! let found = tree.walk(tree.root(), &path);
//! assert!(matches!(found, Ok(Walked::Found { node, .. }) if node == opening.node()));
//!
//! // Deleted at the last close; the data comes back.
//! let mut opening = opening;
//! tree.set_disposition(&mut opening, Default::default()).unwrap();
//! assert_eq!(tree.close(opening, 3).data, Some("data"));
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

extern crate alloc;

pub mod attributes;
pub mod change;
mod error;
pub mod locks;
mod names;
mod path;
mod share;
mod slab;
mod tree;
mod wildcard;

pub use error::FileError;
pub use names::Names;
pub use path::{MAX_COMPONENT, MAX_PATH_UNITS, check_name};
pub use share::{ShareState, access};
pub use slab::NodeId;
pub use tree::{
    BasicUpdate, Closed, Disposition, Information, Intent, Listed, MAX_DEPTH, New, NewKind,
    Opening, Planned, Rename, Renamed, Replaced, Times, Touch, Tree, Walked, record_bytes,
};
pub use wildcard::Pattern;
