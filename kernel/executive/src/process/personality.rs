//! What a process's system-call interface must be able to do.

use hal::Ref;
use hal::trap::{TrapFrame, UserStart};
use sched::ApcCall;

use super::{Process, Thread};
use crate::Error;
use crate::exception::Cause;

/// What a new process is given.
pub struct NewProcess<'a> {
    /// The process, its image already in view.
    pub process: &'a Process,
    /// The number its first thread will have.
    pub thread_id: u64,
    /// Where its image lies.
    pub image_base: u64,
    /// The image.
    pub image: &'a crate::memory::Image,
    /// Program and arguments, as given.
    pub command_line: &'a str,
    /// Where it starts, if not where all do.
    pub directory: Option<&'a str>,
    /// Names and values of the environment.
    pub environment: &'a [(&'a str, &'a str)],
}

/// Where its first thread begins.
pub struct Start {
    /// The registers; the gs base is its environment block.
    pub user: UserStart,
    /// The lowest address of its stack's reservation.
    pub stack: u64,
}

/// A system-call interface with its structures in user memory.
pub trait Personality: Sync {
    /// Refuses an image that cannot run under this interface.
    fn check(&self, image: &crate::memory::Image) -> Result<(), Error>;
    /// Lays out what a new process finds in its memory.
    fn set_up(&self, new: &NewProcess<'_>) -> Result<Start, Error>;
    /// Serves a system call.
    fn system_call(&self, thread: &Ref<Thread>, frame: &mut TrapFrame);
    /// A system call's name.
    fn call_name(&self, number: u32) -> Option<&'static str>;
    /// Has a thread of the program deal with what it did. False: the program does
    /// not, which is its end.
    fn raise(&self, thread: &Thread, frame: &mut TrapFrame, cause: &Cause) -> bool;
    /// The status of a program that a fault ends.
    fn fault_status(&self, cause: &Cause, frame: &TrapFrame) -> u32;
    /// Leaves what the interface's debuggers want of a program that a fault ends,
    /// if the host takes it.
    fn dump(&self, thread: &Thread, frame: &TrapFrame, cause: &Cause, status: u32);
    /// The status of a program that could not be started.
    fn start_status(&self, error: &Error) -> u32;
    /// A status's name.
    fn status_name(&self, status: u32) -> Option<&'static str>;
    /// Has a thread that is about to go to user mode make a call first.
    fn call_apc(&self, thread: &Ref<Thread>, frame: &mut TrapFrame, call: ApcCall);
    /// Tells the program of a request that was answered after its call: the result
    /// goes to a block in the process's memory, if that is still there.
    fn write_result(&self, process: &Process, block: u64, status: u32, information: u64);
    /// Tells a process of an event of its console, by NT's number: the thread that
    /// deals with it, if one does.
    fn console_event(&self, process: &Ref<Process>, event: u32) -> Option<Ref<Thread>>;
    /// A thread ends: what was laid out for it in its process's memory can go.
    fn thread_ends(&self, thread: &Thread);
    /// The bytes of its stack that the thread wants to be left when it overflows.
    fn stack_guarantee(&self, thread: &Thread) -> u64;
    /// The thread's stack now reaches down to `limit`.
    fn stack_grown(&self, thread: &Thread, limit: u64);
}
