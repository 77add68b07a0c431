//! Sections, views of them in two processes, and memory of another process.
#![no_std]
#![no_main]
nt::program!("sections", main);

use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use abi::section::{SEC_COMMIT, SEC_IMAGE, SEC_LARGE_PAGES, SEC_RESERVE};
use nt::memory::{Range, allocate, free, protect, query};
use nt::process::{self, Created};
use nt::section::{self, read_memory, write_memory};
use nt::sync::Handle;
use nt::{NtStatus, Program, sync, system};

const SIZE: u64 = 0x2_0000;

fn main(program: &Program) {
    refused(program);
    two_views(program);
    parts(program);
    copies(program);
    code(program);
    large(program);
    reserved(program);
    other_process(program);
    memory_comes_back(program);
}

fn get(address: u64) -> u64 {
    // SAFETY: of a view that this test has mapped; else the program ends.
    unsafe { (address as *const u64).read_volatile() }
}

fn put(address: u64, value: u64) {
    // SAFETY: as above.
    unsafe { (address as *mut u64).write_volatile(value) }
}

fn unmap(address: u64) -> NtStatus {
    // SAFETY: this test uses no view that it has unmapped.
    unsafe { section::unmap(CURRENT_PROCESS, address) }
}

fn section(program: &Program, protection: u32, allocation: u32) -> Handle {
    program.done("a section", section::create(SIZE, protection, allocation))
}

fn refused(program: &Program) {
    for (size, protection, allocation, status) in [
        (0, PAGE_READWRITE, SEC_COMMIT, NtStatus::INVALID_PARAMETER_4),
        (
            SIZE,
            PAGE_NOACCESS,
            SEC_COMMIT,
            NtStatus::INVALID_PAGE_PROTECTION,
        ),
        (SIZE, 0, SEC_COMMIT, NtStatus::INVALID_PAGE_PROTECTION),
        (SIZE, PAGE_READWRITE, 0, NtStatus::INVALID_PARAMETER_6),
        (
            SIZE,
            PAGE_READWRITE,
            SEC_COMMIT | SEC_RESERVE,
            NtStatus::INVALID_PARAMETER_6,
        ),
        (
            SIZE,
            PAGE_READONLY,
            SEC_IMAGE,
            NtStatus::INVALID_FILE_FOR_SECTION,
        ),
        (
            1 << 62,
            PAGE_READWRITE,
            SEC_COMMIT,
            NtStatus::SECTION_TOO_BIG,
        ),
        (
            1 << 40,
            PAGE_READWRITE,
            SEC_COMMIT,
            NtStatus::COMMITMENT_LIMIT,
        ),
        (
            u64::MAX,
            PAGE_READWRITE,
            SEC_COMMIT,
            NtStatus::SECTION_TOO_BIG,
        ),
    ] {
        let made = section::create(size, protection, allocation);
        program.check("a section that cannot be", made.err(), Some(status));
    }
    let readable = section(program, PAGE_READONLY, SEC_COMMIT);
    for (offset, size, protection, status) in [
        (0, 0, PAGE_READWRITE, NtStatus::SECTION_PROTECTION),
        (0, 0, PAGE_EXECUTE_READ, NtStatus::SECTION_PROTECTION),
        (0x1000, 0, PAGE_READONLY, NtStatus::MAPPED_ALIGNMENT),
        (SIZE, 0, PAGE_READONLY, NtStatus::INVALID_VIEW_SIZE),
        (0x1_0000, SIZE, PAGE_READONLY, NtStatus::INVALID_VIEW_SIZE),
    ] {
        let mapped = section::map_into(&readable, CURRENT_PROCESS, 0, offset, size, protection);
        program.check("a view that cannot be", mapped, Err(status));
    }
    let narrow = section::create_with(SIZE, PAGE_READWRITE, SEC_COMMIT, 4);
    let narrow = program.done("a section that may be read", narrow);
    let mapped = section::map(&narrow, PAGE_READWRITE);
    program.check("without the access", mapped, Err(NtStatus::ACCESS_DENIED));
    program.check("no view", unmap(0x5000_0000), NtStatus::NOT_MAPPED_VIEW);
}

/// Code in sections, written and run in several views.
fn code(program: &Program) {
    let both = section(program, PAGE_EXECUTE_READWRITE, SEC_COMMIT);
    let one = program
        .done("a view", section::map(&both, PAGE_EXECUTE_READWRITE))
        .base;
    let two = program
        .done("a view", section::map(&both, PAGE_EXECUTE_READWRITE))
        .base;
    let copy = program
        .done("a copy", section::map(&both, PAGE_EXECUTE_WRITECOPY))
        .base;
    // mov eax, number; ret
    let answer = |number: u32| 0xC300_0000_00B8 | u64::from(number) << 8;
    let run = |address: u64| {
        // SAFETY: functions of that type have been written there.
        let function: extern "system" fn() -> u32 = unsafe { core::mem::transmute(address) };
        function()
    };
    for number in 0..20 {
        put(one, answer(number));
        program.check("run in its view", run(one), number);
        program.check("run in another", run(two), number);
        program.check("run in the copy", run(copy), number);
        put(two, answer(number + 1));
        program.check("written in the other", run(one), number + 1);
    }
    put(copy, answer(7));
    put(one, answer(8));
    program.check("its own now", run(copy), 7);
    put(copy, answer(9));
    program.check("written again", run(copy), 9);
    program.check("the others'", run(two), 8);
    let protection = |address| query(address).map(|found| found.protect);
    program.check("both", protection(one), Ok(PAGE_EXECUTE_READWRITE));
    program.check("a copy", protection(copy), Ok(PAGE_EXECUTE_WRITECOPY));
    for base in [one, two, copy] {
        program.check("unmap", unmap(base), NtStatus::SUCCESS);
    }
    let read = section(program, PAGE_EXECUTE_READ, SEC_COMMIT);
    let wider = section::map(&read, PAGE_EXECUTE_READWRITE).err();
    program.check(
        "not to be written",
        wider,
        Some(NtStatus::SECTION_PROTECTION),
    );
    let narrow = section::create_with(SIZE, PAGE_EXECUTE_READWRITE, SEC_COMMIT, 6);
    let narrow = program.done("a section that may not be run", narrow);
    let mapped = section::map(&narrow, PAGE_EXECUTE_READWRITE);
    program.check("without the access", mapped, Err(NtStatus::ACCESS_DENIED));
}

/// Large pages are for those who may lock memory.
fn large(program: &Program) {
    for (allocation, status) in [
        (SEC_LARGE_PAGES | SEC_COMMIT, NtStatus::PRIVILEGE_NOT_HELD),
        (SEC_LARGE_PAGES, NtStatus::INVALID_PARAMETER_6),
        (SEC_LARGE_PAGES | SEC_RESERVE, NtStatus::INVALID_PARAMETER_6),
    ] {
        let made = section::create(1 << 21, PAGE_READWRITE, allocation).err();
        program.check("large pages", made, Some(status));
    }
}

fn two_views(program: &Program) {
    let shared = section(program, PAGE_READWRITE, SEC_COMMIT);
    let one = program.done("a view", section::map(&shared, PAGE_READWRITE));
    let two = program.done("a view", section::map(&shared, PAGE_READONLY));
    program.check("its size", one.size_bytes, SIZE);
    program.check("zeros", get(two.base + 0x1_0008), 0);
    put(one.base + 0x1_0008, 0x1234);
    program.check("seen in the other", get(two.base + 0x1_0008), 0x1234);
    let found = program.done("what it is", query(two.base));
    program.check("its type", found.kind, MEM_MAPPED);
    program.check("its protection", found.protect, PAGE_READONLY);
    // SAFETY: only what may be written changes.
    let wider = unsafe { protect(two.base, SIZE, PAGE_READWRITE) };
    program.check(
        "more than it was made with",
        wider.err(),
        Some(NtStatus::SECTION_PROTECTION),
    );
    drop(shared);
    program.check("without a handle", get(one.base + 0x1_0008), 0x1234);
    program.check("unmap inside", unmap(one.base + 0x5000), NtStatus::SUCCESS);
    program.check("the other stays", get(two.base + 0x1_0008), 0x1234);
    // SAFETY: refused.
    let freed = unsafe { free(two.base, 0, MEM_RELEASE) };
    program.check(
        "free a view",
        freed,
        Err(NtStatus::UNABLE_TO_DELETE_SECTION),
    );
    program.check("unmap", unmap(two.base), NtStatus::SUCCESS);
    program.check("unmap again", unmap(two.base), NtStatus::NOT_MAPPED_VIEW);
}

fn parts(program: &Program) {
    let shared = section(program, PAGE_READWRITE, SEC_COMMIT);
    let whole = program.done("a view", section::map(&shared, PAGE_READWRITE));
    let part = section::map_into(&shared, CURRENT_PROCESS, 0, 0x1_0000, 0x800, PAGE_READWRITE);
    let part = program.done("a part", part);
    program.check("whole pages", part.size_bytes, PAGE_SIZE);
    put(part.base, 77);
    program.check("at its place", get(whole.base + 0x1_0000), 77);
    let taken = section::map_into(&shared, CURRENT_PROCESS, whole.base, 0, 0, PAGE_READONLY);
    program.check("a taken base", taken, Err(NtStatus::CONFLICTING_ADDRESSES));
    program.check("unmap", unmap(whole.base), NtStatus::SUCCESS);
    let again = section::map_into(&shared, CURRENT_PROCESS, whole.base, 0, 0, PAGE_READONLY);
    program.check("the base is free", again, Ok(whole));
    program.check("what was written stays", get(whole.base + 0x1_0000), 77);
    program.check("unmap", unmap(whole.base), NtStatus::SUCCESS);
    program.check("unmap", unmap(part.base), NtStatus::SUCCESS);
}

fn copies(program: &Program) {
    let shared = section(program, PAGE_READWRITE, SEC_COMMIT);
    let shown = program.done("a view", section::map(&shared, PAGE_READWRITE));
    let copied = program.done("a view", section::map(&shared, PAGE_WRITECOPY));
    put(shown.base, 1);
    program.check("seen before the copy", get(copied.base), 1);
    put(copied.base, 2);
    program.check("not written through", get(shown.base), 1);
    put(shown.base, 3);
    program.check("not seen after the copy", get(copied.base), 2);
    program.check("the next page is seen", get(copied.base + PAGE_SIZE), 0);
    put(shown.base + PAGE_SIZE, 4);
    program.check("still", get(copied.base + PAGE_SIZE), 4);
    program.check("unmap", unmap(shown.base), NtStatus::SUCCESS);
    program.check("unmap", unmap(copied.base), NtStatus::SUCCESS);
}

fn reserved(program: &Program) {
    let shared = section(program, PAGE_READWRITE, SEC_RESERVE);
    let one = program.done("a view", section::map(&shared, PAGE_READWRITE));
    let two = program.done("a view", section::map(&shared, PAGE_READWRITE));
    program.check(
        "reserved",
        query(one.base).map(|found| found.state),
        Ok(MEM_RESERVE),
    );
    let committed = allocate(one.base + PAGE_SIZE, PAGE_SIZE, MEM_COMMIT, PAGE_READWRITE);
    program.check(
        "commit a page",
        committed,
        Ok(Range {
            base: one.base + PAGE_SIZE,
            size_bytes: PAGE_SIZE,
        }),
    );
    put(one.base + PAGE_SIZE, 5);
    program.check("committed for both", get(two.base + PAGE_SIZE), 5);
    let copied = program.done("a view", section::map(&shared, PAGE_WRITECOPY));
    program.check("committed for a copy", get(copied.base + PAGE_SIZE), 5);
    put(copied.base + PAGE_SIZE, 6);
    program.check("not written through", get(two.base + PAGE_SIZE), 5);
    let nothing = allocate(one.base + 4 * PAGE_SIZE, 0, MEM_COMMIT, PAGE_READWRITE);
    let status = NtStatus::INVALID_PARAMETER_4;
    program.check("commit nothing", nothing, Err(status));
    let ready = section(program, PAGE_READWRITE, SEC_COMMIT);
    let view = program.done("a view", section::map(&ready, PAGE_READWRITE));
    let again = allocate(view.base, PAGE_SIZE, MEM_COMMIT, PAGE_READWRITE);
    program.check("committed already", again, Err(NtStatus::ALREADY_COMMITTED));
    for range in [one, two, copied, view] {
        program.check("unmap", unmap(range.base), NtStatus::SUCCESS);
    }
}

fn child(program: &Program) -> Created {
    let made = process::create("spin.exe", "spin.exe", 0, process::SUSPENDED);
    program.done("a process", made)
}

fn end(program: &Program, child: &Created) {
    let ended = process::terminate(&child.process, NtStatus::SUCCESS);
    program.check("end it", ended, NtStatus::SUCCESS);
    program.check(
        "its end",
        sync::wait(&child.process, None),
        NtStatus::WAIT_0,
    );
}

fn other_process(program: &Program) {
    let other = child(program);
    let handle = other.process.raw();
    let shared = section(program, PAGE_READWRITE, SEC_COMMIT);
    let here = program.done("a view", section::map(&shared, PAGE_READWRITE));
    let there = section::map_into(&shared, handle, 0, 0, 0, PAGE_READWRITE);
    let there = program.done("a view in the other process", there);
    put(here.base + 0x10, 0x0123_4567_89AB_CDEF);
    let mut bytes = [0; 8];
    let read = read_memory(handle, there.base + 0x10, &mut bytes);
    program.check("read", read, (NtStatus::SUCCESS, 8));
    program.check(
        "what it sees",
        u64::from_le_bytes(bytes),
        0x0123_4567_89AB_CDEF,
    );
    // SAFETY: the view is this test's.
    let written = unsafe { write_memory(handle, there.base + PAGE_SIZE - 4, &[9; 8]) };
    program.check("write across pages", written, (NtStatus::SUCCESS, 8));
    program.check(
        "what is seen here",
        get(here.base + PAGE_SIZE) & 0xFFFF_FFFF,
        0x0909_0909,
    );
    let information = program.done("what it is", process::basic_information(handle));
    let mut image_base = [0; 8];
    read_memory(handle, information.peb + 0x10, &mut image_base);
    let image_base = u64::from_le_bytes(image_base);
    let mut start = [0; 2];
    let read = read_memory(handle, image_base, &mut start);
    program.check("its image", (read, start), ((NtStatus::SUCCESS, 2), *b"MZ"));
    // SAFETY: refused.
    let written = unsafe { write_memory(handle, image_base, &[0; 2]) };
    program.check("its headers", written, (NtStatus::PARTIAL_COPY, 0));
    let mut long = [0; 0x1800];
    let read = read_memory(handle, there.base + SIZE - PAGE_SIZE, &mut long);
    program.check("beyond the end", read, (NtStatus::PARTIAL_COPY, PAGE_SIZE));
    let read = read_memory(handle, u64::MAX - 3, &mut bytes);
    program.check("around the end", read.0, NtStatus::ACCESS_VIOLATION);
    // SAFETY: nothing uses the view.
    let unmapped = unsafe { section::unmap(handle, there.base) };
    program.check("unmap there", unmapped, NtStatus::SUCCESS);
    end(program, &other);
    let read = read_memory(handle, image_base, &mut start);
    program.require(
        "of one that has ended nothing is read",
        !read.0.is_success(),
    );
    let mapped = section::map_into(&shared, handle, 0, 0, 0, PAGE_READWRITE);
    program.check("nor mapped", mapped, Err(NtStatus::PROCESS_IS_TERMINATING));
    program.check("unmap", unmap(here.base), NtStatus::SUCCESS);
}

fn memory_comes_back(program: &Program) {
    let mut free = 0;
    for turn in 0..40 {
        let shared = section(program, PAGE_READWRITE, SEC_COMMIT);
        let view = program.done("a view", section::map(&shared, PAGE_READWRITE));
        let copied = program.done("a view", section::map(&shared, PAGE_WRITECOPY));
        for offset in (0..SIZE).step_by(PAGE_SIZE as usize) {
            put(view.base + offset, 1);
            put(copied.base + offset, 2);
        }
        program.check("unmap", unmap(view.base), NtStatus::SUCCESS);
        program.check("unmap", unmap(copied.base), NtStatus::SUCCESS);
        drop(shared);
        let now = program.done("free memory", system::available_pages());
        // The first turns fill what is kept for later.
        if turn < 5 {
            free = now;
        }
        program.check("free pages", now, free);
    }
}
