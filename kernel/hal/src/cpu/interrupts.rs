//! The interrupt flag. The kernel runs with interrupts off.
//!
//! They are on in user mode and in the windows that this file opens, where no
//! code of the kernel runs but the handlers: what a processor has for itself
//! needs no other protection.

use x86_64::instructions::interrupts;

/// Keeps maskable interrupts out, whoever started the kernel.
pub fn disable() {
    interrupts::disable();
}

/// Lets interrupts in that have been waiting; no lock may be held.
pub fn let_pending_in() {
    super::local::assert_no_locks("interrupts let in");
    interrupts::enable();
    // STI holds them off for one more instruction.
    x86_64::instructions::nop();
    interrupts::disable();
}

/// Waits until an interrupt has been handled; no lock may be held.
pub fn wait_for_one() {
    super::local::assert_no_locks("an interrupt awaited");
    interrupts::enable_and_hlt();
    interrupts::disable();
}

/// Stops this processor for good.
pub fn halt_forever() -> ! {
    loop {
        interrupts::disable();
        x86_64::instructions::hlt();
    }
}
