//! What a pipe tells an end about itself, and how an end reads.

use super::Pipe;
use crate::queue::Queue;
use crate::{CompletionMode, Configuration, End, Modes, PipeStatus, PipeType, ReadMode, State};

/// What an end is told (NT `FILE_PIPE_LOCAL_INFORMATION`), without the numbers
/// of instances, which are [`Names`](crate::Names)'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Information {
    /// What is written.
    pub pipe_type: PipeType,
    /// Where data go.
    pub configuration: Configuration,
    /// How many bytes from the client need not wait.
    pub inbound_quota: u32,
    /// How many bytes the end can read (also NT
    /// `FILE_STANDARD_INFORMATION.EndOfFile`).
    pub read_data_available: u32,
    /// How many bytes from the server need not wait.
    pub outbound_quota: u32,
    /// How many bytes the end could write without waiting, less what the other
    /// end waits to read.
    pub write_quota_available: u32,
    /// The state.
    pub state: State,
    /// `FILE_PIPE_CLIENT_END` or `FILE_PIPE_SERVER_END`.
    pub end: u32,
}

/// What a look at data gives (NT `FILE_PIPE_PEEK_BUFFER`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peeked {
    /// [`PipeStatus::Success`] or [`PipeStatus::BufferOverflow`].
    pub status: PipeStatus,
    /// The state.
    pub state: State,
    /// How many bytes can be read.
    pub read_data_available: u32,
    /// How many messages they are; 0 in a pipe of bytes.
    pub number_of_messages: u32,
    /// How long the rest of the first is; 0 in a pipe of bytes.
    pub message_length: u32,
    /// How many bytes were copied.
    pub bytes: usize,
}

impl<R> Pipe<R> {
    /// Copies what can be read and leaves it there (NT `FSCTL_PIPE_PEEK`).
    ///
    /// # Errors
    /// [`PipeStatus::PipeDisconnected`] to a client that was sent away,
    /// [`PipeStatus::InvalidPipeState`] without one,
    /// [`PipeStatus::PipeBroken`] if nothing is left.
    pub fn peek(&self, end: End, buffer: &mut [u8]) -> Result<Peeked, PipeStatus> {
        self.check(end)?;
        let incoming = self.incoming(end);
        match self.state {
            State::Connected => {}
            State::Closing if incoming.has_writes() => {}
            State::Closing => return Err(PipeStatus::PipeBroken),
            State::Listening | State::Disconnected => return Err(PipeStatus::InvalidPipeState),
        }
        let ended = incoming.peek(self.pipe_type, buffer);
        let (messages, length) = match self.pipe_type {
            PipeType::Byte => (0, 0),
            PipeType::Message => incoming.messages(),
        };
        Ok(Peeked {
            status: ended.status,
            state: self.state,
            read_data_available: saturate(incoming.unread()),
            number_of_messages: saturate(messages),
            message_length: saturate(length),
            bytes: ended.bytes,
        })
    }

    /// What an end is told.
    ///
    /// # Errors
    /// [`PipeStatus::PipeDisconnected`] to a client that was sent away.
    pub fn information(&self, end: End) -> Result<Information, PipeStatus> {
        self.check(end)?;
        Ok(Information {
            pipe_type: self.pipe_type,
            configuration: self.configuration,
            inbound_quota: saturate(self.inbound.quota()),
            read_data_available: saturate(self.incoming(end).unread()),
            outbound_quota: saturate(self.outbound.quota()),
            write_quota_available: saturate(self.outgoing(end).quota_left()),
            state: self.state,
            end: end.number(),
        })
    }

    /// How much memory takes what is in it, data beyond the quotas up to so many
    /// bytes each way: those are its waiting writers' rather, or were posted.
    #[must_use]
    pub fn held_bytes(&self, most_beyond: usize) -> usize {
        let of = |queue: &Queue<R>| queue.held_bytes(most_beyond);
        of(&self.inbound).saturating_add(of(&self.outbound))
    }

    /// How many bytes that an end wrote are unread.
    #[must_use]
    pub const fn unread_of(&self, end: End) -> usize {
        self.outgoing(end).unread()
    }

    /// How an end reads and whether it waits (NT `FILE_PIPE_INFORMATION`).
    ///
    /// # Errors
    /// [`PipeStatus::PipeDisconnected`] to a client that was sent away.
    pub fn modes(&self, end: End) -> Result<Modes, PipeStatus> {
        self.check(end)?;
        Ok(self.modes_of(end))
    }

    /// Changes that.
    ///
    /// # Errors
    /// As [`Pipe::modes`]; [`PipeStatus::InvalidParameter`] to read messages
    /// where there are none; [`PipeStatus::PipeBusy`] to wait no more while
    /// reads do, or what was written.
    pub fn set_modes(&mut self, end: End, modes: Modes) -> Result<(), PipeStatus> {
        self.check(end)?;
        if modes.read == ReadMode::Message && self.pipe_type == PipeType::Byte {
            return Err(PipeStatus::InvalidParameter);
        }
        if modes.completion == CompletionMode::Complete
            && self.modes_of(end).completion == CompletionMode::Queue
            && (self.incoming(end).has_reads() || self.outgoing(end).has_writes())
        {
            return Err(PipeStatus::PipeBusy);
        }
        match end {
            End::Server => self.server = modes,
            End::Client(_) => self.client = modes,
        }
        Ok(())
    }
}

/// A count as a structure has it.
fn saturate(count: usize) -> u32 {
    count.try_into().unwrap_or(u32::MAX)
}
