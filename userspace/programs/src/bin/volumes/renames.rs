//! Files that get other names.
use super::*;
use abi::object::OBJ_CASE_INSENSITIVE;
use nt::object::Name;
use nt::volume::{new_name, rename};
use zerocopy::FromZeros;

const PLAIN: Result<u32, bool> = Err(false);
const REPLACE: Result<u32, bool> = Err(true);
const POSIX: Result<u32, bool> = Ok(FILE_RENAME_REPLACE_IF_EXISTS | FILE_RENAME_POSIX_SEMANTICS);

pub fn all(program: &Program) {
    here_and_there(program);
    what_gives_way(program);
    many_give_way(program);
    directories(program);
    refused(program);
}

fn here_and_there(program: &Program) {
    let file = make(program, "\\??\\C:\\first");
    program.check("write", file::write(&file, None, b"text"), Ok(4));
    let movable = make_directory(program, "\\??\\C:\\into");
    // Who may delete a directory keeps others from putting files into it.
    program.check(
        "into one in use",
        rename(&file, 0, "\\??\\C:\\into\\third", PLAIN),
        NtStatus::SHARING_VIOLATION,
    );
    drop(movable);
    let directory = program.done("the directory", open("\\??\\C:\\into", READ));
    program.check("here", rename(&file, 0, "second", PLAIN), NtStatus::SUCCESS);
    program.check("the old name", is_there("\\??\\C:\\first"), false);
    program.check("the new one", is_there("\\??\\C:\\second"), true);
    let path = "\\??\\C:\\into\\third";
    program.check("by path", rename(&file, 0, path, PLAIN), NtStatus::SUCCESS);
    program.check("in the directory", is_there(path), true);
    let root = program.done("the root", open("\\??\\C:\\", READ));
    let status = rename(&file, root.raw(), "fourth", PLAIN);
    program.check("from a directory", status, NtStatus::SUCCESS);
    let status = rename(&file, directory.raw(), "fifth", PLAIN);
    program.check("into a directory", status, NtStatus::SUCCESS);
    program.check(
        "its case",
        rename(&file, 0, "FIFTH", PLAIN),
        NtStatus::SUCCESS,
    );
    let mut text = [0; 8];
    let read = file::read(&file, Some(0), &mut text);
    program.check("what is in it", (read, &text[..4]), (Ok(4), &b"text"[..]));
    let mut units = [0; 32];
    let length = program.done("its name", nt::object::name_of(file.raw(), &mut units));
    let path = nt::Text::new(units[..length].iter().copied());
    program.check("its name", path.as_str(), "\\??\\C:\\into\\FIFTH");
    drop((file, directory));
    delete(program, "\\??\\C:\\into\\fifth");
    delete(program, "\\??\\C:\\into");
}

fn what_gives_way(program: &Program) {
    let (one, two) = ("\\??\\C:\\one", "\\??\\C:\\two");
    let file = make(program, one);
    let other = make(program, two);
    let taken = NtStatus::OBJECT_NAME_COLLISION;
    program.check("taken", rename(&file, 0, "two", PLAIN), taken);
    let denied = NtStatus::ACCESS_DENIED;
    program.check("open", rename(&file, 0, "two", REPLACE), denied);
    program.check("lives on", rename(&file, 0, two, POSIX), NtStatus::SUCCESS);
    program.check("write", file::write(&other, Some(0), b"x"), Ok(1));
    let links = file::query::<FileStandardInformation>(&other, FILE_STANDARD_INFORMATION);
    program.check("no name", links.map(|links| links.number_of_links), Ok(0));
    drop(other);
    program.check("moved", (is_there(one), is_there(two)), (false, true));
    drop(make(program, one));
    program.check(
        "closed",
        rename(&file, 0, "ONE", REPLACE),
        NtStatus::SUCCESS,
    );
    let mut read_only = FileBasicInformation::new_zeroed();
    read_only.file_attributes = FILE_ATTRIBUTE_READONLY;
    let protected = make(program, two);
    let set = |file: &Handle, value| file::set(file, FILE_BASIC_INFORMATION, value);
    program.check("protect", set(&protected, &read_only), NtStatus::SUCCESS);
    drop(protected);
    program.check("read-only", rename(&file, 0, "two", REPLACE), denied);
    let flags = FILE_RENAME_REPLACE_IF_EXISTS | FILE_RENAME_IGNORE_READONLY_ATTRIBUTE;
    let status = rename(&file, 0, "two", Ok(flags));
    program.check("nevertheless", status, NtStatus::SUCCESS);
    drop(file);
    delete(program, two);
}

fn directories(program: &Program) {
    let (outer, inner) = ("\\??\\C:\\outer", "\\??\\C:\\outer\\inner");
    let directory = make_directory(program, outer);
    let below = make_directory(program, inner);
    let denied = NtStatus::ACCESS_DENIED;
    program.check(
        "in use below",
        rename(&directory, 0, "other", PLAIN),
        denied,
    );
    drop(below);
    let status = rename(&directory, 0, "\\??\\C:\\outer\\inner\\x", PLAIN);
    program.check("into itself", status, denied);
    program.check(
        "alone",
        rename(&directory, 0, "other", PLAIN),
        NtStatus::SUCCESS,
    );
    program.check("with all in it", is_there("\\??\\C:\\other\\INNER"), true);
    let empty = make_directory(program, outer);
    program.check("a directory", rename(&empty, 0, "other", REPLACE), denied);
    let full = NtStatus::DIRECTORY_NOT_EMPTY;
    program.check("a full one", rename(&empty, 0, "other", POSIX), full);
    drop((empty, directory));
    for path in [outer, "\\??\\C:\\other\\inner", "\\??\\C:\\other"] {
        delete(program, path);
    }
}

/// So many that the volume has room again before any is closed.
fn many_give_way(program: &Program) {
    const TARGETS: [&str; 8] = ["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"];
    const SOURCES: [&str; 8] = ["n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7"];
    let root = program.done("the root", open("\\??\\C:\\", READ));
    let make = |part: &str| {
        let name = Name::with(part, root.raw(), OBJ_CASE_INSENSITIVE);
        let how = How::open(ALL, SHARE_ALL).disposed(FILE_CREATE);
        program.done(part, file::create(&name, how)).0
    };
    for target in TARGETS {
        drop(make(target));
    }
    let files = SOURCES.map(make);
    for (file, target) in files.iter().zip(TARGETS) {
        let status = rename(file, 0, target, REPLACE);
        program.check(target, status, NtStatus::SUCCESS);
        let status = file::set(file, FILE_DISPOSITION_INFORMATION, &1_u8);
        program.check("delete", status, NtStatus::SUCCESS);
    }
}

fn refused(program: &Program) {
    let path = "\\??\\C:\\fixed";
    let file = make(program, path);
    for (new, status) in [
        ("a\\b", NtStatus::OBJECT_NAME_INVALID),
        ("a:b", NtStatus::OBJECT_NAME_INVALID),
        ("..", NtStatus::OBJECT_NAME_INVALID),
        ("", NtStatus::INVALID_PARAMETER),
        ("\\??\\C:\\none\\x", NtStatus::OBJECT_PATH_NOT_FOUND),
        ("\\??\\C:\\", NtStatus::ACCESS_DENIED),
        ("\\??\\C:\\x\\", NtStatus::OBJECT_NAME_INVALID),
        ("\\??\\NUL", NtStatus::NOT_SAME_DEVICE),
        ("\\??\\D:\\x", NtStatus::OBJECT_PATH_NOT_FOUND),
        ("\\BaseNamedObjects", NtStatus::OBJECT_TYPE_MISMATCH),
    ] {
        program.check(new, rename(&file, 0, new, PLAIN), status);
    }
    let wrong = NtStatus::INVALID_PARAMETER;
    program.check("flags", rename(&file, 0, "x", Ok(1 << 20)), wrong);
    let no_handle = rename(&file, 0xDEAD_0000, "x", PLAIN);
    program.check("no directory", no_handle, NtStatus::INVALID_HANDLE);
    let link = new_name(&file, FILE_LINK_INFORMATION, 0, "x", 0);
    program.check("a link", link, NtStatus::INVALID_DEVICE_REQUEST);
    let reader = program.done("a reader", open(path, READ));
    let status = rename(&reader, 0, "x", PLAIN);
    program.check("without access", status, NtStatus::ACCESS_DENIED);
    drop(reader);
    let gone = file::set(&file, FILE_DISPOSITION_INFORMATION, &1_u8);
    program.check("it goes", gone, NtStatus::SUCCESS);
    let status = rename(&file, 0, "x", PLAIN);
    program.check("while it goes", status, NtStatus::ACCESS_DENIED);
}
