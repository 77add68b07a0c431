//! Times: when threads lived, and what they used of the processor.
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::process::{PROCESS_CYCLE_TIME, PROCESS_TIMES};
use abi::thread::*;
use nt::information::{Of, query};
use nt::sync;
use nt::{NtStatus, Program, system, thread};

const MILLISECOND: i64 = 10_000;

pub fn check(program: &Program) {
    grow(program);
    of_another(program);
}

fn times(program: &Program, of: Of) -> KernelUserTimes {
    let (handle, class) = match of {
        Of::Thread => (CURRENT_THREAD, THREAD_TIMES),
        Of::Process => (CURRENT_PROCESS, PROCESS_TIMES),
    };
    program.done("the times", query(of, handle, class))
}

/// Computing is user time, calls are kernel time, sleeping is neither.
fn grow(program: &Program) {
    for of in [Of::Thread, Of::Process] {
        let start = times(program, of);
        let now = program.done("the time", system::system_time_100ns());
        program.require("it began", start.create_time_100ns < now);
        program.check("it has not ended", start.exit_time_100ns, 0);
        compute(program, 5 * MILLISECOND);
        let computed = times(program, of);
        let user = computed.user_time_100ns - start.user_time_100ns;
        program.require("computing is user time", user >= 3 * MILLISECOND);
        let until = program.done("the time", system::system_time_100ns()) + 40 * MILLISECOND;
        while program.done("the time", system::system_time_100ns()) < until {}
        let called = times(program, of);
        let kernel = called.kernel_time_100ns - computed.kernel_time_100ns;
        // It is sampled at every tick.
        program.require("calls are kernel time", kernel > 2 * MILLISECOND);
        system::delay(-20 * MILLISECOND);
        let slept = times(program, of);
        let used = slept.user_time_100ns + slept.kernel_time_100ns
            - called.user_time_100ns
            - called.kernel_time_100ns;
        program.require("sleeping is neither", used < 10 * MILLISECOND);
    }
    let cycles = |of, handle, class| {
        let cycles = query::<CycleTimeInformation>(of, handle, class);
        program.done("the cycles", cycles).accumulated_cycles
    };
    let before = cycles(Of::Thread, CURRENT_THREAD, THREAD_CYCLE_TIME);
    let of_process = cycles(Of::Process, CURRENT_PROCESS, PROCESS_CYCLE_TIME);
    program.require("the process has more", of_process >= before);
    let after = cycles(Of::Thread, CURRENT_THREAD, THREAD_CYCLE_TIME);
    program.require("they grow", after > before);
}

/// Computes for a while of the clock, without a call.
fn compute(program: &Program, time_100ns: i64) {
    let interrupt_time = || loop {
        if let Some(time) = system::shared_time(system::user_shared().interrupt_time_100ns) {
            return time;
        }
    };
    let until = interrupt_time() + time_100ns as u64;
    while interrupt_time() < until {}
    program.require("time passed", interrupt_time() >= until);
}

extern "system" fn compute_and_end(_: u64) -> ! {
    let program = Program {
        name: "information",
    };
    compute(&program, 5 * MILLISECOND);
    thread::exit(NtStatus::SUCCESS)
}

/// What an ended thread used stays the process's.
fn of_another(program: &Program) {
    let before = times(program, Of::Process);
    let other = program.done("a thread", thread::spawn(compute_and_end, 0));
    program.check("its end", sync::wait(&other, None), NtStatus::WAIT_0);
    let its = query::<KernelUserTimes>(Of::Thread, other.raw(), THREAD_TIMES);
    let its = program.done("its times", its);
    program.require("it computed", its.user_time_100ns >= 3 * MILLISECOND);
    let later = query::<KernelUserTimes>(Of::Thread, other.raw(), THREAD_TIMES);
    let later = program.done("its times", later);
    program.check("no longer", later.user_time_100ns, its.user_time_100ns);
    let after = times(program, Of::Process);
    let grown = after.user_time_100ns - before.user_time_100ns;
    program.require("the process computed", grown >= its.user_time_100ns);
}
