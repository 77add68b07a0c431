//! Locking and flushing ranges.
//!
//! No page is ever taken away, and instructions are fetched as they were written:
//! these calls check, enter pages, note locks, and have nothing else to do.

use abi::NtStatus;
use abi::access::{PROCESS_VM_OPERATION, PROCESS_VM_READ};
use abi::io::IoStatusBlock;
use abi::memory::HIGHEST_USER_ADDRESS;
use abi::token::SE_LOCK_MEMORY_PRIVILEGE;
use vm::{Locks, Page, PageRange};
use zerocopy::FromZeros;

use super::watch::let_others_run;
use crate::call::{Call, Outcome, probe, refused, write};
use crate::win32::quirks;

/// Pages of the least working set that cannot be locked: what a process needs to go
/// on.
const FLUID_PAGES: u64 = 8;
/// Pages entered in one operation.
const CHUNK_PAGES: u64 = 64;

/// NtLockVirtualMemory(process, base, size, map type)
pub(crate) fn nt_lock_virtual_memory(call: &Call<'_>) -> Outcome {
    let asked = LockRequest::read(call)?;
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    asked.check_privilege(call)?;
    let least = process.settings().least_working_set.get();
    let most_pages = least
        .wrapping_div(vm::PAGE_SIZE)
        .saturating_sub(FLUID_PAGES);
    if asked.range.size_pages() > most_pages {
        return Err(NtStatus::WORKING_SET_QUOTA);
    }
    let mut first = asked.range.start;
    while first < asked.range.end {
        let part = PageRange::sized(first, CHUNK_PAGES).intersection(asked.range);
        process
            .memory()
            .with(|space| space.enter(part))
            .map_err(not_entered)?;
        first = part.end;
        let_others_run();
    }
    let was_locked = process
        .memory()
        .with(|space| space.lock(asked.range, asked.locks, most_pages))
        .map_err(not_entered)?;
    asked.report()?;
    match was_locked {
        true => Ok(NtStatus::WAS_LOCKED),
        false => Ok(NtStatus::SUCCESS),
    }
}

/// What touching the pages would have come to.
fn not_entered(error: executive::Error) -> NtStatus {
    match refused(error) {
        NtStatus::NOT_COMMITTED | NtStatus::ACCESS_DENIED => NtStatus::ACCESS_VIOLATION,
        status => status,
    }
}

/// NtUnlockVirtualMemory(process, base, size, map type)
pub(crate) fn nt_unlock_virtual_memory(call: &Call<'_>) -> Outcome {
    let asked = LockRequest::read(call)?;
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    asked.check_privilege(call)?;
    process
        .memory()
        .with(|space| space.unlock(asked.range, asked.locks))
        .map_err(refused)?;
    asked.report()?;
    Ok(NtStatus::SUCCESS)
}

/// The arguments of the two calls.
struct LockRequest {
    base_at: u64,
    size_at: u64,
    range: PageRange,
    locks: Locks,
}

impl LockRequest {
    fn read(call: &Call<'_>) -> Result<Self, NtStatus> {
        let (base_at, size_at) = (call.word(1)?, call.word(2)?);
        let (base, size) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
        let locks = Locks::from_nt(call.value32(3)?).ok_or(NtStatus::INVALID_PARAMETER)?;
        if base > HIGHEST_USER_ADDRESS {
            return Err(NtStatus::INVALID_PARAMETER_2);
        }
        let range = PageRange::covering(base, size).filter(|range| {
            !range.is_empty() && range.end.minus(1).address() <= HIGHEST_USER_ADDRESS
        });
        Ok(Self {
            base_at,
            size_at,
            range: range.ok_or(NtStatus::INVALID_PARAMETER_3)?,
            locks,
        })
    }

    /// Only who may keep pages from everybody locks them for the system.
    fn check_privilege(&self, call: &Call<'_>) -> Result<(), NtStatus> {
        match !self.locks.is_system() || call.has_privilege(SE_LOCK_MEMORY_PRIVILEGE) {
            true => Ok(()),
            false => Err(NtStatus::PRIVILEGE_NOT_HELD),
        }
    }

    fn report(&self) -> Result<(), NtStatus> {
        write(self.base_at, &self.range.start.address())?;
        write(self.size_at, &self.range.size_bytes())
    }
}

/// NtFlushVirtualMemory(process, base, size, result)
///
/// What programs write to a section is there for all its views at once.
pub(crate) fn nt_flush_virtual_memory(call: &Call<'_>) -> Outcome {
    let (base_at, size_at, result) = (call.word(1)?, call.word(2)?, call.word(3)?);
    let (base, size) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    let is_told = !quirks::wants_no_result(call, result);
    if is_told {
        probe::<IoStatusBlock>(result)?;
    }
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    let view = process
        .memory()
        .with(|space| space.data_view_at(base))
        .ok_or(NtStatus::NOT_MAPPED_DATA)?;
    let range = match size {
        0 => PageRange::new(Page::containing(base), view.end),
        size => PageRange::covering(base, size).ok_or(NtStatus::INVALID_PARAMETER_3)?,
    };
    if !view.covers(range) {
        return Err(NtStatus::NOT_MAPPED_DATA);
    }
    let shown = process.memory().with(|space| space.mapped_at(base));
    if let Some(shown) = shown {
        shown.flush().map_err(refused)?;
    }
    write(base_at, &range.start.address())?;
    write(size_at, &range.size_bytes())?;
    if is_told {
        write(result, &IoStatusBlock::new_zeroed())?;
    }
    Ok(NtStatus::SUCCESS)
}

/// NtFlushInstructionCache(process, base, size)
pub(crate) fn nt_flush_instruction_cache(call: &Call<'_>) -> Outcome {
    call.process_of(0, PROCESS_VM_OPERATION | PROCESS_VM_READ)
        .or_else(|_| call.process_of(0, abi::access::PROCESS_VM_WRITE))?;
    Ok(NtStatus::SUCCESS)
}

/// NtFlushProcessWriteBuffers()
///
/// There is one processor, and it has just entered the kernel.
pub(crate) fn nt_flush_process_write_buffers(_call: &Call<'_>) -> Outcome {
    Ok(NtStatus::SUCCESS)
}
