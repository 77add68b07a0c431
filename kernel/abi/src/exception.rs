//! Exception records, and the frames the kernel builds on a user stack.
//!
//! The record is from NT `winnt.h`; the frames are those of W 5.1 and 5.4.

use crate::NtStatus;
use crate::context::{Context, ContextEx, ExtendedState};

/// The program cannot go on behind the exception.
pub const EXCEPTION_NONCONTINUABLE: u32 = 0x1;
/// Raised by a program, not by the processor.
pub const EXCEPTION_SOFTWARE_ORIGINATE: u32 = 0x80;
/// Most values of a record.
pub const EXCEPTION_MAXIMUM_PARAMETERS: usize = 15;

/// First value of an access violation: a read.
pub const EXCEPTION_READ_FAULT: u64 = 0;
/// First value of an access violation: a write.
pub const EXCEPTION_WRITE_FAULT: u64 = 1;
/// First value of an access violation: an instruction fetch.
pub const EXCEPTION_EXECUTE_FAULT: u64 = 8;

layout! {
    /// `EXCEPTION_RECORD`.
    pub struct ExceptionRecord, size 0x98 {
        /// What happened.
        0x00 code: NtStatus,
        /// `EXCEPTION_*` flags.
        0x04 flags: u32,
        /// User address of the record of an exception before it, or 0.
        0x08 record: u64,
        /// Where it happened.
        0x10 address: u64,
        /// How many values of `information` count.
        0x18 parameter_count: u32,
        /// Padding.
        0x1c reserved_1c: u32,
        /// What the code says they are.
        0x20 information: [u64; 15],
    }
}

layout! {
    /// What the processor pushes at an interrupt; unwinders step over dispatchers by
    /// it.
    pub struct MachineFrame, size 0x28 {
        /// Next instruction.
        0x00 rip: u64,
        /// Code selector.
        0x08 cs: u64,
        /// Flags.
        0x10 eflags: u64,
        /// Stack pointer.
        0x18 rsp: u64,
        /// Stack selector.
        0x20 ss: u64,
    }
}

/// An [`ExceptionFrame`] starts at a multiple of this many bytes.
pub const EXCEPTION_FRAME_ALIGNMENT: u64 = 0x40;

layout! {
    /// What `KiUserExceptionDispatcher` finds at rsp; an XSAVE area may follow (W 5.1).
    pub struct ExceptionFrame, size 0x5c0 {
        /// The registers at the exception.
        0x000 context: Context,
        /// Where the parts of the context are.
        0x4d0 context_ex: ContextEx,
        /// The exception.
        0x4f0 record: ExceptionRecord,
        /// Padding.
        0x588 reserved_588: u64,
        /// For the unwinder.
        0x590 machine_frame: MachineFrame,
        /// Padding.
        0x5b8 reserved_5b8: u64,
    }
}

layout! {
    /// The same with extended state.
    pub struct ExtendedExceptionFrame, size 0x700 {
        /// As without.
        0x000 frame: ExceptionFrame,
        /// What XSAVE knows beyond SSE.
        0x5c0 state: ExtendedState,
    }
}

/// An [`ApcFrame`] starts at a multiple of this many bytes.
pub const APC_FRAME_ALIGNMENT: u64 = 0x10;
/// Arguments of an APC, in the first fields of `Context::home`; the function is in the
/// next.
pub const APC_ARGUMENTS: usize = 3;

layout! {
    /// What `KiUserApcDispatcher` finds at rsp (W 5.4).
    pub struct ApcFrame, size 0x500 {
        /// The registers to go on with; `home` has arguments and function.
        0x000 context: Context,
        /// For the unwinder.
        0x4d0 machine_frame: MachineFrame,
        /// Padding.
        0x4f8 reserved_4f8: u64,
    }
}
