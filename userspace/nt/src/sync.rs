//! Objects that signal, and waits for them.
use crate::call;
use abi::NtStatus;
use abi::access::MAXIMUM_ALLOWED;

/// Every access to any type: `MAXIMUM_ALLOWED`.
pub const ALL_ACCESS: u64 = MAXIMUM_ALLOWED as u64;

/// A handle of this process, closed when dropped.
#[derive(Debug, PartialEq, Eq)]
pub struct Handle(u64);

impl Handle {
    /// Takes over a handle that nobody else closes.
    #[must_use]
    pub fn from_raw(value: u64) -> Self {
        Self(value)
    }

    /// Its value.
    #[must_use]
    pub fn raw(&self) -> u64 {
        self.0
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        crate::system::close(self.0);
    }
}

/// Makes a handle by a call that writes it to an address.
pub fn made(make: impl FnOnce(u64) -> NtStatus) -> Result<Handle, NtStatus> {
    let mut handle = 0_u64;
    let status = make(&raw mut handle as u64);
    match status.is_success() {
        true => Ok(Handle(handle)),
        false if handle == 0 => Err(status),
        // A failed call must leave 0.
        false => Err(NtStatus::UNSUCCESSFUL),
    }
}

/// A new event: manual, that is of the kind notification, or automatic.
pub fn event(is_manual: bool, is_set: bool) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe {
        call::nt_create_event(at, ALL_ACCESS, 0, u64::from(!is_manual), is_set.into())
    })
}

/// A new semaphore.
pub fn semaphore(count: u32, limit: u32) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe { call::nt_create_semaphore(at, ALL_ACCESS, 0, count.into(), limit.into()) })
}

/// A new mutant.
pub fn mutant(is_owned: bool) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe { call::nt_create_mutant(at, ALL_ACCESS, 0, is_owned.into()) })
}

/// A new timer: manual or automatic.
pub fn timer(is_manual: bool) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe { call::nt_create_timer(at, ALL_ACCESS, 0, u64::from(!is_manual)) })
}

/// A new keyed event.
pub fn keyed_event() -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe { call::nt_create_keyed_event(at, ALL_ACCESS, 0, 0) })
}

/// Meets another thread at a key of a keyed event; handle 0: that of all.
pub fn meet(event: u64, key: u64, releases: bool, timeout_100ns: Option<i64>) -> NtStatus {
    let at = timeout_100ns
        .as_ref()
        .map_or(0, |time| &raw const *time as u64);
    let meet = match releases {
        true => call::nt_release_keyed_event,
        false => call::nt_wait_for_keyed_event,
    };
    // SAFETY: reads the timeout only.
    unsafe { meet(event, key, 0, at) }
}

/// Signals an event; whether it was.
pub fn set(event: &Handle) -> Result<bool, NtStatus> {
    // SAFETY: writes the previous state only.
    previous(|at| unsafe { call::nt_set_event(event.0, at) }).map(|state| state != 0)
}

/// Signals an event, without asking whether it was.
pub fn signal(event: &Handle) -> NtStatus {
    signal_raw(event.0)
}

/// The same, for any handle.
pub fn signal_raw(event: u64) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_set_event(event, 0) }
}

/// Resets an event; whether it was signalled.
pub fn reset(event: &Handle) -> Result<bool, NtStatus> {
    // SAFETY: writes the previous state only.
    previous(|at| unsafe { call::nt_reset_event(event.0, at) }).map(|state| state != 0)
}

/// Pulses an event; whether it was signalled.
pub fn pulse(event: &Handle) -> Result<bool, NtStatus> {
    // SAFETY: writes the previous state only.
    previous(|at| unsafe { call::nt_pulse_event(event.0, at) }).map(|state| state != 0)
}

/// Releases a semaphore; its count before.
pub fn release_semaphore(semaphore: &Handle, more: u32) -> Result<u32, NtStatus> {
    // SAFETY: writes the previous count only.
    previous(|at| unsafe { call::nt_release_semaphore(semaphore.0, more.into(), at) })
}

/// Releases a mutant; its count before.
pub fn release_mutant(mutant: &Handle) -> Result<i32, NtStatus> {
    // SAFETY: writes the previous count only.
    previous(|at| unsafe { call::nt_release_mutant(mutant.0, at) }).map(|count| count as i32)
}

/// The same, for any handle, without the count.
pub fn release_mutant_raw(mutant: u64) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_release_mutant(mutant, 0) }
}

fn previous(operate: impl FnOnce(u64) -> NtStatus) -> Result<u32, NtStatus> {
    let mut before = 0_u32;
    let status = operate(&raw mut before as u64);
    status.is_success().then_some(before).ok_or(status)
}

/// Waits for one object; a timeout of `None` never ends.
pub fn wait(handle: &Handle, timeout_100ns: Option<i64>) -> NtStatus {
    wait_raw(handle.0, timeout_100ns, false)
}

/// The same, for any handle, alertably or not.
pub fn wait_raw(handle: u64, timeout_100ns: Option<i64>, is_alertable: bool) -> NtStatus {
    let at = timeout_100ns
        .as_ref()
        .map_or(0, |time| &raw const *time as u64);
    // SAFETY: reads the timeout only.
    unsafe { call::nt_wait_for_single_object(handle, is_alertable.into(), at) }
}

/// Waits for any or all of several objects.
pub fn wait_several(handles: &[&Handle], all: bool, timeout_100ns: Option<i64>) -> NtStatus {
    let mut values = [0_u64; 65];
    for (value, handle) in values.iter_mut().zip(handles) {
        *value = handle.0;
    }
    let at = timeout_100ns
        .as_ref()
        .map_or(0, |time| &raw const *time as u64);
    // SAFETY: reads the handles and the timeout only.
    unsafe {
        call::nt_wait_for_multiple_objects(
            handles.len() as u64,
            values.as_ptr() as u64,
            u64::from(!all),
            0,
            at,
        )
    }
}

/// Alerts the calling thread: its next alertable wait is over at once.
pub fn alert_oneself() -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_alert_thread(abi::io::CURRENT_THREAD) }
}

/// Gives a thread its token.
pub fn alert(thread_id: u64) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_alert_thread_by_thread_id(thread_id) }
}

/// Waits for this thread's token.
pub fn wait_for_alert(timeout_100ns: Option<i64>) -> NtStatus {
    let at = timeout_100ns
        .as_ref()
        .map_or(0, |time| &raw const *time as u64);
    // SAFETY: reads the timeout only.
    unsafe { call::nt_wait_for_alert_by_thread_id(0, at) }
}

/// Sets a timer, with a period or without (0).
pub fn set_timer(timer: &Handle, due_100ns: i64, period_ms: u32) -> Result<(), NtStatus> {
    let at = &raw const due_100ns as u64;
    // SAFETY: reads the time only.
    let status = unsafe { call::nt_set_timer(timer.0, at, 0, 0, 0, period_ms.into(), 0) };
    status.is_success().then_some(()).ok_or(status)
}

/// Stops a timer; whether it is signalled.
pub fn cancel_timer(timer: &Handle) -> Result<bool, NtStatus> {
    let mut state = 0_u8;
    // SAFETY: writes the state only.
    let status = unsafe { call::nt_cancel_timer(timer.0, &raw mut state as u64) };
    status.is_success().then_some(state != 0).ok_or(status)
}
