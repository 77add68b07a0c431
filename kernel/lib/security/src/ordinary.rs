//! The one user there is, an ordinary one who is no administrator, and nobody.

use alloc::vec::Vec;

use crate::identity::copied;
use crate::label::MEDIUM;
use crate::{Group, Identity, OutOfMemory, Privilege, Sid, group, privilege};

const WORLD: u8 = 1;
const LOCAL: u8 = 2;
const NT: u8 = 5;
/// The numbers of the machine, of which there is one.
const MACHINE: [u32; 4] = [21, 0, 0, 0];
const FIRST_USER: u32 = 1000;
/// The group that all users of a machine are in.
const NONE: u32 = 513;
const INTERACTIVE: u32 = 4;
const LOGON_SESSION: u32 = 5;
const ANONYMOUS: u32 = 7;
const AUTHENTICATED: u32 = 11;
const SYSTEM: u32 = 18;
const BUILT_IN: u32 = 32;
const ADMINISTRATORS: u32 = 544;
const USERS: u32 = 545;

const GENERIC_ALL: u32 = 0x1000_0000;
const GENERIC_READ_AND_EXECUTE: u32 = 0xA000_0000;

/// Everyone.
pub(crate) fn world() -> Sid {
    Sid::new(WORLD, &[0])
}

/// The system itself.
pub(crate) fn system() -> Sid {
    Sid::new(NT, &[SYSTEM])
}

/// Who looks after the machine.
pub(crate) fn administrators() -> Sid {
    Sid::new(NT, &[BUILT_IN, ADMINISTRATORS])
}

fn of_machine(number: u32) -> Sid {
    let [one, two, three, four] = MACHINE;
    Sid::new(NT, &[one, two, three, four, number])
}

impl Identity {
    /// The user `S-1-5-21-0-0-0-1000` (W 3.15) with the groups and privileges that a
    /// user of Windows who is no administrator has, in the logon session of this
    /// number.
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn of_ordinary_user(logon: u32) -> Result<Self, OutOfMemory> {
        const ATTRIBUTES: u32 = group::MANDATORY | group::ENABLED_BY_DEFAULT | group::ENABLED;
        let user = of_machine(FIRST_USER);
        let primary_group = of_machine(NONE);
        let session = Sid::new(NT, &[LOGON_SESSION, 0, logon]);
        let of = |attributes| move |sid| Group { sid, attributes };
        let groups = [
            of(ATTRIBUTES)(primary_group),
            of(ATTRIBUTES)(world()),
            of(ATTRIBUTES)(Sid::new(NT, &[BUILT_IN, USERS])),
            of(ATTRIBUTES)(Sid::new(NT, &[INTERACTIVE])),
            of(ATTRIBUTES)(Sid::new(NT, &[AUTHENTICATED])),
            of(ATTRIBUTES | group::LOGON_ID)(session),
            of(ATTRIBUTES)(Sid::new(LOCAL, &[0])),
        ];
        let held = |number: u32, attributes| Privilege {
            number: number.into(),
            attributes,
        };
        let privileges = [
            held(privilege::SHUTDOWN, 0),
            held(
                privilege::CHANGE_NOTIFY,
                privilege::ENABLED_BY_DEFAULT | privilege::ENABLED,
            ),
            held(privilege::UNDOCK, 0),
            held(privilege::INCREASE_WORKING_SET, 0),
            held(privilege::TIME_ZONE, 0),
        ];
        let default_dacl = list_of(&[
            (user, GENERIC_ALL),
            (system(), GENERIC_ALL),
            (session, GENERIC_READ_AND_EXECUTE),
        ])?;
        Ok(Self {
            user: of(group::ENABLED)(user),
            groups: copied(&groups)?,
            privileges: copied(&privileges)?,
            restricted: Vec::new(),
            is_restricted: false,
            is_write_restricted: false,
            is_sandbox_inert: false,
            owner: user,
            primary_group,
            default_dacl: Some(default_dacl),
            integrity: MEDIUM,
        })
    }

    /// Nobody, who is not even one of everyone (NT's anonymous token without
    /// `EveryoneIncludesAnonymous`).
    ///
    /// # Errors
    /// [`OutOfMemory`].
    pub fn of_nobody() -> Result<Self, OutOfMemory> {
        let nobody = Sid::new(NT, &[ANONYMOUS]);
        let default_dacl = list_of(&[(world(), GENERIC_ALL), (nobody, GENERIC_ALL)])?;
        Ok(Self {
            user: Group {
                sid: nobody,
                attributes: group::ENABLED,
            },
            groups: Vec::new(),
            privileges: Vec::new(),
            restricted: Vec::new(),
            is_restricted: false,
            is_write_restricted: false,
            is_sandbox_inert: false,
            owner: nobody,
            primary_group: nobody,
            default_dacl: Some(default_dacl),
            integrity: 0,
        })
    }
}

/// A list that allows each of these so much.
pub(crate) fn list_of(allowed: &[(Sid, u32)]) -> Result<Vec<u8>, OutOfMemory> {
    const REVISION: u8 = 2;
    const HEADER_BYTES: usize = 8;
    const ACE_HEADER_BYTES: usize = 8;
    let ace_bytes = |sid: &Sid| sid.size_bytes().saturating_add(ACE_HEADER_BYTES);
    let total = allowed.iter().fold(HEADER_BYTES, |sum, (sid, _)| {
        sum.saturating_add(ace_bytes(sid))
    });
    let number = |value: usize| u16::try_from(value).unwrap_or(u16::MAX).to_le_bytes();
    let mut list = Vec::new();
    list.try_reserve_exact(total)?;
    list.extend_from_slice(&[REVISION, 0]);
    list.extend_from_slice(&number(total));
    list.extend_from_slice(&number(allowed.len()));
    list.extend_from_slice(&[0, 0]);
    for (sid, mask) in allowed {
        list.extend_from_slice(&[0, 0]);
        list.extend_from_slice(&number(ace_bytes(sid)));
        list.extend_from_slice(&mask.to_le_bytes());
        list.extend_from_slice(sid.as_bytes());
    }
    Ok(list)
}
