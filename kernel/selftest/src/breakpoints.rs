//! Debug registers and single steps: each thread's own, never the kernel's.

use hal::memory::layout;
use hal::thread::{self, DebugRegisters};
use hal::trap::UserRegisters;

use super::expect::{Outcome, equal};
use super::user_run::{CODE, DATA, Trap, UserRun, answering};

const BREAKPOINT: Trap = Trap::exception(3);
const SINGLE_STEP: u64 = 1 << 14;
const TRAP_FLAG: u64 = 1 << 8;
const RESUME_FLAG: u64 = 1 << 16;
/// DR7: breakpoint 0 on, for execution; breakpoint 1 on, for writes of 4 bytes.
const EXECUTION_0: u64 = 1;
const WRITE_1: u64 = 1 << 2 | 0xd << 20;
/// mov dword ptr [DATA], 1; int3
const WRITES: [u8; 12] = [0xc7, 0x04, 0x25, 0, 0, 2, 0, 1, 0, 0, 0, 0xcc];
const WRITE_BYTES: u64 = 11;

pub(super) fn run() -> Outcome {
    answering(|| {
        single_step()?;
        on_execution()?;
        on_write()?;
        own()?;
        not_in_the_kernel()?;
        sanitised()
    })
}

fn debug_exception(debug_status: u64) -> Trap {
    Trap::Exception {
        vector: 1,
        debug_status,
        in_return: false,
    }
}

/// A step is one instruction, and the flag goes.
fn single_step() -> Outcome {
    let program = UserRun::new(&[0x90, 0x90, 0xcc], || {})?;
    let start = program.registers()?;
    for step in 0..2 {
        let stepping = UserRegisters {
            rip: CODE + step,
            flags: start.flags | TRAP_FLAG,
            ..start
        };
        program.set_registers(&stepping)?;
        equal("a step", program.run(), debug_exception(SINGLE_STEP))?;
        let behind = UserRegisters {
            rip: CODE + step + 1,
            ..start
        };
        equal("registers behind a step", program.registers()?, behind)?;
        let status = program.with(|registers| registers.debug_registers().status)?;
        equal("DR6 behind a step", status, SINGLE_STEP)?;
    }
    equal("no more steps", program.run(), BREAKPOINT)
}

fn on_execution() -> Outcome {
    let program = UserRun::new(&[0x90, 0x90, 0xcc], || {})?;
    let wanted = DebugRegisters {
        addresses: [CODE + 1, 0, 0, 0],
        control: EXECUTION_0,
        ..DebugRegisters::default()
    };
    program.with(|registers| registers.set_debug_registers(wanted))?;
    for _ in 0..2 {
        equal("a breakpoint", program.run(), debug_exception(1))?;
        equal("its place", program.registers()?.rip, CODE + 1)?;
    }
    let met = DebugRegisters {
        status: 1,
        ..wanted
    };
    let found = program.with(|registers| registers.debug_registers())?;
    equal("debug registers", found, met)?;
    let mut going_on = program.registers()?;
    going_on.flags |= RESUME_FLAG;
    program.set_registers(&going_on)?;
    equal("past the breakpoint", program.run(), BREAKPOINT)
}

fn watching() -> DebugRegisters {
    DebugRegisters {
        addresses: [0, DATA, 0, 0],
        control: WRITE_1,
        ..DebugRegisters::default()
    }
}

fn on_write() -> Outcome {
    let program = UserRun::new(&WRITES, || {})?;
    program.with(|registers| registers.set_debug_registers(watching()))?;
    equal("a watched write", program.run(), debug_exception(2))?;
    let rip = program.registers()?.rip;
    equal("the place behind it", rip, CODE + WRITE_BYTES)?;
    equal("the rest", program.run(), BREAKPOINT)
}

/// A program does not meet another's breakpoints.
fn own() -> Outcome {
    let watched = UserRun::new(&WRITES, || {})?;
    let other = UserRun::new(&WRITES, || {})?;
    let start = watched.registers()?;
    watched.with(|registers| registers.set_debug_registers(watching()))?;
    for _ in 0..2 {
        watched.set_registers(&start)?;
        other.set_registers(&start)?;
        equal("a watched write", watched.run(), debug_exception(2))?;
        equal("the same of another", other.run(), BREAKPOINT)?;
        equal("the rest", watched.run(), BREAKPOINT)?;
    }
    watched.with(|registers| registers.set_debug_registers(DebugRegisters::default()))?;
    watched.set_registers(&start)?;
    equal("a write no longer watched", watched.run(), BREAKPOINT)
}

/// What the kernel writes for a program is not watched; what the program itself
/// writes then is.
fn not_in_the_kernel() -> Outcome {
    let program = UserRun::new(&WRITES, || {
        thread::set_debug_registers(watching());
        let _ = hal::user::copy_out(DATA, &[1; 16]);
        // Nothing was noted for the thread either.
        let seen = thread::debug_registers();
        if seen != watching() {
            thread::set_debug_registers(DebugRegisters::default());
        }
    })?;
    equal("a watched write", program.run(), debug_exception(2))?;
    let own = thread::debug_registers();
    equal(
        "debug registers of the tests",
        own,
        DebugRegisters::default(),
    )
}

/// What would reach the kernel or is not defined is left out.
fn sanitised() -> Outcome {
    const PORT_2: u64 = 1 << 4 | 2 << 24;
    const EXECUTION_3: u64 = 1 << 6;
    const LENGTH_3: u64 = 3 << 30;
    const LOCAL_EXACT: u64 = 1 << 8;
    let program = UserRun::new(&[0xcc], || {})?;
    let after = |wanted| {
        program.with(|registers| {
            registers.set_debug_registers(wanted);
            registers.debug_registers()
        })
    };
    let wanted = DebugRegisters {
        addresses: [
            layout::KERNEL_IMAGE,
            layout::USER_END,
            u64::MAX,
            layout::USER_END - 1,
        ],
        status: u64::MAX,
        control: 0,
    };
    let kept = DebugRegisters {
        addresses: [0, 0, 0, layout::USER_END - 1],
        status: 0xe00f,
        control: 0,
    };
    equal("addresses of the kernel's", after(wanted)?, kept)?;
    for (control, kept) in [
        (0xff00 | 0xaa, LOCAL_EXACT),
        (PORT_2 | EXECUTION_0, 2 << 24 | EXECUTION_0),
        (EXECUTION_3 | LENGTH_3, EXECUTION_3),
        (u64::MAX, 0xffff_0155),
        (WRITE_1, WRITE_1),
    ] {
        let wanted = DebugRegisters {
            control,
            ..DebugRegisters::default()
        };
        equal(
            format_args!("DR7 {control:#x}"),
            after(wanted)?.control,
            kept,
        )?;
    }
    let kernel = DebugRegisters {
        addresses: [hal::probe::code().start; 4],
        control: u64::MAX,
        ..DebugRegisters::default()
    };
    after(kernel)?;
    equal("a run with everything on", program.run(), BREAKPOINT)
}
