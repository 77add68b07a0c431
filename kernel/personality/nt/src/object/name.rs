//! Names that stay or go, and whether two handles are of one object.

use abi::NtStatus;
use abi::access::DELETE;
use abi::token::SE_CREATE_PERMANENT_PRIVILEGE;
use executive::object::namespace;

use crate::call::{Call, Outcome};

/// NtMakePermanentObject(handle)
pub(crate) fn nt_make_permanent_object(call: &Call<'_>) -> Outcome {
    let object = call.object(0, 0)?;
    call.need_privilege(SE_CREATE_PERMANENT_PRIVILEGE)?;
    namespace::set_permanent(&object, true);
    Ok(NtStatus::SUCCESS)
}

/// NtMakeTemporaryObject(handle)
pub(crate) fn nt_make_temporary_object(call: &Call<'_>) -> Outcome {
    namespace::set_permanent(&call.object(0, DELETE)?, false);
    Ok(NtStatus::SUCCESS)
}

/// NtCompareObjects(first, second)
pub(crate) fn nt_compare_objects(call: &Call<'_>) -> Outcome {
    let (first, second) = (call.object(0, 0)?, call.object(1, 0)?);
    match first.is_same(&second) {
        true => Ok(NtStatus::SUCCESS),
        false => Err(NtStatus::NOT_SAME_OBJECT),
    }
}
