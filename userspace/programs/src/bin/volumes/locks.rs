//! Locks on ranges, and files read and written by pages of memory.
use super::*;
use nt::memory::Memory;
use nt::volume::{lock, pages, unlock, with_key};

const NOW: (bool, bool) = (true, true);
const SHARED: (bool, bool) = (true, false);
const PAGE: u64 = 0x1000;

pub fn all(program: &Program) {
    ranges(program);
    conflicts(program);
    scattered(program);
}

fn ranges(program: &Program) {
    let path = "\\??\\C:\\ranges";
    let file = make(program, path);
    let other = program.done("another", open(path, READ));
    let (held, free) = (NtStatus::LOCK_NOT_GRANTED, NtStatus::SUCCESS);
    for (who, range, key, how, status) in [
        (&file, (0, 10), 0, NOW, free),
        (&file, (5, 1), 0, NOW, held),
        (&other, (9, 5), 0, SHARED, held),
        (&other, (10, 5), 0, SHARED, free),
        (&file, (12, 1), 1, SHARED, free),
        (&file, (12, 1), 1, NOW, held),
        (&other, (u64::MAX, 1), 0, NOW, free),
        (&other, (u64::MAX, 2), 0, NOW, NtStatus::INVALID_LOCK_RANGE),
    ] {
        program.check("lock", (range, lock(who, range, key, how)), (range, status));
    }
    let none = NtStatus::RANGE_NOT_LOCKED;
    for (who, range, key, status) in [
        (&file, (0, 9), 0, none),
        (&file, (0, 10), 1, none),
        (&other, (0, 10), 0, none),
        (&file, (0, 10), 0, free),
        (&file, (0, 10), 0, none),
    ] {
        program.check("unlock", (range, unlock(who, range, key)), (range, status));
    }
    drop(other);
    program.check("closed", lock(&file, (u64::MAX, 1), 0, NOW), free);
    let directory = program.done("the root", open("\\??\\C:\\", READ));
    let status = lock(&directory, (0, 1), 0, NOW);
    program.check("a directory", status, NtStatus::INVALID_PARAMETER);
    let null = program.done("a device", open("\\??\\NUL", READ));
    let status = lock(&null, (0, 1), 0, NOW);
    program.check("a device", status, NtStatus::INVALID_DEVICE_REQUEST);
    drop(file);
    delete(program, path);
}

/// Who reads and writes what is locked.
fn conflicts(program: &Program) {
    let path = "\\??\\C:\\conflicts";
    let file = make(program, path);
    let other = program.done("another", open(path, READ | WRITE));
    program.check("write", file::write(&file, None, &[7; 64]), Ok(64));
    let (conflict, free) = (NtStatus::FILE_LOCK_CONFLICT, NtStatus::SUCCESS);
    program.check("alone", lock(&file, (0, 10), 3, NOW), free);
    program.check("for all", lock(&file, (20, 10), 3, SHARED), free);
    let mut bytes = [0; 4];
    for (who, key, reads, offset, status) in [
        (&file, 3, true, 8, free),
        (&file, 3, false, 8, free),
        (&file, 0, true, 8, conflict),
        (&other, 3, true, 8, conflict),
        (&other, 0, false, 8, conflict),
        (&other, 0, true, 10, free),
        (&other, 0, false, 10, free),
        (&other, 0, true, 18, free),
        (&other, 0, false, 18, conflict),
        (&file, 3, false, 18, conflict),
        (&file, 3, true, 60, free),
    ] {
        let found = with_key(who, reads, offset, key, &mut bytes);
        program.check("use", (offset, key, found), (offset, key, status));
    }
    drop(file);
    let written = with_key(&other, false, 8, 0, &mut bytes);
    program.check("released", written, free);
    drop(other);
    delete(program, path);
}

fn scattered(program: &Program) {
    let path = "\\??\\C:\\pages";
    let how = How::open(ALL, SHARE_ALL)
        .disposed(FILE_CREATE)
        .with(FILE_NO_INTERMEDIATE_BUFFERING);
    let (file, _) = program.done("a file", file::create(&name(path), how));
    let mut memory = program.done("memory", Memory::committed(4 * PAGE));
    for page in 0..4 {
        memory.write(page * PAGE, page as u8 + 1);
    }
    let base = memory.range().base;
    let turned = [3, 2, 1, 0].map(|page| base + page * PAGE);
    // SAFETY: the memory is reached through `memory` only, and not meanwhile.
    let use_them =
        |reads, offset, list: &[u64], length| unsafe { pages(&file, reads, offset, list, length) };
    let written = use_them(false, 0, &turned, 4 * PAGE);
    program.check("gather", written, Ok(4 * PAGE));
    let mut first = [0];
    program.check("read", file::read(&file, Some(0), &mut first), Ok(1));
    program.check("the last page comes first", first, [4]);
    let read = use_them(true, PAGE, &turned[..2], PAGE + 0x200);
    program.check("scatter", read, Ok(PAGE + 0x200));
    program.check(
        "where",
        (memory.read(3 * PAGE), memory.read(2 * PAGE)),
        (3, 2),
    );
    let read = use_them(true, 3 * PAGE, &turned[..2], 2 * PAGE);
    program.check("to the end", read, Ok(PAGE));
    let read = use_them(true, 4 * PAGE, &turned[..1], PAGE);
    program.check("behind it", read, Err(NtStatus::END_OF_FILE));
    let wrong = Err(NtStatus::INVALID_PARAMETER);
    program.check("half a sector", use_them(true, 0, &turned, 0x100), wrong);
    program.check("an odd offset", use_them(true, 8, &turned, PAGE), wrong);
    program.check("an odd page", use_them(true, 0, &[base + 8], PAGE), wrong);
    drop(file);
    let file = program.done("buffered", open(path, READ));
    // SAFETY: as above.
    let read = unsafe { pages(&file, true, 0, &turned, PAGE) };
    program.check("not direct", read, wrong);
    drop(file);
    delete(program, path);
    program.check("give back", memory.release().is_ok(), true);
}
