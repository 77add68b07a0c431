//! Contexts: a program's registers are seen and set, and never harm.

use hal::memory::{frame_counts, heap_counts};
use hal::thread;
use hal::trap::UserRegisters;

use super::expect::{Outcome, equal, holds};
use super::user_run::{ARGUMENT, CODE, GS_BASE, STACK, Trap, UserRun, answering};

const BREAKPOINT: Trap = Trap::exception(3);
const GENERAL_PROTECTION: u8 = 13;
const PAGE_FAULT: Trap = Trap::exception(14);
/// IF and the bit that is always 1.
const FIXED_FLAGS: u64 = 0x202;
const TRAP_FLAG: u64 = 1 << 8;
const RESUME_FLAG: u64 = 1 << 16;
const INT3: [u8; 1] = [0xcc];

pub(super) fn run() -> Outcome {
    answering(|| {
        // The first program takes page tables for its kernel stack.
        first_frame()?;
        let before = (frame_counts(), heap_counts().used_bytes);
        exact_after_exception()?;
        exact_after_system_call()?;
        plain_system_call()?;
        flags()?;
        impossible_instruction_pointers()?;
        not_while_running()?;
        software_interrupts()?;
        let after = (frame_counts(), heap_counts().used_bytes);
        equal("frames, heap bytes afterwards", after, before)
    })
}

fn nothing() {}

/// Every register has a value of its own.
fn patterns(rip: u64) -> UserRegisters {
    let value = |number: u64| (0x0101_0101_0101_0101 * (0x10 + number)) | 1 << 63;
    UserRegisters {
        rax: value(0),
        rcx: value(1),
        rdx: value(2),
        rbx: value(3),
        rsp: STACK - 64,
        rbp: value(5),
        rsi: value(6),
        rdi: value(7),
        r8: value(8),
        r9: value(9),
        r10: value(10),
        r11: value(11),
        r12: value(12),
        r13: value(13),
        r14: value(14),
        r15: value(15),
        rip,
        flags: FIXED_FLAGS | 0xcd5, // CF PF AF ZF SF DF OF
        code_segment: 0x33,
        stack_segment: 0x2b,
    }
}

/// The frame is there before the thread first runs, and is what it starts with.
fn first_frame() -> Outcome {
    // mov rax, gs:[0]; int3
    let code = [0x65, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0xcc];
    let program = UserRun::new(&code, || {
        let _ = hal::user::copy_out(GS_BASE, &ARGUMENT.to_le_bytes());
    })?;
    let expected = UserRegisters {
        rip: CODE,
        rcx: ARGUMENT,
        rsp: STACK,
        flags: FIXED_FLAGS,
        code_segment: 0x33,
        stack_segment: 0x2b,
        ..UserRegisters::default()
    };
    equal("registers before the start", program.registers()?, expected)?;
    equal("the first trap", program.run(), BREAKPOINT)?;
    let expected = UserRegisters {
        rip: CODE + code.len() as u64,
        rax: ARGUMENT,
        ..expected
    };
    equal("registers after the start", program.registers()?, expected)
}

fn exact_after_exception() -> Outcome {
    let program = UserRun::new(&[INT3[0], 0x90, INT3[0]], nothing)?;
    for wanted in [patterns(CODE), patterns(CODE + 1)] {
        program.set_registers(&wanted)?;
        equal("registers that were set", program.registers()?, wanted)?;
        equal("a trap", program.run(), BREAKPOINT)?;
        let last = UserRegisters {
            rip: if wanted.rip == CODE {
                CODE + 1
            } else {
                CODE + 3
            },
            ..wanted
        };
        equal("registers that ran", program.registers()?, last)?;
    }
    Ok(())
}

/// Registers set during a system call come back whole, which SYSRET could not do.
fn exact_after_system_call() -> Outcome {
    // syscall; int3
    let program = UserRun::new(&[0x0f, 0x05, INT3[0]], nothing)?;
    for _ in 0..2 {
        equal("a system call", program.run(), Trap::SystemCall)?;
        let wanted = patterns(CODE + 2);
        program.set_registers(&wanted)?;
        equal("a trap", program.run(), BREAKPOINT)?;
        let last = UserRegisters {
            rip: CODE + 3,
            ..wanted
        };
        equal("registers set in a system call", program.registers()?, last)?;
        program.set_registers(&UserRegisters { rip: CODE, ..last })?;
    }
    Ok(())
}

/// A system call of whose registers none was set keeps what the convention says.
fn plain_system_call() -> Outcome {
    let program = UserRun::new(&[0x0f, 0x05, INT3[0]], nothing)?;
    let start = patterns(CODE);
    program.set_registers(&start)?;
    equal("a system call", program.run(), Trap::SystemCall)?;
    let inside = UserRegisters {
        rip: CODE + 2,
        rcx: CODE + 2,
        r11: start.flags,
        ..start
    };
    equal("registers in a system call", program.registers()?, inside)?;
    equal("a trap", program.run(), BREAKPOINT)?;
    let behind = UserRegisters {
        rip: CODE + 3,
        rdx: 0,
        r8: 0,
        r9: 0,
        r10: 0,
        ..inside
    };
    equal(
        "registers behind a system call",
        program.registers()?,
        behind,
    )
}

/// Of the flags a program gets those that it could set itself.
fn flags() -> Outcome {
    const SETTABLE: u64 = 0x25_0dd5;
    let program = UserRun::new(&[0x90, INT3[0]], nothing)?;
    let wanted = UserRegisters {
        flags: u64::MAX,
        code_segment: 0x08,
        stack_segment: 0x10,
        ..patterns(CODE)
    };
    program.set_registers(&wanted)?;
    let kept = UserRegisters {
        flags: SETTABLE | FIXED_FLAGS,
        ..patterns(CODE)
    };
    equal("all flags", program.registers()?, kept)?;
    let not_stepping = UserRegisters {
        flags: !TRAP_FLAG,
        ..wanted
    };
    program.set_registers(&not_stepping)?;
    equal("a trap with all flags", program.run(), BREAKPOINT)?;
    let ran = (SETTABLE | FIXED_FLAGS) & !TRAP_FLAG & !RESUME_FLAG;
    // QEMU's emulation forgets RF only at the end of a block.
    let flags = program.registers()?.flags & !RESUME_FLAG;
    equal("flags that ran", flags, ran)?;
    program.set_registers(&UserRegisters { flags: 0, ..wanted })?;
    equal("a trap without flags", program.run(), BREAKPOINT)?;
    equal("no flags", program.registers()?.flags, FIXED_FLAGS)
}

/// Such a context is the thread's own fault, reported with the thread's registers,
/// and can be set right.
fn impossible_instruction_pointers() -> Outcome {
    let program = UserRun::new(&[0x0f, 0x05, INT3[0]], nothing)?;
    for rip in [
        1 << 47,
        0x1234_5678_9abc_def0,
        0xffff_7fff_ffff_ffff,
        1 << 63,
    ] {
        bad_return(&program, rip)?;
        // The same from a system call.
        program.set_registers(&patterns(CODE))?;
        equal("a system call", program.run(), Trap::SystemCall)?;
        bad_return(&program, rip)?;
    }
    // The kernel's code is only not the program's.
    let kernel = hal::probe::code().start;
    program.set_registers(&patterns(kernel))?;
    equal("a jump into the kernel", program.run(), PAGE_FAULT)?;
    equal("its place", program.registers()?.rip, kernel)
}

fn bad_return(program: &UserRun, rip: u64) -> Outcome {
    let wanted = patterns(rip);
    program.set_registers(&wanted)?;
    // QEMU's emulation returns, and the program faults at once.
    let allowed = [
        Trap::Exception {
            vector: GENERAL_PROTECTION,
            debug_status: 0,
            in_return: true,
        },
        Trap::exception(GENERAL_PROTECTION),
        PAGE_FAULT,
    ];
    let trap = program.run();
    holds(
        format_args!("return to {rip:#x} is the program's fault: {trap:x?}"),
        allowed.contains(&trap),
    )?;
    equal(
        format_args!("registers after {trap:x?}"),
        UserRegisters {
            flags: wanted.flags,
            ..program.registers()?
        },
        wanted,
    )
}

/// Whoever runs, has ended or is the kernel's own keeps its registers.
fn not_while_running() -> Outcome {
    let program = UserRun::new(&INT3, nothing)?;
    let inside = program.with(|_| program.execution().with_user_registers(|_| ()))?;
    equal("a look inside a look", inside, None)?;
    let own = thread::current().and_then(|own| own.with_user_registers(|_| ()));
    equal("a look at the current execution", own, None)?;
    equal("a trap", program.run(), BREAKPOINT)?;
    holds("a look at a waiting one", program.registers().is_ok())
}

/// NT's software interrupts may be raised by a program; no others.
fn software_interrupts() -> Outcome {
    const ALLOWED: [u8; 5] = [3, 4, 0x29, 0x2c, 0x2d];
    for vector in 0..=u8::MAX {
        let program = UserRun::new(&[0xcd, vector], nothing)?;
        let (trap, rip) = (program.run(), program.registers()?.rip);
        let expected = match ALLOWED.contains(&vector) {
            true => (Trap::exception(vector), CODE + 2),
            false => (Trap::exception(GENERAL_PROTECTION), CODE),
        };
        equal(format_args!("int {vector:#x}"), (trap, rip), expected)?;
    }
    Ok(())
}
