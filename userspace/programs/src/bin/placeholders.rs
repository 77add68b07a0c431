//! Placeholders, and memory and views whose place is limited.
#![no_std]
#![no_main]
nt::program!("placeholders", main);

use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use abi::section::SEC_COMMIT;
use nt::memory::{Range, query};
use nt::sync::Handle;
use nt::{NtStatus, Program, call, section};
use zerocopy::{FromZeros, IntoBytes};

const PAGE: u64 = PAGE_SIZE;
const SIZE: u64 = 16 * PAGE;
const HOLD: u32 = MEM_RESERVE | MEM_RESERVE_PLACEHOLDER;
const REPLACE: u32 = MEM_RESERVE | MEM_REPLACE_PLACEHOLDER;
const PRESERVE: u32 = MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER;
const COALESCE: u32 = MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS;
/// No more parameters.
const NONE: &[MemoryExtendedParameter] = &[];

fn main(program: &Program) {
    private_memory(program);
    views(program);
    ring(program);
    limits(program);
    parameters(program);
    refusals(program);
}

fn allocate(
    base: u64,
    size_bytes: u64,
    kind: u32,
    protection: u32,
    parameters: &[MemoryExtendedParameter],
) -> Result<Range, NtStatus> {
    let mut range = Range { base, size_bytes };
    // SAFETY: adds memory, changes `range` only.
    let status = unsafe {
        call::nt_allocate_virtual_memory_ex(
            CURRENT_PROCESS,
            &raw mut range.base as u64,
            &raw mut range.size_bytes as u64,
            kind.into(),
            protection.into(),
            parameters.as_ptr() as u64,
            parameters.len() as u64,
        )
    };
    status.is_success().then_some(range).ok_or(status)
}

fn map(
    section: &Handle,
    range: Range,
    offset_bytes: u64,
    kind: u32,
    parameters: &[MemoryExtendedParameter],
) -> Result<Range, NtStatus> {
    let (mut range, mut offset) = (range, offset_bytes);
    // SAFETY: adds memory, changes `range` and `offset` only.
    let status = unsafe {
        call::nt_map_view_of_section_ex(
            section.raw(),
            CURRENT_PROCESS,
            &raw mut range.base as u64,
            &raw mut offset as u64,
            &raw mut range.size_bytes as u64,
            kind.into(),
            PAGE_READWRITE.into(),
            parameters.as_ptr() as u64,
            parameters.len() as u64,
        )
    };
    status.is_success().then_some(range).ok_or(status)
}

fn free(base: u64, size_bytes: u64, kind: u32) -> Result<Range, NtStatus> {
    // SAFETY: callers pass ranges that nothing uses.
    unsafe { nt::memory::free(base, size_bytes, kind) }
}

fn unmap(base: u64, flags: u32) -> NtStatus {
    // SAFETY: callers pass views that nothing uses.
    unsafe { call::nt_unmap_view_of_section_ex(CURRENT_PROCESS, base, flags.into()) }
}

fn hold(program: &Program, size_bytes: u64) -> u64 {
    let held = allocate(0, size_bytes, HOLD, PAGE_NOACCESS, NONE);
    program.done("a placeholder", held).base
}

fn get(address: u64) -> u64 {
    // SAFETY: of memory that this test has; else the program ends.
    unsafe { (address as *const u64).read_volatile() }
}

fn put(address: u64, value: u64) {
    // SAFETY: as above.
    unsafe { (address as *mut u64).write_volatile(value) }
}

/// Base, size and state of the run at an address.
fn run(address: u64) -> Result<(u64, u64, u32), NtStatus> {
    query(address).map(|found| (found.allocation_base, found.region_size_bytes, found.state))
}

fn kind_of(address: u64) -> u32 {
    let mut region = MemoryRegionInformation::new_zeroed();
    let (at, size) = (&raw mut region as u64, region.as_bytes().len() as u64);
    let class = MEMORY_REGION_INFORMATION.into();
    // SAFETY: writes `region` only.
    unsafe { call::nt_query_virtual_memory(CURRENT_PROCESS, address, class, at, size, 0) };
    region.region_type
}

fn private_memory(program: &Program) {
    let base = hold(program, SIZE);
    program.check("reserved", run(base), Ok((base, SIZE, MEM_RESERVE)));
    let placeholder = REGION_PRIVATE | REGION_PLACEHOLDER;
    program.check("a placeholder", kind_of(base), placeholder);
    let whole = Range {
        base,
        size_bytes: SIZE,
    };
    let middle = Range {
        base: base + 5 * PAGE,
        size_bytes: 2 * PAGE,
    };
    let split = free(middle.base, middle.size_bytes, PRESERVE);
    program.check("split", split, Ok(middle));
    let second = Ok((middle.base, 2 * PAGE, MEM_RESERVE));
    program.check("the second", run(middle.base), second);
    let third = base + 7 * PAGE;
    program.check("the third", run(third), Ok((third, 9 * PAGE, MEM_RESERVE)));
    let kind = REPLACE | MEM_COMMIT;
    let replaced = allocate(middle.base, middle.size_bytes, kind, PAGE_READWRITE, NONE);
    program.check("replaced", replaced, Ok(middle));
    put(middle.base, 5);
    program.check("ordinary memory", kind_of(middle.base), REGION_PRIVATE);
    let conflict = Err(NtStatus::CONFLICTING_ADDRESSES);
    program.check(
        "in between",
        free(base, SIZE, COALESCE),
        Err(NtStatus::CONFLICTING_ADDRESSES),
    );
    let back = free(middle.base, middle.size_bytes, PRESERVE);
    program.check("a placeholder again", back, Ok(middle));
    program.check(
        "of that size already",
        free(middle.base, 2 * PAGE, PRESERVE),
        conflict,
    );
    let joined = free(base, SIZE, COALESCE).map(|range| range.base);
    program.check("joined", joined, Ok(base));
    program.check("one", run(base), Ok((base, SIZE, MEM_RESERVE)));
    program.check("not twice", free(base, SIZE, COALESCE), conflict);
    let kind = REPLACE | MEM_COMMIT;
    let again = allocate(base, SIZE, kind, PAGE_READWRITE, NONE);
    program.check("all of it", again, Ok(whole));
    program.check("nothing of before", get(middle.base), 0);
    program.check("release", free(base, 0, MEM_RELEASE), Ok(whole));
    program.check("free", query(base).map(|found| found.state), Ok(MEM_FREE));
}

fn views(program: &Program) {
    let made = section::create(SIZE, PAGE_READWRITE, SEC_COMMIT);
    let made = program.done("a section", made);
    let base = hold(program, 3 * PAGE);
    program.done("split", free(base + PAGE, PAGE, PRESERVE));
    let middle = Range {
        base: base + PAGE,
        size_bytes: PAGE,
    };
    let mapped = map(&made, middle, 3 * PAGE, MEM_REPLACE_PLACEHOLDER, NONE);
    program.check("a view of a page at a page", mapped, Ok(middle));
    let elsewhere = Range {
        base: 0,
        size_bytes: 0,
    };
    let other = program.done("a view", map(&made, elsewhere, 0, 0, NONE));
    put(other.base + 3 * PAGE, 9);
    program.check("of that page", get(middle.base), 9);
    let conflict = NtStatus::CONFLICTING_ADDRESSES;
    let kept = unmap(other.base, MEM_PRESERVE_PLACEHOLDER);
    program.check("that replaced nothing", kept, conflict);
    let freed = free(middle.base, PAGE, PRESERVE);
    program.check("freed", freed, Err(NtStatus::UNABLE_TO_DELETE_SECTION));
    let kept = unmap(middle.base, MEM_PRESERVE_PLACEHOLDER);
    program.check("unmapped", kept, NtStatus::SUCCESS);
    let state = run(middle.base);
    program.check("a placeholder", state, Ok((middle.base, PAGE, MEM_RESERVE)));
    let kept = unmap(middle.base, MEM_PRESERVE_PLACEHOLDER);
    program.check("no view", kept, NtStatus::NOT_MAPPED_VIEW);
    program.done("joined", free(base, 3 * PAGE, COALESCE));
    let partly = map(&made, middle, 0, MEM_REPLACE_PLACEHOLDER, NONE);
    program.check("a part of one", partly, Err(conflict));
    let flags = MEM_PRESERVE_PLACEHOLDER | MEM_UNMAP_WITH_TRANSIENT_BOOST;
    let both = unmap(other.base, flags);
    program.check("flags", both, NtStatus::INVALID_PARAMETER_3);
    program.check("unmap", unmap(other.base, 0), NtStatus::SUCCESS);
    program.done("release", free(base, 0, MEM_RELEASE));
}

/// A buffer that is twice in view, one behind the other.
fn ring(program: &Program) {
    let made = section::create(SIZE, PAGE_READWRITE, SEC_COMMIT);
    let made = program.done("a section", made);
    let base = hold(program, 2 * SIZE);
    program.done("split", free(base, SIZE, PRESERVE));
    for part in [base, base + SIZE] {
        let range = Range {
            base: part,
            size_bytes: SIZE,
        };
        let mapped = map(&made, range, 0, MEM_REPLACE_PLACEHOLDER, NONE);
        program.check("a half", mapped, Ok(range));
    }
    // SAFETY: eight bytes across both views.
    unsafe { ((base + SIZE - 4) as *mut u64).write_unaligned(0x1122_3344_5566_7788) };
    program.check("goes on at the start", get(base) as u32, 0x1122_3344);
    program.check(
        "unmap",
        unmap(base, MEM_PRESERVE_PLACEHOLDER),
        NtStatus::SUCCESS,
    );
    let next = unmap(base + SIZE, MEM_PRESERVE_PLACEHOLDER);
    program.check("unmap", next, NtStatus::SUCCESS);
    program.done("joined", free(base, 2 * SIZE, COALESCE));
    program.done("release", free(base, 0, MEM_RELEASE));
}

/// A parameter that limits the place to what stands in `asked`.
fn within(asked: &MemoryAddressRequirements) -> MemoryExtendedParameter {
    let mut parameter = MemoryExtendedParameter::new_zeroed();
    parameter.kind = MEM_EXTENDED_PARAMETER_ADDRESS_REQUIREMENTS.into();
    parameter.value = asked as *const MemoryAddressRequirements as u64;
    parameter
}

fn requirements(lowest: u64, highest: u64, alignment: u64) -> MemoryAddressRequirements {
    let mut asked = MemoryAddressRequirements::new_zeroed();
    asked.lowest_starting_address = lowest;
    asked.highest_ending_address = highest;
    asked.alignment_bytes = alignment;
    asked
}

fn limits(program: &Program) {
    const LOW: u64 = 0x2_0000_0000;
    const MIB: u64 = 1 << 20;
    let both = MEM_RESERVE | MEM_COMMIT;
    let asked = requirements(LOW, LOW + 4 * MIB - 1, MIB);
    let up = allocate(0, PAGE, both, PAGE_READWRITE, &[within(&asked)]);
    program.check("from below", up.map(|range| range.base), Ok(LOW));
    let kind = both | MEM_TOP_DOWN;
    let down = allocate(0, PAGE, kind, PAGE_READWRITE, &[within(&asked)]);
    program.check(
        "from above",
        down.map(|range| range.base),
        Ok(LOW + 3 * MIB),
    );
    let made = section::create(SIZE, PAGE_READWRITE, SEC_COMMIT);
    let made = program.done("a section", made);
    let all = Range {
        base: 0,
        size_bytes: 0,
    };
    let view = map(&made, all, 0, 0, &[within(&asked)]);
    program.check("a view", view.map(|range| range.base), Ok(LOW + MIB));
    let none = allocate(0, 3 * MIB, both, PAGE_READWRITE, &[within(&asked)]);
    program.check("no room", none, Err(NtStatus::NO_MEMORY));
    program.check("unmap", unmap(LOW + MIB, 0), NtStatus::SUCCESS);
    for base in [LOW, LOW + 3 * MIB] {
        program.done("release", free(base, 0, MEM_RELEASE));
    }
    let invalid = Err(NtStatus::INVALID_PARAMETER);
    for (lowest, highest, alignment) in [
        (1, 0, 0),
        (PAGE, 0, 0),
        (0, LOW, 0),
        (0, LOW + PAGE - 1, 0),
        (LOW, LOW - 1, 0),
        (HIGHEST_USER_ADDRESS + 1, 0, 0),
        (0, u64::MAX, 0),
        (0, 0, PAGE),
        (0, 0, 3 * 0x1_0000),
        (u64::MAX, u64::MAX, u64::MAX),
    ] {
        let asked = requirements(lowest, highest, alignment);
        let refused = allocate(0, PAGE, both, PAGE_READWRITE, &[within(&asked)]);
        program.check("limits", refused, invalid);
        let refused = map(&made, all, 0, 0, &[within(&asked)]);
        program.check("limits of a view", refused, invalid);
    }
    let asked = requirements(0, 0, MIB);
    let placed = allocate(LOW, PAGE, both, PAGE_READWRITE, &[within(&asked)]);
    program.check("a place and limits", placed, invalid);
}

fn parameters(program: &Program) {
    let both = MEM_RESERVE | MEM_COMMIT;
    let parameter = |kind: u32, value: u64| {
        let mut parameter = MemoryExtendedParameter::new_zeroed();
        (parameter.kind, parameter.value) = (kind.into(), value);
        parameter
    };
    let node = MEM_EXTENDED_PARAMETER_NUMA_NODE;
    let flags = MEM_EXTENDED_PARAMETER_ATTRIBUTE_FLAGS;
    let machine = MEM_EXTENDED_PARAMETER_IMAGE_MACHINE;
    let invalid = Some(NtStatus::INVALID_PARAMETER);
    for (kind, value, status) in [
        (node, 0, None),
        (node, 1, invalid),
        (node, u32::MAX.into(), None),
        (flags, MEM_EXTENDED_PARAMETER_ZERO_PAGES_OPTIONAL, None),
        (
            flags,
            MEM_EXTENDED_PARAMETER_NONPAGED_LARGE,
            Some(NtStatus::PRIVILEGE_NOT_HELD),
        ),
        (flags, 1 << 40, invalid),
        (machine, 0x8664, None),
        (machine, 0x14C, invalid),
        (0, 0, invalid),
        (7, 0, invalid),
        (0x100 | node, 0, invalid),
        (
            MEM_EXTENDED_PARAMETER_PARTITION_HANDLE,
            0,
            Some(NtStatus::INVALID_HANDLE),
        ),
        (
            MEM_EXTENDED_PARAMETER_ADDRESS_REQUIREMENTS,
            0,
            Some(NtStatus::ACCESS_VIOLATION),
        ),
    ] {
        let made = allocate(0, PAGE, both, PAGE_READWRITE, &[parameter(kind, value)]);
        program.check("a parameter", made.err(), status);
        if let Ok(range) = made {
            program.done("release", free(range.base, 0, MEM_RELEASE));
        }
    }
    let twice = [parameter(node, 0), parameter(node, 0)];
    let twice = allocate(0, PAGE, both, PAGE_READWRITE, &twice).err();
    program.check("twice", twice, invalid);
    let two = [parameter(node, 0), parameter(flags, 0)];
    let two = program.done("two", allocate(0, PAGE, both, PAGE_READWRITE, &two));
    program.done("release", free(two.base, 0, MEM_RELEASE));
    let (mut base, mut size) = (0_u64, PAGE);
    let (base, size) = (&raw mut base as u64, &raw mut size as u64);
    let (kind, protection) = (both.into(), PAGE_READWRITE.into());
    // SAFETY: refused.
    let with = |process, at, count| unsafe {
        call::nt_allocate_virtual_memory_ex(process, base, size, kind, protection, at, count)
    };
    let nowhere = with(CURRENT_PROCESS, 0, 1);
    program.check("nowhere", nowhere, NtStatus::ACCESS_VIOLATION);
    let kernel = with(CURRENT_PROCESS, u64::MAX - 7, 1);
    program.check("in the kernel", kernel, NtStatus::ACCESS_VIOLATION);
    let process = with(0xBAD0, 0, 0);
    program.check("process", process, NtStatus::INVALID_HANDLE);
}

fn refusals(program: &Program) {
    let invalid = Err(NtStatus::INVALID_PARAMETER);
    for kind in [
        0,
        MEM_TOP_DOWN,
        MEM_REPLACE_PLACEHOLDER,
        MEM_RESERVE_PLACEHOLDER,
        HOLD | MEM_COMMIT,
        HOLD | MEM_REPLACE_PLACEHOLDER,
        HOLD | MEM_WRITE_WATCH,
        MEM_RESERVE | MEM_RELEASE,
    ] {
        let made = allocate(0, PAGE, kind, PAGE_NOACCESS, NONE);
        program.check("type", made, invalid);
    }
    let open = allocate(0, PAGE, HOLD, PAGE_READWRITE, NONE);
    program.check("protection", open, invalid);
    let nothing = allocate(0, 0, HOLD, PAGE_NOACCESS, NONE);
    program.check("size", nothing, invalid);
    let base = hold(program, SIZE);
    let conflict = Err(NtStatus::CONFLICTING_ADDRESSES);
    for (address, size) in [
        (0, SIZE),
        (base, PAGE),
        (base, SIZE + 1),
        (base + PAGE, SIZE - PAGE),
        (base + 1, SIZE - 1),
    ] {
        let made = allocate(address, size, REPLACE, PAGE_READWRITE, NONE);
        program.check("not all of it", made, conflict);
    }
    let third = Err(NtStatus::INVALID_PARAMETER_3);
    for kind in [PRESERVE, COALESCE] {
        program.check("no size", free(base, 0, kind), third);
        program.check("a large size", free(base, u64::MAX, kind), third);
    }
    let beyond = free(base, SIZE + 1, PRESERVE);
    program.check("beyond its end", beyond, Err(NtStatus::UNABLE_TO_FREE_VM));
    let decommitted = free(base, PAGE, MEM_DECOMMIT);
    program.check("decommit", decommitted, conflict);
    let committed = nt::memory::allocate(base, PAGE, MEM_COMMIT, PAGE_READWRITE);
    program.check("commit", committed, conflict);
    // SAFETY: refused.
    let protected = unsafe { nt::memory::protect(base, PAGE, PAGE_READWRITE) };
    program.check("protect", protected.err(), Some(NtStatus::NOT_COMMITTED));
    program.done("release", free(base, 0, MEM_RELEASE));
    let gone = free(base, PAGE, PRESERVE);
    program.check("free", gone, Err(NtStatus::MEMORY_NOT_ALLOCATED));
    let plain = nt::memory::allocate(0, PAGE, MEM_RESERVE, PAGE_READWRITE);
    let plain = program.done("memory", plain).base;
    program.check("not from one", free(plain, PAGE, PRESERVE), conflict);
    program.done("release", free(plain, 0, MEM_RELEASE));
}
