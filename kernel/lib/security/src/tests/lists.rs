//! Identifiers and lists in memory.

use super::{everyone, list, user_sid};
use crate::{AceKind, Acl, Sid};
use alloc::format;
use proptest::prelude::*;

#[test]
fn identifiers_have_nts_form() {
    let bytes = [
        1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE8, 3, 0, 0,
    ];
    assert_eq!(user_sid().as_bytes(), bytes);
    assert_eq!(Sid::parse(&bytes), Some(user_sid()));
    assert_eq!(format!("{:?}", user_sid()), "S-1-5-21-0-0-0-1000");
    assert_eq!(user_sid().last_part(), Some(1000));
    assert_eq!(Sid::new(5, &[]).last_part(), None);
}

#[test]
fn what_is_behind_an_identifier_does_not_matter() {
    let mut bytes = everyone().as_bytes().to_vec();
    bytes.extend([0xFF; 80]);
    assert_eq!(Sid::parse(&bytes), Some(everyone()));
}

#[test]
fn bad_identifiers_are_none() {
    let mut bytes = user_sid().as_bytes().to_vec();
    assert_eq!(Sid::parse(&bytes[..27]), None);
    assert_eq!(Sid::parse(&[]), None);
    bytes[0] = 2;
    assert_eq!(Sid::parse(&bytes), None);
    bytes[..2].copy_from_slice(&[1, 16]);
    bytes.resize(100, 0);
    assert_eq!(Sid::parse(&bytes), None);
}

#[test]
fn entries_come_in_order() {
    let bytes = list(&[
        (1, 8, 7, everyone()),
        (0, 0, 9, user_sid()),
        (2, 0, 1, everyone()),
    ]);
    let acl = Acl::parse(&bytes).unwrap();
    assert_eq!(acl.size_bytes(), bytes.len());
    let entries: alloc::vec::Vec<_> = acl.entries().collect();
    let kinds = entries
        .iter()
        .map(|ace| (ace.kind, ace.mask, ace.is_inherit_only));
    let expected = [
        (AceKind::Deny, 7, true),
        (AceKind::Allow, 9, false),
        (AceKind::Other, 0, false),
    ];
    assert!(kinds.eq(expected));
    assert_eq!(entries[1].sid, user_sid());
}

#[test]
fn damaged_lists_are_none() {
    let good = list(&[(0, 0, 1, everyone())]);
    assert!(Acl::parse(&good).is_some());
    for (place, value) in [
        // Revision, size, count.
        (0, 1),
        (0, 5),
        (2, 7),
        (2, 24),
        (4, 2),
        // The entry's size: none, not whole words, too short for its identifier.
        (10, 0),
        (10, 19),
        (10, 16),
        // The identifier's revision and length.
        (16, 2),
        (17, 2),
    ] {
        let mut bad = good.clone();
        bad[place] = value;
        assert!(Acl::parse(&bad).is_none(), "byte {place} is {value}");
    }
    assert!(Acl::parse(&good[..good.len() - 1]).is_none());
}

proptest! {
    #[test]
    fn no_bytes_are_too_bad(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Some(first) = bytes.first_mut() {
            *first = 2;
        }
        if let Some(acl) = Acl::parse(&bytes) {
            prop_assert!(acl.entries().count() <= 48);
        }
        let _ = Sid::parse(&bytes);
    }
}
