//! Reading and writing files.

use abi::NtStatus;
use abi::access::EVENT_MODIFY_STATE;
use abi::file::{
    FILE_APPEND_DATA, FILE_READ_DATA, FILE_USE_FILE_POINTER_POSITION, FILE_WRITE_DATA,
    FILE_WRITE_TO_END_OF_FILE,
};
use executive::dispatch::Signalled;
use executive::io::{File, Start, Target};
use hal::Ref;
use sched::ApcCall;

use super::ResultBlock;
use crate::call::{Call, Outcome, read, refused};
use crate::thread::check_dispatcher;

/// What is to happen when an operation is over.
pub(super) struct Completion {
    event: Option<Ref<Signalled>>,
    apc: Option<(u64, u64)>,
    result: ResultBlock,
}

impl Completion {
    /// From the arguments event, APC routine, APC context and result.
    pub(super) fn read(call: &Call<'_>) -> Result<Self, NtStatus> {
        let event = match call.word(1)? {
            0 => None,
            _ => Some(call.event(1, EVENT_MODIFY_STATE)?),
        };
        let apc = match call.word(2)? {
            0 => None,
            routine => {
                check_dispatcher(call.process())?;
                Some((routine, call.word(3)?))
            }
        };
        let result = ResultBlock::at(call.word(4)?)?;
        Ok(Self { event, apc, result })
    }

    /// The operation begins.
    pub(super) fn begin(&self, file: &File) {
        file.set_over(false);
        if let Some(event) = &self.event {
            event.reset();
        }
    }

    /// It is over, and has succeeded.
    pub(super) fn finish(self, call: &Call<'_>, file: &File, information: u64) -> Outcome {
        self.finish_with(call, file, NtStatus::SUCCESS, information)
    }

    /// The same with a status that is no refusal.
    pub(super) fn finish_with(
        self,
        call: &Call<'_>,
        file: &File,
        status: NtStatus,
        information: u64,
    ) -> Outcome {
        self.result.set(status, information)?;
        if let Some((routine, context)) = self.apc {
            let apc = ApcCall {
                routine,
                arguments: [context, self.result.0, 0],
            };
            call.thread().queue_apc(apc, false).map_err(refused)?;
        }
        match &self.event {
            Some(event) => {
                event.set();
            }
            None => file.set_over(true),
        }
        Ok(status)
    }
}

/// The arguments that reading and writing have in common.
struct Transfer {
    completion: Completion,
    buffer: u64,
    length: u64,
    offset: Option<u64>,
}

impl Transfer {
    fn read(call: &Call<'_>) -> Result<Self, NtStatus> {
        let completion = Completion::read(call)?;
        let offset = match call.word(7)? {
            0 => None,
            address => Some(read::<u64>(address)?),
        };
        let key_at = call.word(8)?;
        if key_at != 0 {
            read::<u32>(key_at)?;
        }
        Ok(Self {
            completion,
            buffer: call.word(5)?,
            length: call.value32(6)?.into(),
            offset,
        })
    }

    /// Where it begins. Only files of a volume have offsets.
    fn start(&self, file: &File) -> Result<Start, NtStatus> {
        let is_synchronous = file.mode().is_synchronous;
        match (file.target(), self.offset) {
            (Target::Null | Target::Console, _) => Ok(Start::Position),
            (_, None | Some(FILE_USE_FILE_POINTER_POSITION)) if is_synchronous => {
                Ok(Start::Position)
            }
            (_, Some(offset)) if i64::try_from(offset).is_ok() => Ok(Start::At(offset)),
            _ => Err(NtStatus::INVALID_PARAMETER),
        }
    }
}

/// NtReadFile(file, event, apc, context, result, buffer, length, offset, key)
pub(crate) fn nt_read_file(call: &Call<'_>) -> Outcome {
    let file = call.file(0, FILE_READ_DATA)?;
    let transfer = Transfer::read(call)?;
    let start = transfer.start(&file)?;
    transfer.completion.begin(&file);
    let bytes = file.read_to_user(start, transfer.buffer, transfer.length);
    let bytes = bytes.map_err(refused)?;
    transfer.completion.finish(call, &file, bytes)
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
    transfer.completion.begin(&file);
    let written = file.write_from_user(start, transfer.buffer, transfer.length);
    written.map_err(refused)?;
    transfer.completion.finish(call, &file, transfer.length)
}

/// NtFlushBuffersFile(file, result)
///
/// Everything is in memory, where it stays.
pub(crate) fn nt_flush_buffers_file(call: &Call<'_>) -> Outcome {
    let (_, _) = call.file_for_any(0, FILE_WRITE_DATA | FILE_APPEND_DATA)?;
    ResultBlock::at(call.word(1)?)?.set(NtStatus::SUCCESS, 0)
}
