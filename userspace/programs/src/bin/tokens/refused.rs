//! What tokens refuse: types, access, sizes, values.
use super::{one, own, sids};
use abi::access::*;
use abi::io::CURRENT_THREAD;
use abi::memory::HIGHEST_USER_ADDRESS as HIGHEST;
use abi::token::*;
use nt::token::{self, query, set};
use nt::{NtStatus, Program, call, sync};

pub fn all(program: &Program) {
    types_and_access(program);
    pointers(program);
    settings(program);
}

fn with(program: &Program, access: u32) -> sync::Handle {
    program.done("our token", token::open(access.into()))
}

fn types_and_access(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let mismatch = NtStatus::OBJECT_TYPE_MISMATCH;
    let asked = query::<u32>(event.raw(), TOKEN_TYPE);
    program.check("no token", asked.err(), Some(mismatch));
    let opened = token::open_of(CURRENT_THREAD, TOKEN_QUERY.into());
    program.check("no process", opened.err(), Some(mismatch));
    let denied = NtStatus::ACCESS_DENIED;
    let token = with(program, TOKEN_ALL_ACCESS & !TOKEN_QUERY);
    let asked = query::<u32>(token.raw(), TOKEN_TYPE);
    program.check("may not ask", asked.err(), Some(denied));
    program.done(
        "may ask that",
        query::<TokenSource>(token.raw(), TOKEN_SOURCE),
    );
    let token = with(program, TOKEN_ALL_ACCESS & !TOKEN_QUERY_SOURCE);
    let asked = query::<TokenSource>(token.raw(), TOKEN_SOURCE);
    program.check("may not ask that", asked.err(), Some(denied));
    let wanted = one(SE_SHUTDOWN_PRIVILEGE, SE_PRIVILEGE_ENABLED);
    for token in [TOKEN_ALL_ACCESS & !TOKEN_ADJUST_PRIVILEGES, TOKEN_QUERY] {
        let token = with(program, token);
        program.check(
            "may not change",
            token::adjust(token.raw(), &wanted),
            denied,
        );
    }
    let pseudo = token::adjust(CURRENT_PROCESS_TOKEN, &wanted);
    program.check("by the pseudo handle", pseudo, denied);
    let token = with(program, TOKEN_ADJUST_PRIVILEGES);
    let told = token::adjust_and_tell(token.raw(), Some(&wanted), &mut [0; 64]);
    program.check("may not be told", told.0, denied);
    let token = with(program, TOKEN_ALL_ACCESS & !TOKEN_DUPLICATE);
    let copy = token::duplicate(token.raw(), 0, 0, false, TOKEN_PRIMARY);
    program.check("may not copy", copy.err(), Some(denied));
    let less = token::filter(token.raw(), 0, 0, 0, 0);
    program.check("nor filter", less.err(), Some(denied));
    let token = with(program, TOKEN_ALL_ACCESS & !TOKEN_ADJUST_DEFAULT);
    let owner = sids::USER.as_ptr() as u64;
    program.check("may not set", set(token.raw(), TOKEN_OWNER, &owner), denied);
}

fn pointers(program: &Program) {
    let token = own(program);
    let violation = NtStatus::ACCESS_VIOLATION;
    for bad in [0, 1, HIGHEST + 1, u64::MAX, 1 << 63] {
        // SAFETY: all of these are refused.
        let statuses = unsafe {
            [
                call::nt_query_information_token(token.raw(), 1, 0, 0, bad),
                call::nt_open_process_token(u64::MAX, 8, bad),
                call::nt_allocate_locally_unique_id(bad),
                call::nt_compare_tokens(token.raw(), token.raw(), bad),
                call::nt_privilege_check(token.raw(), bad, &raw const bad as u64),
                call::nt_set_information_token(token.raw(), TOKEN_OWNER.into(), bad, 8),
                call::nt_duplicate_token(token.raw(), 0, 0, 0, 1, bad),
                call::nt_filter_token(token.raw(), 0, 0, 0, 0, bad),
            ]
        };
        program.check("a bad address", statuses, [violation; 8]);
    }
    for bad in [1, HIGHEST + 1, u64::MAX] {
        let mut length = 0_u32;
        let length = &raw mut length as u64;
        // SAFETY: all of these are refused.
        let statuses = unsafe {
            [
                call::nt_query_information_token(token.raw(), 1, bad, 100, length),
                call::nt_adjust_privileges_token(token.raw(), 0, bad, 0, 0, 0),
                call::nt_adjust_groups_token(token.raw(), 0, bad, 0, 0, 0),
                call::nt_filter_token(token.raw(), 0, bad, 0, 0, length),
                call::nt_duplicate_token(token.raw(), 0, bad, 0, 1, length),
                call::nt_adjust_privileges_token(token.raw(), 1, 0, 100, bad, length),
            ]
        };
        program.check("a bad address", statuses, [violation; 6]);
    }
}

fn settings(program: &Program) {
    let token = own(program);
    let raw = token.raw();
    let address = |sid: &[u8]| sid.as_ptr() as u64;
    let bad_sid = [2_u8, 1, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0];
    let bad_list = [1_u8, 0, 8, 0, 0, 0, 0, 0];
    for (class, value, status) in [
        (
            TOKEN_OWNER,
            address(&sids::EVERYONE),
            NtStatus::INVALID_OWNER,
        ),
        (TOKEN_OWNER, address(&bad_sid), NtStatus::INVALID_SID),
        (
            TOKEN_PRIMARY_GROUP,
            address(&sids::SYSTEM),
            NtStatus::INVALID_PRIMARY_GROUP,
        ),
        (
            TOKEN_DEFAULT_DACL,
            address(&bad_list),
            NtStatus::INVALID_ACL,
        ),
        (TOKEN_ORIGIN, 0, NtStatus::PRIVILEGE_NOT_HELD),
        (TOKEN_TYPE, 0, NtStatus::INVALID_INFO_CLASS),
        (99, 0, NtStatus::INVALID_INFO_CLASS),
    ] {
        program.check("cannot be set", set(raw, class, &value), status);
    }
    for class in [
        TOKEN_SESSION_ID,
        TOKEN_UI_ACCESS,
        TOKEN_MANDATORY_POLICY,
        TOKEN_VIRTUALIZATION_ENABLED,
    ] {
        program.check(
            "a privilege",
            set(raw, class, &1_u32),
            NtStatus::PRIVILEGE_NOT_HELD,
        );
        let short = set(raw, class, &1_u16);
        program.check("too short", short, NtStatus::INFO_LENGTH_MISMATCH);
    }
    let short = set(raw, TOKEN_OWNER, &1_u32);
    program.check("too short", short, NtStatus::INFO_LENGTH_MISMATCH);
}
