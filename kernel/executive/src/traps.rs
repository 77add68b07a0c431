//! What the executive does about traps: the end of hal's upcalls.

use hal::Ref;
use hal::trap::{Exception, Handlers, PageFault, TrapFrame};
use hal::user::UserFault;
use spin::Once;

use crate::exception::{Cause, end_program};
use crate::io::terminal;
use crate::memory::{Need, Resolution, Unresolved};
use crate::process::{Thread, finish_entry};
use crate::{clock, events, job, scheduler, totals};

/// Who answers; for measured paths' sake, what provokes panics is a second one.
struct Traps<const PROVOKES: bool>;

static IN_CALL: Once<fn()> = Once::new();
static IN_COPY_FAULT: Once<fn()> = Once::new();

/// Calls something inside the next system call: how `panic=syscall` gets there.
pub fn provoke_in_next_call(provoke: fn()) {
    IN_CALL.call_once(|| provoke);
    provoke_on();
}

/// Calls something where the next fault of the copy routine is resolved:
/// `panic=copyfault`.
pub fn provoke_in_next_copy_fault(provoke: fn()) {
    IN_COPY_FAULT.call_once(|| provoke);
    provoke_on();
}

fn provoke_on() {
    static HANDLERS: &dyn Handlers = &Traps::<true>;
    hal::trap::install(&HANDLERS);
}

/// Answers traps from now on. Once.
pub fn install() {
    static HANDLERS: &dyn Handlers = &Traps::<false>;
    hal::trap::install(&HANDLERS);
}

impl<const PROVOKES: bool> Handlers for Traps<PROVOKES> {
    fn copy_fault(&self, fault: PageFault) -> Result<(), UserFault> {
        if PROVOKES && let Some(provoke) = IN_COPY_FAULT.get() {
            provoke();
        }
        let Some(thread) = scheduler::current() else {
            return Err(UserFault::Denied);
        };
        match resolve(&thread, &fault) {
            Resolution::Retry(_) | Resolution::StackGrown { .. } => Ok(()),
            Resolution::Unresolved(Unresolved::OutOfMemory) => Err(UserFault::OutOfMemory),
            Resolution::StackGuard | Resolution::Unresolved(_) => Err(UserFault::Denied),
        }
    }

    fn user_page_fault(&self, frame: &mut TrapFrame, fault: PageFault) {
        // Whole pages are filled from their beginning on.
        let may_fill = fault.is_write && fault.address.is_multiple_of(vm::PAGE_SIZE);
        with_thread(frame, |thread, frame| {
            let memory = thread.process().memory();
            if may_fill && memory.with(|space| space.skip_zeros(frame, fault.address)) {
                return;
            }
            counted(thread, || match resolve(thread, &fault) {
                Resolution::Unresolved(why) => {
                    raise(thread, frame, &Cause::Memory(fault, why));
                }
                Resolution::Retry(Need::Turn) if fault.is_write && !thread.has_duty() => {
                    let memory = thread.process().memory();
                    memory.with(|space| space.run_alone(frame, fault.address));
                }
                _ => {}
            });
        });
    }

    fn user_exception(&self, frame: &mut TrapFrame, exception: Exception) {
        with_thread(frame, |thread, frame| {
            counted(thread, || {
                raise(thread, frame, &Cause::Processor(exception));
            });
        });
    }

    fn system_call(&self, frame: &mut TrapFrame) {
        with_thread(frame, |thread, frame| {
            thread.begin_call(frame.service_number());
            totals::CALLS.add(1);
            if PROVOKES && let Some(provoke) = IN_CALL.get() {
                provoke();
            }
            thread.process().personality().system_call(thread, frame);
            thread.finish_call();
        });
    }

    fn tick(&self, user: Option<&mut TrapFrame>) {
        if let Some(thread) = scheduler::current() {
            let came_in_user_mode = user
                .as_ref()
                .is_some_and(|frame| !frame.is_back_from_system_call());
            thread.usage().sort(!came_in_user_mode);
        }
        clock::tick(user.is_some());
        if user.is_some() {
            terminal::tick();
        }
        scheduler::tick(user.is_some());
        job::tick(user.is_some());
        if let Some(frame) = user {
            with_thread(frame, |_, _| ());
        }
    }
}

/// Counts what a thread does as the kernel's.
fn counted(thread: &Thread, serve: impl FnOnce()) {
    let start = clock::cycles();
    serve();
    let passed = clock::cycles().wrapping_sub(start);
    thread.usage().note_kernel(passed);
}

/// Has the program deal with what it did, or ends it.
fn raise(thread: &Ref<Thread>, frame: &mut TrapFrame, cause: &Cause) {
    let personality = thread.process().personality();
    let registers = frame.user_registers();
    match personality.raise(thread, frame, cause) {
        true => thread.note_shown(*cause, registers),
        false => end_program(thread, frame, cause),
    }
}

/// Resolves a fault, and tells of it.
#[inline]
fn resolve(thread: &Ref<Thread>, fault: &PageFault) -> Resolution {
    let Some(watcher) = events::watcher() else {
        return resolve_untold(thread, fault);
    };
    let began_ns = clock::since_boot_ns();
    let came = resolve_untold(thread, fault);
    watcher.faulted(thread, fault, came, began_ns);
    came
}

fn resolve_untold(thread: &Ref<Thread>, fault: &PageFault) -> Resolution {
    let process = thread.process();
    let personality = process.personality();
    let mut resolution = process.memory().with(|space| space.resolve(fault));
    if resolution == Resolution::StackGuard {
        let guaranteed = personality.stack_guarantee(thread);
        resolution = process
            .memory()
            .with(|space| space.grow_stack(fault.address, guaranteed));
    }
    log::trace!(target: "vm", "{fault}: {resolution:?}");
    match resolution {
        Resolution::StackGrown { limit } => personality.stack_grown(thread, limit),
        Resolution::Unresolved(Unresolved::StackOverflow { limit }) => {
            thread.note_stack_overflow();
            personality.stack_grown(thread, limit);
        }
        _ => {}
    }
    resolution
}

/// Serves the current thread, which then does what it must before it goes back
/// to user mode.
fn with_thread(frame: &mut TrapFrame, serve: impl FnOnce(&Ref<Thread>, &mut TrapFrame)) {
    let Some(thread) = scheduler::current() else {
        return;
    };
    serve(&thread, frame);
    if thread.has_duty() {
        // The thread may end there, and its stack drops nothing then.
        drop(thread);
        finish_entry(frame);
    }
}
