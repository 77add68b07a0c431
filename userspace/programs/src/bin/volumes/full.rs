//! A full volume: what does not fit is refused, and what is there stays.
use super::*;
use abi::memory::{MEM_COMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_READWRITE, PAGE_SIZE};
use nt::memory::{Range, allocate, free};
use nt::volume::{query, rename};

const DIRECTORY: &str = "\\??\\C:\\full";
const KEPT: &str = "\\??\\C:\\full\\kept";
const BIG: &str = "\\??\\C:\\full\\big";
/// Room that is left to files; the rest of the machine's the program commits.
const LEFT_UNITS: i64 = 64;
/// A file takes a quarter of a unit.
const FILES_A_UNIT: usize = 4;
const MOST_FILES: usize = LEFT_UNITS as usize * FILES_A_UNIT;
/// What becomes of a unit of slots that files leave empty.
const SLOTS_PART: i64 = 4;

pub fn all(program: &Program) {
    let directory = make_directory(program, DIRECTORY);
    let kept = make(program, KEPT);
    let page = [7; PAGE_SIZE as usize];
    let written = file::write(&kept, Some(0), &page);
    program.check("what is kept", written, Ok(page.len()));
    let taken = commit_all_but(program, LEFT_UNITS, &kept);
    data(program, &kept);
    let (files, left) = files(program, &kept);
    program.require("as many as fit", files > MOST_FILES / 2);
    // What those left behind serves as many as there were.
    let again = self::files(program, &kept);
    program.check("the same again", again, (files, left));
    // SAFETY: the program put nothing there.
    let released = unsafe { free(taken.base, 0, MEM_RELEASE) };
    program.done("release", released);
    drop(kept);
    drop(directory);
    delete(program, KEPT);
    delete(program, DIRECTORY);
}

/// The room that is left, in units.
fn available(program: &Program, file: &Handle) -> i64 {
    let mut size = [0; size_of::<FileFsFullSizeInformation>()];
    let (status, _) = query(file, FILE_FS_FULL_SIZE_INFORMATION, &mut size);
    program.check("full sizes", status, NtStatus::SUCCESS);
    let word = |index: usize| {
        let bytes = &size[8 * index..][..8];
        let bytes = bytes.iter().rev();
        bytes.fold(0, |word, byte| word << 8 | i64::from(*byte))
    };
    let mut short = [0; size_of::<FileFsSizeInformation>()];
    let (status, _) = query(file, FILE_FS_SIZE_INFORMATION, &mut short);
    program.check("sizes", status, NtStatus::SUCCESS);
    program.check("in both ways", &short[..0x10], &size[..0x10]);
    program.check("for all", word(1), word(2));
    program.require("no more than there is", word(1) <= word(0));
    word(1)
}

fn commit_all_but(program: &Program, units: i64, file: &Handle) -> Range {
    let bytes = (available(program, file) - units) as u64 * PAGE_SIZE;
    let range = allocate(0, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    let range = program.done("most of the memory", range);
    let left = available(program, file);
    program.require("what is left", left <= units && left > units / 2);
    range
}

/// Data until there is no room.
fn data(program: &Program, kept: &Handle) {
    let before = available(program, kept);
    let big = make(program, BIG);
    let page = [1; PAGE_SIZE as usize];
    let mut size = 0;
    loop {
        match file::write(&big, Some(size), &page) {
            Ok(_) => size += PAGE_SIZE,
            Err(status) => {
                program.check("no room", status, NtStatus::DISK_FULL);
                break;
            }
        }
    }
    program.check("nothing is left", available(program, kept), 0);
    let known = file::query::<FileStandardInformation>(&big, FILE_STANDARD_INFORMATION);
    let known = program.done("the size", known);
    program.check("the end", known.end_of_file as u64, size);
    // Where there are pages, there is room.
    let written = file::write(&big, Some(0), &page);
    program.check("over what is there", written, Ok(page.len()));
    let half = PAGE_SIZE / 2;
    let written = file::write(&big, Some(size - half), &page);
    program.check("partly there", written, Err(NtStatus::DISK_FULL));
    let known = file::query::<FileStandardInformation>(&big, FILE_STANDARD_INFORMATION);
    let end = known.map(|known| known.end_of_file as u64);
    program.check("the end stays", end, Ok(size));
    check_kept(program, kept);
    let status = file::set(&big, FILE_END_OF_FILE_INFORMATION, &0_i64);
    program.check("empty", status, NtStatus::SUCCESS);
    let left = available(program, kept);
    program.require("room again", left <= before && left >= before - 1);
    drop(big);
    delete(program, BIG);
}

fn check_kept(program: &Program, kept: &Handle) {
    let mut found = [0; PAGE_SIZE as usize];
    let read = file::read(kept, Some(0), &mut found);
    program.check("what is kept", read, Ok(found.len()));
    program.require("unchanged", found.iter().all(|byte| *byte == 7));
}

/// The path of a numbered file.
fn numbered(number: usize) -> [u8; DIRECTORY.len() + 5] {
    let mut path = [b'\\'; DIRECTORY.len() + 5];
    path[..DIRECTORY.len()].copy_from_slice(DIRECTORY.as_bytes());
    for digit in 0..4 {
        let value = number / [1000, 100, 10, 1][digit] % 10;
        path[DIRECTORY.len() + 1 + digit] = b'0' + value as u8;
    }
    path
}

/// Empty files until there is no room: how many, and what is left without them.
fn files(program: &Program, kept: &Handle) -> (usize, i64) {
    let before = available(program, kept);
    let mut made = 0;
    let refused = loop {
        let path = numbered(made);
        let path = core::str::from_utf8(&path).unwrap_or_default();
        // The last letter of each tells what it is.
        let options = if made % 2 == 0 {
            0
        } else {
            FILE_DIRECTORY_FILE
        };
        let how = How::open(DELETE, SHARE_ALL).disposed(FILE_CREATE);
        match file::create(&name(path), how.with(options)) {
            Ok(_) => made += 1,
            Err(status) => break status,
        }
        program.require("not without end", made <= MOST_FILES);
    };
    program.check("no room", refused, NtStatus::DISK_FULL);
    for options in [0, FILE_DIRECTORY_FILE] {
        let how = How::open(READ, SHARE_ALL).disposed(FILE_OPEN_IF);
        let path = "\\??\\C:\\full\\none";
        let opened = file::create(&name(path), how.with(options)).map(|_| ());
        program.check("no room for any", opened, Err(NtStatus::DISK_FULL));
        program.require("nor is there one", !is_there(path));
    }
    program.require("little is left", available(program, kept) <= SLOTS_PART);
    check_kept(program, kept);
    // What is there opens, and takes other names.
    let first = numbered(0);
    let first = core::str::from_utf8(&first).unwrap_or_default();
    let opened = program.done("the first", open(first, DELETE));
    for name in ["a longer name than it had", "0000"] {
        let status = rename(&opened, 0, name, Err(false));
        program.check("another name", status, NtStatus::SUCCESS);
    }
    drop(opened);
    for number in 0..made {
        let path = numbered(number);
        let path = core::str::from_utf8(&path).unwrap_or_default();
        delete(program, path);
    }
    let left = available(program, kept);
    program.require("most is back", before - left <= before / SLOTS_PART);
    (made, left)
}
