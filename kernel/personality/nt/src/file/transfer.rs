//! Reading and writing files.

use abi::NtStatus;
use abi::file::{
    FILE_APPEND_DATA, FILE_READ_DATA, FILE_USE_FILE_POINTER_POSITION, FILE_WRITE_DATA,
    FILE_WRITE_TO_END_OF_FILE, FLUSH_FLAGS_VALID,
};
use executive::io::{Accessor, File, Start, Target};
use executive::process::IoKind;

use super::console;
use super::operation::Operation;
use crate::call::{Call, Outcome, probe_bytes, read, refused, status_of};

/// The arguments that reading and writing have in common.
pub(super) struct Transfer {
    pub(super) operation: Operation,
    pub(super) buffer: u64,
    pub(super) length: u64,
    offset: Option<u64>,
    /// Of locks.
    key: u32,
}

impl Transfer {
    #[inline(always)]
    pub(super) fn read(call: &Call<'_>) -> Result<Self, NtStatus> {
        let [result, buffer, length, offset, key] = call.stack_words()?;
        let operation = Operation::with_result(call, 1, result)?;
        let offset = match offset {
            0 => None,
            address => Some(read::<u64>(address)?),
        };
        let key = match key {
            0 => 0,
            address => read::<u32>(address)?,
        };
        Ok(Self {
            operation,
            buffer,
            // The upper half of its place is garbage.
            length: length & u64::from(u32::MAX),
            offset,
            key,
        })
    }

    /// Whose locks are no obstacle.
    pub(super) fn by(&self, call: &Call<'_>) -> Accessor {
        (call.process().id(), self.key)
    }

    /// Where it begins. Only files of a volume have offsets.
    pub(super) fn start(&self, file: &File) -> Result<Start, NtStatus> {
        if !matches!(file.target(), Target::Node(_)) {
            return Ok(Start::Position);
        }
        match self.offset {
            None | Some(FILE_USE_FILE_POINTER_POSITION) if file.mode().is_synchronous => {
                Ok(Start::Position)
            }
            Some(offset) if i64::try_from(offset).is_ok() => Ok(Start::At(offset)),
            _ => Err(NtStatus::INVALID_PARAMETER),
        }
    }
}

/// NtReadFile(file, event, apc, context, result, buffer, length, offset, key)
pub(crate) fn nt_read_file(call: &Call<'_>) -> Outcome {
    let file = call.file(0, FILE_READ_DATA)?;
    let transfer = Transfer::read(call)?;
    let start = transfer.start(&file)?;
    match file.target() {
        // What was taken out cannot be put back.
        Target::Pipe(_) | Target::Host(_) => probe_bytes(transfer.buffer, transfer.length)?,
        Target::Terminal(terminal) => return console::read(call, &file, terminal, &transfer),
        _ => {}
    }
    let asked = transfer.operation.begin(call, &file, IoKind::Read)?;
    let by = transfer.by(call);
    let begun = file.read(&asked, by, start, transfer.buffer, transfer.length);
    let begun = begun.as_ref().map_err(status_of)?;
    transfer.operation.end(&asked, begun, transfer.buffer)
}

/// NtWriteFile(file, event, apc, context, result, buffer, length, offset, key)
pub(crate) fn nt_write_file(call: &Call<'_>) -> Outcome {
    let (file, access) = call.file_for_any(0, FILE_WRITE_DATA | FILE_APPEND_DATA)?;
    let transfer = Transfer::read(call)?;
    let start = match transfer.offset {
        // Who may only append does so wherever it says.
        _ if access & FILE_WRITE_DATA == 0 => Start::End,
        Some(FILE_WRITE_TO_END_OF_FILE) => Start::End,
        _ => transfer.start(&file)?,
    };
    let asked = transfer.operation.begin(call, &file, IoKind::Write)?;
    let by = transfer.by(call);
    let begun = file.write(&asked, by, start, transfer.buffer, transfer.length);
    let begun = begun.as_ref().map_err(status_of)?;
    transfer.operation.end(&asked, begun, transfer.buffer)
}

/// NtFlushBuffersFile(file, result)
pub(crate) fn nt_flush_buffers_file(call: &Call<'_>) -> Outcome {
    flush(call, 1)
}

/// Writes out everything; the result goes to the address in that argument.
fn flush(call: &Call<'_>, result: usize) -> Outcome {
    let (file, _) = call.file_for_any(0, FILE_WRITE_DATA | FILE_APPEND_DATA)?;
    let operation = Operation::plain(call, result)?;
    let asked = operation.wait_for(call, &file)?;
    let begun = file.flush(&asked).map_err(refused)?;
    operation.end(&asked, &begun, 0)
}

/// NtFlushBuffersFileEx(file, flags, parameters, their length, result)
pub(crate) fn nt_flush_buffers_file_ex(call: &Call<'_>) -> Outcome {
    let flags = call.value32(1)?;
    // Nothing has parameters yet.
    if flags & !FLUSH_FLAGS_VALID != 0 || call.word(2)? != 0 || call.value32(3)? != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    flush(call, 4)
}
