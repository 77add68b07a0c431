//! Descriptors of keys: whoever opens them, for as long as they are there.

use crate::descriptor::{EVERYONE, Entry, Relative, SYSTEM, USER};
use abi::access::*;
use abi::object::OBJ_CASE_INSENSITIVE;
use abi::security::DACL_SECURITY_INFORMATION;
use nt::object::Name;
use nt::registry;
use nt::sync::Handle;
use nt::{NtStatus, Program, object, security};

const PATH: &str = "\\Registry\\User\\S-1-5-21-0-0-0-1000\\Guarded";
const INNER: &str = "\\Registry\\User\\S-1-5-21-0-0-0-1000\\Guarded\\Inner";
const INNERMOST: &str = "\\Registry\\User\\S-1-5-21-0-0-0-1000\\Guarded\\Inner\\Most";
const DACL_PRESENT: u16 = 4;
const DACL_AUTO_INHERITED: u16 = 0x400;

pub fn all(program: &Program) {
    opened(program);
    made_in(program);
    lasting(program);
    inherited(program);
    hostile(program);
}

fn name(path: &str) -> Name {
    Name::with(path, 0, OBJ_CASE_INSENSITIVE)
}

fn access_of(handle: &Handle) -> Result<u32, NtStatus> {
    Ok(object::basic_information(handle.raw())?.granted_access)
}

fn open(path: &str, access: u32) -> Result<u32, NtStatus> {
    access_of(&registry::open(&name(path), access, 0)?)
}

fn create(path: &str, access: u32) -> Result<(Handle, u32), NtStatus> {
    registry::create(&name(path), access, "", 0)
}

fn make(program: &Program, path: &str, descriptor: &Relative) -> Handle {
    let name = name(path).described(descriptor.address());
    let made = registry::create(&name, KEY_ALL_ACCESS, "", 0);
    let (made, _) = program.done(path, made);
    program.check("its maker's", access_of(&made), Ok(KEY_ALL_ACCESS));
    made
}

fn set(program: &Program, handle: &Handle, list: &Relative) {
    let status = security::set(handle.raw(), DACL_SECURITY_INFORMATION, list.bytes());
    program.check("a list", status, NtStatus::SUCCESS);
}

fn list_of(program: &Program, path: &str, expected: &Relative) {
    let key = program.done(path, registry::open(&name(path), READ_CONTROL, 0));
    let mut buffer = [0; 256];
    let (status, length) = security::query(key.raw(), DACL_SECURITY_INFORMATION, &mut buffer, 256);
    program.check("asked", status, NtStatus::SUCCESS);
    program.check("its list", &buffer[..length as usize], expected.bytes());
}

fn remove(program: &Program, key: &Handle) {
    program.check("deleted", registry::delete(key.raw()), NtStatus::SUCCESS);
}

fn opened(program: &Program) {
    let denied = Err(NtStatus::ACCESS_DENIED);
    let owner = READ_CONTROL | WRITE_DAC;
    let list = Relative::new(DACL_PRESENT)
        .dacl(&[(1, KEY_SET_VALUE, &EVERYONE), (0, GENERIC_READ, &USER)]);
    let made = make(program, PATH, &list);
    for (access, expected) in [
        (KEY_QUERY_VALUE, Ok(KEY_QUERY_VALUE)),
        (GENERIC_READ, Ok(KEY_READ)),
        (WRITE_DAC, Ok(WRITE_DAC)),
        (MAXIMUM_ALLOWED, Ok(KEY_READ | owner)),
        (MAXIMUM_ALLOWED | KEY_SET_VALUE, denied),
        (KEY_SET_VALUE, denied),
        (KEY_CREATE_SUB_KEY, denied),
        (DELETE, denied),
        (KEY_ALL_ACCESS, denied),
        (GENERIC_ALL, denied),
        (ACCESS_SYSTEM_SECURITY, Err(NtStatus::PRIVILEGE_NOT_HELD)),
    ] {
        program.check("opened", open(PATH, access), expected);
        let created = create(PATH, access).and_then(|(key, _)| access_of(&key));
        program.check("made or opened", created, expected);
    }
    remove(program, &made);
    let gone = open(PATH, KEY_READ);
    program.check("gone", gone, Err(NtStatus::OBJECT_NAME_NOT_FOUND));
    let mut buffer = [0; 256];
    let (status, _) = security::query(made.raw(), DACL_SECURITY_INFORMATION, &mut buffer, 256);
    program.check("nor by the handle", status, NtStatus::KEY_DELETED);
}

/// Making a key takes a right on the one that it is in.
fn made_in(program: &Program) {
    let made = make(program, PATH, &Relative::new(DACL_PRESENT));
    for (rights, is_allowed) in [(KEY_READ, false), (KEY_CREATE_SUB_KEY, true)] {
        let list = Relative::new(DACL_PRESENT).dacl(&[(0, rights, &USER)]);
        set(program, &made, &list);
        match create(INNER, KEY_ALL_ACCESS) {
            Ok((inner, _)) if is_allowed => remove(program, &inner),
            other => {
                let status = other.err();
                program.check("made in it", status, Some(NtStatus::ACCESS_DENIED));
                program.require("refused", !is_allowed);
            }
        }
    }
    remove(program, &made);
}

/// With all handles closed, under another name, and until it is deleted.
fn lasting(program: &Program) {
    let list = Relative::new(DACL_PRESENT).dacl(&[(0, KEY_WRITE, &USER)]);
    let outer = make(program, PATH, &Relative::new(DACL_PRESENT));
    drop(make(program, INNER, &list));
    list_of(program, INNER, &list);
    let key = program.done("it", registry::open(&name(INNER), KEY_WRITE, 0));
    program.check(
        "renamed",
        registry::rename(key.raw(), "Most"),
        NtStatus::SUCCESS,
    );
    drop(key);
    let renamed = "\\Registry\\User\\S-1-5-21-0-0-0-1000\\Guarded\\Most";
    list_of(program, renamed, &list);
    let denied = Err(NtStatus::ACCESS_DENIED);
    program.check("as before", open(renamed, KEY_QUERY_VALUE), denied);
    // Another of the old name has nothing of it.
    let (again, _) = program.done("another", create(INNER, KEY_ALL_ACCESS));
    program.check(
        "open to all",
        open(INNER, KEY_ALL_ACCESS),
        Ok(KEY_ALL_ACCESS),
    );
    remove(program, &again);
    let key = program.done("it", registry::open(&name(renamed), WRITE_DAC, 0));
    set(program, &key, &Relative::new(DACL_PRESENT));
    let key = program.done("it", registry::open(&name(renamed), DELETE, 0));
    remove(program, &key);
    remove(program, &outer);
}

fn inherited(program: &Program) {
    const CONTAINERS: u8 = 2;
    const ID: u8 = 0x10;
    let entries: [Entry<'_>; 2] = [
        (0, CONTAINERS, KEY_ALL_ACCESS, &USER),
        (0, CONTAINERS | 8, GENERIC_READ, &EVERYONE),
    ];
    let outer = make(
        program,
        PATH,
        &Relative::new(DACL_PRESENT).inheritable(&entries),
    );
    let (inner, _) = program.done("a key", create(INNER, KEY_ALL_ACCESS));
    let (most, _) = program.done("a key", create(INNERMOST, KEY_ALL_ACCESS));
    let below = Relative::new(DACL_PRESENT | DACL_AUTO_INHERITED).inheritable(&[
        (0, CONTAINERS | ID, KEY_ALL_ACCESS, &USER),
        (0, ID, KEY_READ, &EVERYONE),
        (0, CONTAINERS | 8 | ID, GENERIC_READ, &EVERYONE),
    ]);
    list_of(program, INNER, &below);
    list_of(program, INNERMOST, &below);
    remove(program, &most);
    remove(program, &inner);
    remove(program, &outer);
}

/// What cannot be a descriptor makes no key.
fn hostile(program: &Program) {
    let list = || Relative::new(DACL_PRESENT).dacl(&[(0, 1, &EVERYONE)]);
    for (descriptor, status) in [
        (list().patched(0, 2), NtStatus::UNKNOWN_REVISION),
        (list().patched(22, 9), NtStatus::INVALID_ACL),
        (list().patched(19, 0x7F), NtStatus::ACCESS_VIOLATION),
        (Relative::new(0).owner(&SYSTEM), NtStatus::INVALID_OWNER),
        (Relative::new(0x10).sacl(&[]), NtStatus::PRIVILEGE_NOT_HELD),
    ] {
        let named = name(PATH).described(descriptor.address());
        let made = registry::create(&named, KEY_ALL_ACCESS, "", 0);
        program.check("refused", made.err(), Some(status));
        let none = open(PATH, KEY_READ);
        program.check("none", none, Err(NtStatus::OBJECT_NAME_NOT_FOUND));
    }
}
