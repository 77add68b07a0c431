//! Jobs: who is in one, what it allows, when it is over.
//!
//! A [`JobState`] knows the processes of one job by their numbers, those of
//! jobs nested in it included; its [`Limits`] are what its owner set, and its
//! [`Notices`] what its owner wants to be told. What ends a process, charges its
//! memory or changes its priority is the executive's.
//!
//! ```
//! use jobs::{JobState, JoinError};
//!
//! let mut job = JobState::new();
//! let mut limits = *job.limits();
//! limits.active_processes = Some(1);
//! job.set_limits(limits, None);
//! assert_eq!(job.join(8), Ok(()));
//! assert_eq!(job.join(12), Err(JoinError::TooMany));
//! assert!(!job.begin_end());
//! // The last one out ends it.
//! assert!(job.leave(8));
//! ```
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

mod limits;
mod notices;
mod state;
#[cfg(test)]
mod tests;

pub use limits::{Breakaway, Limits};
pub use notices::{Measured, NoticeLimits, Notices, Passed, Tolerance};
pub use state::{Accounting, JobState, JoinError, Review};
