//! What can be set of processes.

use abi::NtStatus;
use abi::access::{PROCESS_SET_INFORMATION, PROCESS_SET_QUOTA};
use abi::process::*;
use abi::token::{SE_ASSIGN_PRIMARY_TOKEN_PRIVILEGE, SE_TCB_PRIVILEGE};
use executive::process::Process;

use super::allocations::set_failing;
use super::dispatchers::set_dispatchers;
use super::mitigation;
use crate::call::{Call, Outcome, read};
use crate::priority;
use crate::query::Change;
use crate::thread::{ALL_OF_GROUP, ALL_PROCESSORS, no_processor_sets, throttling};

/// Most levels that a boost of all threads has.
const MOST_BOOST: u32 = 15;
/// Speed, delayed timers and ignored timer resolution (NT `processthreadsapi.h`).
const THROTTLING_VALID_FLAGS: u32 = 7;

/// NtSetInformationProcess(process, class, buffer, length)
pub(crate) fn nt_set_information_process(call: &Call<'_>) -> Outcome {
    let change = call.change()?;
    let process = || call.process_of(0, PROCESS_SET_INFORMATION);
    match change.class {
        PROCESS_ALLOCATIONS => {
            process()?;
            set_failing(&change)?;
        }
        PROCESS_DISPATCHERS => set_dispatchers(&*process()?, &change)?,
        PROCESS_QUOTA_LIMITS => {
            let limits = quota(&change)?;
            set_working_set(&*call.process_of(0, PROCESS_SET_QUOTA)?, &limits)?;
        }
        PROCESS_BASE_PRIORITY => {
            let level = priority::level(change.value()?)?;
            process()?.set_base_priority(level);
        }
        PROCESS_RAISE_PRIORITY => {
            let by = change.value::<u32>()?;
            let by = u8::try_from(by.min(MOST_BOOST)).unwrap_or(u8::MAX);
            process()?.boost_threads(by);
        }
        PROCESS_DEFAULT_HARD_ERROR_MODE => {
            let mode = change.value::<u32>()?;
            process()?.settings().error_mode.set(mode);
        }
        // The processor always lets programs access what is not aligned.
        PROCESS_ENABLE_ALIGNMENT_FAULT_FIXUP => {
            change.value::<u8>()?;
            process()?;
        }
        PROCESS_PRIORITY_CLASS => {
            let wanted = change.value::<ProcessPriorityClass>()?;
            let class = priority::class_of(wanted.class)?;
            let process = process()?;
            process
                .settings()
                .is_foreground
                .set(wanted.is_foreground != 0);
            process.set_priority_class(class);
        }
        PROCESS_FOREGROUND_INFORMATION => {
            let is_foreground = change.value::<u8>()? != 0;
            process()?.settings().is_foreground.set(is_foreground);
        }
        PROCESS_AFFINITY_MASK => {
            let mask = affinity(&change)?;
            process()?;
            if mask != ALL_PROCESSORS {
                return Err(NtStatus::INVALID_PARAMETER);
            }
        }
        PROCESS_PRIORITY_BOOST => {
            let is_disabled = change.flag()?;
            process()?.allow_boosts(!is_disabled);
        }
        // There is one session, and no program is part of the system.
        PROCESS_SESSION_INFORMATION => {
            change.value::<u32>()?;
            process()?;
            return Err(NtStatus::PRIVILEGE_NOT_HELD);
        }
        PROCESS_BREAK_ON_TERMINATION => {
            let is_wanted = change.flag()?;
            process()?;
            if is_wanted {
                return Err(NtStatus::PRIVILEGE_NOT_HELD);
            }
        }
        PROCESS_DEBUG_FLAGS => {
            let flags = change.value::<u32>()?;
            if flags > 1 {
                return Err(NtStatus::INVALID_PARAMETER);
            }
            process()?.settings().passes_debugger_on.set(flags);
        }
        PROCESS_IO_PRIORITY => {
            let level = priority::io_level(change.value()?)?;
            process()?.settings().io_priority.set(level);
        }
        PROCESS_PAGE_PRIORITY => {
            let level = priority::page_level(change.value()?)?;
            process()?.settings().page_priority.set(level);
        }
        // They are permanent.
        PROCESS_EXECUTE_FLAGS => {
            change.value::<u32>()?;
            process()?;
            return Err(NtStatus::ACCESS_DENIED);
        }
        PROCESS_MITIGATION_POLICY => {
            let [policy, flags] = change.value::<[u32; 2]>()?;
            process()?;
            mitigation::check_same(policy, flags)?;
        }
        PROCESS_DEFAULT_CPU_SETS | PROCESS_ALLOWED_CPU_SETS => {
            no_processor_sets(&change)?;
            process()?;
        }
        // The ports of processes and of devices are the system's, and tokens are
        // given by who may give any.
        PROCESS_EXCEPTION_PORT => {
            change.value::<u64>()?;
            call.need_privilege(SE_TCB_PRIVILEGE)?;
            return Err(NtStatus::INVALID_HANDLE);
        }
        PROCESS_ACCESS_TOKEN => {
            change.value::<[u64; 2]>()?;
            process()?;
            call.need_privilege(SE_ASSIGN_PRIMARY_TOKEN_PRIVILEGE)?;
            return Err(NtStatus::NOT_SUPPORTED);
        }
        PROCESS_USER_MODE_IOPL => {
            call.need_privilege(SE_TCB_PRIVILEGE)?;
            return Err(NtStatus::NOT_SUPPORTED);
        }
        PROCESS_LDT_INFORMATION | PROCESS_LDT_SIZE => return Err(NtStatus::NOT_IMPLEMENTED),
        PROCESS_POWER_THROTTLING_STATE => {
            let (control, state) = throttling(change.value()?, THROTTLING_VALID_FLAGS)?;
            let process = process()?;
            process.settings().power_control.set(control);
            process.settings().power_state.set(state);
        }
        _ => return Err(NtStatus::INVALID_INFO_CLASS),
    }
    Ok(NtStatus::SUCCESS)
}

/// The limits in a change, which may be of either size.
fn quota(change: &Change) -> Result<QuotaLimits, NtStatus> {
    match usize::try_from(change.length) == Ok(size_of::<QuotaLimitsEx>()) {
        true => Ok(change.value::<QuotaLimitsEx>()?.limits),
        false => change.value(),
    }
}

/// Notes how much a process may keep resident. Other limits stay; nothing is taken
/// away from a process that should empty its working set.
fn set_working_set(process: &Process, limits: &QuotaLimits) -> Result<(), NtStatus> {
    let least = limits.minimum_working_set_bytes;
    let most = limits.maximum_working_set_bytes;
    match (least, most) {
        (0, 0) | (u64::MAX, u64::MAX) => Ok(()),
        _ if least == 0 || least > most => Err(NtStatus::BAD_WORKING_SET_LIMIT),
        _ => {
            // Its job's limits count, whatever it asks for.
            let job = process.job().and_then(|job| job.working_set_bytes());
            let (least, most) = job.unwrap_or((least, most));
            process.settings().least_working_set.set(least);
            process.settings().most_working_set.set(most);
            Ok(())
        }
    }
}

/// The processors in a change, which may name their group.
fn affinity(change: &Change) -> Result<u64, NtStatus> {
    match usize::try_from(change.length) == Ok(size_of_val(&ALL_OF_GROUP)) {
        true => {
            let affinity = read::<abi::thread::GroupAffinity>(change.buffer)?;
            match (affinity.group, affinity.reserved_0a) {
                (0, [0, 0, 0]) => Ok(affinity.mask),
                _ => Err(NtStatus::INVALID_PARAMETER),
            }
        }
        false => change.value(),
    }
}
