//! National language support: tables, and who has which language.

mod languages;
mod sections;

pub(crate) use languages::*;
pub(crate) use sections::*;
