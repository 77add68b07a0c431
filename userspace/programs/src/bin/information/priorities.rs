//! Priorities: a process's class, its threads' increments, what comes of both.
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::process::*;
use abi::thread::*;
use nt::information::{Of, query, set};
use nt::process::{self, Created};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, thread};

const CLASSES: [(u32, i32); 6] = [
    (PRIORITY_CLASS_IDLE, 4),
    (PRIORITY_CLASS_BELOW_NORMAL, 6),
    (PRIORITY_CLASS_NORMAL, 8),
    (PRIORITY_CLASS_ABOVE_NORMAL, 10),
    (PRIORITY_CLASS_HIGH, 13),
    (PRIORITY_CLASS_REALTIME, 24),
];
/// Increments, with the levels they mean in dynamic processes: above the process's,
/// or at an end.
const HIGHEST: [i32; 2] = [15, 16];
const LOWEST: [i32; 2] = [-15, -16];

pub fn check(program: &Program) {
    let thread = program.done("a thread", thread::spawn_suspended(end, 0));
    for (class, base) in CLASSES {
        program.check(
            "a class",
            set_class(CURRENT_PROCESS, class),
            NtStatus::SUCCESS,
        );
        program.check("its level", process_base(program), base);
        let of_process =
            query::<ProcessPriorityClass>(Of::Process, CURRENT_PROCESS, PROCESS_PRIORITY_CLASS);
        let of_process = program.done("the class", of_process);
        program.check("as it was set", u32::from(of_process.class), class);
        increments(program, &thread, base);
    }
    program.check("back", set_class(CURRENT_PROCESS, 2), NtStatus::SUCCESS);
    for class in [0, 7, 255] {
        let refused = set_class(CURRENT_PROCESS, class);
        program.check("no class", refused, NtStatus::INVALID_PARAMETER);
    }
    now(program, &thread);
    follow(program, &thread);
    children(program);
    program.check("go on", thread::resume(&thread), Ok(1));
    program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
}

extern "system" fn end(_: u64) -> ! {
    thread::exit(NtStatus::SUCCESS)
}

fn set_class(process: u64, class: u32) -> NtStatus {
    set(
        Of::Process,
        process,
        PROCESS_PRIORITY_CLASS,
        &[0, class as u8],
    )
}

fn process_base(program: &Program) -> i32 {
    let basic = process::basic_information(CURRENT_PROCESS);
    program.done("the process", basic).base_priority
}

fn set_thread(thread: u64, class: u32, value: i32) -> NtStatus {
    set(Of::Thread, thread, class, &value)
}

/// Increment and level now.
fn levels(program: &Program, thread: &Handle) -> (i32, i32) {
    let basic = program.done("the thread", thread::basic_information(thread));
    let base = query::<i32>(Of::Thread, thread.raw(), THREAD_ACTUAL_BASE_PRIORITY);
    program.check(
        "not boosted",
        basic.priority,
        program.done("its base", base),
    );
    (basic.base_priority, basic.priority)
}

fn increments(program: &Program, thread: &Handle, base: i32) {
    let is_real_time = base >= LOW_REALTIME_PRIORITY;
    let (lowest, highest) = if is_real_time { (16, 31) } else { (1, 15) };
    let reach = if is_real_time { -7..=6 } else { -2..=2 };
    for increment in -20..=20 {
        let status = set_thread(thread.raw(), THREAD_BASE_PRIORITY, increment);
        let expected = match increment {
            _ if HIGHEST.contains(&increment) => Some((15, highest)),
            _ if LOWEST.contains(&increment) => Some((-15, lowest)),
            _ if reach.contains(&increment) => {
                Some((increment, (base + increment).clamp(lowest, highest)))
            }
            _ => None,
        };
        match expected {
            Some(expected) => {
                program.check(
                    "an increment",
                    (increment, status),
                    (increment, NtStatus::SUCCESS),
                );
                program.check("its level", levels(program, thread), expected);
            }
            None => {
                let refused = (increment, NtStatus::INVALID_PARAMETER);
                program.check("no increment", (increment, status), refused);
            }
        }
    }
    let status = set_thread(thread.raw(), THREAD_BASE_PRIORITY, 0);
    program.check("back", status, NtStatus::SUCCESS);
}

/// The level a thread has now, and its base by its level.
fn now(program: &Program, thread: &Handle) {
    for level in [1, 5, 15, 16, 31] {
        let status = set_thread(thread.raw(), THREAD_PRIORITY, level);
        program.check("a level", status, NtStatus::SUCCESS);
        let basic = program.done("the thread", thread::basic_information(thread));
        program.check("it is", (basic.priority, basic.base_priority), (level, 0));
    }
    for class in [THREAD_PRIORITY, THREAD_ACTUAL_BASE_PRIORITY] {
        for level in [i32::MIN, -1, 0, 32, i32::MAX] {
            let refused = set_thread(thread.raw(), class, level);
            program.check("no level", refused, NtStatus::INVALID_PARAMETER);
        }
    }
    let status = set_thread(thread.raw(), THREAD_ACTUAL_BASE_PRIORITY, 12);
    program.check("a base", status, NtStatus::SUCCESS);
    program.check("it is", levels(program, thread), (4, 12));
    let refused = set_thread(thread.raw(), THREAD_ACTUAL_BASE_PRIORITY, 16);
    program.check("out of reach", refused, NtStatus::INVALID_PARAMETER);
    let status = set(Of::Process, CURRENT_PROCESS, PROCESS_BASE_PRIORITY, &9);
    program.check("the process's base", status, NtStatus::SUCCESS);
    program.check("follows", levels(program, thread), (4, 13));
    program.check("all do", levels_of_self(program), 9);
    let status = set_class(CURRENT_PROCESS, PRIORITY_CLASS_NORMAL);
    program.check("back", status, NtStatus::SUCCESS);
    program.check("follows", levels(program, thread), (4, 12));
}

fn levels_of_self(program: &Program) -> i32 {
    let base = query::<i32>(Of::Thread, CURRENT_THREAD, THREAD_ACTUAL_BASE_PRIORITY);
    program.done("its base", base)
}

/// Boosts, and new threads in a process that is not as usual.
fn follow(program: &Program, thread: &Handle) {
    let of_process = |class, value: u32| set(Of::Process, CURRENT_PROCESS, class, &value);
    let priority = || {
        let basic = program.done("the thread", thread::basic_information(thread));
        basic.priority
    };
    let status = set_thread(thread.raw(), THREAD_BASE_PRIORITY, 0);
    program.check("as usual", status, NtStatus::SUCCESS);
    program.check(
        "boost all",
        of_process(PROCESS_RAISE_PRIORITY, 3),
        NtStatus::SUCCESS,
    );
    program.check("boosted", priority(), 11);
    program.check(
        "far",
        of_process(PROCESS_RAISE_PRIORITY, u32::MAX),
        NtStatus::SUCCESS,
    );
    program.check("no further", priority(), 15);
    program.check(
        "no boosts",
        of_process(PROCESS_PRIORITY_BOOST, 1),
        NtStatus::SUCCESS,
    );
    let status = set_class(CURRENT_PROCESS, PRIORITY_CLASS_HIGH);
    program.check("high", status, NtStatus::SUCCESS);
    let new = program.done("a thread", thread::spawn_suspended(end, 0));
    program.check("begins high", levels(program, &new), (0, 13));
    let disabled = query::<u32>(Of::Thread, new.raw(), THREAD_PRIORITY_BOOST);
    program.check("without boosts", disabled, Ok(1));
    program.check("go on", thread::resume(&new), Ok(1));
    program.check("its end", sync::wait(&new, None), NtStatus::WAIT_0);
    program.check(
        "boosts again",
        of_process(PROCESS_PRIORITY_BOOST, 0),
        NtStatus::SUCCESS,
    );
    let disabled = query::<u32>(Of::Thread, thread.raw(), THREAD_PRIORITY_BOOST);
    program.check("with boosts", disabled, Ok(0));
    let status = set_class(CURRENT_PROCESS, PRIORITY_CLASS_NORMAL);
    program.check("back", status, NtStatus::SUCCESS);
}

/// A child is at most normal.
fn children(program: &Program) {
    for (class, base) in CLASSES {
        program.check(
            "a class",
            set_class(CURRENT_PROCESS, class),
            NtStatus::SUCCESS,
        );
        let made = process::create("exit.exe", "exit.exe 1", 0, process::SUSPENDED);
        let Created {
            process: child,
            thread,
            ..
        } = program.done("a child", made);
        let basic = program.done("what it is", process::basic_information(child.raw()));
        program.check("its base", basic.base_priority, base.min(8));
        program.check("its thread's", levels(program, &thread), (0, base.min(8)));
        let status = process::terminate(&child, NtStatus(1));
        program.check("end it", status, NtStatus::SUCCESS);
        program.check("its end", sync::wait(&child, None), NtStatus::WAIT_0);
    }
    program.check("back", set_class(CURRENT_PROCESS, 2), NtStatus::SUCCESS);
}
