//! Duplicating handles, also into other processes.

use abi::NtStatus;
use abi::access::PROCESS_DUP_HANDLE;
use abi::io::CURRENT_PROCESS;
use abi::object::{
    DUPLICATE_CLOSE_SOURCE, DUPLICATE_SAME_ACCESS, DUPLICATE_SAME_ATTRIBUTES, OBJ_INHERIT,
    OBJ_PROTECT_CLOSE,
};
use executive::object::{Found, Object, Opened};
use executive::process::Process;
use hal::Ref;

use crate::access;
use crate::call::{Call, Outcome, refused, write};

/// NtDuplicateObject(source process, source, target process, target, access, handle
/// attributes, options)
pub(crate) fn nt_duplicate_object(call: &Call<'_>) -> Outcome {
    let (source, target_at) = (call.word(1)?, call.word(3)?);
    let (wanted, attributes, options) = (call.value32(4)?, call.value32(5)?, call.value32(6)?);
    if target_at != 0 {
        write(target_at, &0_u64)?;
    }
    let from = call.process_of(0, PROCESS_DUP_HANDLE)?;
    // The source is closed whatever comes of the rest.
    let found = found_in(call, &from, source);
    let flags = from.handles().flags(source).unwrap_or((false, false));
    let duplicated = found.and_then(|found| {
        if call.word(2)? == 0 {
            return match options & DUPLICATE_CLOSE_SOURCE {
                0 => Err(NtStatus::INVALID_PARAMETER),
                _ => Ok(()),
            };
        }
        let to = call.process_of(2, PROCESS_DUP_HANDLE)?;
        // Its handles are closed already; another would never be.
        if to.ended().is_some() {
            return Err(NtStatus::PROCESS_IS_TERMINATING);
        }
        let (inherit, protect_from_close) = match options & DUPLICATE_SAME_ATTRIBUTES {
            0 => (
                attributes & OBJ_INHERIT != 0,
                attributes & OBJ_PROTECT_CLOSE != 0,
            ),
            _ => flags,
        };
        let access = match options & DUPLICATE_SAME_ACCESS {
            0 => access::granted(found.object.kind(), wanted),
            _ => found.access,
        };
        let opened = Opened {
            object: found.object,
            access,
            inherit,
            protect_from_close,
        };
        let handle = to.handles().add(opened).map_err(refused)?;
        match target_at {
            0 => Ok(()),
            at => write(at, &handle).inspect_err(|_| {
                // Nobody knows of it.
                let _ = to.handles().close(handle);
            }),
        }
    });
    if options & DUPLICATE_CLOSE_SOURCE != 0 {
        // A pseudo handle stays.
        let closed = from.handles().close(source).map_err(refused);
        duplicated.and(closed.or_else(|status| match status {
            NtStatus::INVALID_HANDLE => Ok(()),
            status => Err(status),
        }))?;
        return Ok(NtStatus::SUCCESS);
    }
    duplicated.map(|()| NtStatus::SUCCESS)
}

/// What a handle stands for in a process; a pseudo handle, for that process or the
/// calling thread.
fn found_in(call: &Call<'_>, process: &Ref<Process>, handle: u64) -> Result<Found, NtStatus> {
    if handle == CURRENT_PROCESS {
        let object = Object::Process(process.clone());
        let access = access::all(object.kind());
        return Ok(Found { object, access });
    }
    match process.handles().find(handle) {
        Ok(found) => Ok(found),
        // That of the calling thread is the other pseudo handle there is.
        Err(_) if handle > i64::MAX.unsigned_abs() => call.found_by(handle),
        Err(error) => Err(refused(error)),
    }
}
