//! Long writes: until the volume is full, and of two threads at once.
use super::*;

/// Writes until there is no room: what was written stays, and all of it comes back.
pub fn a_full_volume(program: &Program) {
    const PIECE: usize = 0x28_0000;
    const MOST_PIECES: u64 = 0x1000;
    let range = nt::memory::allocate(0, PIECE as u64, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    let base = program.done("a buffer", range).base as *mut u8;
    // SAFETY: the memory is this test's, and large enough.
    let buffer = unsafe { core::slice::from_raw_parts_mut(base, PIECE) };
    buffer.fill(0x5A);
    let path = "\\??\\C:\\full";
    let file = make(program, path);
    let mut pieces = 0;
    let refusal = loop {
        buffer[0] = pieces as u8;
        buffer[PIECE - 1] = pieces as u8;
        match file::write(&file, None, buffer) {
            Ok(PIECE) if pieces < MOST_PIECES => pieces += 1,
            other => break other,
        }
    };
    program.check("no room", refusal, Err(NtStatus::DISK_FULL));
    let size = file::query::<FileStandardInformation>(&file, FILE_STANDARD_INFORMATION);
    let size = program.done("its size", size).end_of_file as u64;
    program.check("nothing of the last", size, pieces * PIECE as u64);
    for number in [0, 1, pieces / 2, pieces - 1] {
        let mut ends = [0, 0];
        let (first, last) = ends.split_at_mut(1);
        let at = number * PIECE as u64;
        let read = file::read(&file, Some(at), first);
        program.check("its first byte", read, Ok(1));
        let read = file::read(&file, Some(at + PIECE as u64 - 1), last);
        program.check("its last byte", read, Ok(1));
        program.check("both", ends, [number as u8; 2]);
    }
    program.check(
        "read all of one",
        file::read(&file, Some(0), buffer),
        Ok(PIECE),
    );
    program.check("in the middle", buffer[PIECE / 2], 0x5A);
    drop(file);
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
    let file = make(program, path);
    program.check("room again", file::write(&file, None, buffer), Ok(PIECE));
    drop(file);
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
    // SAFETY: nothing uses the buffer any more.
    let freed = unsafe { nt::memory::free(base as u64, 0, MEM_RELEASE) };
    program.check("the buffer", freed.is_ok(), true);
}

/// A write whose buffer ends too early leaves the file as long as it was.
pub fn broken_writes(program: &Program) {
    const BUFFER: u64 = 0x30_0000;
    const HOLE: u64 = 0x1000;
    let range = nt::memory::allocate(0, BUFFER + HOLE, MEM_RESERVE, PAGE_READWRITE);
    let base = program.done("a range", range).base;
    let range = nt::memory::allocate(base, BUFFER, MEM_COMMIT, PAGE_READWRITE);
    program.done("a buffer", range);
    let path = "\\??\\C:\\broken";
    let file = make(program, path);
    let size = || {
        let known = file::query::<FileStandardInformation>(&file, FILE_STANDARD_INFORMATION);
        let known = program.done("its size", known);
        (known.end_of_file as u64, known.allocation_size as u64)
    };
    program.check("begun", file::write(&file, Some(0), &[3; 5]), Ok(5));
    for offset in [0_u64, 5, 0x1234, 0x50_0000] {
        let mut result = [0_u64; 2];
        // SAFETY: reads the buffer and the offset, writes the result.
        let status = unsafe {
            call::nt_write_file(
                file.raw(),
                0,
                0,
                0,
                result.as_mut_ptr() as u64,
                base,
                BUFFER + HOLE,
                &raw const offset as u64,
                0,
            )
        };
        let wrong = NtStatus::ACCESS_VIOLATION;
        program.check("a broken write", (offset, status), (offset, wrong));
        program.check("as long", (offset, size()), (offset, (5, 0x1000)));
    }
    // Nothing of them shows when the file grows.
    let set = file::set(&file, FILE_END_OF_FILE_INFORMATION, &0x8000_u64);
    program.check("longer", set, NtStatus::SUCCESS);
    let mut bytes = [1; 0x8000];
    let read = file::read(&file, Some(0), &mut bytes);
    program.check("all of it", read, Ok(0x8000));
    program.check("zeros", bytes[5..].iter().all(|byte| *byte == 0), true);
    drop(file);
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
    // SAFETY: nothing uses the buffer any more.
    let freed = unsafe { nt::memory::free(base, 0, MEM_RELEASE) };
    program.check("the buffer", freed.is_ok(), true);
}

/// Pages written from the last to the first, and then every other way.
pub fn backward_writes(program: &Program) {
    const PAGES: u64 = 0x400;
    let path = "\\??\\C:\\backward";
    let file = make(program, path);
    // Both strides have no divisor in common with the count.
    for stride in [PAGES - 1, 0x171] {
        for step in 1..=PAGES {
            let page = step * stride % PAGES;
            let written = file::write(&file, Some(page * 0x1000), &page.to_le_bytes());
            program.check("a page", written, Ok(8));
        }
        for page in 0..PAGES {
            let mut found = [0; 8];
            let read = file::read(&file, Some(page * 0x1000), &mut found);
            program.check("read", read, Ok(8));
            program.check("what is there", u64::from_le_bytes(found), page);
        }
        for size in [PAGES * 0x800, 0] {
            let set = file::set(&file, FILE_END_OF_FILE_INFORMATION, &size);
            program.check("shorter", set, NtStatus::SUCCESS);
        }
    }
    drop(file);
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
}

const RACED_BYTES: usize = 0x80_0000;

/// Long writes give way to others, who cut the file off, write on, or close it.
pub fn raced_writes(program: &Program) {
    let range = nt::memory::allocate(
        0,
        RACED_BYTES as u64,
        MEM_RESERVE | MEM_COMMIT,
        PAGE_READWRITE,
    );
    let base = program.done("a buffer", range).base as *mut u8;
    // SAFETY: the memory is this test's, and large enough.
    let buffer = unsafe { core::slice::from_raw_parts_mut(base, RACED_BYTES) };
    buffer.fill(1);
    let path = "\\??\\C:\\raced";
    let file = make(program, path);
    let append = program.done("to append", open(path, FILE_APPEND_DATA));
    let thread = program.done("a thread", nt::thread::spawn(append_one, append.raw()));
    let wrote = file::write(&append, None, buffer);
    program.check("a long write", wrote, Ok(RACED_BYTES));
    let ended = nt::sync::wait(&thread, None);
    program.check("its end", ended, NtStatus::WAIT_0);
    let size = file::query::<FileStandardInformation>(&file, FILE_STANDARD_INFORMATION);
    let both = size.map(|size| size.end_of_file);
    program.check("nothing is lost", both, Ok(RACED_BYTES as i64 + 1));
    // It moves only once it can be known where to.
    let thread = program.done("a thread", nt::thread::spawn(append_one, file.raw()));
    let set = file::set(&file, FILE_POSITION_INFORMATION, &0_u64);
    program.check("to the start", set, NtStatus::SUCCESS);
    let wrote = file::write(&file, None, buffer);
    program.check("a long write", wrote, Ok(RACED_BYTES));
    let ended = nt::sync::wait(&thread, None);
    program.check("its end", ended, NtStatus::WAIT_0);
    let position = file::query::<u64>(&file, FILE_POSITION_INFORMATION);
    program.check("one after the other", position, Ok(RACED_BYTES as u64 + 1));
    let handle = append.raw();
    core::mem::forget(append);
    let thread = program.done("a thread", nt::thread::spawn(close_it, handle));
    // SAFETY: reads the buffer, writes the result.
    let status = unsafe {
        let mut result = [0_u64; 2];
        call::nt_write_file(
            handle,
            0,
            0,
            0,
            result.as_mut_ptr() as u64,
            base as u64,
            RACED_BYTES as u64,
            0,
            0,
        )
    };
    program.check("closed meanwhile", status, NtStatus::SUCCESS);
    let ended = nt::sync::wait(&thread, None);
    program.check("its end", ended, NtStatus::WAIT_0);
    drop(file);
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
    // SAFETY: nothing uses the buffer any more.
    let freed = unsafe { nt::memory::free(base as u64, 0, MEM_RELEASE) };
    program.check("the buffer", freed.is_ok(), true);
}

extern "system" fn append_one(file: u64) -> ! {
    // SAFETY: reads one byte, writes the result.
    let status = unsafe {
        let (mut result, byte) = ([0_u64; 2], [2_u8]);
        call::nt_write_file(
            file,
            0,
            0,
            0,
            result.as_mut_ptr() as u64,
            byte.as_ptr() as u64,
            1,
            0,
            0,
        )
    };
    nt::thread::exit(status)
}

extern "system" fn close_it(handle: u64) -> ! {
    nt::thread::exit(system::close(handle))
}
