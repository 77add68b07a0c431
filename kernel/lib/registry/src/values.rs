//! The values of keys.

use crate::tree::{Key, Value, copy};
use crate::watch::{Change, filter};
use crate::{KeyId, Registry, RegistryError, ValueView};
use objects::{Case, compare};

/// Most units in the name of a value.
pub const MAX_VALUE_NAME: usize = 16_383;
/// Most bytes in a value: it lies in one block of the kernel's memory.
pub const MAX_DATA_BYTES: usize = 1 << 20;
/// The type of a link's target (NT `REG_LINK`).
pub const REG_LINK: u32 = 6;
/// The name of the value that has a link's target.
pub const LINK_VALUE: &str = "SymbolicLinkValue";

impl<S> Registry<S> {
    /// A value by name; the empty name is that of the default value.
    ///
    /// # Errors
    /// [`RegistryError::NameNotFound`], [`RegistryError::KeyDeleted`].
    pub fn value(&self, id: KeyId, name: &[u16]) -> Result<ValueView<'_>, RegistryError> {
        let key = self.get(id)?;
        let found = position(key, name).and_then(|position| key.values.get(position));
        let value = found.ok_or(RegistryError::NameNotFound)?;
        Ok(ValueView::new(value))
    }

    /// The value with that number, counted from 0.
    ///
    /// # Errors
    /// [`RegistryError::NoMoreEntries`], [`RegistryError::KeyDeleted`].
    pub fn value_at(&self, id: KeyId, number: u32) -> Result<ValueView<'_>, RegistryError> {
        let values = &self.get(id)?.values;
        let number = usize::try_from(number).map_err(|_| RegistryError::NoMoreEntries)?;
        let value = values.get(number).ok_or(RegistryError::NoMoreEntries)?;
        Ok(ValueView::new(value))
    }

    /// Sets a value. One that is there keeps its place and the case of its name; of
    /// what it was already, nobody is told.
    /// A link has one value alone.
    ///
    /// # Errors
    /// [`RegistryError::InvalidParameter`] for too long a name;
    /// [`RegistryError::AccessDenied`] for what a link cannot have;
    /// [`RegistryError::Full`], also for more than [`MAX_DATA_BYTES`];
    /// [`RegistryError::NoMemory`]; [`RegistryError::KeyDeleted`].
    pub fn set_value(
        &mut self,
        id: KeyId,
        name: &[u16],
        kind: u32,
        data: &[u8],
        now: u64,
    ) -> Result<Change, RegistryError> {
        if name.len() > MAX_VALUE_NAME {
            return Err(RegistryError::InvalidParameter);
        }
        let key = self.get(id)?;
        if key.is_link && !is_target(name, kind, data) {
            return Err(RegistryError::AccessDenied);
        }
        if data.len() > MAX_DATA_BYTES {
            return Err(RegistryError::Full);
        }
        let place = position(key, name);
        let old = place.and_then(|place| key.values.get(place));
        let (old_bytes, name_units) = match old {
            Some(old) => (old.bytes(), old.name.len()),
            None => (0, name.len()),
        };
        let bytes = value_bytes(name_units, data.len());
        self.check_room(bytes, old_bytes)?;
        let what = match old {
            Some(old) if old.kind == kind && old.data == data => 0,
            _ => filter::LAST_SET,
        };
        let data = copy(data)?;
        let key = self.get_mut(id)?;
        match place.and_then(|place| key.values.get_mut(place)) {
            Some(value) => {
                value.kind = kind;
                value.data = data;
            }
            None => {
                let name = copy(name)?;
                key.values.try_reserve(1)?;
                key.values.push(Value { name, kind, data });
            }
        }
        key.last_write = now;
        self.note_bytes(bytes, old_bytes);
        Ok(Change::new(id, what))
    }

    /// Deletes a value.
    ///
    /// # Errors
    /// [`RegistryError::NameNotFound`], [`RegistryError::KeyDeleted`].
    pub fn delete_value(
        &mut self,
        id: KeyId,
        name: &[u16],
        now: u64,
    ) -> Result<Change, RegistryError> {
        let key = self.get_mut(id)?;
        let place = position(key, name).ok_or(RegistryError::NameNotFound)?;
        // The position is one of the list.
        let value = key.values.remove(place);
        key.last_write = now;
        self.note_bytes(0, value.bytes());
        Ok(Change::new(id, filter::LAST_SET))
    }

    /// Where a link leads, as the bytes of a path.
    pub(crate) fn link_target(&self, link: KeyId) -> Result<&[u8], RegistryError> {
        let values = &self.get(link)?.values;
        // It can have no other.
        let target = values.first().ok_or(RegistryError::NameNotFound)?;
        Ok(&target.data)
    }
}

/// Whether a value can be a link's.
fn is_target(name: &[u16], kind: u32, data: &[u8]) -> bool {
    let wanted = LINK_VALUE.encode_utf16();
    let is_named = name.len() == LINK_VALUE.len()
        && name
            .iter()
            .zip(wanted)
            .all(|(unit, wanted)| objects::fold(*unit) == objects::fold(wanted));
    is_named && kind == REG_LINK && !data.is_empty() && data.len().is_multiple_of(2)
}

#[inline]
fn position<S>(key: &Key<S>, name: &[u16]) -> Option<usize> {
    let is_same = |value: &Value| {
        value.name.len() == name.len() && compare(&value.name, name, Case::Insensitive).is_eq()
    };
    key.values.iter().position(is_same)
}

impl Value {
    pub(crate) fn bytes(&self) -> u64 {
        value_bytes(self.name.len(), self.data.len())
    }
}

impl<S> Key<S> {
    pub(crate) fn values_bytes(&self) -> u64 {
        let bytes = self.values.iter().map(Value::bytes);
        bytes.fold(0, u64::saturating_add)
    }
}

fn value_bytes(name_units: usize, data_bytes: usize) -> u64 {
    const FIXED: usize = size_of::<Value>();
    let bytes = name_units.saturating_mul(2).saturating_add(data_bytes);
    u64::try_from(bytes.saturating_add(FIXED)).unwrap_or(u64::MAX)
}
