//! Tokens, privileges, checks of access.

mod access_information;
mod adjust;
mod answer;
mod check;
mod duplicate;
mod luid;
mod open;
mod query;
mod read;
mod set;

pub(crate) use adjust::*;
pub(crate) use check::*;
pub(crate) use duplicate::*;
pub(crate) use luid::*;
pub(crate) use open::*;
pub(crate) use query::*;
pub(crate) use read::{acl_at, sid_at};
pub(crate) use set::*;
