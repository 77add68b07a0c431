//! Locking and flushing ranges.
//!
//! No page is ever taken away, and instructions are fetched as they were written:
//! these calls check, enter pages, and have nothing else to do.

use abi::NtStatus;
use abi::access::{PROCESS_VM_OPERATION, PROCESS_VM_READ};
use abi::io::IoStatusBlock;
use abi::memory::{MAP_PROCESS, MAP_SYSTEM};
use vm::{Page, PageRange};
use zerocopy::FromZeros;

use crate::call::{Call, Outcome, probe, refused, write};

/// NtLockVirtualMemory(process, base, size, map type)
pub(crate) fn nt_lock_virtual_memory(call: &Call<'_>) -> Outcome {
    over_range(call, |space, range| space.enter(range))
}

/// NtUnlockVirtualMemory(process, base, size, map type)
pub(crate) fn nt_unlock_virtual_memory(call: &Call<'_>) -> Outcome {
    over_range(call, |space, range| match space.is_entered(range) {
        true => Ok(()),
        false => Err(vm::VmError::NotCommitted.into()),
    })
    .map_err(|status| match status {
        NtStatus::NOT_COMMITTED => NtStatus::NOT_LOCKED,
        status => status,
    })
}

fn over_range(
    call: &Call<'_>,
    operate: impl FnOnce(&mut executive::memory::Space, PageRange) -> Result<(), executive::Error>,
) -> Outcome {
    let (base_at, size_at, map_type) = (call.word(1)?, call.word(2)?, call.value32(3)?);
    let (base, size) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    if map_type == 0 || map_type & !(MAP_PROCESS | MAP_SYSTEM) != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let range = PageRange::covering(base, size).filter(|range| !range.is_empty());
    let range = range.ok_or(NtStatus::INVALID_PARAMETER_3)?;
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    process
        .memory()
        .with(|space| operate(space, range))
        .map_err(refused)?;
    write(base_at, &range.start.address())?;
    write(size_at, &range.size_bytes())?;
    Ok(NtStatus::SUCCESS)
}

/// NtFlushVirtualMemory(process, base, size, result)
///
/// What programs write to a section is there for all its views at once.
pub(crate) fn nt_flush_virtual_memory(call: &Call<'_>) -> Outcome {
    let (base_at, size_at, result) = (call.word(1)?, call.word(2)?, call.word(3)?);
    let (base, size) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    probe::<IoStatusBlock>(result)?;
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
    write(base_at, &range.start.address())?;
    write(size_at, &range.size_bytes())?;
    write(result, &IoStatusBlock::new_zeroed())?;
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
