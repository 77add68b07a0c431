//! The end of all programs and of the machine, at a program's request.

use abi::NtStatus;
use abi::token::SE_SHUTDOWN_PRIVILEGE;
use executive::shutdown;

use super::list::for_each_process;
use crate::call::{Call, Outcome};

/// SHUTDOWN_ACTION: stop, start again, switch off. All of them end the machine.
const LAST_ACTION: u32 = 2;
/// POWER_ACTION (NT `winnt.h`).
const NO_ACTION: u32 = 0;
const SLEEP: u32 = 2;
const HIBERNATE: u32 = 3;
const SHUTDOWN: u32 = 4;
const SHUTDOWN_OFF: u32 = 6;
/// SYSTEM_POWER_STATE: behind the last one.
const STATES: u32 = 7;

/// NtShutdownSystem(action)
pub(crate) fn nt_shutdown_system(call: &Call<'_>) -> Outcome {
    let action = call.value32(0)?;
    call.need_privilege(SE_SHUTDOWN_PRIVILEGE)?;
    if action > LAST_ACTION {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    shut_down(call)
}

/// NtInitiatePowerAction(action, state, flags, asynchronous)
pub(crate) fn nt_initiate_power_action(call: &Call<'_>) -> Outcome {
    let (action, state) = (call.value32(0)?, call.value32(1)?);
    call.need_privilege(SE_SHUTDOWN_PRIVILEGE)?;
    if state >= STATES {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    match action {
        NO_ACTION => Ok(NtStatus::SUCCESS),
        // The machine can only run or end.
        SLEEP | HIBERNATE => Err(NtStatus::NOT_SUPPORTED),
        SHUTDOWN..=SHUTDOWN_OFF => shut_down(call),
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// Ends every process; the caller, who wanted it, with success.
fn shut_down(call: &Call<'_>) -> Outcome {
    shutdown::ask();
    let own = call.process().id();
    for_each_process(|process| {
        let status = match process.id() == own {
            true => NtStatus::SUCCESS,
            false => NtStatus::SYSTEM_SHUTDOWN,
        };
        process.end(status.0);
        Ok(())
    })?;
    Ok(NtStatus::SUCCESS)
}
