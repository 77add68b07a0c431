//! What can be set of threads.

use abi::NtStatus;
use abi::access::{
    THREAD_SET_INFORMATION, THREAD_SET_LIMITED_INFORMATION, THREAD_SET_THREAD_TOKEN,
    TOKEN_IMPERSONATE,
};
use abi::io::UnicodeString;
use abi::thread::*;
use executive::process::Thread;
use executive::token::{ImpersonationLevel, TokenKind};
use hal::Ref;

use super::information::{ALL_PROCESSORS, PROCESSOR};
use super::tls;
use crate::call::{Call, Outcome, read_vec, refused, write};
use crate::priority;
use crate::query::Change;

/// In place of a processor's number: whichever (MAXIMUM_PROCESSORS, NT `winnt.h`).
const ANY_PROCESSOR: u32 = 64;
/// Version of THREAD_POWER_THROTTLING_STATE, and what it controls (NT
/// `processthreadsapi.h`).
const THROTTLING_VERSION: u32 = 1;
const THROTTLING_VALID_FLAGS: u32 = 1;
/// Wine's class for the name that the host's debuggers show.
const WINE_NATIVE_THREAD_NAME: u32 = 1000;

/// NtSetInformationThread(thread, class, buffer, length)
pub(crate) fn nt_set_information_thread(call: &Call<'_>) -> Outcome {
    let change = call.change()?;
    let limited = || call.thread_of(0, THREAD_SET_LIMITED_INFORMATION);
    let full = || call.thread_of(0, THREAD_SET_INFORMATION);
    match change.class {
        THREAD_PRIORITY => {
            let level = priority::level(change.value()?)?;
            full()?.set_current_priority(level);
        }
        THREAD_BASE_PRIORITY => {
            let increment = change.value()?;
            let thread = limited()?;
            thread.set_relative_priority(priority::relative(thread.process(), increment)?);
        }
        THREAD_ACTUAL_BASE_PRIORITY => set_actual_base(change.value()?, &*limited()?)?,
        THREAD_AFFINITY_MASK => check_mask(change.value()?, limited)?,
        THREAD_GROUP_INFORMATION => {
            let affinity = change.value::<GroupAffinity>()?;
            if affinity.group != 0 || affinity.reserved_0a != [0; 3] {
                return Err(NtStatus::INVALID_PARAMETER);
            }
            check_mask(affinity.mask, full)?;
        }
        THREAD_IMPERSONATION_TOKEN => impersonate(call, change.value()?)?,
        THREAD_QUERY_SET_WIN32_START_ADDRESS => {
            let address = change.value::<u64>()?;
            full()?.settings().start_address.set(address);
        }
        THREAD_ZERO_TLS_CELL => tls::zero_cell(change.value()?, call, &full()?)?,
        THREAD_IDEAL_PROCESSOR => match change.value::<u32>()? {
            // The number before is the result, and is the same.
            0 | ANY_PROCESSOR => drop(full()?),
            _ => return Err(NtStatus::INVALID_PARAMETER),
        },
        THREAD_IDEAL_PROCESSOR_EX => {
            let wanted = change.value::<ProcessorNumber>()?;
            if (wanted.group, wanted.number, wanted.reserved_03) != (0, 0, 0) {
                return Err(NtStatus::INVALID_PARAMETER);
            }
            full()?;
            // The one before.
            write(change.buffer, &PROCESSOR)?;
        }
        THREAD_PRIORITY_BOOST => {
            let is_disabled = change.flag()?;
            limited()?.allow_boosts(!is_disabled);
        }
        THREAD_HIDE_FROM_DEBUGGER => {
            change.nothing()?;
            full()?.settings().is_hidden.set(true);
        }
        THREAD_BREAK_ON_TERMINATION => {
            let is_wanted = change.flag()?;
            full()?;
            // No program is part of the system.
            if is_wanted {
                return Err(NtStatus::PRIVILEGE_NOT_HELD);
            }
        }
        THREAD_IO_PRIORITY => {
            let level = priority::io_level(change.value()?)?;
            full()?.settings().io_priority.set(level);
        }
        THREAD_PAGE_PRIORITY => {
            let level = priority::page_level(change.value()?)?;
            full()?.settings().page_priority.set(level);
        }
        THREAD_NAME_INFORMATION | WINE_NATIVE_THREAD_NAME => {
            let name = change.value::<ThreadNameInformation>()?.name;
            set_name(&name, &*limited()?)?;
        }
        THREAD_SELECTED_CPU_SETS => {
            no_processor_sets(&change)?;
            limited()?;
        }
        THREAD_DYNAMIC_CODE_POLICY => {
            let may = change.value::<u32>()?;
            if may > 1 {
                return Err(NtStatus::INVALID_PARAMETER);
            }
            full()?.settings().may_make_code.set(may);
        }
        THREAD_COUNTER_PROFILING => {
            let wanted = change.value::<ThreadProfiling>()?;
            // A thread profiles itself, with counters that the kernel has set up.
            if !core::ptr::eq(&*full()?, &**call.thread()) {
                return Err(NtStatus::INVALID_PARAMETER);
            }
            if wanted.is_enabled != 0 {
                return Err(NtStatus::NOT_SUPPORTED);
            }
        }
        THREAD_POWER_THROTTLING_STATE => {
            // Nothing is throttled; what is asked for is only checked.
            throttling(change.value()?, THROTTLING_VALID_FLAGS)?;
            full()?;
        }
        _ => return Err(NtStatus::INVALID_INFO_CLASS),
    }
    Ok(NtStatus::SUCCESS)
}

/// Sets a base priority by its level, which must be in its process's range.
fn set_actual_base(level: i32, thread: &Thread) -> Result<(), NtStatus> {
    priority::level(level)?;
    let process_level = i32::from(thread.process().base_priority().level());
    let is_real_time = |level| level >= LOW_REALTIME_PRIORITY;
    if is_real_time(level) != is_real_time(process_level) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let levels = level.saturating_sub(process_level);
    thread.set_relative_priority(executive::process::RelativePriority::By(levels));
    Ok(())
}

fn check_mask(
    mask: u64,
    thread: impl FnOnce() -> Result<Ref<Thread>, NtStatus>,
) -> Result<(), NtStatus> {
    thread()?;
    match mask {
        ALL_PROCESSORS => Ok(()),
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// Begins to act for someone, or ends that. For whom it may not act, the thread can
/// only say who that is.
fn impersonate(call: &Call<'_>, handle: u64) -> Result<(), NtStatus> {
    const HARMLESS: TokenKind = TokenKind::Impersonation(ImpersonationLevel::Identification);
    let thread = call.thread_of(0, THREAD_SET_THREAD_TOKEN)?;
    if handle == 0 {
        thread.set_token(None);
        return Ok(());
    }
    let mut token = call.token_by(handle, TOKEN_IMPERSONATE)?;
    if token.kind() == TokenKind::Primary {
        return Err(NtStatus::BAD_TOKEN_TYPE);
    }
    if token.is_effective() && !thread.process().token().can_act_for(&token) {
        token = token.duplicate(HARMLESS, |_| ()).map_err(refused)?;
    }
    thread.set_token(Some(token));
    Ok(())
}

fn set_name(name: &UnicodeString, thread: &Thread) -> Result<(), NtStatus> {
    if !name.length_bytes.is_multiple_of(2) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let units = read_vec::<u16>(name.buffer, usize::from(name.length_bytes >> 1))?;
    thread.set_name(units);
    Ok(())
}

/// Refuses a list of processor sets that names any: there are none.
pub(crate) fn no_processor_sets(change: &Change) -> Result<(), NtStatus> {
    match change.length {
        0 => Ok(()),
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// Checks version, control mask and state mask of a throttling state; returns both
/// masks.
pub(crate) fn throttling(
    [version, control, state]: [u32; 3],
    valid: u32,
) -> Result<(u32, u32), NtStatus> {
    match version == THROTTLING_VERSION && control & !valid == 0 && state & !control == 0 {
        true => Ok((control, state)),
        false => Err(NtStatus::INVALID_PARAMETER),
    }
}
