//! Who may use files and keys that have descriptors.
//!
//! Most have none and are everyone's: only who uses one that has one comes here, or
//! makes something in it. The thread that runs is who asks. It is looked at under
//! the lock of what has the descriptor.

use hal::Ref;
use security::{AccessRequest, Child, Descriptor, DescriptorError, Identity, Mapping};
use security::{check_access, privilege};

use crate::{Error, scheduler};

/// Asks for all there is (NT `MAXIMUM_ALLOWED`).
const MAXIMUM_ALLOWED: u32 = 0x200_0000;
const READ_CONTROL: u32 = 0x2_0000;
const WRITE_DAC: u32 = 0x4_0000;
const WRITE_OWNER: u32 = 0x8_0000;
const DELETE: u32 = 0x1_0000;

/// The rights on a kind of things.
#[derive(Debug)]
pub struct Rights {
    /// What generic ones mean.
    pub mapping: Mapping,
    /// What is needed to read all of it.
    backup: u32,
    /// What is needed to make it again.
    restore: u32,
}

/// On files (NT `FILE_GENERIC_READ` and others).
pub const FILES: Rights = Rights {
    mapping: Mapping {
        read: 0x12_0089,
        write: 0x12_0116,
        execute: 0x12_00A0,
        all: 0x1F_01FF,
    },
    backup: 0x12_0089 | READ_CONTROL | files::access::EXECUTE,
    restore: 0x12_0116 | DELETE | WRITE_DAC | WRITE_OWNER,
};
/// On keys (NT `KEY_READ` and others).
pub const KEYS: Rights = Rights {
    mapping: Mapping {
        read: 0x2_0019,
        write: 0x2_0006,
        execute: 0x2_0039,
        all: 0xF_003F,
    },
    backup: 0x2_0019,
    restore: 0x2_0006 | DELETE | WRITE_DAC | WRITE_OWNER,
};

/// What a program wants of a file or key.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The access, as it was asked for.
    pub asked: u32,
    /// Whether who may save and restore everything does that.
    pub for_backup: bool,
    /// What a new one is to have.
    pub descriptor: Option<&'a Descriptor>,
}

impl Claim<'_> {
    /// What is granted on something with a descriptor, if so much is `needed` beside
    /// what is asked for, and so much is granted by something else.
    #[cold]
    pub(crate) fn granted(
        &self,
        rights: &Rights,
        descriptor: &Descriptor,
        needed: u32,
        by_others: u32,
    ) -> Result<u32, Error> {
        let mapping = rights.mapping;
        let wanted = mapping.apply(self.asked) & (mapping.all | MAXIMUM_ALLOWED);
        as_current(|identity| {
            let others = by_others | self.by_privilege(rights, identity);
            let found = match check(identity, rights, descriptor, (wanted | needed) & !others) {
                Some(found) => found,
                // Nothing by the list may be something by the others.
                None if wanted & !others == MAXIMUM_ALLOWED && needed & !others == 0 => 0,
                None => return Err(Error::AccessDenied),
            };
            let others = match wanted & MAXIMUM_ALLOWED {
                0 => wanted & others,
                _ => others & mapping.all,
            };
            let is_asked = match wanted & MAXIMUM_ALLOWED {
                0 => wanted,
                _ => mapping.all,
            };
            match (found | others) & is_asked {
                // Who asks for whatever there is gets something.
                0 if wanted != 0 => Err(Error::AccessDenied),
                granted => Ok(granted),
            }
        })?
    }

    /// Whether something with a descriptor grants this, too.
    #[cold]
    pub(crate) fn need(
        &self,
        rights: &Rights,
        descriptor: &Descriptor,
        needed: u32,
    ) -> Result<(), Error> {
        as_current(|identity| {
            let needed = needed & !self.by_privilege(rights, identity);
            let found = check(identity, rights, descriptor, needed);
            found.map(|_| ()).ok_or(Error::AccessDenied)
        })?
    }

    /// What something new has that is made in something with a descriptor or
    /// without, and how many bytes that takes.
    #[cold]
    pub(crate) fn new_descriptor(
        &self,
        rights: &Rights,
        parent: Option<&Descriptor>,
        is_container: bool,
    ) -> Result<(Ref<Descriptor>, u32), Error> {
        let child = Child {
            is_container,
            mapping: rights.mapping,
        };
        let new = as_current(|who| Descriptor::for_child(self.descriptor, parent, &child, who))?;
        kept(new?)
    }

    fn by_privilege(&self, rights: &Rights, identity: &Identity) -> u32 {
        let held = |number, given| match self.for_backup && identity.has_enabled(number) {
            true => given,
            false => 0,
        };
        held(privilege::BACKUP, rights.backup) | held(privilege::RESTORE, rights.restore)
    }
}

/// A descriptor that is to be kept, and how many bytes it takes.
pub(crate) fn kept(descriptor: Descriptor) -> Result<(Ref<Descriptor>, u32), Error> {
    /// What the heap needs for the parts of one, and its count.
    const SPARE_BYTES: usize = 64;
    let bytes = descriptor.footprint_bytes().saturating_add(SPARE_BYTES);
    let bytes = u32::try_from(bytes).map_err(|_| Error::OutOfMemory)?;
    Ok((Ref::try_new(descriptor)?, bytes))
}

/// All that whoever asks may do to something with a descriptor.
#[cold]
pub(crate) fn all_granted(rights: &Rights, descriptor: &Descriptor) -> Result<u32, Error> {
    as_current(|identity| check(identity, rights, descriptor, MAXIMUM_ALLOWED).unwrap_or(0))
}

/// Whether whoever asks goes through directories that do not let others.
#[cold]
pub(crate) fn goes_anywhere() -> Result<bool, Error> {
    as_current(|identity| identity.has_enabled(privilege::CHANGE_NOTIFY))
}

fn check(
    identity: &Identity,
    rights: &Rights,
    descriptor: &Descriptor,
    desired: u32,
) -> Option<u32> {
    let request = AccessRequest {
        desired,
        mapping: rights.mapping,
    };
    check_access(identity, &descriptor.security(), &request)
}

fn as_current<T>(look: impl FnOnce(&Identity) -> T) -> Result<T, Error> {
    let thread = scheduler::current().ok_or(Error::InvalidDeviceRequest)?;
    let token = thread.effective_token();
    match token.is_effective() {
        true => Ok(token.with(look)),
        false => Err(Error::ImpersonationLevel),
    }
}

impl From<DescriptorError> for Error {
    fn from(error: DescriptorError) -> Self {
        match error {
            DescriptorError::NoMemory => Self::OutOfMemory,
            error => Self::Descriptor(error),
        }
    }
}
