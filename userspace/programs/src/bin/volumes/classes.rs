//! What is told of names, streams and numbers, and extended attributes.
use super::*;
use nt::object::Name;
use nt::volume::{flush, query_ea, set_ea};

pub fn all(program: &Program) {
    let path = "\\??\\C:\\classes";
    let file = make(program, path);
    let directory = program.done("the root", open("\\??\\C:\\", READ));
    program.check("write", file::write(&file, None, b"12345"), Ok(5));
    streams(program, &file, &directory);
    names(program, &file, &directory);
    by_number(program, &file, &directory);
    attributes(program, &file);
    for (flags, status) in [
        (0, NtStatus::SUCCESS),
        (FLUSH_FLAGS_VALID, NtStatus::SUCCESS),
        (8, NtStatus::INVALID_PARAMETER),
    ] {
        program.check("flush", flush(&file, flags), status);
    }
    let valid = file::set(&file, FILE_VALID_DATA_LENGTH_INFORMATION, &5_u64);
    program.check("valid data", valid, NtStatus::PRIVILEGE_NOT_HELD);
    drop(file);
    delete(program, path);
}

fn streams(program: &Program, file: &Handle, directory: &Handle) {
    let mut buffer = [0; 0x40];
    let found = file::query_bytes(file, FILE_STREAM_INFORMATION, &mut buffer);
    program.check("its stream", found, (NtStatus::SUCCESS, 0x26));
    program.check("how long it is", buffer[8], 5);
    program.check("its name", &buffer[0x18..0x26], b":\0:\0$\0D\0A\0T\0A\0");
    let found = file::query_bytes(file, FILE_STREAM_INFORMATION, &mut buffer[..0x20]);
    program.check("no room", found, (NtStatus::BUFFER_OVERFLOW, 0));
    let found = file::query_bytes(directory, FILE_STREAM_INFORMATION, &mut buffer);
    program.check("of a directory", found, (NtStatus::SUCCESS, 0));
}

fn names(program: &Program, file: &Handle, directory: &Handle) {
    let mut buffer = [0; 0x40];
    let found = file::query_bytes(file, FILE_HARD_LINK_INFORMATION, &mut buffer);
    program.check("its name", found, (NtStatus::SUCCESS, 0x2A));
    program.check("letters", (buffer[4], buffer[0x18]), (1, 7));
    let root = file::query::<u64>(directory, FILE_INTERNAL_INFORMATION);
    let parent = u64::from_le_bytes(buffer[0x10..0x18].try_into().unwrap_or_default());
    program.check("where", Ok(parent), root);
    let found = file::query_bytes(file, FILE_HARD_LINK_INFORMATION, &mut buffer[..0x20]);
    program.check("no room", found, (NtStatus::BUFFER_OVERFLOW, 8));
    program.check("what it needs", (buffer[0], buffer[4]), (0x2A, 0));
    let found = file::query_bytes(file, FILE_NORMALIZED_NAME_INFORMATION, &mut buffer);
    program.check("its path", found, (NtStatus::SUCCESS, 20));
    let (status, _) = file::query_bytes(file, FILE_ALTERNATE_NAME_INFORMATION, &mut buffer);
    program.check("its name of old", status, NtStatus::OBJECT_NAME_NOT_FOUND);
    let own = nt::process::basic_information(abi::io::CURRENT_PROCESS);
    let own = program.done("this process", own).process_id;
    let users = file::query::<FileProcessIdsUsingFileInformation>(
        file,
        FILE_PROCESS_IDS_USING_FILE_INFORMATION,
    );
    let users = program.done("who uses it", users);
    program.check("only this", (users.count, users.first), (1, own));
    let short = file::query_bytes(file, FILE_PROCESS_IDS_USING_FILE_INFORMATION, &mut [0; 8]);
    program.check("no room for users", short.0, NtStatus::INFO_LENGTH_MISMATCH);
    let links = file::query::<FileStandardLinkInformation>(file, FILE_STANDARD_LINK_INFORMATION);
    program.check(
        "links",
        links.map(|links| links.total_number_of_links),
        Ok(1),
    );
    let remote = file::query::<u8>(file, FILE_IS_REMOTE_DEVICE_INFORMATION);
    program.check("remote", remote, Ok(0));
    for (class, status) in [
        (FILE_CASE_SENSITIVE_INFORMATION, NtStatus::INVALID_PARAMETER),
        (FILE_PIPE_INFORMATION, NtStatus::INVALID_PARAMETER),
        (200, NtStatus::INVALID_INFO_CLASS),
    ] {
        let (found, _) = file::query_bytes(file, class, &mut buffer);
        program.check("no such class", found, status);
    }
}

fn by_number(program: &Program, file: &Handle, directory: &Handle) {
    let known = file::query::<FileIdInformation>(file, FILE_ID_INFORMATION);
    let number = program.done("its number", known).file_id[0];
    let units = [0, 16, 32, 48].map(|shift| (number >> shift) as u16);
    let how = How::open(READ, SHARE_ALL).with(FILE_OPEN_BY_FILE_ID);
    let volume = program.done("the volume", open("\\??\\C:", READ));
    for root in [directory, &volume] {
        let opened = file::create(&Name::of_units(&units, root.raw()), how);
        let (found, _) = program.done("by number", opened);
        let same = file::query::<u64>(&found, FILE_INTERNAL_INFORMATION);
        program.check("the same", same, Ok(number));
    }
    let wrong = Err(NtStatus::INVALID_PARAMETER);
    for units in [&units[..3], &[0; 4], &[0xFFFF; 4], &[1; 8]] {
        let opened = file::create(&Name::of_units(units, volume.raw()), how);
        program.check("no number", opened.map(|_| ()), wrong);
    }
    let as_directory = how.with(FILE_OPEN_BY_FILE_ID | FILE_DIRECTORY_FILE);
    let opened = file::create(&Name::of_units(&units, volume.raw()), as_directory);
    program.check(
        "no directory",
        opened.map(|_| ()),
        Err(NtStatus::NOT_A_DIRECTORY),
    );
}

fn attributes(program: &Program, file: &Handle) {
    let denied = NtStatus::ACCESS_DENIED;
    program.check("without access", query_ea(file, None), denied);
    let access = FILE_READ_EA | FILE_WRITE_EA;
    let file = program.done("for attributes", open("\\??\\C:\\classes", access));
    program.check("none", query_ea(&file, None), NtStatus::NO_EAS_ON_FILE);
    let second = query_ea(&file, Some(2));
    program.check("the second", second, NtStatus::NONEXISTENT_EA_ENTRY);
    let list = [0, 0, 0, 0, 0, 1, 1, 0, b'N', 0, b'V', 0];
    program.check("set", set_ea(&file, &list), NtStatus::EAS_NOT_SUPPORTED);
    let wrong = NtStatus::EA_LIST_INCONSISTENT;
    program.check("cut off", set_ea(&file, &list[..10]), wrong);
}
