//! Making jobs, putting processes into them, ending them.

use abi::NtStatus;
use abi::access::{
    JOB_OBJECT_ASSIGN_PROCESS, JOB_OBJECT_QUERY, JOB_OBJECT_TERMINATE,
    PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SET_QUOTA, PROCESS_TERMINATE,
};
use abi::job::ERROR_NOT_ENOUGH_QUOTA;
use executive::Error;
use executive::job::Job;
use executive::object::{Object, ObjectKind};

use crate::call::{Call, Outcome, refused};

/// NtCreateJobObject(job, access, attributes)
pub(crate) fn nt_create_job_object(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::Job)?;
    new.create(call, || Ok(Object::Job(Job::new().map_err(refused)?)))
}

/// NtOpenJobObject(job, access, attributes)
pub(crate) fn nt_open_job_object(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Job)?.open(call)
}

/// NtAssignProcessToJobObject(job, process)
///
/// A process for which the job has no place is ended.
pub(crate) fn nt_assign_process_to_job_object(call: &Call<'_>) -> Outcome {
    let job = call.job(0, JOB_OBJECT_ASSIGN_PROCESS)?;
    let process = call.process_of(1, PROCESS_SET_QUOTA | PROCESS_TERMINATE)?;
    if process.ending().is_some() {
        return Err(NtStatus::PROCESS_IS_TERMINATING);
    }
    let assigned = process.assign_to(&job);
    if matches!(assigned, Err(Error::JobProcessLimit | Error::JobTimeLimit)) {
        process.end(ERROR_NOT_ENOUGH_QUOTA);
    }
    assigned.map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}

/// NtIsProcessInJob(process, job)
///
/// Without a job: in any.
pub(crate) fn nt_is_process_in_job(call: &Call<'_>) -> Outcome {
    let process = call.process_of(0, PROCESS_QUERY_LIMITED_INFORMATION)?;
    let is_in = match call.word(1)? {
        0 => process.job().is_some(),
        _ => process.is_in(&*call.job(1, JOB_OBJECT_QUERY)?),
    };
    match is_in {
        true => Ok(NtStatus::PROCESS_IN_JOB),
        false => Ok(NtStatus::PROCESS_NOT_IN_JOB),
    }
}

/// NtTerminateJobObject(job, status)
pub(crate) fn nt_terminate_job_object(call: &Call<'_>) -> Outcome {
    let status = call.value32(1)?;
    call.job(0, JOB_OBJECT_TERMINATE)?.end(status);
    Ok(NtStatus::SUCCESS)
}
