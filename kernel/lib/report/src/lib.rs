//! What a crash report says, and its forms: text, JSON, a screen.
//!
//! Whoever reports describes what happened to a [`Form`], piece by piece. The
//! same description given to [`Text`] and to [`Json`] makes two reports that say
//! the same; [`Screen`] keeps what fits one. Nothing allocates, so that a panic
//! can report, and a host tool lays reports out with the same code. [`trace`] has
//! the same JSON for the records of a trace.
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

#[cfg(test)]
extern crate std;

mod buffer;
mod json;
mod machinery;
mod record;
mod screen;
mod style;
mod text;
pub mod trace;

#[cfg(test)]
mod tests;

pub use buffer::Buffer;
pub use json::{Json, PREFIX, VERSION};
pub use machinery::is_panic_machinery;
pub use record::{
    Code, Current, Ending, Fault, Form, Frame, Head, Kind, Mark, MarkKind, Module, Origin, Place,
    SystemCall,
};
pub use screen::Screen;
pub use style::{Output, Style, Terminal};
pub use text::Text;
