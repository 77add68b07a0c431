//! A program's faults: what happened, where, and the end of the program.

use core::fmt;

use hal::trap::{Exception, PageFault, TrapFrame};
use vm::fault::Denial;

use crate::memory::Unresolved;
use crate::process::Thread;
use crate::user_frames;

/// What a program did wrong.
#[derive(Clone, Copy, Debug)]
pub enum Cause {
    /// It touched memory that it may not touch so.
    Memory(PageFault, Unresolved),
    /// Any other processor exception.
    Processor(Exception),
}

impl fmt::Display for Cause {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(fault, why) => write!(out, "{fault}: {}", sentence(*why)),
            Self::Processor(exception) => {
                write!(out, "{}", exception.name())?;
                if exception.error_code != 0 {
                    write!(out, ", error code {:#x}", exception.error_code)?;
                }
                if exception.in_return {
                    out.write_str(", on the way back to a context that cannot be")?;
                }
                Ok(())
            }
        }
    }
}

fn sentence(why: Unresolved) -> &'static str {
    match why {
        Unresolved::Denied(Denial::Unmapped) => "nothing is allocated there",
        Unresolved::Denied(Denial::Reserved) => "reserved but not committed",
        Unresolved::Denied(Denial::Protection) => "the page's protection forbids it",
        Unresolved::Denied(Denial::NoExecute) => "the page is not executable",
        Unresolved::Denied(Denial::KernelExecute) => "the kernel runs no user pages",
        Unresolved::GuardPage => "a guard page",
        Unresolved::StackOverflow => "the stack has reached its end",
        Unresolved::OutOfMemory => "no memory is left for the page",
    }
}

/// Ends a program for what it did, and says so in the log.
pub(crate) fn end_program(thread: &Thread, frame: &TrapFrame, cause: &Cause) {
    const REGISTERS_A_LINE: usize = 6;
    let process = thread.process();
    let personality = process.personality();
    let status = personality.fault_status(cause, frame);
    let name = personality
        .status_name(status)
        .unwrap_or("a status of its own");
    log::error!(
        "{} (process {}, thread {}) ends with {status:#010x} {name}",
        process.name(),
        process.id(),
        thread.id(),
    );
    log::error!("  {cause}");
    let end = user_frames::walk(process, frame, |frame| log::error!("  {frame}"));
    log::error!("  --- {end}");
    for row in frame.registers().chunks(REGISTERS_A_LINE) {
        log::error!("  {}", Row(row));
    }
    process.end(status);
}

struct Row<'a>(&'a [(&'static str, u64)]);

impl fmt::Display for Row<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.0 {
            write!(out, " {name}={value:x}")?;
        }
        Ok(())
    }
}
