//! Reads, writes, flushes and transactions of a pipe's ends.

use super::Pipe;
use crate::{
    Completed, CompletionMode, Configuration, Data, End, Ended, PipeStatus, PipeType, ReadMode,
    Started, State,
};

impl<R> Pipe<R> {
    /// Writes (NT `NtWriteFile`). Reads that wait get the data, one of them the
    /// very vector; what is left over waits in the pipe. Beyond the quota the
    /// write waits, too, or else leaves out what is left over: all that a
    /// message would.
    pub fn write(
        &mut self,
        end: End,
        data: impl Into<Data>,
        request: R,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Started<R> {
        if let Err(status) = self.check_write(end) {
            return Started::done(request, status, 0);
        }
        let manner = self.manner(end);
        let (_, outgoing) = self.queues(end);
        outgoing.write(manner, data.into(), request, complete)
    }

    /// The read that waits for what this end writes, and the size of its
    /// buffer.
    #[must_use]
    pub fn waiting_read(&self, end: End) -> Option<(&R, usize)> {
        self.check_write(end).ok()?;
        self.outgoing(end).first_read()
    }

    /// A write without data: takes out the read that would get the whole of so
    /// many bytes. The caller hands them over itself, and both requests end
    /// with [`PipeStatus::Success`]. Without one nothing has changed.
    #[must_use]
    pub fn hand_over(&mut self, end: End, len: usize) -> Option<R> {
        self.check_write(end).ok()?;
        if len == 0 && self.pipe_type == PipeType::Byte {
            return None;
        }
        let (_, outgoing) = self.queues(end);
        outgoing.take_read(len)
    }

    /// Reads (NT `NtReadFile`) up to so many bytes.
    pub fn read(
        &mut self,
        end: End,
        max: usize,
        request: R,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Started<R> {
        let mode = match self.check_read(end) {
            Ok(Some(mode)) => mode,
            Ok(None) => {
                let (incoming, _) = self.queues(end);
                if let Err(status) = incoming.reserve_read() {
                    return Started::done(request, status, 0);
                }
                incoming.push_read(max, request);
                return Started::Queued;
            }
            Err(status) => return Started::done(request, status, 0),
        };
        let (incoming, _) = self.queues(end);
        match incoming.take(mode, max, complete) {
            Ok((status, data)) => Started::Done(Completed::read(request, status, data)),
            Err(status) => Started::done(request, status, 0),
        }
    }

    /// Whether a read would wait.
    #[must_use]
    pub fn read_waits(&self, end: End) -> bool {
        matches!(self.check_read(end), Ok(None))
    }

    /// Whether a write of so many bytes would wait.
    #[must_use]
    pub fn write_waits(&self, end: End, len: usize) -> bool {
        let waits = self.manner(end).completion == CompletionMode::Queue;
        waits && self.check_write(end).is_ok() && !self.outgoing(end).fits(len)
    }

    /// Reads into a buffer without a request, unless it would have to wait:
    /// that is `None`, and nothing has changed.
    pub fn try_read(
        &mut self,
        end: End,
        buffer: &mut [u8],
        complete: &mut impl FnMut(Completed<R>),
    ) -> Option<Ended> {
        match self.check_read(end) {
            Ok(Some(mode)) => {
                let (incoming, _) = self.queues(end);
                Some(incoming.take_into(mode, buffer, complete))
            }
            Ok(None) => None,
            Err(status) => Some(Ended { status, bytes: 0 }),
        }
    }

    /// Writes a message and waits for one (NT `FSCTL_PIPE_TRANSCEIVE`), whether
    /// or not the end waits otherwise. Cancelled, the message stays written.
    pub fn transceive(
        &mut self,
        end: End,
        data: impl Into<Data>,
        max: usize,
        request: R,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Started<R> {
        if let Err(status) = self.check_transceive(end) {
            return Started::done(request, status, 0);
        }
        let manner = self.manner(end);
        let (incoming, outgoing) = self.queues(end);
        let posted = incoming
            .reserve_read()
            .and_then(|()| outgoing.post(manner, data.into(), complete));
        if let Err(status) = posted {
            return Started::done(request, status, 0);
        }
        incoming.push_read(max, request);
        Started::Queued
    }

    /// Waits until the other end has read all that this one wrote (NT
    /// `NtFlushBuffersFile`).
    pub fn flush(&mut self, end: End, request: R) -> Started<R> {
        if let Err(status) = self.check(end) {
            return Started::done(request, status, 0);
        }
        let (_, outgoing) = self.queues(end);
        outgoing.flush(request)
    }

    /// That an end can write now.
    fn check_write(&self, end: End) -> Result<(), PipeStatus> {
        self.check(end)?;
        match self.state {
            State::Connected => {}
            State::Disconnected => return Err(PipeStatus::PipeDisconnected),
            State::Listening => return Err(PipeStatus::PipeListening),
            State::Closing => return Err(PipeStatus::PipeClosing),
        }
        let is_allowed = match end {
            End::Server => self.configuration.is_outbound(),
            End::Client(_) => self.configuration.is_inbound(),
        };
        if is_allowed {
            Ok(())
        } else {
            Err(PipeStatus::InvalidParameter)
        }
    }

    /// How an end can read now; `None` if it has to wait.
    #[inline]
    fn check_read(&self, end: End) -> Result<Option<ReadMode>, PipeStatus> {
        self.check(end)?;
        match self.state {
            State::Connected | State::Closing => {}
            State::Disconnected => return Err(PipeStatus::PipeDisconnected),
            State::Listening => return Err(PipeStatus::PipeListening),
        }
        let is_allowed = match end {
            End::Server => self.configuration.is_inbound(),
            End::Client(_) => self.configuration.is_outbound(),
        };
        if !is_allowed {
            return Err(PipeStatus::InvalidParameter);
        }
        let modes = self.modes_of(end);
        if self.incoming(end).has_writes() {
            Ok(Some(modes.read))
        } else if self.state == State::Closing {
            Err(PipeStatus::PipeBroken)
        } else if modes.completion == CompletionMode::Complete {
            Err(PipeStatus::PipeEmpty)
        } else {
            Ok(None)
        }
    }

    /// That an end can write a message and wait for another. That it does not
    /// read messages is no state of the pipe's, but has that status
    /// (\[MS-FSCC\] 2.3.48).
    fn check_transceive(&self, end: End) -> Result<(), PipeStatus> {
        self.check(end)?;
        if self.state != State::Connected
            || self.configuration != Configuration::FullDuplex
            || self.modes_of(end).read != ReadMode::Message
        {
            return Err(PipeStatus::InvalidPipeState);
        }
        let incoming = self.incoming(end);
        if incoming.has_writes() || incoming.has_reads() {
            return Err(PipeStatus::PipeBusy);
        }
        Ok(())
    }
}
