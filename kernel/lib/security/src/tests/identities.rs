//! What a token says, and how that changes.

use super::{everyone, list, user, user_sid};
use crate::{Acl, AdjustError, DefaultError, Filter, Group, Privilege, Sid, group, privilege};

fn wish(number: u32, attributes: u32) -> Privilege {
    Privilege {
        number: number.into(),
        attributes,
    }
}

fn group(sid: Sid, attributes: u32) -> Group {
    Group { sid, attributes }
}

#[test]
fn the_ordinary_user_is_no_administrator() {
    let identity = user();
    assert_eq!(identity.user().sid, user_sid());
    assert_eq!(identity.owner(), &user_sid());
    assert_eq!(identity.primary_group(), &Sid::new(5, &[21, 0, 0, 0, 513]));
    let administrators = Sid::new(5, &[32, 544]);
    assert!(
        identity
            .groups()
            .iter()
            .all(|held| held.sid != administrators)
    );
    assert_eq!(identity.logon().unwrap().sid, Sid::new(5, &[5, 0, 0x3E9]));
    assert_eq!(identity.integrity().sid, Sid::new(16, &[0x2000]));
    assert!(identity.has_enabled(privilege::CHANGE_NOTIFY));
    assert!(!identity.has_enabled(privilege::SECURITY));
    assert_eq!(
        Acl::parse(identity.default_dacl().unwrap())
            .unwrap()
            .entries()
            .count(),
        3
    );
    assert!(!identity.is_restricted());
}

#[test]
fn privileges_are_enabled_disabled_and_removed() {
    let mut identity = user();
    let adjusted = identity
        .adjust_privileges(&[
            wish(privilege::SHUTDOWN, privilege::ENABLED),
            wish(privilege::CHANGE_NOTIFY, privilege::ENABLED),
            wish(privilege::SECURITY, privilege::ENABLED),
        ])
        .unwrap();
    assert!(!adjusted.had_all);
    assert_eq!(adjusted.before, [wish(privilege::SHUTDOWN, 0)]);
    assert!(identity.has_enabled(privilege::SHUTDOWN));
    identity
        .adjust_privileges(&[wish(privilege::SHUTDOWN, privilege::REMOVED)])
        .unwrap();
    assert_eq!(identity.privileges().len(), 4);
    let all = identity.all_disabled().unwrap();
    let adjusted = identity.adjust_privileges(&all).unwrap();
    assert_eq!(adjusted.before.len(), 1);
    assert!(adjusted.had_all);
    // That it is enabled by default stays known.
    let notify = identity.privileges().iter().find(|held| held.number == 23);
    assert_eq!(notify.unwrap().attributes, privilege::ENABLED_BY_DEFAULT);
}

#[test]
fn the_last_of_two_wishes_counts() {
    let mut identity = user();
    let wishes = [
        wish(privilege::UNDOCK, privilege::ENABLED),
        wish(privilege::UNDOCK, 0),
    ];
    assert!(
        identity
            .adjust_privileges(&wishes)
            .unwrap()
            .before
            .is_empty()
    );
    assert!(!identity.has_enabled(privilege::UNDOCK));
}

#[test]
fn mandatory_groups_stay() {
    let mut identity = user();
    let refused = identity.adjust_groups(&[group(everyone(), 0)]);
    assert_eq!(refused, Err(AdjustError::Mandatory));
    let adjusted = identity
        .adjust_groups(&[group(everyone(), group::ENABLED)])
        .unwrap();
    assert!(adjusted.before.is_empty() && adjusted.had_all);
    let unknown = [group(Sid::new(5, &[32, 544]), group::ENABLED)];
    assert!(!identity.adjust_groups(&unknown).unwrap().had_all);
    assert!(identity.groups_by_default().unwrap().is_empty());
}

#[test]
fn other_groups_come_and_go() {
    let mut identity = user();
    identity.groups[1].attributes = group::ENABLED | group::ENABLED_BY_DEFAULT;
    let before = identity.groups[1];
    let adjusted = identity.adjust_groups(&[group(everyone(), 0)]).unwrap();
    assert_eq!(adjusted.before, [before]);
    let defaults = identity.groups_by_default().unwrap();
    identity.adjust_groups(&defaults).unwrap();
    assert_eq!(identity.groups[1], before);
    identity.groups[1].attributes = group::USE_FOR_DENY_ONLY;
    let refused = identity.adjust_groups(&[group(everyone(), group::ENABLED)]);
    assert_eq!(refused, Err(AdjustError::DenyOnly));
}

#[test]
fn defaults_must_be_in_the_token() {
    let mut identity = user();
    assert_eq!(identity.set_owner(everyone()), Err(DefaultError::Owner));
    assert_eq!(identity.set_owner(user_sid()), Ok(()));
    assert_eq!(identity.set_primary_group(everyone()), Ok(()));
    let stranger = Sid::new(5, &[18]);
    assert_eq!(
        identity.set_primary_group(stranger),
        Err(DefaultError::PrimaryGroup)
    );
    assert_eq!(
        identity.set_default_dacl(Some([2; 8].to_vec())),
        Err(DefaultError::Acl)
    );
    assert!(identity.default_dacl().is_some());
    let new = list(&[(0, 0, 1, everyone())]);
    assert!(
        identity
            .set_default_dacl(Some(new.clone()))
            .unwrap()
            .is_some()
    );
    assert_eq!(identity.default_dacl(), Some(new.as_slice()));
    assert!(identity.set_default_dacl(None).unwrap().is_some());
    assert_eq!(identity.default_dacl(), None);
}

#[test]
fn integrity_only_falls() {
    let mut identity = user();
    let level = |level| Sid::new(16, &[level]);
    assert_eq!(
        identity.set_integrity(&level(0x3000)),
        Err(DefaultError::Integrity)
    );
    assert_eq!(
        identity.set_integrity(&everyone()),
        Err(DefaultError::Integrity)
    );
    assert_eq!(identity.set_integrity(&level(0x1000)), Ok(()));
    assert_eq!(
        identity.set_integrity(&level(0x2000)),
        Err(DefaultError::Integrity)
    );
}

#[test]
fn copies_are_equivalent_until_one_changes() {
    let identity = user();
    let mut copy = identity.try_clone().unwrap();
    assert_eq!(copy, identity);
    copy.adjust_privileges(&[wish(privilege::SHUTDOWN, privilege::ENABLED)])
        .unwrap();
    assert!(copy.is_equivalent(&identity));
    copy.keep_effective();
    assert_eq!(copy.privileges().len(), 2);
    assert!(!copy.is_equivalent(&identity) && !identity.is_equivalent(&copy));
}

#[test]
fn a_filter_takes_away() {
    let identity = user();
    let filtered = identity
        .filtered(&Filter {
            disabled: &[everyone(), user_sid()],
            deletes_all: true,
            restricted: &[Sid::new(5, &[12])],
            is_sandbox_inert: true,
            ..Filter::default()
        })
        .unwrap();
    assert_eq!(filtered.privileges().len(), 1);
    assert_eq!(filtered.user().attributes, group::USE_FOR_DENY_ONLY);
    let denies = group::MANDATORY | group::USE_FOR_DENY_ONLY;
    assert_eq!(filtered.groups()[1].attributes, denies);
    assert!(filtered.is_restricted() && filtered.is_sandbox_inert());
    assert!(!filtered.is_equivalent(&identity));
}

#[test]
fn restrictions_only_become_tighter() {
    let (one, two) = (Sid::new(5, &[12]), Sid::new(5, &[11]));
    let restrict = |restricted: &'static [u32]| {
        let sids: alloc::vec::Vec<_> = restricted
            .iter()
            .map(|&part| Sid::new(5, &[part]))
            .collect();
        sids
    };
    let first = restrict(&[12]);
    let filtered = user()
        .filtered(&Filter {
            restricted: &first,
            restricts_writing_only: true,
            ..Filter::default()
        })
        .unwrap();
    assert_eq!(filtered.restricted()[0].sid, one);
    let second = [two];
    let again = filtered
        .filtered(&Filter {
            restricted: &second,
            ..Filter::default()
        })
        .unwrap();
    // Nothing is in both: nobody is left who could be granted anything.
    assert!(again.restricted().is_empty() && again.is_restricted());
    assert!(!again.is_write_restricted);
}
