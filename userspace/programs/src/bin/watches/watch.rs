//! Memory of which it is noted what was written.
use crate::{BAD_HANDLE, HIGH, PAGE, free, protect, read, write};
use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use nt::memory::allocate;
use nt::{NtStatus, Program, call, section, system};

const WATCHED: u32 = MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH;
const ROOM: usize = 100;
const MANY_PAGES: u64 = 300;

pub fn main(program: &Program) {
    let made = allocate(0, 8 * PAGE, WATCHED, PAGE_READWRITE);
    let base = program.done("watched memory", made).base;
    told_and_forgotten(program, base);
    kept(program, base);
    by_the_kernel(program, base);
    refusals(program, base);
    program.done("release", free(base, 0, MEM_RELEASE));
    many(program);
    nothing_stays(program);
}

/// The written pages of a range, as numbers from `base` on, behind their count.
fn written(flags: u32, base: u64, first: u64, pages: u64, most: u64) -> [u64; 5] {
    let mut addresses = [0_u64; ROOM];
    let (mut count, mut granularity) = (most, 0_u32);
    // SAFETY: writes the local variables only.
    let status = unsafe {
        call::nt_get_write_watch(
            CURRENT_PROCESS,
            flags.into(),
            base + first * PAGE,
            pages * PAGE,
            addresses.as_mut_ptr() as u64,
            &raw mut count as u64,
            &raw mut granularity as u64,
        )
    };
    let mut found = [0; 5];
    found[0] = match (status, u64::from(granularity)) {
        (NtStatus::SUCCESS, PAGE) => count,
        _ => u64::from(status.0),
    };
    for (place, address) in found[1..].iter_mut().zip(addresses) {
        *place = address.saturating_sub(base) / PAGE;
    }
    found
}

fn reset(base: u64, size_bytes: u64) -> NtStatus {
    // SAFETY: changes no memory.
    unsafe { call::nt_reset_write_watch(CURRENT_PROCESS, base, size_bytes) }
}

fn told_and_forgotten(program: &Program, base: u64) {
    let all = |flags, most| written(flags, base, 0, 8, most);
    program.check("nothing yet", all(0, 64), [0; 5]);
    let _ = read(base + 6 * PAGE);
    program.check("reading is not writing", all(0, 64), [0; 5]);
    for page in [1, 4, 6] {
        write(base + page * PAGE + 5, 1);
    }
    program.check("three pages", all(0, 64), [3, 1, 4, 6, 0]);
    program.check("a part", written(0, base, 2, 3, 64), [1, 4, 0, 0, 0]);
    let first = all(WRITE_WATCH_FLAG_RESET, 1);
    program.check("one at a time", first, [1, 1, 0, 0, 0]);
    program.check("the others", all(0, 64), [2, 4, 6, 0, 0]);
    let rest = all(WRITE_WATCH_FLAG_RESET, 64);
    program.check("told and forgotten", rest, [2, 4, 6, 0, 0]);
    program.check("nothing", all(0, 64), [0; 5]);
    write(base + 4 * PAGE, 2);
    // SAFETY: four bytes across two pages of this test.
    unsafe { ((base + 2 * PAGE - 2) as *mut u32).write_unaligned(7) };
    program.check("written again", all(0, 64), [3, 1, 2, 4, 0]);
    program.check("forget two", reset(base, 3 * PAGE), NtStatus::SUCCESS);
    program.check("not the third", all(0, 64), [1, 4, 0, 0, 0]);
    program.check("forget all", reset(base, 8 * PAGE), NtStatus::SUCCESS);
}

/// What neither protection nor decommitment changes.
fn kept(program: &Program, base: u64) {
    let all = || written(0, base, 0, 8, 64);
    for page in [2, 5] {
        write(base + page * PAGE, 3);
    }
    for protection in [PAGE_READONLY, PAGE_NOACCESS, PAGE_READWRITE | PAGE_GUARD] {
        program.done("protect", protect(base, 8 * PAGE, protection));
        program.check("after protecting", all(), [2, 2, 5, 0, 0]);
    }
    program.done("protect", protect(base, 8 * PAGE, PAGE_READWRITE));
    program.check("contents", read(base + 5 * PAGE), 3);
    program.done("decommit", free(base, 4 * PAGE, MEM_DECOMMIT));
    program.check("decommitted", all(), [2, 2, 5, 0, 0]);
    let again = allocate(base, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE);
    program.done("commit", again);
    program.check("a fresh page", read(base + 2 * PAGE), 0);
    program.check("that was written before", all(), [2, 2, 5, 0, 0]);
    program.done("decommit", free(base, 4 * PAGE, MEM_DECOMMIT));
    let kind = MEM_RESET;
    program.done("reset", allocate(base, 8 * PAGE, kind, PAGE_READWRITE));
    program.check("forget all", reset(base, 8 * PAGE), NtStatus::SUCCESS);
    program.check("forgotten of reserved pages", all(), [0; 5]);
    let again = allocate(base, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE);
    program.done("commit", again);
    program.check("not written", read(base + 2 * PAGE), 0);
    program.check("nothing", all(), [0; 5]);
    let undone = allocate(base + 5 * PAGE, PAGE, MEM_RESET_UNDO, PAGE_READWRITE);
    program.done("undo the reset", undone);
    program.check("contents are kept", read(base + 5 * PAGE), 3);
}

/// What a call writes is written.
fn by_the_kernel(program: &Program, base: u64) {
    let all = || written(WRITE_WATCH_FLAG_RESET, base, 0, 8, 64);
    // SAFETY: writes into watched memory of this test.
    let status = unsafe { call::nt_query_system_time(base + 3 * PAGE) };
    program.check("a call's result", status, NtStatus::SUCCESS);
    program.check("is a write", all(), [1, 3, 0, 0, 0]);
    // SAFETY: as above.
    let status = unsafe { section::write_memory(CURRENT_PROCESS, base + 7 * PAGE, &[1; 4]) };
    program.check("writing a process's memory", status, (NtStatus::SUCCESS, 4));
    program.check("is a write too", all(), [1, 7, 0, 0, 0]);
}

fn refusals(program: &Program, base: u64) {
    let plain = allocate(0, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    let plain = program.done("memory", plain).base;
    let (mut address, mut count, mut granularity) = (0_u64, 1_u64, 0_u32);
    let places = [
        &raw mut address as u64,
        &raw mut count as u64,
        &raw mut granularity as u64,
    ];
    // SAFETY: refused, or writes the local variables only.
    let get = |process, flags: u32, base, size, [to, count, granularity]: [u64; 3]| unsafe {
        call::nt_get_write_watch(process, flags.into(), base, size, to, count, granularity)
    };
    let me = CURRENT_PROCESS;
    for (status, expected) in [
        (
            get(me, 2, base, PAGE, places),
            NtStatus::INVALID_PARAMETER_2,
        ),
        (
            get(me, 0, HIGH, PAGE, places),
            NtStatus::INVALID_PARAMETER_2,
        ),
        (
            get(me, 0, u64::MAX, 1, places),
            NtStatus::INVALID_PARAMETER_2,
        ),
        (get(me, 0, base, 0, places), NtStatus::INVALID_PARAMETER_3),
        (
            get(me, 0, base, u64::MAX, places),
            NtStatus::INVALID_PARAMETER_3,
        ),
        (
            get(me, 0, base, 9 * PAGE, places),
            NtStatus::INVALID_PARAMETER_1,
        ),
        (
            get(me, 0, base, 8 * PAGE + 1, places),
            NtStatus::INVALID_PARAMETER_1,
        ),
        (
            get(me, 0, plain, PAGE, places),
            NtStatus::INVALID_PARAMETER_1,
        ),
        (get(me, 0, 0, PAGE, places), NtStatus::INVALID_PARAMETER_1),
        (
            get(me, 0, nt::program::peb().image_base, PAGE, places),
            NtStatus::INVALID_PARAMETER_1,
        ),
        (
            get(BAD_HANDLE, 0, base, PAGE, places),
            NtStatus::INVALID_HANDLE,
        ),
        (
            get(me, 0, base, PAGE, [0, places[1], places[2]]),
            NtStatus::ACCESS_VIOLATION,
        ),
        (
            get(me, 0, base, PAGE, [places[0], 0, places[2]]),
            NtStatus::ACCESS_VIOLATION,
        ),
        (
            get(me, 0, base, PAGE, [places[0], places[1], 0]),
            NtStatus::ACCESS_VIOLATION,
        ),
    ] {
        program.check("refused", status, expected);
    }
    for most in [0, 1 << 61, u64::MAX] {
        let mut count = most;
        let places = [places[0], &raw mut count as u64, places[2]];
        let status = get(me, 0, base, PAGE, places);
        program.check("room", status, NtStatus::INVALID_PARAMETER_5);
    }
    program.check(
        "reset nothing",
        reset(base, 0),
        NtStatus::INVALID_PARAMETER_3,
    );
    program.check(
        "reset others",
        reset(plain, 1),
        NtStatus::INVALID_PARAMETER_1,
    );
    program.check("reset high", reset(HIGH, 1), NtStatus::INVALID_PARAMETER_2);
    let alone = allocate(0, PAGE, MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    let invalid = Err(NtStatus::INVALID_PARAMETER_5);
    program.check("watch what is reserved", alone, invalid);
    program.done("release", free(plain, 0, MEM_RELEASE));
}

/// More than are found in one step, in memory that is mostly untouched.
fn many(program: &Program) {
    const RESERVED: u64 = 1 << 36;
    let kind = MEM_RESERVE | MEM_WRITE_WATCH;
    let made = allocate(0, RESERVED, kind, PAGE_READWRITE);
    let base = program.done("a large reservation", made).base;
    let far = base + RESERVED - MANY_PAGES * PAGE;
    for part in [base, far] {
        let committed = allocate(part, MANY_PAGES * PAGE, MEM_COMMIT, PAGE_READWRITE);
        program.done("commit", committed);
        for page in 0..MANY_PAGES {
            write(part + page * PAGE, 1);
        }
    }
    let mut count = 0;
    loop {
        let pages = RESERVED / PAGE;
        let flags = WRITE_WATCH_FLAG_RESET;
        let [found, first, ..] = written(flags, base, 0, pages, ROOM as u64);
        if found == 0 {
            break;
        }
        let expected = match count < MANY_PAGES {
            true => count,
            false => (far - base) / PAGE + count - MANY_PAGES,
        };
        program.check("in order", first, expected);
        count += found;
    }
    program.check("each once", count, 2 * MANY_PAGES);
    program.done("release", free(base, 0, MEM_RELEASE));
}

fn nothing_stays(program: &Program) {
    let mut available = 0;
    for turn in 0..20 {
        let made = allocate(0, 16 * PAGE, WATCHED, PAGE_READWRITE);
        let base = program.done("watched memory", made).base;
        for page in 0..16 {
            write(base + page * PAGE, 1);
        }
        program.done("decommit", free(base, 8 * PAGE, MEM_DECOMMIT));
        program.done("release", free(base, 0, MEM_RELEASE));
        let now = program.done("free memory", system::available_pages());
        // The first turns fill what is kept for later.
        if turn < 5 {
            available = now;
        }
        program.check("free pages", now, available);
    }
}
