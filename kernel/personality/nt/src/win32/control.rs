//! Telling a process of Ctrl-C: a thread of its own at ntdll's routine for it.

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
/// `CTRL_C_EVENT`
const CTRL_C: u32 = 0;

/// Has a process deal with an event of its console (W 6.4). Without memory for the
/// thread it does not learn of it.
///
/// A process is deaf to Ctrl-C only, and those of a new group begin so. The routine
/// takes it for all events, so that whom Ctrl-Break is for hears both from then on.
#[cold]
pub(crate) fn console_event(process: &Ref<Process>, event: u32) -> Option<Ref<Thread>> {
    let userland = USERLAND.get()?;
    let init = process.entry_point(EntryPoint::ThreadInit);
    if init == 0 {
        // It runs without DLLs.
        return None;
    }
    if !hears(process, event) {
        return None;
    }
    let base = init.wrapping_sub(userland.places.thread_init.into());
    let routine = base.wrapping_add(userland.places.control.into());
    let size = StackSize::new(process, 0, 0);
    match thread::create(process, routine, event.into(), size, false) {
        Ok(thread) => {
            thread.start();
            Some(thread)
        }
        Err(status) => {
            log::warn!("{} is not told of Ctrl-C: {status:?}", process.name());
            None
        }
    }
}

/// Whether a process is to be told of an event; has its DLLs not ignore another one.
fn hears(process: &Process, event: u32) -> bool {
    let at = |start: u64, offset: usize| start.wrapping_add(u64::try_from(offset).unwrap_or(0));
    process.memory().with(|space| {
        let (mut start, mut flags) = ([0; size_of::<u64>()], [0; size_of::<u32>()]);
        let place = at(process.block(), offset_of!(Peb, process_parameters));
        if space.read(place, &mut start) != start.len() {
            return false;
        }
        let start = u64::from_le_bytes(start);
        let place = at(start, offset_of!(ProcessParameters, console_flags));
        if space.read(place, &mut flags) != flags.len() {
            return false;
        }
        let flags = u32::from_le_bytes(flags);
        if flags & IGNORES_CTRL_C == 0 {
            return true;
        }
        let heard = (flags & !IGNORES_CTRL_C).to_le_bytes();
        event != CTRL_C && space.write(place, &heard) == heard.len()
    })
}
