//! What a wish for access to an object gives.

use abi::NtStatus;
use abi::access::{ACCESS_SYSTEM_SECURITY, GENERIC_ALL};
use abi::token::{SE_CREATE_PERMANENT_PRIVILEGE, SE_SECURITY_PRIVILEGE};
use executive::object::Object;
use executive::token::Token;
use hal::Ref;
use security::{AccessRequest, Descriptor, Mapping, check_access};

use super::object::{descriptor_of, refused, set};
use crate::access;
use crate::call::Call;

impl Call<'_> {
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
        let header = object.header();
        let is_other = self.thread().is_impersonating();
        if header.is_described() || is_other || wanted & ACCESS_SYSTEM_SECURITY != 0 {
            return self.checked(object, wanted, granted, &self.effective_token());
        }
        let is_kept = granted & KEPT != 0
            && header.is_permanent()
            && self.need_privilege(SE_CREATE_PERMANENT_PRIVILEGE).is_err();
        match is_kept {
            false => Ok(granted),
            true if wanted & (KEPT | GENERIC_ALL) != 0 => Err(NtStatus::ACCESS_DENIED),
            // No more was asked for than there is.
            true => Ok(granted & !KEPT),
        }
    }

    /// The right to what is noted, if it is asked for and the caller may have it.
    #[inline]
    pub(crate) fn notes(&self, wanted: u32) -> Result<u32, NtStatus> {
        let notes = wanted & ACCESS_SYSTEM_SECURITY;
        if notes != 0 {
            self.need_privilege(SE_SECURITY_PRIVILEGE)?;
        }
        Ok(notes)
    }

    /// The same of an object with a descriptor, or of who acts for someone else or
    /// would like to know what is noted, by the token that counts.
    #[cold]
    pub(crate) fn checked(
        &self,
        object: &Object,
        wanted: u32,
        granted: u32,
        token: &Ref<Token>,
    ) -> Result<u32, NtStatus> {
        if !token.is_effective() {
            return Err(NtStatus::BAD_IMPERSONATION_LEVEL);
        }
        let notes = wanted & ACCESS_SYSTEM_SECURITY;
        if notes != 0 && !token.with(|identity| identity.has_enabled(SE_SECURITY_PRIVILEGE)) {
            return Err(NtStatus::PRIVILEGE_NOT_HELD);
        }
        let own = object.header().security();
        let is_process = core::ptr::eq(&**token, &**self.process().token());
        let descriptor = match own {
            Some(own) => own,
            None if is_process => return Ok(granted | notes),
            None => descriptor_of(self, object)?,
        };
        let kind = object.kind();
        let rights = access::mapping(kind);
        let mapping = Mapping {
            read: rights.read,
            write: rights.write,
            execute: rights.execute,
            all: rights.all,
        };
        let request = AccessRequest {
            // What there is not on the type is not asked for.
            desired: mapping.apply(wanted) & (access::valid(kind) | MAXIMUM_AND_NOTES),
            mapping,
        };
        let security = descriptor.security();
        let found = token.with(|identity| check_access(identity, &security, &request));
        let found = found.ok_or(NtStatus::ACCESS_DENIED)?;
        Ok(access::granted(kind, found) | found & ACCESS_SYSTEM_SECURITY)
    }

    /// Gives a new object the descriptor that a program has for it, if it has one.
    #[inline]
    pub(crate) fn describe(
        &self,
        object: &Object,
        given: Option<&Ref<Descriptor>>,
    ) -> Result<(), NtStatus> {
        match given {
            None if self.thread().is_impersonating() => {
                self.describe_as(object, &Descriptor::default())
            }
            None => Ok(()),
            Some(given) => self.describe_as(object, given),
        }
    }

    #[cold]
    fn describe_as(&self, object: &Object, given: &Descriptor) -> Result<(), NtStatus> {
        let token = self.effective_token();
        let new = token.with(|identity| given.for_new(identity));
        set(object, new.map_err(refused)?)
    }
}

const MAXIMUM_AND_NOTES: u32 = abi::access::MAXIMUM_ALLOWED | ACCESS_SYSTEM_SECURITY;
