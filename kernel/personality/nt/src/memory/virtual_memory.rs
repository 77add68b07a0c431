//! Virtual memory: NT's argument checks around the executive's regions.

use abi::NtStatus;
use abi::access::PROCESS_VM_OPERATION;
use abi::memory::{MEM_DECOMMIT, MEM_RELEASE};
use vm::{AllocateRequest, AllocationType, Protection};

use super::invalid;
use crate::call::{Call, Outcome, probe, refused, write};

/// NtAllocateVirtualMemory(process, base, zero bits, size, type, protection)
pub(crate) fn nt_allocate_virtual_memory(call: &Call<'_>) -> Outcome {
    let (base_at, size_at) = (call.word(1)?, call.word(3)?);
    let allocation_type = AllocationType::from_nt(call.value32(4)?).map_err(invalid)?;
    let protection = Protection::from_nt(call.value32(5)?).map_err(invalid)?;
    let (address, size_bytes) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    let zero_bits = call.word(2)?;
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    let request = AllocateRequest {
        address,
        zero_bits,
        size_bytes,
        allocation_type,
        protection,
    };
    let range = process
        .memory()
        .with(|space| space.allocate(&request))
        .map_err(refused)?;
    write(base_at, &range.start.address())?;
    write(size_at, &range.size_bytes())?;
    Ok(NtStatus::SUCCESS)
}

/// NtFreeVirtualMemory(process, base, size, type)
pub(crate) fn nt_free_virtual_memory(call: &Call<'_>) -> Outcome {
    let (base_at, size_at) = (call.word(1)?, call.word(2)?);
    let free_type = call.value32(3)?;
    if free_type != MEM_DECOMMIT && free_type != MEM_RELEASE {
        return Err(NtStatus::INVALID_PARAMETER_4);
    }
    let (address, size) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    let freed = process.memory().with(|space| match free_type {
        MEM_DECOMMIT => space.decommit(address, size),
        _ => space.release(address, size),
    });
    let (range, reported_size_bytes) = freed.map_err(refused)?;
    // Both places may have been in the memory that is gone now.
    write(base_at, &range.start.address())?;
    write(size_at, &reported_size_bytes)?;
    Ok(NtStatus::SUCCESS)
}

/// NtProtectVirtualMemory(process, base, size, protection, old protection)
pub(crate) fn nt_protect_virtual_memory(call: &Call<'_>) -> Outcome {
    let (base_at, size_at, old_at) = (call.word(1)?, call.word(2)?, call.word(4)?);
    let protection = Protection::from_nt(call.value32(3)?).map_err(invalid)?;
    let (address, size) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    probe::<u32>(old_at)?;
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    let protected = process
        .memory()
        .with(|space| space.protect(address, size, protection));
    let (range, old) = protected.map_err(refused)?;
    write(base_at, &range.start.address())?;
    write(size_at, &range.size_bytes())?;
    write(old_at, &old.nt())?;
    Ok(NtStatus::SUCCESS)
}
