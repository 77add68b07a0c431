//! Which pages of a process are resident.

use abi::NtStatus;
use abi::access::PROCESS_QUERY_INFORMATION;
use abi::memory::{
    MemoryWorkingSetExInformation, WORKING_SET_EX_LOCKED, WORKING_SET_EX_PROTECTION_SHIFT,
    WORKING_SET_EX_SHARE_COUNT_SHIFT, WORKING_SET_EX_SHARED, WORKING_SET_EX_VALID,
    WORKING_SET_SHARE_COUNT_SHIFT, WORKING_SET_SHARED,
};
use executive::memory::Space;
use executive::memory::watch::{Resident, Search};
use hal::user;
use vm::{Page, PageRange, Protection};
use zerocopy::IntoBytes;

use super::WideQuery;
use super::watch::let_others_run;
use crate::call::{Call, Outcome, probe, read, violation, write};

/// Words written at once.
const CHUNK: usize = 64;
const WORD_BYTES: u64 = size_of::<u64>() as u64;

/// Answers with how many pages are resident, and a word about each. A buffer that is
/// too short still gets the number.
pub(super) fn list(call: &Call<'_>, query: &WideQuery) -> Outcome {
    if query.length < WORD_BYTES {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    probe::<u64>(query.buffer)?;
    let process = call.process_of(0, PROCESS_QUERY_INFORMATION)?;
    let room = query.length.wrapping_div(WORD_BYTES).saturating_sub(1);
    let mut rest = process.memory().with(|space| space.bounds());
    let mut count = 0_u64;
    let mut chunk = [0; CHUNK];
    while !rest.is_empty() {
        let (found, after) = process.memory().with(|space| fill(space, rest, &mut chunk));
        let words = chunk.get(..found).unwrap_or_default();
        let left = usize::try_from(room.saturating_sub(count)).unwrap_or(CHUNK);
        let words = words.get(..left.min(words.len())).unwrap_or_default();
        let at = query.buffer.wrapping_add(WORD_BYTES);
        let at = at.wrapping_add(count.wrapping_mul(WORD_BYTES));
        user::copy_out(at, words.as_bytes()).map_err(violation)?;
        count = count.saturating_add(u64::try_from(found).unwrap_or(0));
        rest = after;
        let_others_run();
    }
    write(query.buffer, &count)?;
    if count > room {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let size = count.saturating_add(1).saturating_mul(WORD_BYTES);
    query.return_length.set(&size)?;
    Ok(NtStatus::SUCCESS)
}

/// Words about the first resident pages of a range: how many, and where to go on.
fn fill(space: &Space, range: PageRange, chunk: &mut [u64; CHUNK]) -> (usize, PageRange) {
    let mut rest = range;
    let mut found = 0_usize;
    for _ in 0..CHUNK {
        let Some(place) = chunk.get_mut(found) else {
            break;
        };
        match space.next_shown(rest) {
            Search::Found(page) => {
                rest.start = page.plus(1);
                if let Some(resident) = space.resident(page).filter(is_counted) {
                    *place = word(&resident);
                    found = found.saturating_add(1);
                }
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
    (found, rest)
}

/// A page without any right is not in the working set.
fn is_counted(resident: &Resident) -> bool {
    !resident.protection.is_guard() && resident.protection.rights().read
}

fn word(resident: &Resident) -> u64 {
    let shared = match resident.is_private {
        true => 0,
        false => WORKING_SET_SHARED,
    };
    // Who else sees a page is not counted: it is one, at least.
    let sharers = u64::from(!resident.is_private) << WORKING_SET_SHARE_COUNT_SHIFT;
    resident.page.address() | shared | sharers | number_of(resident.protection)
}

/// A protection as the words about pages have it (PSAPI_WORKING_SET_BLOCK).
fn number_of(protection: Protection) -> u64 {
    match protection {
        Protection::READ_ONLY => 1,
        Protection::EXECUTE => 2,
        Protection::EXECUTE_READ => 3,
        Protection::READ_WRITE => 4,
        Protection::WRITE_COPY => 5,
        _ => 0,
    }
}

/// Answers about each of the addresses in the buffer.
pub(super) fn of_addresses(call: &Call<'_>, query: &WideQuery) -> Outcome {
    const ENTRY_BYTES: u64 = size_of::<MemoryWorkingSetExInformation>() as u64;
    let process = call.process_of(0, PROCESS_QUERY_INFORMATION)?;
    let count = query.length.wrapping_div(ENTRY_BYTES);
    if count == 0 {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    for number in 0..count {
        let at = query.buffer.wrapping_add(number.wrapping_mul(ENTRY_BYTES));
        let mut entry = read::<MemoryWorkingSetExInformation>(at)?;
        let page = Page::containing(entry.virtual_address);
        let resident = process.memory().with(|space| space.resident(page));
        entry.attributes = resident
            .filter(is_counted)
            .map_or(0, |resident| attributes(&resident));
        write(at, &entry)?;
        let_others_run();
    }
    query.return_length.set(&count.wrapping_mul(ENTRY_BYTES))?;
    Ok(NtStatus::SUCCESS)
}

fn attributes(resident: &Resident) -> u64 {
    let sharing = match resident.is_private {
        true => 0,
        false => WORKING_SET_EX_SHARED,
    };
    let locked = match resident.is_locked {
        true => WORKING_SET_EX_LOCKED,
        false => 0,
    };
    WORKING_SET_EX_VALID
        | 1 << WORKING_SET_EX_SHARE_COUNT_SHIFT
        | u64::from(resident.protection.nt()) << WORKING_SET_EX_PROTECTION_SHIFT
        | sharing
        | locked
}
