//! An instance of a pipe: its state, and what connects and disconnects it.

mod data;
mod information;
#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod tests;

use alloc::collections::VecDeque;

use crate::queue::{Manner, Queue};
use crate::{
    Completed, CompletionMode, Configuration, Connection, End, Modes, PipeStatus, PipeType,
    Started, State,
};

pub use information::{Information, Peeked};

/// What an instance is created with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What is written.
    pub pipe_type: PipeType,
    /// Where data go.
    pub configuration: Configuration,
    /// How the server reads, and whether it waits.
    pub server: Modes,
    /// How many unread bytes from the client need not wait. With none, every
    /// write waits for reads.
    pub inbound_quota: u32,
    /// The same of bytes from the server.
    pub outbound_quota: u32,
}

/// One instance of a pipe (NT `CCB` of the named pipe file system). It begins
/// to listen when it is created.
#[derive(Debug)]
pub struct Pipe<R> {
    pipe_type: PipeType,
    configuration: Configuration,
    state: State,
    server: Modes,
    client: Modes,
    has_server: bool,
    /// Whether the client of `connection` is one still.
    has_client: bool,
    connection: u64,
    inbound: Queue<R>,
    outbound: Queue<R>,
    listens: VecDeque<R>,
}

impl<R> Pipe<R> {
    /// An instance that listens.
    #[must_use]
    pub const fn new(settings: &Settings) -> Self {
        Self {
            pipe_type: settings.pipe_type,
            configuration: settings.configuration,
            state: State::Listening,
            server: settings.server,
            client: Modes::CLIENT,
            has_server: true,
            has_client: false,
            connection: 0,
            inbound: Queue::new(settings.inbound_quota as usize),
            outbound: Queue::new(settings.outbound_quota as usize),
            listens: VecDeque::new(),
        }
    }

    /// Its state. Who waits for an instance of the name is to be told, by
    /// [`Names::listening`](crate::Names::listening), when a listen makes it
    /// [`State::Listening`].
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// Whether both ends are closed or gone.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        !self.has_server && !self.has_client
    }

    /// Listens for a client (NT `FSCTL_PIPE_LISTEN`). The request is over when
    /// one connects; a server that does not wait gets
    /// [`PipeStatus::PipeListening`], and it listens.
    pub fn listen(&mut self, end: End, request: R) -> Started<R> {
        let status = match (end, self.state) {
            (End::Client(_), _) => PipeStatus::IllegalFunction,
            (End::Server, _) if !self.has_server => PipeStatus::PipeDisconnected,
            (End::Server, State::Connected) => PipeStatus::PipeConnected,
            (End::Server, State::Closing) => PipeStatus::PipeClosing,
            (End::Server, State::Disconnected | State::Listening) => {
                if self.server.completion == CompletionMode::Complete {
                    self.state = State::Listening;
                    PipeStatus::PipeListening
                } else if self.listens.try_reserve(1).is_err() {
                    PipeStatus::InsufficientResources
                } else {
                    self.state = State::Listening;
                    self.listens.push_back(request);
                    return Started::Queued;
                }
            }
        };
        Started::done(request, status, 0)
    }

    /// Connects a client, which ends the listens.
    ///
    /// # Errors
    /// [`PipeStatus::PipeNotAvailable`] if it does not listen.
    pub fn connect_client(
        &mut self,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Result<Connection, PipeStatus> {
        if self.state != State::Listening {
            return Err(PipeStatus::PipeNotAvailable);
        }
        self.state = State::Connected;
        self.client = Modes::CLIENT;
        self.has_client = true;
        self.connection = self.connection.wrapping_add(1);
        self.end_listens(PipeStatus::Success, complete);
        Ok(Connection(self.connection))
    }

    /// Sends the client away (NT `FSCTL_PIPE_DISCONNECT`): what is unread is
    /// lost, and all that waits ends.
    ///
    /// # Errors
    /// [`PipeStatus::PipeDisconnected`] if it has been already, or the end was;
    /// [`PipeStatus::IllegalFunction`] for a client.
    pub fn disconnect(
        &mut self,
        end: End,
        complete: &mut impl FnMut(Completed<R>),
    ) -> Result<(), PipeStatus> {
        self.check(end)?;
        if end != End::Server {
            return Err(PipeStatus::IllegalFunction);
        }
        let status = PipeStatus::PipeDisconnected;
        if self.state == State::Disconnected {
            return Err(status);
        }
        self.end_listens(status, complete);
        self.inbound.abort(status, complete);
        self.outbound.abort(status, complete);
        self.has_client = false;
        self.state = State::Disconnected;
        Ok(())
    }

    /// Closes an end. What it has written can be read still; what was written
    /// to it is lost. A client that was sent away closes nothing.
    pub fn close(&mut self, end: End, complete: &mut impl FnMut(Completed<R>)) {
        if self.check(end).is_err() {
            return;
        }
        let status = PipeStatus::PipeBroken;
        self.end_listens(status, complete);
        let (incoming, outgoing) = self.queues(end);
        incoming.abort(status, complete);
        outgoing.abort_reads(status, complete);
        self.state = match self.state {
            State::Connected | State::Closing => State::Closing,
            // No client can connect any more.
            State::Listening | State::Disconnected => State::Disconnected,
        };
        match end {
            End::Server => self.has_server = false,
            End::Client(_) => self.has_client = false,
        }
        if self.is_over() {
            // Nobody is left to read it.
            self.inbound.abort(status, complete);
            self.outbound.abort(status, complete);
        }
    }

    /// Cancels those of an end's requests that match, of whatever operation,
    /// and says how many. They complete with [`PipeStatus::Cancelled`]; others
    /// can complete, too, as room is made or nothing is left to wait for. A
    /// closed end has writes and flushes that wait still.
    pub fn cancel(
        &mut self,
        end: End,
        mut matches: impl FnMut(&R) -> bool,
        complete: &mut impl FnMut(Completed<R>),
    ) -> usize {
        if let End::Client(Connection(number)) = end
            && number != self.connection
        {
            return 0;
        }
        let mut cancelled = 0usize;
        if end == End::Server {
            for _ in 0..self.listens.len() {
                let Some(request) = self.listens.pop_front() else {
                    break;
                };
                if matches(&request) {
                    cancelled = cancelled.saturating_add(1);
                    complete(Completed::new(request, PipeStatus::Cancelled, 0));
                } else {
                    self.listens.push_back(request);
                }
            }
        }
        let (incoming, outgoing) = self.queues(end);
        let reads = incoming.cancel_reads(&mut matches, complete);
        let writes = outgoing.cancel_writes(&mut matches, complete);
        cancelled.saturating_add(reads).saturating_add(writes)
    }

    /// That an end is not closed, nor sent away.
    const fn check(&self, end: End) -> Result<(), PipeStatus> {
        let is_there = match end {
            End::Server => self.has_server,
            End::Client(Connection(number)) => self.has_client && number == self.connection,
        };
        if is_there {
            Ok(())
        } else {
            Err(PipeStatus::PipeDisconnected)
        }
    }

    fn end_listens(&mut self, status: PipeStatus, complete: &mut impl FnMut(Completed<R>)) {
        while let Some(request) = self.listens.pop_front() {
            complete(Completed::new(request, status, 0));
        }
    }

    /// What an end reads from, and what it writes to.
    const fn queues(&mut self, end: End) -> (&mut Queue<R>, &mut Queue<R>) {
        match end {
            End::Server => (&mut self.inbound, &mut self.outbound),
            End::Client(_) => (&mut self.outbound, &mut self.inbound),
        }
    }

    /// What an end reads from.
    const fn incoming(&self, end: End) -> &Queue<R> {
        match end {
            End::Server => &self.inbound,
            End::Client(_) => &self.outbound,
        }
    }

    /// What an end writes to.
    const fn outgoing(&self, end: End) -> &Queue<R> {
        match end {
            End::Server => &self.outbound,
            End::Client(_) => &self.inbound,
        }
    }

    /// The modes of an end.
    const fn modes_of(&self, end: End) -> Modes {
        match end {
            End::Server => self.server,
            End::Client(_) => self.client,
        }
    }

    /// How an end writes.
    const fn manner(&self, end: End) -> Manner {
        let (own, other) = match end {
            End::Server => (self.server, self.client),
            End::Client(_) => (self.client, self.server),
        };
        Manner {
            pipe_type: self.pipe_type,
            read: other.read,
            completion: own.completion,
        }
    }
}
