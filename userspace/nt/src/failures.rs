//! Allocations that fail on purpose, and what the machine has in use.
use crate::information::{Of, query, set};
use abi::NtStatus;
use abi::io::CURRENT_PROCESS;
use abi::process::{PROCESS_ALLOCATIONS, PROCESS_HANDLE_COUNT, ProcessAllocations};

/// What must be the same before and after what leaves nothing behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InUse {
    /// Frames that nobody has.
    pub free_frames: u64,
    /// Bytes of the kernel's heap.
    pub heap_bytes: u64,
    /// Processes and threads of the machine.
    pub numbered: u64,
    /// Handles of this process.
    pub handles: u32,
}

/// Has the kernel's allocation of that number fail, counted from 1; 0 for none.
pub fn fail(number: u64) -> NtStatus {
    set(Of::Process, CURRENT_PROCESS, PROCESS_ALLOCATIONS, &number)
}

/// Whether the allocation that was to fail has.
pub fn has_failed() -> Result<bool, NtStatus> {
    Ok(allocations()?.has_failed != 0)
}

/// What is in use now.
pub fn in_use() -> Result<InUse, NtStatus> {
    let machine = allocations()?;
    Ok(InUse {
        free_frames: machine.free_frames,
        heap_bytes: machine.heap_bytes,
        numbered: machine.numbered,
        handles: query(Of::Process, CURRENT_PROCESS, PROCESS_HANDLE_COUNT)?,
    })
}

fn allocations() -> Result<ProcessAllocations, NtStatus> {
    query(Of::Process, CURRENT_PROCESS, PROCESS_ALLOCATIONS)
}
