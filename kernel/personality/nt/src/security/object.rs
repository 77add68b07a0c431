//! The descriptors of objects.

use abi::NtStatus;
use abi::access::{ACCESS_SYSTEM_SECURITY, READ_CONTROL, WRITE_DAC, WRITE_OWNER};
use abi::security::*;
use executive::object::Object;
use hal::{Ref, user};
use security::{Descriptor, DescriptorError};

use super::descriptor_at;
use crate::access;
use crate::call::{Call, Outcome, probe, violation, write};

/// Parts that are asked for or set with the first list.
const WITH_DACL: u32 = DACL_SECURITY_INFORMATION
    | PROTECTED_DACL_SECURITY_INFORMATION
    | UNPROTECTED_DACL_SECURITY_INFORMATION;
/// The same with the second list.
const WITH_SACL: u32 = SACL_SECURITY_INFORMATION
    | PROTECTED_SACL_SECURITY_INFORMATION
    | UNPROTECTED_SACL_SECURITY_INFORMATION;

/// NtQuerySecurityObject(handle, security information, descriptor, length, return
/// length)
pub(crate) fn nt_query_security_object(call: &Call<'_>) -> Outcome {
    let (parts, buffer, length) = (call.value32(1)?, call.word(2)?, call.value32(3)?);
    let return_length = call.word(4)?;
    probe::<u32>(return_length)?;
    let object = call.object(0, needed_to_query(parts))?;
    let descriptor = descriptor_of(call, &object)?;
    let bytes = descriptor.to_bytes(parts);
    let bytes = bytes.map_err(refused)?;
    let needed = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    write(return_length, &needed)?;
    if length < needed {
        return Err(NtStatus::BUFFER_TOO_SMALL);
    }
    user::copy_out(buffer, &bytes).map_err(violation)?;
    Ok(NtStatus::SUCCESS)
}

fn needed_to_query(parts: u32) -> u32 {
    let mut needed = 0;
    if parts & !WITH_SACL != 0 {
        needed |= READ_CONTROL;
    }
    if parts & (WITH_SACL | BACKUP_SECURITY_INFORMATION) != 0 {
        needed |= ACCESS_SYSTEM_SECURITY;
    }
    needed
}

/// NtSetSecurityObject(handle, security information, descriptor)
pub(crate) fn nt_set_security_object(call: &Call<'_>) -> Outcome {
    const OWNER: u32 =
        OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION;
    let parts = call.value32(1)?;
    let wanted = descriptor_at(call.word(2)?)?;
    let mut needed = 0;
    for (with, right) in [
        (OWNER, WRITE_OWNER),
        (WITH_DACL | ATTRIBUTE_SECURITY_INFORMATION, WRITE_DAC),
        (
            WITH_SACL | SCOPE_SECURITY_INFORMATION,
            ACCESS_SYSTEM_SECURITY,
        ),
        (
            BACKUP_SECURITY_INFORMATION,
            WRITE_DAC | WRITE_OWNER | ACCESS_SYSTEM_SECURITY,
        ),
    ] {
        if parts & with != 0 {
            needed |= right;
        }
    }
    let object = call.object(0, needed)?;
    let token = call.effective_token();
    let change = |before: Option<&Descriptor>| {
        let by_default;
        let before = match before {
            Some(before) => before,
            None => {
                by_default = default_of(call, &object)?;
                &by_default
            }
        };
        token.with(|identity| before.changed(parts, &wanted, identity))
    };
    match &object {
        Object::Key(key) => key
            .change_descriptor(change)
            .map_err(crate::call::refused)?,
        Object::File(file) if let Ok(node) = file.node() => node
            .change_descriptor(change)
            .map_err(crate::call::refused)?,
        _ => {
            let before = object.header().security();
            set(&object, change(before.as_deref()).map_err(refused)?)?;
        }
    }
    Ok(NtStatus::SUCCESS)
}

pub(super) fn refused(error: DescriptorError) -> NtStatus {
    NtStatus(error.status_code())
}

pub(super) fn set(object: &Object, descriptor: Descriptor) -> Result<(), NtStatus> {
    let kept = Ref::try_new(descriptor).map_err(|_| NtStatus::NO_MEMORY)?;
    object.header().set_security(kept);
    Ok(())
}

/// An object's descriptor; that of its kind, if it has none of its own. A file or key
/// has the same whoever has it open.
pub(super) fn descriptor_of(call: &Call<'_>, object: &Object) -> Result<Ref<Descriptor>, NtStatus> {
    let own = match object {
        Object::Key(key) => key.descriptor().map_err(crate::call::refused)?,
        Object::File(file) if let Ok(node) = file.node() => {
            node.descriptor().map_err(crate::call::refused)?
        }
        _ => object.header().security(),
    };
    if let Some(own) = own {
        return Ok(own);
    }
    let by_default = default_of(call, object).map_err(refused)?;
    Ref::try_new(by_default).map_err(|_| NtStatus::NO_MEMORY)
}

/// The descriptor of an object that has none of its own.
fn default_of(call: &Call<'_>, object: &Object) -> Result<Descriptor, DescriptorError> {
    match object.header().is_permanent() {
        true => {
            let all = access::all(object.kind());
            Ok(Descriptor::of_system(
                all & !access::KEPT_FROM_PROGRAMS,
                all,
            )?)
        }
        // There is one user, who makes all the others.
        false => Ok(call.process().token().with(Descriptor::of_maker)?),
    }
}
