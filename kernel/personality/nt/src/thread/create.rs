//! Creating threads.

use abi::NtStatus;
use abi::access::PROCESS_CREATE_THREAD;
use abi::thread::ClientId;
use executive::ids::Id;
use executive::object::{Object, ObjectKind};
use executive::process::{NewThread, Process, Thread};
use hal::Ref;

use crate::attributes::AttributeList;
use crate::call::{Call, Outcome, refused};
use crate::layout::{self, StackSize};
use crate::new_handle::NewHandle;

/// NtCreateThreadEx(thread, access, attributes, process, start, argument, flags,
/// zero bits, stack commit, stack reserve, attribute list)
pub(crate) fn nt_create_thread_ex(call: &Call<'_>) -> Outcome {
    const CREATE_SUSPENDED: u32 = 1;
    const HIDE_FROM_DEBUGGER: u32 = 4;
    // Skip the DLLs' notification: nothing here to skip.
    const HARMLESS: u32 = 2 | HIDE_FROM_DEBUGGER;
    let new = call.new_handle(ObjectKind::Thread)?;
    let (start, argument, flags) = (call.word(4)?, call.word(5)?, call.value32(6)?);
    let (commit_bytes, reserve_bytes) = (call.word(8)?, call.word(9)?);
    let results = AttributeList::read(call.word(10)?)?.for_thread()?;
    if flags & !(CREATE_SUSPENDED | HARMLESS) != 0 {
        return Err(NtStatus::INVALID_PARAMETER_7);
    }
    let process = call.process_of(3, PROCESS_CREATE_THREAD)?;
    let size = StackSize::new(&process, reserve_bytes, commit_bytes);
    let is_suspended = flags & CREATE_SUSPENDED != 0;
    let thread = create(&process, start, argument, size, is_suspended)?;
    let is_hidden = flags & HIDE_FROM_DEBUGGER != 0;
    thread.settings().is_hidden.set(is_hidden);
    let given = give(call, &new, &thread, || {
        results.set(client_id(&thread), thread.environment_block())
    });
    match given {
        Ok(_) => thread.start(),
        Err(_) => Thread::discard(&thread),
    }
    given.map(|_| NtStatus::SUCCESS)
}

/// Gives a new thread its handle, and the caller what else it wants of it.
fn give(
    call: &Call<'_>,
    new: &NewHandle,
    thread: &Ref<Thread>,
    tell: impl FnOnce() -> Result<(), NtStatus>,
) -> Result<u64, NtStatus> {
    tell()?;
    new.give_made(call, Object::Thread(thread.clone()))
}

pub(crate) fn client_id(thread: &Thread) -> ClientId {
    ClientId {
        process: thread.process().id(),
        thread: thread.id(),
    }
}

/// Lays a thread out in a process's memory and makes it; it has not started.
pub(crate) fn create(
    process: &Ref<Process>,
    instruction: u64,
    argument: u64,
    size: StackSize,
    is_suspended: bool,
) -> Result<Ref<Thread>, NtStatus> {
    let id = Id::claim().map_err(refused)?;
    let laid_out = process.memory().with(|space| {
        let placed = layout::place_thread(space, process, id.number(), size)?;
        match layout::start(process, space, &placed, instruction, argument) {
            Ok(start) => Ok((placed, start)),
            Err(error) => {
                space.remove(placed.stack.start.address());
                space.remove(placed.teb);
                Err(error)
            }
        }
    });
    let (placed, start) = laid_out.map_err(refused)?;
    let thread = Thread::new(NewThread {
        id,
        process,
        start,
        stack: placed.stack.start.address(),
        is_suspended,
    });
    thread.map_err(|error| {
        layout::remove_thread(process, placed.stack.start.address(), placed.teb);
        refused(error)
    })
}
