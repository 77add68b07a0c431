//! Copies of tokens: of both kinds, with less, compared.
use super::{one, own, privileges, sids};
use abi::access::*;
use abi::object::ObjectAttributes;
use abi::token::*;
use nt::sync::Handle;
use nt::token::{self, adjust, compare, duplicate, filter, query};
use nt::{NtStatus, Program};
use zerocopy::FromZeros;

pub fn all(program: &Program) {
    kinds(program);
    access(program);
    effective(program);
    filtered(program);
}

/// A copy for threads of a level.
pub fn impersonation(program: &Program, token: &Handle, level: u32) -> Handle {
    program.done("a copy", at_level(token, TOKEN_IMPERSONATION, level))
}

fn at_level(token: &Handle, kind: u32, level: u32) -> Result<Handle, NtStatus> {
    let mut quality = SecurityQualityOfService::new_zeroed();
    quality.length_bytes = size_of::<SecurityQualityOfService>() as u32;
    quality.impersonation_level = level;
    let mut attributes = ObjectAttributes::new_zeroed();
    attributes.length_bytes = size_of::<ObjectAttributes>() as u32;
    attributes.security_quality_of_service = &raw const quality as u64;
    let at = &raw const attributes as u64;
    duplicate(token.raw(), 0, at, false, kind)
}

fn kinds(program: &Program) {
    let token = own(program);
    for level in 0..4 {
        let copy = impersonation(program, &token, level);
        let found = query::<u32>(copy.raw(), TOKEN_IMPERSONATION_LEVEL);
        program.check("its level", found, Ok(level));
        let found = query::<u32>(copy.raw(), TOKEN_TYPE);
        program.check("its kind", found, Ok(TOKEN_IMPERSONATION));
        let equal = compare(token.raw(), copy.raw());
        program.check("says the same", equal, Ok(true));
        let again = at_level(&copy, TOKEN_IMPERSONATION, level + 1);
        let status = NtStatus::BAD_IMPERSONATION_LEVEL;
        program.check("no higher", again.err(), Some(status));
        let primary = duplicate(copy.raw(), 0, 0, false, TOKEN_PRIMARY).err();
        let expected = (level < SECURITY_LEVEL_IMPERSONATION).then_some(status);
        program.check("for a process", primary, expected);
        let same = duplicate(copy.raw(), 0, 0, false, TOKEN_IMPERSONATION);
        let same = program.done("of the same level", same);
        let found = query::<u32>(same.raw(), TOKEN_IMPERSONATION_LEVEL);
        program.check("its level", found, Ok(level));
    }
    let lowest = duplicate(token.raw(), 0, 0, false, TOKEN_IMPERSONATION);
    let lowest = program.done("of no level", lowest);
    let found = query::<u32>(lowest.raw(), TOKEN_IMPERSONATION_LEVEL);
    program.check("anonymous", found, Ok(SECURITY_LEVEL_ANONYMOUS));
    for kind in [0, 3] {
        let refused = duplicate(token.raw(), 0, 0, false, kind).err();
        program.check("no kind", refused, Some(NtStatus::INVALID_PARAMETER));
    }
}

fn access(program: &Program) {
    let wanted = (TOKEN_DUPLICATE | TOKEN_QUERY).into();
    let token = program.done("our token", token::open(wanted));
    let copy = duplicate(token.raw(), 0, 0, false, TOKEN_PRIMARY);
    let copy = program.done("with the same access", copy);
    let change = one(SE_SHUTDOWN_PRIVILEGE, SE_PRIVILEGE_ENABLED);
    let refused = adjust(copy.raw(), &change);
    program.check("no more", refused, NtStatus::ACCESS_DENIED);
    let copy = duplicate(
        token.raw(),
        TOKEN_ALL_ACCESS.into(),
        0,
        false,
        TOKEN_PRIMARY,
    );
    let copy = program.done("with all", copy);
    program.check("more", adjust(copy.raw(), &change), NtStatus::SUCCESS);
    program.check("alike", compare(token.raw(), copy.raw()), Ok(true));
}

fn effective(program: &Program) {
    let token = own(program);
    let copy = duplicate(token.raw(), 0, 0, true, TOKEN_PRIMARY);
    let copy = program.done("what counts", copy);
    let held = privileges(program, copy.raw());
    program.check("one counts", held.count, 1);
    let number = held.entries[0][0];
    program.check("that one", number, SE_CHANGE_NOTIFY_PRIVILEGE);
    program.check("no more alike", compare(token.raw(), copy.raw()), Ok(false));
}

fn filtered(program: &Program) {
    let token = own(program);
    let raw = token.raw();
    let same = program.done("nothing less", filter(raw, 0, 0, 0, 0));
    program.check("alike", compare(raw, same.raw()), Ok(true));
    let disabled = sids::Groups::new([(sids::EVERYONE.as_slice(), 0)]);
    let restricted = sids::Groups::new([(sids::EVERYONE.as_slice(), 0)]);
    let flags = DISABLE_MAX_PRIVILEGE | SANDBOX_INERT;
    let less = filter(raw, flags, disabled.address(), 0, restricted.address());
    let less = program.done("much less", less);
    program.check("one is left", privileges(program, less.raw()).count, 1);
    for class in [
        TOKEN_IS_RESTRICTED,
        TOKEN_HAS_RESTRICTIONS,
        TOKEN_SANDBOX_INERT,
    ] {
        program.check("restricted", query::<u32>(less.raw(), class), Ok(1));
    }
    let mut answer = [0_u8; 512];
    let asked = token::query_into(less.raw(), TOKEN_RESTRICTED_SIDS, &mut answer);
    program.check("to one group", asked, (NtStatus::SUCCESS, 36));
    program.check("which", &answer[24..36], sids::EVERYONE.as_slice());
    token::query_into(less.raw(), TOKEN_GROUPS, &mut answer);
    let attributes = SE_GROUP_MANDATORY | SE_GROUP_USE_FOR_DENY_ONLY;
    let found = &answer[32..36];
    program.check(
        "for denial only",
        found,
        attributes.to_le_bytes().as_slice(),
    );
    program.check("not alike", compare(raw, less.raw()), Ok(false));
    let deleted = one(SE_SHUTDOWN_PRIVILEGE, 0);
    let less = filter(raw, 0, 0, &raw const deleted as u64, 0);
    let less = program.done("a privilege less", less);
    program.check("four are left", privileges(program, less.raw()).count, 4);
    let invalid = Some(NtStatus::INVALID_PARAMETER);
    program.check("a flag", filter(raw, 0x10, 0, 0, 0).err(), invalid);
    let attributes = sids::Groups::new([(sids::EVERYONE.as_slice(), SE_GROUP_ENABLED)]);
    let refused = filter(raw, 0, 0, 0, attributes.address()).err();
    program.check("attributes", refused, invalid);
}
