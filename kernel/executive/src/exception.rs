//! A program's faults: what happened, the report, the end of the program.

use core::fmt::{self, Display};

use arrayvec::ArrayVec;
use hal::trap::{Exception, PageFault, TrapFrame};
use report::{Code, Ending, Fault, Form, Head, Kind};

use crate::memory::{Place, Unresolved};
use crate::process::Thread;
use crate::{describe, user_frames};

/// What a program did wrong.
#[derive(Clone, Copy, Debug)]
pub enum Cause {
    /// It touched memory that it may not touch so.
    Memory(PageFault, Unresolved),
    /// Any other processor exception.
    Processor(Exception),
    /// It raised an exception with this status itself, and nobody dealt with it.
    Raised(u32),
    /// It has no stack there for a call that it was to make.
    NoStack(u64),
}

/// Ends a program for what it did, and reports it.
pub fn end_program(thread: &Thread, frame: &TrapFrame, cause: &Cause) {
    let process = thread.process();
    let personality = process.personality();
    let status = personality.fault_status(cause, frame);
    let ending = Ending {
        program: process.name(),
        status,
        name: personality.status_name(status),
    };
    // One look, because the report is given several times.
    let place = match cause {
        Cause::Memory(fault, why) => {
            let place = process
                .memory()
                .with(|space| space.what_is_at(fault.address));
            Some(Touched {
                place,
                why: *why,
                thread: thread.id(),
            })
        }
        Cause::Processor(_) | Cause::Raised(_) | Cause::NoStack(_) => None,
    };
    let sentence = Sentence {
        cause,
        place: place.as_ref(),
    };
    log::error!(
        "{} (process {}, thread {}) ends with {status:#010x}: {sentence}",
        process.name(),
        process.id(),
        thread.id(),
    );
    // From here on nothing of the program changes, so that all forms of the
    // report, and the dump, say the same.
    let _observing = hal::user::observe();
    hal::panic::show_crash(&|form| {
        let (version, build_id) = hal::panic::kernel_identity();
        form.head(&Head {
            kind: Kind::Crash,
            version,
            build_id,
            cause: &sentence,
            location: None,
            fault: sentence.fault(),
            ending: Some(ending),
        });
        user_frames::give(process, frame, form);
        form.registers(&frame.registers());
        give_code(frame.instruction_pointer(), form);
        describe::give_thread(thread, form);
        describe::give_modules(process, form);
        hal::log::events(|line| form.event(line));
        form.finish();
    });
    personality.dump(thread, frame, cause, status);
    process.end(status);
}

/// Ends a program that ends itself for an exception that it was shown and could not
/// deal with: the report is of where it was then. False: it has another reason.
pub fn end_if_shown(thread: &Thread, frame: &mut TrapFrame, status: u32) -> bool {
    let Some(shown) = thread.shown() else {
        return false;
    };
    let now = frame.user_registers();
    frame.set_user_registers(&shown.registers);
    let personality = thread.process().personality();
    let is_reason = personality.fault_status(&shown.cause, frame) == status;
    match is_reason {
        true => end_program(thread, frame, &shown.cause),
        false => frame.set_user_registers(&now),
    }
    is_reason
}

/// What lies where memory was touched, and why that was wrong.
struct Touched {
    place: Place,
    why: Unresolved,
    thread: u64,
}

impl Display for Touched {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.why, &self.place) {
            (Unresolved::StackOverflow { .. }, _) => {
                let thread = self.thread;
                write!(out, "the guard page at the end of thread {thread}'s stack")
            }
            (Unresolved::GuardPage, Place::Region(region)) => {
                write!(out, "a guard page, {}", region.what())
            }
            (Unresolved::OutOfMemory, place) => {
                write!(out, "{place}; no memory is left for the page")
            }
            (_, place) => place.fmt(out),
        }
    }
}

/// The cause in one sentence.
struct Sentence<'a> {
    cause: &'a Cause,
    place: Option<&'a Touched>,
}

impl Sentence<'_> {
    /// The touch that failed, if that is the cause.
    fn fault(&self) -> Option<Fault<'_>> {
        match (self.cause, self.place) {
            (Cause::Memory(fault, _), Some(place)) => Some(Fault {
                address: fault.address,
                access: fault.access(),
                place,
            }),
            _ => None,
        }
    }
}

impl Display for Sentence<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exception = match (self.cause, self.place) {
            (Cause::Memory(fault, _), None) => return fault.fmt(out),
            (Cause::Memory(fault, _), Some(place)) => return write!(out, "{fault} ({place})"),
            (Cause::Processor(exception), _) => exception,
            (Cause::NoStack(stack), _) => {
                return write!(out, "no stack at {stack:#x} for a call that was queued");
            }
            (Cause::Raised(_), _) => {
                return out.write_str("an exception that it raised and nobody handled");
            }
        };
        out.write_str(exception.name())?;
        if exception.error_code != 0 {
            write!(out, ", error code {:#x}", exception.error_code)?;
        }
        if exception.in_return {
            out.write_str(", on the way back to a context that cannot be")?;
        }
        Ok(())
    }
}

/// Gives the machine code around a program's instruction, as far as it can be read.
fn give_code(address: u64, form: &mut dyn Form) {
    const BYTES: usize = 16;
    let mut bytes = ArrayVec::<u8, { 2 * BYTES }>::new();
    let mut before = [0; BYTES];
    let start = address.wrapping_sub(BYTES as u64);
    if hal::user::copy_in(&mut before, start).is_ok() {
        bytes.extend(before);
    }
    let at = bytes.len();
    // Near the end of the last page fewer bytes can be read.
    for place in 0..BYTES as u64 {
        let mut byte = [0];
        if hal::user::copy_in(&mut byte, address.wrapping_add(place)).is_err() {
            break;
        }
        bytes.extend(byte);
    }
    if bytes.len() > at {
        let start = if at > 0 { start } else { address };
        let bytes = &bytes;
        form.code(&Code { start, bytes, at });
    }
}
