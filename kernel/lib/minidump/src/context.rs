//! A thread's registers, and the CONTEXT structure of winnt.h that holds them.

use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{Immutable, IntoBytes, Unaligned};

use crate::output::Output;

/// Size of what FXSAVE stores, in bytes.
pub const FXSAVE_BYTES: usize = 512;

/// Size of CONTEXT, in bytes.
pub(crate) const CONTEXT_BYTES: u32 = 1232;

/// CONTEXT_AMD64 and, of its parts, CONTEXT_CONTROL, CONTEXT_INTEGER and
/// CONTEXT_SEGMENTS.
const GENERAL_PARTS: u32 = 0x10_0007;
/// CONTEXT_FLOATING_POINT, without CONTEXT_AMD64.
const FLOATING_POINT: u32 = 8;

/// Where FXSAVE stores MXCSR (Intel SDM, volume 1, section 10.5.1).
const FXSAVE_MXCSR: usize = 24;

/// Registers of a thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The general registers by the processor's numbers: rax, rcx, rdx, rbx,
    /// rsp, rbp, rsi, rdi, r8 to r15.
    pub registers: [u64; 16],
    /// The address of the next instruction.
    pub rip: u64,
    /// RFLAGS; its upper half is reserved and left out.
    pub rflags: u64,
    /// The segment selectors.
    pub segments: Segments,
    /// What FXSAVE stores in 64-bit mode: x87, MXCSR, xmm0 to xmm15. Without it
    /// the dump says that these are not known.
    pub fxsave: Option<&'a [u8; FXSAVE_BYTES]>,
}

/// The segment selectors.
#[derive(Clone, Copy, Debug, Default)]
pub struct Segments {
    /// Code.
    pub cs: u16,
    /// Data.
    pub ds: u16,
    /// Data of string instructions.
    pub es: u16,
    /// Free for the program's use.
    pub fs: u16,
    /// The TEB's.
    pub gs: u16,
    /// Stack.
    pub ss: u16,
}

/// CONTEXT up to the floating-point registers.
#[derive(IntoBytes, Immutable, Unaligned)]
#[repr(C)]
struct ContextHead {
    /// Homes of the first arguments; not used.
    argument_homes: [U64; 6],
    flags: U32,
    mxcsr: U32,
    segments: [U16; 6],
    eflags: U32,
    /// dr0 to dr3, dr6 and dr7; not stated.
    debug_registers: [U64; 6],
    /// In the processor's order.
    registers: [U64; 16],
    rip: U64,
}

const _: () = assert!(size_of::<ContextHead>() == 0x100);

/// Vector registers and branch records behind the floating-point registers;
/// not stated.
const TAIL_BYTES: u64 = 464;
const _: () = assert!(0x100 + FXSAVE_BYTES as u64 + TAIL_BYTES == CONTEXT_BYTES as u64);

impl Context<'_> {
    /// Puts it as a CONTEXT structure, in parts: it is large for a kernel stack.
    pub(crate) fn put(&self, output: &mut Output<'_, impl FnMut(&[u8])>) {
        let Segments {
            cs,
            ds,
            es,
            fs,
            gs,
            ss,
        } = self.segments;
        let [a, b, c, d, ..] = self.rflags.to_le_bytes();
        let floating_point = self.fxsave.map_or(0, |_| FLOATING_POINT);
        output.record(&ContextHead {
            argument_homes: [U64::ZERO; 6],
            flags: U32::new(GENERAL_PARTS | floating_point),
            mxcsr: U32::from_bytes(self.fxsave.map_or([0; 4], mxcsr)),
            segments: [cs, ds, es, fs, gs, ss].map(U16::new),
            eflags: U32::from_bytes([a, b, c, d]),
            debug_registers: [U64::ZERO; 6],
            registers: self.registers.map(U64::new),
            rip: U64::new(self.rip),
        });
        match self.fxsave {
            Some(image) => output.put(image),
            None => output.zeros(FXSAVE_BYTES as u64),
        }
        output.zeros(TAIL_BYTES);
    }
}

fn mxcsr(image: &[u8; FXSAVE_BYTES]) -> [u8; 4] {
    let field = image.get(FXSAVE_MXCSR..).and_then(<[u8]>::first_chunk);
    field.copied().unwrap_or_default()
}
