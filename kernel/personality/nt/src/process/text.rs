//! Texts of a process: its program's path, its command line.

use abi::NtStatus;
use abi::io::UnicodeString;
use abi::parameters::ProcessParameters;
use abi::peb::Peb;
use alloc::vec::Vec;
use executive::io::name;
use executive::process::Process;
use zerocopy::{FromBytes, FromZeros, IntoBytes};

use crate::call::{Outcome, refused};
use crate::query::{Query, joined};

/// Which of its paths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As NT sees it.
    Nt,
    /// As programs see it.
    Dos,
}

/// Answers with the path of a process's program.
pub(super) fn answer_path(query: &Query, process: &Process, form: Form) -> Outcome {
    let path = match form {
        Form::Nt => name::of_image(process.image()),
        Form::Dos => name::dos_of_image(process.image()),
    };
    query.answer_text(
        &path.map_err(refused)?,
        true,
        NtStatus::INFO_LENGTH_MISMATCH,
    )
}

/// Answers with the command line that stands in a process's parameters now.
pub(super) fn answer_command_line(query: &Query, process: &Process) -> Outcome {
    let peb = read_of::<Peb>(process, process.block())?;
    let parameters = read_of::<ProcessParameters>(process, peb.process_parameters)?;
    let units = units_of(process, &parameters.command_line)?;
    query.answer_text(&units, true, NtStatus::INFO_LENGTH_MISMATCH)
}

/// Answers with the flags and the title of a process's window, as its parameters say
/// them now.
pub(super) fn answer_window(query: &Query, process: &Process) -> Outcome {
    let peb = read_of::<Peb>(process, process.block())?;
    let parameters = read_of::<ProcessParameters>(process, peb.process_parameters)?;
    let title = units_of(process, &parameters.window_title)?;
    let bytes = title.as_bytes();
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let terminator = [0; size_of::<u16>()];
    let answer = joined(&[
        parameters.window_flags.as_bytes(),
        length.as_bytes(),
        bytes,
        &terminator,
    ])?;
    query.answer_all(&answer, NtStatus::INFO_LENGTH_MISMATCH)
}

fn units_of(process: &Process, text: &UnicodeString) -> Result<Vec<u16>, NtStatus> {
    let mut units = Vec::new();
    let count = usize::from(text.length_bytes >> 1);
    units
        .try_reserve_exact(count)
        .map_err(|_| NtStatus::NO_MEMORY)?;
    units.resize(count, 0);
    read_bytes(process, text.buffer, units.as_mut_slice().as_mut_bytes())?;
    Ok(units)
}

fn read_of<T: FromZeros + FromBytes + IntoBytes>(
    process: &Process,
    address: u64,
) -> Result<T, NtStatus> {
    let mut value = T::new_zeroed();
    read_bytes(process, address, value.as_mut_bytes())?;
    Ok(value)
}

fn read_bytes(process: &Process, address: u64, to: &mut [u8]) -> Result<(), NtStatus> {
    let read = process.memory().with(|space| space.read(address, to));
    match read == to.len() {
        true => Ok(()),
        // The process changed its parameters, or has ended.
        false => Err(NtStatus::PARTIAL_COPY),
    }
}
