//! Reading and writing between a file and single pages of memory.

use abi::NtStatus;
use abi::file::{
    FILE_APPEND_DATA, FILE_NO_INTERMEDIATE_BUFFERING, FILE_READ_DATA, FILE_WRITE_DATA,
};
use alloc::vec::Vec;
use executive::Error;
use executive::io::{Answer, Begun, File, Start};
use executive::process::IoKind;
use vm::PAGE_SIZE;

use super::transfer::Transfer;
use crate::call::{Call, Outcome, read_vec, refused};

/// What lengths and offsets must be multiples of.
const SECTOR_BYTES: u64 = 512;

/// NtReadFileScatter(file, event, apc, context, result, segments, length, offset, key)
pub(crate) fn nt_read_file_scatter(call: &Call<'_>) -> Outcome {
    let file = call.file(0, FILE_READ_DATA)?;
    let transfer = Transfer::read(call)?;
    let pieces = Pieces::of(&file, &transfer)?;
    let asked = transfer.operation.begin(call, &file, IoKind::Read)?;
    let by = transfer.by(call);
    let mut done = 0_u64;
    for (offset, page, bytes) in pieces.iter() {
        match file.read_to_user(by, Start::At(offset), page, bytes) {
            Ok(read) => done = done.saturating_add(read),
            Err(Error::EndOfFile) if done != 0 => break,
            Err(error) => return Err(refused(error)),
        }
    }
    let answer = Begun::Done(Answer::done(done));
    transfer.operation.end(&asked, &answer, 0)
}

/// NtWriteFileGather(file, event, apc, context, result, segments, length, offset, key)
pub(crate) fn nt_write_file_gather(call: &Call<'_>) -> Outcome {
    let (file, access) = call.file_for_any(0, FILE_WRITE_DATA | FILE_APPEND_DATA)?;
    let transfer = Transfer::read(call)?;
    // Where to write is the caller's choice, which who only appends has not.
    if access & FILE_WRITE_DATA == 0 {
        return Err(NtStatus::ACCESS_DENIED);
    }
    let pieces = Pieces::of(&file, &transfer)?;
    let asked = transfer.operation.begin(call, &file, IoKind::Write)?;
    let by = transfer.by(call);
    for (offset, page, bytes) in pieces.iter() {
        let written = file.write_from_user(by, Start::At(offset), page, bytes);
        written.map_err(refused)?;
    }
    let answer = Begun::Done(Answer::done(transfer.length));
    transfer.operation.end(&asked, &answer, 0)
}

/// The pages of memory, and where they are in the file.
struct Pieces {
    offset: u64,
    bytes: u64,
    pages: Vec<u64>,
}

impl Pieces {
    fn of(file: &File, transfer: &Transfer) -> Result<Self, NtStatus> {
        let is_direct = file.mode().flags & FILE_NO_INTERMEDIATE_BUFFERING != 0;
        let offset = match transfer.start(file)? {
            Start::At(offset) => offset,
            Start::Position => file.position(),
            Start::End => return Err(NtStatus::INVALID_PARAMETER),
        };
        let bytes = transfer.length;
        if !is_direct || !(offset | bytes).is_multiple_of(SECTOR_BYTES) {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        let count = usize::try_from(bytes.div_ceil(PAGE_SIZE));
        let count = count.map_err(|_| NtStatus::INVALID_PARAMETER)?;
        let pages = read_vec::<u64>(transfer.buffer, count)?;
        if pages.iter().any(|page| !page.is_multiple_of(PAGE_SIZE)) {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        Ok(Self {
            offset,
            bytes,
            pages,
        })
    }

    /// Where each is in the file, where in memory, and how many bytes.
    fn iter(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        let mut done = 0_u64;
        self.pages.iter().map(move |page| {
            let bytes = PAGE_SIZE.min(self.bytes.saturating_sub(done));
            let offset = self.offset.saturating_add(done);
            done = done.saturating_add(bytes);
            (offset, *page, bytes)
        })
    }
}
