//! Handles as arguments: looked up with type and access, and given out.

use abi::NtStatus;
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::object::{OBJ_INHERIT, OBJ_VALID_ATTRIBUTES, ObjectAttributes};
use executive::dispatch::Signalled;
use executive::memory::Section;
use executive::object::{Found, Object, ObjectKind, Opened};
use executive::process::{Process, Thread};
use hal::Ref;

use crate::access;
use crate::call::{Call, Outcome, read, refused, write};

impl Call<'_> {
    /// What a handle argument stands for, pseudo handles included.
    pub(crate) fn found(&self, number: usize) -> Result<Found, NtStatus> {
        self.found_by(self.word(number)?)
    }

    /// What a handle stands for, pseudo handles included.
    pub(crate) fn found_by(&self, handle: u64) -> Result<Found, NtStatus> {
        let found = match handle {
            CURRENT_PROCESS => Found {
                object: Object::Process(self.thread().process().clone()),
                access: access::all(ObjectKind::Process),
            },
            CURRENT_THREAD => Found {
                object: Object::Thread(self.thread().clone()),
                access: access::all(ObjectKind::Thread),
            },
            handle => return self.process().handles().find(handle).map_err(refused),
        };
        Ok(found)
    }

    /// The object of a handle argument, whose holder must have this access.
    pub(crate) fn object(&self, number: usize, wanted: u32) -> Result<Object, NtStatus> {
        self.typed(number, wanted, Some)
    }

    fn typed<T>(
        &self,
        number: usize,
        wanted: u32,
        pick: impl FnOnce(Object) -> Option<T>,
    ) -> Result<T, NtStatus> {
        typed(self.found(number)?, wanted, pick)
    }

    pub(crate) fn event(&self, number: usize, wanted: u32) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::Event(event) => Some(event),
            _ => None,
        })
    }

    pub(crate) fn semaphore(&self, number: usize, wanted: u32) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::Semaphore(semaphore) => Some(semaphore),
            _ => None,
        })
    }

    pub(crate) fn mutant(&self, number: usize, wanted: u32) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::Mutant(mutant) => Some(mutant),
            _ => None,
        })
    }

    pub(crate) fn timer(&self, number: usize, wanted: u32) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::Timer(timer) => Some(timer),
            _ => None,
        })
    }

    pub(crate) fn keyed_event(
        &self,
        number: usize,
        wanted: u32,
    ) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::KeyedEvent(event) => Some(event),
            _ => None,
        })
    }

    pub(crate) fn process_of(&self, number: usize, wanted: u32) -> Result<Ref<Process>, NtStatus> {
        self.process_by(self.word(number)?, wanted)
    }

    /// The process of a handle, whose holder must have this access.
    pub(crate) fn process_by(&self, handle: u64, wanted: u32) -> Result<Ref<Process>, NtStatus> {
        typed(self.found_by(handle)?, wanted, |object| match object {
            Object::Process(process) => Some(process),
            _ => None,
        })
    }

    pub(crate) fn section(&self, number: usize, wanted: u32) -> Result<Ref<Section>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::Section(section) => Some(section),
            _ => None,
        })
    }

    pub(crate) fn thread_of(&self, number: usize, wanted: u32) -> Result<Ref<Thread>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::Thread(thread) => Some(thread),
            _ => None,
        })
    }

    /// Prepares to give out a handle at the address in argument 0, with the
    /// access of argument 1 and the attributes of argument 2. Until then, and if
    /// the call fails, there is 0.
    pub(crate) fn new_handle(&self, kind: ObjectKind) -> Result<NewHandle, NtStatus> {
        NewHandle::at(self.word(0)?, kind, self.value32(1)?, self.word(2)?)
    }
}

/// The object of a handle, if it is of the type and its holder has the access.
fn typed<T>(
    found: Found,
    wanted: u32,
    pick: impl FnOnce(Object) -> Option<T>,
) -> Result<T, NtStatus> {
    let picked = pick(found.object).ok_or(NtStatus::OBJECT_TYPE_MISMATCH)?;
    match found.access & wanted == wanted {
        true => Ok(picked),
        false => Err(NtStatus::ACCESS_DENIED),
    }
}

/// A handle that is about to be given out.
pub(crate) struct NewHandle {
    address: u64,
    access: u32,
    pub(crate) attributes: Attributes,
}

impl NewHandle {
    /// For an address, an access mask and the address of attributes, or 0.
    pub(crate) fn at(
        address: u64,
        kind: ObjectKind,
        access: u32,
        attributes: u64,
    ) -> Result<Self, NtStatus> {
        write(address, &0_u64)?;
        Ok(Self {
            address,
            access: access::granted(kind, access),
            attributes: Attributes::read(attributes)?,
        })
    }

    /// Makes an object and gives it a handle.
    pub(crate) fn create(
        &self,
        call: &Call<'_>,
        make: impl FnOnce() -> Result<Object, NtStatus>,
    ) -> Outcome {
        self.give(call, make()?)?;
        Ok(NtStatus::SUCCESS)
    }

    /// Gives the object of that name a handle.
    pub(crate) fn open(&self, _call: &Call<'_>) -> Outcome {
        Err(NtStatus::OBJECT_NAME_NOT_FOUND)
    }

    /// Gives the object a handle in the calling process.
    pub(crate) fn give(&self, call: &Call<'_>, object: Object) -> Result<u64, NtStatus> {
        let handles = call.process().handles();
        let opened = Opened {
            object,
            access: self.access,
            inherit: self.attributes.flags & OBJ_INHERIT != 0,
            protect_from_close: false,
        };
        let handle = handles.add(opened).map_err(refused)?;
        if let Err(status) = write(self.address, &handle) {
            // The program took its memory away meanwhile.
            handles.close(handle).map_err(refused)?;
            return Err(status);
        }
        Ok(handle)
    }
}

/// The attributes of an object that is to be created or opened.
pub(crate) struct Attributes {
    pub(crate) flags: u32,
}

impl Attributes {
    fn read(address: u64) -> Result<Self, NtStatus> {
        if address == 0 {
            return Ok(Self { flags: 0 });
        }
        let attributes = read::<ObjectAttributes>(address)?;
        let is_whole = usize::try_from(attributes.length_bytes) == Ok(size_of_val(&attributes));
        if !is_whole || attributes.attributes & !OBJ_VALID_ATTRIBUTES != 0 {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        Ok(Self {
            flags: attributes.attributes,
        })
    }
}
