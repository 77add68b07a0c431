//! What goes on to what is made inside, level by level.

use super::{everyone, list, user, user_sid};
use crate::{Acl, Child, Descriptor, DescriptorError, Mapping, Sid, control};
use alloc::vec::Vec;

const OI: u8 = 1;
const CI: u8 = 2;
const NP: u8 = 4;
const IO: u8 = 8;
const ID: u8 = 16;

const GENERIC_READ: u32 = 0x8000_0000;
const MAPPING: Mapping = Mapping {
    read: 1,
    write: 2,
    execute: 4,
    all: 7,
};
const FILE: Child = Child {
    is_container: false,
    mapping: MAPPING,
};
const DIRECTORY: Child = Child {
    is_container: true,
    mapping: MAPPING,
};

type Entry = (u8, u8, u32, Sid);

fn creator(number: u32) -> Sid {
    Sid::new(3, &[number])
}

fn with(entries: &[Entry]) -> Descriptor {
    Descriptor {
        owner: Some(user_sid()),
        group: Some(everyone()),
        dacl: Some(list(entries)),
        sacl: None,
        control: control::DACL_PRESENT,
    }
}

fn child(parent: &Descriptor, kind: &Child) -> Descriptor {
    let child = Descriptor::for_child(None, Some(parent), kind, &user()).unwrap();
    if let Some(list) = &child.dacl {
        let acl = Acl::parse(list).unwrap();
        assert_eq!(acl.size_bytes(), list.len());
    }
    child
}

/// What comes of one entry.
fn inherited(entry: Entry, kind: &Child) -> Vec<u8> {
    child(&with(&[entry]), kind).dacl.unwrap()
}

fn default_list() -> Vec<u8> {
    user().default_dacl().unwrap().to_vec()
}

#[test]
fn flags_say_what_goes_on() {
    let none = default_list();
    for (flags, file, directory) in [
        (0, None, None),
        (IO, None, None),
        (NP, None, None),
        (OI, Some(0), Some(OI | IO)),
        (OI | IO, Some(0), Some(OI | IO)),
        (OI | NP, Some(0), None),
        (CI, None, Some(CI)),
        (CI | IO, None, Some(CI)),
        (CI | NP, None, Some(0)),
        (CI | NP | IO, None, Some(0)),
        (OI | CI, Some(0), Some(OI | CI)),
        (OI | CI | IO, Some(0), Some(OI | CI)),
        (OI | CI | NP, Some(0), Some(0)),
        (OI | CI | NP | IO | ID, Some(0), Some(0)),
    ] {
        for kind in [0, 1] {
            for (child, expected) in [(FILE, file), (DIRECTORY, directory)] {
                let found = inherited((kind, flags, 3, everyone()), &child);
                let expected = expected.map_or(none.clone(), |flags: u8| {
                    list(&[(kind, flags | ID, 3, everyone())])
                });
                assert_eq!(found, expected, "{kind} {flags:#x} {}", child.is_container);
            }
        }
    }
}

#[test]
fn the_creator_is_who_makes_it() {
    let entry = (0, OI | CI, 3, creator(0));
    let meant = (0, ID, 3, user_sid());
    assert_eq!(inherited(entry, &FILE), list(&[meant]));
    let goes_on = (0, OI | CI | IO | ID, 3, creator(0));
    assert_eq!(inherited(entry, &DIRECTORY), list(&[meant, goes_on]));
    let once = (0, OI | CI | NP, 3, creator(0));
    assert_eq!(inherited(once, &DIRECTORY), list(&[meant]));
    let group = (0, OI, 3, creator(1));
    let meant = (0, ID, 3, *user().primary_group());
    assert_eq!(inherited(group, &FILE), list(&[meant]));
    // Of a directory, only what goes on.
    let goes_on = (0, OI | IO | ID, 3, creator(1));
    assert_eq!(inherited(group, &DIRECTORY), list(&[goes_on]));
    // Whoever is said to own it is its creator.
    let given = Descriptor {
        group: Some(everyone()),
        ..Descriptor::default()
    };
    let parent = with(&[group]);
    let made = Descriptor::for_child(Some(&given), Some(&parent), &FILE, &user()).unwrap();
    assert_eq!(made.dacl, Some(list(&[(0, ID, 3, everyone())])));
}

#[test]
fn generic_rights_become_those_of_the_type() {
    let entry = (0, OI | CI, GENERIC_READ | 2, everyone());
    let meant = (0, ID, 3, everyone());
    assert_eq!(inherited(entry, &FILE), list(&[meant]));
    let goes_on = (0, OI | CI | IO | ID, GENERIC_READ | 2, everyone());
    assert_eq!(inherited(entry, &DIRECTORY), list(&[meant, goes_on]));
}

#[test]
fn it_goes_on_two_levels_down() {
    let parent = with(&[(1, OI | CI, 4, everyone()), (0, OI, 1, creator(0))]);
    let below = child(&parent, &DIRECTORY);
    let auto = control::DACL_PRESENT | control::DACL_AUTO_INHERITED;
    assert_eq!(below.control, auto);
    assert_eq!((below.owner, below.sacl.as_ref()), (Some(user_sid()), None));
    let below = child(&below, &DIRECTORY);
    let expected = [
        (1, OI | CI | ID, 4, everyone()),
        (0, OI | IO | ID, 1, creator(0)),
    ];
    assert_eq!(below.dacl, Some(list(&expected)));
    let expected = [(1, ID, 4, everyone()), (0, ID, 1, user_sid())];
    assert_eq!(child(&below, &FILE).dacl, Some(list(&expected)));
}

#[test]
fn what_is_given_comes_first() {
    let own = [(0, 0, 1, user_sid()), (0, ID, 2, user_sid())];
    let parent = with(&[(0, OI, 4, everyone())]);
    let make = |given: &Descriptor| {
        let made = Descriptor::for_child(Some(given), Some(&parent), &FILE, &user()).unwrap();
        (made.dacl, made.control)
    };
    let present = control::DACL_PRESENT;
    let auto = control::DACL_AUTO_INHERITED;
    // What was inherited elsewhere is not here.
    let both = list(&[(0, 0, 1, user_sid()), (0, ID, 4, everyone())]);
    assert_eq!(make(&with(&own)), (Some(both), present | auto));
    let mut protected = with(&own);
    protected.control |= control::DACL_PROTECTED;
    let kept = (protected.dacl.clone(), present | control::DACL_PROTECTED);
    assert_eq!(make(&protected), kept);
    // No list at all grants everything.
    let open = Descriptor {
        control: present,
        ..Descriptor::default()
    };
    assert_eq!(make(&open), (None, present));
    let nothing = Descriptor::default();
    let inherited = list(&[(0, ID, 4, everyone())]);
    assert_eq!(make(&nothing), (Some(inherited), present | auto));
}

#[test]
fn what_is_noted_is_inherited_without_a_privilege() {
    const FAILURE: u8 = 0x80;
    let mut parent = with(&[]);
    parent.sacl = Some(list(&[(2, OI | FAILURE, 1, everyone())]));
    parent.control |= control::SACL_PRESENT;
    let made = child(&parent, &FILE);
    let noted = list(&[(2, FAILURE | ID, 1, everyone())]);
    assert_eq!(made.sacl, Some(noted));
    assert_ne!(made.control & control::SACL_AUTO_INHERITED, 0);
    // A list without entries inherits nothing.
    assert_eq!(made.dacl, Some(default_list()));
}

#[test]
fn entries_of_types_stay_behind() {
    let object = |flags: u8| {
        let mut body = Vec::new();
        body.extend([5, OI, 0, 0]);
        body.extend(GENERIC_READ.to_le_bytes());
        body.extend([flags, 0, 0, 0]);
        body.extend([7; 16]);
        body.extend(creator(0).as_bytes());
        let size = body.len() as u16;
        body[2..4].copy_from_slice(&size.to_le_bytes());
        let mut list = [4, 0].to_vec();
        list.extend((8 + size).to_le_bytes());
        list.extend([1, 0, 0, 0]);
        list.extend(body);
        let mut parent = with(&[]);
        parent.dacl = Some(list);
        child(&parent, &FILE).dacl.unwrap()
    };
    assert_eq!(object(2), default_list());
    let found = object(1);
    assert_eq!(found[..2], [4, 0]);
    assert_eq!(found[8..10], [5, ID]);
    assert_eq!(found[12..16], [1, 0, 0, 0]);
    assert_eq!(found[36..], *user_sid().as_bytes());
}

#[test]
fn a_list_can_grow_too_long() {
    let entries: Vec<Entry> = (0..2_000).map(|_| (0, OI | CI, 1, creator(0))).collect();
    let parent = with(&entries);
    let made = Descriptor::for_child(None, Some(&parent), &DIRECTORY, &user());
    assert_eq!(made, Err(DescriptorError::Inheritance));
    let more = with(&entries);
    let made = Descriptor::for_child(Some(&more), Some(&parent), &FILE, &user());
    assert_eq!(made, Err(DescriptorError::Inheritance));
}
