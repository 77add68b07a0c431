//! Virtual memory: NT's argument checks around the executive's regions.

use abi::NtStatus;
use abi::access::PROCESS_VM_OPERATION;
use abi::memory::{MEM_COALESCE_PLACEHOLDERS, MEM_DECOMMIT, MEM_PRESERVE_PLACEHOLDER, MEM_RELEASE};
use abi::token::SE_LOCK_MEMORY_PRIVILEGE;
use executive::memory::Space;
use executive::process::Process;
use vm::{AllocateRequest, AllocationType, Protection, Span};

use super::extended::{span, unnumbered};
use super::invalid;
use crate::call::{Call, Outcome, probe, refused, write};

/// NtAllocateVirtualMemory(process, base, zero bits, size, type, protection)
pub(crate) fn nt_allocate_virtual_memory(call: &Call<'_>) -> Outcome {
    let (base_at, size_at) = (call.word(1)?, call.word(3)?);
    let allocation_type = AllocationType::from_nt(call.value32(4)?).map_err(invalid)?;
    let protection = Protection::from_nt(call.value32(5)?).map_err(invalid)?;
    let (address, size_bytes) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    let span = Span::of_zero_bits(call.word(2)?).map_err(invalid)?;
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    check_privilege(call, allocation_type)?;
    let request = AllocateRequest {
        address,
        span,
        size_bytes,
        allocation_type,
        protection,
    };
    allocate(&process, &request, base_at, size_at)
}

/// Large pages stay in memory, so they are for those who may lock pages there.
fn check_privilege(call: &Call<'_>, allocation_type: AllocationType) -> Result<(), NtStatus> {
    match allocation_type.needs_privilege() {
        true => call.need_privilege(SE_LOCK_MEMORY_PRIVILEGE),
        false => Ok(()),
    }
}

/// NtAllocateVirtualMemoryEx(process, base, size, type, protection, parameters,
/// parameter count)
pub(crate) fn nt_allocate_virtual_memory_ex(call: &Call<'_>) -> Outcome {
    let (base_at, size_at) = (call.word(1)?, call.word(2)?);
    let allocation_type = AllocationType::from_nt_extended(call.value32(3)?).map_err(invalid)?;
    let protection = Protection::from_nt(call.value32(4)?).map_err(invalid)?;
    let (address, size_bytes) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    let bounds = process.memory().with(|space| space.bounds());
    let span = span(call, 5, bounds)?;
    if address != 0 && span.is_limited() {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    check_privilege(call, allocation_type)?;
    let request = AllocateRequest {
        address,
        span,
        size_bytes,
        allocation_type,
        protection,
    };
    allocate(&process, &request, base_at, size_at).map_err(unnumbered)
}

fn allocate(process: &Process, request: &AllocateRequest, base_at: u64, size_at: u64) -> Outcome {
    let range = process
        .memory()
        .with(|space| space.allocate(request))
        .map_err(refused)?;
    write(base_at, &range.start.address())?;
    write(size_at, &range.size_bytes())?;
    Ok(NtStatus::SUCCESS)
}

/// NtFreeVirtualMemory(process, base, size, type)
pub(crate) fn nt_free_virtual_memory(call: &Call<'_>) -> Outcome {
    const PRESERVE: u32 = MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER;
    const COALESCE: u32 = MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS;
    let (base_at, size_at) = (call.word(1)?, call.word(2)?);
    let operate = match call.value32(3)? {
        MEM_DECOMMIT => Space::decommit,
        MEM_RELEASE => Space::release,
        PRESERVE => Space::release_to_placeholder,
        COALESCE => Space::coalesce,
        _ => return Err(NtStatus::INVALID_PARAMETER_4),
    };
    let (address, size) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    let freed = process.memory().with(|space| operate(space, address, size));
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
