//! Objects by handle, by name and by id, without the objects.
//!
//! * [`HandleTable`] maps the handles of one process to objects.
//! * [`Directory`] maps the names in one directory to objects, and
//!   [`resolve()`] finds what a path leads to.
//! * [`ClientIds`] gives out the ids of processes and threads.
//! * [`Atoms`] maps names to numbers that programs use for them.
//!
//! What an object is the executive decides. Nothing here takes a lock, or
//! drops an object that it was given without saying so.
//!
//! ```
//! use objects::{Entry, Handle, HandleError, HandleTable};
//!
//! let mut table = HandleTable::new(100);
//! let handle = table.insert(Entry::new("event", 0x1F_0003)).unwrap();
//! assert_eq!(handle.to_u64(), 4);
//!
//! // What a program passes; the two low bits do not matter.
//! let passed = Handle::from_u64(0x7).unwrap();
//! assert_eq!(table.get(passed).unwrap().object, "event");
//!
//! // A closed handle stays invalid though its slot is used again.
//! assert_eq!(table.remove(handle).unwrap().object, "event");
//! table.insert(Entry::new("mutant", 0x1F_0001)).unwrap();
//! assert_eq!(table.remove(handle), Err(HandleError::Invalid));
//! ```
//!
//! By name, here with numbers for objects and the root alone:
//!
//! ```
//! use objects::{Case, Directory, Kind, Links, Namespace, Path, Resolved, resolve};
//!
//! struct Root(Directory<u32>);
//!
//! impl Namespace for Root {
//!     type Object = u32;
//!     fn root(&self) -> u32 {
//!         0
//!     }
//!     fn kind<'object>(&'object self, object: &'object u32) -> Kind<'object> {
//!         if *object == 0 { Kind::Directory } else { Kind::Parses }
//!     }
//!     fn look_up(&self, _: &u32, name: &[u16], case: Case) -> Option<u32> {
//!         self.0.look_up(name, case).copied()
//!     }
//! }
//!
//! let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
//! let mut root = Root(Directory::new());
//! root.0.insert(&units("Registry"), 7, Case::Insensitive).unwrap();
//! let path = units(r"\REGISTRY\Machine");
//! let mut path = Path::new(&path).unwrap();
//! let resolved = resolve(&root, None, &mut path, Case::Insensitive, Links::Follow);
//! let rest = units(r"\Machine");
//! assert_eq!(resolved, Ok(Resolved::Remainder { object: 7, rest: &rest }));
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

mod atoms;
mod directory;
mod handle;
mod ids;
mod name;
mod name_error;
mod resolve;
mod table;

pub use atoms::{
    AtomError, AtomInformation, AtomName, Atoms, Deleted, FIRST_NAMED, MAX_ATOM_UNITS,
};
pub use directory::{Directory, FreeName};
pub use handle::{Handle, HandleError};
pub use ids::{ClientIds, IdError};
pub use name::{Case, MAX_UNITS, ObjectName, SEPARATOR, compare, fold, search};
pub use name_error::NameError;
pub use resolve::{Kind, Links, MAX_LINKS, MAX_WALKED_UNITS, Namespace, Path, Resolved, resolve};
pub use table::{Entry, HandleTable, MAX_HANDLES, Vacancy};
