//! System calls decoded for a trace: arguments as names and values.
//!
//! [`inputs`] gives what a call is made with and is asked before it is served,
//! [`outputs`] what it left in the caller's memory. Both give pairs of a name
//! and a [`Value`]. Of them are made a line of text and, for tools, records of
//! JSON, in which the values are the same texts. The caller's memory and handles are behind [`Caller`], which cannot fail worse
//! than by not knowing. Nothing is allocated.
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

mod caller;
mod decode;
mod handles;
mod json;
mod memory;
mod structures;
mod text;
mod value;

pub use caller::{Caller, Described};
pub use decode::{Arguments, inputs, outputs};
pub use json::{End, write_call, write_end};
pub use text::{Head, write_inputs, write_outputs};
pub use value::{Field, Value};
