//! Exceptions: sorted by whose fault they are.

use core::fmt;

use x86_64::registers::control::Cr2;

use super::frame::TrapFrame;
use super::vectors::vector_name;
use super::{fixup, handlers, interrupt};
use crate::cpu::local;
use crate::memory::layout;
use crate::panic::describe;
use crate::user::UserFault;
use crate::{probe, thread};

const PAGE_FAULT: u64 = 14;
/// In DR6.
const SINGLE_STEP: u64 = 1 << 14;

/// What a page fault says: Intel SDM vol. 3, 4.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageFault {
    /// The address that was touched.
    pub address: u64,
    /// Whether it was to be written.
    pub is_write: bool,
    /// Whether it was to be executed.
    pub is_execute: bool,
    /// Whether a page was there but did not allow it.
    pub is_protection: bool,
    /// Whether a program did it, not the kernel on a program's behalf.
    pub in_user_mode: bool,
}

impl PageFault {
    fn from_frame(frame: &TrapFrame) -> Self {
        Self {
            address: Cr2::read_raw(),
            is_protection: frame.error_code & 1 != 0,
            is_write: frame.error_code & 2 != 0,
            is_execute: frame.error_code & 16 != 0,
            in_user_mode: frame.is_user(),
        }
    }
}

impl PageFault {
    /// How the address was touched, in a word.
    pub fn access(&self) -> &'static str {
        match (self.is_write, self.is_execute) {
            (true, _) => "write",
            (_, true) => "execute",
            _ => "read",
        }
    }
}

impl fmt::Display for PageFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match (self.is_write, self.is_execute) {
            (true, _) => "write to",
            (_, true) => "execution of",
            _ => "read of",
        };
        write!(out, "{verb} {:#x}", self.address)
    }
}

/// A processor exception in a program other than a page fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The vector: 0 to 31, or one of NT's software interrupts 29h, 2Ch, 2Dh.
    pub vector: u8,
    /// The error code, 0 where there is none.
    pub error_code: u64,
    /// DR6 of a debug exception: which breakpoints were met, whether it was a
    /// single step; else 0.
    pub debug_status: u64,
    /// Whether IRETQ to this context failed: the context itself is bad. The frame
    /// is the program's, as it was to be.
    pub in_return: bool,
}

impl Exception {
    /// The vector's name as the manuals give it.
    pub fn name(&self) -> &'static str {
        vector_name(self.vector.into())
    }
}

/// Called by entry.s for every vector.
#[unsafe(no_mangle)]
extern "C" fn trap_dispatch(frame: &mut TrapFrame) {
    match frame.vector {
        PAGE_FAULT => page_fault(frame),
        vector @ (0..32 | 0x29 | 0x2c | 0x2d) => exception(frame, vector as u8),
        vector => interrupt::dispatch(frame, vector as u8),
    }
}

/// Called by entry.s when the IRETQ back to a program failed. The frame is the
/// program's, but for vector and error code.
#[unsafe(no_mangle)]
extern "C" fn failed_return_dispatch(frame: &mut TrapFrame) {
    let exception = Exception {
        // All that IRETQ can raise are exceptions.
        vector: frame.vector as u8,
        error_code: frame.error_code,
        debug_status: 0,
        in_return: true,
    };
    user_exception(frame, exception);
}

fn page_fault(frame: &mut TrapFrame) {
    let fault = PageFault::from_frame(frame);
    if frame.is_user() {
        frame.end_alone();
        return match handlers() {
            Some(handlers) => handlers.user_page_fault(frame, fault),
            None => describe::kernel_fault(frame, Some(fault)),
        };
    }
    let continuation = fixup::continuation(frame.rip);
    let Some(continuation) = continuation.filter(|_| fault.address < layout::LOWER_HALF_END) else {
        if probe::caught(frame) {
            return;
        }
        describe::kernel_fault(frame, Some(fault));
    };
    // A report reads what is there: nothing is mapped for it, no lock is taken.
    let resolved = match handlers() {
        Some(handlers) if !local::is_observing() => handlers.copy_fault(fault),
        _ => Err(UserFault::Denied),
    };
    if let Err(why) = resolved {
        frame.rax = why as u64;
        frame.rip = continuation;
    }
}

fn exception(frame: &mut TrapFrame, vector: u8) {
    const DEBUG: u8 = 1;
    const NMI: u8 = 2;
    const DOUBLE_FAULT: u8 = 8;
    const MACHINE_CHECK: u8 = 18;
    let was_alone = frame.end_alone();
    if vector == NMI {
        return interrupt::non_maskable();
    }
    let mut debug_status = match vector {
        DEBUG => thread::take_debug_status(),
        _ => 0,
    };
    if was_alone && vector == DEBUG {
        debug_status &= !SINGLE_STEP;
        if debug_status == 0 {
            return;
        }
    }
    if frame.is_user() && !matches!(vector, DOUBLE_FAULT | MACHINE_CHECK) {
        let exception = Exception {
            vector,
            error_code: frame.error_code,
            debug_status,
            in_return: false,
        };
        if vector == DEBUG {
            note_debug_exception(frame, debug_status);
        }
        return user_exception(frame, exception);
    }
    if vector == DEBUG {
        // MOV SS before SYSCALL, or the copy routine touched what a program
        // watches: nothing of ours.
        return;
    }
    if !probe::caught(frame) {
        describe::kernel_fault(frame, None);
    }
}

/// Keeps for the thread what its debug exception was for. A single step is one
/// instruction: the flag that asked for it goes.
fn note_debug_exception(frame: &mut TrapFrame, status: u64) {
    const TRAP_FLAG: u64 = 1 << 8;
    thread::note_debug_status(status);
    if status & SINGLE_STEP != 0 {
        frame.flags &= !TRAP_FLAG;
    }
}

fn user_exception(frame: &mut TrapFrame, exception: Exception) {
    match handlers() {
        Some(handlers) => handlers.user_exception(frame, exception),
        None => describe::kernel_fault(frame, None),
    }
}
