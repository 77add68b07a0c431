//! What descriptors allow, by name and by handle.

use crate::descriptor::{EVERYONE, Relative, SYSTEM, USER};
use abi::access::{
    ACCESS_SYSTEM_SECURITY, EVENT_MODIFY_STATE, EVENT_QUERY_STATE, GENERIC_READ, READ_CONTROL,
    SYNCHRONIZE, WRITE_DAC,
};
use abi::object::{DUPLICATE_SAME_ACCESS, OBJ_OPENIF};
use abi::security::DACL_SECURITY_INFORMATION;
use nt::object::{self, Name, create_event, duplicate, open_with};
use nt::sync::{ALL_ACCESS, Handle};
use nt::{NtStatus, Program, call, security};

const PATH: &str = "\\BaseNamedObjects\\Guarded";
const DACL_PRESENT: u16 = 4;
const MAXIMUM: u32 = ALL_ACCESS as u32;
const EVENT_ALL: u32 = 0x1F_0003;

fn open(access: u32) -> Result<Handle, NtStatus> {
    open_with(call::nt_open_event, &Name::new(PATH), access.into())
}

fn access_of(program: &Program, handle: &Handle) -> u32 {
    let information = object::basic_information(handle.raw());
    program.done("its access", information).granted_access
}

/// An event with a list; its maker may do everything to it.
fn guarded(program: &Program, entries: &[(u8, u32, &[u8])]) -> Handle {
    let descriptor = Relative::new(DACL_PRESENT).dacl(entries);
    let name = Name::new(PATH).described(descriptor.address());
    let (_, made) = create_event(&name);
    let made = program.done("an event", made);
    program.check("its maker's", access_of(program, &made), EVENT_ALL);
    made
}

pub fn by_name(program: &Program) {
    let made = guarded(
        program,
        &[(1, EVENT_MODIFY_STATE, &EVERYONE), (0, GENERIC_READ, &USER)],
    );
    let denied = Err(NtStatus::ACCESS_DENIED);
    for (wanted, expected) in [
        (EVENT_QUERY_STATE, Ok(EVENT_QUERY_STATE)),
        (GENERIC_READ, Ok(EVENT_QUERY_STATE | READ_CONTROL)),
        (EVENT_MODIFY_STATE, denied),
        (EVENT_QUERY_STATE | EVENT_MODIFY_STATE, denied),
        (SYNCHRONIZE, denied),
        (EVENT_ALL, denied),
        (MAXIMUM, Ok(EVENT_QUERY_STATE | READ_CONTROL | WRITE_DAC)),
        (MAXIMUM | EVENT_MODIFY_STATE, denied),
    ] {
        let opened = open(wanted).map(|handle| access_of(program, &handle));
        program.check("opened", opened, expected);
    }
    // To open what is there is no making.
    let (status, again) = create_event(&Name::with(PATH, 0, OBJ_OPENIF));
    program.check("there", status, NtStatus::OBJECT_NAME_EXISTS);
    let again = program.done("a handle", again);
    let expected = EVENT_QUERY_STATE | READ_CONTROL | WRITE_DAC;
    program.check("as opened", access_of(program, &again), expected);
    // Who may write the list may open it all.
    let all = Relative::new(DACL_PRESENT);
    let status = security::set(again.raw(), DACL_SECURITY_INFORMATION, all.bytes());
    program.check("a new list", status, NtStatus::SUCCESS);
    let opened = program.done("everything", open(EVENT_ALL));
    program.check("is allowed", access_of(program, &opened), EVENT_ALL);
    drop((made, again, opened));
    let gone = open(EVENT_QUERY_STATE).err();
    program.check("gone", gone, Some(NtStatus::OBJECT_NAME_NOT_FOUND));
}

pub fn of_the_owner(program: &Program) {
    for entries in [&[][..], &[(0, EVENT_ALL, &SYSTEM[..])][..]] {
        let _made = guarded(program, entries);
        let denied = open(EVENT_QUERY_STATE).err();
        program.check("not listed", denied, Some(NtStatus::ACCESS_DENIED));
        let opened = program.done("the owner", open(MAXIMUM));
        let expected = READ_CONTROL | WRITE_DAC;
        program.check("may do this", access_of(program, &opened), expected);
    }
    // A descriptor that cannot be: no object, no name.
    let strange = Relative::new(0).owner(&SYSTEM);
    let (status, made) = create_event(&Name::new(PATH).described(strange.address()));
    program.check("not its owner", status, NtStatus::INVALID_OWNER);
    program.require("no object", made.is_err());
    let (status, _) = create_event(&Name::new(PATH).described(1));
    program.check("nowhere", status, NtStatus::ACCESS_VIOLATION);
    let noted = Relative::new(0x10).sacl(&[]);
    let (status, _) = create_event(&Name::new(PATH).described(noted.address()));
    program.check("what is noted", status, NtStatus::PRIVILEGE_NOT_HELD);
    let none = open(EVENT_QUERY_STATE).err();
    program.check("no name", none, Some(NtStatus::OBJECT_NAME_NOT_FOUND));
}

pub fn duplicates(program: &Program) {
    let made = guarded(program, &[(0, EVENT_QUERY_STATE, &EVERYONE)]);
    let same = duplicate(made.raw(), 0, 0, DUPLICATE_SAME_ACCESS);
    let same = program.done("the same", same);
    program.check("all", access_of(program, &same), EVENT_ALL);
    let less = duplicate(made.raw(), EVENT_QUERY_STATE.into(), 0, 0);
    program.done("less", less);
    let little = program.done("little", open(EVENT_QUERY_STATE));
    let more = duplicate(little.raw(), EVENT_MODIFY_STATE.into(), 0, 0);
    program.check("more", more.err(), Some(NtStatus::ACCESS_DENIED));
}

pub fn of_what_is_noted(program: &Program) {
    let (_, plain) = create_event(&Name::new(PATH));
    let _plain = program.done("an event", plain);
    let noted = open(ACCESS_SYSTEM_SECURITY | EVENT_QUERY_STATE).err();
    program.check("what is noted", noted, Some(NtStatus::PRIVILEGE_NOT_HELD));
}
