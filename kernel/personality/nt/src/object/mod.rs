//! Objects in general, directories and symbolic links.

mod close;
mod directory;
mod duplicate;
mod link;
mod name;
mod query;
mod reserve;
mod types;

pub(crate) use close::*;
pub(crate) use directory::*;
pub(crate) use duplicate::*;
pub(crate) use link::*;
pub(crate) use name::*;
pub(crate) use query::*;
pub(crate) use reserve::*;
pub(crate) use types::type_index;
