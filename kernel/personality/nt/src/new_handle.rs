//! Handles that are given out: of new objects, or of those of a name.

use abi::NtStatus;
use abi::access::DIRECTORY_TRAVERSE;
use abi::io::UnicodeString;
use abi::object::{
    OBJ_CASE_INSENSITIVE, OBJ_DONT_REPARSE, OBJ_EXCLUSIVE, OBJ_INHERIT, OBJ_OPENIF, OBJ_OPENLINK,
    OBJ_PERMANENT, OBJ_VALID_ATTRIBUTES, ObjectAttributes,
};
use abi::token::SE_CREATE_PERMANENT_PRIVILEGE;
use alloc::vec::Vec;
use executive::object::namespace::{self, Named, Walk};
use executive::object::{Found, Held, Object, ObjectKind, Opened};
use hal::{Ref, user};
use objects::{Case, Links};
use security::Descriptor;
use zerocopy::IntoBytes;

use crate::access;
use crate::call::{Call, Outcome, read, refused, violation, write};
use crate::security::descriptor_at;

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
    #[inline(always)]
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
        let flags = attributes.flags;
        let is_passed_on = flags & ONE_PROCESS == ONE_PROCESS;
        if flags != 0 && (is_passed_on || flags & access::invalid_attributes(kind) != 0) {
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

    /// The access that the program asked for, as it said it.
    pub(crate) fn asked(&self) -> u32 {
        self.wanted
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
        let object = make()?;
        call.describe(&object, self.attributes.descriptor.as_ref())?;
        if flags & (OBJ_PERMANENT | OBJ_EXCLUSIVE) != 0 {
            if flags & OBJ_PERMANENT != 0 {
                call.need_privilege(SE_CREATE_PERMANENT_PRIVILEGE)?;
            }
            if flags & OBJ_EXCLUSIVE != 0 {
                object.header().allow_exclusive();
            }
        }
        let Some(name) = &self.attributes.name else {
            self.give_new(call, object)?;
            return Ok(NtStatus::SUCCESS);
        };
        let root = self.attributes.root(call)?;
        let walk = self.walk();
        // Without a handle, in the end, the name goes again.
        let held = Held::new(object.clone());
        match namespace::name(&object, root, name, walk).map_err(refused)? {
            Named::New => {
                self.give_new(call, object)?;
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

    /// Gives an object a handle in the calling process, as far as it may have it.
    pub(crate) fn give(&self, call: &Call<'_>, object: Object) -> Result<u64, NtStatus> {
        let access = call.allowed(&object, self.wanted, self.access)?;
        self.give_with(call, object, access)
    }

    /// Gives an object a handle with the access that something else has decided.
    pub(crate) fn give_as(
        &self,
        call: &Call<'_>,
        object: Object,
        access: u32,
    ) -> Result<u64, NtStatus> {
        self.give_with(call, object, access)
    }

    /// The same, where the process counts, whoever its thread acts for.
    pub(crate) fn give_as_self(&self, call: &Call<'_>, object: Object) -> Result<u64, NtStatus> {
        let own = call.process().token();
        let access = call.checked(&object, self.wanted, self.access, own)?;
        self.give_with(call, object, access)
    }

    /// Gives an object of its own making a descriptor, if there is one for it, and a
    /// handle.
    pub(crate) fn give_made(&self, call: &Call<'_>, object: Object) -> Result<u64, NtStatus> {
        call.describe(&object, self.attributes.descriptor.as_ref())?;
        self.give_new(call, object)
    }

    /// Gives a new object a handle: whoever makes an object gets what was asked for.
    #[inline(always)]
    fn give_new(&self, call: &Call<'_>, object: Object) -> Result<u64, NtStatus> {
        let access = self.access | call.notes(self.wanted)?;
        self.give_with(call, object, access)
    }

    #[inline(always)]
    fn give_with(&self, call: &Call<'_>, object: Object, access: u32) -> Result<u64, NtStatus> {
        let handles = call.process().handles();
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
    /// What a new object is to have.
    descriptor: Option<Ref<Descriptor>>,
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
            descriptor: match attributes.security_descriptor {
                0 => None,
                address => Some(given_descriptor(address)?),
            },
        })
    }

    /// Those of a name that is in no OBJECT_ATTRIBUTES.
    pub(crate) fn of_name(root: u64, name: Vec<u16>, flags: u32) -> Self {
        Self {
            root,
            name: Some(name).filter(|name| !name.is_empty()),
            flags,
            descriptor: None,
        }
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

    /// What a new object is to have.
    pub(crate) fn descriptor(&self) -> Option<&Descriptor> {
        self.descriptor.as_deref()
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

#[cold]
fn given_descriptor(address: u64) -> Result<Ref<Descriptor>, NtStatus> {
    Ref::try_new(descriptor_at(address)?).map_err(|_| NtStatus::NO_MEMORY)
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
