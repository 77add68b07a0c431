//! The console's control codes and reads, and who has a console.

use abi::NtStatus;
use abi::parameters::ProcessParameters;
use abi::peb::Peb;
use abi::teb::Teb;
use core::mem::offset_of;
use executive::io::terminal::ConsoleFile;
use executive::io::{Asked, Begun, File};
use executive::process::IoKind;
use hal::Ref;

use super::control::Control;
use super::operation::Operation;
use super::transfer::Transfer;
use crate::call::{self, Call, Outcome, probe_bytes, refused, write};

/// What programs find where Ctrl-C ended a read (Win32 `ERROR_OPERATION_ABORTED`).
const OPERATION_ABORTED: u32 = 995;

/// Does what a control code says.
#[cold]
pub(super) fn control(
    call: &Call<'_>,
    control: &Control,
    asked: &Asked<'_>,
    file: &ConsoleFile,
) -> Outcome {
    let room = control.output_length;
    let begun = file.control(asked, control.code, &control.input, control.output, room);
    let begun = begun.map_err(refused)?;
    end(call, &control.operation, asked, &begun, control.output)
}

/// Reads what is typed.
#[cold]
pub(super) fn read(
    call: &Call<'_>,
    file: &Ref<File>,
    terminal: &ConsoleFile,
    transfer: &Transfer,
) -> Outcome {
    // What was taken out cannot be put back.
    probe_bytes(transfer.buffer, transfer.length)?;
    let asked = transfer.operation.begin(call, file, IoKind::Read)?;
    let begun = terminal.read(&asked, transfer.buffer, transfer.length);
    let begun = begun.map_err(refused)?;
    end(call, &transfer.operation, &asked, &begun, transfer.buffer)
}

/// An operation of the console was begun: waits for its end. What Ctrl-C ended has
/// succeeded without bytes, and only the last error of Win32 tells.
fn end(
    call: &Call<'_>,
    operation: &Operation,
    asked: &Asked<'_>,
    begun: &Begun,
    buffer: u64,
) -> Outcome {
    let status = operation.end(asked, begun, buffer)?;
    if status != NtStatus::ALERTED {
        return Ok(status);
    }
    let place = offset_of!(Teb, last_error);
    let place = u64::try_from(place).map_err(|_| NtStatus::INTERNAL_ERROR)?;
    let block = call.thread().environment_block();
    write(block.wrapping_add(place), &OPERATION_ABORTED)?;
    operation.succeed()
}

/// A process has got the console by a file: notes of which group it is, as its
/// parameters say.
#[cold]
pub(super) fn note_group(call: &Call<'_>, file: &ConsoleFile) {
    let at = |start: u64, offset: usize| {
        let offset = u64::try_from(offset).unwrap_or(0);
        start.wrapping_add(offset)
    };
    let parameters = call::read::<u64>(at(
        call.process().block(),
        offset_of!(Peb, process_parameters),
    ));
    let group = parameters.and_then(|start| {
        call::read::<u32>(at(start, offset_of!(ProcessParameters, process_group_id)))
    });
    // Who spoils its own parameters is a group of its own.
    if let Ok(group @ 1..) = group {
        file.set_group(group);
    }
}
