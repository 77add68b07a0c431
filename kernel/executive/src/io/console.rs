//! The console as a stream of bytes, both ways.

use hal::cpu::interrupts;
use hal::{console, user};
use sched::{Deadline, Waited};

use crate::{Error, clock, scheduler};

/// Bytes copied at once, on the kernel's stack.
const CHUNK_BYTES: usize = 256;
/// How long to sleep before looking for input again.
pub(super) const POLL_100NS: u64 = 10_000;
/// What ends console input: Ctrl-D as on Unix, Ctrl-Z as on Windows.
const END_OF_INPUT: [u8; 2] = [0x04, 0x1a];

/// Shows bytes of the current process: all of them, or none if some cannot be read.
pub(super) fn write_from_user(from: u64, bytes: u64) -> Result<(), Error> {
    write_each(from, bytes, console::write)
}

/// Gives bytes of the current process to a device, piece by piece.
pub(super) fn write_each(from: u64, bytes: u64, write: impl Fn(&[u8])) -> Result<(), Error> {
    for_each_chunk(from, bytes, |chunk, address| {
        Ok(user::copy_in(chunk, address)?)
    })?;
    for_each_chunk(from, bytes, |chunk, address| {
        user::copy_in(chunk, address)?;
        write(chunk);
        Ok(())
    })
}

/// Waits for at least one byte; returns at the end of a line or of the buffer how
/// many came.
pub(super) fn read_to_user(to: u64, bytes: u64) -> Result<u64, Error> {
    for_each_chunk(to, bytes, |chunk, address| {
        user::copy_in(chunk, address)?;
        Ok(user::copy_out(address, chunk)?)
    })?;
    let mut done = 0_u64;
    while done < bytes {
        let byte = match wait_for_byte() {
            Some(b'\r') => b'\n',
            Some(byte) => byte,
            None => break,
        };
        if END_OF_INPUT.contains(&byte) {
            break;
        }
        user::copy_out(to.wrapping_add(done), &[byte])?;
        done = done.saturating_add(1);
        if byte == b'\n' {
            break;
        }
    }
    match (done, bytes) {
        (0, 1..) => Err(Error::EndOfFile),
        _ => Ok(done),
    }
}

pub(super) fn for_each_chunk(
    start: u64,
    bytes: u64,
    mut use_chunk: impl FnMut(&mut [u8], u64) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut chunk = [0; CHUNK_BYTES];
    let mut done = 0_u64;
    while done < bytes {
        let left = usize::try_from(bytes.saturating_sub(done)).unwrap_or(CHUNK_BYTES);
        let part = chunk.get_mut(..left.min(CHUNK_BYTES)).unwrap_or_default();
        use_chunk(part, start.wrapping_add(done))?;
        done = done.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        if done < bytes {
            // A long transfer keeps neither the clock nor other threads waiting.
            interrupts::let_pending_in();
            scheduler::yield_now();
        }
    }
    Ok(())
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
