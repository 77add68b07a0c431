//! Changing protection.
use crate::{BAD_HANDLE, PAGE, read, release, reservation, write};
use abi::memory::*;
use nt::memory::{Range, allocate, query};
use nt::{NtStatus, Program};

pub fn main(program: &Program) {
    let base = reservation(program, 16);
    program.done(
        "commit",
        allocate(base, 8 * PAGE, MEM_COMMIT, PAGE_READWRITE),
    );
    write(base + PAGE, 3);

    let middle = Range {
        base: base + PAGE,
        size_bytes: 2 * PAGE,
    };
    let readonly = protect(base + PAGE + 5, PAGE, PAGE_READONLY);
    program.check(
        "to read-only, two pages",
        readonly,
        Ok((middle, PAGE_READWRITE)),
    );
    program.check("what was written", read(base + PAGE), 3);
    let protection = |address| query(address).map(|found| (found.protect, found.region_size_bytes));
    program.check(
        "the page before",
        protection(base),
        Ok((PAGE_READWRITE, PAGE)),
    );
    program.check(
        "the two pages",
        protection(base + PAGE),
        Ok((PAGE_READONLY, 2 * PAGE)),
    );
    program.check(
        "the pages after",
        protection(base + 3 * PAGE),
        Ok((PAGE_READWRITE, 5 * PAGE)),
    );

    let all = Range {
        base,
        size_bytes: 8 * PAGE,
    };
    let old = protect(base, 8 * PAGE, PAGE_NOACCESS);
    program.check(
        "old protection is the first page's",
        old,
        Ok((all, PAGE_READWRITE)),
    );
    program.check(
        "old protection",
        protect(base, 8 * PAGE, PAGE_READWRITE),
        Ok((all, PAGE_NOACCESS)),
    );
    program.check("what was written, still", read(base + PAGE), 3);
    write(base + PAGE, 4);
    program.check("writable again", read(base + PAGE), 4);

    executing(program, base);
    refusals(program, base);
    program.done("release", release(base, 0));
}

/// Writes `mov eax, 42; ret`, makes it executable and calls it.
fn executing(program: &Program, base: u64) {
    for (offset, byte) in [0xB8, 42, 0, 0, 0, 0xC3].into_iter().enumerate() {
        write(base + offset as u64, byte);
    }
    let page = Range {
        base,
        size_bytes: PAGE,
    };
    let old = protect(base, PAGE, PAGE_EXECUTE_READ);
    program.check("to executable", old, Ok((page, PAGE_READWRITE)));
    // SAFETY: a function of that type has just been written there.
    let function: extern "system" fn() -> u32 = unsafe { core::mem::transmute(base) };
    program.check("its result", function(), 42);
    let back = protect(base, PAGE, PAGE_READWRITE);
    program.check("and back", back, Ok((page, PAGE_EXECUTE_READ)));
}

fn refusals(program: &Program, base: u64) {
    let invalid = Err(NtStatus::INVALID_PAGE_PROTECTION);
    for protection in [
        0,
        PAGE_READONLY | PAGE_READWRITE,
        PAGE_NOACCESS | PAGE_GUARD,
        0x1000,
    ] {
        program.check("protection", protect(base, PAGE, protection), invalid);
    }
    let partly = protect(base + 7 * PAGE, 2 * PAGE, PAGE_READONLY);
    program.check("partly reserved", partly, Err(NtStatus::NOT_COMMITTED));
    let kept = query(base + 7 * PAGE).map(|found| found.protect);
    program.check("nothing was changed", kept, Ok(PAGE_READWRITE));
    let beyond = protect(base, 17 * PAGE, PAGE_READONLY);
    program.check(
        "beyond the end",
        beyond,
        Err(NtStatus::CONFLICTING_ADDRESSES),
    );
    program.check(
        "no bytes",
        protect(base, 0, PAGE_READONLY),
        Err(NtStatus::INVALID_PARAMETER_3),
    );
    let wide = protect(base, u64::MAX, PAGE_READONLY);
    program.check("size too big", wide, Err(NtStatus::INVALID_PARAMETER_3));
    let high = protect(HIGHEST_USER_ADDRESS + 1, PAGE, PAGE_READONLY);
    program.check("address too high", high, Err(NtStatus::INVALID_PARAMETER_2));
    let free = reservation(program, 16);
    program.done("release", release(free, 0));
    let nothing = protect(free, PAGE, PAGE_READONLY);
    program.check("free memory", nothing, Err(NtStatus::CONFLICTING_ADDRESSES));
    let (mut base, mut size, mut old) = (base, PAGE, 0_u32);
    let pointers = [
        &raw mut base as u64,
        &raw mut size as u64,
        &raw mut old as u64,
    ];
    let [base, size, old] = pointers;
    // SAFETY: refused.
    let call = unsafe {
        nt::call::nt_protect_virtual_memory(BAD_HANDLE, base, size, PAGE_READONLY.into(), old)
    };
    program.check("process", call, NtStatus::INVALID_HANDLE);
}

fn protect(base: u64, size_bytes: u64, protection: u32) -> Result<(Range, u32), NtStatus> {
    // SAFETY: callers pass their own memory, or the call is refused.
    unsafe { nt::memory::protect(base, size_bytes, protection) }
}
