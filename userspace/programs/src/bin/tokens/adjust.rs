//! What of a token can be changed, and how the state before comes back.
use super::{attributes_of, one, own, privileges, sids};
use abi::token::*;
use nt::token::{self, Privileges, adjust, adjust_and_tell, privilege, query, set};
use nt::{NtStatus, Program, call};

pub fn all(program: &Program) {
    enabled_and_back(program);
    removed(program);
    groups(program);
    defaults(program);
}

fn enabled_and_back(program: &Program) {
    let token = own(program);
    let raw = token.raw();
    let all = privileges(program, raw);
    let wanted = Privileges {
        count: 3,
        entries: [
            privilege(SE_SHUTDOWN_PRIVILEGE, SE_PRIVILEGE_ENABLED),
            privilege(SE_DEBUG_PRIVILEGE, SE_PRIVILEGE_ENABLED),
            privilege(SE_CHANGE_NOTIFY_PRIVILEGE, SE_PRIVILEGE_ENABLED),
        ],
    };
    let modified = |what| {
        let found = query::<TokenStatistics>(raw, TOKEN_STATISTICS);
        program.done(what, found).modified_id.low
    };
    let before = modified("statistics");
    let mut told = [0xCC_u8; 64];
    let short = adjust_and_tell(raw, Some(&wanted), &mut told[..15]);
    program.check("too short", short, (NtStatus::BUFFER_TOO_SMALL, 16));
    program.check("nothing changed", privileges(program, raw), all);
    program.check("nor that", modified("statistics"), before);
    let done = adjust_and_tell(raw, Some(&wanted), &mut told[..16]);
    program.check("not all", done, (NtStatus::NOT_ALL_ASSIGNED, 16));
    let expected = one(SE_SHUTDOWN_PRIVILEGE, 0);
    program.check("the one that changed", &told[..16], expected.as_bytes());
    program.check("no more", told[16..] == [0xCC; 48], true);
    let now = attributes_of(program, raw, SE_SHUTDOWN_PRIVILEGE);
    program.check("enabled", now, Some(SE_PRIVILEGE_ENABLED));
    program.require("that is a change", modified("statistics") != before);
    // What was told is what undoes it.
    program.check("back", adjust(raw, &expected), NtStatus::SUCCESS);
    program.check("as before", privileges(program, raw), all);
    let done = adjust_and_tell::<1>(raw, None, &mut told);
    program.check("all disabled", done, (NtStatus::SUCCESS, 16));
    let on = SE_PRIVILEGE_ENABLED_BY_DEFAULT | SE_PRIVILEGE_ENABLED;
    let expected = one(SE_CHANGE_NOTIFY_PRIVILEGE, on);
    program.check("one was enabled", &told[..16], expected.as_bytes());
    let done = adjust_and_tell::<1>(raw, None, &mut told);
    program.check("nothing to do", done, (NtStatus::SUCCESS, 4));
    program.check("back", adjust(raw, &expected), NtStatus::SUCCESS);
    program.check("as before", privileges(program, raw), all);
    // SAFETY: refused.
    let none = unsafe { call::nt_adjust_privileges_token(raw, 0, 0, 0, 0, 0) };
    program.check("no list", none, NtStatus::INVALID_PARAMETER);
    let many = Privileges {
        count: 61,
        entries: [privilege(0, 0)],
    };
    program.check("too many", adjust(raw, &many), NtStatus::INVALID_PARAMETER);
    let strange = Privileges {
        count: 1,
        entries: [[SE_SHUTDOWN_PRIVILEGE, 1, SE_PRIVILEGE_ENABLED]],
    };
    program.check(
        "none of ours",
        adjust(raw, &strange),
        NtStatus::NOT_ALL_ASSIGNED,
    );
}

fn removed(program: &Program) {
    let token = own(program);
    let copy = token::duplicate(token.raw(), 0, 0, false, TOKEN_PRIMARY);
    let copy = program.done("a copy", copy);
    let wanted = one(SE_TIME_ZONE_PRIVILEGE, SE_PRIVILEGE_REMOVED);
    program.check("removed", adjust(copy.raw(), &wanted), NtStatus::SUCCESS);
    let again = adjust(copy.raw(), &wanted);
    program.check("is gone", again, NtStatus::NOT_ALL_ASSIGNED);
    program.check("four are left", privileges(program, copy.raw()).count, 4);
    program.check("five in ours", privileges(program, token.raw()).count, 5);
}

fn groups(program: &Program) {
    let token = own(program);
    let raw = token.raw();
    // SAFETY: reads the lists only.
    let change = |list: u64| unsafe { call::nt_adjust_groups_token(raw, 0, list, 0, 0, 0) };
    let off = sids::Groups::new([(sids::EVERYONE.as_slice(), 0)]);
    let refused = change(off.address());
    program.check("mandatory", refused, NtStatus::CANT_DISABLE_MANDATORY);
    let on = sids::Groups::new([(sids::EVERYONE.as_slice(), SE_GROUP_ENABLED)]);
    program.check("it is on", change(on.address()), NtStatus::SUCCESS);
    let unknown = sids::Groups::new([(sids::SYSTEM.as_slice(), SE_GROUP_ENABLED)]);
    let refused = change(unknown.address());
    program.check("not ours", refused, NtStatus::NOT_ALL_ASSIGNED);
    program.check("no list", change(0), NtStatus::INVALID_PARAMETER);
    let bad = sids::Groups::new([([9_u8; 12].as_slice(), 0)]);
    program.check(
        "no identifier",
        change(bad.address()),
        NtStatus::INVALID_SID,
    );
    let (mut told, mut length) = ([0xCC_u8; 16], 0_u32);
    let (told_at, length_at) = (told.as_mut_ptr() as u64, &raw mut length as u64);
    // SAFETY: writes what changed and its length.
    let reset = unsafe { call::nt_adjust_groups_token(raw, 1, 0, 16, told_at, length_at) };
    program.check("by default", (reset, length), (NtStatus::SUCCESS, 8));
    program.check("none changed", &told[..8], [0; 8].as_slice());
}

fn defaults(program: &Program) {
    let token = own(program);
    let copy = token::duplicate(token.raw(), 0, 0, false, TOKEN_PRIMARY);
    let copy = program.done("a copy", copy);
    let raw = copy.raw();
    let everyone = sids::EVERYONE.as_ptr() as u64;
    let done = set(raw, TOKEN_PRIMARY_GROUP, &everyone);
    program.check("another group", done, NtStatus::SUCCESS);
    let mut answer = [0_u8; 64];
    let asked = token::query_into(raw, TOKEN_PRIMARY_GROUP, &mut answer);
    program.check("it", asked, (NtStatus::SUCCESS, 20));
    program.check("which", &answer[8..20], sids::EVERYONE.as_slice());
    let list: [u8; 28] = [
        2, 0, 28, 0, 1, 0, 0, 0, 0, 0, 20, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
    ];
    let done = set(raw, TOKEN_DEFAULT_DACL, &(list.as_ptr() as u64));
    program.check("another list", done, NtStatus::SUCCESS);
    let asked = token::query_into(raw, TOKEN_DEFAULT_DACL, &mut answer);
    program.check("it", asked, (NtStatus::SUCCESS, 36));
    program.check("which", &answer[8..36], list.as_slice());
    let done = set(raw, TOKEN_DEFAULT_DACL, &0_u64);
    program.check("no list", done, NtStatus::SUCCESS);
    program.check("none", query::<u64>(raw, TOKEN_DEFAULT_DACL), Ok(0));
    let level = |sid: &[u8; 12]| {
        let label = SidAndAttributes {
            sid: sid.as_ptr() as u64,
            attributes: SE_GROUP_INTEGRITY,
            reserved_0c: 0,
        };
        set(raw, TOKEN_INTEGRITY_LEVEL, &label)
    };
    program.check("lower", level(&sids::LOW), NtStatus::SUCCESS);
    let asked = token::query_into(raw, TOKEN_INTEGRITY_LEVEL, &mut answer);
    program.check("it", asked, (NtStatus::SUCCESS, 28));
    program.check("which", &answer[16..28], sids::LOW.as_slice());
    program.check(
        "not back",
        level(&sids::MEDIUM),
        NtStatus::PRIVILEGE_NOT_HELD,
    );
}
