//! Threads: where a process runs, and what it is doing for it.

use core::sync::atomic::{AtomicU32, Ordering};

use hal::Ref;
use hal::thread::Execution;
use hal::trap::UserStart;

use super::{Process, new_id};
use crate::Error;

/// No system call is being served.
const NO_CALL: u32 = u32::MAX;

/// A thread.
pub struct Thread {
    id: u64,
    process: Ref<Process>,
    environment_block: u64,
    call: AtomicU32,
}

/// A thread with what the processor needs to run it.
#[derive(Clone)]
pub struct Runnable {
    /// The thread.
    pub thread: Ref<Thread>,
    /// Its kernel stack and registers.
    pub execution: Ref<Execution>,
}

impl Thread {
    /// A number for a thread that is being set up.
    pub fn new_id() -> u64 {
        new_id()
    }

    /// A thread that will begin at `start`, its gs base at the environment block.
    pub fn runnable(
        id: u64,
        process: &Ref<Process>,
        start: UserStart,
        environment_block: u64,
    ) -> Result<Runnable, Error> {
        let thread = Ref::try_new(Self {
            id,
            process: process.clone(),
            environment_block,
            call: AtomicU32::new(NO_CALL),
        })?;
        let root = process.memory().root();
        let execution = Execution::for_user(root, start, thread.clone(), begin)?;
        Ok(Runnable { thread, execution })
    }

    /// Its number.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Its process.
    pub fn process(&self) -> &Ref<Process> {
        &self.process
    }

    /// The user address of its environment block: the TEB.
    pub fn environment_block(&self) -> u64 {
        self.environment_block
    }

    /// Notes which system call is being served.
    pub(crate) fn begin_call(&self, number: u32) {
        self.call.store(number, Ordering::Relaxed);
    }

    /// Notes that none is.
    pub(crate) fn finish_call(&self) {
        self.call.store(NO_CALL, Ordering::Relaxed);
    }

    /// The number of the system call being served.
    pub fn call(&self) -> Option<u32> {
        Some(self.call.load(Ordering::Relaxed)).filter(|&number| number != NO_CALL)
    }
}

/// The first code of every thread.
fn begin(thread: Ref<Thread>) -> ! {
    // This stack is not unwound, so the reference must go first.
    drop(thread);
    hal::thread::enter_user()
}
