//! Which pages of watched memory were written.

use abi::NtStatus;
use abi::access::PROCESS_VM_OPERATION;
use abi::memory::{PAGE_SIZE, WRITE_WATCH_FLAG_RESET};
use executive::memory::watch::Search;
use executive::process::Process;
use executive::scheduler;
use hal::cpu::interrupts;
use hal::user;
use vm::{Page, PageRange};
use zerocopy::IntoBytes;

use crate::call::{Call, Outcome, probe, refused, violation, write};

/// Addresses found at once.
const CHUNK: usize = 64;
const ADDRESS_BYTES: u64 = size_of::<u64>() as u64;

/// NtGetWriteWatch(process, flags, base, size, addresses, count, granularity)
///
/// A page is forgotten only when its address has been told: what a program writes
/// in between is written to a page that it is being told of.
pub(crate) fn nt_get_write_watch(call: &Call<'_>) -> Outcome {
    let (flags, base, size) = (call.value32(1)?, call.word(2)?, call.word(3)?);
    let (addresses, count_at, granularity_at) = (call.word(4)?, call.word(5)?, call.word(6)?);
    if flags & !WRITE_WATCH_FLAG_RESET != 0 {
        return Err(NtStatus::INVALID_PARAMETER_2);
    }
    let most = probe::<u64>(count_at)?;
    probe::<u32>(granularity_at)?;
    if most == 0 {
        return Err(NtStatus::INVALID_PARAMETER_5);
    }
    let bytes = most
        .checked_mul(ADDRESS_BYTES)
        .ok_or(NtStatus::INVALID_PARAMETER_5)?;
    if addresses.checked_add(bytes).is_none() {
        return Err(NtStatus::ACCESS_VIOLATION);
    }
    probe::<u64>(addresses)?;
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    let mut rest = watched(&process, base, size)?;
    let mut count = 0_u64;
    let mut chunk = [0; CHUNK];
    while count < most && !rest.is_empty() {
        let left = usize::try_from(most.saturating_sub(count)).unwrap_or(CHUNK);
        let room = chunk.get_mut(..left.min(CHUNK)).unwrap_or_default();
        let (found, after) = find(&process, rest, room);
        let found = room.get(..found).unwrap_or_default();
        let at = addresses.wrapping_add(count.wrapping_mul(ADDRESS_BYTES));
        user::copy_out(at, found.as_bytes()).map_err(violation)?;
        if flags & WRITE_WATCH_FLAG_RESET != 0 {
            forget(&process, found);
        }
        count = count.saturating_add(u64::try_from(found.len()).unwrap_or(0));
        rest = after;
        if !rest.is_empty() {
            let_others_run();
        }
    }
    write(count_at, &count)?;
    write(granularity_at, &u32::try_from(PAGE_SIZE).unwrap_or(0))?;
    Ok(NtStatus::SUCCESS)
}

/// NtResetWriteWatch(process, base, size)
pub(crate) fn nt_reset_write_watch(call: &Call<'_>) -> Outcome {
    let (base, size) = (call.word(1)?, call.word(2)?);
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    let mut rest = watched(&process, base, size)?;
    let mut chunk = [0; CHUNK];
    while !rest.is_empty() {
        let (found, after) = find(&process, rest, &mut chunk);
        forget(&process, chunk.get(..found).unwrap_or_default());
        rest = after;
        if !rest.is_empty() {
            let_others_run();
        }
    }
    Ok(NtStatus::SUCCESS)
}

fn watched(process: &Process, base: u64, size: u64) -> Result<PageRange, NtStatus> {
    process
        .memory()
        .with(|space| space.watched(base, size))
        .map_err(refused)
}

/// Finds the first written pages of a range: how many, and where to go on.
fn find(process: &Process, range: PageRange, room: &mut [u64]) -> (usize, PageRange) {
    let mut rest = range;
    let mut found = 0_usize;
    process.memory().with(|space| {
        while let Some(place) = room.get_mut(found) {
            match space.next_written(rest) {
                Search::Found(page) => {
                    *place = page.address();
                    found = found.saturating_add(1);
                    rest.start = page.plus(1);
                }
                Search::GoesOn(page) => {
                    rest.start = page;
                    break;
                }
                Search::Nothing => {
                    rest.start = rest.end;
                    break;
                }
            }
        }
    });
    (found, rest)
}

fn forget(process: &Process, addresses: &[u64]) {
    process.memory().with(|space| {
        for &address in addresses {
            space.forget_write(Page::containing(address));
        }
    });
}

/// A long range keeps neither the clock nor other threads waiting.
pub(super) fn let_others_run() {
    interrupts::let_pending_in();
    scheduler::yield_now();
}
