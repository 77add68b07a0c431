//! NT's values as a reader wants to see them: for traces and reports.

mod access;
mod text;
mod time;

pub use access::Access;
pub use text::{Text, UNITS_MAX};
pub use time::Time;
