//! Jobs.
use crate::call;
use crate::sync::{ALL_ACCESS, Handle, made};
use abi::NtStatus;
use abi::job::{
    JOB_OBJECT_BASIC_ACCOUNTING_INFORMATION, JOB_OBJECT_EXTENDED_LIMIT_INFORMATION,
    JobBasicAccounting, JobExtendedLimit,
};
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes};

/// A new job.
pub fn create() -> Result<Handle, NtStatus> {
    create_with(ALL_ACCESS)
}

/// The same with chosen access.
pub fn create_with(access: u64) -> Result<Handle, NtStatus> {
    // SAFETY: writes the handle only.
    made(|at| unsafe { call::nt_create_job_object(at, access, 0) })
}

/// Puts a process into a job.
pub fn assign(job: &Handle, process: &Handle) -> NtStatus {
    // SAFETY: another process's matter.
    unsafe { call::nt_assign_process_to_job_object(job.raw(), process.raw()) }
}

/// Whether a process is in a job, or in any for 0, as a status.
pub fn is_in(process: u64, job: u64) -> NtStatus {
    // SAFETY: changes nothing.
    unsafe { call::nt_is_process_in_job(process, job) }
}

/// Ends all processes of a job.
pub fn terminate(job: &Handle, status: NtStatus) -> NtStatus {
    // SAFETY: other processes' matter.
    unsafe { call::nt_terminate_job_object(job.raw(), status.0.into()) }
}

/// Asks a job for a class of information; 0 is the caller's own job. The status,
/// and the length it says the answer has.
pub fn query_into<T: FromBytes + IntoBytes>(job: u64, class: u32, to: &mut T) -> (NtStatus, u32) {
    let mut length = 0_u32;
    // SAFETY: writes the answer and its length only.
    let status = unsafe {
        call::nt_query_information_job_object(
            job,
            class.into(),
            to as *mut T as u64,
            size_of::<T>() as u64,
            &raw mut length as u64,
        )
    };
    (status, length)
}

/// The same of a class with one structure.
pub fn query<T: FromBytes + IntoBytes>(job: u64, class: u32) -> Result<T, NtStatus> {
    let mut answer = T::new_zeroed();
    match query_into(job, class, &mut answer) {
        (NtStatus::SUCCESS, length) if length as usize == size_of::<T>() => Ok(answer),
        // Nobody may say that an answer is of another length than it is.
        (NtStatus::SUCCESS, _) => Err(NtStatus::INFO_LENGTH_MISMATCH),
        (status, _) => Err(status),
    }
}

/// Sets a class of information.
pub fn set<T: IntoBytes + Immutable>(job: &Handle, class: u32, value: &T) -> NtStatus {
    // SAFETY: reads the value only.
    unsafe {
        call::nt_set_information_job_object(
            job.raw(),
            class.into(),
            value as *const T as u64,
            size_of::<T>() as u64,
        )
    }
}

/// What processes it has and had.
pub fn accounting(job: &Handle) -> Result<JobBasicAccounting, NtStatus> {
    query(job.raw(), JOB_OBJECT_BASIC_ACCOUNTING_INFORMATION)
}

/// All limits.
pub fn limits(job: &Handle) -> Result<JobExtendedLimit, NtStatus> {
    query(job.raw(), JOB_OBJECT_EXTENDED_LIMIT_INFORMATION)
}

/// Sets limits: `change` gets none, and says which there are to be.
pub fn limit(job: &Handle, change: impl FnOnce(&mut JobExtendedLimit)) -> NtStatus {
    let mut limits = JobExtendedLimit::new_zeroed();
    change(&mut limits);
    set(job, JOB_OBJECT_EXTENDED_LIMIT_INFORMATION, &limits)
}
