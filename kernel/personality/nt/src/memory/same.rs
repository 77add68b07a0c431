//! Whether two views are of one file.

use abi::NtStatus;
use executive::memory::Space;
use vm::Kind;

use crate::call::{Call, Outcome};

/// NtAreMappedFilesTheSame(first, second)
///
/// Images are of files; what else is in view here is of the page file, which is the
/// same as itself only where it is one view.
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
    if !one.kind.is_view() || !other.kind.is_view() {
        return Err(NtStatus::CONFLICTING_ADDRESSES);
    }
    let is_same = match (one.kind, other.kind) {
        _ if one.range == other.range => true,
        (Kind::Image { .. }, Kind::Image { .. }) => {
            let file = |address| space.image_at(address).map(|view| view.image.file_id());
            file(first) == file(second)
        }
        _ => false,
    };
    match is_same {
        true => Ok(NtStatus::SUCCESS),
        false => Err(NtStatus::NOT_SAME_DEVICE),
    }
}
