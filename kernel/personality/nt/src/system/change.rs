//! What of the system can be changed: hardly anything, and by few.

use abi::NtStatus;
use abi::system::*;
use abi::token::{
    SE_DEBUG_PRIVILEGE, SE_INCREASE_QUOTA_PRIVILEGE, SE_SYSTEMTIME_PRIVILEGE,
    SE_TIME_ZONE_PRIVILEGE,
};
use zerocopy::{FromBytes, IntoBytes};

use crate::call::{Call, Outcome, check_readable, read};
use crate::time::TICK_100NS;

/// NtSetSystemInformation(class, buffer, length)
pub(crate) fn nt_set_system_information(call: &Call<'_>) -> Outcome {
    let (class, buffer, length) = (call.value32(0)?, call.word(1)?, call.value32(2)?);
    check_readable(buffer, length)?;
    match class {
        SYSTEM_TIME_ADJUSTMENT_INFORMATION => {
            let wanted = value::<SystemSetTimeAdjustInformation>(buffer, length)?;
            call.need_privilege(SE_SYSTEMTIME_PRIVILEGE)?;
            adjust_time(&wanted)
        }
        SYSTEM_CURRENT_TIME_ZONE_INFORMATION => {
            value::<TimeZoneInformation>(buffer, length)?;
            call.need_privilege(SE_TIME_ZONE_PRIVILEGE)?;
            Err(NtStatus::NOT_SUPPORTED)
        }
        SYSTEM_DYNAMIC_TIME_ZONE_INFORMATION => {
            value::<DynamicTimeZoneInformation>(buffer, length)?;
            call.need_privilege(SE_TIME_ZONE_PRIVILEGE)?;
            Err(NtStatus::NOT_SUPPORTED)
        }
        // Without a cache it has no limits.
        SYSTEM_FILE_CACHE_INFORMATION | SYSTEM_FILE_CACHE_INFORMATION_EX => {
            value::<SystemFileCacheInformation>(buffer, length)?;
            call.need_privilege(SE_INCREASE_QUOTA_PRIVILEGE)?;
            Err(NtStatus::NOT_SUPPORTED)
        }
        SYSTEM_KERNEL_DEBUGGER_INFORMATION => {
            call.need_privilege(SE_DEBUG_PRIVILEGE)?;
            Err(NtStatus::DEBUGGER_INACTIVE)
        }
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

/// The clock goes with the ticks; wishing for just that is no change.
fn adjust_time(wanted: &SystemSetTimeAdjustInformation) -> Outcome {
    match (wanted.is_disabled, wanted.adjustment_100ns) {
        (0, 0) => Err(NtStatus::INVALID_PARAMETER_2),
        (0, adjustment) if adjustment != TICK_100NS => Err(NtStatus::NOT_SUPPORTED),
        _ => Ok(NtStatus::SUCCESS),
    }
}

fn value<T: FromBytes + IntoBytes>(buffer: u64, length: u32) -> Result<T, NtStatus> {
    match usize::try_from(length) == Ok(size_of::<T>()) {
        true => read(buffer),
        false => Err(NtStatus::INFO_LENGTH_MISMATCH),
    }
}
