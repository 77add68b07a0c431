//! Which files views show: their names, and whether they are the same.

use abi::io::CURRENT_PROCESS;
use abi::memory::MEMORY_MAPPED_FILENAME_INFORMATION;
use abi::section::VIEW_UNMAP;

use super::*;

const PROGRAM: &str = "\\??\\C:\\programs\\based.exe";
const HEADER_BYTES: usize = size_of::<UnicodeString>();
const BUFFER_BYTES: usize = 0x200;

/// Asks with so much room; the status, what was told to be needed, and the buffer.
fn ask(address: u64, room: usize) -> (NtStatus, u64, [u16; BUFFER_BYTES / 2]) {
    let mut buffer = [0_u16; BUFFER_BYTES / 2];
    let mut needed = 0_u64;
    // SAFETY: writes the buffer and the length only.
    let status = unsafe {
        call::nt_query_virtual_memory(
            CURRENT_PROCESS,
            address,
            MEMORY_MAPPED_FILENAME_INFORMATION.into(),
            buffer.as_mut_ptr() as u64,
            room.min(BUFFER_BYTES) as u64,
            &raw mut needed as u64,
        )
    };
    (status, needed, buffer)
}

fn check_name(program: &Program, address: u64, name: &str) {
    let bytes = HEADER_BYTES + 2 * name.len() + 2;
    let (status, needed, buffer) = ask(address, BUFFER_BYTES);
    program.check(name, (status, needed), (NtStatus::SUCCESS, bytes as u64));
    program.check("its length", usize::from(buffer[0]), 2 * name.len());
    program.check("with the end", usize::from(buffer[1]), 2 * name.len() + 2);
    let text = &buffer[HEADER_BYTES / 2..];
    let is_same = name.encode_utf16().eq(text[..name.len()].iter().copied());
    program.check("the name itself", (is_same, text[name.len()]), (true, 0));
    for (room, status) in [
        (0, NtStatus::INFO_LENGTH_MISMATCH),
        (HEADER_BYTES - 1, NtStatus::INFO_LENGTH_MISMATCH),
        (HEADER_BYTES, NtStatus::BUFFER_OVERFLOW),
        (bytes - 1, NtStatus::BUFFER_OVERFLOW),
        (bytes, NtStatus::SUCCESS),
    ] {
        let (found, needed, _) = ask(address, room);
        program.check("with less room", (found, needed), (status, bytes as u64));
    }
}

fn view(program: &Program, section: &Handle, protection: u32) -> u64 {
    program
        .done("a view", section::map(section, protection))
        .base
}

/// A view of a program, which may lie elsewhere than it wants to.
fn image_view(program: &Program, file: &Handle) -> u64 {
    let image = file::section(file, 0, PAGE_EXECUTE_READ, SEC_IMAGE);
    let image = program.done("an image", image);
    let (mut base, mut size_bytes) = (0_u64, 0_u64);
    // SAFETY: adds memory, changes the two numbers only.
    let status = unsafe {
        call::nt_map_view_of_section(
            image.raw(),
            CURRENT_PROCESS,
            &raw mut base as u64,
            0,
            0,
            0,
            &raw mut size_bytes as u64,
            VIEW_UNMAP.into(),
            0,
            PAGE_EXECUTE_READ.into(),
        )
    };
    program.require("its view", status.is_success());
    base
}

fn unmap(program: &Program, base: u64) {
    // SAFETY: of a view that this test is done with.
    let status = unsafe { section::unmap(CURRENT_PROCESS, base) };
    program.check("unmap", status, NtStatus::SUCCESS);
}

pub fn names_of_views(program: &Program) {
    let own = nt::program::peb().image_base;
    check_name(
        program,
        own,
        "\\Device\\HarddiskVolume1\\programs\\files.exe",
    );
    let file = program.done("a program", open(PROGRAM, READ | FILE_EXECUTE));
    let image = image_view(program, &file);
    let flat = file::section(&file, 0, PAGE_READONLY, SEC_COMMIT);
    let flat = view(program, &program.done("its data", flat), PAGE_READONLY);
    drop(file);
    for base in [image, image + 0x1000, flat] {
        check_name(
            program,
            base,
            "\\Device\\HarddiskVolume1\\programs\\based.exe",
        );
    }
    let path = "\\??\\C:\\mapped";
    let file = make(program, path);
    program.check("write", file::write(&file, None, b"mapped"), Ok(6));
    let data = file::section(&file, 0, PAGE_READONLY, SEC_COMMIT);
    let data = view(program, &program.done("its data", data), PAGE_READONLY);
    drop(file);
    check_name(program, data, "\\Device\\HarddiskVolume1\\mapped");
    let zeros = section::create(0x1000, PAGE_READWRITE, SEC_COMMIT);
    let zeros = view(program, &program.done("of no file", zeros), PAGE_READWRITE);
    let local = &raw const zeros as u64;
    for (address, status) in [
        (zeros, NtStatus::FILE_INVALID),
        (local, NtStatus::INVALID_ADDRESS),
        (0, NtStatus::INVALID_ADDRESS),
        (u64::MAX, NtStatus::INVALID_ADDRESS),
    ] {
        program.check("no file", ask(address, BUFFER_BYTES).0, status);
    }
    for base in [image, flat, data, zeros] {
        unmap(program, base);
    }
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
}

/// The first must be a program: what is asked is whether it is loaded already.
pub fn same_files(program: &Program) {
    // SAFETY: changes nothing.
    let same = |one, other| unsafe { call::nt_are_mapped_files_the_same(one, other) };
    let file = program.done("a program", open(PROGRAM, READ | FILE_EXECUTE));
    let (one, other) = (image_view(program, &file), image_view(program, &file));
    let flat = file::section(&file, 0, PAGE_READONLY, SEC_COMMIT);
    let flat = program.done("its data", flat);
    let shown = [0; 2].map(|_| view(program, &flat, PAGE_READONLY));
    let own = nt::program::peb().image_base;
    for (first, second, status) in [
        (one, other, NtStatus::SUCCESS),
        (one, shown[0], NtStatus::SUCCESS),
        (shown[0], one, NtStatus::NOT_SAME_DEVICE),
        (shown[0], shown[1], NtStatus::NOT_SAME_DEVICE),
        (shown[0], shown[0] + 1, NtStatus::SUCCESS),
        (own, one, NtStatus::NOT_SAME_DEVICE),
        (own, shown[0], NtStatus::NOT_SAME_DEVICE),
    ] {
        program.check("two views", same(first, second), status);
    }
    for base in [one, other, shown[0], shown[1]] {
        unmap(program, base);
    }
}
