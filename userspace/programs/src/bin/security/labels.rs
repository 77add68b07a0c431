//! Integrity levels of objects: asked for, set, and by whom not.

use crate::descriptor::{EVERYONE, Relative};
use abi::access::{READ_CONTROL, WRITE_DAC, WRITE_OWNER};
use abi::security::*;
use nt::object::{Name, create_event, duplicate};
use nt::security::{query, set};
use nt::sync;
use nt::{NtStatus, Program};

const LABEL: u32 = LABEL_SECURITY_INFORMATION;
const LABEL_ENTRY: u8 = 0x11;
const SACL_PRESENT: u16 = 0x10;
const LOW: [u8; 12] = of_level(0x10);
const MEDIUM: [u8; 12] = of_level(0x20);
const HIGH: [u8; 12] = of_level(0x30);

const fn of_level(number: u8) -> [u8; 12] {
    [1, 1, 0, 0, 0, 0, 0, 16, 0, number, 0, 0]
}

fn labelled(mask: u32, sid: &[u8]) -> Relative {
    Relative::new(SACL_PRESENT).sacl(&[(LABEL_ENTRY, mask, sid)])
}

pub fn set_and_asked(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let mut buffer = [0; 256];
    let (status, length) = query(event.raw(), LABEL, &mut buffer, 256);
    program.check("none", (status, length), (NtStatus::SUCCESS, 20));
    for (label, expected) in [
        (labelled(1, &LOW), NtStatus::SUCCESS),
        (labelled(7, &MEDIUM), NtStatus::SUCCESS),
        (labelled(1, &HIGH), NtStatus::PRIVILEGE_NOT_HELD),
        (labelled(8, &LOW), NtStatus::INVALID_LABEL),
        (labelled(1, &EVERYONE), NtStatus::INVALID_LABEL),
    ] {
        let status = set(event.raw(), LABEL, label.bytes());
        program.check("a level", status, expected);
        if status.is_success() {
            let (status, length) = query(event.raw(), LABEL, &mut buffer, 256);
            program.check("asked", status, NtStatus::SUCCESS);
            program.check("as set", &buffer[..length as usize], label.bytes());
        }
    }
    let nothing = Relative::new(0);
    let status = set(event.raw(), LABEL, nothing.bytes());
    program.check("taken away", status, NtStatus::SUCCESS);
    let (_, length) = query(event.raw(), LABEL, &mut buffer, 256);
    program.check("none again", length, 20);
}

pub fn rights(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let denied = NtStatus::ACCESS_DENIED;
    let done = NtStatus::SUCCESS;
    let low = labelled(1, &LOW);
    for (access, statuses) in [
        (READ_CONTROL, [done, done, denied, denied, denied]),
        (WRITE_OWNER, [denied, denied, done, denied, denied]),
        (WRITE_DAC, [denied, denied, denied, done, denied]),
    ] {
        let handle = program.done("a handle", duplicate(event.raw(), access.into(), 0, 0));
        let mut buffer = [0; 256];
        let found = [
            query(handle.raw(), LABEL, &mut buffer, 256).0,
            query(handle.raw(), SCOPE_SECURITY_INFORMATION, &mut buffer, 256).0,
            set(handle.raw(), LABEL, low.bytes()),
            set(handle.raw(), ATTRIBUTE_SECURITY_INFORMATION, low.bytes()),
            set(handle.raw(), SCOPE_SECURITY_INFORMATION, low.bytes()),
        ];
        program.check("by rights", found, statuses);
    }
}

pub fn of_new_objects(program: &Program) {
    const PATH: &str = "\\BaseNamedObjects\\Labelled";
    for (label, expected) in [
        (labelled(1, &LOW), NtStatus::SUCCESS),
        (labelled(1, &HIGH), NtStatus::PRIVILEGE_NOT_HELD),
        (labelled(9, &LOW), NtStatus::INVALID_LABEL),
        (
            Relative::new(SACL_PRESENT).sacl(&[(2, 1, &EVERYONE), (LABEL_ENTRY, 1, &LOW)]),
            NtStatus::PRIVILEGE_NOT_HELD,
        ),
    ] {
        let (status, made) = create_event(&Name::new(PATH).described(label.address()));
        program.check("made", status, expected);
        if let Ok(made) = made {
            let mut buffer = [0; 256];
            let (_, length) = query(made.raw(), LABEL, &mut buffer, 256);
            program.check("as given", &buffer[..length as usize], label.bytes());
        }
    }
}
