//! The interrupt flag: on, off, and "off until dropped".

use x86_64::instructions::interrupts;

/// Lets maskable interrupts in.
#[inline(always)]
pub fn enable() {
    interrupts::enable();
}

/// Keeps maskable interrupts out.
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

/// Waits, with interrupts on, until one has been handled; returns with them off.
pub fn wait_for_one() {
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

/// Interrupts stay off until this is dropped, then are as they were.
#[must_use]
pub struct Masked {
    were_enabled: bool,
}

impl Masked {
    /// Masks interrupts and remembers whether they were on.
    pub fn new() -> Self {
        let were_enabled = interrupts::are_enabled();
        interrupts::disable();
        Self { were_enabled }
    }
}

impl Default for Masked {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Masked {
    fn drop(&mut self) {
        if self.were_enabled {
            interrupts::enable();
        }
    }
}
