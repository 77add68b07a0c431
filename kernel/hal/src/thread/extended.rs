//! The floating-point and vector registers of one execution, kept eagerly.

use core::arch::asm;

use crate::OutOfMemory;
use crate::cpu::features::{ExtendedState, extended_state};
use crate::memory::OwnedFrame;

/// Offsets in the legacy region (Intel SDM vol. 1, table 10-2) and the header.
const CONTROL_WORD: usize = 0;
const MXCSR: usize = 24;
const COMPONENTS_IN_USE: usize = 512;

/// Windows starts threads with 53-bit precision and all exceptions masked.
const WINDOWS_CONTROL_WORD: u16 = 0x027f;
const WINDOWS_MXCSR: u32 = 0x1f80;
const X87_AND_SSE: u64 = 3;
/// Bytes that FXSAVE stores.
const FXSAVE_BYTES: usize = 512;

/// A save area; a frame is large and aligned enough.
pub(super) struct ExtendedRegisters(OwnedFrame);

impl ExtendedRegisters {
    /// The registers of a new Windows thread.
    pub(super) fn new() -> Result<Self, OutOfMemory> {
        let mut frame = OwnedFrame::zeroed()?;
        let bytes = frame.bytes_mut();
        bytes[CONTROL_WORD..][..2].copy_from_slice(&WINDOWS_CONTROL_WORD.to_le_bytes());
        bytes[MXCSR..][..4].copy_from_slice(&WINDOWS_MXCSR.to_le_bytes());
        if let ExtendedState::Xsave(_) = extended_state() {
            bytes[COMPONENTS_IN_USE..][..8].copy_from_slice(&X87_AND_SSE.to_le_bytes());
        }
        Ok(Self(frame))
    }

    /// Saves the processor's registers here.
    pub(super) fn save(&mut self) {
        let area = self.0.bytes_mut().as_mut_ptr();
        // SAFETY: the area is aligned to a page and as large as the components
        // chosen at start-up need.
        unsafe {
            match extended_state() {
                ExtendedState::Xsave(mask) => {
                    asm!("xsave64 [{}]", in(reg) area, in("eax") mask as u32, in("edx") (mask >> 32) as u32, options(nostack));
                }
                ExtendedState::Legacy => asm!("fxsave64 [{}]", in(reg) area, options(nostack)),
            }
        }
    }

    /// Loads the processor's registers from here.
    pub(super) fn restore(&mut self) {
        let area = self.0.bytes_mut().as_mut_ptr();
        // SAFETY: the area was filled by `new` or `save`, so it is well-formed.
        unsafe {
            match extended_state() {
                ExtendedState::Xsave(mask) => {
                    asm!("xrstor64 [{}]", in(reg) area, in("eax") mask as u32, in("edx") (mask >> 32) as u32, options(nostack));
                }
                ExtendedState::Legacy => asm!("fxrstor64 [{}]", in(reg) area, options(nostack)),
            }
        }
    }
}

/// What FXSAVE stores of whatever runs now: the kernel uses none of it, so these
/// are the registers of the program that came in.
pub fn fxsave() -> [u8; FXSAVE_BYTES] {
    #[repr(align(16))]
    struct Aligned([u8; FXSAVE_BYTES]);
    let mut image = Aligned([0; FXSAVE_BYTES]);
    // SAFETY: the area is as large and as aligned as the instruction wants.
    unsafe { asm!("fxsave64 [{}]", in(reg) image.0.as_mut_ptr(), options(nostack)) };
    image.0
}

/// The x87 control and status words of whatever runs now.
pub fn x87_control_and_status() -> (u16, u16) {
    let (mut control, mut status) = (0_u16, 0_u16);
    // SAFETY: both only store a register; no pending exception is raised.
    unsafe {
        asm!("fnstcw [{}]", in(reg) &raw mut control, options(nostack));
        asm!("fnstsw [{}]", in(reg) &raw mut status, options(nostack));
    }
    (control, status)
}

/// The SSE control and status register of whatever runs now.
pub fn mxcsr() -> u32 {
    let mut value = 0_u32;
    // SAFETY: only stores a register.
    unsafe { asm!("stmxcsr [{}]", in(reg) &raw mut value, options(nostack)) };
    value
}
