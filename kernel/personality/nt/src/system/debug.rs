//! A debugger of the kernel and tracing sessions, neither of which there are.

use abi::NtStatus;
use abi::token::SE_DEBUG_PRIVILEGE;

use crate::call::{Call, Outcome, check_readable, check_writable, probe};

/// Components that debug messages can come from (NT `dpfilter.h`).
const COMPONENTS: u32 = 0x9C;

/// NtSystemDebugControl(command, input, input length, output, output length, return
/// length)
pub(crate) fn nt_system_debug_control(call: &Call<'_>) -> Outcome {
    check_buffers(call)?;
    call.optional_result::<u32>(5)?;
    // NT says it so.
    call.need_privilege(SE_DEBUG_PRIVILEGE)
        .map_err(|_| NtStatus::ACCESS_DENIED)?;
    Err(NtStatus::DEBUGGER_INACTIVE)
}

/// NtSetDebugFilterState(component, level, state)
///
/// There are no debug messages to let through.
pub(crate) fn nt_set_debug_filter_state(call: &Call<'_>) -> Outcome {
    let component = call.value32(0)?;
    call.need_privilege(SE_DEBUG_PRIVILEGE)
        .map_err(|_| NtStatus::ACCESS_DENIED)?;
    // The last one stands for all.
    match component < COMPONENTS || component == u32::MAX {
        true => Ok(NtStatus::SUCCESS),
        false => Err(NtStatus::INVALID_PARAMETER_1),
    }
}

/// NtTraceControl(function, input, input length, output, output length, return length)
///
/// No function has anything to control.
pub(crate) fn nt_trace_control(call: &Call<'_>) -> Outcome {
    check_buffers(call)?;
    probe::<u32>(call.word(5)?)?;
    Err(NtStatus::INVALID_DEVICE_REQUEST)
}

/// Input, its length, output and its length, from the second argument on.
pub(super) fn check_buffers(call: &Call<'_>) -> Result<(), NtStatus> {
    let (input, input_length) = (call.word(1)?, call.value32(2)?);
    let (output, output_length) = (call.word(3)?, call.value32(4)?);
    if input != 0 {
        check_readable(input, input_length)?;
    }
    if output != 0 {
        check_writable(output, output_length)?;
    }
    Ok(())
}
