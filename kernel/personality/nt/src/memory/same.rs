//! Whether two views are of one file.

use abi::NtStatus;
use executive::memory::Space;

use crate::call::{Call, Outcome};

/// NtAreMappedFilesTheSame(first, second)
///
/// It is there for loaders: the first must show a program, or both be one view. The
/// second may show the program's file as data too.
pub(crate) fn nt_are_mapped_files_the_same(call: &Call<'_>) -> Outcome {
    let (first, second) = (call.word(0)?, call.word(1)?);
    call.process()
        .memory()
        .with(|space| are_the_same(space, first, second))
}

fn are_the_same(space: &Space, first: u64, second: u64) -> Outcome {
    let found = |address| {
        space
            .allocation_at(address)
            .ok_or(NtStatus::INVALID_ADDRESS)
    };
    let (one, other) = (found(first)?, found(second)?);
    let mapped = (space.mapped_at(first), space.mapped_at(second));
    let (Some(first), Some(second)) = mapped else {
        return Err(NtStatus::CONFLICTING_ADDRESSES);
    };
    match one.range == other.range || first.is_program_of(&second) {
        true => Ok(NtStatus::SUCCESS),
        false => Err(NtStatus::NOT_SAME_DEVICE),
    }
}
