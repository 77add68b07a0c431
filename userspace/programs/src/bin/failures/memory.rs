//! Memory: regions, views, and pages that calls write to.
use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use abi::section::SEC_COMMIT;
use nt::memory::{Range, allocate, free, protect, query};
use nt::{NtStatus, Program, call, section};

use crate::walk::{Walk, done, walk_and_undo};

/// Far from everything, so that tables of pages are needed.
const FAR: u64 = 0x1234_0000_0000;
const BYTES: u64 = 4 * PAGE_SIZE;

pub fn all(program: &Program) {
    for (what, base, kind) in [
        ("reserve", 0, MEM_RESERVE),
        ("reserve from the top", 0, MEM_RESERVE | MEM_TOP_DOWN),
        ("commit", FAR, MEM_RESERVE | MEM_COMMIT),
    ] {
        let mut untouched = || check_state(program, FAR, MEM_FREE);
        let steps = Walk {
            call: &mut || allocate(base, BYTES, kind, PAGE_READWRITE),
            undo: &mut |range: Range| release(program, range.base),
            untouched: &mut untouched,
        };
        steps.run(program, what);
    }
    parts(program);
    views(program);
    results(program);
    others(program);
}

fn check_state(program: &Program, address: u64, state: u32) {
    let found = program.done("what is there", query(address));
    program.check("its state", found.state, state);
}

fn release(program: &Program, base: u64) {
    // SAFETY: nothing of the program's is there.
    let released = unsafe { free(base, 0, MEM_RELEASE) };
    program.done("release", released);
}

fn reserve(program: &Program, kind: u32) -> u64 {
    let range = allocate(FAR, BYTES, MEM_RESERVE | kind, PAGE_READWRITE);
    program.done("memory", range).base
}

/// Changes in the middle, which split what is there.
fn parts(program: &Program) {
    let base = reserve(program, 0);
    let middle = base + PAGE_SIZE;
    let commit = || allocate(middle, PAGE_SIZE, MEM_COMMIT, PAGE_READWRITE);
    // SAFETY: nothing of the program's is there.
    let decommit = || unsafe { free(middle, PAGE_SIZE, MEM_DECOMMIT) };
    let steps = Walk {
        call: &mut || commit(),
        undo: &mut |_| {
            program.done("decommit", decommit());
        },
        untouched: &mut || check_state(program, middle, MEM_RESERVE),
    };
    steps.run(program, "commit in the middle");
    let all = allocate(base, BYTES, MEM_COMMIT, PAGE_READWRITE);
    program.done("commit all", all);
    let steps = Walk {
        call: &mut || decommit(),
        undo: &mut |_| {
            program.done("commit", commit());
        },
        untouched: &mut || check_state(program, middle, MEM_COMMIT),
    };
    steps.run(program, "decommit in the middle");
    // SAFETY: nothing of the program's is there.
    let change = |protection| unsafe { protect(middle, PAGE_SIZE, protection) };
    let steps = Walk {
        call: &mut || change(PAGE_READONLY),
        undo: &mut |_| {
            program.done("protect", change(PAGE_READWRITE));
        },
        untouched: &mut || {
            let found = program.done("what is there", query(middle));
            program.check("its protection", found.protect, PAGE_READWRITE);
        },
    };
    steps.run(program, "protect in the middle");
    let lock = |stub: unsafe extern "system" fn(u64, u64, u64, u64) -> NtStatus| {
        let (mut at, mut size) = (base, BYTES);
        let (at, size) = (&raw mut at as u64, &raw mut size as u64);
        // SAFETY: changes the two numbers only.
        done(unsafe { stub(CURRENT_PROCESS, at, size, MAP_PROCESS.into()) })
    };
    let steps = Walk {
        call: &mut || lock(call::nt_lock_virtual_memory),
        undo: &mut |()| {
            program.done("unlock", lock(call::nt_unlock_virtual_memory));
            renew(program, base);
        },
        // Pages that were entered before one was missing stay.
        untouched: &mut || renew(program, base),
    };
    steps.run(program, "lock");
    release(program, base);
}

/// Takes pages back and commits them again, untouched.
fn renew(program: &Program, base: u64) {
    // SAFETY: nothing of the program's is there.
    let taken = unsafe { free(base, BYTES, MEM_DECOMMIT) };
    program.done("decommit", taken);
    let again = allocate(base, BYTES, MEM_COMMIT, PAGE_READWRITE);
    program.done("commit again", again);
}

fn views(program: &Program) {
    let made = section::create(BYTES, PAGE_READWRITE, SEC_COMMIT);
    let made = program.done("a section", made);
    let unmap = |range: Range| {
        // SAFETY: nothing of the program's is there.
        let status = unsafe { section::unmap(CURRENT_PROCESS, range.base) };
        program.check("unmap", status, NtStatus::SUCCESS);
    };
    walk_and_undo(
        program,
        "map",
        || section::map(&made, PAGE_READWRITE),
        unmap,
    );
    let fixed = || section::map_into(&made, CURRENT_PROCESS, FAR, 0, PAGE_SIZE, PAGE_READWRITE);
    let steps = Walk {
        call: &mut || fixed(),
        undo: &mut |range| unmap(range),
        untouched: &mut || check_state(program, FAR, MEM_FREE),
    };
    steps.run(program, "map at an address");
}

/// Results that go to pages which are not there yet.
fn results(program: &Program) {
    let base = reserve(program, MEM_COMMIT);
    // SAFETY: nothing of the program's is there.
    let ask = || done(unsafe { call::nt_query_system_time(base) });
    walk_and_undo(program, "time to a new page", ask, |()| {
        renew(program, base)
    });
    // SAFETY: as above.
    let make = || done(unsafe { call::nt_create_event(base, nt::sync::ALL_ACCESS, 0, 0, 0) });
    let steps = Walk {
        call: &mut || make(),
        undo: &mut |()| {
            let handle = base as *const u64;
            // SAFETY: where the call wrote one.
            nt::system::close(unsafe { handle.read_volatile() });
            renew(program, base);
        },
        // The page is there when something else fails.
        untouched: &mut || renew(program, base),
    };
    steps.run(program, "handle to a new page");
    release(program, base);
}

/// Memory read and written as another process's, which is this one.
fn others(program: &Program) {
    let base = reserve(program, MEM_COMMIT);
    let mut bytes = [0; 64];
    walk_and_undo(
        program,
        "read a new page",
        || whole(section::read_memory(CURRENT_PROCESS, base, &mut bytes)),
        |()| renew(program, base),
    );
    walk_and_undo(
        program,
        "write a new page",
        // SAFETY: nothing of the program's is there.
        || whole(unsafe { section::write_memory(CURRENT_PROCESS, base, &[1; 64]) }),
        |()| renew(program, base),
    );
    release(program, base);
}

/// Why nothing was copied. Of the other process's side only that it ended early is
/// known: that is all that `STATUS_PARTIAL_COPY` says.
fn whole((status, copied): (NtStatus, u64)) -> Result<(), NtStatus> {
    match (status, copied) {
        (NtStatus::PARTIAL_COPY, 0) => Err(NtStatus::NO_MEMORY),
        _ => done(status),
    }
}
