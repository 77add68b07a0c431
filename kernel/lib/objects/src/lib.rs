//! Objects by handle: the table of a process, without the objects.
//!
//! [`HandleTable`] maps the handles of one process to whatever the executive
//! puts in; it knows nothing of the objects, takes no lock and never drops
//! one of them behind the caller's back.
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

mod handle;
mod table;

pub use handle::{Handle, HandleError};
pub use table::{Entry, HandleTable, MAX_HANDLES, Vacancy};
