//! Dumps of made-up crashes: read back field by field, walked, and damaged.

mod arguments;
mod crash;
mod damage;
mod fields;
mod image;
mod run;
mod walk;
