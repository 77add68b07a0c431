//! Calls that need memory only when a table, a list or a tree has to grow.
use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use abi::object::DUPLICATE_SAME_ACCESS;
use abi::section::SEC_COMMIT;
use nt::exception::{self, THIS};
use nt::memory::{Range, allocate, free, protect, query};
use nt::object;
use nt::process::{self, Created, SUSPENDED};
use nt::sync::{self, Handle, event};
use nt::{NtStatus, Program, call, section, thread};

use crate::grow::{Grow, MOST, grow};
use crate::walk::{done, used};

const FILE: &str = "nothing.exe";
/// Threads have stacks, so there are fewer.
const THREADS: usize = 40;
/// As many objects as one call waits for.
const WAITED_FOR: usize = 64;
const SOON_100NS: i64 = -10;

pub fn all(program: &Program) {
    waits(program);
    apcs(program);
    signalling(program);
    threads(program);
    parts(program);
    in_a_process(program);
}

fn waits(program: &Program) {
    let events = [0; WAITED_FOR].map(|_| program.done("an event", event(true, false)));
    let events = events.each_ref();
    let steps = Grow {
        call: &mut |_| match sync::wait_several(&events, true, Some(SOON_100NS)) {
            NtStatus::TIMEOUT => Ok(()),
            status => Err(status),
        },
        undo: &mut |_, ()| (),
        untouched: &mut |_| (),
    };
    steps.run(program, "wait for many", 1);
}

type Queue = fn() -> NtStatus;

fn apcs(program: &Program) {
    let registered = exception::register_for_nothing();
    program.check("register", registered, NtStatus::SUCCESS);
    let undo = |_: usize, ()| {
        // Makes all of them; then there are none.
        let status = exception::test_alert();
        program.check("calls", status, NtStatus::SUCCESS);
    };
    let calls: [(&str, Queue); 2] = [
        ("queue calls", || exception::queue_apc(THIS, 1, [0; 3])),
        ("queue calls with a reserve", || {
            exception::queue_apc_ex(THIS, 0, 1, [0; 3])
        }),
    ];
    // The second finds what the first has made, and needs more.
    for ((what, queue), count) in calls.into_iter().zip([MOST / 4, MOST]) {
        let steps = Grow {
            call: &mut |_| done(queue()),
            undo: &mut { undo },
            untouched: &mut |_| (),
        };
        steps.run(program, what, count);
    }
    program.check("forget", exception::forget(), NtStatus::SUCCESS);
}

fn signalling(program: &Program) {
    grow(program, "events", MOST, |_| event(true, false));
    grow(program, "semaphores", MOST, |_| sync::semaphore(0, 1));
    grow(program, "mutants", MOST, |_| sync::mutant(true));
    grow(program, "timers", MOST, |_| sync::timer(true));
    grow(program, "keyed events", MOST, |_| sync::keyed_event());
}

extern "system" fn end(_: u64) -> ! {
    thread::exit(NtStatus::SUCCESS)
}

fn threads(program: &Program) {
    let steps = Grow {
        call: &mut |_| thread::spawn_suspended(end, 0),
        undo: &mut |_, made: Handle| {
            let status = thread::terminate(&made, NtStatus::SUCCESS);
            program.check("terminate", status, NtStatus::SUCCESS);
            program.check("its end", sync::wait(&made, None), NtStatus::WAIT_0);
        },
        untouched: &mut |_| (),
    };
    steps.run(program, "threads", THREADS);
}

/// Every second page of a range changes, each to a region of its own.
fn parts(program: &Program) {
    const BYTES: u64 = 2 * MOST as u64 * PAGE_SIZE;
    let all = allocate(0, BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    let base = program.done("memory", all).base;
    let page = |index: usize| base + (2 * index as u64 + 1) * PAGE_SIZE;
    let found = |index| program.done("what is there", query(page(index)));
    // SAFETY: nothing of the program's is there.
    let change = |index, protection| unsafe { protect(page(index), PAGE_SIZE, protection) };
    let steps = Grow {
        call: &mut |index| change(index, PAGE_READONLY),
        undo: &mut |index, _| {
            program.done("protect", change(index, PAGE_READWRITE));
        },
        untouched: &mut |index| program.check("protected", found(index).protect, PAGE_READWRITE),
    };
    // Half of them: the next ones need a longer list.
    steps.run(program, "protect pages", MOST / 2);
    let commit = |index| allocate(page(index), PAGE_SIZE, MEM_COMMIT, PAGE_READWRITE);
    let steps = Grow {
        // SAFETY: nothing of the program's is there.
        call: &mut |index| unsafe { free(page(index), PAGE_SIZE, MEM_DECOMMIT) },
        undo: &mut |index, _| {
            program.done("commit", commit(index));
        },
        untouched: &mut |index| program.check("committed", found(index).state, MEM_COMMIT),
    };
    steps.run(program, "decommit pages", MOST);
    // SAFETY: nothing of the program's is there.
    let released = unsafe { free(base, 0, MEM_RELEASE) };
    program.done("release", released);
}

/// Calls for a process whose tables are as a new one has them. When it has ended,
/// all that it had is back.
fn in_a_process(program: &Program) {
    let event = program.done("an event", event(true, false));
    let made = section::create(PAGE_SIZE, PAGE_READWRITE, SEC_COMMIT);
    let made = program.done("a section", made);
    with_process(program, |process| {
        let steps = Grow {
            call: &mut |_| copy(event.raw(), process),
            undo: &mut |_, copy| close_in(program, process, copy),
            untouched: &mut |_| (),
        };
        steps.run(program, "duplicates for a process", MOST);
    });
    with_process(program, |process| {
        grow(program, "reserve in a process", MOST, |_| {
            reserve(process, MEM_RESERVE, true)
        });
    });
    with_process(program, |process| {
        grow(program, "commit in a process", MOST, |_| {
            reserve(process, MEM_RESERVE | MEM_COMMIT, false)
        });
    });
    with_process(program, |process| {
        grow(program, "map in a process", MOST, |_| {
            section::map_into(&made, process, 0, 0, 0, PAGE_READWRITE)
        });
    });
    with_process(program, |process| {
        grow(program, "map in a process, extended", MOST, |_| {
            map_extended(&made, process)
        });
    });
    with_process(program, |process| {
        let range = reserve(process, MEM_RESERVE | MEM_COMMIT, false);
        let base = program.done("memory of a process", range).base;
        let steps = Grow {
            call: &mut |_| {
                // SAFETY: nothing of a program's is there.
                let (status, copied) = unsafe { section::write_memory(process, base, &[1; 64]) };
                match (status, copied) {
                    // That is all that it says of the other process's side.
                    (NtStatus::PARTIAL_COPY, 0) => Err(NtStatus::NO_MEMORY),
                    _ => done(status),
                }
            },
            undo: &mut |_, ()| (),
            untouched: &mut |_| (),
        };
        steps.run(program, "write to a process", 1);
    });
}

/// With the process's pages of a first run in the caches, none may be missing after.
fn with_process(program: &Program, use_it: impl Fn(u64)) {
    let once = |is_used: bool| {
        let created = process::create(FILE, FILE, 0, SUSPENDED);
        let created = program.done("a process", created);
        if is_used {
            use_it(created.process.raw());
        }
        end_process(program, &created);
    };
    for is_used in [false, false, true] {
        once(is_used);
    }
    let before = used(program);
    once(true);
    program.check("what a process leaves", used(program), before);
}

fn end_process(program: &Program, created: &Created) {
    let status = process::terminate(&created.process, NtStatus::SUCCESS);
    program.check("terminate", status, NtStatus::SUCCESS);
    for handle in [&created.process, &created.thread] {
        program.check("its end", sync::wait(handle, None), NtStatus::WAIT_0);
    }
}

/// A copy of a handle for another process.
fn copy(handle: u64, process: u64) -> Result<u64, NtStatus> {
    let options = DUPLICATE_SAME_ACCESS;
    let copy = object::duplicate_between(CURRENT_PROCESS, handle, process, 0, 0, options)?;
    let raw = copy.raw();
    // It is no handle of this process.
    core::mem::forget(copy);
    Ok(raw)
}

fn close_in(program: &Program, process: u64, handle: u64) {
    let options = abi::object::DUPLICATE_CLOSE_SOURCE;
    let at = CURRENT_PROCESS;
    let mine =
        object::duplicate_between(process, handle, at, 0, 0, options | DUPLICATE_SAME_ACCESS);
    drop(program.done("close", mine));
}

fn reserve(process: u64, kind: u32, is_extended: bool) -> Result<Range, NtStatus> {
    let mut range = Range {
        base: 0,
        size_bytes: PAGE_SIZE,
    };
    let (base, size) = (&raw mut range.base as u64, &raw mut range.size_bytes as u64);
    let (kind, protection) = (kind.into(), PAGE_READWRITE.into());
    // SAFETY: adds memory, changes `range` only.
    let status = unsafe {
        match is_extended {
            true => {
                call::nt_allocate_virtual_memory_ex(process, base, size, kind, protection, 0, 0)
            }
            false => call::nt_allocate_virtual_memory(process, base, 0, size, kind, protection),
        }
    };
    status.is_success().then_some(range).ok_or(status)
}

fn map_extended(section: &Handle, process: u64) -> Result<Range, NtStatus> {
    let (mut base, mut offset, mut size_bytes) = (0_u64, 0_u64, 0_u64);
    // SAFETY: adds memory to the process, changes the three numbers only.
    let status = unsafe {
        call::nt_map_view_of_section_ex(
            section.raw(),
            process,
            &raw mut base as u64,
            &raw mut offset as u64,
            &raw mut size_bytes as u64,
            0,
            PAGE_READWRITE.into(),
            0,
            0,
        )
    };
    let range = Range { base, size_bytes };
    status.is_success().then_some(range).ok_or(status)
}
