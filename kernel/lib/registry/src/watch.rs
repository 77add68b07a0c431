//! Who is told of what has changed.

use crate::{KeyId, Registry};

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

/// What somebody watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The key.
    pub key: KeyId,
    /// What of it; see [`filter`].
    pub filter: u32,
    /// Whether the keys below it are watched too.
    pub subtree: bool,
}

/// Something that has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key that it is a change of.
    pub key: KeyId,
    /// Which; see [`filter`].
    pub what: u32,
}

impl Change {
    pub(crate) const fn new(key: KeyId, what: u32) -> Self {
        Self { key, what }
    }
}

impl Registry {
    /// Whether a watcher is to be told of a change.
    #[must_use]
    pub fn is_told(&self, watch: &Watch, change: Change) -> bool {
        if watch.filter & change.what == 0 {
            return false;
        }
        let mut at = Some(change.key);
        while let Some(id) = at {
            if id == watch.key {
                return true;
            }
            if !watch.subtree {
                return false;
            }
            at = self.keys.get(id).and_then(|key| key.parent);
        }
        false
    }
}
