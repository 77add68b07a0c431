//! What runs or is shown as a program can be neither written nor deleted.

use abi::io::UnicodeString;
use abi::process::PROCESS_IMAGE_FILE_NAME;

use super::*;

const OTHER: &str = "\\??\\C:\\other";
const CRASH: &str = "\\??\\C:\\programs\\fault-null.exe";
const ACCESS_VIOLATION: u32 = 0xC000_0005;

/// What must be refused while an image of a file is there.
fn check_held(program: &Program, path: &str) {
    let write = open(path, READ | FILE_WRITE_DATA).map(|_| ());
    program.check("to write", write, Err(NtStatus::SHARING_VIOLATION));
    for disposition in [FILE_OVERWRITE, FILE_OVERWRITE_IF, FILE_SUPERSEDE] {
        let how = How::open(READ, SHARE_ALL).disposed(disposition);
        let emptied = file::create(&name(path), how).map(|_| ());
        program.check("to empty", emptied, Err(NtStatus::SHARING_VIOLATION));
    }
    let how = How::open(READ | DELETE, SHARE_ALL).with(FILE_DELETE_ON_CLOSE);
    let passing = file::create(&name(path), how).map(|_| ());
    program.check("on close", passing, Err(NtStatus::CANNOT_DELETE));
    let deleted = file::delete(&name(path));
    program.check("by name", deleted, NtStatus::CANNOT_DELETE);
    let file = program.done("to delete", open(path, READ | DELETE));
    let deleted = file::set(&file, FILE_DISPOSITION_INFORMATION, &1_u8);
    program.check("by handle", deleted, NtStatus::CANNOT_DELETE);
    let other = make(program, OTHER);
    let replaced = nt::volume::rename(&other, 0, path, Err(true));
    program.check("replaced", replaced, NtStatus::ACCESS_DENIED);
    drop(other);
    delete(program, OTHER);
    // All the same it can be read, and what is only said of it can change.
    let touched = open(path, READ | FILE_WRITE_ATTRIBUTES).map(|_| ());
    program.check("to touch", touched, Ok(()));
}

pub fn running(program: &Program) {
    copy(program, EXIT, COPY);
    let writer = program.done("a writer", open(COPY, READ | WRITE));
    let refused = launch(COPY).map(|_| ());
    program.check("written", refused, Err(NtStatus::SHARING_VIOLATION));
    drop(writer);
    let created = program.done("started", launch(COPY));
    let next = program.done("once more", launch(COPY));
    check_held(program, COPY);
    join(program, &created, STATUS);
    check_held(program, COPY);
    join(program, &next, STATUS);
    // The processes are over, though there are still handles.
    copy(program, EXIT, COPY);
    join(program, &program.done("again", launch(COPY)), STATUS);
    delete(program, COPY);
    drop((created, next));
}

/// One may write that has opened the file before: that changes the next image.
pub fn by_a_section(program: &Program) {
    copy(program, EXIT, COPY);
    let file = program.done("the copy", open(COPY, READ | WRITE | FILE_EXECUTE));
    let section = program.done("its image", image(&file));
    check_held(program, COPY);
    for class in [FILE_END_OF_FILE_INFORMATION, FILE_ALLOCATION_INFORMATION] {
        let cut = file::set(&file, class, &0x10_i64);
        program.check("cut", cut, NtStatus::USER_MAPPED_FILE);
    }
    program.check("written", file::write(&file, Some(0), b"ZM"), Ok(2));
    let next = image(&file).map(|_| ());
    program.check("the next", next, Err(NtStatus::INVALID_IMAGE_NOT_MZ));
    check_held(program, COPY);
    program.check("mended", file::write(&file, Some(0), b"MZ"), Ok(2));
    let next = program.done("the next", image(&file));
    let view = program.done("a view", nt::section::map(&section, PAGE_EXECUTE_READ));
    drop(section);
    check_held(program, COPY);
    drop(next);
    check_held(program, COPY);
    shown::unmap(program, view.base);
    let cut = file::set(&file, FILE_END_OF_FILE_INFORMATION, &0x10_i64);
    program.check("cut", cut, NtStatus::SUCCESS);
    program.check("free again", open(COPY, WRITE).map(|_| ()), Ok(()));
    drop(file);
    delete(program, COPY);
}

/// The archive's own programs, this one among them.
pub fn of_the_archive(program: &Program) {
    check_held(program, "\\??\\C:\\programs\\images.exe");
    let created = program.done("started", launch(EXIT));
    check_held(program, EXIT);
    join(program, &created, STATUS);
    program.check("to write", open(EXIT, WRITE).map(|_| ()), Ok(()));
}

/// A program whose file has another name now, and another file has its own, is still
/// reported.
pub fn crashed(program: &Program) {
    const GOES: u32 = FILE_DISPOSITION_DELETE | FILE_DISPOSITION_POSIX_SEMANTICS;
    copy(program, CRASH, COPY);
    let created = program.done("started", launch(COPY));
    let file = program.done("to delete", open(COPY, READ | DELETE));
    for flags in [GOES, GOES | FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK] {
        let deleted = file::set(&file, FILE_DISPOSITION_INFORMATION_EX, &flags);
        program.check("it runs", deleted, NtStatus::CANNOT_DELETE);
    }
    let renamed = nt::volume::rename(&file, 0, MOVED, Err(false));
    program.check("its name goes", renamed, NtStatus::SUCCESS);
    drop(file);
    let text = make(program, COPY);
    program.check("a text", file::write(&text, None, b"no program"), Ok(10));
    drop(text);
    check_path(program, &created.process);
    join(program, &created, ACCESS_VIOLATION);
    delete(program, COPY);
    delete(program, MOVED);
}

/// It runs on under the path that it has now.
fn check_path(program: &Program, process: &Handle) {
    const PATH: &str = "\\Device\\HarddiskVolume1\\moved.exe";
    let mut buffer = [0_u16; 0x80];
    // SAFETY: writes the buffer only.
    let status = unsafe {
        nt::call::nt_query_information_process(
            process.raw(),
            PROCESS_IMAGE_FILE_NAME.into(),
            buffer.as_mut_ptr() as u64,
            size_of_val(&buffer) as u64,
            0,
        )
    };
    program.check("its path", status, NtStatus::SUCCESS);
    let path = &buffer[size_of::<UnicodeString>() / 2..][..PATH.len()];
    program.require("as it is", PATH.encode_utf16().eq(path.iter().copied()));
}
