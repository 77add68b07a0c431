//! The NTSTATUS of a processor exception (Wine contract, 5.1).

use abi::NtStatus;
use abi::exception::{
    EXCEPTION_EXECUTE_FAULT, EXCEPTION_NONCONTINUABLE, EXCEPTION_READ_FAULT, EXCEPTION_WRITE_FAULT,
};
use executive::exception::Cause;
use executive::memory::Unresolved;
use hal::trap::{Exception, TrapFrame};
use hal::user;

const GENERAL_PROTECTION: u8 = 13;

/// The status with which a fault ends a program.
pub(crate) fn status(cause: &Cause, frame: &TrapFrame) -> NtStatus {
    match cause {
        Cause::Memory(_, Unresolved::Denied(_)) => NtStatus::ACCESS_VIOLATION,
        Cause::Memory(_, Unresolved::GuardPage) => NtStatus::GUARD_PAGE_VIOLATION,
        Cause::Memory(_, Unresolved::StackOverflow { .. }) => NtStatus::STACK_OVERFLOW,
        Cause::Memory(_, Unresolved::OutOfMemory) => NtStatus::IN_PAGE_ERROR,
        Cause::Processor(exception) => of_exception(exception, frame),
        Cause::Raised(status) => NtStatus(*status),
        Cause::NoStack(_) => NtStatus::ACCESS_VIOLATION,
    }
}

fn of_exception(exception: &Exception, frame: &TrapFrame) -> NtStatus {
    match exception.vector {
        0 => NtStatus::INTEGER_DIVIDE_BY_ZERO,
        1 => NtStatus::SINGLE_STEP,
        3 | 0x2d => NtStatus::BREAKPOINT,
        4 => NtStatus::INTEGER_OVERFLOW,
        5 => NtStatus::ARRAY_BOUNDS_EXCEEDED,
        6 => NtStatus::ILLEGAL_INSTRUCTION,
        // One with an error code is about a selector or a software interrupt.
        GENERAL_PROTECTION
            if exception.error_code == 0 && is_privileged(frame.instruction_pointer()) =>
        {
            NtStatus::PRIVILEGED_INSTRUCTION
        }
        16 => of_x87(),
        17 => NtStatus::DATATYPE_MISALIGNMENT,
        19 => of_simd(),
        0x29 => NtStatus::STACK_BUFFER_OVERRUN,
        0x2c => NtStatus::ASSERTION_FAILURE,
        _ => NtStatus::ACCESS_VIOLATION,
    }
}

/// Most numbers that a cause has.
const MOST_PARAMETERS: usize = 3;

/// What EXCEPTION_RECORD.ExceptionInformation says of a cause, and how many of
/// the numbers count.
pub(crate) fn parameters(cause: &Cause, frame: &TrapFrame) -> ([u64; MOST_PARAMETERS], usize) {
    match cause {
        Cause::Memory(fault, why) => {
            let access = match (fault.is_write, fault.is_execute) {
                (true, _) => EXCEPTION_WRITE_FAULT,
                (_, true) => EXCEPTION_EXECUTE_FAULT,
                _ => EXCEPTION_READ_FAULT,
            };
            let reason = match why {
                Unresolved::OutOfMemory => Some(NtStatus::NO_MEMORY),
                _ => None,
            };
            let numbers = [access, fault.address, reason.map_or(0, |why| why.0.into())];
            (numbers, if reason.is_some() { 3 } else { 2 })
        }
        Cause::Raised(_) => ([0; 3], 0),
        Cause::NoStack(address) => ([EXCEPTION_WRITE_FAULT, *address, 0], 2),
        Cause::Processor(exception) => match exception.vector {
            3 => ([0; 3], 1),
            0x29 => ([frame.user_registers().rcx, 0, 0], 1),
            0x2d => ([frame.user_registers().rax, 0, 0], 1),
            19 => ([0, hal::thread::mxcsr().into(), 0], 2),
            GENERAL_PROTECTION if status(cause, frame) == NtStatus::PRIVILEGED_INSTRUCTION => {
                ([0; 3], 0)
            }
            // The address is not known.
            12 | GENERAL_PROTECTION => ([EXCEPTION_READ_FAULT, u64::MAX, 0], 2),
            _ => ([0; 3], 0),
        },
    }
}

/// EXCEPTION_RECORD.ExceptionFlags of a cause.
pub(crate) fn flags(cause: &Cause) -> u32 {
    const FAST_FAIL: u8 = 0x29;
    match cause {
        Cause::Processor(exception) if exception.vector == FAST_FAIL => EXCEPTION_NONCONTINUABLE,
        _ => 0,
    }
}

/// Whether the instruction at an address is one that only the kernel may run.
fn is_privileged(address: u64) -> bool {
    const PREFIXES: [u8; 6] = [0x66, 0x67, 0xf2, 0xf3, 0x2e, 0x3e];
    let mut code = [0; 15];
    let mut bytes = code.as_mut_slice();
    // Near the end of the last page fewer bytes can be read.
    while !bytes.is_empty() && user::copy_in(bytes, address).is_err() {
        let shorter = bytes.len().saturating_sub(1);
        bytes = bytes.get_mut(..shorter).unwrap_or_default();
    }
    let rest = bytes
        .iter()
        .skip_while(|byte| PREFIXES.contains(byte) || (0x40..0x50).contains(*byte));
    let mut rest = rest.copied();
    match rest.next() {
        // HLT, CLI, STI, IN, OUT, INS, OUTS.
        Some(0xf4 | 0xfa | 0xfb | 0xe4..=0xe7 | 0xec..=0xef | 0x6c..=0x6f) => true,
        Some(0x0f) => match rest.next() {
            // LLDT, LTR; LGDT, LIDT, LMSW, INVLPG: by the field in their ModRM byte.
            Some(0x00) => rest
                .next()
                .is_some_and(|modrm| matches!(modrm >> 3 & 7, 2 | 3)),
            Some(0x01) => rest.next().is_some_and(|modrm| match modrm {
                // With registers: XSETBV, LMSW, SWAPGS.
                0xc0.. => matches!(modrm, 0xd1 | 0xf0..=0xf8),
                _ => matches!(modrm >> 3 & 7, 2 | 3 | 6 | 7),
            }),
            // CLTS, SYSRET, INVD, WBINVD, MOV CR/DR, WRMSR, RDMSR, SYSEXIT.
            Some(0x06..=0x09 | 0x20..=0x23 | 0x30 | 0x32 | 0x35) => true,
            _ => false,
        },
        _ => false,
    }
}

/// Invalid, denormal, divide by zero, overflow, underflow, inexact: the order of
/// the exception bits in the x87 status word and in MXCSR.
const FLOAT_STATUSES: [NtStatus; 6] = [
    NtStatus::FLOAT_INVALID_OPERATION,
    NtStatus::FLOAT_DENORMAL_OPERAND,
    NtStatus::FLOAT_DIVIDE_BY_ZERO,
    NtStatus::FLOAT_OVERFLOW,
    NtStatus::FLOAT_UNDERFLOW,
    NtStatus::FLOAT_INEXACT_RESULT,
];

fn first_of(flags: u32) -> NtStatus {
    let index = usize::try_from(flags.trailing_zeros()).unwrap_or(usize::MAX);
    FLOAT_STATUSES
        .get(index)
        .copied()
        .unwrap_or(NtStatus::FLOAT_MULTIPLE_FAULTS)
}

fn of_x87() -> NtStatus {
    const INVALID: u16 = 1;
    const STACK_FAULT: u16 = 1 << 6;
    let (control, status) = hal::thread::x87_control_and_status();
    let raised = status & !control;
    // Of an invalid operation that was masked the bit stays, too.
    if raised & INVALID != 0 && status & STACK_FAULT != 0 {
        return NtStatus::FLOAT_STACK_CHECK;
    }
    first_of(u32::from(raised))
}

fn of_simd() -> NtStatus {
    const MASK_SHIFT: u32 = 7;
    let mxcsr = hal::thread::mxcsr();
    first_of(mxcsr & !(mxcsr >> MASK_SHIFT))
}
