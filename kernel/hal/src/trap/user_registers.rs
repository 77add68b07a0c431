//! The registers of a program as a whole: read from a frame, set in a frame.

use super::frame::{SET_AS_A_WHOLE, SYSTEM_CALL, TrapFrame};

/// The general registers, instruction pointer, flags and selectors of a program's
/// thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the processor's own names")]
pub struct UserRegisters {
    pub rax: u64,
    pub rcx: u64,
    pub rdx: u64,
    pub rbx: u64,
    pub rsp: u64,
    pub rbp: u64,
    pub rsi: u64,
    pub rdi: u64,
    pub r8: u64,
    pub r9: u64,
    pub r10: u64,
    pub r11: u64,
    pub r12: u64,
    pub r13: u64,
    pub r14: u64,
    pub r15: u64,
    pub rip: u64,
    pub flags: u64,
    /// cs; setting ignores it.
    pub code_segment: u16,
    /// ss; setting ignores it.
    pub stack_segment: u16,
}

/// The flags that a program may set, by POPF or in a context: CF, PF, AF, ZF, SF,
/// TF, DF, OF, RF, AC and ID. Not IF, NT, IOPL, VM, VIF and VIP (Intel SDM vol. 1,
/// 3.4.3).
const SETTABLE_FLAGS: u64 = 1 << 0
    | 1 << 2
    | 1 << 4
    | 1 << 6
    | 1 << 7
    | 1 << 8
    | 1 << 10
    | 1 << 11
    | 1 << 16
    | 1 << 18
    | 1 << 21;
/// The flags that every program has: IF, and the bit that is always 1.
const FIXED_FLAGS: u64 = 1 << 9 | 1 << 1;

impl TrapFrame {
    /// The registers of the program that came in by this frame.
    pub fn user_registers(&self) -> UserRegisters {
        UserRegisters {
            rax: self.rax,
            rcx: self.rcx,
            rdx: self.rdx,
            rbx: self.rbx,
            rsp: self.rsp,
            rbp: self.rbp,
            rsi: self.rsi,
            rdi: self.rdi,
            r8: self.r8,
            r9: self.r9,
            r10: self.r10,
            r11: self.r11,
            r12: self.r12,
            r13: self.r13,
            r14: self.r14,
            r15: self.r15,
            rip: self.rip,
            flags: self.flags,
            // Selectors have 16 bits; the processor pushes them widened.
            code_segment: self.code_segment as u16,
            stack_segment: self.stack_segment as u16,
        }
    }

    /// Sets the registers with which the program goes on, all of them exactly as
    /// given but for flags that it may not set; the selectors stay the program's.
    /// An instruction pointer that cannot be is the thread's own fault when it
    /// goes back.
    pub fn set_user_registers(&mut self, registers: &UserRegisters) {
        assert!(
            self.is_user(),
            "the kernel's registers were to be replaced by a program's"
        );
        self.rax = registers.rax;
        self.rcx = registers.rcx;
        self.rdx = registers.rdx;
        self.rbx = registers.rbx;
        self.rsp = registers.rsp;
        self.rbp = registers.rbp;
        self.rsi = registers.rsi;
        self.rdi = registers.rdi;
        self.r8 = registers.r8;
        self.r9 = registers.r9;
        self.r10 = registers.r10;
        self.r11 = registers.r11;
        self.r12 = registers.r12;
        self.r13 = registers.r13;
        self.r14 = registers.r14;
        self.r15 = registers.r15;
        self.rip = registers.rip;
        self.flags = registers.flags & SETTABLE_FLAGS | FIXED_FLAGS;
        if self.vector == SYSTEM_CALL {
            self.error_code |= SET_AS_A_WHOLE;
        }
    }
}
