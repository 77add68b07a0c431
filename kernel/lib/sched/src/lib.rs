//! The dispatcher's decisions: who runs, who waits, what wakes whom.
//!
//! [`Dispatcher`] holds the state of every thread and of every object that can
//! be waited for, and nothing else: no memory of programs, no stacks, no locks.
//! The executive keeps one behind a lock, tells it what happens, and switches to
//! whom it names. What an operation may need later is allocated when a thread or
//! object is made, so that ending a wait, a thread or a delay cannot fail.
//!
//! * threads: 32 priorities, quanta, boosts after waits ([`run`], [`thread`]);
//! * objects: notification and synchronization signals, semaphores, mutants,
//!   timers, keyed events ([`object`], [`timer`], [`keyed`]);
//! * waits: for any or all of up to [`MOST_OBJECTS`], with deadlines, alerts and
//!   asynchronous procedure calls ([`wait`], [`alert`], [`apc`]).
//!
//! Times are in 100 ns since the kernel's start.
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

pub mod alert;
pub mod apc;
mod deadlines;
pub mod keyed;
mod list;
pub mod object;
mod priority;
mod ready;
pub mod run;
mod slab;
mod suspension;
pub mod thread;
pub mod timer;
pub mod wait;

#[cfg(test)]
extern crate std;
#[cfg(test)]
mod tests;

use apc::Apc;
use deadlines::Deadlines;
use object::Object;
use ready::ReadyQueues;
use slab::Slab;
use thread::Thread;
use wait::Block;

pub use alert::Token;
pub use apc::{ApcCall, PreparedApc, ReservedApc};
pub use object::{NotOwner, ObjectKey, OverLimit, Signal};
pub use run::{QUANTUM_TICKS, TICKS_BEFORE_RESCUE};
pub use thread::{Duty, Priority, State, ThreadKey};
pub use timer::Due;
pub use wait::{Begun, Deadline, MOST_OBJECTS, WaitError, WaitFor, Waited};

/// There is no memory for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// All threads and objects; `P` is what its owner keeps for each thread.
pub struct Dispatcher<P> {
    threads: Slab<Thread<P>>,
    objects: Slab<Object>,
    blocks: Slab<Block>,
    apcs: Slab<Apc>,
    deadlines: Deadlines,
    ready: ReadyQueues,
    /// Who runs; `None`: the idle execution, which is in no queue.
    current: Option<u32>,
    ticks: u64,
}

impl<P> Dispatcher<P> {
    /// Nobody runs, nobody waits.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            threads: Slab::new(),
            objects: Slab::new(),
            blocks: Slab::new(),
            apcs: Slab::new(),
            deadlines: Deadlines::new(),
            ready: ReadyQueues::new(),
            current: None,
            ticks: 0,
        }
    }
}

impl<P> Default for Dispatcher<P> {
    fn default() -> Self {
        Self::new()
    }
}
