//! What sections promise: views that keep their protection, and pages.
#![no_std]
#![no_main]
nt::program!("sealed", main);

use abi::io::CURRENT_PROCESS;
use abi::job::JOB_OBJECT_LIMIT_JOB_MEMORY;
use abi::memory::*;
use abi::section::*;
use nt::memory::{Range, allocate, protect, query};
use nt::process;
use nt::sync::Handle;
use nt::{NtStatus, Program, call, job, section};
use zerocopy::{FromBytes, IntoBytes};

const SIZE: u64 = 0x2_0000;
const MIB: u64 = 1 << 20;

fn main(program: &Program) {
    sections(program);
    views(program);
    zero_bits(program);
    edges(program);
    questions(program);
    same_files(program);
    charged_at_once(program);
    charged_to_a_job(program);
}

fn change(base: u64, size_bytes: u64, protection: u32) -> Option<NtStatus> {
    // SAFETY: nothing uses the views meanwhile.
    unsafe { protect(base, size_bytes, protection) }.err()
}

fn unmap(base: u64) -> NtStatus {
    // SAFETY: nothing uses the view.
    unsafe { section::unmap(CURRENT_PROCESS, base) }
}

fn new(program: &Program, allocation: u32) -> Handle {
    let made = section::create(SIZE, PAGE_READWRITE, allocation);
    program.done("a section", made)
}

/// Maps a view as `kind` says.
fn map(section: &Handle, zero_bits: u64, kind: u32) -> Result<Range, NtStatus> {
    let (mut base, mut size) = (0_u64, 0_u64);
    let (base_at, size_at) = (&raw mut base as u64, &raw mut size as u64);
    // SAFETY: adds memory, changes the local variables only.
    let status = unsafe {
        call::nt_map_view_of_section(
            section.raw(),
            CURRENT_PROCESS,
            base_at,
            zero_bits,
            0,
            0,
            size_at,
            VIEW_UNMAP.into(),
            kind.into(),
            PAGE_READWRITE.into(),
        )
    };
    let range = Range {
        base,
        size_bytes: size,
    };
    status.is_success().then_some(range).ok_or(status)
}

fn keeps_its_protection(program: &Program, view: Range) {
    let refused = Some(NtStatus::INVALID_PAGE_PROTECTION);
    for protection in [
        PAGE_READONLY,
        PAGE_NOACCESS,
        PAGE_WRITECOPY,
        PAGE_READWRITE | PAGE_GUARD,
    ] {
        let found = change(view.base, PAGE_SIZE, protection);
        program.check("another protection", found, refused);
    }
    let same = change(view.base, SIZE, PAGE_READWRITE);
    program.check("the same", same, None);
    program.check("unmap", unmap(view.base), NtStatus::SUCCESS);
}

fn sections(program: &Program) {
    let made = new(program, SEC_COMMIT | SEC_NO_CHANGE);
    let view = program.done("a view", section::map(&made, PAGE_READWRITE));
    keeps_its_protection(program, view);
    let made = new(program, SEC_RESERVE | SEC_NO_CHANGE);
    let view = program.done("a view", section::map(&made, PAGE_READWRITE));
    let other = allocate(view.base, PAGE_SIZE, MEM_COMMIT, PAGE_READONLY);
    let refused = Err(NtStatus::INVALID_PAGE_PROTECTION);
    program.check("commit otherwise", other, refused);
    let committed = allocate(view.base, SIZE, MEM_COMMIT, PAGE_READWRITE);
    program.done("commit", committed);
    keeps_its_protection(program, view);
}

fn views(program: &Program) {
    let made = new(program, SEC_COMMIT);
    let sealed = program.done("a view", map(&made, 0, SEC_NO_CHANGE));
    let open = program.done("another", map(&made, 0, MEM_TOP_DOWN));
    program.check("not sealed", change(open.base, SIZE, PAGE_READONLY), None);
    keeps_its_protection(program, sealed);
    program.check("unmap", unmap(open.base), NtStatus::SUCCESS);
    for kind in [MEM_COMMIT, MEM_LARGE_PAGES, MEM_REPLACE_PLACEHOLDER, 1] {
        let refused = map(&made, 0, kind);
        let status = Err(NtStatus::INVALID_PARAMETER_9);
        program.check("allocation type", refused, status);
    }
}

fn zero_bits(program: &Program) {
    let made = new(program, SEC_COMMIT);
    for (zero_bits, end) in [(1, 1_u64 << 31), (0x3FFF_FFFF, 1 << 30)] {
        let view = program.done("a view", map(&made, zero_bits, MEM_TOP_DOWN));
        let last = view.base + view.size_bytes - 1;
        program.require("below its limit", last < end);
        program.check("unmap", unmap(view.base), NtStatus::SUCCESS);
    }
    let status = Err(NtStatus::INVALID_PARAMETER_4);
    program.check("zero bits", map(&made, 22, 0), status);
}

/// Views that would reach beyond all addresses, or begin beyond all sections.
fn edges(program: &Program) {
    const END: u64 = HIGHEST_USER_ADDRESS + 1;
    const GRANULE: u64 = ALLOCATION_GRANULARITY;
    let made = new(program, SEC_COMMIT);
    let map = |base, offset, size| {
        let protection = PAGE_READWRITE;
        section::map_into(&made, CURRENT_PROCESS, base, offset, size, protection).err()
    };
    for (base, size) in [
        (END, 0),
        (END, PAGE_SIZE),
        (END - GRANULE, SIZE),
        (END - GRANULE, u64::MAX),
        (GRANULE, u64::MAX),
        (u64::MAX - GRANULE + 1, 0),
        (u64::MAX - GRANULE + 1, GRANULE),
        (1 << 63, PAGE_SIZE),
    ] {
        let status = Some(NtStatus::INVALID_PARAMETER_3);
        program.check("a base", map(base, 0, size), status);
    }
    let conflict = Some(NtStatus::CONFLICTING_ADDRESSES);
    program.check("the rest", map(END - GRANULE, 0, 0), conflict);
    for (offset, size) in [
        (SIZE, PAGE_SIZE),
        (1 << 62, 0),
        (1 << 63, GRANULE),
        (u64::MAX - GRANULE + 1, 0),
        (u64::MAX - GRANULE + 1, GRANULE),
        (0, u64::MAX),
        (GRANULE, u64::MAX - GRANULE),
    ] {
        let status = Some(NtStatus::INVALID_VIEW_SIZE);
        program.check("an offset", map(0, offset, size), status);
    }
    let last = map(END - GRANULE, 0, GRANULE);
    program.check("the last addresses", last, None);
    program.check("unmap", unmap(END - GRANULE), NtStatus::SUCCESS);
}

/// Asks a section for a class.
fn ask<T: FromBytes + IntoBytes>(section: u64, class: u32) -> Result<T, NtStatus> {
    let mut answer = T::new_zeroed();
    let (at, size) = (&raw mut answer as u64, size_of::<T>() as u64);
    // SAFETY: writes `answer` only.
    let status = unsafe { call::nt_query_section(section, class.into(), at, size, 0) };
    status.is_success().then_some(answer).ok_or(status)
}

fn questions(program: &Program) {
    let made = new(program, SEC_RESERVE | SEC_NO_CHANGE);
    let basic = ask::<SectionBasicInformation>(made.raw(), SECTION_BASIC_INFORMATION);
    let basic = program.done("what it is", basic);
    let found = (basic.allocation_attributes, basic.maximum_size_bytes);
    let expected = (SEC_RESERVE | SEC_NO_CHANGE, SIZE as i64);
    program.check("its attributes", found, expected);
    let no_image = Err(NtStatus::SECTION_NOT_IMAGE);
    for class in [
        SECTION_RELOCATION_INFORMATION,
        SECTION_ORIGINAL_BASE_INFORMATION,
    ] {
        program.check("of an image", ask::<u64>(made.raw(), class), no_image);
        let short = ask::<u32>(made.raw(), class);
        let status = Err(NtStatus::INFO_LENGTH_MISMATCH);
        program.check("length", short, status);
    }
    let class = SECTION_INTERNAL_IMAGE_INFORMATION;
    let internal = ask::<SectionInternalImageInformation>(made.raw(), class);
    let status = Some(NtStatus::SECTION_NOT_IMAGE);
    program.check("of an image", internal.err(), status);
    let class = ask::<u64>(made.raw(), 5);
    program.check("class", class, Err(NtStatus::INVALID_INFO_CLASS));
}

fn same_files(program: &Program) {
    // SAFETY: changes nothing.
    let same = |one, other| unsafe { call::nt_are_mapped_files_the_same(one, other) };
    let image = nt::program::peb().image_base;
    let code = main as *const () as u64;
    let made = new(program, SEC_COMMIT);
    let one = program
        .done("a view", section::map(&made, PAGE_READWRITE))
        .base;
    let other = program
        .done("a view", section::map(&made, PAGE_READWRITE))
        .base;
    let local = &raw const made as u64;
    for (first, second, status) in [
        (image, code, NtStatus::SUCCESS),
        (one, one + PAGE_SIZE, NtStatus::SUCCESS),
        (one, other, NtStatus::NOT_SAME_DEVICE),
        (one, image, NtStatus::NOT_SAME_DEVICE),
        (one, local, NtStatus::CONFLICTING_ADDRESSES),
        (local, local, NtStatus::CONFLICTING_ADDRESSES),
        (0, image, NtStatus::INVALID_ADDRESS),
        (image, u64::MAX, NtStatus::INVALID_ADDRESS),
    ] {
        program.check("two addresses", same(first, second), status);
    }
    for base in [one, other] {
        program.check("unmap", unmap(base), NtStatus::SUCCESS);
    }
}

/// A view that copies pages is charged for them when it is made.
fn charged_at_once(program: &Program) {
    const LARGE: u64 = 1 << 40;
    let made = section::create(LARGE, PAGE_READWRITE, SEC_RESERVE);
    let made = program.done("a large reserved section", made);
    let shared = program.done("a view", section::map(&made, PAGE_READWRITE));
    let copied = section::map(&made, PAGE_WRITECOPY);
    let status = Some(NtStatus::COMMITMENT_LIMIT);
    program.check("all could be copied", copied.err(), status);
    let some = section::map_into(&made, CURRENT_PROCESS, 0, 0, SIZE, PAGE_WRITECOPY);
    let some = program.done("a view of less", some);
    let committed = allocate(shared.base, PAGE_SIZE, MEM_COMMIT, PAGE_READWRITE);
    program.done("commit", committed);
    // SAFETY: committed for both views.
    unsafe { (some.base as *mut u64).write_volatile(1) };
    let state = query(some.base).map(|found| (found.state, found.protect));
    program.check("for both", state, Ok((MEM_COMMIT, PAGE_WRITECOPY)));
    for view in [shared, some] {
        program.check("unmap", unmap(view.base), NtStatus::SUCCESS);
    }
}

/// The process joins a job for good: this comes last.
fn charged_to_a_job(program: &Program) {
    let group = program.done("a job", job::create());
    let own = process::basic_information(CURRENT_PROCESS);
    let id = program.done("this process", own).process_id;
    let own = program.done("its handle", process::open(id, nt::sync::ALL_ACCESS));
    program.check("join", job::assign(&group, &own), NtStatus::SUCCESS);
    let set = job::limit(&group, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_JOB_MEMORY;
        limits.job_memory_limit_bytes = 16 * MIB;
    });
    program.check("limits", set, NtStatus::SUCCESS);
    let make = |size_bytes, allocation| section::create(size_bytes, PAGE_READWRITE, allocation);
    let limit = Some(NtStatus::COMMITMENT_LIMIT);
    let large = make(32 * MIB, SEC_COMMIT).err();
    program.check("more than the job may have", large, limit);
    let reserved = program.done("only reserved", make(32 * MIB, SEC_RESERVE));
    let view = program.done("a view", section::map(&reserved, PAGE_READWRITE));
    let all = allocate(view.base, 32 * MIB, MEM_COMMIT, PAGE_READWRITE);
    program.check("nor committed later", all.err(), limit);
    let some = allocate(view.base, 8 * MIB, MEM_COMMIT, PAGE_READWRITE);
    program.done("a part", some);
    let second = make(8 * MIB, SEC_COMMIT).err();
    program.check("together", second, limit);
    let private = allocate(0, 8 * MIB, MEM_COMMIT, PAGE_READWRITE).err();
    program.check("with private memory", private, limit);
    program.check("unmap", unmap(view.base), NtStatus::SUCCESS);
    program.check("still there", make(8 * MIB, SEC_COMMIT).err(), limit);
    drop(reserved);
    let second = program.done("its pages are free", make(8 * MIB, SEC_COMMIT));
    let peak = program.done("the limits", job::limits(&group));
    let peak = peak.peak_job_memory_bytes;
    program.require("its peak", (8 * MIB..=16 * MIB).contains(&peak));
    drop(second);
}
