//! How a thread enters user mode, and how it calls the system.
//!
//! First instruction of a freestanding program: rcx = PEB, gs base = TEB,
//! rsp = 8 modulo 16 as after a call, with the return address (0) and the home
//! space above it mapped; every other general register is 0.
//!
//! System call (W 2.1): eax = number, r10, rdx, r8, r9 = first four arguments,
//! the rest from `rsp + STACK_ARGUMENTS` on, where rsp points at the return
//! address of the stub `mov r10, rcx; mov eax, N; syscall; ret`. eax returns the
//! status. rcx and r11 are lost to the instruction; rbx, rbp, rsi, rdi, r12-r15,
//! xmm6-xmm15, mxcsr and the flags are kept; the other registers carry nothing
//! of the kernel's. Upper halves of 32-bit arguments are garbage.

/// Code selector of user mode.
pub const USER_CODE_SELECTOR: u16 = 0x33;
/// Stack and data selector of user mode.
pub const USER_DATA_SELECTOR: u16 = 0x2B;
/// RFLAGS at a thread's first instruction: IF, and bit 1 that is always set.
pub const INITIAL_FLAGS: u64 = 0x202;
/// MXCSR at a thread's first instruction: all exceptions masked (W 3.8).
pub const INITIAL_MXCSR: u32 = 0x1F80;
/// x87 control word at a thread's first instruction (W 3.8).
pub const INITIAL_X87_CONTROL: u16 = 0x027F;
/// Bytes above the return address that a callee may use for its arguments.
pub const HOME_SPACE_BYTES: u64 = 0x20;
/// Bytes of the return address.
pub const RETURN_ADDRESS_BYTES: u64 = 8;
/// Offset from rsp of the fifth argument at `syscall`.
pub const STACK_ARGUMENTS: u64 = 0x28;
