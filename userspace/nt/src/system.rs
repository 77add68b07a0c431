//! Time, yielding, frame counts and the shared page.
use crate::call;
use abi::NtStatus;
use abi::system::{SYSTEM_PERFORMANCE_INFORMATION, SystemPerformanceInformation};
use abi::user_shared::{SystemTime, USER_SHARED_DATA, UserSharedData};
use core::{arch::x86_64, ptr};
use zerocopy::FromZeros;

/// Lets others run; tells whether there was one.
pub fn yield_execution() -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_yield_execution() }
}

/// Waits; negative: from now on, else until that system time.
pub fn delay(interval_100ns: i64) -> NtStatus {
    // SAFETY: reads the interval only.
    unsafe { call::nt_delay_execution(0, &raw const interval_100ns as u64) }
}

/// The system time, 100 ns since 1601 UTC.
pub fn system_time_100ns() -> Result<i64, NtStatus> {
    let mut time = 0_i64;
    // SAFETY: writes `time` only.
    let status = unsafe { call::nt_query_system_time(&raw mut time as u64) };
    status.is_success().then_some(time).ok_or(status)
}

/// The performance counter and its frequency in counts a second.
pub fn performance_counter() -> Result<(i64, i64), NtStatus> {
    let (mut counter, mut frequency) = (0_i64, 0_i64);
    // SAFETY: writes the two numbers only.
    let status = unsafe {
        call::nt_query_performance_counter(&raw mut counter as u64, &raw mut frequency as u64)
    };
    status
        .is_success()
        .then_some((counter, frequency))
        .ok_or(status)
}

/// Free frames of the machine, in pages.
pub fn available_pages() -> Result<u32, NtStatus> {
    let mut information = SystemPerformanceInformation::new_zeroed();
    // SAFETY: writes `information` only.
    let status = unsafe {
        call::nt_query_system_information(
            SYSTEM_PERFORMANCE_INFORMATION.into(),
            &raw mut information as u64,
            size_of::<SystemPerformanceInformation>() as u64,
            0,
        )
    };
    status
        .is_success()
        .then_some(information.available_pages)
        .ok_or(status)
}

/// The processor's time-stamp counter; instructions under `-icount shift=0`.
pub fn time_stamp() -> u64 {
    // SAFETY: the instruction has no effect on memory.
    unsafe { x86_64::_rdtsc() }
}

/// A copy of the shared page as it is now.
pub fn user_shared() -> UserSharedData {
    // SAFETY: the kernel maps the page in every process; any bytes are valid.
    unsafe { ptr::read_volatile(USER_SHARED_DATA as *const UserSharedData) }
}

/// Whether contexts have the upper halves of AVX registers.
#[must_use]
pub fn has_avx() -> bool {
    user_shared().extended_state[0] & abi::context::XSTATE_MASK_GSSE != 0
}

/// The 64-bit value of a time in the shared page, consistent; `None` while the
/// copy was taken in the middle of an update.
#[must_use]
pub fn shared_time(time: SystemTime) -> Option<u64> {
    (time.high1 == time.high2).then_some(u64::from(time.high1) << 32 | u64::from(time.low))
}

/// Closes a handle.
pub fn close(handle: u64) -> NtStatus {
    // SAFETY: touches no memory.
    unsafe { call::nt_close(handle) }
}
