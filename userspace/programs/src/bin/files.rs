//! Files: opened, created, shared, read, written, shown by sections, deleted.
#![no_std]
#![no_main]
nt::program!("files", main);

use abi::access::{DELETE, SYNCHRONIZE};
use abi::file::*;
use abi::io::UnicodeString;
use abi::memory::{
    MEM_COMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_EXECUTE, PAGE_EXECUTE_READ, PAGE_READONLY,
    PAGE_READWRITE, PAGE_WRITECOPY,
};
use abi::object::{OBJ_CASE_INSENSITIVE, ObjectAttributes};
use abi::section::{SEC_COMMIT, SEC_IMAGE};
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
    data_sections(program);
    image_sections(program);
    a_full_volume(program);
    taken_names(program);
    roots(program);
    odd_names(program);
    access_by_name(program);
    shown_and_run(program);
    raced_writes(program);
    nothing_is_left(program);
}

fn name(path: &str) -> Name {
    Name::with(path, 0, OBJ_CASE_INSENSITIVE)
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

fn data_sections(program: &Program) {
    let path = "\\??\\C:\\shown";
    let file = make(program, path);
    let section = |size, protection| file::section(&file, size, protection, SEC_COMMIT);
    let empty = section(0, PAGE_READWRITE);
    program.check(
        "of nothing",
        empty.map(|_| ()),
        Err(NtStatus::MAPPED_FILE_SIZE_ZERO),
    );
    program.check("write", file::write(&file, None, b"section"), Ok(7));
    let big = section(0x3000, PAGE_READONLY);
    program.check(
        "longer than it",
        big.map(|_| ()),
        Err(NtStatus::SECTION_TOO_BIG),
    );
    let all = program.done("that it grows to", section(0x3000, PAGE_READWRITE));
    let size = file::query::<FileStandardInformation>(&file, FILE_STANDARD_INFORMATION);
    program.check("grown", size.map(|size| size.end_of_file), Ok(0x3000));
    let view = program
        .done("a view", section::map(&all, PAGE_READWRITE))
        .base;
    program.check("what was written", get(view), *b"section\0");
    put(view + 0x1000, *b"by view ");
    let mut buffer = [0; 8];
    program.check("read", file::read(&file, Some(0x1000), &mut buffer), Ok(8));
    program.check("what the view wrote", &buffer, b"by view ");
    program.check(
        "write",
        file::write(&file, Some(0x2000), b"by call "),
        Ok(8),
    );
    program.check("what the call wrote", get(view + 0x2000), *b"by call ");
    let cut = file::set(&file, FILE_END_OF_FILE_INFORMATION, &0x1000_i64);
    program.check("cut while shown", cut, NtStatus::USER_MAPPED_FILE);
    let read_only = program.done("to read", section(0, PAGE_READONLY));
    let refused = section::map(&read_only, PAGE_READWRITE).map(|_| ());
    program.check(
        "a view to write",
        refused,
        Err(NtStatus::SECTION_PROTECTION),
    );
    let copy = program
        .done("a copy", section::map(&read_only, PAGE_WRITECOPY))
        .base;
    put(copy, *b"private ");
    program.check("copied", get(copy), *b"private ");
    program.check("the file has not changed", get(view), *b"section\0");
    for base in [view, copy] {
        // SAFETY: this test does not use the views again.
        let status = unsafe { section::unmap(abi::io::CURRENT_PROCESS, base) };
        program.check("unmap", status, NtStatus::SUCCESS);
    }
    drop((all, read_only));
    let cut = file::set(&file, FILE_END_OF_FILE_INFORMATION, &4_i64);
    program.check("cut when it is not", cut, NtStatus::SUCCESS);
    let readable = program.done("a reader", open(path, READ));
    let refused = file::section(&readable, 0, PAGE_READWRITE, SEC_COMMIT);
    program.check(
        "without access",
        refused.map(|_| ()),
        Err(NtStatus::ACCESS_DENIED),
    );
    drop((readable, file));
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
    let directory = program.done("a directory", open("\\??\\C:\\programs", READ));
    let refused = file::section(&directory, 0, PAGE_READONLY, SEC_COMMIT);
    let no_file = Err(NtStatus::INVALID_FILE_FOR_SECTION);
    program.check("of a directory", refused.map(|_| ()), no_file);
    let bytes = program.done("the archive's", open("\\??\\C:\\programs\\files.exe", READ));
    let section = file::section(&bytes, 0, PAGE_READONLY, SEC_COMMIT);
    let section = program.done("of the archive", section);
    let view = program
        .done("a view", section::map(&section, PAGE_READONLY))
        .base;
    program.check("flat", &get(view)[..2], b"MZ");
}

fn image_sections(program: &Program) {
    let access = FILE_EXECUTE | READ;
    let file = program.done("a program", open("\\??\\C:\\programs\\based.exe", access));
    let image = file::section(&file, 0, PAGE_EXECUTE_READ, SEC_IMAGE);
    let image = program.done("its image", image);
    let view = program.done("a view", section::map(&image, PAGE_EXECUTE_READ));
    program.check("its headers", &get(view.base)[..2], b"MZ");
    let text = make(program, "\\??\\C:\\text");
    program.check("write", file::write(&text, None, b"no program"), Ok(10));
    drop(text);
    let text = program.done("the text", open("\\??\\C:\\text", access));
    let refused = file::section(&text, 0, PAGE_EXECUTE_READ, SEC_IMAGE);
    program.check("text is no image", refused.is_err(), true);
    drop(text);
    program.check(
        "delete",
        file::delete(&name("\\??\\C:\\text")),
        NtStatus::SUCCESS,
    );
}

/// Writes until there is no room: what was written stays, and all of it comes back.
fn a_full_volume(program: &Program) {
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

/// A name that is taken is so for a file as for a directory.
fn taken_names(program: &Program) {
    let path = "\\??\\C:\\taken";
    let file = make(program, path);
    let create = |path, kind| {
        let how = How::open(READ, SHARE_ALL).disposed(FILE_CREATE).with(kind);
        file::create(&name(path), how).map(|_| ())
    };
    let taken = Err(NtStatus::OBJECT_NAME_COLLISION);
    program.check("a directory", create(path, FILE_DIRECTORY_FILE), taken);
    let directory = "\\??\\C:\\programs";
    program.check("a file", create(directory, FILE_NON_DIRECTORY_FILE), taken);
    let set = file::set(&file, FILE_DISPOSITION_INFORMATION, &1_u8);
    program.check("delete", set, NtStatus::SUCCESS);
    let pending = Err(NtStatus::DELETE_PENDING);
    program.check("while it goes", create(path, 0), pending);
}

/// Names that begin at an open file or directory.
fn roots(program: &Program) {
    let from = |root: &Handle, path: &str| {
        let relative = Name::with(path, root.raw(), OBJ_CASE_INSENSITIVE);
        file::create(&relative, How::open(READ, SHARE_ALL)).map(|_| ())
    };
    let root = program.done("the root", open("\\??\\C:\\", READ));
    program.check("in it", from(&root, "programs\\files.exe"), Ok(()));
    program.check("itself", from(&root, ""), Ok(()));
    let invalid = Err(NtStatus::OBJECT_NAME_INVALID);
    program.check("a separator", from(&root, "\\programs"), invalid);
    let directory = program.done("a directory", open("\\??\\C:\\programs", READ));
    program.check("a separator", from(&directory, "\\files.exe"), invalid);
    let file = program.done("a file", open("\\??\\C:\\programs\\files.exe", READ));
    program.check("the file again", from(&file, ""), Ok(()));
    let no_path = Err(NtStatus::OBJECT_PATH_NOT_FOUND);
    program.check("in a file", from(&file, "x"), no_path);
    let null = program.done("nothing", open("\\??\\NUL", READ | WRITE));
    let mut byte = [0];
    let end = Err(NtStatus::END_OF_FILE);
    program.check("of nothing", file::read(&null, None, &mut byte), end);
    program.check("to nothing", file::write(&null, None, b"text"), Ok(4));
    let directory = How::open(READ, SHARE_ALL).with(FILE_DIRECTORY_FILE);
    let refused = file::create(&name("\\??\\NUL"), directory).map(|_| ());
    program.check("as one", refused, Err(NtStatus::NOT_A_DIRECTORY));
}

/// Names as long as can be, and of units that are no text.
fn odd_names(program: &Program) {
    let opened = |units: &[u16], disposition| {
        let text = UnicodeString {
            length_bytes: (units.len() * 2) as u16,
            maximum_length_bytes: (units.len() * 2) as u16,
            reserved_04: 0,
            buffer: units.as_ptr() as u64,
        };
        let attributes = ObjectAttributes {
            length_bytes: size_of::<ObjectAttributes>() as u32,
            reserved_04: 0,
            root_directory: 0,
            object_name: &raw const text as u64,
            attributes: OBJ_CASE_INSENSITIVE,
            reserved_1c: 0,
            security_descriptor: 0,
            security_quality_of_service: 0,
        };
        let (mut result, mut handle) = ([0_u64; 2], 0_u64);
        // SAFETY: writes handle and result, reads the name.
        let status = unsafe {
            call::nt_create_file(
                &raw mut handle as u64,
                (READ | DELETE).into(),
                &raw const attributes as u64,
                result.as_mut_ptr() as u64,
                0,
                0,
                SHARE_ALL.into(),
                u64::from(disposition),
                FILE_DELETE_ON_CLOSE.into(),
                0,
                0,
            )
        };
        if status.is_success() {
            program.check("close", system::close(handle), NtStatus::SUCCESS);
        }
        status
    };
    let mut units = [u16::from(b'a'); 32_767];
    for (unit, letter) in units.iter_mut().zip("\\??\\C:\\".encode_utf16()) {
        *unit = letter;
    }
    let invalid = NtStatus::OBJECT_NAME_INVALID;
    program.check("the longest name", opened(&units, FILE_OPEN), invalid);
    program.check("256 units", opened(&units[..7 + 256], FILE_CREATE), invalid);
    let whole = opened(&units[..7 + 255], FILE_CREATE);
    program.check("255 units", whole, NtStatus::SUCCESS);
    for unit in units.iter_mut().skip(8).step_by(2) {
        *unit = u16::from(b'\\');
    }
    // The device has a longer name than the link to it.
    let deep = opened(&units[..32_001], FILE_OPEN);
    program.check("many of one", deep, NtStatus::OBJECT_PATH_NOT_FOUND);
    units[8] = 0xDC00;
    units[9] = 0xD800;
    let alone = opened(&units[..10], FILE_CREATE);
    program.check("no text", alone, NtStatus::SUCCESS);
    units[9] = 0;
    program.check("a zero", opened(&units[..10], FILE_CREATE), invalid);
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

/// What is shown as data can be run, and cannot be emptied.
fn shown_and_run(program: &Program) {
    let path = "\\??\\C:\\programs\\based.exe";
    let reader = program.done("a reader", open(path, READ));
    let data = file::section(&reader, 0, PAGE_READONLY, SEC_COMMIT);
    let data = program.done("its data", data);
    let view = program.done("a view", section::map(&data, PAGE_READONLY));
    program.check("touched", &get(view.base)[..2], b"MZ");
    let image = file::section(&reader, 0, PAGE_EXECUTE_READ, SEC_IMAGE);
    program.check("its image", image.map(|_| ()), Ok(()));
    let refused = file::section(&reader, 0, PAGE_EXECUTE_READ, SEC_COMMIT).map(|_| ());
    program.check("to run", refused, Err(NtStatus::ACCESS_DENIED));
    let runner = program.done("a runner", open(path, FILE_EXECUTE));
    let run = file::section(&runner, 0, PAGE_EXECUTE, SEC_COMMIT).map(|_| ());
    program.check("just to run", run, Ok(()));
    let path = "\\??\\C:\\kept";
    let file = make(program, path);
    program.check("write", file::write(&file, None, b"kept"), Ok(4));
    let shown = file::section(&file, 0, PAGE_READONLY, SEC_COMMIT);
    let shown = program.done("shown", shown);
    let how = How::open(READ | WRITE | DELETE, SHARE_ALL)
        .disposed(FILE_OVERWRITE)
        .with(FILE_DELETE_ON_CLOSE);
    let refused = file::create(&name(path), how).map(|_| ());
    program.check("overwrite", refused, Err(NtStatus::USER_MAPPED_FILE));
    program.check("it stays", open(path, READ).map(|_| ()), Ok(()));
    drop((shown, file));
    program.check("delete", file::delete(&name(path)), NtStatus::SUCCESS);
}

const RACED_BYTES: usize = 0x80_0000;

/// Long writes give way to others, who cut the file off, write on, or close it.
fn raced_writes(program: &Program) {
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

fn get(address: u64) -> [u8; 8] {
    // SAFETY: of a view that this test has mapped; else the program ends.
    unsafe { (address as *const [u8; 8]).read_volatile() }
}

fn put(address: u64, bytes: [u8; 8]) {
    // SAFETY: as above.
    unsafe { (address as *mut [u8; 8]).write_volatile(bytes) }
}
