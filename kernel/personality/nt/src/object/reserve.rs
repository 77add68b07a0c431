//! Reserve objects: room that is got before it is needed.

use abi::NtStatus;
use abi::object::{IO_COMPLETION_RESERVE, USER_APC_RESERVE};
use executive::io::PacketReserve;
use executive::object::{Object, ObjectKind};
use executive::process::ApcReserve;

use crate::access;
use crate::call::{Call, Outcome, refused};
use crate::new_handle::NewHandle;

/// NtAllocateReserveObject(reserve, attributes, type)
pub(crate) fn nt_allocate_reserve_object(call: &Call<'_>) -> Outcome {
    let kind = match call.value32(2)? {
        USER_APC_RESERVE => ObjectKind::UserApcReserve,
        IO_COMPLETION_RESERVE => ObjectKind::IoCompletionReserve,
        _ => return Err(NtStatus::INVALID_PARAMETER),
    };
    let new = NewHandle::at(call.word(0)?, kind, access::all(kind), call.word(1)?)?;
    new.create(call, || {
        let made = match kind {
            ObjectKind::UserApcReserve => ApcReserve::new().map(Object::UserApcReserve),
            _ => PacketReserve::new().map(Object::IoCompletionReserve),
        };
        made.map_err(refused)
    })
}
