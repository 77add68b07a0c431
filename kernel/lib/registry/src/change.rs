//! Making, deleting and renaming keys, and what programs note of them.

use crate::tree::{Key, Security, check_name, copy, key_bytes};
use crate::watch::{Change, filter};
use crate::{KeyId, MAX_DEPTH, Registry, RegistryError};
use alloc::vec::Vec;

/// What kind of key to make.
#[derive(Clone, Copy, Debug, Default)]
pub struct New<'a> {
    /// Its class, which only programs know the sense of.
    pub class: &'a [u16],
    /// Whether it is not kept (NT `REG_OPTION_VOLATILE`).
    pub is_volatile: bool,
    /// Whether it is a link (NT `REG_OPTION_CREATE_LINK`).
    pub is_link: bool,
    /// The time.
    pub now: u64,
}

/// A key that was made.
#[derive(Clone, Copy, Debug)]
pub struct Created {
    /// It.
    pub key: KeyId,
    /// What has changed.
    pub change: Change,
    /// When the key that it is in was written before.
    parent_written: u64,
}

impl<S> Registry<S> {
    /// Makes a key of a name that is free.
    ///
    /// # Errors
    /// [`RegistryError::InvalidParameter`] for a name that is none, and in a key
    /// that is [closed](Registry::close); [`RegistryError::NameCollision`];
    /// [`RegistryError::ChildMustBeVolatile`]; [`RegistryError::NameTooLong`]
    /// for more than [`MAX_DEPTH`]; [`RegistryError::AccessDenied`] in a link;
    /// [`RegistryError::Full`], [`RegistryError::NoMemory`],
    /// [`RegistryError::KeyDeleted`].
    pub fn create(
        &mut self,
        parent: KeyId,
        name: &[u16],
        new: &New<'_>,
    ) -> Result<Created, RegistryError> {
        check_name(name)?;
        let above = self.get(parent)?;
        if self.child(above, name).is_some() {
            return Err(RegistryError::NameCollision);
        }
        if above.is_closed {
            return Err(RegistryError::InvalidParameter);
        }
        if above.is_link {
            return Err(RegistryError::AccessDenied);
        }
        if above.is_volatile && !new.is_volatile {
            return Err(RegistryError::ChildMustBeVolatile);
        }
        if above.depth >= MAX_DEPTH {
            return Err(RegistryError::NameTooLong);
        }
        let bytes = key_bytes::<S>(name.len(), new.class.len());
        self.check_room(bytes, 0)?;
        let key = Key {
            name: copy(name)?,
            parent: Some(parent),
            depth: above.depth.saturating_add(1),
            class: copy(new.class)?,
            last_write: new.now,
            is_volatile: new.is_volatile,
            is_link: new.is_link,
            stays: false,
            is_closed: false,
            user_flags: 0,
            control_flags: 0,
            virtual_flags: 0,
            security: None,
            lasting: Vec::new(),
            volatile: Vec::new(),
            values: Vec::new(),
        };
        let above = self.get_mut(parent)?;
        above.list_mut(new.is_volatile).try_reserve(1)?;
        let parent_written = above.last_write;
        let key = self.keys.insert(key)?;
        self.enlist(parent, key)?;
        self.get_mut(parent)?.last_write = new.now;
        self.note_bytes(bytes, 0);
        Ok(Created {
            key,
            change: Change::new(parent, filter::NAME),
            parent_written,
        })
    }

    /// Undoes a creation of which nobody was told, unless others have found the
    /// key and made use of it; whether it is gone.
    pub fn undo(&mut self, created: Created) -> bool {
        let parent = self.get(created.key).ok().and_then(|key| key.parent);
        if self.delete(created.key, 0).is_err() {
            return false;
        }
        if let Some(Ok(parent)) = parent.map(|parent| self.get_mut(parent)) {
            parent.last_write = created.parent_written;
        }
        true
    }

    /// Deletes a key and its values.
    ///
    /// # Errors
    /// [`RegistryError::CannotDelete`] for one that has keys or
    /// [stays](Registry::keep); [`RegistryError::KeyDeleted`].
    pub fn delete(&mut self, id: KeyId, now: u64) -> Result<Change, RegistryError> {
        let key = self.get(id)?;
        let Some(parent) = key.parent else {
            return Err(RegistryError::CannotDelete);
        };
        if key.stays || key.children().len() != 0 {
            return Err(RegistryError::CannotDelete);
        }
        let bytes = key.bytes().saturating_add(key.values_bytes());
        self.delist(parent, id)?;
        self.keys.remove(id);
        self.get_mut(parent)?.last_write = now;
        self.note_bytes(0, bytes);
        Ok(Change::new(parent, filter::NAME))
    }

    /// Gives a key another name in the key that it is in.
    ///
    /// # Errors
    /// [`RegistryError::InvalidParameter`] for a name that is none;
    /// [`RegistryError::AccessDenied`] for a key that [stays](Registry::keep);
    /// [`RegistryError::CannotDelete`] for a name that another has;
    /// [`RegistryError::Full`], [`RegistryError::NoMemory`],
    /// [`RegistryError::KeyDeleted`].
    pub fn rename(&mut self, id: KeyId, name: &[u16], now: u64) -> Result<Change, RegistryError> {
        let key = self.get(id)?;
        check_name(name)?;
        let parent = match key.parent {
            Some(parent) if !key.stays => parent,
            _ => return Err(RegistryError::AccessDenied),
        };
        let taken = self.child(self.get(parent)?, name);
        if taken.is_some_and(|other| other != id) {
            return Err(RegistryError::CannotDelete);
        }
        let old_bytes = key.bytes();
        let bytes = key.bytes_with(name.len());
        self.check_room(bytes, old_bytes)?;
        let name = copy(name)?;
        // The list has room for it: it was in it.
        self.delist(parent, id)?;
        let key = self.get_mut(id)?;
        key.name = name;
        key.last_write = now;
        self.enlist(parent, id)?;
        self.get_mut(parent)?.last_write = now;
        self.note_bytes(bytes, old_bytes);
        Ok(Change::new(parent, filter::NAME))
    }

    /// Says when a key was written last.
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`].
    pub fn set_last_write(&mut self, id: KeyId, time: u64) -> Result<Change, RegistryError> {
        self.get_mut(id)?.last_write = time;
        Ok(Change::new(id, filter::LAST_SET))
    }

    /// Notes the flags that programs give a key (NT `Wow64Flags`).
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`].
    pub fn set_user_flags(&mut self, id: KeyId, flags: u32) -> Result<Change, RegistryError> {
        self.get_mut(id)?.user_flags = flags;
        Ok(Change::new(id, filter::ATTRIBUTES))
    }

    /// The same (NT `ControlFlags`).
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`].
    pub fn set_control_flags(&mut self, id: KeyId, flags: u32) -> Result<Change, RegistryError> {
        self.get_mut(id)?.control_flags = flags;
        Ok(Change::new(id, filter::ATTRIBUTES))
    }

    /// The same (NT `VirtTarget`, `VirtStore`, `VirtSource`).
    ///
    /// # Errors
    /// [`RegistryError::KeyDeleted`].
    pub fn set_virtual_flags(&mut self, id: KeyId, flags: u32) -> Result<Change, RegistryError> {
        self.get_mut(id)?.virtual_flags = flags;
        Ok(Change::new(id, filter::ATTRIBUTES))
    }

    /// Sets what says who may use a key, and how much memory it takes; what it was
    /// comes back.
    ///
    /// # Errors
    /// [`RegistryError::Full`], [`RegistryError::KeyDeleted`].
    pub fn set_security(
        &mut self,
        id: KeyId,
        security: S,
        bytes: u32,
    ) -> Result<(Change, Option<S>), RegistryError> {
        let before = self.get(id)?.security.as_ref();
        let before = before.map_or(0, |before| before.bytes);
        self.check_room(bytes.into(), before.into())?;
        let new = Security {
            it: security,
            bytes,
        };
        let old = self.get_mut(id)?.security.replace(new);
        self.note_bytes(bytes.into(), before.into());
        let change = Change::new(id, filter::ATTRIBUTES | filter::SECURITY);
        Ok((change, old.map(|old| old.it)))
    }

    /// Puts a key into the list of another, where there is room.
    fn enlist(&mut self, parent: KeyId, id: KeyId) -> Result<(), RegistryError> {
        let key = self.get(id)?;
        let is_volatile = key.is_volatile;
        let list = self.get(parent)?.list(is_volatile);
        let (Ok(place) | Err(place)) = self.position(list, &key.name);
        let list = self.get_mut(parent)?.list_mut(is_volatile);
        list.insert(place.min(list.len()), id);
        Ok(())
    }

    fn delist(&mut self, parent: KeyId, id: KeyId) -> Result<(), RegistryError> {
        let key = self.get(id)?;
        let is_volatile = key.is_volatile;
        let list = self.get(parent)?.list(is_volatile);
        if let Ok(place) = self.position(list, &key.name) {
            self.get_mut(parent)?.list_mut(is_volatile).remove(place);
        }
        Ok(())
    }
}
