//! The pipes of the device by name, and who waits for an instance of one.
//!
//! The first instance of a name says what all of them are. The name goes with
//! the server's end of the last one, though clients may be reading still.
//! Any units make a name, backslashes too, but none do not. How names compare
//! the executive says: as those of objects do, without regard to case.

mod create;
#[cfg(test)]
mod tests;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::{Completed, Configuration, PipeStatus, PipeType, Started};

pub use create::{Creation, Disposition, Place};

/// A pipe: `P` stands for one of its instances, `W` for a request that waits.
#[derive(Debug)]
struct Named<P, W> {
    name: Box<[u16]>,
    configuration: Configuration,
    pipe_type: PipeType,
    maximum: u32,
    default_timeout: i64,
    instances: Vec<P>,
    waits: Vec<W>,
}

/// The pipes of the device.
#[derive(Debug)]
pub struct Names<P, W> {
    /// In order.
    pipes: Vec<Named<P, W>>,
    compare: Compare,
}

/// The order of names.
pub type Compare = fn(&[u16], &[u16]) -> Ordering;

/// A pipe as a directory lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed<'names> {
    /// As the first instance was created with.
    pub name: &'names [u16],
    /// How many instances there are (listed as `EndOfFile`).
    pub current_instances: u32,
    /// How many there may be (listed as `AllocationSize`).
    pub maximum_instances: u32,
}

impl<P, W> Names<P, W> {
    /// No names.
    #[must_use]
    pub const fn new(compare: Compare) -> Self {
        Self {
            pipes: Vec::new(),
            compare,
        }
    }

    /// Gives a client an instance: the first that `connect` connects to, which
    /// is [`Pipe::connect_client`](crate::Pipe::connect_client).
    ///
    /// # Errors
    /// [`PipeStatus::NameNotFound`]; [`PipeStatus::AccessDenied`] to read or
    /// write where data do not go; [`PipeStatus::PipeNotAvailable`] if no
    /// instance listens; another that `connect` gives.
    pub fn open<T>(
        &self,
        name: &[u16],
        access: u32,
        mut connect: impl FnMut(&P) -> Result<T, PipeStatus>,
    ) -> Result<T, PipeStatus> {
        const FILE_READ_DATA: u32 = 1;
        const FILE_WRITE_DATA: u32 = 2;
        let named = self.named(name)?;
        if (access & FILE_READ_DATA != 0 && !named.configuration.is_outbound())
            || (access & FILE_WRITE_DATA != 0 && !named.configuration.is_inbound())
        {
            return Err(PipeStatus::AccessDenied);
        }
        for instance in &named.instances {
            match connect(instance) {
                Err(PipeStatus::PipeNotAvailable) => {}
                result => return result,
            }
        }
        Err(PipeStatus::PipeNotAvailable)
    }

    /// Waits until an instance listens (NT `FSCTL_PIPE_WAIT`); none does if
    /// `listens` says so of all. The deadline is the caller's.
    pub fn wait(&mut self, name: &[u16], listens: impl FnMut(&P) -> bool, wait: W) -> Started<W> {
        let named = self
            .find(name)
            .ok()
            .and_then(|position| self.pipes.get_mut(position));
        let Some(named) = named else {
            return Started::done(wait, PipeStatus::NameNotFound, 0);
        };
        if named.instances.iter().any(listens) {
            return Started::done(wait, PipeStatus::Success, 0);
        }
        if named.waits.try_reserve(1).is_err() {
            return Started::done(wait, PipeStatus::InsufficientResources, 0);
        }
        named.waits.push(wait);
        Started::Queued
    }

    /// Ends the waits for a name, an instance of which has begun to listen.
    pub fn listening(&mut self, name: &[u16], complete: &mut impl FnMut(Completed<W>)) {
        if let Ok(position) = self.find(name)
            && let Some(named) = self.pipes.get_mut(position)
        {
            for wait in named.waits.drain(..) {
                complete(Completed::new(wait, PipeStatus::Success, 0));
            }
        }
    }

    /// Ends the waits that match, for whatever name, and says how many:
    /// cancelled, or their deadline has passed.
    pub fn end_waits(
        &mut self,
        status: PipeStatus,
        mut matches: impl FnMut(&W) -> bool,
        complete: &mut impl FnMut(Completed<W>),
    ) -> usize {
        let mut ended = 0usize;
        for named in &mut self.pipes {
            for wait in named.waits.extract_if(.., |wait| matches(wait)) {
                ended = ended.saturating_add(1);
                complete(Completed::new(wait, status, 0));
            }
        }
        ended
    }

    /// Takes out the instance that matches, whose server closes, and with the
    /// last one the name: waits for it end.
    pub fn remove(
        &mut self,
        name: &[u16],
        matches: impl FnMut(&P) -> bool,
        complete: &mut impl FnMut(Completed<W>),
    ) -> Option<P> {
        let position = self.find(name).ok()?;
        let named = self.pipes.get_mut(position)?;
        let index = named.instances.iter().position(matches)?;
        let instance = named.instances.remove(index);
        if named.instances.is_empty() {
            for wait in self.pipes.remove(position).waits {
                complete(Completed::new(wait, PipeStatus::NameNotFound, 0));
            }
        }
        Some(instance)
    }

    /// A name's instances, in the order in which they were created.
    ///
    /// # Errors
    /// [`PipeStatus::NameNotFound`].
    pub fn instances(&self, name: &[u16]) -> Result<&[P], PipeStatus> {
        Ok(&self.named(name)?.instances)
    }

    /// How long a wait for a name lasts that does not say.
    ///
    /// # Errors
    /// [`PipeStatus::NameNotFound`].
    pub fn default_timeout(&self, name: &[u16]) -> Result<i64, PipeStatus> {
        Ok(self.named(name)?.default_timeout)
    }

    /// The number of instances that a name has and may have; of one that is
    /// gone it has none.
    ///
    /// # Errors
    /// [`PipeStatus::NameNotFound`].
    pub fn listed(&self, name: &[u16]) -> Result<Listed<'_>, PipeStatus> {
        Ok(self.named(name)?.listed())
    }

    /// The pipe with this number in the order of names.
    #[must_use]
    pub fn entry(&self, index: usize) -> Option<Listed<'_>> {
        Some(self.pipes.get(index)?.listed())
    }

    /// The pipes from the first on whose name is greater than this one, to
    /// continue a listing of a directory that has changed since.
    pub fn after<'names>(
        &'names self,
        name: &[u16],
    ) -> impl Iterator<Item = Listed<'names>> + use<'names, P, W> {
        let start = match self.find(name) {
            Ok(position) => position.saturating_add(1),
            Err(position) => position,
        };
        self.pipes.iter().skip(start).map(Named::listed)
    }

    fn named(&self, name: &[u16]) -> Result<&Named<P, W>, PipeStatus> {
        self.find(name)
            .ok()
            .and_then(|position| self.pipes.get(position))
            .ok_or(PipeStatus::NameNotFound)
    }

    /// Where a name stands, or else where it belongs.
    fn find(&self, name: &[u16]) -> Result<usize, usize> {
        self.pipes
            .binary_search_by(|named| (self.compare)(&named.name, name))
    }
}

impl<P, W> Named<P, W> {
    fn current(&self) -> u32 {
        self.instances.len().try_into().unwrap_or(u32::MAX)
    }

    fn listed(&self) -> Listed<'_> {
        Listed {
            name: &self.name,
            current_instances: self.current(),
            maximum_instances: self.maximum,
        }
    }
}
