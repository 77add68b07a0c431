//! The keys and values of a registry in memory.
//!
//! * [`Registry`] has the keys by number and by path, what they say of
//!   themselves, and their values.
//! * [`Watchers`] knows who is told of what has [changed](Change), as far as
//!   they [watch](Watch) it.
//!
//! What can be asked of a key is told as structures without NT's layout; what
//! is given out borrows, and copies nothing. Nothing here takes a lock, no
//! allocation aborts, and what fails changes nothing.
//!
//! ```
//! use registry::{New, Reached, Registry, RegistryError};
//!
//! let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
//! let mut registry: Registry = Registry::new(&units("REGISTRY"), 1 << 20, 0).unwrap();
//! let root = registry.root();
//! let key = registry.create(root, &units("Machine"), &New::default()).unwrap().key;
//! registry.set_value(key, &units("Answer"), 4, &[42, 0, 0, 0], 1).unwrap();
//!
//! let path = units(r"\MACHINE");
//! assert!(matches!(registry.walk(root, &path, false), Ok(Reached::Key(found)) if found == key));
//! assert_eq!(registry.value(key, &units("answer")).unwrap().data, [42, 0, 0, 0]);
//!
//! // Whoever has a key open that is deleted finds nothing any more.
//! registry.delete(key, 2).unwrap();
//! assert_eq!(registry.key(key).err(), Some(RegistryError::KeyDeleted));
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

mod change;
mod error;
mod slab;
mod tree;
mod values;
mod view;
mod walk;
mod watch;
mod watchers;

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod watchers_tests;

pub use change::{Created, New};
pub use error::RegistryError;
pub use slab::KeyId;
pub use tree::{MAX_DEPTH, MAX_KEY_NAME, Registry};
pub use values::{LINK_VALUE, MAX_DATA_BYTES, MAX_VALUE_NAME, REG_LINK};
pub use view::{KeyView, Longest, ValueView};
pub use walk::Reached;
pub use watch::{Change, Watch, filter};
pub use watchers::{Opening, Watchers, Watching};
