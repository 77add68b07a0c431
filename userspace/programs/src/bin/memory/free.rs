//! Decommitting and releasing.
use crate::{BAD_HANDLE, PAGE, decommit, range, read, release, reservation, write};
use abi::memory::*;
use nt::{NtStatus, Program, memory::allocate, memory::query};

pub fn main(program: &Program) {
    decommitting(program);
    releasing(program);
    refusals(program);
}

fn committed(program: &Program, pages: u64) -> u64 {
    let base = reservation(program, pages);
    let range = allocate(base, pages * PAGE, MEM_COMMIT, PAGE_READWRITE);
    program.done("commit", range).base
}

fn state(address: u64) -> Result<(u32, u64, u64), NtStatus> {
    query(address).map(|found| (found.state, found.base_address, found.region_size_bytes))
}

fn decommitting(program: &Program) {
    let base = committed(program, 8);
    write(base + 2 * PAGE, 5);
    let middle = decommit(base + 2 * PAGE + 1, PAGE);
    program.check(
        "decommit touches two pages",
        middle,
        range(base + 2 * PAGE, 2 * PAGE),
    );
    let reserved = Ok((MEM_RESERVE, base + 2 * PAGE, 2 * PAGE));
    program.check("they are reserved", state(base + 2 * PAGE), reserved);
    let again = decommit(base + 2 * PAGE, PAGE);
    program.check("decommit again", again, range(base + 2 * PAGE, PAGE));
    program.done(
        "commit",
        allocate(base + 2 * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE),
    );
    program.check("a byte that was written before", read(base + 2 * PAGE), 0);
    // NT leaves the size as it was given.
    program.check("decommit all", decommit(base, 0), range(base, 0));
    program.check(
        "all is reserved",
        state(base),
        Ok((MEM_RESERVE, base, 8 * PAGE)),
    );
    program.done("release", release(base, 0));
}

fn releasing(program: &Program) {
    let base = committed(program, 48);
    let middle = release(base + 16 * PAGE, 16 * PAGE);
    program.check(
        "release the middle",
        middle,
        range(base + 16 * PAGE, 16 * PAGE),
    );
    program.check(
        "the part below",
        state(base),
        Ok((MEM_COMMIT, base, 16 * PAGE)),
    );
    let free = Ok((MEM_FREE, base + 16 * PAGE, 16 * PAGE));
    program.check("the hole", state(base + 16 * PAGE), free);
    let above = Ok((MEM_COMMIT, base + 32 * PAGE, 16 * PAGE));
    program.check("the part above", state(base + 32 * PAGE), above);
    let hole = allocate(base + 16 * PAGE, 16 * PAGE, MEM_RESERVE, PAGE_READONLY);
    program.check("reserve the hole", hole, range(base + 16 * PAGE, 16 * PAGE));
    for part in [0, 16, 32] {
        let released = release(base + part * PAGE, 16 * PAGE);
        program.check(
            "release a part",
            released,
            range(base + part * PAGE, 16 * PAGE),
        );
    }
    let gone = query(base).map(|found| found.state);
    program.check("all is free", gone, Ok(MEM_FREE));
}

fn refusals(program: &Program) {
    let base = committed(program, 16);
    let not_at_base = Err(NtStatus::FREE_VM_NOT_AT_BASE);
    program.check(
        "release from the middle",
        release(base + PAGE, 0),
        not_at_base,
    );
    program.check(
        "decommit from the middle",
        decommit(base + PAGE, 0),
        not_at_base,
    );
    let too_much = Err(NtStatus::UNABLE_TO_FREE_VM);
    program.check("release too much", release(base, 17 * PAGE), too_much);
    program.check(
        "decommit too much",
        decommit(base + PAGE, 16 * PAGE),
        too_much,
    );
    // SAFETY: refused.
    let free = |kind| unsafe { nt::memory::free(base, 0, kind) };
    for kind in [
        0,
        MEM_RELEASE | MEM_DECOMMIT,
        MEM_COMMIT,
        MEM_RELEASE | 3,
        MEM_DECOMMIT | 1,
    ] {
        program.check("free type", free(kind), Err(NtStatus::INVALID_PARAMETER_4));
    }
    program.done("release", release(base, 0));
    program.check(
        "release twice",
        release(base, 0),
        Err(NtStatus::MEMORY_NOT_ALLOCATED),
    );
    program.check(
        "decommit what is free",
        decommit(base, PAGE),
        Err(NtStatus::MEMORY_NOT_ALLOCATED),
    );
    let image = nt::program::peb().image_base;
    let section = Err(NtStatus::UNABLE_TO_DELETE_SECTION);
    program.check("release the image", release(image, 0), section);
    let high = release(HIGHEST_USER_ADDRESS + 1, PAGE);
    program.check("address too high", high, Err(NtStatus::INVALID_PARAMETER_2));
    let wide = release(base, u64::MAX);
    program.check("size too big", wide, Err(NtStatus::INVALID_PARAMETER_3));
    let (mut base, mut size) = (base, 0_u64);
    let (base, size) = (&raw mut base as u64, &raw mut size as u64);
    // SAFETY: refused.
    let call =
        unsafe { nt::call::nt_free_virtual_memory(BAD_HANDLE, base, size, MEM_RELEASE.into()) };
    program.check("process", call, NtStatus::INVALID_HANDLE);
}
