//! Querying.
use crate::{BAD_HANDLE, PAGE, release, reservation};
use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use nt::{NtStatus, Program, memory::allocate, memory::query};
use zerocopy::{FromZeros, IntoBytes};

pub fn main(program: &Program) {
    runs(program);
    special_places(program);
    refusals(program);
}

/// What a query says of a run, without the allocation.
type Run = (u64, u64, u32, u32);

fn run(address: u64) -> Result<Run, NtStatus> {
    query(address).map(|found| {
        let (base, size) = (found.base_address, found.region_size_bytes);
        (base, size, found.state, found.protect)
    })
}

fn runs(program: &Program) {
    let base = reservation(program, 16);
    program.done(
        "commit",
        allocate(base + PAGE, 2 * PAGE, MEM_COMMIT, PAGE_READWRITE),
    );
    program.check("reserved", run(base), Ok((base, PAGE, MEM_RESERVE, 0)));
    let committed = run(base + PAGE + 0x123);
    program.check(
        "committed",
        committed,
        Ok((base + PAGE, 2 * PAGE, MEM_COMMIT, PAGE_READWRITE)),
    );
    let second = run(base + 2 * PAGE);
    program.check(
        "the run begins at the query",
        second,
        Ok((base + 2 * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE)),
    );
    let rest = run(base + 3 * PAGE);
    program.check(
        "reserved rest",
        rest,
        Ok((base + 3 * PAGE, 13 * PAGE, MEM_RESERVE, 0)),
    );
    let found = program.done("query", query(base + 2 * PAGE));
    program.check("allocation", found.allocation_base, base);
    program.check("its protection", found.allocation_protect, PAGE_READWRITE);
    program.check("its type", found.kind, MEM_PRIVATE);
    program.done("release", release(base, 0));

    let found = program.done("query", query(base));
    let free = (
        found.allocation_base,
        found.allocation_protect,
        found.state,
        found.kind,
    );
    program.check("free", free, (0, 0, MEM_FREE, 0));
    program.check("protection of free memory", found.protect, PAGE_NOACCESS);
    let next = found.base_address + found.region_size_bytes;
    let after = query(next).map(|found| found.state != MEM_FREE);
    let edge = if next > HIGHEST_USER_ADDRESS {
        Err(NtStatus::INVALID_PARAMETER)
    } else {
        Ok(true)
    };
    program.check("a free run ends at something", after, edge);
}

fn special_places(program: &Program) {
    let zero = run(0).map(|found| (found.0, found.2));
    program.check("address 0", zero, Ok((0, MEM_FREE)));
    let shared = run(abi::user_shared::USER_SHARED_DATA).map(|found| (found.2, found.3));
    program.check("the shared page", shared, Ok((MEM_COMMIT, PAGE_READONLY)));
    let code = program.done("query code", query(main as fn(&Program) as usize as u64));
    let found = (code.allocation_base, code.state, code.protect, code.kind);
    let image = nt::program::peb().image_base;
    program.check(
        "code",
        found,
        (image, MEM_COMMIT, PAGE_EXECUTE_READ, MEM_IMAGE),
    );
    let local = 0_u8;
    let stack = program.done("query the stack", query(&raw const local as u64));
    let found = (
        stack.allocation_base,
        stack.state,
        stack.protect,
        stack.kind,
    );
    let reservation = nt::program::teb().deallocation_stack;
    program.check(
        "stack",
        found,
        (reservation, MEM_COMMIT, PAGE_READWRITE, MEM_PRIVATE),
    );

    let mut address = 0;
    while let Ok(found) = query(address) {
        program.check("runs follow one another", found.base_address, address);
        program.require("a run has a size", found.region_size_bytes > 0);
        address += found.region_size_bytes;
    }
    program.check("end of the last run", address, HIGHEST_USER_ADDRESS + 1);
}

fn refusals(program: &Program) {
    for address in [HIGHEST_USER_ADDRESS + 1, 1 << 47, u64::MAX << 47, u64::MAX] {
        let found = query(address).map(|found| found.state);
        program.check("address too high", found, Err(NtStatus::INVALID_PARAMETER));
    }
    let mut buffer = MemoryBasicInformation::new_zeroed();
    let mut length = 0_u64;
    let pointers = [&raw mut buffer as u64, &raw mut length as u64];
    // SAFETY: writes the two local variables at most.
    let call = |process, class: u32, bytes| unsafe {
        let [buffer, length] = pointers;
        nt::call::nt_query_virtual_memory(process, pointers[0], class.into(), buffer, bytes, length)
    };
    program.check(
        "process",
        call(BAD_HANDLE, 0, 0x30),
        NtStatus::INVALID_HANDLE,
    );
    program.check(
        "class",
        call(CURRENT_PROCESS, 0xFFFF, 0x30),
        NtStatus::INVALID_INFO_CLASS,
    );
    let short = call(CURRENT_PROCESS, MEMORY_BASIC_INFORMATION, 0x2F);
    program.check("length", short, NtStatus::INFO_LENGTH_MISMATCH);
    program.require(
        "nothing was written",
        buffer.as_bytes().iter().all(|byte| *byte == 0),
    );
    buffer.as_mut_bytes().fill(0xAA);
    let good = call(CURRENT_PROCESS, MEMORY_BASIC_INFORMATION, 0x40);
    program.check("longer than needed", good, NtStatus::SUCCESS);
    program.check("length written", length, 0x30);
    let padding = (buffer.partition_id, buffer.reserved_16, buffer.reserved_2c);
    program.check("padding of the result", padding, (0, 0, 0));
}
