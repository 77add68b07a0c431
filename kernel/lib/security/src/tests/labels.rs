//! Integrity levels: what they forbid, and who gives them.

use super::{everyone, list, user, user_sid};
use crate::label::label;
use crate::{
    AccessRequest, Acl, Descriptor, DescriptorError, Identity, Mapping, ObjectSecurity, Privilege,
    Sid, check_access, control, part, privilege,
};
use alloc::vec::Vec;

const LOW: u32 = 0x1000;
const MEDIUM: u32 = 0x2000;
const HIGH: u32 = 0x3000;
const MAXIMUM: u32 = 0x200_0000;
const WRITE_OWNER: u32 = 0x8_0000;
const MAPPING: Mapping = Mapping {
    read: 1,
    write: 2,
    execute: 4,
    all: 0xF_0007,
};
const LABEL: u8 = 0x11;

fn low() -> Identity {
    let mut low = user();
    low.set_integrity(&label(LOW)).unwrap();
    low
}

fn check(identity: &Identity, sacl: Option<&[u8]>, desired: u32) -> Option<u32> {
    let open = list(&[(0, 0, 0xF_0007, everyone())]);
    let object = ObjectSecurity {
        owner: Sid::new(5, &[18]),
        dacl: Acl::parse(&open),
        sacl: sacl.and_then(Acl::parse),
    };
    let request = AccessRequest {
        desired,
        mapping: MAPPING,
    };
    check_access(identity, &object, &request)
}

#[test]
fn levels_forbid_what_they_say() {
    for (mask, level, expected) in [
        (1, HIGH, Some(5)),
        (2, HIGH, Some(6)),
        (4, HIGH, Some(3)),
        (0, HIGH, Some(7)),
        (7, HIGH, None),
        (7, MEDIUM, Some(0xF_0007)),
        (7, LOW, Some(0xF_0007)),
    ] {
        let labelled = list(&[(LABEL, 0, mask, label(level))]);
        assert_eq!(check(&user(), Some(&labelled), MAXIMUM), expected);
        let asked = check(&user(), Some(&labelled), 7);
        let has_all = expected.is_some_and(|rights| rights & 7 == 7);
        assert_eq!(asked, has_all.then_some(7));
    }
}

#[test]
fn without_a_level_objects_are_medium() {
    let medium = Some(0xF_0007);
    for sacl in [
        list(&[]),
        list(&[(2, 0, 7, everyone())]),
        // For what is made inside only, and what is no level.
        list(&[(LABEL, 8, 7, label(HIGH))]),
        list(&[(LABEL, 0, 7, everyone())]),
    ] {
        assert_eq!(check(&user(), Some(&sacl), MAXIMUM), medium);
        assert_eq!(check(&low(), Some(&sacl), MAXIMUM), Some(5));
    }
    assert_eq!(check(&low(), None, 2), None);
    assert_eq!(check(&low(), None, 5), Some(5));
}

#[test]
fn privileges_do_not_reach_up_but_one() {
    let mut identity = low();
    let take = Privilege::enabled(privilege::TAKE_OWNERSHIP);
    identity.privileges.push(take);
    assert_eq!(check(&identity, None, WRITE_OWNER), None);
    identity
        .privileges
        .push(Privilege::enabled(privilege::RELABEL));
    assert_eq!(check(&identity, None, WRITE_OWNER), Some(WRITE_OWNER));
    assert_eq!(check(&identity, None, 2), None);
}

fn with_sacl(entries: &[(u8, u8, u32, Sid)]) -> Descriptor {
    Descriptor {
        sacl: Some(list(entries)),
        control: control::SACL_PRESENT,
        ..Descriptor::default()
    }
}

/// Types of the entries of the second list.
fn kinds(descriptor: &Descriptor) -> Vec<u8> {
    let Some(bytes) = &descriptor.sacl else {
        return Vec::new();
    };
    let acl = Acl::parse(bytes).unwrap();
    acl.entries().map(|ace| ace.bytes[0]).collect()
}

#[test]
fn parts_of_the_second_list_are_set_each_for_itself() {
    let all = [
        (2, 0, 1, everyone()),
        (LABEL, 0, 1, label(LOW)),
        (0x12, 0, 0, everyone()),
        (0x13, 0, 0, Sid::new(17, &[1])),
    ];
    let (identity, full) = (user(), with_sacl(&all));
    for (parts, expected) in [
        (part::SACL, [2].as_slice()),
        (part::LABEL, &[LABEL]),
        (part::ATTRIBUTE, &[0x12]),
        (part::SCOPE, &[0x13]),
        (part::LABEL | part::SCOPE, &[LABEL, 0x13]),
        (0, &[]),
    ] {
        let empty = Descriptor::default();
        let set = empty.changed(parts, &full, &identity).unwrap();
        assert_eq!(kinds(&set), expected);
        assert_eq!(set.control & control::SACL_PRESENT != 0, parts != 0);
        let bytes = full.to_bytes(parts).unwrap();
        let length = set.sacl.map_or(0, |list| list.len());
        assert_eq!(bytes.len(), 20 + length);
        // And taken away again.
        let left = full.changed(parts, &empty, &identity).unwrap();
        let expected = [2, LABEL, 0x12, 0x13].into_iter();
        let expected: Vec<u8> = expected
            .filter(|kind| !expected_has(parts, *kind))
            .collect();
        if parts & part::SACL == 0 {
            assert_eq!(kinds(&left), expected);
        }
    }
}

fn expected_has(parts: u32, kind: u8) -> bool {
    let part = match kind {
        LABEL => part::LABEL,
        0x12 => part::ATTRIBUTE,
        0x13 => part::SCOPE,
        _ => part::SACL,
    };
    parts & part != 0
}

#[test]
fn levels_are_given_downwards() {
    let empty = Descriptor::default();
    let set = |identity: &Identity, entries: &[(u8, u8, u32, Sid)]| {
        let set = empty.changed(part::LABEL, &with_sacl(entries), identity);
        set.map(|set| kinds(&set).len())
    };
    assert_eq!(set(&user(), &[(LABEL, 0, 1, label(MEDIUM))]), Ok(1));
    assert_eq!(set(&user(), &[]), Ok(0));
    let high = [(LABEL, 0, 1, label(HIGH))];
    assert_eq!(set(&user(), &high), Err(DescriptorError::Privilege));
    assert_eq!(
        set(&low(), &[(LABEL, 0, 1, label(MEDIUM))]),
        Err(DescriptorError::Privilege)
    );
    let mut relabels = user();
    relabels
        .privileges
        .push(Privilege::enabled(privilege::RELABEL));
    assert_eq!(set(&relabels, &high), Ok(1));
    for strange in [
        [(LABEL, 0, 1, everyone())].as_slice(),
        &[(LABEL, 0, 8, label(LOW))],
        &[(LABEL, 0, 1, label(LOW)), (LABEL, 0, 1, label(LOW))],
    ] {
        assert_eq!(set(&user(), strange), Err(DescriptorError::Label));
    }
    assert_eq!(DescriptorError::Label.status_code(), 0xC000_0446);
}

#[test]
fn new_objects_have_levels() {
    // To give a level takes no privilege; to have something noted does.
    let given = with_sacl(&[(LABEL, 0, 3, label(LOW))]);
    assert_eq!(kinds(&given.for_new(&user()).unwrap()), [LABEL]);
    for entries in [
        [].as_slice(),
        &[(2, 0, 1, everyone())],
        &[(0x13, 0, 0, everyone()), (LABEL, 0, 1, label(LOW))],
    ] {
        let refused = with_sacl(entries).for_new(&user());
        assert_eq!(refused.err(), Some(DescriptorError::Privilege));
    }
    // Who is low makes what is low, whatever is said.
    let made = Descriptor::default().for_new(&low()).unwrap();
    assert_eq!(kinds(&made), [LABEL]);
    let object = made.security();
    let request = AccessRequest {
        desired: 0x6_0000,
        mapping: MAPPING,
    };
    assert_eq!(object.owner, user_sid());
    assert_eq!(check_access(&low(), &object, &request), Some(0x6_0000));
    assert!(
        Descriptor::default()
            .for_new(&user())
            .unwrap()
            .sacl
            .is_none()
    );
}

#[test]
fn lists_that_are_too_long_together_are_refused() {
    let many: Vec<_> = (0..1800).map(|number| (2, 0, number, user_sid())).collect();
    let attributes: Vec<_> = (0..100).map(|_| (0x12, 0, 0, user_sid())).collect();
    let long = with_sacl(&many);
    let more = long.changed(part::ATTRIBUTE, &with_sacl(&attributes), &user());
    assert_eq!(more.err(), Some(DescriptorError::TooLong));
}
