//! What has changed, and what of it somebody wants to be told.

use crate::KeyId;

/// What a watcher wants to be told of (NT `REG_NOTIFY_CHANGE_*`).
pub mod filter {
    /// A key is made, deleted or renamed in the key.
    pub const NAME: u32 = 0x1;
    /// The key's attributes change.
    pub const ATTRIBUTES: u32 = 0x2;
    /// A value of the key is set or deleted.
    pub const LAST_SET: u32 = 0x4;
    /// The key's security descriptor changes.
    pub const SECURITY: u32 = 0x8;
    /// All of them.
    pub const ALL: u32 = 0xF;
}

/// What somebody watches of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Which changes; see [`filter`].
    pub filter: u32,
    /// Whether the keys below it are watched too.
    pub subtree: bool,
}

/// Something that has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key that it is a change of.
    pub key: KeyId,
    /// Which, see [`filter`]; 0: nothing that anybody is told of.
    pub what: u32,
}

impl Change {
    /// A change of a key.
    #[must_use]
    pub const fn new(key: KeyId, what: u32) -> Self {
        Self { key, what }
    }
}

impl Watch {
    /// Whether it wants to be told of a change of its key, or of one below it.
    pub(crate) const fn wants(&self, change: Change, is_below: bool) -> bool {
        self.filter & change.what != 0 && (self.subtree || !is_below)
    }
}
