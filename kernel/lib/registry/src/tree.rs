//! The tree of keys.
//!
//! * The keys in a key are sorted without regard to case and unique so; names
//!   keep the case they were made with. The lasting ones come before the
//!   volatile ones, as NT enumerates them.
//! * Values are in the order in which they were first set.
//! * A deleted key is gone at once: whoever has its number finds that it was
//!   deleted, and the name is free.
//! * What says who may use a key stays with it, whatever it is called.
//! * All keys and values together take no more than the registry's limit.

use crate::slab::Slab;
use crate::{KeyId, KeyView, RegistryError};
use alloc::vec::Vec;
use objects::{Case, SEPARATOR, compare, search};

/// Most units in the name of a key.
pub const MAX_KEY_NAME: usize = 255;
/// Most keys one in another, the root included.
pub const MAX_DEPTH: u32 = 512;

/// All keys. `S` says who may use one.
#[derive(Debug)]
pub struct Registry<S = ()> {
    pub(crate) keys: Slab<Key<S>>,
    root: KeyId,
    /// Bytes that keys and values take, and may take.
    used: u64,
    limit: u64,
}

/// A key.
#[derive(Debug)]
pub(crate) struct Key<S> {
    pub(crate) name: Vec<u16>,
    /// `None` for the root alone.
    pub(crate) parent: Option<KeyId>,
    pub(crate) depth: u32,
    pub(crate) class: Vec<u16>,
    pub(crate) last_write: u64,
    pub(crate) is_volatile: bool,
    pub(crate) is_link: bool,
    /// It can be neither deleted nor renamed.
    pub(crate) stays: bool,
    /// No more keys can be made in it.
    pub(crate) is_closed: bool,
    /// What programs note of a key (NT `Wow64Flags` and `ControlFlags`).
    pub(crate) user_flags: u32,
    pub(crate) control_flags: u32,
    /// What of it is virtual, as programs say.
    pub(crate) virtual_flags: u32,
    pub(crate) security: Option<Security<S>>,
    /// In the order of folded names.
    pub(crate) lasting: Vec<KeyId>,
    pub(crate) volatile: Vec<KeyId>,
    pub(crate) values: Vec<Value>,
}

/// What says who may use a key, which the registry keeps and does not look at.
#[derive(Debug)]
pub(crate) struct Security<S> {
    pub(crate) it: S,
    /// The memory that it takes.
    pub(crate) bytes: u32,
}

/// A value.
#[derive(Debug)]
pub(crate) struct Value {
    pub(crate) name: Vec<u16>,
    pub(crate) kind: u32,
    pub(crate) data: Vec<u8>,
}

impl<S> Registry<S> {
    /// A registry whose root has that name, and which takes no more bytes than
    /// `limit`.
    ///
    /// # Errors
    /// [`RegistryError::InvalidParameter`] for a name that is none;
    /// [`RegistryError::Full`], [`RegistryError::NoMemory`].
    pub fn new(name: &[u16], limit: u64, now: u64) -> Result<Self, RegistryError> {
        check_name(name)?;
        let root = Key {
            name: copy(name)?,
            parent: None,
            depth: 1,
            class: Vec::new(),
            last_write: now,
            is_volatile: false,
            is_link: false,
            stays: true,
            is_closed: false,
            user_flags: 0,
            control_flags: 0,
            virtual_flags: 0,
            security: None,
            lasting: Vec::new(),
            volatile: Vec::new(),
            values: Vec::new(),
        };
        let mut keys = Slab::new();
        let used = root.bytes();
        if used > limit {
            return Err(RegistryError::Full);
        }
        let root = keys.insert(root)?;
        Ok(Self {
            keys,
            root,
            used,
            limit,
        })
    }

    /// The key that all others are in.
    #[must_use]
    pub const fn root(&self) -> KeyId {
        self.root
    }

    /// Bytes that keys and values take.
    #[must_use]
    pub const fn used_bytes(&self) -> u64 {
        self.used
    }

    /// Makes a key one that is neither deleted nor renamed.
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`].
    pub fn keep(&mut self, id: KeyId) -> Result<(), RegistryError> {
        self.get_mut(id)?.stays = true;
        Ok(())
    }

    /// Lets no more keys be made in a key.
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`].
    pub fn close(&mut self, id: KeyId) -> Result<(), RegistryError> {
        self.get_mut(id)?.is_closed = true;
        Ok(())
    }

    /// What a key is like.
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`].
    pub fn key(&self, id: KeyId) -> Result<KeyView<'_, S>, RegistryError> {
        Ok(KeyView::new(self, self.get(id)?))
    }

    /// What says who may use a key, if anything does.
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`].
    pub fn security(&self, id: KeyId) -> Result<Option<&S>, RegistryError> {
        let security = self.get(id)?.security.as_ref();
        Ok(security.map(|security| &security.it))
    }

    /// The key with that number in a key, counted from 0.
    ///
    /// # Errors
    /// [`RegistryError::NoMoreEntries`], [`RegistryError::KeyDeleted`].
    pub fn subkey(&self, id: KeyId, number: u32) -> Result<KeyView<'_, S>, RegistryError> {
        let key = self.get(id)?;
        let number = usize::try_from(number).map_err(|_| RegistryError::NoMoreEntries)?;
        let child = key.children().nth(number);
        self.key(child.ok_or(RegistryError::NoMoreEntries)?)
    }

    /// The whole name of a key, from the root's on, each after a backslash.
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`], [`RegistryError::NoMemory`].
    pub fn path(&self, id: KeyId) -> Result<Vec<u16>, RegistryError> {
        // From the end on: each step goes one key up.
        let mut reversed = Vec::new();
        let mut at = Some(id);
        while let Some(id) = at {
            let key = self.get(id)?;
            reversed.try_reserve(key.name.len().saturating_add(1))?;
            reversed.extend(key.name.iter().rev());
            reversed.push(SEPARATOR);
            at = key.parent;
        }
        reversed.reverse();
        Ok(reversed)
    }

    /// The key that another is in; `None`: it is the root, or gone.
    pub(crate) fn parent(&self, id: KeyId) -> Option<KeyId> {
        self.keys.get(id)?.parent
    }

    /// The root of what would be one file of keys (NT: a hive): keys that stay are,
    /// but for those that such roots are made in.
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`].
    pub(crate) fn hive(&self, id: KeyId) -> Result<KeyId, RegistryError> {
        let mut at = id;
        loop {
            let key = self.get(at)?;
            match key.parent {
                Some(parent) if !key.stays => at = parent,
                _ if key.is_closed => return Ok(self.root),
                _ => return Ok(at),
            }
        }
    }

    pub(crate) fn get(&self, id: KeyId) -> Result<&Key<S>, RegistryError> {
        self.keys.get(id).ok_or(RegistryError::KeyDeleted)
    }

    pub(crate) fn get_mut(&mut self, id: KeyId) -> Result<&mut Key<S>, RegistryError> {
        self.keys.get_mut(id).ok_or(RegistryError::KeyDeleted)
    }

    /// The key of a name in a key.
    #[inline]
    pub(crate) fn child(&self, key: &Key<S>, name: &[u16]) -> Option<KeyId> {
        [&key.lasting, &key.volatile].into_iter().find_map(|list| {
            let position = self.position(list, name).ok()?;
            list.get(position).copied()
        })
    }

    /// Where a name stands in a list, or else where it belongs.
    pub(crate) fn position(&self, list: &[KeyId], name: &[u16]) -> Result<usize, usize> {
        search(list.len(), |place| {
            let other = &self.keys.get(*list.get(place)?)?.name;
            Some(compare(other, name, Case::Insensitive))
        })
    }

    /// Whether so many bytes may be taken in place of others.
    pub(crate) fn check_room(&self, more: u64, less: u64) -> Result<(), RegistryError> {
        let used = self.used.saturating_sub(less).saturating_add(more);
        // What does not grow is not refused.
        match used > self.limit && more > less {
            true => Err(RegistryError::Full),
            false => Ok(()),
        }
    }

    pub(crate) fn note_bytes(&mut self, more: u64, less: u64) {
        self.used = self.used.saturating_sub(less).saturating_add(more);
    }
}

impl<S> Key<S> {
    /// The keys in it, in order.
    pub(crate) fn children(&self) -> impl ExactSizeIterator<Item = KeyId> + '_ {
        Children {
            lasting: self.lasting.iter(),
            volatile: self.volatile.iter(),
        }
    }

    pub(crate) fn list(&self, is_volatile: bool) -> &[KeyId] {
        match is_volatile {
            true => &self.volatile,
            false => &self.lasting,
        }
    }

    pub(crate) fn list_mut(&mut self, is_volatile: bool) -> &mut Vec<KeyId> {
        match is_volatile {
            true => &mut self.volatile,
            false => &mut self.lasting,
        }
    }

    /// What it takes itself, without its values: with its place in the list.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes_with(self.name.len())
    }

    /// The same, with a name of so many units.
    pub(crate) fn bytes_with(&self, name: usize) -> u64 {
        let security = self.security.as_ref();
        let security = security.map_or(0, |security| security.bytes.into());
        key_bytes::<S>(name, self.class.len()).saturating_add(security)
    }
}

/// Two lists as one.
struct Children<'a> {
    lasting: core::slice::Iter<'a, KeyId>,
    volatile: core::slice::Iter<'a, KeyId>,
}

impl Iterator for Children<'_> {
    type Item = KeyId;

    fn next(&mut self) -> Option<KeyId> {
        let next = self.lasting.next().or_else(|| self.volatile.next());
        next.copied()
    }

    fn nth(&mut self, number: usize) -> Option<KeyId> {
        let lasting = self.lasting.len();
        match number.checked_sub(lasting) {
            None => self.lasting.nth(number).copied(),
            Some(rest) => {
                self.lasting = [].iter();
                self.volatile.nth(rest).copied()
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = self.lasting.len().saturating_add(self.volatile.len());
        (len, Some(len))
    }
}

impl ExactSizeIterator for Children<'_> {}

/// Bytes of a key with a name and a class of so many units.
pub(crate) fn key_bytes<S>(name: usize, class: usize) -> u64 {
    let units = name.saturating_add(class).saturating_mul(2);
    let fixed = size_of::<Key<S>>().saturating_add(size_of::<KeyId>());
    u64::try_from(fixed.saturating_add(units)).unwrap_or(u64::MAX)
}

/// Whether a key can have that name.
pub(crate) fn check_name(name: &[u16]) -> Result<(), RegistryError> {
    match name.is_empty() || name.len() > MAX_KEY_NAME || name.contains(&SEPARATOR) {
        true => Err(RegistryError::InvalidParameter),
        false => Ok(()),
    }
}

/// A copy, just large enough.
pub(crate) fn copy<T: Copy>(of: &[T]) -> Result<Vec<T>, RegistryError> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(of.len())?;
    copy.extend_from_slice(of);
    Ok(copy)
}
