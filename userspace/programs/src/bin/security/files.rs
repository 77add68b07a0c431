//! Descriptors of files: whoever opens them, for as long as they are there.

use crate::descriptor::{EVERYONE, Relative, SYSTEM, USER};
use abi::access::{
    ACCESS_SYSTEM_SECURITY, DELETE, GENERIC_ALL, GENERIC_READ, GENERIC_WRITE, MAXIMUM_ALLOWED,
    READ_CONTROL, SYNCHRONIZE, WRITE_DAC, WRITE_OWNER,
};
use abi::file::*;
use abi::security::DACL_SECURITY_INFORMATION;
use nt::file::{self, How, name};
use nt::process::spawn;
use nt::program::exit;
use nt::sync::{Handle, wait};
use nt::{NtStatus, Program, object, process, security, volume};

pub const DIRECTORY: &str = "\\??\\C:\\guarded";
pub const FILE: &str = "\\??\\C:\\guarded\\file";
pub const INNER: &str = "\\??\\C:\\guarded\\inner";
pub const DACL_PRESENT: u16 = 4;
pub const ALL: u32 = 0x1F_01FF;
pub const READ: u32 = 0x12_0089;
const WRITE: u32 = 0x12_0116;
/// What is waited with.
pub const WAITS: u32 = SYNCHRONIZE;
const CONTENT: &[u8] = b"content";
pub const DENIED: Opened = Err(NtStatus::ACCESS_DENIED);

pub type Entries<'a> = [(u8, u32, &'a [u8])];
/// The access that opening gave, and what was done.
pub type Opened = Result<(u32, u64), NtStatus>;
/// A list; the access and the disposition of who opens the file, and what comes of it.
type Case<'a> = (&'a Entries<'a>, u32, u32, Opened);

pub fn all(program: &Program) {
    dispositions(program);
    lasting(program);
    moved(program);
}

pub fn how(access: u32, disposition: u32) -> How {
    How::open(access, FILE_SHARE_VALID_FLAGS).disposed(disposition)
}

/// What opening gives: the access and what was done.
pub fn opened(path: &str, access: u32, disposition: u32) -> Opened {
    let (handle, done) = file::create(&name(path), how(access, disposition))?;
    Ok((access_of(&handle)?, done))
}

fn access_of(handle: &Handle) -> Result<u32, NtStatus> {
    Ok(object::basic_information(handle.raw())?.granted_access)
}

pub fn make(program: &Program, path: &str, options: u32, descriptor: Option<&Relative>) -> Handle {
    let mut name = name(path);
    if let Some(descriptor) = descriptor {
        name = name.described(descriptor.address());
    }
    let made = file::create(&name, how(ALL, FILE_CREATE).with(options));
    let (made, _) = program.done(path, made);
    program.check("its maker's", access_of(&made), Ok(ALL));
    made
}

/// A directory and a file in it, with lists.
pub fn guarded(program: &Program, directory: &Entries<'_>, file: &Entries<'_>) -> (Handle, Handle) {
    let list = Relative::new(DACL_PRESENT).dacl(directory);
    // What is made in it is not refused by it while it is made.
    let outer = make(program, DIRECTORY, FILE_DIRECTORY_FILE, None);
    let inner = Relative::new(DACL_PRESENT).dacl(file);
    let inner = make(program, FILE, 0, Some(&inner));
    program.check(
        "written",
        file::write(&inner, Some(0), CONTENT),
        Ok(CONTENT.len()),
    );
    set(program, &outer, &list);
    (outer, inner)
}

pub fn set(program: &Program, handle: &Handle, list: &Relative) {
    let status = security::set(handle.raw(), DACL_SECURITY_INFORMATION, list.bytes());
    program.check("a list", status, NtStatus::SUCCESS);
}

/// Lets everything be done, and deletes it.
pub fn remove(program: &Program, path: &str) {
    let opened = file::create(&name(path), how(WRITE_DAC | WAITS, FILE_OPEN));
    if let Ok((handle, _)) = opened {
        set(program, &handle, &Relative::new(DACL_PRESENT));
    }
    program.check(path, file::delete(&name(path)), NtStatus::SUCCESS);
}

pub fn remove_all(program: &Program) {
    if let Ok((handle, _)) = file::create(&name(DIRECTORY), how(WRITE_DAC | WAITS, FILE_OPEN)) {
        set(program, &handle, &Relative::new(DACL_PRESENT));
    }
    remove(program, FILE);
    remove(program, DIRECTORY);
}

/// Whether what is in the file is still there.
fn content(program: &Program, file: &Handle) {
    let mut bytes = [0; 16];
    let read = file::read(file, Some(0), &mut bytes);
    program.check("read", read, Ok(CONTENT.len()));
    program.check("as it was", &bytes[..CONTENT.len()], CONTENT);
}

fn dispositions(program: &Program) {
    const OPENED: u64 = FILE_OPENED;
    let nothing: &Entries<'_> = &[];
    let reads: &Entries<'_> = &[(0, GENERIC_READ, &USER)];
    let writes: &Entries<'_> = &[(0, GENERIC_WRITE, &USER)];
    let deletes: &Entries<'_> = &[(1, READ, &SYSTEM), (0, DELETE | WAITS, &EVERYONE)];
    let no_writing: &Entries<'_> = &[(1, FILE_WRITE_DATA, &EVERYONE), (0, ALL, &USER)];
    let owner = READ_CONTROL | WRITE_DAC;
    let cases: [Case<'_>; 27] = [
        (
            reads,
            FILE_READ_DATA,
            FILE_OPEN,
            Ok((FILE_READ_DATA | WAITS, OPENED)),
        ),
        (reads, GENERIC_READ, FILE_OPEN_IF, Ok((READ, OPENED))),
        (reads, WRITE_DAC, FILE_OPEN, Ok((WRITE_DAC | WAITS, OPENED))),
        (
            reads,
            MAXIMUM_ALLOWED,
            FILE_OPEN,
            Ok((READ | owner, OPENED)),
        ),
        (reads, MAXIMUM_ALLOWED | FILE_WRITE_DATA, FILE_OPEN, DENIED),
        (reads, GENERIC_WRITE, FILE_OPEN, DENIED),
        (reads, GENERIC_ALL, FILE_OPEN, DENIED),
        (reads, DELETE, FILE_OPEN, DENIED),
        (reads, WRITE_OWNER, FILE_OPEN, DENIED),
        (reads, FILE_READ_DATA, FILE_OVERWRITE, DENIED),
        (reads, FILE_READ_DATA, FILE_OVERWRITE_IF, DENIED),
        (reads, FILE_READ_DATA, FILE_SUPERSEDE, DENIED),
        (
            reads,
            FILE_READ_DATA,
            FILE_CREATE,
            Err(NtStatus::OBJECT_NAME_COLLISION),
        ),
        (
            writes,
            FILE_WRITE_DATA,
            FILE_OPEN,
            Ok((FILE_WRITE_DATA | WAITS, OPENED)),
        ),
        (writes, FILE_READ_DATA, FILE_OPEN, DENIED),
        (writes, FILE_WRITE_DATA, FILE_SUPERSEDE, DENIED),
        (
            writes,
            MAXIMUM_ALLOWED,
            FILE_OPEN,
            Ok((WRITE | FILE_READ_ATTRIBUTES | owner, OPENED)),
        ),
        (deletes, FILE_READ_DATA, FILE_OPEN, DENIED),
        (deletes, DELETE, FILE_OPEN, Ok((DELETE | WAITS, OPENED))),
        (deletes, DELETE, FILE_OVERWRITE, DENIED),
        (no_writing, FILE_READ_DATA, FILE_OVERWRITE, DENIED),
        (
            no_writing,
            FILE_APPEND_DATA,
            FILE_OPEN,
            Ok((FILE_APPEND_DATA | WAITS, OPENED)),
        ),
        (
            no_writing,
            MAXIMUM_ALLOWED,
            FILE_OPEN,
            Ok((ALL & !FILE_WRITE_DATA, OPENED)),
        ),
        (nothing, FILE_READ_DATA, FILE_OPEN, DENIED),
        (nothing, WRITE_DAC, FILE_OPEN, DENIED),
        (nothing, MAXIMUM_ALLOWED, FILE_OPEN, DENIED),
        (nothing, FILE_READ_DATA, FILE_OVERWRITE, DENIED),
    ];
    // It lets be listed, and so attributes be asked for.
    let listed: &Entries<'_> = &[(0, ALL & !FILE_DELETE_CHILD, &USER)];
    for (number, (entries, access, disposition, expected)) in cases.into_iter().enumerate() {
        let (outer, inner) = guarded(program, listed, entries);
        let found = opened(FILE, access, disposition);
        if found != expected {
            program.fail(format_args!("case {number}: {found:x?}, not {expected:x?}"));
        }
        content(program, &inner);
        drop((outer, inner));
        remove_all(program);
    }
    // What is granted can be done.
    for (entries, disposition, done) in [
        (writes, FILE_OVERWRITE, FILE_OVERWRITTEN),
        (deletes, FILE_SUPERSEDE, FILE_SUPERSEDED),
    ] {
        let (outer, inner) = guarded(program, listed, entries);
        let found = opened(FILE, 0, disposition);
        program.check("done", found, Ok((WAITS, done)));
        let mut bytes = [0; 1];
        let read = file::read(&inner, Some(0), &mut bytes);
        program.check("emptied", read, Err(NtStatus::END_OF_FILE));
        drop((outer, inner));
        remove_all(program);
    }
    // What is noted is asked for first.
    let (outer, inner) = guarded(program, listed, no_writing);
    for disposition in [FILE_OVERWRITE, FILE_SUPERSEDE, FILE_OPEN] {
        let found = opened(FILE, ACCESS_SYSTEM_SECURITY, disposition);
        program.check("noted", found, Err(NtStatus::PRIVILEGE_NOT_HELD));
    }
    content(program, &inner);
    drop((outer, inner));
    remove_all(program);
}

/// A child's part: to write what it may not.
pub fn child() -> ! {
    exit(
        opened(FILE, FILE_WRITE_DATA, FILE_OPEN)
            .err()
            .unwrap_or(NtStatus::SUCCESS),
    )
}

pub fn list_of(program: &Program, path: &str, access: u32, expected: &Relative) {
    let found = file::create(&name(path), how(access, FILE_OPEN));
    let (handle, _) = program.done(path, found);
    let mut buffer = [0; 256];
    let (status, length) =
        security::query(handle.raw(), DACL_SECURITY_INFORMATION, &mut buffer, 256);
    program.check("asked", status, NtStatus::SUCCESS);
    program.check("its list", &buffer[..length as usize], expected.bytes());
}

/// With all handles closed, for another program, and until it is deleted.
fn lasting(program: &Program) {
    let reads: &Entries<'_> = &[(0, READ, &USER)];
    let listed: &Entries<'_> = &[(0, ALL & !FILE_DELETE_CHILD, &USER)];
    drop(guarded(program, listed, reads));
    list_of(
        program,
        FILE,
        READ_CONTROL,
        &Relative::new(DACL_PRESENT).dacl(reads),
    );
    let made = program.done("a child", spawn("security.exe", "security.exe child"));
    program.check("its end", wait(&made.process, None), NtStatus::WAIT_0);
    let left = process::basic_information(made.process.raw());
    let left = program.done("what it left", left).exit_status;
    program.check("another program", left, NtStatus::ACCESS_DENIED);
    // Deleting takes a right, on it or on the directory.
    let deleted = file::delete(&name(FILE));
    program.check("not deleted", deleted, NtStatus::ACCESS_DENIED);
    let on_close = how(DELETE, FILE_OPEN).with(FILE_DELETE_ON_CLOSE);
    let refused = file::create(&name(FILE), on_close).err();
    program.check("nor later", refused, Some(NtStatus::ACCESS_DENIED));
    let outer = file::create(&name(DIRECTORY), how(WRITE_DAC, FILE_OPEN));
    let (outer, _) = program.done("the directory", outer);
    set(
        program,
        &outer,
        &Relative::new(DACL_PRESENT).dacl(&[(0, ALL, &USER)]),
    );
    program.check("deleted", file::delete(&name(FILE)), NtStatus::SUCCESS);
    // Another of the name has nothing of it but what everything made there has.
    drop(make(program, FILE, 0, None));
    let all = opened(FILE, ALL, FILE_OPEN);
    program.check("another", all, Ok((ALL, FILE_OPENED)));
    drop(outer);
    remove_all(program);
}

/// Who moves a file needs rights where it goes to; what it has goes along.
fn moved(program: &Program) {
    const OTHER: &str = "\\??\\C:\\guarded\\inner\\other";
    let guard: &Entries<'_> = &[(0, READ | DELETE, &USER)];
    let (outer, inner) = guarded(program, &[(0, ALL, &USER)], guard);
    // Directories that may go take nothing in.
    drop(outer);
    drop(make(program, INNER, FILE_DIRECTORY_FILE, None));
    let [outer, target] = [DIRECTORY, INNER].map(|path| {
        let opened = file::create(&name(path), how(WRITE_DAC, FILE_OPEN));
        program.done(path, opened).0
    });
    for (rights, status) in [
        (ALL & !FILE_WRITE_DATA, NtStatus::ACCESS_DENIED),
        (FILE_WRITE_DATA | WAITS, NtStatus::SUCCESS),
    ] {
        let list = Relative::new(DACL_PRESENT).dacl(&[(0, rights, &USER)]);
        set(program, &target, &list);
        let renamed = volume::rename(&inner, 0, OTHER, Err(false));
        program.check("moved", renamed, status);
    }
    set(program, &target, &Relative::new(DACL_PRESENT));
    list_of(
        program,
        OTHER,
        READ_CONTROL,
        &Relative::new(DACL_PRESENT).dacl(guard),
    );
    program.check(
        "as before",
        opened(OTHER, FILE_WRITE_DATA, FILE_OPEN),
        DENIED,
    );
    // What is in the way must be let go of by one or the other.
    let kept = Relative::new(DACL_PRESENT).dacl(&[(0, READ, &USER)]);
    drop(make(program, FILE, 0, Some(&kept)));
    let list = |rights| Relative::new(DACL_PRESENT).dacl(&[(0, rights, &USER)]);
    set(program, &outer, &list(ALL & !FILE_DELETE_CHILD));
    let renamed = volume::rename(&inner, 0, FILE, Err(true));
    program.check("in the way", renamed, NtStatus::ACCESS_DENIED);
    set(program, &outer, &list(ALL));
    let renamed = volume::rename(&inner, 0, FILE, Err(true));
    program.check("gave way", renamed, NtStatus::SUCCESS);
    list_of(
        program,
        FILE,
        READ_CONTROL,
        &Relative::new(DACL_PRESENT).dacl(guard),
    );
    drop((outer, inner, target));
    remove(program, INNER);
    remove_all(program);
}
