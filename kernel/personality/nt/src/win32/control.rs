//! Telling a process of Ctrl-C: a thread of its own at ntdll's routine for it.

use executive::process::{EntryPoint, Process, Thread};
use hal::Ref;

use super::USERLAND;
use crate::layout::StackSize;
use crate::thread;

/// Has a process deal with an event of its console (W 6.4). Without memory for the
/// thread it does not learn of it.
#[cold]
pub(crate) fn console_event(process: &Ref<Process>, event: u32) -> Option<Ref<Thread>> {
    let userland = USERLAND.get()?;
    let init = process.entry_point(EntryPoint::ThreadInit);
    if init == 0 {
        // It runs without DLLs.
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
