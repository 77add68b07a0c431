//! What can be asked of jobs, and set.

use abi::NtStatus;
use abi::access::{IO_COMPLETION_MODIFY_STATE, JOB_OBJECT_QUERY, JOB_OBJECT_SET_ATTRIBUTES};
use abi::job::*;
use abi::thread::GroupAffinity;
use executive::clock;
use executive::job::Job;
use hal::Ref;
use zerocopy::{FromBytes, FromZeros, IntoBytes};

use super::{limits, notices, rates};
use crate::call::{Call, Outcome, read, refused, write};
use crate::process::io_counters;
use crate::query::Query;
use crate::thread::ALL_PROCESSORS;

const ID_BYTES: u32 = size_of::<u64>() as u32;
const LIST_HEADER_BYTES: u32 = size_of::<JobProcessIdListHeader>() as u32;

/// NtQueryInformationJobObject(job, class, buffer, length, return length)
///
/// Without a job: the innermost one of the calling process.
pub(crate) fn nt_query_information_job_object(call: &Call<'_>) -> Outcome {
    let query = call.query()?;
    let job = || match call.word(0)? {
        0 => call.process().job().ok_or(NtStatus::ACCESS_DENIED),
        _ => call.job(0, JOB_OBJECT_QUERY),
    };
    match query.class {
        JOB_OBJECT_BASIC_ACCOUNTING_INFORMATION => query.answer(|| Ok(accounting(&*job()?))),
        JOB_OBJECT_BASIC_LIMIT_INFORMATION => {
            query.answer(|| Ok(limits::to_basic(&job()?.limits())))
        }
        JOB_OBJECT_BASIC_PROCESS_ID_LIST => process_ids(&query, job),
        JOB_OBJECT_BASIC_UI_RESTRICTIONS => query.answer(|| Ok(job()?.ui_restrictions())),
        JOB_OBJECT_END_OF_JOB_TIME_INFORMATION => query.answer(|| {
            Ok(match job()?.reports_end_of_time() {
                true => JOB_OBJECT_POST_AT_END_OF_JOB,
                false => JOB_OBJECT_TERMINATE_AT_END_OF_JOB,
            })
        }),
        JOB_OBJECT_BASIC_AND_IO_ACCOUNTING => query.answer(|| {
            let mut information = JobBasicAndIoAccounting::new_zeroed();
            let job = job()?;
            information.basic = accounting(&job);
            information.io = io_counters(&job.io_counts());
            Ok(information)
        }),
        JOB_OBJECT_EXTENDED_LIMIT_INFORMATION => query.answer(|| {
            let job = job()?;
            Ok(limits::to_extended(&job.limits(), job.peak_bytes()))
        }),
        // It is in no set of jobs.
        JOB_OBJECT_JOB_SET_INFORMATION => query.answer(|| job().map(|_| 0_u32)),
        // All processors are one group.
        JOB_OBJECT_GROUP_INFORMATION => query.answer(|| job().map(|_| 0_u16)),
        JOB_OBJECT_GROUP_INFORMATION_EX => query.answer(|| {
            let mut group = GroupAffinity::new_zeroed();
            group.mask = ALL_PROCESSORS;
            job().map(|_| group)
        }),
        JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION => query.answer(|| {
            let mut limits = notices::limits(&*job()?).plain;
            limits.limit_flags &= JOB_OBJECT_NOTIFICATION_LIMIT_VALID_FLAGS;
            limits.io_tolerance = 0;
            Ok(limits)
        }),
        JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION_2 => {
            query.answer(|| Ok(notices::limits(&*job()?)))
        }
        JOB_OBJECT_LIMIT_VIOLATION_INFORMATION => query.answer(|| {
            let mut violation = notices::violation(&*job()?).plain;
            violation.limit_flags &= JOB_OBJECT_NOTIFICATION_LIMIT_VALID_FLAGS;
            violation.violation_flags &= JOB_OBJECT_NOTIFICATION_LIMIT_VALID_FLAGS;
            Ok(violation)
        }),
        JOB_OBJECT_LIMIT_VIOLATION_INFORMATION_2 => {
            query.answer(|| Ok(notices::violation(&*job()?)))
        }
        JOB_OBJECT_CPU_RATE_CONTROL_INFORMATION => query.answer(|| Ok(rates::cpu_of(&*job()?))),
        JOB_OBJECT_MEMORY_USAGE_INFORMATION => query.answer(|| {
            let job = job()?;
            Ok(JobMemoryUsage {
                memory_bytes: job.notices().1.memory_bytes,
                peak_memory_bytes: job.peak_bytes().1,
            })
        }),
        // There is no network.
        JOB_OBJECT_NET_RATE_CONTROL_INFORMATION => {
            query.answer(|| job().map(|_| JobNetRateControl::new_zeroed()))
        }
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

fn accounting(job: &Job) -> JobBasicAccounting {
    let (used, faults) = job.used();
    let counts = job.accounting();
    let time = |cycles| i64::try_from(clock::cycles_to_100ns(cycles)).unwrap_or(i64::MAX);
    let mut information = JobBasicAccounting::new_zeroed();
    information.total_user_time_100ns = time(used.user_cycles);
    information.total_kernel_time_100ns = time(used.kernel_cycles);
    let since = |total: i64, began| total.saturating_sub_unsigned(began).max(0);
    let (user_began, kernel_began) = job.period_began_100ns();
    information.this_period_total_user_time_100ns =
        since(information.total_user_time_100ns, user_began);
    information.this_period_total_kernel_time_100ns =
        since(information.total_kernel_time_100ns, kernel_began);
    information.total_page_faults = u32::try_from(faults).unwrap_or(u32::MAX);
    information.total_processes = counts.total;
    information.active_processes = counts.active;
    information.total_terminated_processes = counts.terminated;
    information
}

/// Lists as many numbers as fit.
fn process_ids(query: &Query, job: impl FnOnce() -> Result<Ref<Job>, NtStatus>) -> Outcome {
    let most = query.length.saturating_sub(LIST_HEADER_BYTES);
    let most = most.wrapping_div(ID_BYTES);
    if most == 0 {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let job = job()?;
    let mut listed = 0_u32;
    let mut at = query.buffer.wrapping_add(LIST_HEADER_BYTES.into());
    let mut id = 0;
    while listed < most
        && let Some(next) = job.process_after(id)
    {
        write(at, &next)?;
        id = next;
        at = at.wrapping_add(ID_BYTES.into());
        listed = listed.saturating_add(1);
    }
    let header = JobProcessIdListHeader {
        assigned_count: job.accounting().active,
        listed_count: listed,
    };
    write(query.buffer, &header)?;
    query.set_length(LIST_HEADER_BYTES.saturating_add(listed.saturating_mul(ID_BYTES)))?;
    match job.process_after(id) {
        Some(_) => Err(NtStatus::BUFFER_OVERFLOW),
        None => Ok(NtStatus::SUCCESS),
    }
}

/// NtSetInformationJobObject(job, class, buffer, length)
pub(crate) fn nt_set_information_job_object(call: &Call<'_>) -> Outcome {
    let job = || call.job(0, JOB_OBJECT_SET_ATTRIBUTES);
    match call.value32(1)? {
        JOB_OBJECT_BASIC_LIMIT_INFORMATION => {
            let wanted = value::<JobBasicLimit>(call)?;
            let job = job()?;
            job.set_limits(
                limits::from_basic(&wanted, job.limits())?,
                limits::renews_time(&wanted),
            );
        }
        JOB_OBJECT_EXTENDED_LIMIT_INFORMATION => {
            let wanted = value::<JobExtendedLimit>(call)?;
            let job = job()?;
            job.set_limits(
                limits::from_extended(&wanted, job.limits())?,
                limits::renews_time(&wanted.basic),
            );
        }
        JOB_OBJECT_BASIC_UI_RESTRICTIONS => {
            let restrictions = value::<u32>(call)?;
            if restrictions & !JOB_OBJECT_UI_VALID_FLAGS != 0 {
                return Err(NtStatus::INVALID_PARAMETER);
            }
            job()?.set_ui_restrictions(restrictions);
        }
        JOB_OBJECT_END_OF_JOB_TIME_INFORMATION => {
            let reports = match value::<u32>(call)? {
                JOB_OBJECT_TERMINATE_AT_END_OF_JOB => false,
                JOB_OBJECT_POST_AT_END_OF_JOB => true,
                _ => return Err(NtStatus::INVALID_PARAMETER),
            };
            job()?.set_reports_end_of_time(reports);
        }
        JOB_OBJECT_ASSOCIATE_COMPLETION_PORT => {
            let wanted = value::<JobCompletionPort>(call)?;
            let job = job()?;
            let port =
                call.completion_port_by(wanted.completion_port, IO_COMPLETION_MODIFY_STATE)?;
            job.set_port(port, wanted.completion_key).map_err(refused)?;
        }
        JOB_OBJECT_GROUP_INFORMATION => match value::<u16>(call)? {
            0 => drop(job()?),
            _ => return Err(NtStatus::INVALID_PARAMETER),
        },
        JOB_OBJECT_GROUP_INFORMATION_EX => {
            let group = value::<GroupAffinity>(call)?;
            if (group.mask, group.group) != (ALL_PROCESSORS, 0) {
                return Err(NtStatus::INVALID_PARAMETER);
            }
            job()?;
        }
        JOB_OBJECT_CPU_RATE_CONTROL_INFORMATION => {
            let control = rates::cpu(&value(call)?)?;
            job()?.set_rate_control(control);
        }
        JOB_OBJECT_NET_RATE_CONTROL_INFORMATION => {
            let wanted = value::<JobNetRateControl>(call)?;
            job()?;
            rates::net(&wanted)?;
        }
        JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION => {
            let mut wanted = JobNotificationLimit2::new_zeroed();
            wanted.plain = value(call)?;
            let valid = JOB_OBJECT_NOTIFICATION_LIMIT_VALID_FLAGS;
            let limits = notices::from_structure(&wanted, valid)?;
            job()?.set_notices(limits);
        }
        JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION_2 => {
            let valid = JOB_OBJECT_NOTIFICATION_LIMIT_VALID_FLAGS_2;
            let limits = notices::from_structure(&value(call)?, valid)?;
            job()?.set_notices(limits);
        }
        _ => return Err(NtStatus::INVALID_INFO_CLASS),
    }
    Ok(NtStatus::SUCCESS)
}

/// The structure that is to be set.
fn value<T: FromBytes + IntoBytes>(call: &Call<'_>) -> Result<T, NtStatus> {
    if usize::try_from(call.value32(3)?) != Ok(size_of::<T>()) {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    read(call.word(2)?)
}
