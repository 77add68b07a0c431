//! Makes a system call with every register set, and records them after it.
use core::arch::naked_asm;

/// Position in [`Registers::general`]: the number before, the status after.
pub const RAX: usize = 0;
/// Position: lost to the instruction; the return address, or 0.
pub const RCX: usize = 1;
/// Position: not set, and recorded after the call only.
pub const RSP: usize = 4;
/// Position: lost to the instruction; the flags, or 0.
pub const R11: usize = 11;

/// The registers a program sees.
#[repr(C, align(16))]
#[derive(Clone, Copy)]
pub struct Registers {
    /// rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to r15.
    pub general: [u64; 16],
    /// xmm0 to xmm15.
    pub vector: [u128; 16],
    /// RFLAGS.
    pub flags: u64,
    /// MXCSR.
    pub mxcsr: u64,
}

/// What to do between setting and recording the registers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The `syscall` instruction; `general` holds number and arguments.
    Call,
    /// Count r15 down to 0 in user mode, so that interrupts come.
    Count,
}

/// Sets all registers but rsp, acts, and returns the registers after it.
///
/// # Safety
/// The call must not take away or change memory that Rust relies on; flags
/// must be ones a program may set, without TF.
#[must_use]
pub unsafe fn probe(before: &Registers, stack_arguments: [u64; 5], action: Action) -> Registers {
    let mut record = Record {
        before: *before,
        after: *before,
        stack_arguments,
        action: match action {
            Action::Call => call as *const () as u64,
            Action::Count => count as *const () as u64,
        },
    };
    // SAFETY: `run` keeps to the Windows calling convention and writes only
    // `after`; the call itself is the caller's promise.
    unsafe { run(&mut record) };
    record.after
}

#[repr(C, align(16))]
struct Record {
    before: Registers,
    after: Registers,
    stack_arguments: [u64; 5],
    action: u64,
}

/// Offsets in [`Record`] for the assembly.
const VECTOR: usize = core::mem::offset_of!(Registers, vector);
const FLAGS: usize = core::mem::offset_of!(Registers, flags);
const MXCSR: usize = core::mem::offset_of!(Registers, mxcsr);
const AFTER: usize = core::mem::offset_of!(Record, after);
const ARGUMENTS: usize = core::mem::offset_of!(Record, stack_arguments);
const ACTION: usize = core::mem::offset_of!(Record, action);

#[unsafe(naked)]
unsafe extern "system" fn call() {
    naked_asm!("syscall", "ret")
}

#[unsafe(naked)]
unsafe extern "system" fn count() {
    // lea and jrcxz leave the flags alone, which the caller compares.
    naked_asm!(
        "xchg rcx, r15",
        "2:",
        "lea rcx, [rcx - 1]",
        "jrcxz 3f",
        "jmp 2b",
        "3:",
        "xchg rcx, r15",
        "ret"
    )
}

// rcx: the record. Frame from rsp: 00h home space, 20h stack arguments, 48h the
// record, 50h the action, 58h rax and 60h flags after it, 70h xmm6 to xmm15,
// 110h the caller's flags, 118h its MXCSR; above it the pushed registers.
#[unsafe(naked)]
unsafe extern "system" fn run(record: *mut Record) {
    naked_asm!(
        "push rbx", "push rbp", "push rsi", "push rdi",
        "push r12", "push r13", "push r14", "push r15",
        "sub rsp, 0x128",
        "movaps [rsp + 0x70], xmm6", "movaps [rsp + 0x80], xmm7",
        "movaps [rsp + 0x90], xmm8", "movaps [rsp + 0xA0], xmm9",
        "movaps [rsp + 0xB0], xmm10", "movaps [rsp + 0xC0], xmm11",
        "movaps [rsp + 0xD0], xmm12", "movaps [rsp + 0xE0], xmm13",
        "movaps [rsp + 0xF0], xmm14", "movaps [rsp + 0x100], xmm15",
        "pushfq", "pop qword ptr [rsp + 0x110]",
        "stmxcsr [rsp + 0x118]",
        "mov [rsp + 0x48], rcx",
        "mov rax, [rcx + {action}]", "mov [rsp + 0x50], rax",
        "mov rax, [rcx + {arguments}]", "mov [rsp + 0x20], rax",
        "mov rax, [rcx + {arguments} + 0x08]", "mov [rsp + 0x28], rax",
        "mov rax, [rcx + {arguments} + 0x10]", "mov [rsp + 0x30], rax",
        "mov rax, [rcx + {arguments} + 0x18]", "mov [rsp + 0x38], rax",
        "mov rax, [rcx + {arguments} + 0x20]", "mov [rsp + 0x40], rax",
        "ldmxcsr [rcx + {mxcsr}]",
        "movaps xmm0, [rcx + {vector}]", "movaps xmm1, [rcx + {vector} + 0x10]",
        "movaps xmm2, [rcx + {vector} + 0x20]", "movaps xmm3, [rcx + {vector} + 0x30]",
        "movaps xmm4, [rcx + {vector} + 0x40]", "movaps xmm5, [rcx + {vector} + 0x50]",
        "movaps xmm6, [rcx + {vector} + 0x60]", "movaps xmm7, [rcx + {vector} + 0x70]",
        "movaps xmm8, [rcx + {vector} + 0x80]", "movaps xmm9, [rcx + {vector} + 0x90]",
        "movaps xmm10, [rcx + {vector} + 0xA0]", "movaps xmm11, [rcx + {vector} + 0xB0]",
        "movaps xmm12, [rcx + {vector} + 0xC0]", "movaps xmm13, [rcx + {vector} + 0xD0]",
        "movaps xmm14, [rcx + {vector} + 0xE0]", "movaps xmm15, [rcx + {vector} + 0xF0]",
        "mov rax, [rcx]", "mov rdx, [rcx + 0x10]", "mov rbx, [rcx + 0x18]",
        "mov rbp, [rcx + 0x28]", "mov rsi, [rcx + 0x30]", "mov rdi, [rcx + 0x38]",
        "mov r8, [rcx + 0x40]", "mov r9, [rcx + 0x48]", "mov r10, [rcx + 0x50]",
        "mov r11, [rcx + 0x58]", "mov r12, [rcx + 0x60]", "mov r13, [rcx + 0x68]",
        "mov r14, [rcx + 0x70]", "mov r15, [rcx + 0x78]",
        "push qword ptr [rcx + {flags}]",
        "mov rcx, [rcx + 0x08]",
        "popfq",
        "call qword ptr [rsp + 0x50]",
        "pushfq", "pop qword ptr [rsp + 0x60]",
        "mov [rsp + 0x58], rax",
        "mov rax, [rsp + 0x48]",
        "mov [rax + {after} + 0x08], rcx", "mov [rax + {after} + 0x10], rdx",
        "mov [rax + {after} + 0x18], rbx", "mov [rax + {after} + 0x20], rsp",
        "mov [rax + {after} + 0x28], rbp", "mov [rax + {after} + 0x30], rsi",
        "mov [rax + {after} + 0x38], rdi", "mov [rax + {after} + 0x40], r8",
        "mov [rax + {after} + 0x48], r9", "mov [rax + {after} + 0x50], r10",
        "mov [rax + {after} + 0x58], r11", "mov [rax + {after} + 0x60], r12",
        "mov [rax + {after} + 0x68], r13", "mov [rax + {after} + 0x70], r14",
        "mov [rax + {after} + 0x78], r15",
        "lea rax, [rax + {after}]",
        "mov rcx, [rsp + 0x58]", "mov [rax], rcx",
        "mov rcx, [rsp + 0x60]", "mov [rax + {flags}], rcx",
        "stmxcsr [rax + {mxcsr}]",
        "movaps [rax + {vector}], xmm0", "movaps [rax + {vector} + 0x10], xmm1",
        "movaps [rax + {vector} + 0x20], xmm2", "movaps [rax + {vector} + 0x30], xmm3",
        "movaps [rax + {vector} + 0x40], xmm4", "movaps [rax + {vector} + 0x50], xmm5",
        "movaps [rax + {vector} + 0x60], xmm6", "movaps [rax + {vector} + 0x70], xmm7",
        "movaps [rax + {vector} + 0x80], xmm8", "movaps [rax + {vector} + 0x90], xmm9",
        "movaps [rax + {vector} + 0xA0], xmm10", "movaps [rax + {vector} + 0xB0], xmm11",
        "movaps [rax + {vector} + 0xC0], xmm12", "movaps [rax + {vector} + 0xD0], xmm13",
        "movaps [rax + {vector} + 0xE0], xmm14", "movaps [rax + {vector} + 0xF0], xmm15",
        "ldmxcsr [rsp + 0x118]",
        "push qword ptr [rsp + 0x110]", "popfq",
        "movaps xmm6, [rsp + 0x70]", "movaps xmm7, [rsp + 0x80]",
        "movaps xmm8, [rsp + 0x90]", "movaps xmm9, [rsp + 0xA0]",
        "movaps xmm10, [rsp + 0xB0]", "movaps xmm11, [rsp + 0xC0]",
        "movaps xmm12, [rsp + 0xD0]", "movaps xmm13, [rsp + 0xE0]",
        "movaps xmm14, [rsp + 0xF0]", "movaps xmm15, [rsp + 0x100]",
        "add rsp, 0x128",
        "pop r15", "pop r14", "pop r13", "pop r12",
        "pop rdi", "pop rsi", "pop rbp", "pop rbx",
        "ret",
        action = const ACTION,
        arguments = const ARGUMENTS,
        mxcsr = const MXCSR,
        vector = const VECTOR,
        flags = const FLAGS,
        after = const AFTER,
    )
}
