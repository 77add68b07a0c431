//! Power: a machine on the mains that never sleeps.

use abi::NtStatus;
use abi::system::*;
use abi::thread::{ES_CONTINUOUS, ES_USER_PRESENT};
use zerocopy::{FromZeros, Immutable, IntoBytes};

use super::basic::narrowed;
use super::debug::check_buffers;
use super::list::for_each_process;
use crate::call::{Call, Outcome, refused, write};

const HZ_PER_MHZ: u64 = 1_000_000;

/// NtPowerInformation(class, input, input length, output, output length)
pub(crate) fn nt_power_information(call: &Call<'_>) -> Outcome {
    check_buffers(call)?;
    let class = call.value32(0)?;
    let answer = Answer {
        has_input: call.word(1)? != 0,
        output: call.word(3)?,
        length: call.value32(4)?,
    };
    match class {
        POWER_SYSTEM_POWER_CAPABILITIES => answer.with(|| Ok(capabilities())),
        POWER_SYSTEM_BATTERY_STATE => answer.with(|| Ok(battery())),
        POWER_PROCESSOR_INFORMATION => answer.with(|| Ok(processor())),
        // It neither slept nor woke.
        POWER_LAST_WAKE_TIME | POWER_LAST_SLEEP_TIME => answer.with(|| Ok(0_u64)),
        POWER_SYSTEM_EXECUTION_STATE => answer.with(execution_state),
        class if class <= POWER_LAST_CLASS => Err(NtStatus::NOT_SUPPORTED),
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

struct Answer {
    has_input: bool,
    output: u64,
    length: u32,
}

impl Answer {
    /// Answers a class that takes no input.
    fn with<T: IntoBytes + Immutable>(
        &self,
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        if self.has_input || self.output == 0 {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        if usize::try_from(self.length).is_ok_and(|length| length < size_of::<T>()) {
            return Err(NtStatus::BUFFER_TOO_SMALL);
        }
        write(self.output, &information()?)?;
        Ok(NtStatus::SUCCESS)
    }
}

/// Nothing but an end of all is there.
fn capabilities() -> SystemPowerCapabilities {
    let mut capabilities = SystemPowerCapabilities::new_zeroed();
    capabilities.is_full_wake = 1;
    capabilities.processor_minimum_throttle = 100;
    capabilities.processor_maximum_throttle = 100;
    capabilities
}

fn battery() -> SystemBatteryState {
    let mut battery = SystemBatteryState::new_zeroed();
    battery.is_ac_online = 1;
    battery
}

/// The one processor is as fast as its time stamps count.
pub(crate) fn processor_mhz() -> u32 {
    narrowed(hal::time::cycles_per_second().wrapping_div(HZ_PER_MHZ))
}

fn processor() -> ProcessorPowerInformation {
    let mhz = processor_mhz();
    ProcessorPowerInformation {
        number: 0,
        maximum_mhz: mhz,
        current_mhz: mhz,
        limit_mhz: mhz,
        maximum_idle_state: 1,
        current_idle_state: 0,
    }
}

/// What all threads together keep the machine from.
fn execution_state() -> Result<u32, NtStatus> {
    let mut states = ES_USER_PRESENT;
    for_each_process(|process| {
        for thread in process.threads().map_err(refused)? {
            states |= thread.settings().execution_state.get32();
        }
        Ok(())
    })?;
    Ok(states & !ES_CONTINUOUS)
}
