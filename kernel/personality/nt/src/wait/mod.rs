//! Objects that signal, and waiting.

mod alert;
mod event;
mod keyed_event;
mod mutant;
mod semaphore;
mod timer;
mod waiting;

pub(crate) use alert::*;
pub(crate) use event::*;
pub(crate) use keyed_event::*;
pub(crate) use mutant::*;
pub(crate) use semaphore::*;
pub(crate) use timer::*;
pub(crate) use waiting::*;

use abi::NtStatus;
use executive::clock;
use executive::dispatch::SignalKind;
use sched::{Deadline, Waited};
use zerocopy::{Immutable, IntoBytes};

use crate::call::{Call, probe, read, write};
use crate::time::system_time_100ns;

/// EVENT_TYPE and TIMER_TYPE, which agree.
fn signal_kind(value: u32) -> Result<SignalKind, NtStatus> {
    match value {
        0 => Ok(SignalKind::Notification),
        1 => Ok(SignalKind::Synchronization),
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// The status of a wait that is over.
pub(crate) fn status_of_wait(waited: Waited) -> NtStatus {
    let numbered = |first: NtStatus, number: u16| NtStatus(first.0.wrapping_add(number.into()));
    match waited {
        Waited::Satisfied(number) => numbered(NtStatus::WAIT_0, number),
        Waited::Abandoned(number) => numbered(NtStatus::ABANDONED_WAIT_0, number),
        Waited::TimedOut => NtStatus::TIMEOUT,
        Waited::Alerted => NtStatus::ALERTED,
        Waited::UserApc => NtStatus::USER_APC,
        Waited::Ending => NtStatus::THREAD_IS_TERMINATING,
    }
}

/// The time in 100 ns since the kernel's start that an NT time means: negative
/// ones count from now, others from 1601.
pub(crate) fn due_100ns(time: i64) -> u64 {
    let now = clock::since_boot_100ns();
    match u64::try_from(time) {
        Ok(until) => now.saturating_add(until.saturating_sub(system_time_100ns())),
        // The clock rounds down: never early.
        Err(_) => now.saturating_add(time.unsigned_abs()).saturating_add(1),
    }
}

/// The end of a wait that an NT time means.
pub(crate) fn until(time: i64) -> Deadline {
    match time {
        ..0 => Deadline::At(due_100ns(time)),
        0.. => Deadline::AtTimeOfDay(due_100ns(time)),
    }
}

impl Call<'_> {
    /// A flag: a BOOLEAN.
    pub(crate) fn flag(&self, number: usize) -> Result<bool, NtStatus> {
        let [lowest, ..] = self.word(number)?.to_le_bytes();
        Ok(lowest != 0)
    }

    /// The end of a wait, from the address of a time or 0.
    #[inline]
    pub(crate) fn deadline(&self, number: usize) -> Result<Deadline, NtStatus> {
        match self.word(number)? {
            0 => Ok(Deadline::Never),
            address => match read::<i64>(address)? {
                0 => Ok(Deadline::Now),
                time => Ok(until(time)),
            },
        }
    }

    /// A place for a result that may be left out, checked before anything is done.
    pub(crate) fn optional_result<T: zerocopy::FromBytes + IntoBytes + Immutable>(
        &self,
        number: usize,
    ) -> Result<OptionalResult, NtStatus> {
        let address = self.word(number)?;
        if address != 0 {
            probe::<T>(address)?;
        }
        Ok(OptionalResult(address))
    }
}

/// Where a result goes, if anywhere.
pub(crate) struct OptionalResult(u64);

impl OptionalResult {
    pub(crate) fn set<T: IntoBytes + Immutable>(&self, value: &T) -> Result<(), NtStatus> {
        match self.0 {
            0 => Ok(()),
            address => write(address, value),
        }
    }
}
