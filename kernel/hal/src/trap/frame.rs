//! The one layout of saved registers, for all 256 vectors and system calls.

use core::marker::PhantomPinned;
use core::mem::{offset_of, size_of};

use x86_64::instructions::segmentation::{DS, ES, FS, GS, Segment};

use super::entry::UserStart;
use crate::cpu::descriptors;

/// The registers of whatever a trap or system call interrupted.
///
/// The entry stubs push it; `vector` to `stack_segment` complete the frame the
/// processor pushes itself (Intel SDM vol. 3, 6.14).
#[repr(C)]
#[derive(Debug)]
pub struct TrapFrame {
    pub(crate) r15: u64,
    pub(crate) r14: u64,
    pub(crate) r13: u64,
    pub(crate) r12: u64,
    pub(crate) rbp: u64,
    pub(crate) rbx: u64,
    pub(crate) r11: u64,
    pub(crate) r10: u64,
    pub(crate) r9: u64,
    pub(crate) r8: u64,
    pub(crate) rdi: u64,
    pub(crate) rsi: u64,
    pub(crate) rdx: u64,
    pub(crate) rcx: u64,
    pub(crate) rax: u64,
    pub(crate) vector: u64,
    pub(crate) error_code: u64,
    pub(crate) rip: u64,
    pub(crate) code_segment: u64,
    pub(crate) flags: u64,
    pub(crate) rsp: u64,
    pub(crate) stack_segment: u64,
    /// While a thread waits others may change its frame, to which its own stack
    /// holds a `&mut`: without this mark the compiler could keep what it read
    /// before the wait.
    pub(crate) shared_while_waiting: PhantomPinned,
}

/// Segment selectors.
#[derive(Clone, Copy, Debug)]
pub struct Segments {
    /// cs.
    pub code: u16,
    /// ss.
    pub stack: u16,
    /// ds.
    pub data: u16,
    /// es.
    pub extra: u16,
    /// fs.
    pub fs: u16,
    /// gs.
    pub gs: u16,
}

/// The `vector` of a frame that the system-call entry made.
pub(crate) const SYSTEM_CALL: u64 = 256;
/// The `error_code` of such a frame whose registers were set: SYSRET, which loses
/// some, cannot take it back. The entry pushes 0.
pub(super) const SET_AS_A_WHOLE: u64 = 1;
/// A further bit there: the call's result is not to replace rax.
const KEEPS_RAX: u64 = 2;

// The stubs in entry.s rely on these.
const _: () = {
    assert!(size_of::<TrapFrame>() == 176 && size_of::<TrapFrame>().is_multiple_of(16));
    assert!(offset_of!(TrapFrame, vector) == 120);
    assert!(offset_of!(TrapFrame, rip) == 136);
    assert!(offset_of!(TrapFrame, code_segment) == 144);
};

impl TrapFrame {
    /// The frame with which a thread first goes to user mode; the registers
    /// that are not given are 0. Frames are neither made nor copied elsewhere,
    /// so safe code cannot give a thread the kernel's privilege.
    pub(crate) fn for_user(start: UserStart) -> Self {
        const INTERRUPTS_ON: u64 = 0x202;
        Self {
            r15: 0,
            r14: 0,
            r13: 0,
            r12: 0,
            rbp: 0,
            rbx: 0,
            r11: 0,
            r10: 0,
            r9: 0,
            r8: 0,
            rdi: 0,
            rsi: 0,
            rdx: 0,
            rcx: start.argument,
            rax: 0,
            vector: SYSTEM_CALL,
            error_code: 0,
            rip: start.instruction,
            code_segment: descriptors::USER_CODE.into(),
            flags: INTERRUPTS_ON,
            rsp: start.stack,
            stack_segment: descriptors::USER_DATA.into(),
            shared_while_waiting: PhantomPinned,
        }
    }

    /// Where the frame of whatever came from user mode lies on a thread's stack:
    /// every entry begins at the top.
    pub(crate) fn at_top_of(stack_top: u64) -> *mut Self {
        (stack_top - size_of::<Self>() as u64) as *mut Self
    }

    /// Whether the interrupted program has run nothing since SYSRET took it back from a
    /// system call: the registers that SYSRET uses up still agree with what they were
    /// for. So an interrupt that came during the call looks.
    pub fn is_back_from_system_call(&self) -> bool {
        self.rcx == self.rip && self.r11 == self.flags
    }

    /// Whether the trap came from user mode.
    pub fn is_user(&self) -> bool {
        self.code_segment & 3 == 3
    }

    /// Where the interrupted code goes on.
    pub fn instruction_pointer(&self) -> u64 {
        self.rip
    }

    /// The stack pointer of the interrupted code.
    pub fn stack_pointer(&self) -> u64 {
        self.rsp
    }

    /// The flags.
    pub fn flags(&self) -> u64 {
        self.flags
    }

    /// The segment selectors. Those that a trap does not save are read: entering
    /// the kernel leaves them as they are.
    pub fn segments(&self) -> Segments {
        // Selectors have 16 bits; the processor pushes them widened.
        Segments {
            code: self.code_segment as u16,
            stack: self.stack_segment as u16,
            data: DS::get_reg().0,
            extra: ES::get_reg().0,
            fs: FS::get_reg().0,
            gs: GS::get_reg().0,
        }
    }

    /// The number in rax: a system call's service number.
    pub fn service_number(&self) -> u32 {
        // The upper half is not part of the convention.
        self.rax as u32
    }

    /// The four register arguments of a system call: r10, rdx, r8, r9.
    pub fn register_arguments(&self) -> [u64; 4] {
        [self.r10, self.rdx, self.r8, self.r9]
    }

    /// Sets what a system call returns, unless rax is to be kept.
    #[inline]
    pub fn set_result(&mut self, value: u64) {
        if !self.keeps_rax() {
            self.rax = value;
        }
    }

    /// Whether the program is to find rax as it is now.
    #[inline]
    pub fn keeps_rax(&self) -> bool {
        self.error_code & KEEPS_RAX != 0
    }

    /// Has the program find rax as it is now, whatever the system call that it is in
    /// returns.
    pub fn keep_rax(&mut self) {
        if self.vector == SYSTEM_CALL {
            self.error_code |= KEEPS_RAX;
        }
    }

    /// All general registers by the processor's numbers: rax, rcx, rdx, rbx,
    /// rsp, rbp, rsi, rdi, r8 to r15.
    pub fn numbered_registers(&self) -> [u64; 16] {
        [
            self.rax, self.rcx, self.rdx, self.rbx, self.rsp, self.rbp, self.rsi, self.rdi,
            self.r8, self.r9, self.r10, self.r11, self.r12, self.r13, self.r14, self.r15,
        ]
    }

    /// All general registers with their names, in the order of a report.
    pub fn registers(&self) -> [(&'static str, u64); 18] {
        [
            ("rax", self.rax),
            ("rbx", self.rbx),
            ("rcx", self.rcx),
            ("rdx", self.rdx),
            ("rsi", self.rsi),
            ("rdi", self.rdi),
            ("rbp", self.rbp),
            ("rsp", self.rsp),
            ("r8", self.r8),
            ("r9", self.r9),
            ("r10", self.r10),
            ("r11", self.r11),
            ("r12", self.r12),
            ("r13", self.r13),
            ("r14", self.r14),
            ("r15", self.r15),
            ("rip", self.rip),
            ("rflags", self.flags),
        ]
    }
}
