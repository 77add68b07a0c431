//! Checks of access.

use super::{everyone, list, user, user_sid};
use crate::{
    AccessRequest, Acl, Filter, Identity, Mapping, ObjectSecurity, Privilege, Sid, check_access,
    group, privilege, privilege_needed,
};

const MAXIMUM: u32 = 0x200_0000;
const MAPPING: Mapping = Mapping {
    read: 0x2_0001,
    write: 0x2_0002,
    execute: 0x12_0000,
    all: 0x1F_0003,
};

fn check_of(identity: &Identity, owner: Sid, dacl: Option<&[u8]>, desired: u32) -> Option<u32> {
    let object = ObjectSecurity {
        owner,
        dacl: dacl.map(|bytes| Acl::parse(bytes).unwrap()),
        sacl: None,
    };
    let request = AccessRequest {
        desired,
        mapping: MAPPING,
    };
    check_access(identity, &object, &request)
}

/// The system's object.
fn check(identity: &Identity, dacl: &[u8], desired: u32) -> Option<u32> {
    check_of(identity, Sid::new(5, &[18]), Some(dacl), desired)
}

#[test]
fn without_a_list_everything_is_granted() {
    let system = Sid::new(5, &[18]);
    assert_eq!(check_of(&user(), system, None, 3), Some(3));
    assert_eq!(check_of(&user(), system, None, MAXIMUM), Some(MAPPING.all));
}

#[test]
fn an_empty_list_grants_nothing_but_to_the_owner() {
    let empty = list(&[]);
    assert_eq!(check(&user(), &empty, 1), None);
    assert_eq!(check(&user(), &empty, MAXIMUM), None);
    let owned = |desired| check_of(&user(), user_sid(), Some(&empty), desired);
    assert_eq!(owned(0x6_0000), Some(0x6_0000));
    assert_eq!(owned(MAXIMUM), Some(0x6_0000));
    assert_eq!(owned(1), None);
}

#[test]
fn owner_rights_replace_what_owners_have() {
    let rights = list(&[(0, 0, 1, Sid::new(3, &[4]))]);
    let owned = |desired| check_of(&user(), user_sid(), Some(&rights), desired);
    assert_eq!(owned(MAXIMUM), Some(1));
    assert_eq!(check(&user(), &rights, 1), None);
}

#[test]
fn the_first_entry_for_a_right_counts() {
    let denied_first = list(&[(1, 0, 1, everyone()), (0, 0, 3, user_sid())]);
    assert_eq!(check(&user(), &denied_first, 1), None);
    assert_eq!(check(&user(), &denied_first, 2), Some(2));
    assert_eq!(check(&user(), &denied_first, MAXIMUM), Some(2));
    let granted_first = list(&[(0, 0, 3, user_sid()), (1, 0, 1, everyone())]);
    assert_eq!(check(&user(), &granted_first, 3), Some(3));
}

#[test]
fn generic_rights_in_entries_are_mapped() {
    let reads = list(&[(0, 0, 0x8000_0000, everyone())]);
    assert_eq!(check(&user(), &reads, 0x2_0001), Some(0x2_0001));
    assert_eq!(check(&user(), &reads, 2), None);
    assert_eq!(MAPPING.apply(0xF000_0010), 0x1F_0013);
}

#[test]
fn entries_for_children_and_strangers_do_not_count() {
    let entries = list(&[(0, 8, 3, everyone()), (0, 0, 3, Sid::new(5, &[18]))]);
    assert_eq!(check(&user(), &entries, 1), None);
}

#[test]
fn what_is_for_denial_only_denies_only() {
    let identity = user()
        .filtered(&Filter {
            disabled: &[user_sid()],
            ..Filter::default()
        })
        .unwrap();
    let grants = list(&[(0, 0, 1, user_sid()), (0, 0, 2, everyone())]);
    assert_eq!(check(&identity, &grants, MAXIMUM), Some(2));
    let denies = list(&[(1, 0, 2, user_sid()), (0, 0, 3, everyone())]);
    assert_eq!(check(&identity, &denies, MAXIMUM), Some(1));
    assert_eq!(
        check_of(&identity, user_sid(), Some(&list(&[])), MAXIMUM),
        None
    );
}

#[test]
fn disabled_groups_do_not_count_at_all() {
    let mut identity = user();
    identity.groups[1].attributes = group::ENABLED_BY_DEFAULT;
    let entries = list(&[(1, 0, 1, everyone()), (0, 0, 1, user_sid())]);
    assert_eq!(check(&identity, &entries, 1), Some(1));
}

#[test]
fn the_restricted_need_both() {
    let restrict = |writing_only| {
        let filter = Filter {
            restricted: &[everyone()],
            restricts_writing_only: writing_only,
            ..Filter::default()
        };
        user().filtered(&filter).unwrap()
    };
    let to_user = list(&[(0, 0, 3, user_sid())]);
    assert_eq!(check(&restrict(false), &to_user, 1), None);
    assert_eq!(check(&restrict(true), &to_user, 1), Some(1));
    assert_eq!(check(&restrict(true), &to_user, 2), None);
    let to_both = list(&[(0, 0, 3, user_sid()), (0, 0, 2, everyone())]);
    assert_eq!(check(&restrict(false), &to_both, MAXIMUM), Some(2));
}

#[test]
fn privileges_open_what_lists_do_not() {
    const ACCESS_SYSTEM_SECURITY: u32 = 0x100_0000;
    let open = list(&[(0, 0, 0x1000_0000, everyone())]);
    assert_eq!(
        privilege_needed(ACCESS_SYSTEM_SECURITY | 1),
        Some(privilege::SECURITY)
    );
    assert_eq!(privilege_needed(1), None);
    assert_eq!(check(&user(), &open, ACCESS_SYSTEM_SECURITY), None);
    let mut identity = user();
    identity
        .privileges
        .push(Privilege::enabled(privilege::SECURITY));
    identity
        .privileges
        .push(Privilege::enabled(privilege::TAKE_OWNERSHIP));
    let desired = ACCESS_SYSTEM_SECURITY | 1;
    assert_eq!(check(&identity, &open, desired), Some(desired));
    assert_eq!(check(&identity, &list(&[]), 0x8_0000), Some(0x8_0000));
}

#[test]
fn conditions_are_met_where_they_refuse_and_not_where_they_grant() {
    let entries = list(&[(9, 0, 3, everyone())]);
    assert_eq!(check(&user(), &entries, 1), None);
    let entries = list(&[(10, 0, 1, everyone()), (0, 0, 3, everyone())]);
    assert_eq!(check(&user(), &entries, MAXIMUM), Some(2));
}
