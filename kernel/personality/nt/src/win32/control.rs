//! Telling a process of Ctrl-C and Ctrl-Break: a thread at the routine for it.

use core::mem::offset_of;

use abi::parameters::ProcessParameters;
use abi::peb::Peb;
use executive::process::{EntryPoint, Process, Thread};
use hal::Ref;

use super::USERLAND;
use crate::layout::StackSize;
use crate::thread;

/// Whether a process is deaf to Ctrl-C (`ConsoleFlags`).
const IGNORES_CTRL_C: u32 = 1;
/// Beside the DLLs' flags, how many threads deal with Ctrl-Break in a deaf process.
const ONE_BREAK: u32 = 1 << 24;
/// `CTRL_C_EVENT`
const CTRL_C: u32 = 0;

/// Has a process deal with an event of its console (W 6.4). Without memory for the
/// thread it does not learn of it.
///
/// A process is deaf to Ctrl-C only, and those of a new group begin so. The routine
/// takes it for all events, and so does not find it until whom Ctrl-Break is for has
/// dealt with that. Asking to hear Ctrl-C again meanwhile is in vain.
#[cold]
pub(crate) fn console_event(process: &Ref<Process>, event: u32) -> Option<Ref<Thread>> {
    // Without one it runs without DLLs.
    let routine = routine(process)?;
    let flags = change_flags(process, |flags| match is_deaf(flags) {
        false => Some(flags),
        true if event == CTRL_C => None,
        true => (flags & !IGNORES_CTRL_C).checked_add(ONE_BREAK),
    })?;
    let size = StackSize::new(process, 0, 0);
    match thread::create(process, routine, event.into(), size, false) {
        Ok(thread) => {
            if is_deaf(flags) {
                // By that it is known when it ends.
                thread.settings().start_address.set(routine);
            }
            thread.start();
            Some(thread)
        }
        Err(status) => {
            if is_deaf(flags) {
                end_break(process);
            }
            log::warn!("{} is not told of Ctrl-C: {status:?}", process.name());
            None
        }
    }
}

/// A thread ends, which may have dealt with Ctrl-Break in a deaf process.
pub(crate) fn thread_ends(thread: &Thread) {
    let process = thread.process();
    if routine(process).is_some_and(|it| it == thread.settings().start_address.get()) {
        end_break(process);
    }
}

/// The flags that a process has from one with these.
pub(crate) fn inherited(flags: u32) -> u32 {
    match is_deaf(flags) {
        true => (flags % ONE_BREAK) | IGNORES_CTRL_C,
        false => flags,
    }
}

fn is_deaf(flags: u32) -> bool {
    flags & IGNORES_CTRL_C != 0 || flags >= ONE_BREAK
}

/// Has the process be deaf as before, if nobody else deals with Ctrl-Break.
#[cold]
fn end_break(process: &Process) {
    let _ = change_flags(process, |flags| {
        let rest = flags.checked_sub(ONE_BREAK)?;
        Some(match rest < ONE_BREAK {
            true => rest | IGNORES_CTRL_C,
            false => rest,
        })
    });
}

/// Where in a process the routine is.
fn routine(process: &Process) -> Option<u64> {
    let userland = USERLAND.get()?;
    let init = process.entry_point(EntryPoint::ThreadInit);
    let base = init.checked_sub(userland.places.thread_init.into())?;
    base.checked_add(userland.places.control.into())
}

/// The flags of a process as they are after this, if they can be read and it has any.
fn change_flags(process: &Process, change: impl FnOnce(u32) -> Option<u32>) -> Option<u32> {
    let at = |start: u64, offset: usize| start.wrapping_add(u64::try_from(offset).unwrap_or(0));
    process.memory().with(|space| {
        let (mut start, mut flags) = ([0; size_of::<u64>()], [0; size_of::<u32>()]);
        let place = at(process.block(), offset_of!(Peb, process_parameters));
        if space.read(place, &mut start) != start.len() {
            return None;
        }
        let start = u64::from_le_bytes(start);
        let place = at(start, offset_of!(ProcessParameters, console_flags));
        if space.read(place, &mut flags) != flags.len() {
            return None;
        }
        let before = u32::from_le_bytes(flags);
        let after = change(before)?;
        let is_done =
            after == before || space.write(place, &after.to_le_bytes()) == size_of_val(&after);
        is_done.then_some(after)
    })
}
