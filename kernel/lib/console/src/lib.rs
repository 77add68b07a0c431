//! The Windows console over a terminal: keys, lines and screens.
//!
//! * [`Console`] is one console: its input, its screen buffers, its code pages. It
//!   takes what a terminal sends, answers the control codes of NT's `ConDrv`, and says
//!   with which bytes the terminal shows what programs write.
//! * [`Channel`] takes apart what the host sends beside keys: sizes, Ctrl-C.
//!
//! A terminal is not asked where its cursor is: a screen begins at the line where the
//! cursor was when the console was made, and moves it from line to line only relative
//! to where it is. Nothing here takes a lock, waits, or aborts for want of memory.
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

extern crate alloc;
#[cfg(test)]
extern crate std;

mod cells;
mod channel;
mod code_page;
mod console;
mod control;
mod decode;
mod editor;
mod fields;
mod input;
mod keys;
mod modes;
mod output;
mod record;
mod rectangle;
mod screen;
mod status;
#[cfg(test)]
mod tests;
mod vt;
mod width;

pub use channel::{Channel, Message};
pub use code_page::CodePage;
pub use console::{Console, Event, Part, Size};
pub use control::Reply;
pub use input::{Answer, Want};
pub use output::Sink;
pub use status::ConsoleStatus;
