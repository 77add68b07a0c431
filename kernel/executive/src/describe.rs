//! Who runs, as a report describes it.

use hal::panic::Describe;
use hal::trap::TrapFrame;
use report::{Current, Form, Mark, MarkKind, Module, SystemCall};

use crate::process::{Process, Thread};
use crate::{scheduler, user_frames};

/// Describes who runs in a panic: waits for no lock.
pub struct Describer;

impl Describe for Describer {
    fn current(&self, form: &mut dyn Form) {
        match scheduler::current() {
            None => form.current(&Current::Kernel),
            Some(thread) => give_thread(&thread, form),
        }
    }

    fn user_frames(&self, form: &mut dyn Form, frame: &TrapFrame) {
        match scheduler::current() {
            Some(thread) => user_frames::give(thread.process(), frame, form),
            None => form.mark(&Mark {
                kind: MarkKind::Broken,
                text: &format_args!(
                    "a program at {:#x}, but no thread is current",
                    frame.instruction_pointer()
                ),
            }),
        }
    }

    fn modules(&self, form: &mut dyn Form) {
        if let Some(thread) = scheduler::current() {
            give_modules(thread.process(), form);
        }
    }
}

/// Gives a thread that runs.
pub(crate) fn give_thread(thread: &Thread, form: &mut dyn Form) {
    let process = thread.process();
    let call = thread.call().map(|number| SystemCall {
        number,
        name: process.personality().call_name(number),
    });
    let name = thread.shown_name();
    form.current(&Current::Thread {
        thread: thread.id(),
        name: name.as_deref(),
        process: process.id(),
        program: process.name(),
        call,
    });
}

/// Gives the images of a process, unless its memory is locked.
pub(crate) fn give_modules(process: &Process, form: &mut dyn Form) {
    let mut number = 0_u32;
    // Looked at one by one, so that the form may take locks.
    while let Some(Some((at, view))) = process.memory().try_with(|space| {
        let (at, view) = space.first_view_from(number)?;
        Some((at, view.clone()))
    }) {
        number = at.saturating_add(1);
        form.module(&Module {
            name: view.image.name(),
            base: view.base,
            size_bytes: view.image.view().size_of_image().into(),
            identity: &view.image.view().identity(),
        });
    }
}
