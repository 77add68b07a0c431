//! The registers of a thread: CONTEXT and the parts of the XSAVE area.
//!
//! From NT `winnt.h`; offsets also in W 3.8 and 5.1.

/// The processor, part of every flag below.
pub const CONTEXT_AMD64: u32 = 0x10_0000;
/// rip, rsp, rflags, cs, ss.
pub const CONTEXT_CONTROL: u32 = 0x10_0001;
/// rax, rcx, rdx, rbx, rbp, rsi, rdi, r8 to r15.
pub const CONTEXT_INTEGER: u32 = 0x10_0002;
/// ds, es, fs, gs.
pub const CONTEXT_SEGMENTS: u32 = 0x10_0004;
/// x87, MXCSR, xmm0 to xmm15.
pub const CONTEXT_FLOATING_POINT: u32 = 0x10_0008;
/// dr0 to dr3, dr6, dr7.
pub const CONTEXT_DEBUG_REGISTERS: u32 = 0x10_0010;
/// What XSAVE knows beyond SSE, behind a [`ContextEx`].
pub const CONTEXT_XSTATE: u32 = 0x10_0040;
/// Control, integer and floating point.
pub const CONTEXT_FULL: u32 = 0x10_000B;
/// All but [`CONTEXT_XSTATE`].
pub const CONTEXT_ALL: u32 = 0x10_001F;
/// Out: the thread handles a trap in the kernel.
pub const CONTEXT_EXCEPTION_ACTIVE: u32 = 0x800_0000;
/// Out: the thread makes a system call.
pub const CONTEXT_SERVICE_ACTIVE: u32 = 0x1000_0000;
/// An unwinder has been here.
pub const CONTEXT_UNWOUND_TO_CALL: u32 = 0x2000_0000;
/// In: asks for the two answers above.
pub const CONTEXT_EXCEPTION_REQUEST: u32 = 0x4000_0000;
/// Out: the two answers are given.
pub const CONTEXT_EXCEPTION_REPORTING: u32 = 0x8000_0000;

layout! {
    /// `XSAVE_FORMAT`: what FXSAVE stores (Intel SDM, volume 1, section 10.5.1).
    pub struct XsaveFormat, size 0x200 {
        /// x87.
        0x000 control_word: u16,
        /// x87.
        0x002 status_word: u16,
        /// x87: a bit for each register in use.
        0x004 tag_word: u8,
        /// 0.
        0x005 reserved_005: u8,
        /// Of the last x87 instruction.
        0x006 error_opcode: u16,
        /// Its address, lower half.
        0x008 error_offset: u32,
        /// Its address, upper half.
        0x00c error_selector: u16,
        /// Its address, upper half.
        0x00e reserved_00e: u16,
        /// Address of its operand, lower half.
        0x010 data_offset: u32,
        /// Address of its operand, upper half.
        0x014 data_selector: u16,
        /// Address of its operand, upper half.
        0x016 reserved_016: u16,
        /// SSE control and status.
        0x018 mxcsr: u32,
        /// Bits of MXCSR that the processor has.
        0x01c mxcsr_mask: u32,
        /// st0 to st7, 80 bits each.
        0x020 float_registers: [[u64; 2]; 8],
        /// xmm0 to xmm15.
        0x0a0 xmm_registers: [[u64; 2]; 16],
        /// Not used.
        0x1a0 reserved_1a0: [u8; 96],
    }
}

layout! {
    /// `CONTEXT`; NT puts it at multiples of 16.
    pub struct Context, size 0x4d0 {
        /// `P1Home` to `P6Home`: free for the caller's use.
        0x000 home: [u64; 6],
        /// `CONTEXT_*`: the parts that count.
        0x030 context_flags: u32,
        /// As in `flt_save`.
        0x034 mxcsr: u32,
        /// Code selector.
        0x038 cs: u16,
        /// Data selector.
        0x03a ds: u16,
        /// Data selector.
        0x03c es: u16,
        /// Data selector.
        0x03e fs: u16,
        /// Data selector.
        0x040 gs: u16,
        /// Stack selector.
        0x042 ss: u16,
        /// Flags.
        0x044 eflags: u32,
        /// Breakpoint address.
        0x048 dr0: u64,
        /// Breakpoint address.
        0x050 dr1: u64,
        /// Breakpoint address.
        0x058 dr2: u64,
        /// Breakpoint address.
        0x060 dr3: u64,
        /// Which breakpoint was hit.
        0x068 dr6: u64,
        /// Which breakpoints are on.
        0x070 dr7: u64,
        /// General register.
        0x078 rax: u64,
        /// General register.
        0x080 rcx: u64,
        /// General register.
        0x088 rdx: u64,
        /// General register.
        0x090 rbx: u64,
        /// Stack pointer.
        0x098 rsp: u64,
        /// General register.
        0x0a0 rbp: u64,
        /// General register.
        0x0a8 rsi: u64,
        /// General register.
        0x0b0 rdi: u64,
        /// General register.
        0x0b8 r8: u64,
        /// General register.
        0x0c0 r9: u64,
        /// General register.
        0x0c8 r10: u64,
        /// General register.
        0x0d0 r11: u64,
        /// General register.
        0x0d8 r12: u64,
        /// General register.
        0x0e0 r13: u64,
        /// General register.
        0x0e8 r14: u64,
        /// General register.
        0x0f0 r15: u64,
        /// Next instruction.
        0x0f8 rip: u64,
        /// x87 and SSE.
        0x100 flt_save: XsaveFormat,
        /// Not used on this processor.
        0x300 vector_registers: [[u64; 2]; 26],
        /// Not used on this processor.
        0x4a0 vector_control: u64,
        /// Last-branch recording; 0.
        0x4a8 debug_control: u64,
        /// 0.
        0x4b0 last_branch_to_rip: u64,
        /// 0.
        0x4b8 last_branch_from_rip: u64,
        /// 0.
        0x4c0 last_exception_to_rip: u64,
        /// 0.
        0x4c8 last_exception_from_rip: u64,
    }
}

layout! {
    /// `CONTEXT_CHUNK`: a part of an extended context.
    pub struct ContextChunk, size 0x8 {
        /// From the [`ContextEx`], in bytes.
        0x00 offset: i32,
        /// Its size.
        0x04 length_bytes: u32,
    }
}

/// Offset of the [`Context`] from its [`ContextEx`] (W 5.1).
pub const CONTEXT_OFFSET: i32 = -0x4D0;
/// Bytes of a [`Context`] and its [`ContextEx`] (W 5.1).
pub const CONTEXT_EX_ALL_BYTES: u32 = 0x4F0;
/// Offset of an XSAVE area that is not there; its length is 0 (W 5.1).
pub const CONTEXT_EX_XSTATE_ABSENT_OFFSET: i32 = 25;

layout! {
    /// `CONTEXT_EX`, directly behind a [`Context`]; with the room it has there (W 5.1).
    pub struct ContextEx, size 0x20 {
        /// Everything, from the [`Context`] on.
        0x00 all: ContextChunk,
        /// The [`Context`].
        0x08 legacy: ContextChunk,
        /// The XSAVE area from its header on, a [`XsaveAreaHeader`].
        0x10 xstate: ContextChunk,
        /// Padding.
        0x18 reserved_18: u64,
    }
}

layout! {
    /// `XSAVE_AREA_HEADER`; the extended features follow it.
    pub struct XsaveAreaHeader, size 0x40 {
        /// Features that are not in their initial state.
        0x00 mask: u64,
        /// With bit 63: the features there is room for.
        0x08 compaction_mask: u64,
        /// 0.
        0x10 reserved_10: [u64; 6],
    }
}

/// Bit of the upper halves of the AVX registers in an [`XsaveAreaHeader`]'s mask.
pub const XSTATE_MASK_GSSE: u64 = 4;
/// What [`UserSharedData::extended_state`](crate::user_shared::UserSharedData) says is
/// saved: x87, SSE, AVX.
pub const XSTATE_FEATURES: u64 = 7;
/// Where XSAVE stores x87, SSE and AVX registers, and how many bytes.
pub const XSTATE_PLACES: [(u32, u32); 3] = [(0, 0xA0), (0xA0, 0x100), (0x240, 0x100)];
/// Bytes that XSAVE stores.
pub const XSTATE_BYTES: u32 = 0x340;

layout! {
    /// `XSTATE`: the XSAVE area from its header on, as far as there are features.
    pub struct ExtendedState, size 0x140 {
        /// Which features follow.
        0x00 header: XsaveAreaHeader,
        /// Upper halves of ymm0 to ymm15.
        0x40 upper_halves: [[u64; 2]; 16],
    }
}

/// Offset of an [`ExtendedState`] behind an exception's frame from its [`ContextEx`].
pub const CONTEXT_EX_XSTATE_OFFSET: i32 = 0xF0;
/// Bytes of a [`Context`] and all up to the end of such an [`ExtendedState`].
pub const CONTEXT_EX_EXTENDED_BYTES: u32 = 0x700;
