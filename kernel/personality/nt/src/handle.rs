//! Handles as arguments: looked up with type and access, and given out.

use abi::NtStatus;
use abi::access::{
    DIRECTORY_TRAVERSE, FILE_GENERIC_READ, FILE_GENERIC_WRITE, GENERIC_ALL, TOKEN_QUERY,
    TOKEN_QUERY_SOURCE,
};
use abi::io::{
    CONSOLE_ERROR, CONSOLE_INPUT, CONSOLE_OUTPUT, CURRENT_PROCESS, CURRENT_THREAD, UnicodeString,
};
use abi::object::{
    OBJ_CASE_INSENSITIVE, OBJ_DONT_REPARSE, OBJ_EXCLUSIVE, OBJ_INHERIT, OBJ_OPENIF, OBJ_OPENLINK,
    OBJ_PERMANENT, OBJ_VALID_ATTRIBUTES, ObjectAttributes,
};
use abi::token::{
    CURRENT_EFFECTIVE_TOKEN, CURRENT_PROCESS_TOKEN, CURRENT_THREAD_TOKEN,
    SE_CREATE_PERMANENT_PRIVILEGE,
};
use alloc::vec::Vec;
use executive::dispatch::Signalled;
use executive::job::Job;
use executive::memory::Section;
use executive::object::namespace::{self, Named, Walk};
use executive::object::{Directory, Found, Held, Object, ObjectKind, Opened, SymbolicLink};
use executive::process::{Process, Thread};
use executive::token::Token;
use hal::{Ref, user};
use objects::{Case, Links};
use zerocopy::IntoBytes;

use crate::access;
use crate::call::{Call, Outcome, read, refused, violation, write};

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
            // The thread's token, if it had one, would be the effective one.
            CURRENT_PROCESS_TOKEN | CURRENT_EFFECTIVE_TOKEN => Found {
                object: Object::Token(self.process().token().clone()),
                access: TOKEN_QUERY | TOKEN_QUERY_SOURCE,
            },
            CURRENT_THREAD_TOKEN => return Err(NtStatus::NO_TOKEN),
            handle => {
                let found = self.process().handles().find(handle);
                return found
                    .or_else(|error| standard_file(handle).ok_or(error))
                    .map_err(refused);
            }
        };
        Ok(found)
    }

    /// Refuses a call whose process does not have a privilege, enabled.
    pub(crate) fn need_privilege(&self, number: u32) -> Result<(), NtStatus> {
        let token = self.process().token();
        match token.with(|identity| identity.has_enabled(number)) {
            true => Ok(()),
            false => Err(NtStatus::PRIVILEGE_NOT_HELD),
        }
    }

    /// What a wish for access to an object gives, which its type would give
    /// `granted` for. Names that are to stay can be taken away only by who may make
    /// such.
    pub(crate) fn allowed(
        &self,
        object: &Object,
        wanted: u32,
        granted: u32,
    ) -> Result<u32, NtStatus> {
        const KEPT: u32 = access::KEPT_FROM_PROGRAMS;
        let is_kept = granted & KEPT != 0
            && object.header().is_permanent()
            && self.need_privilege(SE_CREATE_PERMANENT_PRIVILEGE).is_err();
        match is_kept {
            false => Ok(granted),
            true if wanted & (KEPT | GENERIC_ALL) != 0 => Err(NtStatus::ACCESS_DENIED),
            // No more was asked for than there is.
            true => Ok(granted & !KEPT),
        }
    }

    /// The object of a handle argument, whose holder must have this access.
    pub(crate) fn object(&self, number: usize, wanted: u32) -> Result<Object, NtStatus> {
        self.typed(number, wanted, Some)
    }

    pub(crate) fn typed<T>(
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

    pub(crate) fn directory(&self, number: usize, wanted: u32) -> Result<Ref<Directory>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::Directory(directory) => Some(directory),
            _ => None,
        })
    }

    pub(crate) fn symbolic_link(
        &self,
        number: usize,
        wanted: u32,
    ) -> Result<Ref<SymbolicLink>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::SymbolicLink(link) => Some(link),
            _ => None,
        })
    }

    pub(crate) fn section(&self, number: usize, wanted: u32) -> Result<Ref<Section>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::Section(section) => Some(section),
            _ => None,
        })
    }

    pub(crate) fn job(&self, number: usize, wanted: u32) -> Result<Ref<Job>, NtStatus> {
        self.job_by(self.word(number)?, wanted)
    }

    /// The job of a handle, whose holder must have this access.
    pub(crate) fn job_by(&self, handle: u64, wanted: u32) -> Result<Ref<Job>, NtStatus> {
        typed(self.found_by(handle)?, wanted, |object| match object {
            Object::Job(job) => Some(job),
            _ => None,
        })
    }

    pub(crate) fn token(&self, number: usize, wanted: u32) -> Result<Ref<Token>, NtStatus> {
        self.typed(number, wanted, |object| match object {
            Object::Token(token) => Some(token),
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

/// What one of the three standard handles stands for.
#[cold]
fn standard_file(handle: u64) -> Option<Found> {
    let access = match handle {
        CONSOLE_INPUT => FILE_GENERIC_READ,
        CONSOLE_OUTPUT | CONSOLE_ERROR => FILE_GENERIC_WRITE,
        _ => return None,
    };
    Some(Found {
        object: Object::File(executive::io::console().ok()?),
        access,
    })
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
    kind: ObjectKind,
    access: u32,
    wanted: u32,
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
        const ONE_PROCESS: u32 = OBJ_EXCLUSIVE | OBJ_INHERIT;
        write(address, &0_u64)?;
        let attributes = Attributes::read(attributes)?;
        // What one process has for itself it does not pass on.
        let is_passed_on = attributes.flags & ONE_PROCESS == ONE_PROCESS;
        if is_passed_on || attributes.flags & access::invalid_attributes(kind) != 0 {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        Ok(Self {
            address,
            kind,
            access: access::granted(kind, access),
            wanted: access,
            attributes,
        })
    }

    /// The access that it will grant.
    pub(crate) fn access(&self) -> u32 {
        self.access
    }

    /// Grants exactly this access.
    pub(crate) fn set_access(&mut self, access: u32) {
        (self.access, self.wanted) = (access, access);
    }

    /// Makes an object and gives it a handle, and its name if it is to have one.
    pub(crate) fn create(
        &self,
        call: &Call<'_>,
        make: impl FnOnce() -> Result<Object, NtStatus>,
    ) -> Outcome {
        let flags = self.attributes.flags;
        if flags & OBJ_PERMANENT != 0 {
            call.need_privilege(SE_CREATE_PERMANENT_PRIVILEGE)?;
        }
        let object = make()?;
        if flags & OBJ_EXCLUSIVE != 0 {
            object.header().allow_exclusive();
        }
        let Some(name) = &self.attributes.name else {
            self.give(call, object)?;
            return Ok(NtStatus::SUCCESS);
        };
        let root = self.attributes.root(call)?;
        let walk = self.walk();
        // Without a handle, in the end, the name goes again.
        let held = Held::new(object.clone());
        match namespace::name(&object, root, name, walk).map_err(refused)? {
            Named::New => {
                self.give(call, object)?;
                namespace::set_permanent(held.object(), flags & OBJ_PERMANENT != 0);
                Ok(NtStatus::SUCCESS)
            }
            Named::Taken(_) if flags & OBJ_OPENIF == 0 => Err(NtStatus::OBJECT_NAME_COLLISION),
            Named::Taken(other) if other.object().kind() != object.kind() => {
                Err(NtStatus::OBJECT_TYPE_MISMATCH)
            }
            Named::Taken(other) => {
                self.give(call, other.object().clone())?;
                Ok(NtStatus::OBJECT_NAME_EXISTS)
            }
        }
    }

    /// Gives the object of that name a handle.
    pub(crate) fn open(&self, call: &Call<'_>) -> Outcome {
        let root = self.attributes.root(call)?;
        let name = match (&self.attributes.name, &root) {
            (Some(name), _) => name.as_slice(),
            (None, Some(_)) => &[],
            (None, None) => return Err(NtStatus::OBJECT_PATH_SYNTAX_BAD),
        };
        let held = namespace::find(root, name, self.walk()).map_err(refused)?;
        if held.object().kind() != self.kind {
            return Err(NtStatus::OBJECT_TYPE_MISMATCH);
        }
        self.give(call, held.object().clone())?;
        Ok(NtStatus::SUCCESS)
    }

    /// How the name is walked: one of a link means the link, not where it leads.
    fn walk(&self) -> Walk {
        let mut walk = self.attributes.walk();
        if self.kind == ObjectKind::SymbolicLink {
            walk.links = match walk.links {
                Links::Follow | Links::OpenLast => Links::OpenLast,
                Links::Refuse | Links::RefuseButLast => Links::RefuseButLast,
            };
        }
        walk
    }

    /// Gives the object a handle in the calling process.
    pub(crate) fn give(&self, call: &Call<'_>, object: Object) -> Result<u64, NtStatus> {
        let handles = call.process().handles();
        let access = call.allowed(&object, self.wanted, self.access)?;
        let opened = Opened {
            object,
            access,
            inherit: self.attributes.flags & OBJ_INHERIT != 0,
            protect_from_close: false,
            alone: self.attributes.flags & OBJ_EXCLUSIVE != 0,
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
#[derive(Default)]
pub(crate) struct Attributes {
    root: u64,
    name: Option<Vec<u16>>,
    pub(crate) flags: u32,
}

impl Attributes {
    pub(crate) fn read(address: u64) -> Result<Self, NtStatus> {
        if address == 0 {
            return Ok(Self::default());
        }
        let attributes = read::<ObjectAttributes>(address)?;
        let is_whole = usize::try_from(attributes.length_bytes) == Ok(size_of_val(&attributes));
        if !is_whole || attributes.attributes & !OBJ_VALID_ATTRIBUTES != 0 {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        let name = match attributes.object_name {
            0 if attributes.root_directory != 0 => return Err(NtStatus::OBJECT_NAME_INVALID),
            0 => None,
            // An empty name is none.
            name => Some(read_text(name)?).filter(|name| !name.is_empty()),
        };
        Ok(Self {
            root: attributes.root_directory,
            name,
            flags: attributes.attributes,
        })
    }

    /// Where the name begins, if not at the root of all.
    pub(crate) fn root(&self, call: &Call<'_>) -> Result<Option<Object>, NtStatus> {
        match self.root {
            0 => Ok(None),
            handle => {
                let Found { object, access } = call.found_by(handle)?;
                let is_directory = object.kind() == ObjectKind::Directory;
                match is_directory && access & DIRECTORY_TRAVERSE == 0 {
                    true => Err(NtStatus::ACCESS_DENIED),
                    false => Ok(Some(object)),
                }
            }
        }
    }

    /// The name, as it was given.
    pub(crate) fn name(&self) -> Option<&[u16]> {
        self.name.as_deref()
    }

    pub(crate) fn walk(&self) -> Walk {
        let is_set = |flag| self.flags & flag != 0;
        Walk {
            case: match is_set(OBJ_CASE_INSENSITIVE) {
                true => Case::Insensitive,
                false => Case::Sensitive,
            },
            links: match (is_set(OBJ_DONT_REPARSE), is_set(OBJ_OPENLINK)) {
                (true, true) => Links::RefuseButLast,
                (true, false) => Links::Refuse,
                (false, true) => Links::OpenLast,
                (false, false) => Links::Follow,
            },
        }
    }
}

/// Reads the characters of a UNICODE_STRING.
pub(crate) fn read_text(address: u64) -> Result<Vec<u16>, NtStatus> {
    let string = read::<UnicodeString>(address)?;
    if !string.length_bytes.is_multiple_of(2) {
        return Err(NtStatus::OBJECT_NAME_INVALID);
    }
    let mut units = Vec::new();
    let count = usize::from(string.length_bytes >> 1);
    units
        .try_reserve_exact(count)
        .map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    units.resize(count, 0);
    user::copy_in(units.as_mut_slice().as_mut_bytes(), string.buffer).map_err(violation)?;
    Ok(units)
}
