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
    | SCOPE_SECURITY_INFORMATION
    | PROTECTED_SACL_SECURITY_INFORMATION
    | UNPROTECTED_SACL_SECURITY_INFORMATION;

/// NtQuerySecurityObject(handle, security information, descriptor, length, return
/// length)
pub(crate) fn nt_query_security_object(call: &Call<'_>) -> Outcome {
    let (parts, buffer, length) = (call.value32(1)?, call.word(2)?, call.value32(3)?);
    let return_length = call.word(4)?;
    probe::<u32>(return_length)?;
    let object = call.object(0, needed_to_query(parts))?;
    let descriptor = descriptor_of(call, &object).map_err(refused)?;
    let bytes = descriptor.to_bytes(parts);
    let bytes = bytes.map_err(|_| NtStatus::NO_MEMORY)?;
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
        (WITH_SACL, ACCESS_SYSTEM_SECURITY),
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
    let before = descriptor_of(call, &object).map_err(refused)?;
    let token = call.process().token();
    let after = token.with(|identity| before.changed(parts, &wanted, identity));
    set(&object, after.map_err(refused)?)?;
    match &object {
        Object::Key(key) => key.note_described().map_err(crate::call::refused)?,
        Object::File(file) => file.note_described(),
        _ => {}
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

/// An object's descriptor; that of its kind, if it has none of its own.
fn descriptor_of(call: &Call<'_>, object: &Object) -> Result<Ref<Descriptor>, DescriptorError> {
    if let Some(own) = object.header().security() {
        return Ok(own);
    }
    let by_default = match object.header().is_permanent() {
        true => {
            let all = access::all(object.kind());
            Descriptor::of_system(all & !access::KEPT_FROM_PROGRAMS, all)?
        }
        // There is one user, who makes all the others.
        false => call.process().token().with(Descriptor::of_maker)?,
    };
    Ref::try_new(by_default).map_err(|_| DescriptorError::NoMemory)
}
