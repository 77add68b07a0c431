//! What an identity may do to an object (MS-DTYP 2.5.3).

use crate::condition::Circumstances;
use crate::label::Label;
use crate::{AceKind, Acl, Group, Identity, Sid, group, privilege};

const READ_CONTROL: u32 = 0x2_0000;
const WRITE_DAC: u32 = 0x4_0000;
const WRITE_OWNER: u32 = 0x8_0000;
const ACCESS_SYSTEM_SECURITY: u32 = 0x100_0000;
const MAXIMUM_ALLOWED: u32 = 0x200_0000;
const GENERIC_RIGHTS: u32 = 0xF000_0000;

/// What the generic rights mean for an object (NT `GENERIC_MAPPING`).
#[derive(Clone, Copy, Debug)]
pub struct Mapping {
    /// Reading.
    pub read: u32,
    /// Writing.
    pub write: u32,
    /// Executing.
    pub execute: u32,
    /// All.
    pub all: u32,
}

impl Mapping {
    /// A mask with the generic rights replaced.
    #[must_use]
    pub fn apply(&self, mask: u32) -> u32 {
        let generic = [
            (0x8000_0000, self.read),
            (0x4000_0000, self.write),
            (0x2000_0000, self.execute),
            (0x1000_0000, self.all),
        ];
        let named = generic.iter().filter(|(generic, _)| mask & generic != 0);
        named.fold(mask & !GENERIC_RIGHTS, |sum, (_, rights)| sum | rights)
    }
}

/// Who owns an object, and its list.
#[derive(Clone, Copy, Debug)]
pub struct ObjectSecurity<'a> {
    /// The owner.
    pub owner: Sid,
    /// The list; without one everyone may do everything.
    pub dacl: Option<Acl<'a>>,
    /// The other list, which has its integrity level and its attributes.
    pub sacl: Option<Acl<'a>>,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct AccessRequest {
    /// The rights, none of them generic.
    pub desired: u32,
    /// What generic rights mean in the list.
    pub mapping: Mapping,
}

/// The privilege that a request needs whatever the list says.
#[must_use]
pub const fn privilege_needed(desired: u32) -> Option<u32> {
    match desired & ACCESS_SYSTEM_SECURITY != 0 {
        true => Some(privilege::SECURITY),
        false => None,
    }
}

/// The rights that are granted; `None`: not all that are asked for can be.
#[must_use]
pub fn check_access(
    identity: &Identity,
    object: &ObjectSecurity<'_>,
    request: &AccessRequest,
) -> Option<u32> {
    let label = Label::of(object.sacl);
    let reached = label.leaves(identity, &request.mapping);
    let mut by_privilege = 0;
    if request.desired & ACCESS_SYSTEM_SECURITY != 0 {
        if !identity.has_enabled(privilege::SECURITY) {
            return None;
        }
        by_privilege |= ACCESS_SYSTEM_SECURITY;
    }
    if request.desired & WRITE_OWNER != 0 && identity.has_enabled(privilege::TAKE_OWNERSHIP) {
        by_privilege |= WRITE_OWNER & reached;
    }
    let by_list = by_list(identity, object, &request.mapping) & reached;
    let granted = by_list | by_privilege;
    let wanted = request.desired & !MAXIMUM_ALLOWED;
    let asks_for_all = request.desired & MAXIMUM_ALLOWED != 0;
    match (granted & wanted == wanted, asks_for_all) {
        (false, _) => None,
        (true, true) => {
            let all = granted & request.mapping.all | by_privilege | wanted;
            Some(all).filter(|&all| all != 0)
        }
        (true, false) => Some(wanted),
    }
}

/// All that the list, or its absence, and ownership grant.
fn by_list(identity: &Identity, object: &ObjectSecurity<'_>, mapping: &Mapping) -> u32 {
    let ordinary = core::slice::from_ref(&identity.user);
    let granted = granted_to(&[ordinary, &identity.groups], object, mapping);
    if !identity.is_restricted {
        return granted;
    }
    let restricted = granted_to(&[&identity.restricted], object, mapping);
    match identity.is_write_restricted {
        // Reading and executing are left to the first list.
        true => granted & (restricted | !mapping.write | mapping.read | mapping.execute),
        false => granted & restricted,
    }
}

/// All that members of these groups are granted.
fn granted_to(groups: &[&[Group]], object: &ObjectSecurity<'_>, mapping: &Mapping) -> u32 {
    const OWNER_RIGHTS: (u8, u32) = (3, 4);
    let Some(acl) = object.dacl else {
        return !(ACCESS_SYSTEM_SECURITY | MAXIMUM_ALLOWED | GENERIC_RIGHTS);
    };
    let owner_rights = Sid::new(OWNER_RIGHTS.0, &[OWNER_RIGHTS.1]);
    let is_owner = is_member(groups, &object.owner, AceKind::Allow);
    let circumstances = Circumstances::new(groups, object.sacl);
    let entries = || acl.entries().filter(|ace| !ace.is_inherit_only);
    let (mut granted, mut denied) = (0, 0);
    if is_owner && !entries().any(|ace| ace.sid == owner_rights) {
        granted = READ_CONTROL | WRITE_DAC;
    }
    for ace in entries() {
        let is_meant = match ace.sid == owner_rights {
            true => is_owner,
            false => is_member(groups, &ace.sid, ace.kind),
        };
        let is_meant =
            is_meant && (!ace.is_conditional || circumstances.are_met(ace.kind, ace.data));
        let mask = mapping.apply(ace.mask);
        match ace.kind {
            AceKind::Allow if is_meant => granted |= mask & !denied,
            AceKind::Deny if is_meant => denied |= mask & !granted,
            _ => {}
        }
    }
    granted
}

/// Whether an entry for someone is for these; what is there for denial only counts
/// for denial.
pub(crate) fn is_member(groups: &[&[Group]], sid: &Sid, kind: AceKind) -> bool {
    let counts = match kind {
        AceKind::Deny => group::ENABLED | group::USE_FOR_DENY_ONLY,
        _ => group::ENABLED,
    };
    let mut all = groups.iter().copied().flatten();
    all.any(|held| held.sid == *sid && held.attributes & counts != 0)
}
