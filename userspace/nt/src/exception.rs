//! Exceptions, contexts and APCs: a program's own dispatchers.
//!
//! A handler is given what the kernel shows and ends by going on with a context.
use crate::call;
use abi::NtStatus;
use abi::context::Context;
use abi::exception::{ApcFrame, ExceptionFrame, ExceptionRecord};
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::process::{PROCESS_DISPATCHERS, ProcessDispatchers};
use core::arch::{asm, naked_asm};
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// Deals with an exception.
pub type ExceptionHandler = fn(&mut ExceptionFrame) -> !;
/// Makes a call.
pub type ApcHandler = fn(&mut ApcFrame) -> !;

static EXCEPTION: AtomicUsize = AtomicUsize::new(0);
static APC: AtomicUsize = AtomicUsize::new(0);

/// Says who deals with exceptions and makes calls from now on.
pub fn register(exception: ExceptionHandler, apc: ApcHandler) -> NtStatus {
    EXCEPTION.store(exception as usize, SeqCst);
    APC.store(apc as usize, SeqCst);
    set(&ProcessDispatchers {
        exception: on_exception as *const () as u64,
        apc: on_apc as *const () as u64,
    })
}

/// Deals with breakpoints and calls only by going on, and with nothing else.
pub fn register_for_nothing() -> NtStatus {
    fn behind(frame: &mut ExceptionFrame) -> ! {
        if frame.record.code != NtStatus::BREAKPOINT {
            crate::exit(frame.record.code);
        }
        frame.context.rip = frame.context.rip.wrapping_add(1);
        // SAFETY: behind the instruction of one byte.
        unsafe { go_on(&frame.context, false) }
    }
    fn back(frame: &mut ApcFrame) -> ! {
        // SAFETY: where the call interrupted the program.
        unsafe { go_on(&frame.context, true) }
    }
    register(behind, back)
}

/// Raises an exception that [`register_for_nothing`] goes on behind.
pub fn breakpoint() {
    // SAFETY: nothing but what deals with it happens.
    unsafe { asm!("int3") };
}

/// Says that nobody does.
pub fn forget() -> NtStatus {
    set(&ProcessDispatchers {
        exception: 0,
        apc: 0,
    })
}

fn set(dispatchers: &ProcessDispatchers) -> NtStatus {
    // SAFETY: reads the addresses; what is there is this module's.
    unsafe {
        call::nt_set_information_process(
            CURRENT_PROCESS,
            PROCESS_DISPATCHERS.into(),
            &raw const *dispatchers as u64,
            size_of::<ProcessDispatchers>() as u64,
        )
    }
}

/// Entered by the kernel with rsp at an `ExceptionFrame`.
#[unsafe(naked)]
extern "system" fn on_exception() {
    naked_asm!("mov rcx, rsp", "sub rsp, 0x20", "call {}", "ud2", sym exception)
}

/// Entered by the kernel with rsp at an `ApcFrame`.
#[unsafe(naked)]
extern "system" fn on_apc() {
    naked_asm!("mov rcx, rsp", "sub rsp, 0x20", "call {}", "ud2", sym apc)
}

unsafe extern "system" fn exception(frame: *mut ExceptionFrame) -> ! {
    // SAFETY: `register` stored a function of this type; the kernel made the frame,
    // which lies on this stack and is nobody else's.
    unsafe {
        let handler = core::mem::transmute::<usize, ExceptionHandler>(EXCEPTION.load(SeqCst));
        handler(&mut *frame)
    }
}

unsafe extern "system" fn apc(frame: *mut ApcFrame) -> ! {
    // SAFETY: as in `exception`.
    unsafe {
        let handler = core::mem::transmute::<usize, ApcHandler>(APC.load(SeqCst));
        handler(&mut *frame)
    }
}

/// Goes on with a context.
///
/// # Safety
/// It is one that this thread can go on with.
pub unsafe fn go_on(context: &Context, is_alertable: bool) -> ! {
    // SAFETY: the caller's promise.
    let refused = unsafe { call::nt_continue(&raw const *context as u64, is_alertable.into()) };
    crate::println!("NtContinue returned {refused}");
    crate::exit(refused)
}

/// Raises an exception in a context.
///
/// # Safety
/// As `go_on`, if it returns there.
pub unsafe fn raise(record: &ExceptionRecord, context: &Context, is_first: bool) -> NtStatus {
    // SAFETY: the caller's promise.
    unsafe {
        call::nt_raise_exception(
            &raw const *record as u64,
            &raw const *context as u64,
            is_first.into(),
        )
    }
}

/// Queues a call for a thread.
pub fn queue_apc(thread: u64, routine: u64, arguments: [u64; 3]) -> NtStatus {
    let [first, second, third] = arguments;
    // SAFETY: the routine is only given to the program's handler.
    unsafe { call::nt_queue_apc_thread(thread, routine, first, second, third) }
}

/// Queues a call with a reserve object, or what stands for one.
pub fn queue_apc_ex(thread: u64, reserve: u64, routine: u64, arguments: [u64; 3]) -> NtStatus {
    let [first, second, third] = arguments;
    // SAFETY: as above.
    unsafe { call::nt_queue_apc_thread_ex(thread, reserve, routine, first, second, third) }
}

/// Queues a call that is made at the thread's next return to user mode.
pub fn queue_special_apc(thread: u64, routine: u64, arguments: [u64; 3]) -> NtStatus {
    const SPECIAL_USER_APC: u64 = 1;
    queue_apc_ex(thread, SPECIAL_USER_APC, routine, arguments)
}

/// Takes parts of a thread's context, as its flags say.
pub fn get_context(thread: u64, context: &mut Context) -> NtStatus {
    // SAFETY: writes the context only.
    unsafe { call::nt_get_context_thread(thread, &raw mut *context as u64) }
}

/// Gives a thread parts of a context.
///
/// # Safety
/// The thread can go on with them.
pub unsafe fn set_context(thread: u64, context: &Context) -> NtStatus {
    // SAFETY: the caller's promise.
    unsafe { call::nt_set_context_thread(thread, &raw const *context as u64) }
}

/// Waits alertably.
pub fn wait_alertably(interval_100ns: i64) -> NtStatus {
    // SAFETY: reads the interval only.
    unsafe { call::nt_delay_execution(1, &raw const interval_100ns as u64) }
}

/// Makes calls that are queued, without waiting.
pub fn test_alert() -> NtStatus {
    // SAFETY: touches no memory of Rust's.
    unsafe { call::nt_test_alert() }
}

/// The calling thread.
pub const THIS: u64 = CURRENT_THREAD;
