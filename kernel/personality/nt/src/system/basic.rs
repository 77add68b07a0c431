//! What does not change while the system runs.

use abi::NtStatus;
use abi::memory::{ALLOCATION_GRANULARITY, HIGHEST_USER_ADDRESS, LOWEST_USER_ADDRESS, PAGE_SIZE};
use abi::system::*;
use zerocopy::FromZeros;

use crate::call::Outcome;
use crate::query::Query;
use crate::thread::ALL_PROCESSORS;
use crate::time::TICK_100NS;

/// Version, build, and whom a program that knows of Wine asks for as its host:
/// system and release.
pub(super) const VERSION_TEXTS: &[u8] = concat!(
    "Petrel ",
    env!("CARGO_PKG_VERSION"),
    "\0petrel-",
    env!("CARGO_PKG_VERSION"),
    "\0Petrel\0",
    env!("CARGO_PKG_VERSION"),
    "\0"
)
.as_bytes();

/// The last address of a program of 32 bits.
const HIGHEST_32_BIT_ADDRESS: u64 = 0x7FFE_FFFF;

pub(super) fn basic(class: u32) -> SystemBasicInformation {
    let frames = hal::memory::frame_counts();
    let mut information = SystemBasicInformation::new_zeroed();
    information.timer_resolution_100ns = TICK_100NS;
    information.page_bytes = narrowed(PAGE_SIZE);
    information.physical_pages = narrowed(frames.total);
    information.lowest_physical_page = 1;
    information.highest_physical_page = narrowed(frames.end.saturating_sub(1));
    information.allocation_granularity = narrowed(ALLOCATION_GRANULARITY);
    information.lowest_user_address = LOWEST_USER_ADDRESS;
    information.highest_user_address = match class {
        SYSTEM_EMULATION_BASIC_INFORMATION => HIGHEST_32_BIT_ADDRESS,
        _ => HIGHEST_USER_ADDRESS,
    };
    information.processors_mask = ALL_PROCESSORS;
    information.processor_count = 1;
    information
}

/// The same number in the 32 bits that NT gives it.
pub(super) fn narrowed(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Nobody debugs the kernel from outside.
pub(super) fn debugger() -> SystemKernelDebuggerInformation {
    SystemKernelDebuggerInformation {
        is_enabled: 0,
        is_not_present: 1,
    }
}

pub(super) fn extended_debugger() -> SystemKernelDebuggerInformationEx {
    SystemKernelDebuggerInformationEx::new_zeroed()
}

/// Nothing checked the kernel before it started.
pub(super) fn secure_boot() -> SystemSecureBootInformation {
    SystemSecureBootInformation::new_zeroed()
}

/// The kernel uses no service of the firmware's, whichever it is: no more than a
/// BIOS has.
pub(super) fn boot_environment(query: &Query) -> Outcome {
    /// What old programs know.
    const OLD_BYTES: usize = 0x14;
    query.answer_from(OLD_BYTES, || {
        let mut information = SystemBootEnvironmentInformation::new_zeroed();
        information.firmware_type = FIRMWARE_TYPE_BIOS;
        Ok(information)
    })
}

/// No image is checked for who made it.
pub(super) fn code_integrity(query: &Query) -> Outcome {
    const BYTES: u32 = size_of::<SystemCodeIntegrityInformation>() as u32;
    let asked = match query.length {
        BYTES => query.request::<SystemCodeIntegrityInformation>()?,
        _ => SystemCodeIntegrityInformation::new_zeroed(),
    };
    if asked.length_bytes != BYTES {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    query.answer(|| {
        Ok(SystemCodeIntegrityInformation {
            length_bytes: BYTES,
            options: 0,
        })
    })
}

/// The ports that programs can use are none of these.
pub(super) fn devices() -> SystemDeviceInformation {
    SystemDeviceInformation::new_zeroed()
}
