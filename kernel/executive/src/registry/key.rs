//! Open keys: what handles of keys stand for.

use core::sync::atomic::{AtomicU32, Ordering};

use alloc::vec::Vec;
use hal::{OutOfMemory, Ref, Room};
use registry::{Change, KeyId, Opening, RegistryError, ValueView};
use security::{Descriptor, DescriptorError};
use spin::Once;

use super::{KeyView, Registry, watch, with};
use crate::Error;
use crate::claim;
use crate::clock::since_1601_100ns as now;
use crate::object::{Header, ObjectKind};

/// An open key.
pub struct Key {
    header: Header,
    id: KeyId,
    /// What the program notes of this opening.
    tags: AtomicU32,
    /// What watchers know it by; most openings do not watch.
    opening: Once<Opening>,
}

impl Key {
    /// Memory for one.
    pub(super) fn room() -> Result<Room<Self>, OutOfMemory> {
        Room::try_new()
    }

    pub(super) fn new(id: KeyId) -> Self {
        Self {
            header: Header::new(ObjectKind::Key),
            id,
            tags: AtomicU32::new(0),
            opening: Once::new(),
        }
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(super) fn id(&self) -> KeyId {
        self.id
    }

    /// What watchers know it by, if it watches.
    pub(super) fn opening(&self) -> &Once<Opening> {
        &self.opening
    }

    /// What the program notes of this opening.
    pub fn tags(&self) -> u32 {
        self.tags.load(Ordering::Relaxed)
    }

    /// Notes it.
    pub fn set_tags(&self, tags: u32) {
        self.tags.store(tags, Ordering::Relaxed);
    }

    /// The whole name of the key.
    pub fn path(&self) -> Result<Vec<u16>, Error> {
        with(|registry| registry.path(self.id))
    }

    /// Looks at the key. What looks holds the tree's lock, and touches no user
    /// memory; so do those below.
    pub fn view<T>(&self, look: impl FnOnce(&KeyView<'_>) -> T) -> Result<T, Error> {
        with(|registry| Ok(look(&registry.key(self.id)?)))
    }

    /// Looks at a key in it, by number.
    pub fn view_subkey<T>(
        &self,
        number: u32,
        look: impl FnOnce(&KeyView<'_>) -> T,
    ) -> Result<T, Error> {
        with(|registry| Ok(look(&registry.subkey(self.id, number)?)))
    }

    /// Looks at a value, by name.
    pub fn view_value<T>(
        &self,
        name: &[u16],
        look: impl FnOnce(&ValueView<'_>) -> T,
    ) -> Result<T, Error> {
        with(|registry| Ok(look(&registry.value(self.id, name)?)))
    }

    /// Looks at a value, by number.
    pub fn view_value_at<T>(
        &self,
        number: u32,
        look: impl FnOnce(&ValueView<'_>) -> T,
    ) -> Result<T, Error> {
        with(|registry| Ok(look(&registry.value_at(self.id, number)?)))
    }

    /// Sets a value.
    pub fn set_value(&self, name: &[u16], kind: u32, data: &[u8]) -> Result<(), Error> {
        self.change(|registry, id| registry.set_value(id, name, kind, data, now()))
    }

    /// Deletes a value.
    pub fn delete_value(&self, name: &[u16]) -> Result<(), Error> {
        self.change(|registry, id| registry.delete_value(id, name, now()))
    }

    /// Deletes the key.
    pub fn delete(&self) -> Result<(), Error> {
        watch::telling(|tree, answers| {
            let change = tree.registry.delete(self.id, now())?;
            tree.report(change, answers);
            tree.deleted(self.id, answers);
            Ok(())
        })
    }

    /// Gives it another name.
    pub fn rename(&self, name: &[u16]) -> Result<(), Error> {
        self.change(|registry, id| registry.rename(id, name, now()))
    }

    /// Says when it was written last.
    pub fn set_last_write(&self, time: u64) -> Result<(), Error> {
        self.change(|registry, id| registry.set_last_write(id, time))
    }

    /// Notes the flags that programs give it.
    pub fn set_user_flags(&self, flags: u32) -> Result<(), Error> {
        self.change(|registry, id| registry.set_user_flags(id, flags))
    }

    /// The same, of another kind.
    pub fn set_control_flags(&self, flags: u32) -> Result<(), Error> {
        self.change(|registry, id| registry.set_control_flags(id, flags))
    }

    /// Says what of it is virtual.
    pub fn set_virtual_flags(&self, flags: u32) -> Result<(), Error> {
        self.change(|registry, id| registry.set_virtual_flags(id, flags))
    }

    /// Its descriptor, if it has one.
    pub fn descriptor(&self) -> Result<Option<Ref<Descriptor>>, Error> {
        with(|registry| Ok(registry.security(self.id)?.cloned()))
    }

    /// Gives it another descriptor, made of the one it has.
    pub fn change_descriptor(
        &self,
        change: impl FnOnce(Option<&Descriptor>) -> Result<Descriptor, DescriptorError>,
    ) -> Result<(), Error> {
        watch::telling(|tree, answers| {
            let before = tree.registry.security(self.id)?;
            let (new, bytes) = claim::kept(change(before.map(|before| &**before))?)?;
            let (change, _) = tree.registry.set_security(self.id, new, bytes)?;
            tree.report(change, answers);
            Ok(())
        })
    }

    /// Lets nothing delete or rename it and, if `is_closed`, make keys in it.
    pub fn keep(&self, is_closed: bool) -> Result<(), Error> {
        with(|registry| {
            registry.keep(self.id)?;
            match is_closed {
                true => registry.close(self.id),
                false => Ok(()),
            }
        })
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Registry, KeyId) -> Result<Change, RegistryError>,
    ) -> Result<(), Error> {
        watch::telling(|tree, answers| {
            let change = change(&mut tree.registry, self.id)?;
            tree.report(change, answers);
            Ok(())
        })
    }
}
