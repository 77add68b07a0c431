//! What of a thread takes more than a look at it.

use abi::NtStatus;
use abi::teb::Teb;
use abi::thread::{SystemThreadInformation, ThreadLastSystemCallInformation, ThreadTebInformation};
use executive::process::Thread;
use hal::user;
use sched::State;
use zerocopy::FromZeros;

use super::create::client_id;
use super::information::levels;
use crate::call::violation;
use crate::usage::kernel_user_times;

/// KTHREAD_STATE (NT `winternl.h`).
const INITIALIZED: u32 = 0;
const READY: u32 = 1;
const RUNNING: u32 = 2;
const TERMINATED: u32 = 4;
const WAITING: u32 = 5;
/// KWAIT_REASON: it is suspended.
const SUSPENDED: u32 = 5;
/// KWAIT_REASON: the program waits.
const USER_REQUEST: u32 = 6;

/// What the list of all threads says of one.
pub(crate) fn system_thread_information(thread: &Thread) -> SystemThreadInformation {
    let times = kernel_user_times(thread.times(), thread.used());
    let (state, reason) = match thread.state() {
        Some(State::New) => (INITIALIZED, 0),
        Some(State::Ready) => (READY, 0),
        Some(State::Running) => (RUNNING, 0),
        Some(State::Waiting) => (WAITING, USER_REQUEST),
        Some(State::Parked) => (WAITING, SUSPENDED),
        None => (TERMINATED, 0),
    };
    let (base, now) = levels(thread);
    let mut information = SystemThreadInformation::new_zeroed();
    information.kernel_time_100ns = times.kernel_time_100ns;
    information.user_time_100ns = times.user_time_100ns;
    information.create_time_100ns = times.create_time_100ns;
    // NT counts in 32 bits.
    information.wait_time_ticks = truncated(thread.left_at_tick());
    information.start_address = thread.settings().start_address.get();
    information.client_id = client_id(thread);
    information.priority = now;
    information.base_priority = base;
    information.context_switches = thread.switches();
    information.thread_state = state;
    information.wait_reason = reason;
    information
}

fn truncated(count: u64) -> u32 {
    let [a, b, c, d, ..] = count.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// The system call in which a thread waits.
pub(super) fn last_system_call(
    thread: &Thread,
) -> Result<ThreadLastSystemCallInformation, NtStatus> {
    let number = thread
        .call()
        .filter(|_| thread.state() == Some(State::Waiting));
    let number = number.ok_or(NtStatus::UNSUCCESSFUL)?;
    let execution = thread.execution().ok_or(NtStatus::UNSUCCESSFUL)?;
    let arguments = execution.with_user_registers(|all| all.frame().register_arguments());
    let [first_argument, ..] = arguments.ok_or(NtStatus::UNSUCCESSFUL)?;
    let mut information = ThreadLastSystemCallInformation::new_zeroed();
    information.first_argument = first_argument;
    information.number = u16::try_from(number).unwrap_or(u16::MAX);
    Ok(information)
}

/// Copies part of a thread's TEB to where the caller wants it.
pub(super) fn teb_bytes(thread: &Thread, request: &ThreadTebInformation) -> Result<(), NtStatus> {
    const TEB_BYTES: usize = size_of::<Teb>();
    let (Ok(offset), Ok(length)) = (
        usize::try_from(request.teb_offset),
        usize::try_from(request.length_bytes),
    ) else {
        return Err(NtStatus::INVALID_PARAMETER);
    };
    let end = offset.checked_add(length).filter(|&end| end <= TEB_BYTES);
    end.ok_or(NtStatus::INVALID_PARAMETER)?;
    // In pieces, so that no memory is needed for it.
    let mut piece = [0; 512];
    let mut done = 0_usize;
    while done < length {
        let left = length.saturating_sub(done).min(piece.len());
        let bytes = piece.get_mut(..left).unwrap_or_default();
        let from = u64::from(request.teb_offset).wrapping_add(done as u64);
        let address = thread.environment_block().wrapping_add(from);
        let memory = thread.process().memory();
        if memory.with(|space| space.read(address, bytes)) < left {
            return Err(NtStatus::PARTIAL_COPY);
        }
        user::copy_out(request.buffer.wrapping_add(done as u64), bytes).map_err(violation)?;
        done = done.saturating_add(left);
    }
    Ok(())
}
