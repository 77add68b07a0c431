//! Files that are no programs, each for another reason.

use super::*;

/// Offsets from the PE signature.
const SECTION_COUNT: u64 = 6;
const ENTRY_POINT: u64 = 24 + 16;
const IMAGE_BYTES: u64 = 24 + 56;
const HEADER_BYTES: u64 = 24 + 60;
pub const SECTIONS: u64 = 24 + 240;
/// From one section's header to the next, and within one.
const SECTION: u64 = 40;
const VIRTUAL_BYTES: u64 = 8;
const RVA: u64 = 12;
const RAW_OFFSET: u64 = 20;
pub const FLAGS: u64 = 36;

/// What is done to a program.
#[derive(Clone, Copy)]
enum Damage {
    /// Bytes at an offset become others.
    At(u64, &'static [u8]),
    /// The same, at an offset from the PE signature.
    InHeaders(u64, &'static [u8]),
    /// The rest goes.
    CutTo(u64),
    CutInHeaders(u64),
}

use Damage::{At, CutInHeaders, CutTo, InHeaders};

const TABLE: &[(&str, Damage, NtStatus)] = &[
    ("empty", CutTo(0), NtStatus::INVALID_FILE_FOR_SECTION),
    ("a byte", CutTo(1), NtStatus::INVALID_IMAGE_NOT_MZ),
    ("no more than MZ", CutTo(2), NtStatus::INVALID_IMAGE_NOT_MZ),
    (
        "a cut DOS header",
        CutTo(0x3F),
        NtStatus::INVALID_IMAGE_NOT_MZ,
    ),
    ("ZM", At(0, b"ZM"), NtStatus::INVALID_IMAGE_NOT_MZ),
    (
        "PE header outside",
        At(0x3C, &[0xFC, 0xFF, 0xFF, 0x7F]),
        NtStatus::INVALID_IMAGE_PROTECT,
    ),
    (
        "PE header in the DOS header",
        At(0x3C, &[4, 0, 0, 0]),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    ("for DOS", CutTo(0x40), NtStatus::INVALID_IMAGE_PROTECT),
    (
        "no PE",
        InHeaders(0, b"XX"),
        NtStatus::INVALID_IMAGE_PROTECT,
    ),
    (
        "16 bits",
        InHeaders(0, b"NE"),
        NtStatus::INVALID_IMAGE_WIN_16,
    ),
    (
        "cut headers",
        CutInHeaders(0x40),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    (
        "cut sections",
        CutInHeaders(0x400),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    (
        "headers without end",
        InHeaders(HEADER_BYTES, &[0xFF; 4]),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    (
        "no sections",
        InHeaders(SECTION_COUNT, &[0; 2]),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    (
        "too many sections",
        InHeaders(SECTION_COUNT, &[0xFF; 2]),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    (
        "overlapping sections",
        InHeaders(SECTIONS + SECTION + RVA, &[0, 0x10, 0, 0]),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    (
        "a section without end",
        InHeaders(SECTIONS + VIRTUAL_BYTES, &[0xFF; 4]),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    (
        "a section outside the file",
        InHeaders(SECTIONS + RAW_OFFSET, &[0, 0xFE, 0xFF, 0xFF]),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    (
        "an entry point outside",
        InHeaders(ENTRY_POINT, &[0, 0, 0xFF, 0x7F]),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
    (
        "an image too short",
        InHeaders(IMAGE_BYTES, &[0, 0x10, 0, 0]),
        NtStatus::INVALID_IMAGE_FORMAT,
    ),
];

/// Where the PE signature of a file is.
pub fn headers(program: &Program, file: &Handle) -> u64 {
    let mut offset = [0; 4];
    let read = file::read(file, Some(0x3C), &mut offset);
    program.check("where its headers are", read, Ok(4));
    u32::from_le_bytes(offset).into()
}

fn put(program: &Program, file: &Handle, offset: u64, bytes: &[u8]) {
    let written = file::write(file, Some(offset), bytes);
    program.check("damaged", written, Ok(bytes.len()));
}

fn cut(program: &Program, file: &Handle, size_bytes: u64) {
    let cut = file::set(file, FILE_END_OF_FILE_INFORMATION, &(size_bytes as i64));
    program.check("cut", cut, NtStatus::SUCCESS);
}

pub fn table(program: &Program) {
    for &(what, damage, status) in TABLE {
        copy(program, EXIT, COPY);
        let file = program.done("the copy", open(COPY, READ | WRITE | FILE_EXECUTE));
        let start_of = headers(program, &file);
        match damage {
            At(offset, bytes) => put(program, &file, offset, bytes),
            InHeaders(offset, bytes) => put(program, &file, start_of + offset, bytes),
            CutTo(size_bytes) => cut(program, &file, size_bytes),
            CutInHeaders(size_bytes) => cut(program, &file, start_of + size_bytes),
        }
        program.check(what, image(&file).map(|_| ()), Err(status));
        drop(file);
        program.check(what, launch(COPY).map(|_| ()), Err(status));
        // Nothing keeps what is no program.
        program.check(what, open(COPY, WRITE).map(|_| ()), Ok(()));
    }
    copy(program, EXIT, COPY);
    join(program, &program.done("whole", launch(COPY)), STATUS);
    delete(program, COPY);
}

/// A file that is longer than memory has room for.
pub fn large(program: &Program) {
    const SIZE_BYTES: u64 = 0x2000_0000;
    let file = make(program, COPY);
    cut(program, &file, SIZE_BYTES);
    let zeros = image(&file).map(|_| ());
    program.check("zeros", zeros, Err(NtStatus::INVALID_IMAGE_NOT_MZ));
    cut(program, &file, 1 << 33);
    put(program, &file, 0, b"MZ");
    let longest = image(&file).map(|_| ());
    program.check("8 GiB", longest, Err(NtStatus::INVALID_FILE_FOR_SECTION));
    drop(file);
    copy(program, EXIT, COPY);
    let file = program.done("the copy", open(COPY, READ | WRITE | FILE_EXECUTE));
    cut(program, &file, 0xFFFF_F000);
    let before = program.done("pages", system::available_pages());
    let refused = image(&file).map(|_| ());
    program.check("4 GiB", refused, Err(NtStatus::COMMITMENT_LIMIT));
    let after = program.done("pages", system::available_pages());
    program.check("pages", after, before);
    drop(file);
    delete(program, COPY);
}

/// An image that says it takes all the addresses it could name.
pub fn lying_size(program: &Program) {
    copy(program, EXIT, COPY);
    let file = program.done("the copy", open(COPY, READ | WRITE | FILE_EXECUTE));
    let at = headers(program, &file) + IMAGE_BYTES;
    put(program, &file, at, &[0, 0xF0, 0xFF, 0xFF]);
    drop(file);
    join(program, &program.done("4 GiB", launch(COPY)), STATUS);
    delete(program, COPY);
}

/// Headers of which some bytes are anything: what still is an image can be shown
/// and read, whatever it says of itself.
pub fn by_chance(program: &Program) {
    const ROUNDS: u32 = 400;
    /// How far the headers' tables reach.
    const REACH: usize = 0x400;
    copy(program, EXIT, COPY);
    let file = program.done("the copy", open(COPY, READ | WRITE | FILE_EXECUTE));
    let start_of = headers(program, &file);
    let mut whole = [0; REACH];
    let read = file::read(&file, Some(start_of), &mut whole);
    program.check("its headers", read, Ok(REACH));
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as usize
    };
    let mut shown = 0;
    for _ in 0..ROUNDS {
        let mut damaged = whole;
        for _ in 0..=next() % 3 {
            damaged[4 + next() % (REACH - 4)] = next() as u8;
        }
        put(program, &file, start_of, &damaged);
        let Ok(section) = image(&file) else {
            continue;
        };
        if let Ok(view) = nt::section::map(&section, PAGE_EXECUTE_READ) {
            shown += 1;
            touch(view.base, view.size_bytes);
            shown::unmap(program, view.base);
        }
    }
    program.require("some were images", shown > 10);
    program.require("some were not", shown < ROUNDS);
    put(program, &file, start_of, &whole);
    drop(file);
    join(program, &program.done("mended", launch(COPY)), STATUS);
    delete(program, COPY);
}

/// Has the kernel read the first bytes of a view's pages, as far as it can.
fn touch(base: u64, size_bytes: u64) {
    const MOST_PAGES: u64 = 64;
    let pages = size_bytes.div_ceil(PAGE_BYTES as u64).min(MOST_PAGES);
    for number in 0..pages {
        let address = base + number * PAGE_BYTES as u64;
        let mut bytes = [0; 8];
        // Between sections there is nothing.
        let _ = nt::section::read_memory(abi::io::CURRENT_PROCESS, address, &mut bytes);
    }
}
