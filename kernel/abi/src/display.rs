//! NT's values as a reader wants to see them: for traces and reports.

mod access;
mod classes;
mod names;
mod status;
mod text;
mod time;

pub use access::{Access, Rights};
pub use classes::*;
pub use names::{Flags, Joined, Names};
pub use status::Status;
pub use text::{Text, UNITS_MAX};
pub use time::Time;
