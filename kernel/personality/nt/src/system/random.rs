//! Random bytes, which NT gives as how its interrupts came.

use abi::NtStatus;
use executive::{random, scheduler};
use hal::cpu::interrupts;
use hal::user;

use crate::call::{Call, Outcome, violation};
use crate::query::Query;

/// What NT says of one processor.
const LEAST_BYTES: u32 = 0x18;
/// Bytes that are made at once, on the kernel's stack.
const CHUNK_BYTES: usize = 1024;

/// Fills the whole buffer: this is where all programs' random numbers come from
/// (W 4.4).
pub(super) fn fill(call: &Call<'_>, query: &Query) -> Outcome {
    if query.length < LEAST_BYTES {
        query.set_length(LEAST_BYTES)?;
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let mut stream = random::stream();
    let mut chunk = [0; CHUNK_BYTES];
    let (mut to, mut left) = (query.buffer, u64::from(query.length));
    loop {
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(CHUNK_BYTES);
        let part = chunk.get_mut(..count).unwrap_or_default();
        stream.fill(part);
        user::copy_out(to, part).map_err(violation)?;
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        to = to.wrapping_add(count);
        left = left.saturating_sub(count);
        if left == 0 {
            break;
        }
        // A long buffer keeps neither the clock nor other threads waiting.
        interrupts::let_pending_in();
        scheduler::yield_now();
        if call.thread().is_ending() {
            return Err(NtStatus::THREAD_IS_TERMINATING);
        }
    }
    query.set_length(query.length)?;
    Ok(NtStatus::SUCCESS)
}
