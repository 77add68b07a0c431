//! Groups and privileges, as whoever is in them or has them holds them.

use crate::Sid;

/// Attributes of groups (NT `SE_GROUP_*`).
pub mod group {
    /// It cannot be disabled.
    pub const MANDATORY: u32 = 0x1;
    /// It is enabled at first.
    pub const ENABLED_BY_DEFAULT: u32 = 0x2;
    /// It counts.
    pub const ENABLED: u32 = 0x4;
    /// It can own objects.
    pub const OWNER: u32 = 0x8;
    /// It only takes rights away.
    pub const USE_FOR_DENY_ONLY: u32 = 0x10;
    /// It is an integrity level, and that is checked.
    pub const INTEGRITY: u32 = 0x60;
    /// It is the logon session.
    pub const LOGON_ID: u32 = 0xC000_0000;
}

/// Privileges by their numbers, and their attributes (NT `SE_PRIVILEGE_*`).
pub mod privilege {
    /// Read and write audit lists.
    pub const SECURITY: u32 = 8;
    /// Reading everything, to keep a copy.
    pub const BACKUP: u32 = 17;
    /// Making everything again from a copy, and anyone the owner of an object.
    pub const RESTORE: u32 = 18;
    /// Take ownership.
    pub const TAKE_OWNERSHIP: u32 = 9;
    /// Switch the machine off.
    pub const SHUTDOWN: u32 = 19;
    /// Pass through directories unchecked.
    pub const CHANGE_NOTIFY: u32 = 23;
    /// Undock.
    pub const UNDOCK: u32 = 25;
    /// Act for others.
    pub const IMPERSONATE: u32 = 29;
    /// Raise integrity levels.
    pub const RELABEL: u32 = 32;
    /// Enlarge working sets.
    pub const INCREASE_WORKING_SET: u32 = 33;
    /// Set the time zone.
    pub const TIME_ZONE: u32 = 34;

    /// It is enabled at first.
    pub const ENABLED_BY_DEFAULT: u32 = 0x1;
    /// It counts.
    pub const ENABLED: u32 = 0x2;
    /// In a wish: takes it away for good.
    pub const REMOVED: u32 = 0x4;
}

/// A group with what it means for its member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// Which.
    pub sid: Sid,
    /// Of [`group`].
    pub attributes: u32,
}

/// A privilege, or a wish for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privilege {
    /// Of [`privilege`], or any other number.
    pub number: u64,
    /// Of [`privilege`].
    pub attributes: u32,
}

impl Privilege {
    /// An enabled one.
    #[must_use]
    pub const fn enabled(number: u32) -> Self {
        Self {
            number: number as u64,
            attributes: privilege::ENABLED,
        }
    }

    /// Whether it counts.
    #[must_use]
    pub const fn is_enabled(&self) -> bool {
        self.attributes & privilege::ENABLED != 0
    }
}
