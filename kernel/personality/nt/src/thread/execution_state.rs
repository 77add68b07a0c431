//! What threads keep the machine from.

use abi::NtStatus;
use abi::thread::{
    ES_AWAYMODE_REQUIRED, ES_CONTINUOUS, ES_DISPLAY_REQUIRED, ES_SYSTEM_REQUIRED, ES_USER_PRESENT,
};

use crate::call::{Call, Outcome, probe, write};

const VALID: u32 = ES_CONTINUOUS
    | ES_SYSTEM_REQUIRED
    | ES_DISPLAY_REQUIRED
    | ES_USER_PRESENT
    | ES_AWAYMODE_REQUIRED;

/// NtSetThreadExecutionState(state, previous state)
///
/// The machine never sleeps, so that what is not continuous has no effect.
pub(crate) fn nt_set_thread_execution_state(call: &Call<'_>) -> Outcome {
    let (state, previous_at) = (call.value32(0)?, call.word(1)?);
    probe::<u32>(previous_at)?;
    let is_continuous = state & ES_CONTINUOUS != 0;
    let is_away = state & ES_AWAYMODE_REQUIRED != 0;
    if state & !VALID != 0 || is_away && !is_continuous {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let kept = &call.thread().settings().execution_state;
    let previous = kept.get32();
    if is_continuous {
        kept.set(state & !ES_CONTINUOUS);
    }
    write(previous_at, &(previous | ES_CONTINUOUS))?;
    Ok(NtStatus::SUCCESS)
}
