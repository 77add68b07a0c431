//! Clearing a cell of thread-local storage in all threads of a process.

use abi::NtStatus;
use abi::teb::{TLS_CELLS, TLS_EXPANSION_CELLS, TLS_EXPANSION_SLOTS, Teb};
use executive::ids;
use executive::object::Object;
use executive::process::Thread;
use hal::Ref;

use crate::call::{Call, read, write};

const CELL_BYTES: u64 = 8;

/// Clears a cell in all threads of the calling process; the handle that says so is
/// the calling thread's own.
pub(super) fn zero_cell(cell: u32, call: &Call<'_>, thread: &Ref<Thread>) -> Result<(), NtStatus> {
    let is_own = core::ptr::eq(&**thread, &**call.thread());
    if !is_own || cell >= TLS_CELLS.saturating_add(TLS_EXPANSION_CELLS) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let is_of_process = |object: &Object| match object {
        Object::Thread(other) => core::ptr::eq(&**other.process(), call.process()),
        _ => false,
    };
    let mut after = 0;
    while let Some(Object::Thread(other)) = ids::next_after(after, is_of_process) {
        after = other.id();
        if other.ended().is_none() {
            clear(cell, other.environment_block());
        }
    }
    Ok(())
}

/// Clears a cell of one thread, if it has it: the memory is the program's, which may
/// have freed it.
fn clear(cell: u32, teb: u64) {
    const SLOTS: u64 = core::mem::offset_of!(Teb, tls_slots) as u64;
    let (slots, number) = match cell.checked_sub(TLS_CELLS) {
        None => (Ok(teb.wrapping_add(SLOTS)), cell),
        Some(number) => (read::<u64>(teb.wrapping_add(TLS_EXPANSION_SLOTS)), number),
    };
    if let Ok(slots) = slots
        && slots != 0
    {
        let address = slots.wrapping_add(u64::from(number).wrapping_mul(CELL_BYTES));
        // One that cannot be written is left as it is.
        let _ = write(address, &0_u64);
    }
}
