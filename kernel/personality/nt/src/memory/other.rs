//! Reading and writing the memory of other processes.

use abi::NtStatus;
use abi::access::{PROCESS_VM_OPERATION, PROCESS_VM_READ, PROCESS_VM_WRITE};
use executive::scheduler;
use hal::cpu::interrupts;
use hal::user;

use crate::call::{Call, Outcome, violation};

/// Bytes copied at once, on the kernel's stack.
const CHUNK_BYTES: usize = 1024;

/// NtReadVirtualMemory(process, base, buffer, size, bytes read)
pub(crate) fn nt_read_virtual_memory(call: &Call<'_>) -> Outcome {
    copy(call, PROCESS_VM_READ, |process, from, to, chunk| {
        let done = process.memory().with(|space| space.read(from, chunk));
        let part = chunk.get(..done).unwrap_or_default();
        user::copy_out(to, part).map_err(violation)?;
        Ok(done)
    })
}

/// NtWriteVirtualMemory(process, base, buffer, size, bytes written)
pub(crate) fn nt_write_virtual_memory(call: &Call<'_>) -> Outcome {
    let wanted = PROCESS_VM_WRITE | PROCESS_VM_OPERATION;
    copy(call, wanted, |process, to, from, chunk| {
        user::copy_in(chunk, from).map_err(violation)?;
        Ok(process.memory().with(|space| space.write(to, chunk)))
    })
}

/// Copies chunk by chunk; each time, `step` says how many bytes could be.
fn copy(
    call: &Call<'_>,
    wanted: u32,
    step: impl Fn(&executive::process::Process, u64, u64, &mut [u8]) -> Result<usize, NtStatus>,
) -> Outcome {
    let (base, buffer, size) = (call.word(1)?, call.word(2)?, call.word(3)?);
    let copied = call.optional_result::<u64>(4)?;
    let end = base.checked_add(size).zip(buffer.checked_add(size));
    if end.is_none() {
        return Err(NtStatus::ACCESS_VIOLATION);
    }
    let process = call.process_of(0, wanted)?;
    let mut done = 0_u64;
    let mut chunk = [0; CHUNK_BYTES];
    while done < size {
        let left = usize::try_from(size.saturating_sub(done)).unwrap_or(CHUNK_BYTES);
        let part = chunk.get_mut(..left.min(CHUNK_BYTES)).unwrap_or_default();
        let asked = part.len();
        let moved = step(
            &process,
            base.wrapping_add(done),
            buffer.wrapping_add(done),
            part,
        )?;
        done = done.saturating_add(u64::try_from(moved).unwrap_or(0));
        if moved < asked {
            copied.set(&done)?;
            return Err(NtStatus::PARTIAL_COPY);
        }
        if done < size {
            // A long copy keeps neither the clock nor other threads waiting.
            interrupts::let_pending_in();
            scheduler::yield_now();
        }
    }
    copied.set(&done)?;
    Ok(NtStatus::SUCCESS)
}
