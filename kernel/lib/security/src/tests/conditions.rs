//! Conditions of entries.

use super::{everyone, list, user, user_sid};
use crate::condition::{Circumstances, FALSE, TRUE, Truth, UNKNOWN};
use crate::{AccessRequest, AceKind, Acl, Group, Mapping, ObjectSecurity, Sid, check_access};
use alloc::vec;
use alloc::vec::Vec;
use proptest::prelude::*;

const EQUAL: u8 = 0x80;
const NOT_EQUAL: u8 = 0x81;
const CONTAINS: u8 = 0x86;
const EXISTS: u8 = 0x87;
const ANY_OF: u8 = 0x88;
const MEMBER_OF: u8 = 0x89;
const DEVICE_MEMBER_OF: u8 = 0x8A;
const MEMBER_OF_ANY: u8 = 0x8B;
const NOT_EXISTS: u8 = 0x8D;
const NOT_MEMBER_OF: u8 = 0x90;
const NOT_DEVICE_MEMBER_OF: u8 = 0x91;
const AND: u8 = 0xA0;
const OR: u8 = 0xA1;
const NOT: u8 = 0xA2;
const LOCAL: u8 = 0xF8;
const USER: u8 = 0xF9;
const RESOURCE: u8 = 0xFA;

const STRING: u16 = 3;
const NUMBER: u16 = 1;
const UNSIGNED: u16 = 2;
const SIDS: u16 = 5;
const OCTETS: u16 = 0x10;

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn with_length(code: u8, inside: &[u8]) -> Vec<u8> {
    let mut token = [code].to_vec();
    token.extend((inside.len() as u32).to_le_bytes());
    token.extend(inside);
    token
}

fn text(text: &str) -> Vec<u8> {
    with_length(0x10, &utf16(text))
}

fn number(number: i64) -> Vec<u8> {
    let mut token = [4].to_vec();
    token.extend(number.to_le_bytes());
    token.extend([3, 2]);
    token
}

fn sid(sid: Sid) -> Vec<u8> {
    with_length(0x51, sid.as_bytes())
}

fn several(literals: &[Vec<u8>]) -> Vec<u8> {
    with_length(0x50, &literals.concat())
}

fn named(scope: u8, name: &str) -> Vec<u8> {
    with_length(scope, &utf16(name))
}

fn resource(name: &str) -> Vec<u8> {
    named(RESOURCE, name)
}

fn condition(tokens: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"artx".to_vec();
    bytes.extend(tokens.concat());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// An entry for an attribute.
fn attribute(name: &str, kind: u16, flags: u32, values: &[Vec<u8>]) -> Vec<u8> {
    let mut claim = Vec::new();
    let mut at = 16 + 4 * values.len() as u32;
    let mut behind: Vec<u8> = Vec::new();
    let offsets: Vec<u32> = values
        .iter()
        .map(|value| {
            let offset = at + behind.len() as u32;
            behind.extend(value);
            offset
        })
        .collect();
    at += behind.len() as u32;
    claim.extend(at.to_le_bytes());
    claim.extend(kind.to_le_bytes());
    claim.extend([0, 0]);
    claim.extend(flags.to_le_bytes());
    claim.extend((values.len() as u32).to_le_bytes());
    offsets
        .iter()
        .for_each(|offset| claim.extend(offset.to_le_bytes()));
    claim.extend(behind);
    claim.extend(utf16(name));
    claim.extend([0, 0]);
    entry(0x12, 0, everyone(), &claim)
}

fn entry(kind: u8, mask: u32, sid: Sid, data: &[u8]) -> Vec<u8> {
    let mut entry = [kind, 0, 0, 0].to_vec();
    entry.extend(mask.to_le_bytes());
    entry.extend(sid.as_bytes());
    entry.extend(data);
    entry.resize(entry.len().next_multiple_of(4), 0);
    let size = (entry.len() as u16).to_le_bytes();
    entry[2..4].copy_from_slice(&size);
    entry
}

fn list_of(entries: &[Vec<u8>]) -> Vec<u8> {
    let body = entries.concat();
    let mut list = [4, 0].to_vec();
    list.extend((8 + body.len() as u16).to_le_bytes());
    list.extend((entries.len() as u16).to_le_bytes());
    list.extend([0, 0]);
    list.extend(body);
    list
}

fn zero_ended(text: &str) -> Vec<u8> {
    let mut bytes = utf16(text);
    bytes.extend([0, 0]);
    bytes
}

fn counted(bytes: &[u8]) -> Vec<u8> {
    let mut value = (bytes.len() as u32).to_le_bytes().to_vec();
    value.extend(bytes);
    value
}

/// `Title`: VP; `Level`: 3; `Sizes`: 1, 2; `Who`: the user; `Key`: bytes; `Exact`.
fn attributes() -> Vec<u8> {
    let numbers = |values: &[i64]| -> Vec<Vec<u8>> {
        values
            .iter()
            .map(|value| value.to_le_bytes().to_vec())
            .collect()
    };
    list_of(&[
        attribute("Title", STRING, 0, &[zero_ended("VP")]),
        attribute("Level", UNSIGNED, 0, &numbers(&[3])),
        attribute("Sizes", NUMBER, 0, &numbers(&[1, -2])),
        attribute("Who", SIDS, 0, &[counted(user_sid().as_bytes())]),
        attribute("Key", OCTETS, 0, &[counted(&[1, 2, 3])]),
        attribute("Exact", STRING, 2, &[zero_ended("Abc")]),
        attribute("Off", NUMBER, 0x10, &numbers(&[1])),
        attribute("Denies", NUMBER, 4, &numbers(&[1])),
        attribute("Zero", NUMBER, 0, &numbers(&[0])),
        attribute("Huge", UNSIGNED, 0, &numbers(&[-1])),
    ])
}

fn evaluated(kind: AceKind, condition: &[u8]) -> Option<Truth> {
    let (user, list) = (user(), attributes());
    let ordinary: &[Group] = core::slice::from_ref(&user.user);
    let groups = [ordinary, &user.groups];
    Circumstances::new(&groups, Acl::parse(&list)).evaluate(kind, condition)
}

fn truth(tokens: &[&[u8]]) -> Option<Truth> {
    evaluated(AceKind::Allow, &condition(tokens))
}

#[test]
fn members_of_all_or_any() {
    let (own, other) = (sid(user_sid()), sid(Sid::new(5, &[18])));
    let both = several(&[own.clone(), other.clone()]);
    for (operand, operator, expected) in [
        (&own, MEMBER_OF, Some(TRUE)),
        (&other, MEMBER_OF, Some(FALSE)),
        (&both, MEMBER_OF, Some(FALSE)),
        (&both, MEMBER_OF_ANY, Some(TRUE)),
        (&other, MEMBER_OF_ANY, Some(FALSE)),
        (&own, NOT_MEMBER_OF, Some(FALSE)),
        (&both, NOT_MEMBER_OF, Some(TRUE)),
        (&own, DEVICE_MEMBER_OF, Some(FALSE)),
        (&own, NOT_DEVICE_MEMBER_OF, Some(TRUE)),
        (&several(&[]), MEMBER_OF, None),
        (&text("S-1-1-0"), MEMBER_OF, None),
        (&resource("Who"), MEMBER_OF, None),
    ] {
        assert_eq!(truth(&[operand, &[operator]]), expected, "{operator:x}");
    }
}

#[test]
fn attributes_are_compared() {
    for (name, operator, value, expected) in [
        ("Title", EQUAL, text("vp"), Some(TRUE)),
        ("TITLE", EQUAL, text("VP"), Some(TRUE)),
        ("Title", NOT_EQUAL, text("VP"), Some(FALSE)),
        ("Title", EQUAL, text("V"), Some(FALSE)),
        ("Title", EQUAL, number(1), None),
        ("Exact", EQUAL, text("abc"), Some(FALSE)),
        ("Exact", EQUAL, text("Abc"), Some(TRUE)),
        ("Title", 0x82, text("vz"), Some(TRUE)),
        ("Level", 0x82, number(3), Some(FALSE)),
        ("Level", 0x83, number(3), Some(TRUE)),
        ("Level", 0x84, number(2), Some(TRUE)),
        ("Level", 0x85, number(4), Some(FALSE)),
        ("Huge", 0x84, number(i64::MAX), Some(TRUE)),
        (
            "Sizes",
            EQUAL,
            several(&[number(-2), number(1)]),
            Some(TRUE),
        ),
        ("Sizes", EQUAL, number(1), Some(FALSE)),
        ("Sizes", 0x84, number(0), None),
        ("Sizes", CONTAINS, number(-2), Some(TRUE)),
        (
            "Sizes",
            CONTAINS,
            several(&[number(1), number(5)]),
            Some(FALSE),
        ),
        (
            "Sizes",
            ANY_OF,
            several(&[number(1), number(5)]),
            Some(TRUE),
        ),
        ("Sizes", ANY_OF, several(&[number(5)]), Some(FALSE)),
        ("Sizes", 0x8F, several(&[number(5)]), Some(TRUE)),
        ("Sizes", 0x8E, number(5), Some(TRUE)),
        ("Sizes", ANY_OF, several(&[]), None),
        ("Who", EQUAL, sid(user_sid()), Some(TRUE)),
        ("Who", 0x82, sid(everyone()), None),
        ("Key", EQUAL, with_length(0x18, &[1, 2, 3]), Some(TRUE)),
        ("Key", 0x84, with_length(0x18, &[1, 2]), Some(TRUE)),
        ("Off", EQUAL, number(1), Some(UNKNOWN)),
        ("Denies", EQUAL, number(1), Some(UNKNOWN)),
        ("Absent", EQUAL, number(1), Some(UNKNOWN)),
        ("Absent", NOT_EQUAL, number(1), Some(UNKNOWN)),
    ] {
        let found = truth(&[&resource(name), &value, &[operator]]);
        assert_eq!(found, expected, "{name} {operator:x}");
    }
    let two = [resource("Level"), resource("Sizes")];
    assert_eq!(truth(&[&two[0], &two[1], &[CONTAINS]]), Some(FALSE));
    let denies = condition(&[&resource("Denies"), &number(1), &[EQUAL]]);
    assert_eq!(evaluated(AceKind::Deny, &denies), Some(TRUE));
    // What is asked about comes first.
    assert_eq!(truth(&[&number(3), &resource("Level"), &[EQUAL]]), None);
}

#[test]
fn what_nobody_claims_is_unknown() {
    for scope in [LOCAL, USER, 0xFB] {
        let claim = named(scope, "Title");
        assert_eq!(truth(&[&claim, &text("VP"), &[EQUAL]]), Some(UNKNOWN));
        assert_eq!(truth(&[&claim, &[EXISTS]]), Some(FALSE));
        assert_eq!(truth(&[&claim, &[NOT_EXISTS]]), Some(TRUE));
        assert_eq!(truth(&[&claim]), Some(UNKNOWN));
    }
    assert_eq!(truth(&[&resource("Title"), &[EXISTS]]), Some(TRUE));
    assert_eq!(truth(&[&resource("Off"), &[EXISTS]]), Some(FALSE));
    assert_eq!(truth(&[&number(1), &[EXISTS]]), None);
}

#[test]
fn three_truths() {
    let (yes, no) = (resource("Level"), resource("Zero"));
    let maybe = resource("Absent");
    let truths = [(&no, FALSE), (&maybe, UNKNOWN), (&yes, TRUE)];
    for (one, left) in truths {
        assert_eq!(truth(&[one]), Some(left));
        assert_eq!(truth(&[one, &[NOT]]), Some(2 - left));
        for (other, right) in truths {
            assert_eq!(truth(&[one, other, &[AND]]), Some(left.min(right)));
            assert_eq!(truth(&[one, other, &[OR]]), Some(left.max(right)));
        }
    }
    // A literal is no truth.
    assert_eq!(truth(&[&number(1)]), None);
    assert_eq!(truth(&[&number(1), &[NOT]]), None);
    // Of several values there is no truth either.
    assert_eq!(truth(&[&resource("Sizes")]), Some(UNKNOWN));
}

#[test]
fn damaged_conditions_have_no_truth() {
    let yes = resource("Level");
    let good = condition(&[&yes]);
    assert_eq!(evaluated(AceKind::Allow, &good), Some(TRUE));
    assert_eq!(evaluated(AceKind::Allow, &good[1..]), None);
    assert_eq!(evaluated(AceKind::Allow, b"artx"), None);
    assert_eq!(evaluated(AceKind::Allow, b""), None);
    assert_eq!(truth(&[&yes, &yes]), None);
    assert_eq!(truth(&[&[AND]]), None);
    assert_eq!(truth(&[&yes, &[AND]]), None);
    assert_eq!(truth(&[&[NOT]]), None);
    assert_eq!(truth(&[&[0x60]]), None);
    assert_eq!(truth(&[&yes, &[0xA3]]), None);
    // Longer than there is.
    assert_eq!(truth(&[&[RESOURCE, 0xFF, 0xFF, 0xFF, 0xFF]]), None);
    assert_eq!(truth(&[&[RESOURCE, 9, 0, 0, 0, 1]]), None);
    // Several in several.
    let nested = several(&[several(&[number(3)])]);
    assert_eq!(truth(&[&yes, &nested, &[CONTAINS]]), None);
    // As deep as there is room, and deeper.
    for (depth, expected) in [(64, Some(TRUE)), (65, None)] {
        let mut tokens: Vec<&[u8]> = (0..depth).map(|_| yes.as_slice()).collect();
        tokens.extend((1..depth).map(|_| [AND].as_slice()));
        assert_eq!(truth(&tokens), expected);
    }
}

#[test]
fn what_takes_too_long_has_no_truth() {
    let many = several(&vec![number(7); 5000]);
    let sizes = resource("Sizes");
    let long = [sizes.as_slice(), &many, &[ANY_OF]].concat();
    assert_eq!(truth(&[&long]), Some(FALSE));
    let longer = [&long, &long, [OR].as_slice()].concat();
    let longest = [&longer, &longer, &longer, &longer, [OR; 3].as_slice()].concat();
    assert_eq!(truth(&[&longest]), None);
}

const MAPPING: Mapping = Mapping {
    read: 1,
    write: 2,
    execute: 4,
    all: 7,
};

fn granted(dacl: &[u8], desired: u32) -> Option<u32> {
    let sacl = attributes();
    let object = ObjectSecurity {
        owner: Sid::new(5, &[18]),
        dacl: Some(Acl::parse(dacl).unwrap()),
        sacl: Acl::parse(&sacl),
    };
    let request = AccessRequest {
        desired,
        mapping: MAPPING,
    };
    check_access(&user(), &object, &request)
}

#[test]
fn entries_count_by_their_conditions() {
    const MAXIMUM: u32 = 0x200_0000;
    let yes = condition(&[&resource("Level")]);
    let no = condition(&[&resource("Zero")]);
    let maybe = condition(&[&resource("Absent")]);
    let all = entry(0, 7, everyone(), &[]);
    for (condition, allows, refuses) in [
        (&yes, Some(1), Some(6)),
        (&no, None, Some(7)),
        (&maybe, None, Some(6)),
        (&Vec::new(), None, Some(6)),
    ] {
        let allowing = list_of(&[entry(9, 1, everyone(), condition)]);
        assert_eq!(granted(&allowing, MAXIMUM), allows);
        let refusing = list_of(&[entry(10, 1, everyone(), condition), all.clone()]);
        assert_eq!(granted(&refusing, MAXIMUM), refuses);
    }
    let strangers = list_of(&[entry(9, 1, Sid::new(5, &[18]), &yes)]);
    assert_eq!(granted(&strangers, MAXIMUM), None);
}

/// An entry for properties, with as many types as its flags say.
fn for_property(kind: u8, flags: u8, mask: u32) -> Vec<u8> {
    let types = 16 * flags.count_ones() as usize;
    let mut entry = [kind, 0, 0, 0].to_vec();
    entry.extend(mask.to_le_bytes());
    entry.extend([flags, 0, 0, 0]);
    entry.resize(entry.len() + types, 0xAA);
    entry.extend(everyone().as_bytes());
    if kind > 8 {
        entry.extend(condition(&[&resource("Level")]));
    }
    let size = (entry.len() as u16).to_le_bytes();
    entry[2..4].copy_from_slice(&size);
    entry
}

#[test]
fn entries_for_properties_refuse_all_and_grant_none() {
    const MAXIMUM: u32 = 0x200_0000;
    let all = entry(0, 7, everyone(), &[]);
    for kind in [5, 11] {
        for (flags, expected) in [(0, Some(1)), (1, None), (2, Some(1)), (3, None)] {
            let allowing = list_of(&[for_property(kind, flags, 1)]);
            assert_eq!(granted(&allowing, MAXIMUM), expected, "{kind} {flags}");
        }
    }
    for kind in [6, 12] {
        for flags in 0..4 {
            let refusing = list_of(&[for_property(kind, flags, 1), all.clone()]);
            assert_eq!(granted(&refusing, MAXIMUM), Some(6), "{kind} {flags}");
        }
    }
    let mut short = for_property(5, 2, 1);
    short.truncate(20);
    short[2] = 20;
    assert!(Acl::parse(&list_of(&[short])).is_none());
}

fn token() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(resource("Level")),
        Just(resource("Zero")),
        Just(resource("Sizes")),
        Just(named(USER, "Title")),
        Just(number(3)),
        Just(text("VP")),
        Just(sid(user_sid())),
        Just(several(&[number(1), text("a")])),
        (0x80_u8..0x94).prop_map(|operator| [operator].to_vec()),
        (0xA0_u8..0xA3).prop_map(|operator| [operator].to_vec()),
        any::<u8>().prop_map(|byte| [byte].to_vec()),
    ]
}

proptest! {
    #[test]
    fn no_condition_is_too_bad(tokens in prop::collection::vec(token(), 0..40)) {
        let tokens: Vec<&[u8]> = tokens.iter().map(Vec::as_slice).collect();
        prop_assert!(truth(&tokens).is_none_or(|truth| truth <= TRUE));
    }

    #[test]
    fn no_bytes_are_too_bad(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(truth(&[&bytes]).is_none_or(|truth| truth <= TRUE));
        let sacl = list_of(&[entry(0x12, 0, everyone(), &bytes)]);
        prop_assume!(Acl::parse(&sacl).is_some());
        let name = condition(&[&resource("a"), &number(1), &[EQUAL]]);
        let evaluated = Circumstances::new(&[], Acl::parse(&sacl)).evaluate(AceKind::Deny, &name);
        prop_assert!(evaluated.is_none_or(|truth| truth <= TRUE));
    }

    #[test]
    fn one_byte_never_breaks_the_evaluator(at in 0_usize..200, byte: u8, in_attribute: bool) {
        let mut bytes = condition(&[
            &resource("Sizes"), &several(&[number(1), number(5)]), &[ANY_OF],
            &sid(user_sid()), &[MEMBER_OF], &[AND],
        ]);
        let mut list = attributes();
        let damaged = if in_attribute { &mut list } else { &mut bytes };
        let at = at % damaged.len();
        damaged[at] = byte;
        let user = user();
        let groups = [user.groups.as_slice()];
        let circumstances = Circumstances::new(&groups, Acl::parse(&list));
        let truth = circumstances.evaluate(AceKind::Allow, &bytes);
        prop_assert!(truth.is_none_or(|truth| truth <= TRUE));
    }

    #[test]
    fn double_negation_is_none(levels in 0_i64..6, operator in 0x80_u8..0x86) {
        let plain = [resource("Level"), number(levels), [operator].to_vec()].concat();
        let twice = [plain.as_slice(), &[NOT, NOT]].concat();
        prop_assert_eq!(truth(&[&plain]), truth(&[&twice]));
    }
}

#[test]
fn plain_lists_are_as_before() {
    let plain = list(&[(0, 0, 1, everyone())]);
    assert_eq!(granted(&plain, 1), Some(1));
}
