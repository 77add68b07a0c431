//! Duplicating handles, also into other processes.

use abi::NtStatus;
use abi::access::PROCESS_DUP_HANDLE;
use abi::io::CURRENT_PROCESS;
use abi::object::{
    DUPLICATE_CLOSE_SOURCE, DUPLICATE_SAME_ACCESS, DUPLICATE_SAME_ATTRIBUTES, OBJ_EXCLUSIVE,
    OBJ_INHERIT, OBJ_PROTECT_CLOSE,
};
use executive::Error;
use executive::object::{Found, Held, Object, Opened};
use executive::process::Process;
use hal::Ref;

use crate::access;
use crate::call::{Call, Outcome, refused, write};

/// NtDuplicateObject(source process, source, target process, target, access, handle
/// attributes, options)
pub(crate) fn nt_duplicate_object(call: &Call<'_>) -> Outcome {
    let (source, target_at) = (call.word(1)?, call.word(3)?);
    let options = call.value32(6)?;
    if target_at != 0 {
        write(target_at, &0_u64)?;
    }
    let from = call.process_of(0, PROCESS_DUP_HANDLE)?;
    let source = match options & DUPLICATE_CLOSE_SOURCE {
        0 => Source::find(call, &from, source)?,
        // It is closed whatever comes of the rest.
        _ => Source::take(call, &from, source)?,
    };
    let duplicated = duplicate(call, &source, target_at);
    from.handles().let_go(source.held);
    duplicated
}

/// Gives the target process a handle of the source.
fn duplicate(call: &Call<'_>, source: &Source, target_at: u64) -> Outcome {
    let (wanted, attributes, options) = (call.value32(4)?, call.value32(5)?, call.value32(6)?);
    if call.word(2)? == 0 {
        return match options & DUPLICATE_CLOSE_SOURCE {
            0 => Err(NtStatus::INVALID_PARAMETER),
            _ => Ok(NtStatus::SUCCESS),
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
        _ => source.flags,
    };
    let object = source.held.object().clone();
    let access = match options & DUPLICATE_SAME_ACCESS {
        0 => {
            let granted = access::granted(object.kind(), wanted);
            call.allowed(&object, wanted, granted)?
        }
        _ => source.access,
    };
    let opened = Opened {
        object,
        access,
        inherit,
        protect_from_close,
        alone: attributes & OBJ_EXCLUSIVE != 0,
    };
    let handle = to.handles().add(opened).map_err(refused)?;
    if target_at != 0 {
        write(target_at, &handle).inspect_err(|_| {
            // Nobody knows of it.
            let _ = to.handles().set_flags(handle, false, false);
            let _ = to.handles().close(handle);
        })?;
    }
    Ok(NtStatus::SUCCESS)
}

/// What is duplicated. It keeps its name meanwhile, even if its only handle is closed.
struct Source {
    held: Held,
    access: u32,
    /// Whether it is inherited, and protected from being closed.
    flags: (bool, bool),
}

impl Source {
    /// Of a handle that stays.
    fn find(call: &Call<'_>, process: &Ref<Process>, handle: u64) -> Result<Self, NtStatus> {
        let Found { object, access } = found_in(call, process, handle)?;
        Ok(Self {
            held: Held::new(object),
            access,
            flags: process.handles().flags(handle).unwrap_or((false, false)),
        })
    }

    /// Of a handle that is closed; one that is protected from that is refused, and a
    /// pseudo handle stays.
    fn take(call: &Call<'_>, process: &Ref<Process>, handle: u64) -> Result<Self, NtStatus> {
        match process.handles().take(handle) {
            Ok(taken) => Ok(Self {
                held: taken.held,
                access: taken.access,
                flags: (taken.inherit, false),
            }),
            Err(Error::InvalidHandle) => Self::find(call, process, handle),
            Err(error) => Err(refused(error)),
        }
    }
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
        Some(found) => Ok(found),
        // That of the calling thread is the other pseudo handle there is.
        None if handle > i64::MAX.unsigned_abs() => call.found_by(handle),
        None => Err(NtStatus::INVALID_HANDLE),
    }
}
