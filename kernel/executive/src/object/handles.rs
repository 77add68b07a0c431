//! A process's handles: what its programs call objects by.

use core::sync::atomic::{AtomicU32, Ordering};

use alloc::vec::Vec;
use hal::lock::Lock;
use objects::{Entry, Handle, HandleError, HandleTable};

use super::{Held, Object, ObjectKind};
use crate::io::File;
use crate::{Error, rank};

/// A process's handle table.
pub struct Handles {
    table: Lock<rank::Handles, HandleTable<Object>>,
    /// The number of the process.
    process: u64,
    /// The most there ever were.
    peak: AtomicU32,
}

/// A handle, as it is listed.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Its value.
    pub handle: u64,
    /// The kind of its object.
    pub kind: ObjectKind,
    /// How many handles the object has.
    pub handle_count: u32,
    /// What the handle's holder may do to it.
    pub access: u32,
    /// Whether child processes get it too.
    pub inherit: bool,
    /// Whether it cannot be closed.
    pub protect_from_close: bool,
}

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
    /// Whether no other process may have a handle of the object.
    pub alone: bool,
}

/// What a handle stood for that was closed; the object still counts it.
pub struct Taken {
    /// The object.
    pub held: Held,
    /// What the handle's holder could do to it.
    pub access: u32,
    /// Whether child processes got it too.
    pub inherit: bool,
}

impl Handles {
    /// None, of the process of that number.
    pub(crate) fn new(process: u64) -> Self {
        Self {
            table: Lock::new(HandleTable::new(objects::MAX_HANDLES)),
            process,
            peak: AtomicU32::new(0),
        }
    }

    /// Gives an object a handle.
    pub fn add(&self, opened: Opened) -> Result<u64, Error> {
        let Opened { object, alone, .. } = opened;
        object.header().note_handle();
        let error = match object.header().exclusive.enter(self, alone) {
            Ok(()) => {
                let mut table = self.table.lock();
                match table.reserve() {
                    Ok(vacancy) => {
                        let handle = vacancy.insert(Entry {
                            object,
                            access: opened.access,
                            inherit: opened.inherit,
                            protect_from_close: opened.protect_from_close,
                        });
                        self.note_peak(table.len());
                        return Ok(handle.to_u64());
                    }
                    Err(error) => error.into(),
                }
            }
            Err(error) => error,
        };
        // What was counted for the handle goes, once the table is free for others.
        drop(Held::of_counted(object));
        Err(error)
    }

    /// Makes sure that the next handle needs no memory, for who changes something
    /// that a failure to add it would not take back.
    pub fn make_room(&self) -> Result<(), Error> {
        self.table.lock().reserve()?;
        Ok(())
    }

    /// What a handle stands for.
    #[inline]
    pub fn find(&self, handle: u64) -> Option<Found> {
        self.look_at(handle, |object, access| Found {
            object: object.clone(),
            access,
        })
    }

    /// Looks at the object of a handle, and at what its holder may do to it. The table
    /// is locked meanwhile.
    #[inline]
    pub fn look_at<R>(&self, handle: u64, look: impl FnOnce(&Object, u32) -> R) -> Option<R> {
        let handle = Handle::from_u64(handle)?;
        let table = self.table.lock();
        let entry = table.get(handle)?;
        Some(look(&entry.object, entry.access))
    }

    /// Closes a handle.
    pub fn close(&self, handle: u64) -> Result<(), Error> {
        let handle = Handle::from_u64(handle).ok_or(Error::InvalidHandle)?;
        let removed = self.table.lock().remove(handle);
        self.let_go(Held::of_counted(removed?.object));
        Ok(())
    }

    /// Lets go of what a handle stood for that was taken out.
    #[inline]
    pub fn let_go(&self, held: Held) {
        held.close(|object| {
            if let Object::File(file) = object
                && file.is_locked()
            {
                self.forget_closed(file);
            }
        });
    }

    /// Has an open file that none of them stands for let go of what is the process's.
    pub fn forget_closed(&self, file: &File) {
        if !self.has_file(file) {
            file.unlock_process(self.process);
        }
    }

    /// Whether any stands for an open file.
    fn has_file(&self, file: &File) -> bool {
        let is_it = |object: &Object| match object {
            Object::File(other) => core::ptr::eq(&**other, file),
            _ => false,
        };
        let table = self.table.lock();
        table.iter().any(|(_, entry)| is_it(&entry.object))
    }

    /// Closes a handle, but leaves what it stood for to the caller.
    pub fn take(&self, handle: u64) -> Result<Taken, Error> {
        let handle = Handle::from_u64(handle).ok_or(Error::InvalidHandle)?;
        let removed = self.table.lock().remove(handle)?;
        Ok(Taken {
            held: Held::of_counted(removed.object),
            access: removed.access,
            inherit: removed.inherit,
        })
    }

    /// The attributes of a handle: whether it is inherited, and whether it is
    /// protected from being closed.
    pub fn flags(&self, handle: u64) -> Result<(bool, bool), Error> {
        let handle = Handle::from_u64(handle).ok_or(Error::InvalidHandle)?;
        let table = self.table.lock();
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
        let mut table = self.table.lock();
        let entry = table.get_mut(handle).ok_or(Error::InvalidHandle)?;
        entry.inherit = inherit;
        entry.protect_from_close = protect_from_close;
        Ok(())
    }

    fn note_peak(&self, count: u32) {
        // Under the table's lock, so nobody else notes one meanwhile.
        if count > self.peak.load(Ordering::Relaxed) {
            self.peak.store(count, Ordering::Relaxed);
        }
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.table.lock().len()
    }

    /// The most there ever were.
    pub fn peak_count(&self) -> u32 {
        self.peak.load(Ordering::Relaxed)
    }

    /// All of them, in the order of their slots.
    pub fn list(&self) -> Result<Vec<Listed>, Error> {
        let mut list = Vec::new();
        let table = self.table.lock();
        let count = usize::try_from(table.len()).map_err(|_| Error::OutOfMemory)?;
        list.try_reserve_exact(count)?;
        list.extend(table.iter().map(|(handle, entry)| Listed {
            handle: handle.to_u64(),
            kind: entry.object.kind(),
            handle_count: entry.object.header().handle_count(),
            access: entry.access,
            inherit: entry.inherit,
            protect_from_close: entry.protect_from_close,
        }));
        Ok(list)
    }

    /// Whether any is of what is meant.
    pub fn has(&self, is_meant: impl Fn(&Object) -> bool) -> bool {
        let table = self.table.lock();
        table.iter().any(|(_, entry)| is_meant(&entry.object))
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
        while let Some((handle, entry, held)) = parent.inherited_after(after) {
            after = Some(handle);
            if is_wanted(handle.to_u64()) {
                let mut table = self.table.lock();
                let added = table.insert_at(handle, entry);
                self.note_peak(table.len());
                drop(table);
                added?;
                held.leave_to_table();
            }
        }
        Ok(())
    }

    /// The object is held before its handle here can be closed. What one process
    /// has for itself is not inherited.
    fn inherited_after(&self, after: Option<Handle>) -> Option<(Handle, Entry<Object>, Held)> {
        let table = self.table.lock();
        let mut after = after;
        loop {
            let (handle, entry) = table.next_after(after)?;
            if entry.inherit && !entry.object.header().is_exclusive() {
                let held = Held::new(entry.object.clone());
                return Some((handle, entry.clone(), held));
            }
            after = Some(handle);
        }
    }

    /// Closes all of them, protected or not.
    pub(crate) fn close_all(&self) {
        // The lock is let go for each: closing may end other processes.
        while let Some(entry) = self.take_first() {
            Held::of_counted(entry.object).close(|object| {
                if let Object::File(file) = object {
                    file.unlock_process(self.process);
                }
            });
        }
    }

    fn take_first(&self) -> Option<Entry<Object>> {
        let (_, entry) = self.table.lock().take_first()?;
        Some(entry)
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
