//! Descriptors that are set: which parts, by whom, and which not.

use crate::descriptor::{EVERYONE, NONE, Relative, SYSTEM, USER};
use abi::access::{READ_CONTROL, SYNCHRONIZE, WRITE_DAC, WRITE_OWNER};
use abi::security::*;
use nt::object::duplicate;
use nt::security::{query, set, set_at};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, call};

const OWNER: u32 = OWNER_SECURITY_INFORMATION;
const GROUP: u32 = GROUP_SECURITY_INFORMATION;
const DACL: u32 = DACL_SECURITY_INFORMATION;
const ALL: u32 = OWNER | GROUP | DACL;
const DACL_PRESENT: u16 = 4;
const DACL_PROTECTED: u16 = 0x1000;

fn event(program: &Program) -> Handle {
    program.done("an event", sync::event(true, false))
}

fn check_is(program: &Program, event: &Handle, parts: u32, expected: &Relative) {
    let mut buffer = [0; 256];
    let (status, length) = query(event.raw(), parts, &mut buffer, 256);
    program.check("asked", status, NtStatus::SUCCESS);
    program.check("as set", &buffer[..length as usize], expected.bytes());
}

pub fn parts(program: &Program) {
    let event = event(program);
    let reads: &[(u8, u32, &[u8])] = &[(0, 0x2_0001, &EVERYONE), (1, 2, &USER)];
    let control = DACL_PRESENT | DACL_PROTECTED;
    let whole = Relative::new(control)
        .owner(&USER)
        .group(&EVERYONE)
        .dacl(reads);
    let status = set(event.raw(), GROUP, whole.bytes());
    program.check("the group", status, NtStatus::SUCCESS);
    let group = Relative::new(0).group(&EVERYONE);
    check_is(program, &event, GROUP, &group);
    let owner = Relative::new(0).owner(&USER);
    check_is(program, &event, OWNER, &owner);
    let status = set(event.raw(), ALL, whole.bytes());
    program.check("all", status, NtStatus::SUCCESS);
    check_is(program, &event, ALL, &whole);
    let nothing = Relative::new(0);
    for (parts, control) in [
        (UNPROTECTED_DACL_SECURITY_INFORMATION, DACL_PRESENT),
        (PROTECTED_DACL_SECURITY_INFORMATION, control),
    ] {
        let status = set(event.raw(), parts, nothing.bytes());
        program.check("flags", status, NtStatus::SUCCESS);
        let expected = Relative::new(control).dacl(reads);
        check_is(program, &event, DACL, &expected);
    }
    // A list that is none, and no list.
    for control in [DACL_PRESENT, 0] {
        let open = Relative::new(control);
        let status = set(event.raw(), DACL, open.bytes());
        program.check("open to all", status, NtStatus::SUCCESS);
        check_is(program, &event, DACL, &open);
    }
}

pub fn refused(program: &Program) {
    let event = event(program);
    let owner = || Relative::new(0).owner(&USER);
    let list = || Relative::new(DACL_PRESENT).dacl(&[(0, 1, &EVERYONE)]);
    for (parts, descriptor, status) in [
        (OWNER, Relative::new(0), NtStatus::INVALID_SECURITY_DESCR),
        (GROUP, owner(), NtStatus::INVALID_SECURITY_DESCR),
        (
            OWNER,
            Relative::new(0).owner(&SYSTEM),
            NtStatus::INVALID_OWNER,
        ),
        (
            OWNER,
            Relative::new(0).owner(&EVERYONE),
            NtStatus::INVALID_OWNER,
        ),
        (
            OWNER,
            Relative::new(0).owner(&NONE),
            NtStatus::INVALID_OWNER,
        ),
        (OWNER, owner().patched(0, 2), NtStatus::UNKNOWN_REVISION),
        (OWNER, owner().patched(0, 0), NtStatus::UNKNOWN_REVISION),
        (OWNER, owner().patched(20, 2), NtStatus::INVALID_SID),
        (OWNER, owner().patched(21, 16), NtStatus::INVALID_SID),
        (DACL, list().patched(20, 1), NtStatus::INVALID_ACL),
        (DACL, list().patched(22, 9), NtStatus::INVALID_ACL),
        (DACL, list().patched(24, 9), NtStatus::INVALID_ACL),
        // What is not asked for is looked at too.
        (0, list().patched(20, 1), NtStatus::INVALID_ACL),
    ] {
        let refused = set(event.raw(), parts, descriptor.bytes());
        program.check("refused", refused, status);
    }
    let expected = Relative::new(0).owner(&USER).group(&NONE);
    check_is(program, &event, OWNER | GROUP, &expected);
}

/// What handles must allow.
pub fn rights(program: &Program) {
    let event = event(program);
    let descriptor = Relative::new(DACL_PRESENT).owner(&USER).group(&NONE);
    let denied = NtStatus::ACCESS_DENIED;
    let done = NtStatus::SUCCESS;
    for (access, statuses) in [
        (SYNCHRONIZE, [denied; 5]),
        (READ_CONTROL, [done, denied, denied, denied, denied]),
        (WRITE_DAC, [denied, denied, denied, denied, done]),
        (WRITE_OWNER, [denied, denied, done, done, denied]),
    ] {
        let handle = program.done("a handle", duplicate(event.raw(), access.into(), 0, 0));
        let mut buffer = [0; 256];
        let found = [
            query(handle.raw(), ALL, &mut buffer, 256).0,
            query(handle.raw(), SACL_SECURITY_INFORMATION, &mut buffer, 256).0,
            set(handle.raw(), OWNER, descriptor.bytes()),
            set(handle.raw(), GROUP, descriptor.bytes()),
            set(handle.raw(), DACL, descriptor.bytes()),
        ];
        program.check("by rights", found, statuses);
        let noted = set(handle.raw(), SACL_SECURITY_INFORMATION, descriptor.bytes());
        program.check("what is noted", noted, denied);
        let nothing = query(handle.raw(), 0, &mut buffer, 256).0;
        program.check("nothing", nothing, done);
    }
    for bad in [0, 0xBAD0, u64::MAX - 100] {
        let mut buffer = [0; 64];
        let statuses = [
            query(bad, 0, &mut buffer, 64).0,
            set(bad, 0, descriptor.bytes()),
        ];
        program.check("no handle", statuses, [NtStatus::INVALID_HANDLE; 2]);
    }
}

pub fn pointers(program: &Program) {
    let event = event(program);
    let mut length = 0_u32;
    let length_at = &raw mut length as u64;
    for bad in [0, 1, u64::MAX, 1 << 47, 1 << 63] {
        let owner = u64::from(OWNER);
        // SAFETY: all of these are refused.
        let statuses = unsafe {
            [
                call::nt_query_security_object(event.raw(), owner, bad, 256, length_at),
                call::nt_query_security_object(event.raw(), owner, 0, 0, bad),
                set_at(event.raw(), OWNER, bad),
            ]
        };
        program.check("bad addresses", statuses, [NtStatus::ACCESS_VIOLATION; 3]);
    }
    // An owner that is nowhere.
    let wild = Relative::new(0).owner(&USER).patched(7, 0x7F);
    let status = set(event.raw(), OWNER, wild.bytes());
    program.check("nowhere", status, NtStatus::ACCESS_VIOLATION);
}
