//! Which pages are resident, and the other classes of queries.
use crate::{BAD_HANDLE, HIGH, PAGE, free, read, write};
use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use abi::section::SEC_COMMIT;
use nt::memory::{Memory, Range, allocate};
use nt::{NtStatus, Program, call, section};
use zerocopy::{FromZeros, Immutable, IntoBytes};

pub fn main(program: &Program) {
    let both = MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH;
    let range = program.done("memory", allocate(0, 4 * PAGE, both, PAGE_READWRITE));
    write(range.base, 1);
    by_address(program, range);
    list(program, range);
    region(program, range);
    shared(program);
    prefetch(program);
    program.done("release", free(range.base, 0, MEM_RELEASE));
}

/// Asks for a class about an address; the status, and the length of the answer.
fn query_at(address: u64, class: u32, to: u64, length: u64) -> (NtStatus, u64) {
    let mut done = 0_u64;
    let done_at = &raw mut done as u64;
    // SAFETY: callers pass memory that the answer fits in, or where it is refused.
    let status = unsafe {
        call::nt_query_virtual_memory(CURRENT_PROCESS, address, class.into(), to, length, done_at)
    };
    (status, done)
}

fn query<T: IntoBytes + Immutable>(address: u64, class: u32, to: &mut T) -> (NtStatus, u64) {
    query_at(address, class, to as *mut T as u64, size_of::<T>() as u64)
}

fn by_address(program: &Program, range: Range) {
    let mut entries = [MemoryWorkingSetExInformation::new_zeroed(); 3];
    entries[0].virtual_address = range.base;
    entries[1].virtual_address = range.base + PAGE;
    entries[2].virtual_address = nt::program::peb().image_base + 7;
    let _ = read(entries[2].virtual_address);
    let class = MEMORY_WORKING_SET_EX_INFORMATION;
    let found = query(0, class, &mut entries);
    program.check("three pages", found, (NtStatus::SUCCESS, 0x30));
    let protection = |protection: u32| u64::from(protection) << WORKING_SET_EX_PROTECTION_SHIFT;
    let written = WORKING_SET_EX_VALID | 2 | protection(PAGE_READWRITE);
    program.check("a written page", entries[0].attributes, written);
    program.check("an untouched page", entries[1].attributes, 0);
    let image = WORKING_SET_EX_VALID | 2 | protection(PAGE_READONLY) | WORKING_SET_EX_SHARED;
    program.check("an image's headers", entries[2].attributes, image);
    let (mut base, mut size) = (range.base, PAGE);
    let (base, size) = (&raw mut base as u64, &raw mut size as u64);
    let kind = MAP_PROCESS.into();
    // SAFETY: changes the local variables only.
    let locked = unsafe { call::nt_lock_virtual_memory(CURRENT_PROCESS, base, size, kind) };
    program.check("lock", locked, NtStatus::SUCCESS);
    query(0, class, &mut entries);
    let locked = written | WORKING_SET_EX_LOCKED;
    program.check("a locked page", entries[0].attributes, locked);
    let short = query_at(0, class, &raw mut entries as u64, 0xF).0;
    program.check("length", short, NtStatus::INFO_LENGTH_MISMATCH);
}

fn list(program: &Program, range: Range) {
    const WORDS: u64 = 0x1000;
    let class = MEMORY_WORKING_SET_INFORMATION;
    let mut count = 0_u64;
    let found = query(0, class, &mut count).0;
    program.check("only the count", found, NtStatus::INFO_LENGTH_MISMATCH);
    program.require("some pages are resident", count > 4);
    let memory = program.done("memory", Memory::committed(WORDS * 8));
    let at = memory.range().base;
    let (status, length) = query_at(0, class, at, WORDS * 8);
    program.check("the list", status, NtStatus::SUCCESS);
    // SAFETY: of this test's memory; any bytes are words.
    let words = unsafe { core::slice::from_raw_parts(at as *const u64, WORDS as usize) };
    let (count, words) = (words[0], &words[1..]);
    program.check("its length", length, (count + 1) * 8);
    let mut listed = words.iter().take(count as usize);
    let of = |address: u64| move |word: &&u64| **word & !0xFFF == address;
    let written = listed.clone().find(of(range.base)).copied();
    program.check("a written page", written, Some(range.base | 4));
    let untouched = listed
        .clone()
        .any(|word| word & !0xFFF == range.base + PAGE);
    program.check("an untouched page", untouched, false);
    let code = main as *const () as u64 & !0xFFF;
    let code_word = listed.clone().find(of(code)).copied();
    program.check(
        "code",
        code_word,
        Some(code | WORKING_SET_SHARED | 0x20 | 3),
    );
    let ascending = listed.clone().zip(listed.clone().skip(1));
    program.require(
        "in order",
        ascending.into_iter().all(|(one, next)| one < next),
    );
    program.require("no empty words", listed.all(|word| word & 0x1F != 0));
    let short = query_at(0, class, at, 7).0;
    program.check("length", short, NtStatus::INFO_LENGTH_MISMATCH);
    program.done("release", memory.release());
}

fn region(program: &Program, range: Range) {
    let mut region = MemoryRegionInformation::new_zeroed();
    for class in [MEMORY_REGION_INFORMATION, MEMORY_REGION_INFORMATION_EX] {
        for length in [0x18, 0x20, 0x30] {
            region.as_mut_bytes().fill(0xAA);
            let at = &raw mut region as u64;
            let found = query_at(range.base + PAGE, class, at, length);
            program.check("a region", found, (NtStatus::SUCCESS, length));
            program.check("its base", region.allocation_base, range.base);
            program.check("its size", region.region_size_bytes, 4 * PAGE);
            let kind = REGION_PRIVATE | REGION_WRITE_WATCH;
            program.check("its type", region.region_type, kind);
            let rest = &region.as_bytes()[length as usize..];
            program.require("no more", rest.iter().all(|&byte| byte == 0xAA));
        }
        let short = query_at(range.base, class, &raw mut region as u64, 0x17).0;
        program.check("length", short, NtStatus::INFO_LENGTH_MISMATCH);
    }
    let mut basic = MemoryBasicInformation::new_zeroed();
    let found = query(range.base, MEMORY_PRIVILEGED_BASIC_INFORMATION, &mut basic);
    program.check("basic", found, (NtStatus::SUCCESS, 0x30));
    program.check("its base", basic.allocation_base, range.base);
}

fn shared(program: &Program) {
    const SIZE: u64 = 16 * PAGE;
    let class = MEMORY_SHARED_COMMIT_INFORMATION;
    let (mut before, mut after) = (0_u64, 0_u64);
    let found = query(0, class, &mut before);
    program.check("shared commitment", found, (NtStatus::SUCCESS, 8));
    let made = section::create(SIZE, PAGE_READWRITE, SEC_COMMIT);
    let made = program.done("a section", made);
    let view = program.done("a view", section::map(&made, PAGE_READWRITE));
    query(0, class, &mut after);
    program.check("more of it", after - before, SIZE);
    // SAFETY: nothing uses the view.
    let unmapped = unsafe { section::unmap(CURRENT_PROCESS, view.base) };
    program.check("unmap", unmapped, NtStatus::SUCCESS);
}

fn prefetch(program: &Program) {
    let made = section::create(8 * PAGE, PAGE_READWRITE, SEC_COMMIT);
    let made = program.done("a section", made);
    let view = program.done("a view", section::map(&made, PAGE_READWRITE));
    let mut entries = [MemoryRangeEntry::new_zeroed(); 2];
    entries[0].virtual_address = view.base;
    entries[0].size_bytes = 2 * PAGE;
    entries[1].virtual_address = 0x10_0000;
    entries[1].size_bytes = PAGE;
    let (at, none) = (&raw mut entries as u64, 0_u32);
    let none = &raw const none as u64;
    // SAFETY: reads the local variables only.
    let set = |process, class: u32, count, at, to, length: u32| unsafe {
        let (class, length) = (class.into(), length.into());
        call::nt_set_information_virtual_memory(process, class, count, at, to, length)
    };
    let (me, class) = (CURRENT_PROCESS, VM_PREFETCH_INFORMATION);
    let done = set(me, class, 2, at, none, 4);
    program.check("read in", done, NtStatus::SUCCESS);
    let mut resident = [MemoryWorkingSetExInformation::new_zeroed(); 2];
    resident[0].virtual_address = view.base + PAGE;
    resident[1].virtual_address = view.base + 2 * PAGE;
    query(0, MEMORY_WORKING_SET_EX_INFORMATION, &mut resident);
    let is_there = resident.map(|page| page.attributes & WORKING_SET_EX_VALID);
    program.check("what was asked for", is_there, [1, 0]);
    let five = 5_u32;
    let five = &raw const five as u64;
    let priority = VM_PAGE_PRIORITY_INFORMATION;
    for (status, expected) in [
        (set(me, priority, 1, at, five, 4), NtStatus::SUCCESS),
        (
            set(me, class, 1, at, five, 4),
            NtStatus::INVALID_PARAMETER_5,
        ),
        (set(me, 9, 1, at, none, 4), NtStatus::INVALID_PARAMETER_2),
        (
            set(me, class, 0, at, none, 4),
            NtStatus::INVALID_PARAMETER_3,
        ),
        (
            set(me, class, 1, at, none, 8),
            NtStatus::INVALID_PARAMETER_6,
        ),
        (set(me, class, 1, 0, none, 4), NtStatus::ACCESS_VIOLATION),
        (set(me, class, 1, at, 0, 4), NtStatus::ACCESS_VIOLATION),
        (
            set(me, class, 1 << 60, at, none, 4),
            NtStatus::ACCESS_VIOLATION,
        ),
        (
            set(BAD_HANDLE, class, 1, at, none, 4),
            NtStatus::INVALID_HANDLE,
        ),
    ] {
        program.check("a wish", status, expected);
    }
    for (address, size) in [
        (view.base, 0),
        (HIGH, 1),
        (view.base, u64::MAX),
        (HIGH - 1, 2),
    ] {
        let mut entry = MemoryRangeEntry::new_zeroed();
        (entry.virtual_address, entry.size_bytes) = (address, size);
        let status = set(me, class, 1, &raw const entry as u64, none, 4);
        program.check("no range", status, NtStatus::INVALID_PARAMETER_4);
    }
    program.check("contents", read(view.base), 0);
    // SAFETY: nothing uses the view.
    let unmapped = unsafe { section::unmap(CURRENT_PROCESS, view.base) };
    program.check("unmap", unmapped, NtStatus::SUCCESS);
}
