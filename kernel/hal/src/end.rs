//! How the machine ends: the debug-exit port, else a halt.

use core::sync::atomic::{AtomicU32, Ordering};

use core::fmt::Write;

use x86_64::instructions::port::Port;

use crate::cpu::interrupts;
use crate::serial;

/// QEMU's isa-debug-exit, where the host asked for one.
const DEBUG_EXIT: u16 = 0xf4;
const IN_ORDER: u32 = 0x10;
const PANICKED: u32 = 0x11;

static PROGRAMS: AtomicU32 = AtomicU32::new(0);
static FAILED: AtomicU32 = AtomicU32::new(0);

/// Counts an ended program for the final record.
pub fn note_program(as_expected: bool) {
    PROGRAMS.fetch_add(1, Ordering::Relaxed);
    FAILED.fetch_add((!as_expected).into(), Ordering::Relaxed);
}

/// How many programs ended, and how many of them not as expected.
pub fn programs() -> (u32, u32) {
    (
        PROGRAMS.load(Ordering::Relaxed),
        FAILED.load(Ordering::Relaxed),
    )
}

/// Ends the machine in order; the final record has been written.
pub fn in_order() -> ! {
    leave(IN_ORDER)
}

/// Leaves the machine as it is, for someone to read the screen.
pub fn halt() -> ! {
    interrupts::halt_forever()
}

/// Writes the final record of a panic and ends the machine.
pub(crate) fn after_panic() -> ! {
    let (programs, failed) = programs();
    let _ = writeln!(
        serial::Unlocked::new(),
        "PETREL-END verdict=panic programs={programs} failed={failed} reason=panic"
    );
    leave(PANICKED)
}

/// The same where formatting can no longer be trusted.
pub(crate) fn after_nested_panic() -> ! {
    serial::Unlocked::new()
        .write(b"PETREL-END verdict=panic programs=0 failed=0 reason=panic-in-panic\n");
    leave(PANICKED)
}

/// Ends the machine as panicked without a word: when even words failed.
pub(crate) fn silently() -> ! {
    leave(PANICKED)
}

fn leave(value: u32) -> ! {
    // SAFETY: without the device nothing listens at this port.
    unsafe { Port::new(DEBUG_EXIT).write(value) };
    interrupts::halt_forever()
}
