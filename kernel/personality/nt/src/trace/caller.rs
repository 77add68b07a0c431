//! What the trace sees of who makes a call: memory and handles of the process.

use abi::io::{CONSOLE_ERROR, CONSOLE_INPUT, CONSOLE_OUTPUT, CURRENT_PROCESS, CURRENT_THREAD};
use abi::token::{CURRENT_EFFECTIVE_TOKEN, CURRENT_PROCESS_TOKEN, CURRENT_THREAD_TOKEN};
use calltrace::{Caller, Described};
use executive::object::{Found, Object, namespace};
use executive::process::Process;

/// The process whose thread makes a call.
pub(super) struct CallingProcess<'a>(pub(super) &'a Process);

impl Caller for CallingProcess<'_> {
    fn read(&self, address: u64, to: &mut [u8]) -> bool {
        // As another process would read it: that touches no guard and grows no stack.
        let memory = self.0.memory();
        memory.with(|space| space.read(address, to)) == to.len()
    }

    fn describe(&self, holder: u64, handle: u64, use_it: &mut dyn FnMut(Option<&Described<'_>>)) {
        if let Some(name) = pseudo_name(handle) {
            return use_it(Some(&Described::Pseudo(name)));
        }
        let found = match holder {
            CURRENT_PROCESS => self.0.handles().find(handle),
            other => self.of_other(other, handle),
        };
        let Some(found) = found else {
            return use_it(None);
        };
        match &found.object {
            Object::Process(process) => {
                use_it(Some(&Described::Process(process.id(), process.name())));
            }
            Object::Thread(thread) => {
                let process = thread.process().id();
                use_it(Some(&Described::Thread(process, thread.id())));
            }
            object => {
                // Without memory for it there is no name.
                let path = namespace::path_of(object).unwrap_or_default();
                let kind = object.kind().name();
                use_it(Some(&Described::Object(kind, &path)));
            }
        }
    }
}

impl CallingProcess<'_> {
    fn of_other(&self, process: u64, handle: u64) -> Option<Found> {
        match self.0.handles().find(process)?.object {
            Object::Process(process) => process.handles().find(handle),
            _ => None,
        }
    }
}

/// What a constant in the place of a handle stands for.
fn pseudo_name(handle: u64) -> Option<&'static str> {
    Some(match handle {
        CURRENT_PROCESS => "NtCurrentProcess",
        CURRENT_THREAD => "NtCurrentThread",
        CURRENT_PROCESS_TOKEN => "NtCurrentProcessToken",
        CURRENT_THREAD_TOKEN => "NtCurrentThreadToken",
        CURRENT_EFFECTIVE_TOKEN => "NtCurrentEffectiveToken",
        CONSOLE_INPUT => "ConsoleInput",
        CONSOLE_OUTPUT => "ConsoleOutput",
        CONSOLE_ERROR => "ConsoleError",
        _ => return None,
    })
}
