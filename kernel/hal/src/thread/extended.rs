//! The floating-point and vector registers of one execution, kept eagerly.

use core::arch::asm;

use spin::Once;

use crate::OutOfMemory;
use crate::cpu::features::{ExtendedState, extended_state};
use crate::memory::OwnedFrame;

/// Offsets in the legacy region (Intel SDM vol. 1, table 10-2) and the header.
const CONTROL_WORD: usize = 0;
const MXCSR: usize = 24;
const MXCSR_MASK: usize = 28;
/// From here on FXSAVE stores nothing.
const UNUSED: usize = 464;
const COMPONENTS_IN_USE: usize = 512;

/// Windows starts threads with 53-bit precision and all exceptions masked.
const WINDOWS_CONTROL_WORD: u16 = 0x027f;
const WINDOWS_MXCSR: u32 = 0x1f80;
const X87_AND_SSE: u64 = 3;
const AVX: u64 = 1 << 2;
/// Where XSAVE stores the upper halves of the AVX registers: CPUID leaf 0Dh says
/// this on every processor that has them (Intel SDM vol. 1, 13.4.3).
const AVX_OFFSET: usize = 576;
/// Bytes of these halves.
pub const AVX_BYTES: usize = 256;
/// Bytes that FXSAVE stores.
pub(super) const FXSAVE_BYTES: usize = 512;
/// What FXSAVE stores, in memory that it can store to.
#[repr(align(16))]
struct Aligned([u8; FXSAVE_BYTES]);
/// What XSAVE stores up to the upper halves, likewise.
#[repr(align(64))]
struct Area([u8; AVX_OFFSET + AVX_BYTES]);

/// The bits that MXCSR has on this processor: the others must not be loaded.
static MXCSR_BITS: Once<u32> = Once::new();

/// A save area; a frame is large and aligned enough.
pub(super) struct ExtendedRegisters(OwnedFrame);

impl ExtendedRegisters {
    /// The registers of a new Windows thread.
    pub(super) fn new() -> Result<Self, OutOfMemory> {
        let mut frame = OwnedFrame::zeroed()?;
        let bytes = frame.bytes_mut();
        bytes[CONTROL_WORD..][..2].copy_from_slice(&WINDOWS_CONTROL_WORD.to_le_bytes());
        bytes[MXCSR..][..4].copy_from_slice(&WINDOWS_MXCSR.to_le_bytes());
        bytes[MXCSR_MASK..][..4].copy_from_slice(&mxcsr_bits().to_le_bytes());
        if let ExtendedState::Xsave(_) = extended_state() {
            bytes[COMPONENTS_IN_USE..][..8].copy_from_slice(&X87_AND_SSE.to_le_bytes());
        }
        Ok(Self(frame))
    }

    /// The saved x87 and SSE registers: XSAVE stores both, in use or not.
    pub(super) fn fxsave(&self) -> [u8; FXSAVE_BYTES] {
        let mut image = [0; FXSAVE_BYTES];
        image.copy_from_slice(&self.0.bytes()[..FXSAVE_BYTES]);
        image
    }

    /// Replaces the saved x87 and SSE registers, and no others.
    pub(super) fn set_fxsave(&mut self, image: &[u8; FXSAVE_BYTES]) {
        let bytes = self.0.bytes_mut();
        bytes[..FXSAVE_BYTES].copy_from_slice(&loadable(image).0);
        if let ExtendedState::Xsave(_) = extended_state() {
            // Little-endian: the components' bits are in the first byte.
            bytes[COMPONENTS_IN_USE] |= X87_AND_SSE as u8;
        }
    }

    /// The saved upper halves of the AVX registers, if there are such.
    pub(super) fn avx(&self) -> Option<[u8; AVX_BYTES]> {
        has_avx().then(|| {
            let mut halves = [0; AVX_BYTES];
            let bytes = self.0.bytes();
            if bytes[COMPONENTS_IN_USE] & AVX as u8 != 0 {
                halves.copy_from_slice(&bytes[AVX_OFFSET..][..AVX_BYTES]);
            }
            halves
        })
    }

    /// Replaces them.
    pub(super) fn set_avx(&mut self, halves: &[u8; AVX_BYTES]) {
        if has_avx() {
            let bytes = self.0.bytes_mut();
            bytes[AVX_OFFSET..][..AVX_BYTES].copy_from_slice(halves);
            bytes[COMPONENTS_IN_USE] |= AVX as u8;
        }
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
        // SAFETY: the area was filled by `new`, `save` or `set_fxsave`, so it is
        // well-formed.
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
    let mut image = Aligned([0; FXSAVE_BYTES]);
    // SAFETY: the area is as large and as aligned as the instruction wants.
    unsafe { asm!("fxsave64 [{}]", in(reg) image.0.as_mut_ptr(), options(nostack)) };
    image.0
}

/// Loads the x87 and SSE registers of the program that came in.
pub(super) fn load_fxsave(image: &[u8; FXSAVE_BYTES]) {
    let image = loadable(image);
    // SAFETY: the area is as large and as aligned as the instruction wants, and
    // MXCSR has only bits that may be set; the kernel uses none of the registers.
    unsafe { asm!("fxrstor64 [{}]", in(reg) image.0.as_ptr(), options(nostack, readonly)) };
}

/// Whether there are AVX registers.
pub fn has_avx() -> bool {
    matches!(extended_state(), ExtendedState::Xsave(mask) if mask & AVX != 0)
}

/// The upper halves of the AVX registers of whatever runs now, if there are such.
pub fn avx() -> Option<[u8; AVX_BYTES]> {
    has_avx().then(|| {
        let mut halves = [0; AVX_BYTES];
        halves.copy_from_slice(&save_avx().0[AVX_OFFSET..]);
        halves
    })
}

/// Loads them for the program that came in.
pub(super) fn load_avx(halves: &[u8; AVX_BYTES]) {
    if !has_avx() {
        return;
    }
    // The instruction loads MXCSR with them: the one that is there.
    let mut area = save_avx();
    area.0[AVX_OFFSET..].copy_from_slice(halves);
    area.0[COMPONENTS_IN_USE..][..8].copy_from_slice(&AVX.to_le_bytes());
    // SAFETY: the processor has the component; the area is as large and as aligned
    // as it wants and well-formed; the kernel uses none of the registers.
    unsafe {
        asm!("xrstor64 [{}]", in(reg) area.0.as_ptr(), in("eax") AVX as u32, in("edx") 0, options(nostack, readonly));
    }
}

/// What XSAVE stores of the upper halves; the caller knows that there are such.
fn save_avx() -> Area {
    let mut area = Area([0; AVX_OFFSET + AVX_BYTES]);
    // SAFETY: as in `load_avx`.
    unsafe {
        asm!("xsave64 [{}]", in(reg) area.0.as_mut_ptr(), in("eax") AVX as u32, in("edx") 0, options(nostack));
    }
    area
}

/// An image that can be loaded without a fault, whatever the bytes given.
#[inline]
fn loadable(image: &[u8; FXSAVE_BYTES]) -> Aligned {
    let mut image = Aligned(*image);
    let bits = mxcsr_bits().to_le_bytes();
    for (place, bits) in bits.iter().enumerate() {
        image.0[MXCSR + place] &= bits;
    }
    image.0[MXCSR_MASK..][..bits.len()].copy_from_slice(&bits);
    image.0[UNUSED..].fill(0);
    image
}

/// The bits of MXCSR, as FXSAVE says them (Intel SDM vol. 1, 11.6.6).
fn mxcsr_bits() -> u32 {
    const UNTOLD: u32 = 0xffbf;
    *MXCSR_BITS.call_once(|| {
        let mut word = [0; 4];
        word.copy_from_slice(&fxsave()[MXCSR_MASK..][..4]);
        match u32::from_le_bytes(word) {
            0 => UNTOLD,
            bits => bits,
        }
    })
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
