//! Descriptors of directories: for what is in them, and handed down.

use crate::descriptor::{EVERYONE, Entry, Relative, SYSTEM, USER};
use crate::files::{
    ALL, DACL_PRESENT, DENIED, DIRECTORY, FILE, INNER, READ, WAITS, guarded, how, list_of, make,
    opened, remove, remove_all, set,
};
use abi::access::{DELETE, GENERIC_ALL, GENERIC_READ, READ_CONTROL};
use abi::file::*;
use abi::security::OWNER_SECURITY_INFORMATION;
use abi::token::{SE_CHANGE_NOTIFY_PRIVILEGE, SE_PRIVILEGE_ENABLED};
use nt::file::{self, name};
use nt::token::{Privileges, adjust, own, privilege};
use nt::{NtStatus, Program, security};

const INNERMOST: &str = "\\??\\C:\\guarded\\inner\\file";
const DACL_AUTO_INHERITED: u16 = 0x400;

pub fn all(program: &Program) {
    of_directories(program);
    ways(program);
    inherited(program);
    hostile(program);
}

/// Who may make things in one, and what it says of what is there.
fn of_directories(program: &Program) {
    let (outer, inner) = guarded(program, &[], &[(0, WAITS, &USER)]);
    for (rights, as_file, as_directory, attributes, delete) in [
        (READ | FILE_EXECUTE, false, false, true, false),
        (FILE_WRITE_DATA, true, false, false, false),
        (FILE_APPEND_DATA, false, true, false, false),
        (FILE_DELETE_CHILD, false, false, false, true),
        (ALL, true, true, true, true),
    ] {
        let list = Relative::new(DACL_PRESENT).dacl(&[(0, rights | WAITS, &USER)]);
        set(program, &outer, &list);
        for (options, is_allowed) in [
            (FILE_NON_DIRECTORY_FILE, as_file),
            (FILE_DIRECTORY_FILE, as_directory),
        ] {
            let made = file::create(&name(INNER), how(ALL, FILE_CREATE).with(options));
            let expected = (!is_allowed).then_some(NtStatus::ACCESS_DENIED);
            program.check("made", made.as_ref().err().copied(), expected);
            if let Ok((made, _)) = made {
                drop(made);
                set(program, &outer, &Relative::new(DACL_PRESENT));
                remove(program, INNER);
                set(program, &outer, &list);
            }
        }
        for (access, is_allowed) in [(FILE_READ_ATTRIBUTES, attributes), (DELETE, delete)] {
            let expected = match is_allowed {
                true => Ok((access | WAITS, FILE_OPENED)),
                false => DENIED,
            };
            program.check("by it", opened(FILE, access, FILE_OPEN), expected);
        }
    }
    drop((outer, inner));
    remove_all(program);
}

/// Directories on the way count for who does not pass through them unchecked.
fn ways(program: &Program) {
    let token = program.done("the token", own());
    let bypass = |attributes| Privileges {
        count: 1,
        entries: [privilege(SE_CHANGE_NOTIFY_PRIVILEGE, attributes)],
    };
    let (outer, inner) = guarded(
        program,
        &[(0, ALL & !FILE_EXECUTE, &USER)],
        &[(0, ALL, &USER)],
    );
    let open = || opened(FILE, FILE_READ_DATA, FILE_OPEN);
    let found = Ok((FILE_READ_DATA | WAITS, FILE_OPENED));
    program.check("passed", open(), found);
    program.check("off", adjust(token.raw(), &bypass(0)), NtStatus::SUCCESS);
    program.check("stopped", open(), DENIED);
    let made = opened(INNER, ALL, FILE_CREATE);
    program.check("on the way to a new one", made, DENIED);
    // The last one is not on the way.
    let all = ALL & !FILE_EXECUTE;
    let last = opened(DIRECTORY, all, FILE_OPEN);
    program.check("the last", last, Ok((all, FILE_OPENED)));
    let on = bypass(SE_PRIVILEGE_ENABLED);
    program.check("on", adjust(token.raw(), &on), NtStatus::SUCCESS);
    program.check("passed", open(), found);
    drop((outer, inner));
    remove_all(program);
}

fn inherited(program: &Program) {
    const BOTH: u8 = 3;
    const FILES: u8 = 1;
    const ID: u8 = 0x10;
    const CREATOR: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0];
    let entries: [Entry<'_>; 3] = [
        (0, BOTH, ALL, &USER),
        (0, FILES, GENERIC_READ, &EVERYONE),
        (0, FILES | 8, GENERIC_ALL, &CREATOR),
    ];
    let list = Relative::new(DACL_PRESENT).inheritable(&entries);
    let outer = make(program, DIRECTORY, FILE_DIRECTORY_FILE, Some(&list));
    let inner = make(program, INNER, FILE_DIRECTORY_FILE, None);
    let file = make(program, INNERMOST, 0, None);
    let auto = DACL_PRESENT | DACL_AUTO_INHERITED;
    let below = Relative::new(auto).inheritable(&[
        (0, BOTH | ID, ALL, &USER),
        (0, FILES | 8 | ID, GENERIC_READ, &EVERYONE),
        (0, FILES | 8 | ID, GENERIC_ALL, &CREATOR),
    ]);
    list_of(program, INNER, READ_CONTROL, &below);
    let last = Relative::new(auto).inheritable(&[
        (0, ID, ALL, &USER),
        (0, ID, READ, &EVERYONE),
        (0, ID, ALL, &USER),
    ]);
    list_of(program, INNERMOST, READ_CONTROL, &last);
    let mut buffer = [0; 64];
    let (_, length) = security::query(file.raw(), OWNER_SECURITY_INFORMATION, &mut buffer, 64);
    program.check("its owner", &buffer[20..length as usize], &USER);
    drop((outer, inner, file));
    remove(program, INNERMOST);
    remove(program, INNER);
    remove(program, DIRECTORY);
}

/// What cannot be a descriptor makes no file.
fn hostile(program: &Program) {
    let owner = || Relative::new(0).owner(&USER);
    let list = || Relative::new(DACL_PRESENT).dacl(&[(0, 1, &EVERYONE)]);
    for (descriptor, status) in [
        (owner().patched(0, 2), NtStatus::UNKNOWN_REVISION),
        (owner().patched(20, 2), NtStatus::INVALID_SID),
        (owner().patched(21, 16), NtStatus::INVALID_SID),
        (owner().patched(7, 0x7F), NtStatus::ACCESS_VIOLATION),
        (list().patched(20, 1), NtStatus::INVALID_ACL),
        (list().patched(22, 9), NtStatus::INVALID_ACL),
        (list().patched(24, 9), NtStatus::INVALID_ACL),
        (list().patched(19, 0x7F), NtStatus::ACCESS_VIOLATION),
        (Relative::new(0).owner(&SYSTEM), NtStatus::INVALID_OWNER),
        (Relative::new(0x10).sacl(&[]), NtStatus::PRIVILEGE_NOT_HELD),
    ] {
        for options in [FILE_DIRECTORY_FILE, FILE_NON_DIRECTORY_FILE] {
            let named = name(DIRECTORY).described(descriptor.address());
            let made = file::create(&named, how(ALL, FILE_CREATE).with(options));
            program.check("refused", made.err(), Some(status));
            let none = opened(DIRECTORY, ALL, FILE_OPEN);
            program.check("none", none, Err(NtStatus::OBJECT_NAME_NOT_FOUND));
        }
    }
    for address in [1, 1 << 47, u64::MAX - 7] {
        let named = name(DIRECTORY).described(address);
        let made = file::create(&named, how(ALL, FILE_CREATE)).err();
        program.check("nowhere", made, Some(NtStatus::ACCESS_VIOLATION));
    }
}
