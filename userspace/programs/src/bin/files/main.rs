//! Files: opened, created, shared, read, written, shown by sections, deleted.
#![no_std]
#![no_main]
nt::program!("files", main);

mod listing;
mod long;
mod mapped;
mod odd;
mod sections;

use abi::access::{DELETE, SYNCHRONIZE};
use abi::file::*;
use abi::io::UnicodeString;
use abi::memory::{
    MEM_COMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_READONLY,
    PAGE_READWRITE, PAGE_WRITECOPY,
};
use abi::object::{OBJ_CASE_INSENSITIVE, ObjectAttributes};
use abi::section::{SEC_COMMIT, SEC_IMAGE};
use nt::file::name;
use nt::file::{self, How};
use nt::object::Name;
use nt::sync::Handle;
use nt::{NtStatus, Program, call, section, system};

const READ: u32 = FILE_READ_DATA | FILE_READ_ATTRIBUTES;
const WRITE: u32 = FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES;
const SHARE_ALL: u32 = FILE_SHARE_VALID_FLAGS;

fn main(program: &Program) {
    names(program);
    the_archive(program);
    dispositions(program);
    contents(program);
    sharing(program);
    deletion(program);
    information(program);
    wrong_options(program);
    sections::data_sections(program);
    sections::image_sections(program);
    mapped::names_of_views(program);
    mapped::same_files(program);
    listing::all(program);
    long::a_full_volume(program);
    odd::taken_names(program);
    odd::roots(program);
    odd::odd_names(program);
    access_by_name(program);
    sections::shown_and_run(program);
    long::broken_writes(program);
    long::backward_writes(program);
    long::raced_writes(program);
    nothing_is_left(program);
}

fn open(path: &str, access: u32) -> Result<Handle, NtStatus> {
    let opened = file::create(&name(path), How::open(access, SHARE_ALL))?;
    Ok(opened.0)
}

fn make(program: &Program, path: &str) -> Handle {
    let how = How::open(READ | WRITE | DELETE, SHARE_ALL).disposed(FILE_CREATE);
    program.done("a new file", file::create(&name(path), how)).0
}

fn names(program: &Program) {
    for (path, status) in [
        (
            "\\??\\C:\\programs\\none.exe",
            NtStatus::OBJECT_NAME_NOT_FOUND,
        ),
        ("\\??\\C:\\none\\files.exe", NtStatus::OBJECT_PATH_NOT_FOUND),
        (
            "\\??\\C:\\programs\\files.exe\\x",
            NtStatus::OBJECT_PATH_NOT_FOUND,
        ),
        (
            "\\??\\C:\\programs\\fi?es.exe",
            NtStatus::OBJECT_NAME_INVALID,
        ),
        (
            "\\??\\C:\\programs\\..\\programs\\files.exe",
            NtStatus::OBJECT_NAME_INVALID,
        ),
        (
            "\\??\\C:\\programs\\\\files.exe",
            NtStatus::OBJECT_NAME_INVALID,
        ),
        (
            "\\??\\C:\\programs\\files.exe\\",
            NtStatus::OBJECT_NAME_INVALID,
        ),
        ("\\??\\D:\\files.exe", NtStatus::OBJECT_PATH_NOT_FOUND),
        ("\\BaseNamedObjects", NtStatus::OBJECT_TYPE_MISMATCH),
        ("files.exe", NtStatus::OBJECT_PATH_SYNTAX_BAD),
    ] {
        program.check(path, open(path, READ).map(|_| ()), Err(status));
    }
    for path in [
        "\\??\\C:\\programs\\files.exe",
        "\\??\\c:\\PROGRAMS\\Files.EXE",
        "\\DosDevices\\C:\\programs\\files.exe",
        "\\Device\\HarddiskVolume1\\programs\\files.exe",
        "\\??\\C:\\programs\\",
        "\\??\\C:\\",
        "\\??\\NUL",
    ] {
        program.check(path, open(path, FILE_READ_ATTRIBUTES).map(|_| ()), Ok(()));
    }
    let directory = program.done("a directory", open("\\??\\C:\\programs", READ));
    let relative = Name::with("files.exe", directory.raw(), OBJ_CASE_INSENSITIVE);
    let opened = file::create(&relative, How::open(READ, SHARE_ALL));
    program.check("a name in a directory", opened.map(|_| ()), Ok(()));
}

fn the_archive(program: &Program) {
    let file = program.done("itself", open("\\??\\C:\\programs\\files.exe", READ));
    let mut start = [0; 2];
    program.check("its start", file::read(&file, Some(0), &mut start), Ok(2));
    program.check("what that is", start, *b"MZ");
    let standard = file::query::<FileStandardInformation>(&file, FILE_STANDARD_INFORMATION);
    let size = program.done("its size", standard).end_of_file as u64;
    let mut byte = [0];
    program.check(
        "its last byte",
        file::read(&file, Some(size - 1), &mut byte),
        Ok(1),
    );
    let behind = file::read(&file, Some(size), &mut byte);
    program.check("behind its end", behind, Err(NtStatus::END_OF_FILE));
}

fn dispositions(program: &Program) {
    const PATH: &str = "\\??\\C:\\made";
    let with = |disposition| {
        let how = How::open(READ | WRITE | DELETE, SHARE_ALL).disposed(disposition);
        file::create(&name(PATH), how).map(|(_, done)| done)
    };
    let missing = NtStatus::OBJECT_NAME_NOT_FOUND;
    program.check("open none", with(FILE_OPEN), Err(missing));
    program.check("overwrite none", with(FILE_OVERWRITE), Err(missing));
    program.check("create", with(FILE_CREATE), Ok(FILE_CREATED));
    let taken = NtStatus::OBJECT_NAME_COLLISION;
    program.check("create again", with(FILE_CREATE), Err(taken));
    program.check("open", with(FILE_OPEN), Ok(FILE_OPENED));
    program.check("open if", with(FILE_OPEN_IF), Ok(FILE_OPENED));
    let file = program.done("the file", open(PATH, READ | WRITE));
    program.check("write", file::write(&file, None, b"text"), Ok(4));
    program.check("overwrite", with(FILE_OVERWRITE), Ok(FILE_OVERWRITTEN));
    let size = file::query::<FileStandardInformation>(&file, FILE_STANDARD_INFORMATION);
    program.check("it is empty", size.map(|size| size.end_of_file), Ok(0));
    program.check(
        "overwrite if",
        with(FILE_OVERWRITE_IF),
        Ok(FILE_OVERWRITTEN),
    );
    program.check("supersede", with(FILE_SUPERSEDE), Ok(FILE_SUPERSEDED));
    program.check("no such", with(6), Err(NtStatus::INVALID_PARAMETER));
    drop(file);
    program.check("delete", file::delete(&name(PATH)), NtStatus::SUCCESS);
    program.check("open if none", with(FILE_OPEN_IF), Ok(FILE_CREATED));
    program.check("delete", file::delete(&name(PATH)), NtStatus::SUCCESS);
    let directory = How::open(READ, SHARE_ALL)
        .disposed(FILE_CREATE)
        .with(FILE_DIRECTORY_FILE);
    let made = file::create(&name(PATH), directory);
    program.check("a directory", made.map(|(_, done)| done), Ok(FILE_CREATED));
    let as_file = file::create(
        &name(PATH),
        How::open(READ, 7).with(FILE_NON_DIRECTORY_FILE),
    );
    program.check(
        "as a file",
        as_file.map(|_| ()),
        Err(NtStatus::FILE_IS_A_DIRECTORY),
    );
    program.check("delete it", file::delete(&name(PATH)), NtStatus::SUCCESS);
    program.check("it is gone", open(PATH, READ).map(|_| ()), Err(missing));
}

fn contents(program: &Program) {
    let file = make(program, "\\??\\C:\\contents");
    program.check("write", file::write(&file, None, b"0123456789"), Ok(10));
    program.check("write on", file::write(&file, None, b"ab"), Ok(2));
    let position = || file::query::<u64>(&file, FILE_POSITION_INFORMATION);
    program.check("where it stands", position(), Ok(12));
    let mut buffer = [0xEE; 16];
    program.check(
        "at the end",
        file::read(&file, None, &mut buffer),
        Err(NtStatus::END_OF_FILE),
    );
    program.check("read all", file::read(&file, Some(0), &mut buffer), Ok(12));
    program.check("what it is", &buffer[..12], b"0123456789ab");
    program.check("what is behind", buffer[12], 0xEE);
    let end = Some(FILE_WRITE_TO_END_OF_FILE);
    program.check("append", file::write(&file, end, b"c"), Ok(1));
    // Far behind the end: zeros come in between, also where a page was in use.
    program.check(
        "far away",
        file::write(&file, Some(0x1_0FFE), b"far!"),
        Ok(4),
    );
    program.check(
        "in between",
        file::read(&file, Some(8), &mut buffer),
        Ok(16),
    );
    program.check("zeros", &buffer, b"89abc\0\0\0\0\0\0\0\0\0\0\0");
    program.check(
        "over a page's end",
        file::read(&file, Some(0x1_0FFC), &mut buffer),
        Ok(6),
    );
    program.check("far", &buffer[..6], b"\0\0far!");
    let set_end = |size: i64| file::set(&file, FILE_END_OF_FILE_INFORMATION, &size);
    program.check("shorter", set_end(5), NtStatus::SUCCESS);
    program.check("longer", set_end(9), NtStatus::SUCCESS);
    program.check("read", file::read(&file, Some(0), &mut buffer), Ok(9));
    program.check("what was cut is gone", &buffer[..9], b"01234\0\0\0\0");
    program.check("a negative size", set_end(-1), NtStatus::INVALID_PARAMETER);
    program.check("too long", set_end(1 << 50), NtStatus::DISK_FULL);
    let huge = file::write(&file, Some(i64::MAX as u64), b"x");
    program.check("too far", huge, Err(NtStatus::DISK_FULL));
    // A buffer that ends where nothing is: the file is as it was.
    // SAFETY: reads memory that is not there, which the call refuses.
    let status = unsafe {
        let (mut result, offset) = ([0_u64; 2], 4_u64);
        call::nt_write_file(
            file.raw(),
            0,
            0,
            0,
            result.as_mut_ptr() as u64,
            8,
            0x3000,
            &raw const offset as u64,
            0,
        )
    };
    program.check("a bad buffer", status, NtStatus::ACCESS_VIOLATION);
    program.check("read", file::read(&file, Some(0), &mut buffer), Ok(9));
    let read_only = program.done("to read", open("\\??\\C:\\contents", READ));
    let refused = file::write(&read_only, None, b"x");
    program.check("without access", refused, Err(NtStatus::ACCESS_DENIED));
    let append = program.done("to append", open("\\??\\C:\\contents", FILE_APPEND_DATA));
    program.check("append only", file::write(&append, Some(0), b"!"), Ok(1));
    program.check("read", file::read(&file, Some(8), &mut buffer), Ok(2));
    program.check("at the end", &buffer[..2], b"\0!");
    drop((read_only, append, file));
    program.check(
        "delete",
        file::delete(&name("\\??\\C:\\contents")),
        NtStatus::SUCCESS,
    );
}

fn sharing(program: &Program) {
    let (path, none) = ("\\??\\C:\\shared", 0);
    let first = make(program, path);
    let alone = file::create(&name(path), How::open(READ, none));
    let violation = NtStatus::SHARING_VIOLATION;
    program.check("while others may write", alone.map(|_| ()), Err(violation));
    drop(first);
    let alone = program.done("alone", file::create(&name(path), How::open(READ, none)));
    program.check("not shared", open(path, READ).map(|_| ()), Err(violation));
    let looked = open(path, FILE_READ_ATTRIBUTES);
    program.check("attributes are", looked.map(|_| ()), Ok(()));
    drop(alone);
    program.check("shared again", open(path, READ).map(|_| ()), Ok(()));
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
}

fn deletion(program: &Program) {
    let path = "\\??\\C:\\deleted";
    let file = make(program, path);
    let other = program.done("another handle", open(path, READ));
    let delete = |flag: u8| file::set(&file, FILE_DISPOSITION_INFORMATION, &flag);
    program.check("delete", delete(1), NtStatus::SUCCESS);
    let pending = NtStatus::DELETE_PENDING;
    program.check("while it goes", open(path, READ).map(|_| ()), Err(pending));
    program.check("not after all", delete(0), NtStatus::SUCCESS);
    program.check("it stays", open(path, READ).map(|_| ()), Ok(()));
    program.check("delete", delete(1), NtStatus::SUCCESS);
    drop(file);
    program.check("another has it", open(path, READ).map(|_| ()), Err(pending));
    drop(other);
    let missing = NtStatus::OBJECT_NAME_NOT_FOUND;
    program.check("gone", open(path, READ).map(|_| ()), Err(missing));
    let how = How::open(READ | DELETE, SHARE_ALL)
        .disposed(FILE_CREATE)
        .with(FILE_DELETE_ON_CLOSE);
    let passing = program.done("for a while", file::create(&name(path), how));
    drop(passing);
    program.check("it went", open(path, READ).map(|_| ()), Err(missing));
    let full = "\\??\\C:\\programs";
    program.check("not empty", file::delete(&name(full)), NtStatus::SUCCESS);
    program.check("so it stays", open(full, READ).map(|_| ()), Ok(()));
}

fn information(program: &Program) {
    let path = "\\??\\C:\\known";
    let file = make(program, path);
    program.check("write", file::write(&file, None, b"12345"), Ok(5));
    let stat = file::query::<FileStatInformation>(&file, FILE_STAT_INFORMATION);
    let stat = program.done("all at once", stat);
    program.check("size", stat.end_of_file, 5);
    program.check("room", stat.allocation_size, 0x1000);
    program.check("links", stat.number_of_links, 1);
    program.check("attributes", stat.file_attributes, FILE_ATTRIBUTE_ARCHIVE);
    let number = file::query::<u64>(&file, FILE_INTERNAL_INFORMATION);
    program.check("its number", number, Ok(stat.file_id));
    let now = program.done("the time", system::system_time_100ns());
    program.check("it is new", now - stat.creation_time < 10_000_000, true);
    let basic = FileBasicInformation {
        creation_time: 1,
        last_access_time: 2,
        last_write_time: 3,
        change_time: 4,
        file_attributes: FILE_ATTRIBUTE_READONLY,
        reserved_24: 0,
    };
    let set = file::set(&file, FILE_BASIC_INFORMATION, &basic);
    program.check("set", set, NtStatus::SUCCESS);
    let stub = call::nt_query_attributes_file;
    let by_name = file::attributes_of::<FileBasicInformation>(stub, &name(path));
    let found = program.done("by name", by_name);
    program.check("creation", found.creation_time, 1);
    program.check("write", found.last_write_time, 3);
    program.check("change", found.change_time, 4);
    program.check("read-only", found.file_attributes, FILE_ATTRIBUTE_READONLY);
    let denied = open(path, WRITE);
    program.check("to write", denied.map(|_| ()), Err(NtStatus::ACCESS_DENIED));
    let refused = file::delete(&name(path));
    program.check("to delete", refused, NtStatus::CANNOT_DELETE);
    let stub = call::nt_query_full_attributes_file;
    let by_name = file::attributes_of::<FileNetworkOpenInformation>(stub, &name(path));
    program.check(
        "its size by name",
        by_name.map(|known| known.end_of_file),
        Ok(5),
    );
    let mut bytes = [0; 16];
    let (status, length) = file::query_bytes(&file, FILE_NAME_INFORMATION, &mut bytes);
    program.check("its name", (status, length), (NtStatus::SUCCESS, 16));
    program.check("how long that is", bytes[0], 12);
    let (status, _) = file::query_bytes(&file, FILE_NAME_INFORMATION, &mut bytes[..10]);
    program.check("not all of it", status, NtStatus::BUFFER_OVERFLOW);
    let (status, _) = file::query_bytes(&file, FILE_STAT_INFORMATION, &mut bytes);
    program.check("too short", status, NtStatus::INFO_LENGTH_MISMATCH);
    let (status, _) = file::query_bytes(&file, 0, &mut bytes);
    program.check("no such class", status, NtStatus::INVALID_INFO_CLASS);
    let all = file::query::<FileAllInformation>(&file, FILE_ALL_INFORMATION);
    program.check(
        "everything",
        all.map(|_| ()),
        Err(NtStatus::INFO_LENGTH_MISMATCH),
    );
    let basic = FileBasicInformation {
        file_attributes: FILE_ATTRIBUTE_NORMAL,
        ..basic
    };
    let set = file::set(&file, FILE_BASIC_INFORMATION, &basic);
    program.check("set back", set, NtStatus::SUCCESS);
    drop(file);
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
}

fn wrong_options(program: &Program) {
    let path = name("\\??\\C:\\programs\\files.exe");
    for (access, share, options) in [
        (READ, 8, 0),
        (READ, 7, 1 << 24),
        (READ, 7, FILE_DIRECTORY_FILE | FILE_NON_DIRECTORY_FILE),
        (READ, 7, FILE_SYNCHRONOUS_IO_NONALERT),
        (
            READ | SYNCHRONIZE,
            7,
            FILE_SYNCHRONOUS_IO_NONALERT | FILE_SYNCHRONOUS_IO_ALERT,
        ),
        (READ, 7, FILE_DELETE_ON_CLOSE),
    ] {
        let opened = file::open(&path, access, share, options);
        let refused = Err(NtStatus::INVALID_PARAMETER);
        program.check("options", opened.map(|_| ()), refused);
    }
    // An asynchronous file has no position.
    let file = program.done("asynchronous", file::open(&path, READ, 7, 0));
    let mut byte = [0];
    let refused = Err(NtStatus::INVALID_PARAMETER);
    program.check("no offset", file::read(&file, None, &mut byte), refused);
    program.check("an offset", file::read(&file, Some(1), &mut byte), Ok(1));
}

/// Access that options need must be asked for by its name.
fn access_by_name(program: &Program) {
    const GENERIC_ALL: u32 = 0x1000_0000;
    let path = name("\\??\\C:\\programs\\files.exe");
    for options in [FILE_SYNCHRONOUS_IO_NONALERT, FILE_DELETE_ON_CLOSE] {
        let opened = file::open(&path, GENERIC_ALL, 7, options).map(|_| ());
        let wrong = Err(NtStatus::INVALID_PARAMETER);
        program.check("generic access", opened, wrong);
    }
    let directory = FILE_DIRECTORY_FILE | FILE_SEQUENTIAL_ONLY;
    let opened = file::open(&name("\\??\\C:\\programs"), READ, 7, directory).map(|_| ());
    let wrong = Err(NtStatus::INVALID_PARAMETER);
    program.check("a directory in sequence", opened, wrong);
    let file = program.done("itself", file::open(&path, READ, 7, 0));
    let mut bytes = [0; 7];
    let (status, _) = file::query_bytes(&file, FILE_NAME_INFORMATION, &mut bytes);
    program.check("no name", status, NtStatus::INFO_LENGTH_MISMATCH);
}

/// What has been deleted leaves no memory behind.
fn nothing_is_left(program: &Program) {
    let once = || {
        let file = make(program, "\\??\\C:\\large");
        let page = [7; 0x1000];
        for number in 0..64 {
            let offset = Some(number * 0x1000);
            program.check("write", file::write(&file, offset, &page), Ok(0x1000));
        }
        drop(file);
        program.check(
            "delete",
            file::delete(&name("\\??\\C:\\large")),
            NtStatus::SUCCESS,
        );
    };
    once();
    let before = program.done("pages", system::available_pages());
    once();
    let after = program.done("pages", system::available_pages());
    program.check("pages", after, before);
}
