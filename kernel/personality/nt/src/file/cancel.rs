//! Cancelling what was asked of files.

use abi::NtStatus;
use abi::access::THREAD_TERMINATE;
use executive::io::Irp;
use executive::object::Object;

use super::ResultBlock;
use crate::call::{Call, Outcome};

/// NtCancelIoFile(file, result)
pub(crate) fn nt_cancel_io_file(call: &Call<'_>) -> Outcome {
    let result = ResultBlock::at(call.word(1)?)?;
    let file = Object::File(call.file(0, 0)?);
    // Nothing to cancel is as good as everything cancelled.
    file.cancel(&|irp| core::ptr::eq(&**irp.thread(), &**call.thread()));
    result.set(NtStatus::SUCCESS, 0)
}

/// NtCancelIoFileEx(file, request, result)
pub(crate) fn nt_cancel_io_file_ex(call: &Call<'_>) -> Outcome {
    let block = call.word(1)?;
    let result = ResultBlock::at(call.word(2)?)?;
    let file = Object::File(call.file(0, 0)?);
    let is_meant = |irp: &Irp| {
        let is_ours = core::ptr::eq(&**irp.thread().process(), call.process());
        is_ours && (block == 0 || irp.block() == block)
    };
    match file.cancel(&is_meant) {
        true => result.set(NtStatus::SUCCESS, 0),
        false => Err(NtStatus::NOT_FOUND),
    }
}

/// NtCancelSynchronousIoFile(thread, request, result)
pub(crate) fn nt_cancel_synchronous_io_file(call: &Call<'_>) -> Outcome {
    let block = call.word(1)?;
    let result = ResultBlock::at(call.word(2)?)?;
    let awaited = call.thread_of(0, THREAD_TERMINATE)?.awaited();
    let is_meant = |irp: &Irp| irp.is_of_file() && (block == 0 || irp.block() == block);
    match awaited.filter(|irp| is_meant(irp)) {
        Some(irp) if irp.cancel() => result.set(NtStatus::SUCCESS, 0),
        _ => Err(NtStatus::NOT_FOUND),
    }
}
