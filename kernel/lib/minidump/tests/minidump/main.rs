//! Tests of the crate on crashes that never happened.

mod any;
mod bounds;
mod crash;
mod layout;
