//! A process's handles: what its programs call objects by.

use hal::lock::Lock;
use objects::{Entry, Handle, HandleError, HandleTable};

use super::Object;
use crate::{Error, rank};

/// A process's handle table.
pub struct Handles(Lock<rank::Handles, HandleTable<Object>>);

/// What a handle stands for.
#[derive(Clone)]
pub struct Found {
    /// The object.
    pub object: Object,
    /// What the handle's holder may do to it.
    pub access: u32,
}

/// What a handle is made of.
#[derive(Clone)]
pub struct Opened {
    /// The object.
    pub object: Object,
    /// What the handle's holder may do to it.
    pub access: u32,
    /// Whether child processes get it too.
    pub inherit: bool,
    /// Whether it cannot be closed.
    pub protect_from_close: bool,
}

impl Handles {
    /// None.
    pub(crate) fn new() -> Self {
        Self(Lock::new(HandleTable::new(objects::MAX_HANDLES)))
    }

    /// Gives an object a handle.
    pub fn add(&self, opened: Opened) -> Result<u64, Error> {
        opened.object.header().note_handle();
        let object = opened.object.clone();
        let added = self.0.lock().insert(Entry {
            object: opened.object,
            access: opened.access,
            inherit: opened.inherit,
            protect_from_close: opened.protect_from_close,
        });
        match added {
            Ok(handle) => Ok(handle.to_u64()),
            Err(error) => {
                closed(&object);
                Err(error.into())
            }
        }
    }

    /// What a handle stands for.
    #[inline]
    pub fn find(&self, handle: u64) -> Result<Found, Error> {
        let handle = Handle::from_u64(handle).ok_or(Error::InvalidHandle)?;
        let table = self.0.lock();
        let entry = table.get(handle).ok_or(Error::InvalidHandle)?;
        Ok(Found {
            object: entry.object.clone(),
            access: entry.access,
        })
    }

    /// Closes a handle.
    pub fn close(&self, handle: u64) -> Result<(), Error> {
        let handle = Handle::from_u64(handle).ok_or(Error::InvalidHandle)?;
        let removed = self.0.lock().remove(handle);
        closed(&removed?.object);
        Ok(())
    }

    /// The attributes of a handle: whether it is inherited, and whether it is
    /// protected from being closed.
    pub fn flags(&self, handle: u64) -> Result<(bool, bool), Error> {
        let handle = Handle::from_u64(handle).ok_or(Error::InvalidHandle)?;
        let table = self.0.lock();
        let entry = table.get(handle).ok_or(Error::InvalidHandle)?;
        Ok((entry.inherit, entry.protect_from_close))
    }

    /// Sets them.
    pub fn set_flags(
        &self,
        handle: u64,
        inherit: bool,
        protect_from_close: bool,
    ) -> Result<(), Error> {
        let handle = Handle::from_u64(handle).ok_or(Error::InvalidHandle)?;
        let mut table = self.0.lock();
        let entry = table.get_mut(handle).ok_or(Error::InvalidHandle)?;
        entry.inherit = inherit;
        entry.protect_from_close = protect_from_close;
        Ok(())
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.0.lock().len()
    }

    /// Gives an empty table the handles of another that are inherited, with the
    /// same values; `is_wanted` chooses among them.
    pub fn inherit_from(
        &self,
        parent: &Self,
        mut is_wanted: impl FnMut(u64) -> bool,
    ) -> Result<(), Error> {
        let mut after = None;
        // One by one: two tables cannot be locked together.
        while let Some((handle, entry)) = parent.inherited_after(after) {
            after = Some(handle);
            if is_wanted(handle.to_u64()) {
                let object = entry.object.clone();
                object.header().note_handle();
                let added = self.0.lock().insert_at(handle, entry);
                if let Err(error) = added {
                    closed(&object);
                    return Err(error.into());
                }
            }
        }
        Ok(())
    }

    fn inherited_after(&self, after: Option<Handle>) -> Option<(Handle, Entry<Object>)> {
        let table = self.0.lock();
        let mut after = after;
        loop {
            let (handle, entry) = table.next_after(after)?;
            if entry.inherit {
                return Some((handle, entry.clone()));
            }
            after = Some(handle);
        }
    }

    /// Closes all of them, protected or not.
    pub(crate) fn close_all(&self) {
        // The lock is let go for each: closing may end other processes.
        while let Some(entry) = self.take_first() {
            closed(&entry.object);
        }
    }

    fn take_first(&self) -> Option<Entry<Object>> {
        let (_, entry) = self.0.lock().take_first()?;
        Some(entry)
    }
}

/// A handle of an object is gone.
fn closed(object: &Object) {
    if object.header().forget_handle() {
        object.last_handle_closed();
    }
}

impl From<HandleError> for Error {
    fn from(error: HandleError) -> Self {
        match error {
            HandleError::Invalid | HandleError::Internal => Self::InvalidHandle,
            HandleError::NotClosable => Self::HandleProtected,
            HandleError::TooMany => Self::TooManyHandles,
            HandleError::NoMemory => Self::OutOfMemory,
        }
    }
}
