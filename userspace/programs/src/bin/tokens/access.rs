//! Checks of privileges and access.
use super::{copies::impersonation, own, sids};
use abi::object::GenericMapping;
use abi::token::*;
use nt::sync::Handle;
use nt::token::{Privilege, privilege};
use nt::{NtStatus, Program, call};
use zerocopy::FromZeros;

const MAPPING: GenericMapping = GenericMapping {
    read: 0x2_0001,
    write: 0x2_0002,
    execute: 0x2_0000,
    all: 0x1F_0003,
};
const MAXIMUM_ALLOWED: u64 = 0x200_0000;

pub fn all(program: &Program) {
    privileges(program);
    access(program);
    levels(program);
    conditions(program);
    bad_tokens(program);
    bad_descriptors(program);
}

#[repr(C)]
struct Set {
    header: PrivilegeSetHeader,
    entries: [Privilege; 2],
}

fn privileges(program: &Program) {
    let token = own(program);
    for (control, expected) in [(0, 1), (PRIVILEGE_SET_ALL_NECESSARY, 0)] {
        let mut set = Set {
            header: PrivilegeSetHeader { count: 2, control },
            entries: [
                privilege(SE_CHANGE_NOTIFY_PRIVILEGE, 0),
                privilege(SE_SHUTDOWN_PRIVILEGE, 0),
            ],
        };
        let mut result = 7_u8;
        let (set_at, result_at) = (&raw mut set as u64, &raw mut result as u64);
        // SAFETY: changes the set and the result.
        let status = unsafe { call::nt_privilege_check(token.raw(), set_at, result_at) };
        program.check("a check", (status, result), (NtStatus::SUCCESS, expected));
        let attributes = set.entries.map(|entry| entry[2]);
        program.check("used", attributes, [SE_PRIVILEGE_USED_FOR_ACCESS, 0]);
    }
}

/// A list that allows and denies.
#[repr(C, align(4))]
struct List([u8; 8 + 20 + 36]);

/// Denies everyone 2, allows the user 3.
const LIST: List = {
    let mut bytes = [0; 64];
    let header = [2, 0, 64, 0, 2, 0, 0, 0];
    let deny = [1, 0, 20, 0, 2, 0, 0, 0];
    let allow = [0, 0, 36, 0, 3, 0, 0, 0];
    let mut at = 0;
    while at < 8 {
        bytes[at] = header[at];
        bytes[8 + at] = deny[at];
        bytes[28 + at] = allow[at];
        at += 1;
    }
    at = 0;
    while at < sids::EVERYONE.len() {
        bytes[16 + at] = sids::EVERYONE[at];
        at += 1;
    }
    at = 0;
    while at < sids::USER.len() {
        bytes[36 + at] = sids::USER[at];
        at += 1;
    }
    List(bytes)
};

fn descriptor(owner: &[u8], list: &List) -> SecurityDescriptor {
    let mut descriptor = SecurityDescriptor::new_zeroed();
    descriptor.revision = 1;
    descriptor.control = SE_DACL_PRESENT;
    descriptor.owner = owner.as_ptr() as u64;
    descriptor.group = sids::EVERYONE.as_ptr() as u64;
    descriptor.dacl = list as *const List as u64;
    descriptor
}

/// Status of the call, access, result.
fn check(token: &Handle, descriptor: u64, desired: u64, length: u32) -> (NtStatus, u32, NtStatus) {
    let mut privileges = [0_u8; 20];
    let (mut length, mut granted, mut result) = (length, 0xCC_u32, NtStatus(0xCC));
    // SAFETY: reads the descriptor and the mapping, writes the rest.
    let status = unsafe {
        call::nt_access_check(
            descriptor,
            token.raw(),
            desired,
            core::ptr::from_ref(&MAPPING) as u64,
            privileges.as_mut_ptr() as u64,
            &raw mut length as u64,
            &raw mut granted as u64,
            &raw mut result as u64,
        )
    };
    (status, granted, result)
}

fn access(program: &Program) {
    let token = own(program);
    let client = impersonation(program, &token, SECURITY_LEVEL_IDENTIFICATION);
    let list = LIST;
    let system = descriptor(&sids::SYSTEM, &list);
    let at = &raw const system as u64;
    let done = NtStatus::SUCCESS;
    let denied = (done, 0, NtStatus::ACCESS_DENIED);
    program.check("reading", check(&client, at, 1, 20), (done, 1, done));
    program.check("writing", check(&client, at, 2, 20), denied);
    program.check("both", check(&client, at, 3, 20), denied);
    let most = check(&client, at, MAXIMUM_ALLOWED, 20);
    program.check("all there is", most, (done, 1, done));
    let audits = check(&client, at, 0x100_0001, 20);
    program.check(
        "audit lists",
        audits,
        (done, 0, NtStatus::PRIVILEGE_NOT_HELD),
    );
    let ours = descriptor(&sids::USER, &list);
    let owned = check(&client, &raw const ours as u64, MAXIMUM_ALLOWED, 20);
    program.check("an owner's", owned, (done, 0x6_0001, done));
    let mut open = system;
    open.control = 0;
    let opened = check(&client, &raw const open as u64, 0x10_0003, 20);
    program.check("without a list", opened, (done, 0x10_0003, done));
    relative(program, &client);
}

/// A list with one entry: type, rights, for whom, what is behind.
fn one_entry(kind: u8, mask: u8, sid: &[u8; 12], data: &[u8]) -> List {
    let mut list = List([0; 64]);
    let size = 8 + 12 + data.len().next_multiple_of(4);
    list.0[..8].copy_from_slice(&[4, 0, 8 + size as u8, 0, 1, 0, 0, 0]);
    list.0[8..16].copy_from_slice(&[kind, 0, size as u8, 0, mask, 0, 0, 0]);
    list.0[16..28].copy_from_slice(sid);
    list.0[28..28 + data.len()].copy_from_slice(data);
    list
}

fn levels(program: &Program) {
    const HIGH: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 16, 0, 0x30, 0, 0];
    const LABEL: u8 = 0x11;
    let token = own(program);
    let client = impersonation(program, &token, SECURITY_LEVEL_IDENTIFICATION);
    let open = one_entry(0, 3, &sids::EVERYONE, &[]);
    let done = NtStatus::SUCCESS;
    let denied = (done, 0, NtStatus::ACCESS_DENIED);
    for (sid, mask, most, writing) in [
        (&HIGH, 1, (done, 1, done), denied),
        (&HIGH, 2, (done, 2, done), (done, 2, done)),
        (&HIGH, 3, denied, denied),
        (&sids::MEDIUM, 7, (done, 3, done), (done, 2, done)),
        (&sids::LOW, 7, (done, 3, done), (done, 2, done)),
    ] {
        let labels = one_entry(LABEL, mask, sid, &[]);
        let mut labelled = descriptor(&sids::SYSTEM, &open);
        labelled.control |= SE_SACL_PRESENT;
        labelled.sacl = &raw const labels as u64;
        let at = &raw const labelled as u64;
        let found = check(&client, at, MAXIMUM_ALLOWED, 20);
        program.check("by level", found, most);
        program.check("writing", check(&client, at, 2, 20), writing);
    }
}

fn conditions(program: &Program) {
    const MEMBER_OF: u8 = 0x89;
    const NOT_MEMBER_OF: u8 = 0x90;
    let token = own(program);
    let client = impersonation(program, &token, SECURITY_LEVEL_IDENTIFICATION);
    let done = NtStatus::SUCCESS;
    let denied = (done, 0, NtStatus::ACCESS_DENIED);
    let mut condition = *b"artx\x51\x0C\0\0\0............\0\0\0";
    condition[9..21].copy_from_slice(&sids::EVERYONE);
    for (operator, kind, expected) in [
        (MEMBER_OF, 9, (done, 1, done)),
        (NOT_MEMBER_OF, 9, denied),
        (MEMBER_OF, 10, denied),
        // No operator.
        (0, 9, denied),
    ] {
        condition[21] = operator;
        let list = one_entry(kind, 1, &sids::EVERYONE, &condition);
        let conditional = descriptor(&sids::SYSTEM, &list);
        let at = &raw const conditional as u64;
        program.check("a condition", check(&client, at, 1, 20), expected);
    }
}

#[repr(C)]
struct Relative {
    header: SecurityDescriptorRelative,
    owner: [u8; 28],
    group: [u8; 12],
    list: List,
}

fn relative(program: &Program, client: &Handle) {
    let mut whole = Relative {
        header: SecurityDescriptorRelative::new_zeroed(),
        owner: sids::USER,
        group: sids::EVERYONE,
        list: LIST,
    };
    whole.header.revision = 1;
    whole.header.control = SE_SELF_RELATIVE | SE_DACL_PRESENT;
    whole.header.owner_offset = core::mem::offset_of!(Relative, owner) as u32;
    whole.header.group_offset = core::mem::offset_of!(Relative, group) as u32;
    whole.header.dacl_offset = core::mem::offset_of!(Relative, list) as u32;
    let most = check(client, &raw const whole as u64, MAXIMUM_ALLOWED, 20);
    let expected = (NtStatus::SUCCESS, 0x6_0001, NtStatus::SUCCESS);
    program.check("in one piece", most, expected);
}

fn bad_tokens(program: &Program) {
    let token = own(program);
    let list = LIST;
    let system = descriptor(&sids::SYSTEM, &list);
    let at = &raw const system as u64;
    let refused = check(&token, at, 1, 20).0;
    program.check("a process's", refused, NtStatus::NO_IMPERSONATION_TOKEN);
    let nobody = impersonation(program, &token, SECURITY_LEVEL_ANONYMOUS);
    let refused = check(&nobody, at, 1, 20).0;
    program.check("nobody's", refused, NtStatus::BAD_IMPERSONATION_LEVEL);
    let client = impersonation(program, &token, SECURITY_LEVEL_IDENTIFICATION);
    let refused = check(&client, at, 0x8000_0000, 20).0;
    program.check("generic rights", refused, NtStatus::GENERIC_NOT_MAPPED);
    let refused = check(&client, at, 1, 19).0;
    program.check("no room", refused, NtStatus::BUFFER_TOO_SMALL);
}

fn bad_descriptors(program: &Program) {
    let token = own(program);
    let client = impersonation(program, &token, SECURITY_LEVEL_DELEGATION);
    let mut list = LIST;
    list.0[10] = 18;
    let good = descriptor(&sids::SYSTEM, &LIST);
    let with = |change: &dyn Fn(&mut SecurityDescriptor)| {
        let mut bad = good;
        change(&mut bad);
        check(&client, &raw const bad as u64, 1, 20).0
    };
    let refused = with(&|bad| bad.revision = 2);
    program.check("revision", refused, NtStatus::UNKNOWN_REVISION);
    let incomplete = NtStatus::INVALID_SECURITY_DESCR;
    program.check("no owner", with(&|bad| bad.owner = 0), incomplete);
    program.check("no group", with(&|bad| bad.group = 0), incomplete);
    let refused = with(&|bad| bad.dacl = &raw const list as u64);
    program.check("a damaged list", refused, NtStatus::INVALID_ACL);
    let refused = with(&|bad| bad.owner = 8);
    program.check("a bad address", refused, NtStatus::ACCESS_VIOLATION);
}
