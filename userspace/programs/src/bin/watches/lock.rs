//! Locking pages.
use crate::{BAD_HANDLE, HIGH, PAGE, free, protect, write};
use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use nt::memory::{Range, allocate};
use nt::{NtStatus, Program, call};

type Outcome = (NtStatus, Range);

pub fn main(program: &Program) {
    let both = MEM_RESERVE | MEM_COMMIT;
    let made = allocate(0, 16 * PAGE, both, PAGE_READWRITE);
    let base = program.done("memory", made).base;
    let range = |first, pages| Range {
        base: base + first * PAGE,
        size_bytes: pages * PAGE,
    };
    let two = lock(base + PAGE + 5, PAGE);
    program.check("two pages", two, (NtStatus::SUCCESS, range(1, 2)));
    let again = lock(base, 2 * PAGE);
    program.check("one again", again, (NtStatus::WAS_LOCKED, range(0, 2)));
    let more = unlock(base, 4 * PAGE).0;
    program.check("one is not locked", more, NtStatus::NOT_LOCKED);
    let three = unlock(base, 3 * PAGE);
    program.check("once is enough", three, (NtStatus::SUCCESS, range(0, 3)));
    let gone = unlock(base, PAGE).0;
    program.check("not twice", gone, NtStatus::NOT_LOCKED);

    program.check("lock", lock(base, PAGE).0, NtStatus::SUCCESS);
    program.done("decommit", free(base, PAGE, MEM_DECOMMIT));
    program.check("gone with it", unlock(base, PAGE).0, NtStatus::NOT_LOCKED);
    let reserved = lock(base, PAGE).0;
    program.check("reserved", reserved, NtStatus::ACCESS_VIOLATION);
    let closed = protect(base + PAGE, PAGE, PAGE_NOACCESS);
    program.done("no access", closed);
    let closed = lock(base + PAGE, PAGE).0;
    program.check("without access", closed, NtStatus::ACCESS_VIOLATION);
    program.done("release", free(base, 0, MEM_RELEASE));
    let nothing = lock(base, PAGE).0;
    program.check("free", nothing, NtStatus::ACCESS_VIOLATION);
    limit(program);
    refusals(program);
}

/// No more than the least working set, which is 200 KiB at first, less what a process
/// needs to go on.
fn limit(program: &Program) {
    const MOST: u64 = 50 - 8;
    let both = MEM_RESERVE | MEM_COMMIT;
    let made = allocate(0, 64 * PAGE, both, PAGE_READWRITE);
    let base = program.done("memory", made).base;
    let quota = NtStatus::WORKING_SET_QUOTA;
    program.check("too much", lock(base, (MOST + 1) * PAGE).0, quota);
    program.check("the most", lock(base, MOST * PAGE).0, NtStatus::SUCCESS);
    program.check("more", lock(base + MOST * PAGE, PAGE).0, quota);
    program.check("unlock one", unlock(base, PAGE).0, NtStatus::SUCCESS);
    let next = lock(base + MOST * PAGE, PAGE).0;
    program.check("another", next, NtStatus::SUCCESS);
    write(base, 1);
    program.done("release", free(base, 0, MEM_RELEASE));
}

fn refusals(program: &Program) {
    let both = MEM_RESERVE | MEM_COMMIT;
    let base = program.done("memory", allocate(0, PAGE, both, PAGE_READWRITE));
    let base = base.base;
    let operate = |lock, process, base, size, kind| call(lock, process, base, size, kind).0;
    for is_lock in [true, false] {
        for kind in [0, 4, u32::MAX] {
            let status = operate(is_lock, CURRENT_PROCESS, base, PAGE, kind);
            program.check("map type", status, NtStatus::INVALID_PARAMETER);
        }
        for kind in [MAP_SYSTEM, MAP_PROCESS | MAP_SYSTEM] {
            let status = operate(is_lock, CURRENT_PROCESS, base, PAGE, kind);
            program.check("privilege", status, NtStatus::PRIVILEGE_NOT_HELD);
        }
        let of = |base, size| operate(is_lock, CURRENT_PROCESS, base, size, MAP_PROCESS);
        program.check("nothing", of(base, 0), NtStatus::INVALID_PARAMETER_3);
        let size = of(base, u64::MAX);
        program.check("size", size, NtStatus::INVALID_PARAMETER_3);
        program.check("end", of(HIGH - 1, 2), NtStatus::INVALID_PARAMETER_3);
        program.check("high", of(HIGH, 1), NtStatus::INVALID_PARAMETER_2);
        let process = operate(is_lock, BAD_HANDLE, base, PAGE, MAP_PROCESS);
        program.check("process", process, NtStatus::INVALID_HANDLE);
    }
    program.done("release", free(base, 0, MEM_RELEASE));
}

fn lock(base: u64, size_bytes: u64) -> Outcome {
    call(true, CURRENT_PROCESS, base, size_bytes, MAP_PROCESS)
}

fn unlock(base: u64, size_bytes: u64) -> Outcome {
    call(false, CURRENT_PROCESS, base, size_bytes, MAP_PROCESS)
}

fn call(is_lock: bool, process: u64, base: u64, size_bytes: u64, kind: u32) -> Outcome {
    let mut range = Range { base, size_bytes };
    let operate = match is_lock {
        true => call::nt_lock_virtual_memory,
        false => call::nt_unlock_virtual_memory,
    };
    let (base_at, size_at) = (&raw mut range.base, &raw mut range.size_bytes);
    // SAFETY: changes `range` only.
    let status = unsafe { operate(process, base_at as u64, size_at as u64, kind.into()) };
    (status, range)
}
