//! Operations on files: how they are asked for, and how their end is told.

use abi::NtStatus;
use abi::access::EVENT_MODIFY_STATE;
use abi::file::FILE_SYNCHRONOUS_IO_ALERT;
use executive::dispatch::Signalled;
use executive::io::{Answer, Asked, Begun, File, Irp, Notice, Piece, Source};
use executive::process::IoKind;
use hal::{Ref, user};
use sched::{ApcCall, Deadline};

use super::ResultBlock;
use crate::call::{Call, Outcome, refused, violation};
use crate::thread::check_dispatcher;
use crate::win32::quirks;

/// What is to happen when an operation is over.
pub(crate) struct Operation {
    event: Option<Ref<Signalled>>,
    /// What the thread calls; 0: nothing.
    routine: u64,
    /// What that is told, or else a completion port; 0: the port is not.
    context: u64,
    result: ResultBlock,
}

impl Operation {
    /// From the arguments event, APC routine, APC context and result.
    pub(crate) fn read(call: &Call<'_>) -> Result<Self, NtStatus> {
        Self::with_result(call, 1, call.word(4)?)
    }

    /// The same, where the event has that number, and the result that address.
    #[inline(always)]
    pub(crate) fn with_result(
        call: &Call<'_>,
        first: usize,
        result_at: u64,
    ) -> Result<Self, NtStatus> {
        Self::with_block(call, first, || ResultBlock::at(result_at))
    }

    /// The same, of a lock: LockFileEx gives only its OVERLAPPED, which begins as a result
    /// does and is to say that the operation is not over.
    pub(crate) fn of_lock(call: &Call<'_>) -> Result<Self, NtStatus> {
        let (context, result_at) = (call.word(3)?, call.word(4)?);
        let gives_none = quirks::wants_no_result(call, result_at);
        Self::with_block(call, 1, || match (gives_none, context) {
            (true, 0) => Ok(ResultBlock(0)),
            (true, context) => {
                let block = ResultBlock::at(context)?;
                block.set(NtStatus::PENDING, 0)?;
                Ok(block)
            }
            (false, _) => ResultBlock::at(result_at),
        })
    }

    #[inline(always)]
    fn with_block(
        call: &Call<'_>,
        first: usize,
        block: impl FnOnce() -> Result<ResultBlock, NtStatus>,
    ) -> Result<Self, NtStatus> {
        let argument = |number: usize| first.saturating_add(number);
        let event = match call.word(first)? {
            0 => None,
            _ => Some(call.event(first, EVENT_MODIFY_STATE)?),
        };
        let (routine, context) = (call.word(argument(1))?, call.word(argument(2))?);
        let result = block()?;
        if routine != 0 {
            check_dispatcher(call.process())?;
        }
        Ok(Self {
            event,
            routine,
            context,
            result,
        })
    }

    /// One that has nothing but a result, at the address in that argument.
    pub(crate) fn plain(call: &Call<'_>, number: usize) -> Result<Self, NtStatus> {
        Ok(Self {
            event: None,
            routine: 0,
            context: 0,
            result: ResultBlock::at(call.word(number)?)?,
        })
    }

    /// The same, of which nobody is told but who waits.
    pub(crate) fn without_notice(self) -> Self {
        Self {
            event: None,
            routine: 0,
            context: 0,
            ..self
        }
    }

    /// It begins, and the thread waits for its end whatever the file is like.
    pub(crate) fn wait_for<'a>(
        &'a self,
        call: &'a Call<'_>,
        file: &'a Ref<File>,
    ) -> Result<Asked<'a>, NtStatus> {
        call.process().io_counts().begin(IoKind::Other);
        self.ask(call, Source::File(file), IoKind::Other, true)
    }

    /// It begins: asked of a file.
    #[inline(always)]
    pub(crate) fn begin<'a>(
        &'a self,
        call: &'a Call<'_>,
        file: &'a Ref<File>,
        kind: IoKind,
    ) -> Result<Asked<'a>, NtStatus> {
        // Who is told by a completion port makes no call.
        if self.routine != 0 && file.has_port() {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        call.process().io_counts().begin(kind);
        self.ask(call, Source::File(file), kind, file.mode().is_synchronous)
    }

    /// The same of anything.
    #[inline(always)]
    pub(crate) fn ask<'a>(
        &'a self,
        call: &'a Call<'_>,
        source: Source<'a>,
        kind: IoKind,
        is_synchronous: bool,
    ) -> Result<Asked<'a>, NtStatus> {
        let notice = match (self.routine, self.context) {
            (0, 0) => Notice::none(),
            (0, value) => Notice::of_packet(source, value).map_err(refused)?,
            (routine, context) => {
                let arguments = [context, self.result.0, 0];
                let apc = ApcCall { routine, arguments };
                Notice::of_call(call.thread(), apc).map_err(refused)?
            }
        };
        if let Some(event) = &self.event {
            event.reset();
        }
        Ok(Asked {
            source,
            thread: call.thread(),
            kind,
            is_synchronous,
            block: self.result.0,
            event: self.event.as_ref(),
            notice,
            outlives_thread: false,
        })
    }

    /// It was begun: waits for its end if the thread is to, and tells of it. What
    /// an answer brings goes to `buffer`.
    pub(crate) fn end(&self, asked: &Asked<'_>, begun: &Begun, buffer: u64) -> Outcome {
        self.end_until(asked, begun, buffer, Deadline::Never)
    }

    /// The same, for which a thread waits no longer than that.
    pub(crate) fn end_until(
        &self,
        asked: &Asked<'_>,
        begun: &Begun,
        buffer: u64,
        deadline: Deadline,
    ) -> Outcome {
        match begun {
            Begun::Done(answer) => self.tell(asked, answer, buffer),
            Begun::Kept(_) if !asked.is_synchronous => Ok(NtStatus::PENDING),
            Begun::Kept(request) => {
                let is_alertable = match asked.source {
                    Source::File(file) => file.mode().flags & FILE_SYNCHRONOUS_IO_ALERT != 0,
                    Source::Key(_) => false,
                };
                let answer = Irp::wait(request, is_alertable, deadline);
                self.tell(asked, &answer, buffer)
            }
        }
    }

    /// It has succeeded with nothing, whatever was told before.
    pub(crate) fn succeed(&self) -> Outcome {
        self.result.set(NtStatus::SUCCESS, 0)
    }

    /// The same, where what an answer brings goes to pieces, and may look otherwise to
    /// a thread that waited for it.
    pub(super) fn end_in_pieces(
        &self,
        asked: &Asked<'_>,
        begun: Begun,
        pieces: &[Piece],
        deadline: Deadline,
        seen: fn(Answer, i64) -> Answer,
        number: i64,
    ) -> Outcome {
        let answer = match begun {
            Begun::Done(answer) => answer,
            Begun::Kept(_) if !asked.is_synchronous => return Ok(NtStatus::PENDING),
            Begun::Kept(request) => {
                let is_alertable = match asked.source {
                    Source::File(file) => file.mode().flags & FILE_SYNCHRONOUS_IO_ALERT != 0,
                    Source::Key(_) => false,
                };
                seen(Irp::wait(&request, is_alertable, deadline), number)
            }
        };
        let mut rest = answer.bytes();
        for piece in pieces {
            let (part, after) = rest.split_at_checked(piece.bytes).unwrap_or((rest, &[]));
            rest = after;
            if !part.is_empty() {
                user::copy_out(piece.address, part).map_err(violation)?;
            }
        }
        let status = NtStatus(answer.status);
        self.result.set(status, answer.information)?;
        asked.tell(&answer);
        Ok(status)
    }

    #[inline(always)]
    fn tell(&self, asked: &Asked<'_>, answer: &Answer, buffer: u64) -> Outcome {
        if !answer.bytes().is_empty() {
            user::copy_out(buffer, answer.bytes()).map_err(violation)?;
        }
        let status = NtStatus(answer.status);
        self.result.set(status, answer.information)?;
        asked.tell(answer);
        Ok(status)
    }
}
