//! Sockets, and the requests that wait in them.
//!
//! All of them are one network, under one lock: what happens to one socket may be what
//! many wait for. How an answer looks is its personality's: a request that waits brings
//! its [`Shape`].

use core::sync::atomic::{AtomicBool, Ordering};

use alloc::vec::Vec;
use hal::lock::Lock;
use hal::{Ref, user};
use sockets::{
    Address, Brought, Dial, Directions, Ended, Entry, Happened, Key, Named, Network, Outcomes,
    Receive, SendTo, Setting, SocketStatus, Started,
};
use vm::PAGE_SIZE;

use super::file::Unopened;
use super::irp::{Answer, Answers, Asked, Begun, Irp, Piece};
use super::{Done, File, Mode, Target};
use crate::dispatch::Signalled;
use crate::memory::commit_limit_pages;
use crate::object::{Object, Opened};
use crate::process::Process;
use crate::{Error, rank, scheduler};

/// The share of what programs may commit that may be on its way between sockets.
const SHARE_SHIFT: u32 = 3;

static NETWORK: Lock<rank::Sockets, All> = Lock::new(Network::new());

/// A socket that a file stands for.
pub struct SocketEnd {
    key: Key,
    is_closed: AtomicBool,
}

/// How what a request brought looks to whoever asked.
#[derive(Clone, Copy)]
pub struct Shape {
    /// Makes the answer, of a request that had these numbers.
    pub make: fn(Ended, [u64; 2]) -> Answer,
    /// What it has to know. A new connection's handle becomes the first of them.
    pub numbers: [u64; 2],
}

/// What is moved by a request, and how.
pub struct Transferred<'a> {
    /// Where the answer goes.
    pub pieces: &'a [Piece],
    /// How it looks.
    pub shape: Shape,
}

/// How connections are handed out.
#[derive(Clone, Copy)]
pub struct Listened {
    /// What the holder of a connection's handle may do.
    pub access: u32,
    /// How the answer looks.
    pub shape: Shape,
}

/// A request that waits.
struct Waiter {
    irp: Ref<Irp>,
    shape: Shape,
    access: u32,
}

type All = Network<Waiter, Ref<Signalled>>;
/// What is asked of all sockets, without a request or with one.
type Start<'a> = dyn FnMut(&mut All, Option<Waiter>, &mut Results) -> Started<Waiter> + 'a;

/// What became of requests while the lock was held.
#[derive(Default)]
struct Results {
    answers: Answers,
    /// A connection that is to get a file. Nothing makes more than one.
    connection: Option<(Waiter, Key)>,
}

impl Outcomes<Waiter, Ref<Signalled>> for Results {
    fn complete(&mut self, waiter: Waiter, ended: Ended) {
        match ended.brought {
            Brought::Connection(key) if self.connection.is_none() => {
                self.connection = Some((waiter, key));
            }
            _ => {
                let answer = (waiter.shape.make)(ended, waiter.shape.numbers);
                self.answers.push(waiter.irp, answer);
            }
        }
    }

    fn signal(&mut self, event: &Ref<Signalled>) {
        scheduler::with_held(|dispatcher| dispatcher.set(event.key()));
    }
}

impl Results {
    /// Answers the requests. Under no lock.
    fn give(self) {
        self.answers.give();
        if let Some((waiter, key)) = self.connection {
            let mode = waiter.irp.file().map(|file| file.mode());
            let process = waiter.irp.thread().process();
            let answer = match mode {
                Some(mode) => hand_out(key, mode, process, waiter.access, waiter.shape),
                None => Err(Error::InvalidDeviceRequest),
            };
            let refused = SocketStatus::InsufficientResources.status_code();
            let answer = answer.unwrap_or_else(|_| Answer::of_status(refused));
            waiter.irp.answer(answer);
        }
    }
}

/// Does something with all sockets, and answers those whose requests are over by it.
fn with<T>(work: impl FnOnce(&mut All, &mut Results) -> T) -> T {
    let mut results = Results::default();
    let mut network = NETWORK.lock();
    let done = work(&mut network, &mut results);
    drop(network);
    results.give();
    done
}

/// Opens a socket that is nothing yet.
pub(super) fn open(mode: Mode) -> Result<(Ref<File>, Done), Error> {
    let file = Unopened::new()?;
    let key = NETWORK.lock().open()?;
    Ok((
        file.open(Target::Socket(SocketEnd::of(key)), mode),
        Done::Opened,
    ))
}

/// Gives a connection a file, and that a handle.
fn hand_out(
    key: Key,
    mode: Mode,
    process: &Process,
    access: u32,
    shape: Shape,
) -> Result<Answer, Error> {
    let end = SocketEnd::of(key);
    let file = Unopened::new()?.open(Target::Socket(end), mode);
    let handle = process.handles().add(Opened {
        object: Object::File(file),
        access,
        inherit: true,
        protect_from_close: false,
        alone: false,
    })?;
    let [_, number] = shape.numbers;
    Ok((shape.make)(Ended::default(), [handle, number]))
}

impl SocketEnd {
    fn of(key: Key) -> Self {
        Self {
            key,
            is_closed: AtomicBool::new(false),
        }
    }

    /// By what it is known in polls.
    pub fn key(&self) -> Key {
        self.key
    }

    /// Asks something that may wait; then, again with a request.
    fn begin(
        &self,
        asked: &Asked<'_>,
        moved: &Transferred<'_>,
        kept: usize,
        access: u32,
        start: &mut Start<'_>,
    ) -> Result<Begun, Error> {
        let shape = moved.shape;
        let mut started = with(|network, results| start(network, None, results));
        if let Started::Waits = started {
            let irp = request(asked, moved.pieces, kept)?;
            let waiter = Waiter {
                irp: irp.clone(),
                shape,
                access,
            };
            started = with(|network, results| start(network, Some(waiter), results));
            if let Started::Queued = started {
                return Ok(Begun::Kept(irp));
            }
            irp.give_up();
        }
        let Started::Done(ended, _) = started else {
            return Err(Error::InvalidDeviceRequest);
        };
        if let Brought::Connection(key) = ended.brought {
            let mode = match asked.source {
                super::Source::File(file) => file.mode(),
                super::Source::Key(_) => return Err(Error::InvalidDeviceRequest),
            };
            let process = asked.thread.process();
            return hand_out(key, mode, process, access, shape).map(Begun::Done);
        }
        match ended.status {
            SocketStatus::Success | SocketStatus::TooLong => {
                Ok(Begun::Done((shape.make)(ended, shape.numbers)))
            }
            status => Err(status.into()),
        }
    }

    /// Receives.
    pub fn receive(
        &self,
        asked: &Asked<'_>,
        what: Receive,
        moved: &Transferred<'_>,
    ) -> Result<Begun, Error> {
        self.begin(asked, moved, 0, 0, &mut |network, waiter, results| {
            network.receive(self.key, what, waiter, results)
        })
    }

    /// Sends.
    pub fn send(&self, asked: &Asked<'_>, mut data: Vec<u8>, how: SendTo) -> Result<Begun, Error> {
        let (kept, moved) = (data.len(), Transferred::plain(&[]));
        let limit = commit_limit_pages().saturating_mul(PAGE_SIZE) >> SHARE_SHIFT;
        self.begin(asked, &moved, kept, 0, &mut |network, waiter, results| {
            let held = network.held().saturating_add(kept);
            if u64::try_from(held).is_ok_and(|held| held > limit) {
                let status = SocketStatus::InsufficientResources;
                let ended = Ended {
                    status,
                    ..Ended::default()
                };
                return Started::Done(ended, waiter);
            }
            network.send(self.key, &mut data, how, waiter, results)
        })
    }

    /// Reads to the current process.
    pub(super) fn read(&self, asked: &Asked<'_>, to: u64, bytes: u64) -> Result<Begun, Error> {
        let most = usize::try_from(bytes).unwrap_or(usize::MAX);
        let what = Receive {
            is_forced: true,
            ..Receive::of(most)
        };
        let piece = Piece {
            address: to,
            bytes: most,
        };
        self.receive(asked, what, &Transferred::plain(&[piece]))
    }

    /// Writes bytes of the current process.
    pub(super) fn write(&self, asked: &Asked<'_>, from: u64, bytes: u64) -> Result<Begun, Error> {
        let bytes = usize::try_from(bytes).map_err(|_| Error::OutOfMemory)?;
        let piece = Piece {
            address: from,
            bytes,
        };
        let how = SendTo {
            is_forced: true,
            ..SendTo::default()
        };
        self.send(asked, gather(asked, &[piece])?, how)
    }

    /// Takes a connection, which gets a handle in the asker's process.
    pub fn accept(
        &self,
        asked: &Asked<'_>,
        pieces: &[Piece],
        how: Listened,
    ) -> Result<Begun, Error> {
        let shape = how.shape;
        let moved = Transferred { pieces, shape };
        self.begin(
            asked,
            &moved,
            0,
            how.access,
            &mut |network, waiter, results| network.accept(self.key, waiter, results),
        )
    }

    /// Lets another socket become the next connection, and reads its first bytes.
    pub fn accept_into(
        &self,
        asked: &Asked<'_>,
        into: &Self,
        most: usize,
        moved: &Transferred<'_>,
    ) -> Result<Begun, Error> {
        let irp = request(asked, moved.pieces, 0)?;
        let waiter = Waiter {
            irp: irp.clone(),
            shape: moved.shape,
            access: 0,
        };
        let started =
            with(|network, results| network.accept_into(self.key, into.key, most, waiter, results));
        kept_or_refused(irp, started)
    }

    /// Connects it, and sends the first data. Who does not want to wait is always told
    /// later.
    pub fn connect(&self, asked: &Asked<'_>, dial: Dial, data: Vec<u8>) -> Result<Begun, Error> {
        let connect = || with(|network, results| network.connect(self.key, dial, data, results));
        let information = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
        if dial.may_be_told_later {
            return Ok(Begun::Done(Answer::done(information(connect()?))));
        }
        let irp = asked.request(0, 0)?;
        let answer = match connect() {
            Ok(bytes) => Answer::done(information(bytes)),
            Err(status @ SocketStatus::ConnectionRefused) => {
                Answer::of_status(status.status_code())
            }
            Err(status) => {
                irp.give_up();
                return Err(status.into());
            }
        };
        irp.answer(answer);
        Ok(Begun::Kept(irp))
    }

    /// Says what is ready of sockets, or waits until something is.
    pub fn poll(
        &self,
        asked: &Asked<'_>,
        entries: Vec<Entry>,
        is_exclusive: bool,
        waits: bool,
        moved: &Transferred<'_>,
    ) -> Result<Begun, Error> {
        let shape = moved.shape;
        let irp = match waits {
            true => Some(request(
                asked,
                moved.pieces,
                entries.len().saturating_mul(64),
            )?),
            false => None,
        };
        let waiter = irp.as_ref().map(|irp| Waiter {
            irp: irp.clone(),
            shape,
            access: 0,
        });
        let started =
            with(|network, results| network.poll(self.key, entries, is_exclusive, waiter, results));
        match (started, irp) {
            (Started::Done(ended, _), irp) => {
                if let Some(irp) = irp {
                    irp.give_up();
                }
                Ok(Begun::Done((shape.make)(ended, shape.numbers)))
            }
            (_, Some(irp)) => Ok(Begun::Kept(irp)),
            (_, None) => Err(Error::InvalidDeviceRequest),
        }
    }

    /// Says what it is.
    pub fn name(&self, named: Named) -> Result<(), Error> {
        Ok(NETWORK.lock().name(self.key, named)?)
    }

    /// What it is, if that was said.
    pub fn named(&self) -> Option<Named> {
        NETWORK.lock().named(self.key)
    }

    /// Gives it an address.
    pub fn bind(&self, address: Address) -> Result<Address, Error> {
        Ok(NETWORK.lock().bind(self.key, address)?)
    }

    /// Lets it take connections.
    pub fn listen(&self, backlog: u32) -> Result<(), Error> {
        Ok(NETWORK.lock().listen(self.key, backlog)?)
    }

    /// Lets datagrams come from anybody again.
    pub fn dissociate(&self) -> Result<(), Error> {
        Ok(NETWORK.lock().dissociate(self.key)?)
    }

    /// Shuts directions down.
    pub fn shut_down(&self, directions: Directions) -> Result<(), Error> {
        let event = with(|network, results| network.shut_down(self.key, directions, results))?;
        drop(event);
        Ok(())
    }

    /// Its own address.
    pub fn local(&self) -> Result<Address, Error> {
        Ok(NETWORK.lock().local(self.key)?)
    }

    /// The other end's.
    pub fn peer(&self) -> Result<Address, Error> {
        Ok(NETWORK.lock().peer(self.key)?)
    }

    /// Whether it takes connections.
    pub fn is_listening(&self) -> bool {
        NETWORK.lock().is_listening(self.key)
    }

    /// Whether it is connected.
    pub fn is_connected(&self) -> bool {
        NETWORK.lock().is_connected(self.key)
    }

    /// Whether what would wait fails instead.
    pub fn does_not_wait(&self) -> bool {
        NETWORK.lock().does_not_wait(self.key)
    }

    /// Changes that.
    pub fn set_does_not_wait(&self, does_not: bool) -> Result<(), Error> {
        Ok(NETWORK.lock().set_does_not_wait(self.key, does_not)?)
    }

    /// How much a read would bring.
    pub fn readable(&self) -> Result<usize, Error> {
        Ok(NETWORK.lock().readable(self.key)?)
    }

    /// Whether no byte out of band is to be read.
    pub fn is_at_mark(&self) -> Result<bool, Error> {
        Ok(NETWORK.lock().is_at_mark(self.key)?)
    }

    /// Why it could not be connected.
    pub fn error(&self) -> Result<SocketStatus, Error> {
        Ok(NETWORK.lock().error(self.key)?)
    }

    /// What is set of it.
    pub fn setting(&self, setting: Setting) -> Result<u32, Error> {
        Ok(NETWORK.lock().setting(self.key, setting)?)
    }

    /// Sets it.
    pub fn set(&self, setting: Setting, value: u32) -> Result<(), Error> {
        Ok(NETWORK.lock().set(self.key, setting, value)?)
    }

    /// Has an event signalled when something of a mask happens.
    pub fn select(&self, event: Option<Ref<Signalled>>, mask: u32) -> Result<(), Error> {
        let selected = with(|network, results| network.select(self.key, event, mask, results));
        match selected {
            Ok(before) => {
                // Outside the lock: this may be the last reference.
                drop(before);
                Ok(())
            }
            Err(_) => Err(SocketStatus::InvalidParameter.into()),
        }
    }

    /// What has happened of that.
    pub fn take_events(&self) -> Result<Happened, Error> {
        Ok(NETWORK.lock().take_events(self.key)?)
    }

    /// Cancels the requests that are meant; false: there is none.
    pub(super) fn cancel(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        let is_meant = |waiter: &Waiter| is_meant(&waiter.irp);
        with(|network, results| network.cancel(self.key, &is_meant, results)) != 0
    }

    /// The last handle is closed.
    pub(super) fn close(&self) {
        if !self.is_closed.swap(true, Ordering::Relaxed) {
            let event = with(|network, results| network.close(self.key, results));
            drop(event);
        }
    }
}

impl Drop for SocketEnd {
    fn drop(&mut self) {
        // One that never got a handle.
        self.close();
    }
}

impl<'a> Transferred<'a> {
    /// Bytes, and how many.
    pub fn plain(pieces: &'a [Piece]) -> Self {
        let shape = Shape {
            make: plain,
            numbers: [0; 2],
        };
        Self { pieces, shape }
    }
}

fn plain(ended: Ended, _: [u64; 2]) -> Answer {
    Answer {
        status: ended.status.status_code(),
        information: u64::try_from(ended.bytes).unwrap_or(u64::MAX),
        data: match ended.brought {
            Brought::Data(data, _) => data.into(),
            _ => pipes::Data::default(),
        },
    }
}

/// A request whose answer goes to pieces.
fn request(asked: &Asked<'_>, pieces: &[Piece], kept: usize) -> Result<Ref<Irp>, Error> {
    let mut own = Vec::new();
    if !asked.is_synchronous {
        own.try_reserve_exact(pieces.len())?;
        own.extend_from_slice(pieces);
    }
    let kept = kept.saturating_add(own.len().saturating_mul(size_of::<Piece>()));
    asked.request_to(0, own, kept)
}

fn kept_or_refused(irp: Ref<Irp>, started: Started<Waiter>) -> Result<Begun, Error> {
    match started {
        Started::Done(ended, waiter) => {
            irp.give_up();
            drop(waiter);
            Err(ended.status.into())
        }
        Started::Waits | Started::Queued => Ok(Begun::Kept(irp)),
    }
}

/// Bytes of the current process, from several places.
pub fn gather(asked: &Asked<'_>, pieces: &[Piece]) -> Result<Vec<u8>, Error> {
    let length = pieces
        .iter()
        .fold(0_usize, |sum, piece| sum.saturating_add(piece.bytes));
    asked.thread.process().io_quota().check(length)?;
    let mut data = Vec::new();
    data.try_reserve_exact(length)?;
    data.resize(length, 0);
    let mut rest = data.as_mut_slice();
    for piece in pieces {
        let (part, after) = rest.split_at_mut_checked(piece.bytes).unwrap_or_default();
        user::copy_in(part, piece.address)?;
        rest = after;
    }
    Ok(data)
}

impl From<SocketStatus> for Error {
    fn from(status: SocketStatus) -> Self {
        Self::Socket(status)
    }
}
