//! Reserving and committing.
use crate::{BAD_HANDLE, GRANULE, PAGE, decommit, range, read, release, reservation, write};
use abi::memory::*;
use nt::memory::{allocate, query};
use nt::{NtStatus, Program};

const BOTH: u32 = MEM_RESERVE | MEM_COMMIT;

pub fn main(program: &Program) {
    rounding(program);
    committing(program);
    refusals(program);
    physical(program);
    arguments(program);
}

fn rounding(program: &Program) {
    let one = program.done(
        "reserve a byte",
        allocate(0, 1, MEM_RESERVE, PAGE_READWRITE),
    );
    program.check("a byte's base", one.base % GRANULE, 0);
    program.check("a byte's size", one.size_bytes, PAGE);
    let two = program.done("again", allocate(0, PAGE + 1, MEM_RESERVE, PAGE_READWRITE));
    program.check("a page and a byte's size", two.size_bytes, 2 * PAGE);
    program.require(
        "granules are not shared",
        one.base.abs_diff(two.base) >= GRANULE,
    );

    let hole = reservation(program, 256);
    program.check("release", release(hole, 0), range(hole, 256 * PAGE));
    let odd = allocate(hole + 0x1234, GRANULE, MEM_RESERVE, PAGE_READWRITE);
    program.check(
        "reserve at an odd address",
        odd,
        range(hole, GRANULE + 2 * PAGE),
    );
    program.check("release", release(hole, 0), range(hole, GRANULE + 2 * PAGE));

    let (zero, size) = (0, 3 * PAGE);
    let alone = program.done(
        "commit alone, anywhere",
        allocate(zero, size, MEM_COMMIT, PAGE_READWRITE),
    );
    write(alone.base + size - 1, 1);
    let top = allocate(0, size, BOTH | MEM_TOP_DOWN, PAGE_READWRITE);
    let top = program.done("from the top", top);
    write(top.base, 1);
    for base in [one.base, two.base, alone.base, top.base] {
        program.done("release", release(base, 0));
    }
}

fn committing(program: &Program) {
    let base = reservation(program, 16);
    let commit = |at, size| allocate(at, size, MEM_COMMIT, PAGE_READWRITE);
    program.check(
        "commit is by pages",
        commit(base + 0x1800, 1),
        range(base + PAGE, PAGE),
    );
    let two = commit(base + 0x2FFF, 2);
    program.check(
        "two bytes on two pages",
        two,
        range(base + 2 * PAGE, 2 * PAGE),
    );
    program.check("a fresh byte", read(base + PAGE), 0);
    write(base + PAGE, 9);
    program.check(
        "commit again",
        commit(base, 16 * PAGE),
        range(base, 16 * PAGE),
    );
    program.check("what was written before", read(base + PAGE), 9);
    program.check(
        "commit across the end",
        commit(base + 15 * PAGE, 2 * PAGE),
        Err(NtStatus::CONFLICTING_ADDRESSES),
    );
    program.done("release", release(base, 0));
}

fn refusals(program: &Program) {
    let base = reservation(program, 16);
    let conflict = Err(NtStatus::CONFLICTING_ADDRESSES);
    let again = allocate(base + PAGE, PAGE, MEM_RESERVE, PAGE_READWRITE);
    program.check("reserve what is reserved", again, conflict);
    program.done("release", release(base, 0));
    let free = allocate(base, PAGE, MEM_COMMIT, PAGE_READWRITE);
    program.check("commit what is free", free, conflict);
    let shared = abi::user_shared::USER_SHARED_DATA;
    let taken = allocate(shared, PAGE, BOTH, PAGE_READWRITE);
    program.check("reserve the shared page", taken, conflict);
    let image = allocate(nt::program::peb().image_base, PAGE, BOTH, PAGE_READWRITE);
    program.check("reserve the image", image, conflict);
    let low = allocate(PAGE, PAGE, BOTH, PAGE_READWRITE);
    program.require("the lowest 64 KiB are refused", low.is_err());
}

/// Addresses for physical pages can be had; the pages take a privilege.
fn physical(program: &Program) {
    let kind = MEM_RESERVE | MEM_PHYSICAL;
    for protection in [PAGE_READONLY, PAGE_NOACCESS, PAGE_EXECUTE_READWRITE] {
        let refused = allocate(0, PAGE, kind, protection);
        program.check("as pages", refused, Err(NtStatus::INVALID_PARAMETER_6));
    }
    let window = program.done("a window", allocate(0, GRANULE, kind, PAGE_READWRITE));
    let base = window.base;
    let found = query(base).map(|found| (found.state, found.region_size_bytes));
    program.check("what it is", found, Ok((MEM_RESERVE, GRANULE)));
    let committed = allocate(base, PAGE, MEM_COMMIT, PAGE_READWRITE);
    let conflict = Err(NtStatus::CONFLICTING_ADDRESSES);
    program.check("other pages in it", committed, conflict);
    program.check("nothing to take back", decommit(base, PAGE), conflict);
    // SAFETY: nothing is there.
    let protected = unsafe { nt::memory::protect(base, PAGE, PAGE_READONLY) }.err();
    program.check(
        "nothing to protect",
        protected,
        Some(NtStatus::NOT_COMMITTED),
    );
    program.check("release", release(base, 0), range(base, GRANULE));
}

fn arguments(program: &Program) {
    let reserve = |base, size, kind, protection| allocate(base, size, kind, protection);
    let high = reserve(HIGHEST_USER_ADDRESS + 1, PAGE, BOTH, PAGE_READWRITE);
    program.check("address too high", high, Err(NtStatus::INVALID_PARAMETER_2));
    let high = reserve(u64::MAX << 47, PAGE, BOTH, PAGE_READWRITE);
    program.check("kernel address", high, Err(NtStatus::INVALID_PARAMETER_2));
    for size in [0, u64::MAX, HIGHEST_USER_ADDRESS + 1, 1 << 63] {
        let found = reserve(GRANULE, size, BOTH, PAGE_READWRITE);
        program.check("size", found, Err(NtStatus::INVALID_PARAMETER_4));
    }
    for kind in [
        0,
        MEM_TOP_DOWN,
        BOTH | MEM_RELEASE,
        MEM_RESERVE | 1,
        BOTH | MEM_FREE,
        MEM_WRITE_WATCH,
        MEM_RESET | MEM_COMMIT,
        MEM_RESET | MEM_RESET_UNDO,
        MEM_PHYSICAL,
        BOTH | MEM_PHYSICAL,
        MEM_RESERVE | MEM_LARGE_PAGES,
        MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
        MEM_RESERVE | MEM_REPLACE_PLACEHOLDER,
    ] {
        let found = reserve(0, PAGE, kind, PAGE_READWRITE);
        program.check("allocation type", found, Err(NtStatus::INVALID_PARAMETER_5));
    }
    let large = reserve(0, PAGE, BOTH | MEM_LARGE_PAGES, PAGE_READWRITE);
    program.check("large pages", large, Err(NtStatus::PRIVILEGE_NOT_HELD));
    for protection in [
        0,
        PAGE_READONLY | PAGE_READWRITE,
        PAGE_GUARD,
        PAGE_NOACCESS | PAGE_GUARD,
        PAGE_READWRITE | 0x1000,
        PAGE_WRITECOPY,
        PAGE_EXECUTE_WRITECOPY,
    ] {
        let found = reserve(0, PAGE, BOTH, protection);
        program.check("protection", found, Err(NtStatus::INVALID_PAGE_PROTECTION));
    }
    let (mut base, mut size) = (0_u64, PAGE);
    let (base, size) = (&raw mut base as u64, &raw mut size as u64);
    let (kind, protection) = (BOTH.into(), PAGE_READWRITE.into());
    // SAFETY: the call is refused; its pointers are local variables.
    let call = |process, zero_bits| unsafe {
        nt::call::nt_allocate_virtual_memory(process, base, zero_bits, size, kind, protection)
    };
    program.check("process", call(BAD_HANDLE, 0), NtStatus::INVALID_HANDLE);
    program.check(
        "zero bits",
        call(abi::io::CURRENT_PROCESS, 22),
        NtStatus::INVALID_PARAMETER_3,
    );
}
