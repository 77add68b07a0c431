//! The debug registers of one execution: a program's breakpoints in hardware.
//!
//! A program reaches them only through the kernel, so what is kept here is always
//! right and nothing is saved at a switch. They are loaded only for an execution
//! that has breakpoints, and switched off behind it (Intel SDM vol. 3, 18.2).

use core::arch::asm;

use x86_64::registers::debug::{DebugAddressRegister, Dr0, Dr1, Dr2, Dr3, Dr6, Dr7};

use crate::cpu::local;
use crate::memory::layout;

/// How many breakpoints there are.
const BREAKPOINTS: usize = 4;
/// Local enables; the other bits that a program may set: LE, and kind and length
/// of each breakpoint. Not GD, and no global enables: no task switch would clear
/// the local ones.
const ENABLES: u64 = 0x55;
const SETTABLE: u64 = 0xffff_0100 | ENABLES;
/// DR7's bit that is always 1.
const FIXED: u64 = 1 << 10;
/// DR6: which breakpoints were met, BD, BS, BT. The other bits say nothing.
const REPORTED: u64 = 0xe00f;

/// DR0 to DR3, DR6 and DR7 of a program's thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DebugRegisters {
    /// DR0 to DR3: where the breakpoints are.
    pub addresses: [u64; BREAKPOINTS],
    /// DR6: what the last debug exception was for, the bits that say something.
    pub status: u64,
    /// DR7: which breakpoints are on, and for what; 0 when none ever was.
    pub control: u64,
}

impl DebugRegisters {
    /// No breakpoints.
    pub(super) const fn new() -> Self {
        Self {
            addresses: [0; BREAKPOINTS],
            status: 0,
            control: 0,
        }
    }

    /// The same without what would reach the kernel or is not defined: addresses
    /// of the kernel's become 0; breakpoints on ports are off, and those on
    /// instructions have their one length.
    pub(super) fn for_a_program(self) -> Self {
        const IS_ON: u64 = 1;
        const PORT: u64 = 2;
        let mut control = self.control & SETTABLE;
        for number in 0..BREAKPOINTS {
            let enable = IS_ON << (2 * number);
            let place = 16 + 4 * number;
            match control >> place & 3 {
                0 => control &= !(0xc << place),
                PORT => control &= !enable,
                _ => {}
            }
        }
        let is_users = |address| address < layout::USER_END;
        let keep = |address| if is_users(address) { address } else { 0 };
        Self {
            addresses: self.addresses.map(keep),
            status: self.status & REPORTED,
            control,
        }
    }

    fn is_armed(&self) -> bool {
        self.control & ENABLES != 0
    }

    /// Makes these the processor's: cheap where neither side has breakpoints.
    #[inline]
    pub(super) fn load(&self) {
        if self.is_armed() || local::has_breakpoints() {
            self.load_changed();
        }
    }

    #[cold]
    fn load_changed(&self) {
        disarm();
        if !self.is_armed() {
            return;
        }
        let [first, second, third, fourth] = self.addresses;
        Dr0::write(first);
        Dr1::write(second);
        Dr2::write(third);
        Dr3::write(fourth);
        Dr7::write_raw(self.control | FIXED);
        local::set_has_breakpoints(true);
    }
}

/// Switches every breakpoint off.
pub(super) fn disarm() {
    Dr7::write_raw(FIXED);
    local::set_has_breakpoints(false);
}

/// What a debug exception is for; the next one is told apart from it.
pub(crate) fn take_status() -> u64 {
    let status = Dr6::read_raw() & REPORTED;
    // SAFETY: DR6 only reports; its fixed bits ignore writes.
    unsafe { asm!("mov dr6, {}", in(reg) 0_u64, options(nomem, nostack)) };
    status
}
