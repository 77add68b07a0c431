//! What the system says of itself.

use abi::NtStatus;
use abi::system::{SYSTEM_PERFORMANCE_INFORMATION, SystemPerformanceInformation};
use zerocopy::FromZeros;

use crate::call::{Call, Outcome, probe, write};

/// NtQuerySystemInformation(class, buffer, length, return length)
pub(crate) fn nt_query_system_information(call: &Call<'_>) -> Outcome {
    const SIZE: u32 = size_of::<SystemPerformanceInformation>() as u32;
    let (class, buffer) = (call.value32(0)?, call.word(1)?);
    let (length, return_length) = (call.value32(2)?, call.word(3)?);
    if class != SYSTEM_PERFORMANCE_INFORMATION {
        return Err(NtStatus::INVALID_INFO_CLASS);
    }
    if return_length != 0 {
        write(return_length, &SIZE)?;
    }
    if length < SIZE {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    // Touching the buffer may take a frame, which the answer must count.
    probe::<SystemPerformanceInformation>(buffer)?;
    let mut information = SystemPerformanceInformation::new_zeroed();
    let free = hal::memory::frame_counts().free;
    information.available_pages = u32::try_from(free).unwrap_or(u32::MAX);
    write(buffer, &information)?;
    Ok(NtStatus::SUCCESS)
}
