//! What can be asked of processes.

use abi::NtStatus;
use abi::access::{PROCESS_QUERY_INFORMATION, PROCESS_QUERY_LIMITED_INFORMATION};
use abi::process::*;
use abi::thread::GroupAffinity;
use executive::process::Process;
use zerocopy::FromZeros;

use super::allocations::allocations;
use super::counters::{io_counters, job_memory, pool_usage, quota_limits, vm_counters};
use super::lists::{handle_list, handle_values};
use super::mitigation::policy_flags;
use super::text;
use crate::call::{Call, Outcome, read, write};
use crate::image;
use crate::priority;
use crate::query::Query;
use crate::thread::{ALL_OF_GROUP, ALL_PROCESSORS, STILL_ACTIVE};
use crate::usage::{cycle_time, kernel_user_times};

/// All programs run in the session of the console.
pub(crate) const SESSION: u32 = 1;
/// Nothing that is data can be executed, and nobody can change that.
const EXECUTE_FLAGS: u32 = MEM_EXECUTE_OPTION_DISABLE
    | MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION
    | MEM_EXECUTE_OPTION_PERMANENT;

/// NtQueryInformationProcess(process, class, buffer, length, return length)
pub(crate) fn nt_query_information_process(call: &Call<'_>) -> Outcome {
    let query = call.query()?;
    let limited = || call.process_of(0, PROCESS_QUERY_LIMITED_INFORMATION);
    let full = || call.process_of(0, PROCESS_QUERY_INFORMATION);
    match query.class {
        PROCESS_BASIC_INFORMATION => {
            const PLAIN: usize = size_of::<ProcessBasicInformation>();
            match usize::try_from(query.length) {
                Ok(PLAIN) => query.answer(|| Ok(basic(&*limited()?))),
                _ => query.answer(|| extended(&query, &*limited()?)),
            }
        }
        PROCESS_QUOTA_LIMITS => {
            let sizes = [size_of::<QuotaLimits>(), size_of::<QuotaLimitsEx>()];
            query.answer_beginning(&sizes, || Ok(quota_limits(&*limited()?)))
        }
        PROCESS_IO_COUNTERS => query.answer(|| Ok(io_counters(limited()?.io_counts()))),
        PROCESS_VM_COUNTERS => {
            let sizes = [
                size_of::<VmCounters>(),
                size_of::<VmCountersEx>(),
                size_of::<VmCountersEx2>(),
            ];
            query.answer_beginning(&sizes, || Ok(vm_counters(&*limited()?)))
        }
        PROCESS_TIMES => query.answer(|| {
            let process = limited()?;
            Ok(kernel_user_times(process.times(), process.used()))
        }),
        // Nobody is debugged.
        PROCESS_DEBUG_PORT => query.answer(|| full().map(|_| 0_u64)),
        PROCESS_DEBUG_OBJECT_HANDLE => query.answer(|| {
            full()?;
            write(query.buffer, &0_u64)?;
            Err::<u64, _>(NtStatus::PORT_NOT_SET)
        }),
        PROCESS_DEBUG_FLAGS => query.answer(|| Ok(full()?.settings().passes_debugger_on.get32())),
        PROCESS_DEFAULT_HARD_ERROR_MODE => {
            query.answer(|| Ok(full()?.settings().error_mode.get32()))
        }
        PROCESS_POOLED_USAGE_AND_LIMITS => query.answer(|| Ok(pool_usage(&*full()?))),
        PROCESS_PRIORITY_CLASS => query.answer(|| {
            let process = limited()?;
            Ok(ProcessPriorityClass {
                is_foreground: u8::from(process.settings().is_foreground.get() != 0),
                class: priority::class_number(process.priority_class()),
            })
        }),
        PROCESS_HANDLE_COUNT => {
            let sizes = [size_of::<u32>(), size_of::<ProcessHandleCount>()];
            query.answer_beginning(&sizes, || {
                let process = limited()?;
                Ok(ProcessHandleCount {
                    count: process.handles().count(),
                    count_max: process.handles().peak_count(),
                })
            })
        }
        PROCESS_AFFINITY_MASK => {
            let sizes = [size_of_val(&ALL_PROCESSORS), size_of::<GroupAffinity>()];
            query.answer_beginning(&sizes, || limited().map(|_| ALL_OF_GROUP))
        }
        PROCESS_PRIORITY_BOOST => query.answer(|| Ok(u32::from(!limited()?.allows_boosts()))),
        PROCESS_SESSION_INFORMATION => query.answer(|| limited().map(|_| SESSION)),
        // All programs are 64-bit ones.
        PROCESS_WOW64_INFORMATION => query.answer(|| limited().map(|_| 0_u64)),
        PROCESS_IMAGE_FILE_NAME => text::answer_path(&query, &*limited()?, text::Form::Nt),
        PROCESS_IMAGE_FILE_NAME_WIN32 => text::answer_path(&query, &*limited()?, text::Form::Dos),
        PROCESS_COMMAND_LINE_INFORMATION => text::answer_command_line(&query, &*limited()?),
        // All see the same names.
        PROCESS_LUID_DEVICE_MAPS_ENABLED => query.answer(|| full().map(|_| 0_u32)),
        // It cannot be set.
        PROCESS_BREAK_ON_TERMINATION => query.answer(|| full().map(|_| 0_u32)),
        PROCESS_IO_PRIORITY => query.answer(|| Ok(full()?.settings().io_priority.get32())),
        PROCESS_PAGE_PRIORITY => query.answer(|| Ok(full()?.settings().page_priority.get32())),
        PROCESS_EXECUTE_FLAGS => query.answer(|| full().map(|_| EXECUTE_FLAGS)),
        PROCESS_COOKIE => query.answer(|| {
            let process = full()?;
            match core::ptr::eq(&*process, call.process()) {
                true => Ok(process.cookie()),
                false => Err(NtStatus::INVALID_PARAMETER),
            }
        }),
        PROCESS_IMAGE_INFORMATION => query.answer(|| Ok(image::information(limited()?.image()))),
        PROCESS_CYCLE_TIME => query.answer(|| Ok(cycle_time(limited()?.used()))),
        PROCESS_GROUP_INFORMATION => {
            limited()?;
            let only_group = 0_u16;
            query.answer_all(&only_group.to_le_bytes(), NtStatus::BUFFER_TOO_SMALL)
        }
        // Consoles are the kernel's.
        PROCESS_CONSOLE_HOST_PROCESS => query.answer(|| limited().map(|_| 0_u64)),
        PROCESS_HANDLE_INFORMATION => handle_list(&query, &*full()?),
        PROCESS_HANDLE_TABLE => handle_values(&query, &*full()?),
        PROCESS_MITIGATION_POLICY => {
            let [policy, _] = query.request::<[u32; 2]>()?;
            query.answer(|| {
                full()?;
                Ok([policy, policy_flags(policy)?])
            })
        }
        PROCESS_PROTECTION_INFORMATION => query.answer(|| limited().map(|_| 0_u8)),
        // No process is bound to any.
        PROCESS_DEFAULT_CPU_SETS | PROCESS_ALLOWED_CPU_SETS => {
            limited()?;
            query.answer_all(&[], NtStatus::BUFFER_TOO_SMALL)
        }
        PROCESS_RAISE_ON_INVALID_HANDLE_CLOSE => query.answer(|| full().map(|_| 0_u32)),
        // It may start processes, and nobody watches that.
        PROCESS_CHILD_PROCESS_INFORMATION => query.answer(|| limited().map(|_| [0_u8; 3])),
        // Win32.
        PROCESS_SUBSYSTEM_INFORMATION => query.answer(|| limited().map(|_| 0_u32)),
        PROCESS_POWER_THROTTLING_STATE => query.answer(|| {
            let process = full()?;
            let settings = process.settings();
            let (control, state) = (&settings.power_control, &settings.power_state);
            Ok([1, control.get32(), state.get32()])
        }),
        // Of a processor that runs 64-bit programs.
        PROCESS_LDT_INFORMATION => Err(NtStatus::NOT_IMPLEMENTED),
        // Nothing is watched or traced that was not asked for.
        PROCESS_WORKING_SET_WATCH | PROCESS_WORKING_SET_WATCH_EX => {
            full()?;
            Err(NtStatus::UNSUCCESSFUL)
        }
        PROCESS_HANDLE_TRACING => {
            full()?;
            Err(NtStatus::INVALID_PARAMETER)
        }
        PROCESS_DEVICE_MAP => query.answer(|| full().map(|_| device_map())),
        PROCESS_WINDOW_INFORMATION => text::answer_window(&query, &*limited()?),
        PROCESS_JOB_MEMORY_INFORMATION => query.answer(|| job_memory(&*limited()?)),
        PROCESS_ALLOCATIONS => query.answer(|| limited().map(|_| allocations())),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

/// The drive that all programs see.
fn device_map() -> ProcessDeviceMap {
    const LETTER: usize = 2;
    let mut map = ProcessDeviceMap::new_zeroed();
    map.drives = 1 << LETTER;
    if let Some(kind) = map.types.get_mut(LETTER) {
        *kind = DRIVE_FIXED;
    }
    map
}

fn basic(process: &Process) -> ProcessBasicInformation {
    let mut information = ProcessBasicInformation::new_zeroed();
    information.exit_status = process.ended().map_or(STILL_ACTIVE, NtStatus);
    information.peb = process.block();
    information.affinity = ALL_PROCESSORS;
    information.base_priority = process.base_priority().level().into();
    information.process_id = process.id();
    information.parent_process_id = process.parent_id();
    information
}

/// The same with flags, if the caller says that it knows the structure.
fn extended(query: &Query, process: &Process) -> Result<ProcessExtendedBasicInformation, NtStatus> {
    let mut information = ProcessExtendedBasicInformation::new_zeroed();
    information.length_bytes = size_of_val(&information) as u64;
    if read::<u64>(query.buffer)? != information.length_bytes {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    information.basic = basic(process);
    if process.ended().is_some() {
        information.flags |= PROCESS_IS_DELETING;
    }
    Ok(information)
}
