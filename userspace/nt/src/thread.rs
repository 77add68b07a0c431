//! Threads.
use crate::call;
use crate::sync::{ALL_ACCESS, Handle, made};
use abi::NtStatus;
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::thread::{THREAD_BASIC_INFORMATION, ThreadBasicInformation};
use core::arch::asm;
use zerocopy::FromZeros;

/// The first function of a thread; it must end it by [`exit`].
pub type Entry = extern "system" fn(u64) -> !;

/// Starts a thread in this process.
pub fn spawn(entry: Entry, argument: u64) -> Result<Handle, NtStatus> {
    create(entry, argument, false)
}

/// Makes a thread in this process that does not run before it is resumed.
pub fn spawn_suspended(entry: Entry, argument: u64) -> Result<Handle, NtStatus> {
    create(entry, argument, true)
}

fn create(entry: Entry, argument: u64, is_suspended: bool) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only; what the thread does is the entry's matter.
    made(|at| unsafe {
        call::nt_create_thread_ex(
            at,
            ALL_ACCESS,
            0,
            CURRENT_PROCESS,
            entry as usize as u64,
            argument,
            is_suspended.into(),
            0,
            0,
            0,
            0,
        )
    })
}

/// Ends the calling thread.
pub fn exit(status: NtStatus) -> ! {
    loop {
        // SAFETY: nothing runs after it.
        let refused = unsafe { call::nt_terminate_thread(CURRENT_THREAD, status.0.into()) };
        crate::println!("NtTerminateThread returned {refused}");
    }
}

/// Suspends a thread; how often it was.
pub fn suspend(thread: &Handle) -> Result<u32, NtStatus> {
    let mut before = 0_u32;
    // SAFETY: writes the count only.
    let status = unsafe { call::nt_suspend_thread(thread.raw(), &raw mut before as u64) };
    status.is_success().then_some(before).ok_or(status)
}

/// Resumes a thread; how often it was suspended.
pub fn resume(thread: &Handle) -> Result<u32, NtStatus> {
    let mut before = 0_u32;
    // SAFETY: writes the count only.
    let status = unsafe { call::nt_resume_thread(thread.raw(), &raw mut before as u64) };
    status.is_success().then_some(before).ok_or(status)
}

/// Ends another thread.
pub fn terminate(thread: &Handle, status: NtStatus) -> NtStatus {
    // SAFETY: the thread's matter.
    unsafe { call::nt_terminate_thread(thread.raw(), status.0.into()) }
}

/// The number of the calling thread.
#[must_use]
pub fn id() -> u64 {
    crate::program::teb().thread_id
}

/// The calling thread's cell of thread-local storage; below 64.
pub fn cell(number: u32) -> u64 {
    assert!(number < abi::teb::TLS_CELLS, "no such cell");
    let value: u64;
    // SAFETY: the cells stand at 1480h of the TEB; read anew because the kernel
    // clears them.
    unsafe {
        asm!("mov {}, gs:[0x1480 + {} * 8]", out(reg) value, in(reg) u64::from(number),
            options(nostack, preserves_flags));
    }
    value
}

/// Sets it.
pub fn set_cell(number: u32, value: u64) {
    assert!(number < abi::teb::TLS_CELLS, "no such cell");
    // SAFETY: as above; nothing else uses the cells.
    unsafe {
        asm!("mov gs:[0x1480 + {} * 8], {}", in(reg) u64::from(number), in(reg) value,
            options(nostack, preserves_flags));
    }
}

/// What `NtQueryInformationThread` says first of a thread.
pub fn basic_information(thread: &Handle) -> Result<ThreadBasicInformation, NtStatus> {
    let mut information = ThreadBasicInformation::new_zeroed();
    // SAFETY: writes the information only.
    let status = unsafe {
        call::nt_query_information_thread(
            thread.raw(),
            THREAD_BASIC_INFORMATION.into(),
            &raw mut information as u64,
            size_of::<ThreadBasicInformation>() as u64,
            0,
        )
    };
    status.is_success().then_some(information).ok_or(status)
}

/// The number of a thread.
pub fn id_of(thread: &Handle) -> Result<u64, NtStatus> {
    basic_information(thread).map(|information| information.client_id.thread)
}
