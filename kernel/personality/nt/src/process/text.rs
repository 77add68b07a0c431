//! Texts of a process: its program's path, its command line.

use abi::NtStatus;
use abi::parameters::ProcessParameters;
use abi::peb::Peb;
use alloc::vec::Vec;
use executive::io::name;
use executive::process::Process;
use zerocopy::{FromBytes, FromZeros, IntoBytes};

use crate::call::{Outcome, refused};
use crate::query::Query;

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
    let line = parameters.command_line;
    let mut units = Vec::<u16>::new();
    let count = usize::from(line.length_bytes >> 1);
    units
        .try_reserve_exact(count)
        .map_err(|_| NtStatus::NO_MEMORY)?;
    units.resize(count, 0);
    read_bytes(process, line.buffer, units.as_mut_slice().as_mut_bytes())?;
    query.answer_text(&units, true, NtStatus::INFO_LENGTH_MISMATCH)
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
