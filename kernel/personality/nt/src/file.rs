//! Files: for now the console, as the three standard handles.

use abi::NtStatus;
use abi::io::{CONSOLE_ERROR, CONSOLE_INPUT, CONSOLE_OUTPUT, IoStatusBlock};
use executive::{clock, scheduler};
use hal::cpu::interrupts;
use hal::{console, user};
use sched::{Deadline, Waited};

use crate::call::{Call, Outcome, probe, read, violation, write};

/// Bytes copied at once, on the kernel's stack.
const CHUNK_BYTES: usize = 256;
/// How long to sleep before looking for input again.
const POLL_100NS: u64 = 10_000;
/// What ends console input: Ctrl-D as on Unix, Ctrl-Z as on Windows.
const END_OF_INPUT: [u8; 2] = [0x04, 0x1a];

/// The arguments that reading and writing have in common.
struct Transfer {
    result: u64,
    buffer: u64,
    length: u32,
}

fn transfer(call: &Call<'_>, wanted: &[u64]) -> Result<Transfer, NtStatus> {
    if !wanted.contains(&call.word(0)?) {
        return Err(NtStatus::INVALID_HANDLE);
    }
    if call.word(1)? != 0 {
        // No event objects, so this is no handle of one.
        return Err(NtStatus::INVALID_HANDLE);
    }
    let (result, buffer, length) = (call.word(4)?, call.word(5)?, call.value32(6)?);
    // A console has no position and no locks, but pointers are pointers.
    for optional in [7, 8] {
        let address = call.word(optional)?;
        if address != 0 {
            read::<u64>(address)?;
        }
    }
    probe::<IoStatusBlock>(result)?;
    Ok(Transfer {
        result,
        buffer,
        length,
    })
}

impl Transfer {
    fn finish(&self, status: NtStatus, bytes: u64) -> Outcome {
        write(
            self.result,
            &IoStatusBlock {
                status,
                reserved_04: 0,
                information: bytes,
            },
        )?;
        Ok(status)
    }
}

/// NtWriteFile(file, event, apc, context, result, buffer, length, offset, key)
pub(crate) fn nt_write_file(call: &Call<'_>) -> Outcome {
    let transfer = transfer(call, &[CONSOLE_OUTPUT, CONSOLE_ERROR])?;
    let total = u64::from(transfer.length);
    // All of it must be readable before any of it is shown.
    for_each_chunk(&transfer, |chunk, address| {
        user::copy_in(chunk, address).map_err(violation)
    })?;
    for_each_chunk(&transfer, |chunk, address| {
        user::copy_in(chunk, address).map_err(violation)?;
        console::write(chunk);
        Ok(())
    })?;
    transfer.finish(NtStatus::SUCCESS, total)
}

fn for_each_chunk(
    transfer: &Transfer,
    mut use_chunk: impl FnMut(&mut [u8], u64) -> Result<(), NtStatus>,
) -> Result<(), NtStatus> {
    let mut chunk = [0; CHUNK_BYTES];
    let mut done = 0_u64;
    let total = u64::from(transfer.length);
    while done < total {
        let left = usize::try_from(total.saturating_sub(done)).unwrap_or(CHUNK_BYTES);
        let part = chunk.get_mut(..left.min(CHUNK_BYTES)).unwrap_or_default();
        use_chunk(part, transfer.buffer.wrapping_add(done))?;
        done = done.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        if done < total {
            // A long transfer keeps neither the clock nor other threads waiting.
            interrupts::let_pending_in();
            scheduler::yield_now();
        }
    }
    Ok(())
}

/// NtReadFile(file, event, apc, context, result, buffer, length, offset, key)
///
/// Waits for at least one byte; returns at the end of a line or of the buffer.
pub(crate) fn nt_read_file(call: &Call<'_>) -> Outcome {
    let transfer = transfer(call, &[CONSOLE_INPUT])?;
    let mut done = 0_u64;
    for_each_chunk(&transfer, |chunk, address| {
        user::copy_in(chunk, address).map_err(violation)?;
        user::copy_out(address, chunk).map_err(violation)
    })?;
    while done < u64::from(transfer.length) {
        let byte = match wait_for_byte() {
            Some(b'\r') => b'\n',
            Some(byte) => byte,
            None => break,
        };
        if END_OF_INPUT.contains(&byte) {
            break;
        }
        let address = transfer.buffer.wrapping_add(done);
        user::copy_out(address, &[byte]).map_err(violation)?;
        done = done.saturating_add(1);
        if byte == b'\n' {
            break;
        }
    }
    match (done, transfer.length) {
        (0, 1..) => transfer.finish(NtStatus::END_OF_FILE, 0),
        _ => transfer.finish(NtStatus::SUCCESS, done),
    }
}

/// The next byte typed; `None` once the thread is to end.
fn wait_for_byte() -> Option<u8> {
    loop {
        if let Some(byte) = console::read_byte() {
            return Some(byte);
        }
        let later = clock::since_boot_100ns().saturating_add(POLL_100NS);
        if scheduler::delay(Deadline::At(later), false).ok()? == Waited::Ending {
            return None;
        }
    }
}
