//! What programs say of ranges of memory.

use abi::NtStatus;
use abi::access::PROCESS_SET_INFORMATION;
use abi::memory::{
    HIGHEST_USER_ADDRESS, MemoryRangeEntry, VM_PAGE_PRIORITY_INFORMATION, VM_PREFETCH_INFORMATION,
};
use executive::process::Process;
use vm::PageRange;

use super::watch::let_others_run;
use crate::call::{Call, Outcome, read};

/// Pages entered in one operation.
const CHUNK_PAGES: u64 = 64;

/// NtSetInformationVirtualMemory(process, class, count, ranges, information, length)
///
/// Wherever a page comes from, it is there at once, and none is taken away: which
/// should go first is only checked.
pub(crate) fn nt_set_information_virtual_memory(call: &Call<'_>) -> Outcome {
    const HIGHEST_PRIORITY: u32 = 5;
    const INFORMATION_BYTES: u32 = size_of::<u32>() as u32;
    const ENTRY_BYTES: u64 = size_of::<MemoryRangeEntry>() as u64;
    let (class, count, ranges) = (call.value32(1)?, call.word(2)?, call.word(3)?);
    let (information, length) = (call.word(4)?, call.value32(5)?);
    let is_prefetch = match class {
        VM_PREFETCH_INFORMATION => true,
        VM_PAGE_PRIORITY_INFORMATION => false,
        _ => return Err(NtStatus::INVALID_PARAMETER_2),
    };
    if count == 0 {
        return Err(NtStatus::INVALID_PARAMETER_3);
    }
    if length != INFORMATION_BYTES {
        return Err(NtStatus::INVALID_PARAMETER_6);
    }
    match read::<u32>(information)? {
        0 => {}
        priority if !is_prefetch && priority <= HIGHEST_PRIORITY => {}
        _ => return Err(NtStatus::INVALID_PARAMETER_5),
    }
    let bytes = count.checked_mul(ENTRY_BYTES);
    if bytes.and_then(|bytes| ranges.checked_add(bytes)).is_none() {
        return Err(NtStatus::ACCESS_VIOLATION);
    }
    let process = call.process_of(0, PROCESS_SET_INFORMATION)?;
    let entry = |number: u64| -> Result<PageRange, NtStatus> {
        let at = ranges.wrapping_add(number.wrapping_mul(ENTRY_BYTES));
        pages_of(&read(at)?)
    };
    for number in 0..count {
        entry(number)?;
        let_others_run();
    }
    for number in 0..count {
        // A program may have changed it meanwhile.
        let range = entry(number)?;
        if is_prefetch {
            enter(&process, range);
        }
    }
    Ok(NtStatus::SUCCESS)
}

/// The pages of an entry, all of which a program could have.
fn pages_of(entry: &MemoryRangeEntry) -> Result<PageRange, NtStatus> {
    let range = PageRange::covering(entry.virtual_address, entry.size_bytes);
    let is_possible = |range: &PageRange| {
        !range.is_empty() && range.end.minus(1).address() <= HIGHEST_USER_ADDRESS
    };
    range
        .filter(is_possible)
        .ok_or(NtStatus::INVALID_PARAMETER_4)
}

/// Enters the pages of a range that can be; others do not matter.
fn enter(process: &Process, range: PageRange) {
    let mut first = range.start;
    while first < range.end {
        let next = process.memory().with(|space| {
            let rest = PageRange::new(first, range.end);
            // Other memory would only be filled with zeros.
            let part = space.next_in_view(rest)?;
            let part = PageRange::sized(part.start, CHUNK_PAGES).intersection(part);
            space.prefetch(part);
            Some(part.end)
        });
        match next {
            Some(next) => first = next,
            None => break,
        }
        let_others_run();
    }
}
