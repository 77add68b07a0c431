//! What tokens say, byte for byte.
use super::{own, privileges, sids};
use abi::token::*;
use nt::token::{self, privilege, query, query_into};
use nt::{NtStatus, Program};
use zerocopy::FromBytes;

/// Room for any answer, at an address of 8.
#[repr(C, align(8))]
struct Buffer([u8; 512]);

pub fn all(program: &Program) {
    let token = own(program);
    for handle in [token.raw(), CURRENT_PROCESS_TOKEN, CURRENT_EFFECTIVE_TOKEN] {
        numbers(program, handle);
        user(program, handle);
        groups(program, handle);
        defaults(program, handle);
        statistics(program, handle);
        together(program, handle);
        for_checks(program, handle);
    }
    let none = query::<u32>(CURRENT_THREAD_TOKEN, TOKEN_TYPE);
    program.check("the thread's", none.err(), Some(NtStatus::NO_TOKEN));
    for opened in token::open_of_thread() {
        program.check("the thread's", opened.err(), Some(NtStatus::NO_TOKEN));
    }
    program.check(
        "closed",
        nt::system::close(CURRENT_PROCESS_TOKEN),
        NtStatus::SUCCESS,
    );
}

fn numbers(program: &Program, token: u64) {
    for (class, value) in [
        (TOKEN_TYPE, TOKEN_PRIMARY),
        (TOKEN_SESSION_ID, 1),
        (TOKEN_SANDBOX_INERT, 0),
        (TOKEN_ELEVATION_TYPE, TOKEN_ELEVATION_TYPE_DEFAULT),
        (TOKEN_ELEVATION, 0),
        (TOKEN_HAS_RESTRICTIONS, 0),
        (TOKEN_VIRTUALIZATION_ALLOWED, 0),
        (TOKEN_VIRTUALIZATION_ENABLED, 0),
        (TOKEN_UI_ACCESS, 0),
        (TOKEN_MANDATORY_POLICY, 3),
        (TOKEN_IS_APP_CONTAINER, 0),
        (TOKEN_APP_CONTAINER_NUMBER, 0),
        (TOKEN_IS_RESTRICTED, 0),
        (TOKEN_PRIVATE_NAME_SPACE, 0),
        (TOKEN_IS_LESS_PRIVILEGED_APP_CONTAINER, 0),
        (TOKEN_IS_SANDBOXED, 0),
    ] {
        program.check("a number", query::<u32>(token, class), Ok(value));
    }
    for (class, value) in [
        (TOKEN_CAPABILITIES, 0),
        (TOKEN_RESTRICTED_SIDS, 0),
        (TOKEN_APP_CONTAINER_SID, 0),
        (TOKEN_ORIGIN, 0x3E7),
        (TOKEN_DEVICE_GROUPS, 0),
        (TOKEN_RESTRICTED_DEVICE_GROUPS, 0),
        (TOKEN_PROCESS_TRUST_LEVEL, 0),
        (TOKEN_ORIGINATING_PROCESS_TRUST_LEVEL, 0),
    ] {
        program.check("eight bytes", query::<u64>(token, class), Ok(value));
    }
    for (class, status) in [
        (TOKEN_IMPERSONATION_LEVEL, NtStatus::INVALID_INFO_CLASS),
        (TOKEN_LINKED_TOKEN, NtStatus::NO_SUCH_LOGON_SESSION),
        (TOKEN_AUDIT_POLICY, NtStatus::PRIVILEGE_NOT_HELD),
        (TOKEN_CHILD_PROCESS_FLAGS, NtStatus::INVALID_INFO_CLASS),
        (49, NtStatus::INVALID_INFO_CLASS),
        (0, NtStatus::INVALID_INFO_CLASS),
        (99, NtStatus::INVALID_INFO_CLASS),
    ] {
        let asked = query::<u32>(token, class);
        program.check("no answer", asked.err(), Some(status));
    }
    for class in [
        TOKEN_USER_CLAIM_ATTRIBUTES,
        TOKEN_DEVICE_CLAIM_ATTRIBUTES,
        TOKEN_RESTRICTED_USER_CLAIM_ATTRIBUTES,
        TOKEN_RESTRICTED_DEVICE_CLAIM_ATTRIBUTES,
        TOKEN_SECURITY_ATTRIBUTES,
        TOKEN_SINGLETON_ATTRIBUTES,
    ] {
        let found = query::<[u64; 2]>(token, class);
        program.check("no claims", found, Ok([1, 0]));
    }
    let isolation = query::<[u64; 2]>(token, TOKEN_BNO_ISOLATION);
    program.check("no names of its own", isolation, Ok([0, 0]));
    let source = program.done("the source", query::<TokenSource>(token, TOKEN_SOURCE));
    program.check("its name", source.name, *b"User32  ");
}

/// An address inside the answer, which is at `base`, as an offset.
fn offset(program: &Program, bytes: &[u8], at: usize, base: u64) -> usize {
    let word = u64::read_from_prefix(&bytes[at..]);
    let Ok((address, _)) = word else {
        program.fail(format_args!("an address at {at}"));
    };
    (address - base) as usize
}

fn user(program: &Program, token: u64) {
    let mut buffer = Buffer([0xCC; 512]);
    let base = &raw const buffer as u64;
    for length in [0, 1, 16, 43] {
        let asked = query_into(token, TOKEN_USER, &mut buffer.0[..length]);
        program.check("too short", asked, (NtStatus::BUFFER_TOO_SMALL, 44));
    }
    program.require("nothing was written", buffer.0 == [0xCC; 512]);
    let asked = query_into(token, TOKEN_USER, &mut buffer.0[..44]);
    program.check("the user", asked, (NtStatus::SUCCESS, 44));
    program.check("where it is", offset(program, &buffer.0, 0, base), 16);
    program.check("its attributes", &buffer.0[8..16], [0; 8].as_slice());
    program.check("who it is", &buffer.0[16..44], sids::USER.as_slice());
    program.require("no more was written", buffer.0[44..] == [0xCC; 468]);
    for (class, sid) in [(TOKEN_OWNER, sids::USER), (TOKEN_PRIMARY_GROUP, sids::NONE)] {
        let asked = query_into(token, class, &mut buffer.0);
        program.check("another", asked, (NtStatus::SUCCESS, 36));
        program.check("where it is", offset(program, &buffer.0, 0, base), 8);
        program.check("which", &buffer.0[8..36], sid.as_slice());
    }
    let asked = query_into(token, TOKEN_INTEGRITY_LEVEL, &mut buffer.0);
    program.check("its level", asked, (NtStatus::SUCCESS, 28));
    program.check("where it is", offset(program, &buffer.0, 0, base), 16);
    program.check("attributes", &buffer.0[8..12], [0x60, 0, 0, 0].as_slice());
    program.check("medium", &buffer.0[16..28], sids::MEDIUM.as_slice());
}

fn groups(program: &Program, token: u64) {
    const ORDINARY: u32 = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED;
    const LOGON: u32 = ORDINARY | SE_GROUP_LOGON_ID;
    let mut buffer = Buffer([0; 512]);
    let base = &raw const buffer as u64;
    let (status, length) = query_into(token, TOKEN_GROUPS, &mut buffer.0);
    program.check("groups", status, NtStatus::SUCCESS);
    program.check(
        "how many",
        &buffer.0[..8],
        [8, 0, 0, 0, 0, 0, 0, 0].as_slice(),
    );
    let mut at = 8 + 8 * 16;
    for (number, (size, attributes)) in [
        (28, ORDINARY),
        (12, ORDINARY),
        (16, ORDINARY),
        (12, ORDINARY),
        (12, ORDINARY),
        (20, LOGON),
        (12, ORDINARY),
        (12, SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED),
    ]
    .into_iter()
    .enumerate()
    {
        let entry = 8 + number * 16;
        program.check("in a row", offset(program, &buffer.0, entry, base), at);
        let found = &buffer.0[entry + 8..entry + 12];
        program.check("attributes", found, attributes.to_le_bytes().as_slice());
        program.check("revision", buffer.0[at], 1);
        at += size;
    }
    program.check("to the end", length as usize, at);
    let first = 8 + 8 * 16;
    program.check("first", &buffer.0[first..first + 28], sids::NONE.as_slice());
    let second = &buffer.0[first + 28..first + 40];
    program.check("second", second, sids::EVERYONE.as_slice());
    let (status, length) = query_into(token, TOKEN_LOGON_SID, &mut buffer.0);
    program.check("the session", (status, length), (NtStatus::SUCCESS, 44));
    let head = [1, 3, 0, 0, 0, 0, 0, 5, 5, 0, 0, 0, 0, 0, 0, 0];
    program.check("the session", &buffer.0[24..40], head.as_slice());
}

fn defaults(program: &Program, token: u64) {
    let held = privileges(program, token);
    program.check("privileges", held.count, 5);
    let on = SE_PRIVILEGE_ENABLED_BY_DEFAULT | SE_PRIVILEGE_ENABLED;
    let expected = [
        privilege(SE_SHUTDOWN_PRIVILEGE, 0),
        privilege(SE_CHANGE_NOTIFY_PRIVILEGE, on),
        privilege(SE_UNDOCK_PRIVILEGE, 0),
        privilege(SE_INCREASE_WORKING_SET_PRIVILEGE, 0),
        privilege(SE_TIME_ZONE_PRIVILEGE, 0),
    ];
    program.check("which", held.entries, expected);
    let mut buffer = Buffer([0; 512]);
    let base = &raw const buffer as u64;
    let asked = query_into(token, TOKEN_DEFAULT_DACL, &mut buffer.0);
    // Pointer, header, entries for user, system and session.
    let size = 8 + 36 + 20 + 28;
    program.check("the list", asked, (NtStatus::SUCCESS, 8 + size));
    program.check("where it is", offset(program, &buffer.0, 0, base), 8);
    let header = [2, 0, size as u8, 0, 3, 0, 0, 0];
    program.check("its header", &buffer.0[8..16], header.as_slice());
    let entry = [0, 0, 36, 0, 0, 0, 0, 0x10];
    program.check("its first entry", &buffer.0[16..24], entry.as_slice());
    program.check("for the user", &buffer.0[24..52], sids::USER.as_slice());
    program.check("and the system", &buffer.0[60..72], sids::SYSTEM.as_slice());
}

fn statistics(program: &Program, token: u64) {
    let asked = query::<TokenStatistics>(token, TOKEN_STATISTICS);
    let found = program.done("statistics", asked);
    program.check("expires", found.expiration_time_100ns, i64::MAX);
    let kind = (found.token_type, found.impersonation_level);
    program.check("its kind", kind, (TOKEN_PRIMARY, 0));
    let counts = (found.group_count, found.privilege_count);
    program.check("groups and privileges", counts, (8, 5));
    program.require("it has a number", found.token_id.low > 1000);
}

fn together(program: &Program, token: u64) {
    let mut buffer = Buffer([0; 512]);
    let base = &raw const buffer as u64;
    let (status, length) = query_into(token, TOKEN_GROUPS_AND_PRIVILEGES, &mut buffer.0);
    program.check("all at once", status, NtStatus::SUCCESS);
    let header = TokenGroupsAndPrivileges::read_from_prefix(&buffer.0);
    let Ok((header, _)) = header else {
        program.fail(format_args!("a header"));
    };
    let sids_bytes = 9 * 16 + 28 + 28 + 12 + 16 + 12 + 12 + 20 + 12 + 12;
    program.check(
        "with the user",
        (header.sid_count, header.sid_bytes),
        (9, sids_bytes),
    );
    program.check("behind the header", header.sids, base + 0x38);
    let restricted = (header.restricted_sid_count, header.restricted_sids);
    program.check("no restriction", restricted, (0, 0));
    let privileges = (header.privilege_count, header.privilege_bytes);
    program.check("privileges", privileges, (5, 60));
    let end = header.privileges - base + 60;
    program.check("to the end", u64::from(length), end);
    let user = offset(program, &buffer.0, 0x38, base);
    program.check(
        "the user",
        &buffer.0[user..user + 28],
        sids::USER.as_slice(),
    );
}

/// Room for what checks look at.
#[repr(C, align(8))]
struct Room([u8; 2048]);

fn for_checks(program: &Program, token: u64) {
    let mut buffer = Room([0; 2048]);
    let base = &raw const buffer as u64;
    let (status, length) = query_into(token, TOKEN_ACCESS_INFORMATION, &mut buffer.0);
    program.check("for checks", status, NtStatus::SUCCESS);
    let short = query_into(token, TOKEN_ACCESS_INFORMATION, &mut [0; 64]);
    program.check("too short", short, (NtStatus::BUFFER_TOO_SMALL, length));
    let Ok((head, _)) = TokenAccessInformation::read_from_prefix(&buffer.0) else {
        program.fail(format_args!("a header"));
    };
    let kind = (head.token_type, head.impersonation_level);
    program.check("its kind", kind, (TOKEN_PRIMARY, 0));
    program.check("its policy", head.mandatory_policy, 3);
    let flags = TOKEN_HAS_TRAVERSE_PRIVILEGE | TOKEN_NOT_LOW;
    program.check("its flags", head.flags, flags);
    let hash_at = |address: u64| {
        let place = (address - base) as usize;
        let Ok((hash, _)) = SidAndAttributesHash::read_from_prefix(&buffer.0[place..]) else {
            program.fail(format_args!("a hash at {place}"));
        };
        hash
    };
    let hash = hash_at(head.sid_hash);
    program.check("with the user", hash.count, 9);
    program.check("aligned", hash.sids % 8, 0);
    let user = offset(program, &buffer.0, (hash.sids - base) as usize, base);
    let found = &buffer.0[user..user + sids::USER_BYTES];
    program.check("the user", found, sids::USER.as_slice());
    // Of 1000, 3E8h, the halves are 8 and Eh.
    let bits = (hash.hash[8] & 1, hash.hash[16 + 0xE] & 1);
    program.check("the user's bits", bits, (1, 1));
    for address in [head.restricted_sid_hash, head.capabilities_hash] {
        let none = hash_at(address);
        program.check("none", (none.count, none.sids, none.hash), (0, 0, [0; 32]));
    }
    let privileges = (head.privileges - base) as usize;
    program.check("privileges", buffer.0[privileges], 5);
    program.check("to the end", length as usize, privileges + 4 + 60);
}
