//! Descriptors: of new objects, changed, in one piece.

use super::{everyone, list, user, user_sid};
use crate::{Descriptor, DescriptorError, Privilege, Sid, control, part, privilege};

const ALL: u32 = part::OWNER | part::GROUP | part::DACL | part::SACL;

fn system() -> Sid {
    Sid::new(5, &[18])
}

#[test]
fn new_objects_have_the_makers_defaults() {
    let made = Descriptor::of_maker(&user()).unwrap();
    assert_eq!(made.owner, Some(user_sid()));
    assert_eq!(made.group, Some(*user().primary_group()));
    assert_eq!(made.dacl.as_deref(), user().default_dacl());
    assert_eq!(Descriptor::default().for_new(&user()), Ok(made));
}

#[test]
fn what_is_given_is_taken() {
    let reads = list(&[(0, 0, 1, everyone())]);
    let given = Descriptor {
        group: Some(everyone()),
        dacl: Some(reads.clone()),
        control: control::DACL_PRESENT | control::DACL_PROTECTED,
        ..Descriptor::default()
    };
    let new = given.for_new(&user()).unwrap();
    assert_eq!(new.owner, Some(user_sid()));
    assert_eq!(new.group, Some(everyone()));
    assert_eq!(new.dacl, Some(reads));
    assert_eq!(new.control, given.control);
    // A list that is present and none grants everything.
    let open = Descriptor {
        control: control::DACL_PRESENT,
        ..Descriptor::default()
    };
    let new = open.for_new(&user()).unwrap();
    assert_eq!((&new.dacl, new.control), (&None, control::DACL_PRESENT));
    assert!(new.security().dacl.is_none());
}

#[test]
fn not_everyone_can_be_an_owner() {
    let given = Descriptor {
        owner: Some(system()),
        ..Descriptor::default()
    };
    let mut identity = user();
    assert_eq!(given.for_new(&identity), Err(DescriptorError::Owner));
    identity
        .privileges
        .push(Privilege::enabled(privilege::RESTORE));
    assert_eq!(given.for_new(&identity).unwrap().owner, Some(system()));
}

#[test]
fn what_is_noted_takes_a_privilege() {
    let given = Descriptor {
        sacl: Some(list(&[])),
        control: control::SACL_PRESENT,
        ..Descriptor::default()
    };
    let mut identity = user();
    assert_eq!(given.for_new(&identity), Err(DescriptorError::Privilege));
    identity
        .privileges
        .push(Privilege::enabled(privilege::SECURITY));
    let new = given.for_new(&identity).unwrap();
    assert_eq!(new.sacl, given.sacl);
    let both = control::SACL_PRESENT | control::DACL_PRESENT;
    assert_eq!(new.control, both);
}

#[test]
fn parts_change_alone() {
    let before = Descriptor::of_maker(&user()).unwrap();
    let other = Descriptor {
        owner: Some(user_sid()),
        group: Some(everyone()),
        ..Descriptor::default()
    };
    let changed = |parts, other: &Descriptor| before.changed(parts, other, &user());
    assert_eq!(changed(0, &other).as_ref(), Ok(&before));
    assert_eq!(changed(part::OWNER, &other).as_ref(), Ok(&before));
    let group = changed(part::GROUP, &other).unwrap();
    assert_eq!((group.group, &group.dacl), (Some(everyone()), &before.dacl));
    // No list: everyone may do everything.
    let open = changed(part::DACL, &other).unwrap();
    assert_eq!((&open.dacl, open.control), (&None, 0));
    let empty = Descriptor::default();
    for part in [part::OWNER, part::GROUP] {
        assert_eq!(changed(part, &empty), Err(DescriptorError::Missing));
    }
    let closed = changed(part::PROTECTED_DACL, &empty).unwrap();
    assert_eq!(closed.control, before.control | control::DACL_PROTECTED);
    let opened = closed.changed(part::UNPROTECTED_DACL, &empty, &user());
    assert_eq!(opened.as_ref(), Ok(&before));
}

#[test]
fn in_one_piece_the_parts_follow_the_header() {
    let descriptor = Descriptor::of_maker(&user()).unwrap();
    let header = |bits: u16, offsets: [u32; 4]| {
        let mut header = [1, 0].to_vec();
        header.extend(bits.to_le_bytes());
        header.extend(offsets.iter().flat_map(|offset| offset.to_le_bytes()));
        header
    };
    assert_eq!(descriptor.to_bytes(0).unwrap(), header(0x8000, [0; 4]));
    let (owner, group) = (user_sid(), descriptor.group.unwrap());
    let dacl = descriptor.dacl.as_deref().unwrap();
    let all = descriptor.to_bytes(ALL).unwrap();
    let ends = [
        20,
        20 + owner.size_bytes(),
        20 + owner.size_bytes() + group.size_bytes(),
    ];
    let [owner_at, group_at, dacl_at] = ends.map(|end| end as u32);
    let mut expected = header(0x8004, [owner_at, group_at, 0, dacl_at]);
    expected.extend(owner.as_bytes());
    expected.extend(group.as_bytes());
    expected.extend(dacl);
    assert_eq!(all, expected);
    let mut group_alone = header(0x8000, [0, 20, 0, 0]);
    group_alone.extend(group.as_bytes());
    assert_eq!(descriptor.to_bytes(part::GROUP).unwrap(), group_alone);
}

#[test]
fn the_systems_own_are_the_administrators() {
    let descriptor = Descriptor::of_system(1, 3).unwrap();
    assert_eq!(descriptor.owner, Some(Sid::new(5, &[32, 544])));
    let administrators = Sid::new(5, &[32, 544]);
    let entries = [
        (0, 0, 1, everyone()),
        (0, 0, 3, system()),
        (0, 0, 3, administrators),
    ];
    assert_eq!(descriptor.dacl, Some(list(&entries)));
}
