//! Calls from the kernel into a program: APCs.

use executive::process::Thread;
use hal::Ref;
use hal::trap::TrapFrame;
use sched::ApcCall;

/// Has a thread make a call before it goes on.
pub(crate) fn call_apc(_thread: &Ref<Thread>, _frame: &mut TrapFrame, _call: ApcCall) {}
