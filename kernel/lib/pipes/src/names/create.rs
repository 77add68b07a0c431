//! Who may create an instance of a name, new or not.

use alloc::vec::Vec;

use super::{Named, Names};
use crate::{Completed, Configuration, PipeStatus, PipeType, ReadMode};

/// Most units in a name: a `UNICODE_STRING` can count one more.
const MAX_UNITS: usize = 32_766;

/// What is to be done with a name that is, or is not, there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// `FILE_OPEN`: another instance.
    Open,
    /// `FILE_CREATE`: the first.
    Create,
    /// `FILE_OPEN_IF`: either.
    OpenIf,
}

impl TryFrom<u32> for Disposition {
    type Error = PipeStatus;

    fn try_from(number: u32) -> Result<Self, PipeStatus> {
        match number {
            1 => Ok(Self::Open),
            2 => Ok(Self::Create),
            3 => Ok(Self::OpenIf),
            _ => Err(PipeStatus::InvalidParameter),
        }
    }
}

/// What a server asks for (NT `NAMED_PIPE_CREATE_PARAMETERS`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Creation {
    /// What to do with the name.
    pub disposition: Disposition,
    /// The share access, which says where data go.
    pub share: u32,
    /// What is written; that of the first instance counts.
    pub pipe_type: PipeType,
    /// How the server reads.
    pub read: ReadMode,
    /// How many instances there may be, `u32::MAX` for no limit; that of the
    /// first counts.
    pub maximum_instances: u32,
    /// How long a wait lasts that does not say, in 100 ns, negative for a
    /// span; that of the first counts.
    pub default_timeout: i64,
}

/// Where an instance can go, for which there is memory. Dropped, it leaves the
/// names as they were.
#[derive(Debug)]
pub struct Place<'names, P, W> {
    pipes: &'names mut Vec<Named<P, W>>,
    position: usize,
    /// If the name is new.
    named: Option<Named<P, W>>,
    configuration: Configuration,
    pipe_type: PipeType,
}

impl<P, W> Names<P, W> {
    /// Finds a place for an instance (NT `NtCreateNamedPipeFile`).
    ///
    /// # Errors
    /// [`PipeStatus::NameInvalid`]; of a new name
    /// [`PipeStatus::InvalidParameter`] if the rest makes no pipe,
    /// [`PipeStatus::NameNotFound`] if it is to be there; of another
    /// [`PipeStatus::InstanceNotAvailable`] at its maximum,
    /// [`PipeStatus::AccessDenied`] if it is to be new or its data go elsewhere;
    /// [`PipeStatus::InvalidParameter`] to read messages where there are none;
    /// [`PipeStatus::InsufficientResources`].
    pub fn create(
        &mut self,
        name: &[u16],
        creation: &Creation,
    ) -> Result<Place<'_, P, W>, PipeStatus> {
        if name.is_empty() || name.len() > MAX_UNITS {
            return Err(PipeStatus::NameInvalid);
        }
        match self.find(name) {
            Ok(position) => self.another(position, creation),
            Err(position) => self.first(position, name, creation),
        }
    }

    fn first(
        &mut self,
        position: usize,
        name: &[u16],
        creation: &Creation,
    ) -> Result<Place<'_, P, W>, PipeStatus> {
        // A timeout of 0 or a point in time is none.
        if creation.maximum_instances == 0 || creation.default_timeout >= 0 {
            return Err(PipeStatus::InvalidParameter);
        }
        if creation.disposition == Disposition::Open {
            return Err(PipeStatus::NameNotFound);
        }
        let configuration = Configuration::from_share(creation.share)?;
        check_read(creation.pipe_type, creation.read)?;
        let exhausted = |_| PipeStatus::InsufficientResources;
        let mut units = Vec::new();
        units.try_reserve_exact(name.len()).map_err(exhausted)?;
        units.extend_from_slice(name);
        let mut instances = Vec::new();
        instances.try_reserve(1).map_err(exhausted)?;
        self.pipes.try_reserve(1).map_err(exhausted)?;
        Ok(Place {
            pipes: &mut self.pipes,
            position,
            named: Some(Named {
                // As large as its content: boxing it moves nothing.
                name: units.into_boxed_slice(),
                configuration,
                pipe_type: creation.pipe_type,
                maximum: creation.maximum_instances,
                default_timeout: creation.default_timeout,
                instances,
                waits: Vec::new(),
            }),
            configuration,
            pipe_type: creation.pipe_type,
        })
    }

    fn another(
        &mut self,
        position: usize,
        creation: &Creation,
    ) -> Result<Place<'_, P, W>, PipeStatus> {
        let named = self
            .pipes
            .get_mut(position)
            .ok_or(PipeStatus::NameNotFound)?;
        if named.current() >= named.maximum {
            return Err(PipeStatus::InstanceNotAvailable);
        }
        let configuration = Configuration::from_share(creation.share);
        if creation.disposition == Disposition::Create || configuration != Ok(named.configuration) {
            return Err(PipeStatus::AccessDenied);
        }
        check_read(named.pipe_type, creation.read)?;
        named
            .instances
            .try_reserve(1)
            .map_err(|_| PipeStatus::InsufficientResources)?;
        let (configuration, pipe_type) = (named.configuration, named.pipe_type);
        Ok(Place {
            pipes: &mut self.pipes,
            position,
            named: None,
            configuration,
            pipe_type,
        })
    }
}

impl<P, W> Place<'_, P, W> {
    /// Where the instance's data go.
    #[must_use]
    pub const fn configuration(&self) -> Configuration {
        self.configuration
    }

    /// What is written to it.
    #[must_use]
    pub const fn pipe_type(&self) -> PipeType {
        self.pipe_type
    }

    /// The name's first instance, if there is one: whose security descriptor
    /// is that of all.
    #[must_use]
    pub fn first(&self) -> Option<&P> {
        if self.named.is_some() {
            return None;
        }
        self.pipes.get(self.position)?.instances.first()
    }

    /// Adds the instance, which listens: waits for the name end.
    pub fn insert(self, instance: P, complete: &mut impl FnMut(Completed<W>)) {
        if let Some(mut named) = self.named {
            named.instances.push(instance);
            self.pipes.insert(self.position, named);
        } else if let Some(named) = self.pipes.get_mut(self.position) {
            named.instances.push(instance);
            for wait in named.waits.drain(..) {
                complete(Completed::new(wait, PipeStatus::Success, 0));
            }
        }
    }
}

/// That a server can read so.
fn check_read(pipe_type: PipeType, read: ReadMode) -> Result<(), PipeStatus> {
    if pipe_type == PipeType::Byte && read == ReadMode::Message {
        return Err(PipeStatus::InvalidParameter);
    }
    Ok(())
}
