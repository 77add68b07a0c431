//! Who may do what to objects: descriptors, and what they allow.
//!
//! An object has a descriptor if a program gave it one. All others have what their
//! kind has by default, which allows what the handles' rights do.

mod allowed;
mod object;
mod read;

pub(crate) use object::*;
pub(crate) use read::descriptor_at;
