//! Every change that there is, and what watchers are told of it.
use abi::access::WRITE_DAC;
use abi::file::*;
use abi::security::DACL_SECURITY_INFORMATION;
use nt::file::{self, How};
use nt::sync::Handle;
use nt::volume::rename;
use nt::{NtStatus, Program};
use zerocopy::FromZeros;

use crate::watcher::Watcher;
use crate::*;

const ADDED: u32 = FILE_ACTION_ADDED;
const REMOVED: u32 = FILE_ACTION_REMOVED;
const MODIFIED: u32 = FILE_ACTION_MODIFIED;
const OLD: u32 = FILE_ACTION_RENAMED_OLD_NAME;
const NEW: u32 = FILE_ACTION_RENAMED_NEW_NAME;

/// A descriptor whose list is none, by which everybody may do everything.
const NO_DACL: [u8; 20] = {
    let mut bytes = [0; 20];
    // Its revision; self-relative and with a list.
    (bytes[0], bytes[2], bytes[3]) = (1, 4, 0x80);
    bytes
};
const FILE: &str = "\\??\\C:\\watched\\file";

pub fn test(program: &Program) {
    names(program);
    contents(program);
    filters(program);
}

/// Two watchers that have asked, and whose calls are over: what happens is kept.
fn watchers(program: &Program) -> [Watcher; 2] {
    let mut both = [false, true].map(|is_deep| Watcher::new(open(program, DIRECTORY, 0), is_deep));
    for watcher in &mut both {
        watcher.wait(program);
        let status = watcher.operation.cancel(&watcher.directory);
        program.check("it watches", status, NtStatus::SUCCESS);
    }
    both
}

fn renamed(program: &Program, file: &Handle, to: &str, replaces: bool) {
    let status = rename(file, 0, to, Err(replaces));
    program.check(to, status, NtStatus::SUCCESS);
}

/// Files that come and go, here and below.
fn names(program: &Program) {
    let [mut here, mut below] = watchers(program);
    let mut both = |what, expected: &[(u32, &str)]| {
        here.kept(program, what, expected);
        below.kept(program, what, expected);
    };
    let file = make(program, FILE, 0);
    both("made", &[(ADDED, "file")]);
    renamed(program, &file, "other", false);
    both("renamed", &[(OLD, "file"), (NEW, "other")]);
    renamed(program, &file, "other", false);
    renamed(program, &file, "Other", false);
    both("another case", &[(OLD, "other"), (NEW, "Other")]);
    drop(make(program, FILE, 0));
    renamed(program, &file, "file", true);
    both(
        "replaced",
        &[
            (ADDED, "file"),
            (REMOVED, "file"),
            (OLD, "Other"),
            (NEW, "file"),
        ],
    );
    drop(make(program, "\\??\\C:\\watched\\sub", FILE_DIRECTORY_FILE));
    both("a directory", &[(ADDED, "sub")]);
    renamed(program, &file, "\\??\\C:\\watched\\sub\\file", false);
    here.kept(program, "moved", &[(REMOVED, "file")]);
    below.kept(program, "moved", &[(REMOVED, "file"), (ADDED, "sub\\file")]);
    renamed(program, &file, "last", false);
    below.kept(
        program,
        "renamed below",
        &[(OLD, "sub\\file"), (NEW, "sub\\last")],
    );
    // It is not empty, and stays.
    delete(program, "\\??\\C:\\watched\\sub");
    renamed(program, &file, "\\??\\C:\\elsewhere", false);
    below.kept(program, "moved away", &[(REMOVED, "sub\\last")]);
    renamed(program, &file, "\\??\\C:\\watched\\file", false);
    here.kept(program, "moved here", &[(ADDED, "file")]);
    below.kept(program, "moved here", &[(ADDED, "file")]);
    drop(file);
    // It goes when all have closed it, not before.
    let reader = file::create(
        &name(FILE),
        How::open(FILE_READ_DATA, FILE_SHARE_VALID_FLAGS),
    );
    let reader = program.done("a reader", reader);
    delete(program, FILE);
    here.wait(program);
    drop(reader);
    here.told(program, "deleted", &[(REMOVED, "file")]);
    below.kept(program, "deleted", &[(REMOVED, "file")]);
    delete(program, "\\??\\C:\\watched\\sub");
    here.kept(program, "deleted", &[(REMOVED, "sub")]);
    below.kept(program, "deleted", &[(REMOVED, "sub")]);
    drop(make_with(program, FILE_CREATE, FILE_DELETE_ON_CLOSE));
    here.kept(
        program,
        "for a moment",
        &[(ADDED, "file"), (REMOVED, "file")],
    );
    // What another directory has is none of its business.
    drop(make(program, "\\??\\C:\\watched2", 0));
    delete(program, "\\??\\C:\\watched2");
    here.wait(program);
}

fn make_with(program: &Program, disposition: u32, options: u32) -> Handle {
    let access = FILE_WRITE_DATA | DELETE;
    let how = How::open(access, FILE_SHARE_VALID_FLAGS).disposed(disposition);
    program
        .done(FILE, file::create(&name(FILE), how.with(options)))
        .0
}

fn basic(program: &Program, file: &Handle, written: i64, attributes: u32) {
    let mut basic = FileBasicInformation::new_zeroed();
    basic.last_write_time = written;
    basic.file_attributes = attributes;
    let status = file::set(file, FILE_BASIC_INFORMATION, &basic);
    program.check("times and attributes", status, NtStatus::SUCCESS);
}

fn sized(program: &Program, file: &Handle, bytes: i64) {
    let status = file::set(file, FILE_END_OF_FILE_INFORMATION, &bytes);
    program.check("its size", status, NtStatus::SUCCESS);
}

/// What is in a file, and known of it.
fn contents(program: &Program) {
    let [mut here, mut below] = watchers(program);
    let file = make(program, FILE, 0);
    here.kept(program, "made", &[(ADDED, "file")]);
    program.check("write", file::write(&file, Some(0), b"abc"), Ok(3));
    here.kept(program, "written", &[(MODIFIED, "file")]);
    // What is done again is told once.
    program.check("write", file::write(&file, Some(0), b"abc"), Ok(3));
    program.check("write", file::write(&file, Some(0), b"def"), Ok(3));
    here.kept(program, "written", &[(MODIFIED, "file")]);
    sized(program, &file, 1);
    here.kept(program, "shorter", &[(MODIFIED, "file")]);
    basic(program, &file, 0, FILE_ATTRIBUTE_ARCHIVE);
    here.kept(program, "attributes", &[(MODIFIED, "file")]);
    basic(program, &file, 1_000_000, 0);
    here.kept(program, "a time", &[(MODIFIED, "file")]);
    // Nothing is told of what changes nothing, is refused, or only looks.
    basic(program, &file, 0, 0);
    program.check("read", file::read(&file, Some(0), &mut [0]), Ok(1));
    program.check("nothing", file::write(&file, Some(0), b""), Ok(0));
    here.wait(program);
    drop(make_with(program, FILE_OVERWRITE, 0));
    here.told(program, "overwritten", &[(MODIFIED, "file")]);
    drop(make_with(program, FILE_SUPERSEDE, 0));
    here.kept(program, "superseded", &[(MODIFIED, "file")]);
    drop(file);
    delete(program, FILE);
    below.kept(
        program,
        "all of it",
        &[(ADDED, "file"), (MODIFIED, "file"), (REMOVED, "file")],
    );
}

/// Each change is told to those who want it.
fn filters(program: &Program) {
    const NAMES: u32 = FILE_NOTIFY_CHANGE_FILE_NAME;
    const DIRECTORIES: u32 = FILE_NOTIFY_CHANGE_DIR_NAME;
    const ATTRIBUTES: u32 = FILE_NOTIFY_CHANGE_ATTRIBUTES;
    const SIZE: u32 = FILE_NOTIFY_CHANGE_SIZE;
    const WRITE: u32 = FILE_NOTIFY_CHANGE_LAST_WRITE;
    const SECURITY: u32 = FILE_NOTIFY_CHANGE_SECURITY;
    const SUB: &str = "\\??\\C:\\watched\\sub";
    let how = How::open(ACCESS | WRITE_DAC, FILE_SHARE_VALID_FLAGS).disposed(FILE_CREATE);
    let (file, _) = program.done(FILE, file::create(&name(FILE), how));
    let mut watchers = [NAMES, DIRECTORIES, ATTRIBUTES, SIZE, WRITE, SECURITY].map(|filter| {
        let mut watcher = Watcher::new(open(program, DIRECTORY, 0), false);
        watcher.filter = filter;
        watcher
    });
    for watcher in &mut watchers {
        watcher.wait(program);
    }
    let changes: [(&str, u32, &dyn Fn()); 8] = [
        ("a directory", DIRECTORIES, &|| {
            drop(make(program, SUB, FILE_DIRECTORY_FILE));
        }),
        ("it goes", DIRECTORIES, &|| delete(program, SUB)),
        ("longer", SIZE | WRITE, &|| {
            program.check("write", file::write(&file, Some(0), b"abc"), Ok(3));
        }),
        ("as long", WRITE, &|| {
            program.check("write", file::write(&file, Some(0), b"abc"), Ok(3));
        }),
        ("shorter", SIZE | WRITE, &|| sized(program, &file, 1)),
        ("attributes", ATTRIBUTES, &|| {
            basic(program, &file, 0, FILE_ATTRIBUTE_NORMAL);
        }),
        ("its descriptor", SECURITY, &|| {
            let set = nt::security::set(file.raw(), DACL_SECURITY_INFORMATION, &NO_DACL);
            program.check("its descriptor", set, NtStatus::SUCCESS);
        }),
        ("renamed", NAMES, &|| {
            renamed(program, &file, "other", false)
        }),
    ];
    for (what, filter, change) in changes {
        change();
        for watcher in &mut watchers {
            let (status, _) = watcher.operation.result();
            let is_told = status == NtStatus::SUCCESS;
            program.check(
                what,
                (watcher.filter, is_told),
                (watcher.filter, watcher.filter & filter != 0),
            );
            if is_told {
                watcher.wait(program);
            }
        }
    }
    // What was asked first holds.
    watchers[0].filter = FILE_NOTIFY_VALID_MASK;
    let status = watchers[0].operation.cancel(&watchers[0].directory);
    program.check("cancel", status, NtStatus::SUCCESS);
    watchers[0].wait(program);
    program.check("write", file::write(&file, Some(0), b"abc"), Ok(3));
    let (status, _) = watchers[0].operation.result();
    program.check("of names alone", status, NtStatus::PENDING);
    drop(file);
    delete(program, "\\??\\C:\\watched\\other");
}
