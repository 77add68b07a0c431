//! Handles as arguments: looked up with type and access.

use abi::NtStatus;
use abi::access::{FILE_GENERIC_READ, FILE_GENERIC_WRITE, TOKEN_QUERY, TOKEN_QUERY_SOURCE};
use abi::io::{CONSOLE_ERROR, CONSOLE_INPUT, CONSOLE_OUTPUT, CURRENT_PROCESS, CURRENT_THREAD};
use abi::token::{CURRENT_EFFECTIVE_TOKEN, CURRENT_PROCESS_TOKEN, CURRENT_THREAD_TOKEN};
use executive::dispatch::Signalled;
use executive::io::Stream;

use executive::job::Job;
use executive::memory::Section;
use executive::object::{Directory, Found, Object, ObjectKind, SymbolicLink};
use executive::process::{Process, Thread};
use executive::token::Token;
use hal::Ref;

use crate::access;
use crate::call::{Call, refused};
use crate::new_handle::NewHandle;

impl Call<'_> {
    /// What a handle argument stands for, pseudo handles included.
    pub(crate) fn found(&self, number: usize) -> Result<Found, NtStatus> {
        self.found_by(self.word(number)?)
    }

    /// What a handle stands for, pseudo handles included.
    pub(crate) fn found_by(&self, handle: u64) -> Result<Found, NtStatus> {
        match self.process().handles().find(handle) {
            Some(found) => Ok(found),
            None => self.pseudo(handle),
        }
    }

    /// What a handle stands for that is no place in a table.
    #[cold]
    #[inline(never)]
    fn pseudo(&self, handle: u64) -> Result<Found, NtStatus> {
        let (object, access) = match handle {
            CURRENT_PROCESS => (
                Object::Process(self.thread().process().clone()),
                access::all(ObjectKind::Process),
            ),
            CURRENT_THREAD => (
                Object::Thread(self.thread().clone()),
                access::all(ObjectKind::Thread),
            ),
            CURRENT_PROCESS_TOKEN | CURRENT_THREAD_TOKEN | CURRENT_EFFECTIVE_TOKEN => (
                Object::Token(match handle {
                    CURRENT_PROCESS_TOKEN => self.process().token().clone(),
                    CURRENT_THREAD_TOKEN => self.thread().token().ok_or(NtStatus::NO_TOKEN)?,
                    _ => self.effective_token(),
                }),
                TOKEN_QUERY | TOKEN_QUERY_SOURCE,
            ),
            CONSOLE_INPUT => (standard(Stream::Input)?, FILE_GENERIC_READ),
            CONSOLE_OUTPUT => (standard(Stream::Output)?, FILE_GENERIC_WRITE),
            CONSOLE_ERROR => (standard(Stream::Errors)?, FILE_GENERIC_WRITE),
            _ => return Err(NtStatus::INVALID_HANDLE),
        };
        Ok(Found { object, access })
    }

    /// Who the calling thread acts for: by its own token, or its process's.
    pub(crate) fn effective_token(&self) -> Ref<Token> {
        self.thread().effective_token()
    }

    /// Whether whoever the calling thread acts for has a privilege, enabled.
    pub(crate) fn has_privilege(&self, number: u32) -> bool {
        let token = self.effective_token();
        token.is_effective() && token.with(|identity| identity.has_enabled(number))
    }

    /// Refuses a call without a privilege.
    pub(crate) fn need_privilege(&self, number: u32) -> Result<(), NtStatus> {
        match self.has_privilege(number) {
            true => Ok(()),
            false => Err(NtStatus::PRIVILEGE_NOT_HELD),
        }
    }

    /// The object of a handle argument, whose holder must have this access.
    pub(crate) fn object(&self, number: usize, wanted: u32) -> Result<Object, NtStatus> {
        let found = self.found(number)?;
        match found.access & wanted == wanted {
            true => Ok(found.object),
            false => Err(NtStatus::ACCESS_DENIED),
        }
    }

    /// The object of a handle, if it is of the type that `pick` picks and its holder
    /// has the access.
    pub(crate) fn typed<T>(
        &self,
        handle: u64,
        wanted: u32,
        pick: impl Fn(&Object) -> Option<&Ref<T>>,
    ) -> Result<Ref<T>, NtStatus> {
        let look = |object: &Object, access| checked(object, access, wanted, &pick);
        match self.process().handles().look_at(handle, look) {
            Some(result) => result,
            None => self.typed_pseudo(handle, wanted, &pick),
        }
    }

    #[cold]
    #[inline(never)]
    fn typed_pseudo<T>(
        &self,
        handle: u64,
        wanted: u32,
        pick: impl Fn(&Object) -> Option<&Ref<T>>,
    ) -> Result<Ref<T>, NtStatus> {
        let Found { object, access } = self.pseudo(handle)?;
        checked(&object, access, wanted, pick)
    }

    #[inline]
    pub(crate) fn event(&self, number: usize, wanted: u32) -> Result<Ref<Signalled>, NtStatus> {
        self.event_by(self.word(number)?, wanted)
    }

    /// The event of a handle, whose holder must have this access.
    pub(crate) fn event_by(&self, handle: u64, wanted: u32) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(handle, wanted, |object| match object {
            Object::Event(event) => Some(event),
            _ => None,
        })
    }

    pub(crate) fn semaphore(&self, number: usize, wanted: u32) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(self.word(number)?, wanted, |object| match object {
            Object::Semaphore(semaphore) => Some(semaphore),
            _ => None,
        })
    }

    pub(crate) fn mutant(&self, number: usize, wanted: u32) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(self.word(number)?, wanted, |object| match object {
            Object::Mutant(mutant) => Some(mutant),
            _ => None,
        })
    }

    pub(crate) fn timer(&self, number: usize, wanted: u32) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(self.word(number)?, wanted, |object| match object {
            Object::Timer(timer) => Some(timer),
            _ => None,
        })
    }

    pub(crate) fn keyed_event(
        &self,
        number: usize,
        wanted: u32,
    ) -> Result<Ref<Signalled>, NtStatus> {
        self.typed(self.word(number)?, wanted, |object| match object {
            Object::KeyedEvent(event) => Some(event),
            _ => None,
        })
    }

    #[inline]
    pub(crate) fn process_of(&self, number: usize, wanted: u32) -> Result<Ref<Process>, NtStatus> {
        self.process_by(self.word(number)?, wanted)
    }

    /// The process of a handle, whose holder must have this access.
    pub(crate) fn process_by(&self, handle: u64, wanted: u32) -> Result<Ref<Process>, NtStatus> {
        self.typed(handle, wanted, |object| match object {
            Object::Process(process) => Some(process),
            _ => None,
        })
    }

    pub(crate) fn directory(&self, number: usize, wanted: u32) -> Result<Ref<Directory>, NtStatus> {
        self.typed(self.word(number)?, wanted, |object| match object {
            Object::Directory(directory) => Some(directory),
            _ => None,
        })
    }

    pub(crate) fn symbolic_link(
        &self,
        number: usize,
        wanted: u32,
    ) -> Result<Ref<SymbolicLink>, NtStatus> {
        self.typed(self.word(number)?, wanted, |object| match object {
            Object::SymbolicLink(link) => Some(link),
            _ => None,
        })
    }

    pub(crate) fn section(&self, number: usize, wanted: u32) -> Result<Ref<Section>, NtStatus> {
        self.typed(self.word(number)?, wanted, |object| match object {
            Object::Section(section) => Some(section),
            _ => None,
        })
    }

    pub(crate) fn job(&self, number: usize, wanted: u32) -> Result<Ref<Job>, NtStatus> {
        self.job_by(self.word(number)?, wanted)
    }

    /// The job of a handle, whose holder must have this access.
    pub(crate) fn job_by(&self, handle: u64, wanted: u32) -> Result<Ref<Job>, NtStatus> {
        self.typed(handle, wanted, |object| match object {
            Object::Job(job) => Some(job),
            _ => None,
        })
    }

    pub(crate) fn token(&self, number: usize, wanted: u32) -> Result<Ref<Token>, NtStatus> {
        self.token_by(self.word(number)?, wanted)
    }

    /// The token of a handle, whose holder must have this access.
    pub(crate) fn token_by(&self, handle: u64, wanted: u32) -> Result<Ref<Token>, NtStatus> {
        self.typed(handle, wanted, |object| match object {
            Object::Token(token) => Some(token),
            _ => None,
        })
    }

    pub(crate) fn thread_of(&self, number: usize, wanted: u32) -> Result<Ref<Thread>, NtStatus> {
        self.typed(self.word(number)?, wanted, |object| match object {
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

/// What a standard handle stands for.
fn standard(stream: Stream) -> Result<Object, NtStatus> {
    let file = executive::io::standard(stream).map_err(refused)?;
    Ok(Object::File(file))
}

/// The object of a handle, if it is of the type that `pick` picks and its holder has
/// the access.
#[inline]
fn checked<T>(
    object: &Object,
    access: u32,
    wanted: u32,
    pick: impl Fn(&Object) -> Option<&Ref<T>>,
) -> Result<Ref<T>, NtStatus> {
    let picked = pick(object).ok_or(NtStatus::OBJECT_TYPE_MISMATCH)?;
    match access & wanted == wanted {
        true => Ok(picked.clone()),
        false => Err(NtStatus::ACCESS_DENIED),
    }
}
