//! Times and processor time of threads and processes, as NT counts them.

use abi::thread::{CycleTimeInformation, KernelUserTimes};
use abi::user_shared::UNIX_EPOCH_100NS;
use executive::clock;
use executive::process::{Times, Used};

/// When something lived, and what it used of the processor.
pub(crate) fn kernel_user_times(times: Times, used: Used) -> KernelUserTimes {
    KernelUserTimes {
        create_time_100ns: since_1601(times.began_100ns),
        exit_time_100ns: times.ended_100ns.map_or(0, since_1601),
        kernel_time_100ns: time_of(used.kernel_cycles),
        user_time_100ns: time_of(used.user_cycles),
    }
}

/// What something used of the processor, in cycles.
pub(crate) fn cycle_time(used: Used) -> CycleTimeInformation {
    CycleTimeInformation {
        accumulated_cycles: used.cycles(),
        current_cycles: clock::cycles(),
    }
}

fn since_1601(since_1970_100ns: u64) -> i64 {
    let since = since_1970_100ns.saturating_add(UNIX_EPOCH_100NS);
    i64::try_from(since).unwrap_or(i64::MAX)
}

fn time_of(cycles: u64) -> i64 {
    i64::try_from(clock::cycles_to_100ns(cycles)).unwrap_or(i64::MAX)
}
