//! What every personality shares: memory, processes, images, scheduling.
//!
//! The executive decides, hal does. Nothing here knows a system-call number or
//! an NT structure: a process carries its [`Personality`], which does.
#![no_std]
#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

extern crate alloc;

pub mod clock;
pub mod describe;
mod error;
pub mod exception;
pub mod memory;
pub mod process;
pub mod programs;
pub mod random;
pub mod sched;
mod traps;
mod user_frames;

pub use error::Error;
pub use process::personality::Personality;
pub use traps::{install as install_traps, provoke_in_next_call, provoke_in_next_copy_fault};

/// The ranks of the executive's locks; hal's are above them.
pub(crate) mod rank {
    hal::lock_ranks! {
        /// One process's regions and page tables.
        Space = 8;
        /// The list of images.
        Images = 10;
        /// The filled pages of one image.
        ImagePages = 12;
        /// What is promised to all processes together.
        Commitment = 14;
        /// Who runs, who is ready, who sleeps.
        Scheduler = 20;
        /// The state of the random numbers.
        Random = 28;
    }
}
