//! System calls decoded for a trace: arguments as names and values.
//!
//! [`inputs`] gives what a call is made with and is asked before it is served,
//! [`outputs`] what it left in the caller's memory. Both give pairs of a name
//! and a [`Value`], whose text is one form of several that it can have. The
//! caller's memory and handles are behind [`Caller`], which cannot fail worse
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
mod memory;
mod structures;
mod text;
mod value;

pub use caller::{Caller, Described};
pub use decode::{Arguments, inputs, outputs};
pub use text::{Head, write_inputs, write_outputs};
pub use value::{Field, Value};
