//! What can be asked of keys and values.

use crate::Registry;
use crate::tree::{Key, Value};

/// A key, as it is told.
#[derive(Clone, Copy, Debug)]
pub struct KeyView<'a, S = ()> {
    registry: &'a Registry<S>,
    key: &'a Key<S>,
}

/// How long the longest of the things in a key are, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Longest {
    /// Names of keys.
    pub name: usize,
    /// Classes of keys.
    pub class: usize,
    /// Names of values.
    pub value_name: usize,
    /// Data of values.
    pub value_data: usize,
}

/// A value, as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueView<'a> {
    /// Its name.
    pub name: &'a [u16],
    /// Its type.
    pub kind: u32,
    /// Its data.
    pub data: &'a [u8],
}

impl<'a, S> KeyView<'a, S> {
    pub(crate) const fn new(registry: &'a Registry<S>, key: &'a Key<S>) -> Self {
        Self { registry, key }
    }

    /// Its name, without those of the keys that it is in.
    #[must_use]
    pub fn name(&self) -> &'a [u16] {
        &self.key.name
    }

    /// Its class.
    #[must_use]
    pub fn class(&self) -> &'a [u16] {
        &self.key.class
    }

    /// When it was written last.
    #[must_use]
    pub const fn last_write(&self) -> u64 {
        self.key.last_write
    }

    /// Whether it is not kept.
    #[must_use]
    pub const fn is_volatile(&self) -> bool {
        self.key.is_volatile
    }

    /// Whether it is a link.
    #[must_use]
    pub const fn is_link(&self) -> bool {
        self.key.is_link
    }

    /// What programs noted of it.
    #[must_use]
    pub const fn user_flags(&self) -> u32 {
        self.key.user_flags
    }

    /// The same.
    #[must_use]
    pub const fn control_flags(&self) -> u32 {
        self.key.control_flags
    }

    /// What of it is virtual, as programs say.
    #[must_use]
    pub const fn virtual_flags(&self) -> u32 {
        self.key.virtual_flags
    }

    /// How many keys are in it.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.key.children().len()
    }

    /// How many values it has.
    #[must_use]
    pub fn values(&self) -> usize {
        self.key.values.len()
    }

    /// The lengths of what is in it.
    #[must_use]
    pub fn longest(&self) -> Longest {
        let mut longest = Longest::default();
        let children = self.key.children();
        for child in children.filter_map(|id| self.registry.keys.get(id)) {
            longest.name = longest.name.max(size_of_val(child.name.as_slice()));
            longest.class = longest.class.max(size_of_val(child.class.as_slice()));
        }
        for value in &self.key.values {
            longest.value_name = longest.value_name.max(size_of_val(value.name.as_slice()));
            longest.value_data = longest.value_data.max(value.data.len());
        }
        longest
    }
}

impl<'a> ValueView<'a> {
    pub(crate) fn new(value: &'a Value) -> Self {
        Self {
            name: &value.name,
            kind: value.kind,
            data: &value.data,
        }
    }
}
