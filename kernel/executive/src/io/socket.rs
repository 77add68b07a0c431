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
    Receive, Request, SendTo, Setting, SocketStatus, Started,
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

static ALL: Lock<rank::Sockets, All> = Lock::new(All {
    network: Network::new(),
    kept: Kept {
        waiters: Vec::new(),
        events: Vec::new(),
    },
});

/// All sockets, and what is known of those who ask.
struct All {
    network: Network,
    kept: Kept,
}

struct Kept {
    /// The requests that wait, each in the place that the network knows it by.
    waiters: Vec<Option<Waiter>>,
    /// What is signalled when something happens to a socket.
    events: Vec<(Key, Ref<Signalled>)>,
}

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
    /// Whether it is being cancelled.
    is_meant: bool,
}

/// What is asked of all sockets, without a request or with one.
type Start<'a> = dyn FnMut(&mut Network, Option<Request>, &mut Results<'_>) -> Started + 'a;

/// What becomes of requests while the lock is held.
struct Results<'a> {
    kept: &'a mut Kept,
    over: Over,
}

/// Those that are over.
#[derive(Default)]
struct Over {
    answers: Answers,
    /// A connection that is to get a file. Nothing makes more than one.
    connection: Option<(Waiter, Key)>,
}

impl Outcomes for Results<'_> {
    fn complete(&mut self, request: Request, ended: Ended) {
        let Some(waiter) = self.kept.take(request) else {
            return;
        };
        match ended.brought {
            Brought::Connection(key) if self.over.connection.is_none() => {
                self.over.connection = Some((waiter, key));
            }
            _ => {
                let answer = (waiter.shape.make)(ended, waiter.shape.numbers);
                self.over.answers.push(waiter.irp, answer);
            }
        }
    }

    fn signal(&mut self, key: Key) {
        if let Some((_, event)) = self.kept.events.iter().find(|(of, _)| *of == key) {
            scheduler::with_held(|dispatcher| dispatcher.set(event.key()));
        }
    }

    fn is_meant(&self, request: Request) -> bool {
        let waiter = self.kept.waiters.get(place_of(request));
        waiter.is_some_and(|waiter| waiter.as_ref().is_some_and(|waiter| waiter.is_meant))
    }
}

fn place_of(request: Request) -> usize {
    usize::try_from(request.0).unwrap_or(usize::MAX)
}

impl Kept {
    fn put(&mut self, waiter: Waiter) -> Result<Request, Error> {
        let place = match self.waiters.iter().position(Option::is_none) {
            Some(place) => place,
            None => {
                self.waiters.try_reserve(1)?;
                self.waiters.push(None);
                self.waiters.len().saturating_sub(1)
            }
        };
        let request = u32::try_from(place).map_err(|_| Error::OutOfMemory)?;
        if let Some(free) = self.waiters.get_mut(place) {
            *free = Some(waiter);
        }
        Ok(Request(request))
    }

    fn take(&mut self, request: Request) -> Option<Waiter> {
        self.waiters.get_mut(place_of(request))?.take()
    }

    fn event(&self, key: Key) -> Option<Ref<Signalled>> {
        let found = self.events.iter().find(|(of, _)| *of == key);
        found.map(|(_, event)| event.clone())
    }

    /// Has that signalled from now on; what was before is to be let go of outside the
    /// lock.
    fn set_event(
        &mut self,
        key: Key,
        event: Option<Ref<Signalled>>,
    ) -> Result<Option<Ref<Signalled>>, Error> {
        let place = self.events.iter().position(|(of, _)| *of == key);
        match (place, event) {
            (Some(place), None) => Ok(Some(self.events.swap_remove(place).1)),
            (None, None) => Ok(None),
            (Some(place), Some(event)) => {
                let there = self.events.get_mut(place);
                Ok(there.map(|(_, there)| core::mem::replace(there, event)))
            }
            (None, Some(event)) => {
                if self.events.try_reserve(1).is_err() {
                    return Err(SocketStatus::InsufficientResources.into());
                }
                self.events.push((key, event));
                Ok(None)
            }
        }
    }
}

impl Over {
    /// Answers the requests. Under no lock.
    fn give(self) {
        self.answers.give();
        if let Some((waiter, key)) = self.connection {
            give_connection(&waiter, key);
        }
    }
}

#[inline(never)]
fn give_connection(waiter: &Waiter, key: Key) {
    let answer = match waiter.irp.file() {
        Some(file) => {
            let process = waiter.irp.thread().process();
            hand_out(key, file, process, waiter.access, waiter.shape)
        }
        None => Err(Error::InvalidDeviceRequest),
    };
    let refused = SocketStatus::InsufficientResources.status_code();
    let answer = answer.unwrap_or_else(|_| Answer::of_status(refused));
    waiter.irp.answer(answer);
}

/// Does something with all sockets, and answers those whose requests are over by it.
#[inline(never)]
fn with(work: &mut dyn FnMut(&mut Network, &mut Results<'_>)) {
    let mut all = ALL.lock();
    let All { network, kept } = &mut *all;
    let mut results = Results {
        kept,
        over: Over::default(),
    };
    work(network, &mut results);
    let over = results.over;
    drop(all);
    over.give();
}

/// The same with one socket that need not tell anybody.
#[cold]
fn quietly<T>(
    work: impl FnOnce(&mut Network) -> Result<T, SocketStatus>,
) -> Result<T, SocketStatus> {
    work(&mut ALL.lock().network)
}

/// Opens a socket that is nothing yet.
#[inline(never)]
pub(super) fn open(mode: Mode) -> Result<(Ref<File>, Done), Error> {
    let file = Unopened::new()?;
    let key = quietly(Network::open)?;
    let target = Target::Socket(SocketEnd::of(key));
    Ok((file.open(target, mode), Done::Opened))
}

/// Gives a connection a file, and that a handle. What its listener's owner has chosen
/// is chosen of it, too.
fn hand_out(
    key: Key,
    listener: &File,
    process: &Process,
    access: u32,
    shape: Shape,
) -> Result<Answer, Error> {
    let end = SocketEnd::of(key);
    let file = Unopened::new()?.open(Target::Socket(end), listener.mode());
    let Target::Socket(listener) = listener.target() else {
        return Err(Error::InvalidDeviceRequest);
    };
    let event = ALL.lock().kept.event(listener.key);
    if event.is_some() {
        let mask = ALL.lock().network.mask(listener.key);
        SocketEnd::select_of(key, event, mask)?;
    }
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
    #[inline(never)]
    fn begin(
        asked: &Asked<'_>,
        moved: &Transferred<'_>,
        kept: usize,
        access: u32,
        start: &mut Start<'_>,
    ) -> Result<Begun, Error> {
        let shape = moved.shape;
        let mut started = Started::Waits;
        with(&mut |network, results| started = start(network, None, results));
        if let Started::Waits = started {
            let irp = request(asked, moved.pieces, kept)?;
            started = Self::ask(&irp, shape, access, start);
            if let Started::Queued = started {
                return Ok(Begun::Kept(irp));
            }
            irp.give_up();
        }
        let Started::Done(ended, _) = started else {
            return Err(Error::InvalidDeviceRequest);
        };
        if let Brought::Connection(key) = ended.brought {
            let super::Source::File(file) = asked.source else {
                return Err(Error::InvalidDeviceRequest);
            };
            let process = asked.thread.process();
            return hand_out(key, file, process, access, shape).map(Begun::Done);
        }
        match ended.status {
            SocketStatus::Success | SocketStatus::TooLong => {
                Ok(Begun::Done((shape.make)(ended, shape.numbers)))
            }
            status => Err(status.into()),
        }
    }

    /// Asks with a request.
    fn ask(irp: &Ref<Irp>, shape: Shape, access: u32, start: &mut Start<'_>) -> Started {
        let mut waiter = Some(Waiter {
            irp: irp.clone(),
            shape,
            access,
            is_meant: false,
        });
        let mut started = Started::Waits;
        // What is not needed is let go of outside the lock.
        let mut unneeded = None;
        with(&mut |network, results| {
            let Some(Ok(request)) = waiter.take().map(|waiter| results.kept.put(waiter)) else {
                let status = SocketStatus::InsufficientResources;
                let ended = Ended {
                    status,
                    ..Ended::default()
                };
                started = Started::Done(ended, None);
                return;
            };
            started = start(network, Some(request), results);
            if let Started::Done(_, Some(request)) = started {
                unneeded = results.kept.take(request);
            }
        });
        drop(unneeded);
        started
    }

    /// Receives.
    pub fn receive(
        &self,
        asked: &Asked<'_>,
        what: Receive,
        moved: &Transferred<'_>,
    ) -> Result<Begun, Error> {
        Self::begin(asked, moved, 0, 0, &mut |network, waiter, results| {
            network.receive(self.key, what, waiter, results)
        })
    }

    /// Sends.
    pub fn send(&self, asked: &Asked<'_>, mut data: Vec<u8>, how: SendTo) -> Result<Begun, Error> {
        let (kept, moved) = (data.len(), Transferred::plain(&[]));
        let limit = commit_limit_pages().saturating_mul(PAGE_SIZE) >> SHARE_SHIFT;
        Self::begin(asked, &moved, kept, 0, &mut |network, waiter, results| {
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
        Self::begin(
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
        let started = Self::ask(
            &irp,
            moved.shape,
            0,
            &mut |network, request, results| match request {
                Some(request) => network.accept_into(self.key, into.key, most, request, results),
                None => Started::Waits,
            },
        );
        match started {
            Started::Done(ended, _) => {
                irp.give_up();
                Err(ended.status.into())
            }
            Started::Waits | Started::Queued => Ok(Begun::Kept(irp)),
        }
    }

    /// Connects it, and sends the first data. Who does not want to wait is always told
    /// later.
    pub fn connect(&self, asked: &Asked<'_>, dial: Dial, data: Vec<u8>) -> Result<Begun, Error> {
        let irp = match dial.may_be_told_later {
            true => None,
            false => Some(asked.request(0, 0)?),
        };
        let mut data = Some(data);
        let mut connected = Err(SocketStatus::InvalidParameter);
        with(&mut |network, results| {
            let data = data.take().unwrap_or_default();
            connected = network.connect(self.key, dial, data, results);
        });
        let Some(irp) = irp else {
            return Ok(Begun::Done(Answer::done(count(connected?))));
        };
        let answer = match connected {
            Ok(bytes) => Answer::done(count(bytes)),
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
        const ENTRY_BYTES: usize = 2 * size_of::<Entry>();
        let shape = moved.shape;
        let kept = entries.len().saturating_mul(ENTRY_BYTES);
        let mut entries = Some(entries);
        let mut start = |network: &mut Network, request, results: &mut Results<'_>| {
            let entries = entries.take().unwrap_or_default();
            network.poll(self.key, entries, is_exclusive, request, results)
        };
        let irp = match waits {
            true => Some(request(asked, moved.pieces, kept)?),
            false => None,
        };
        let started = match &irp {
            Some(irp) => Self::ask(irp, shape, 0, &mut start),
            None => {
                let mut started = Started::Waits;
                with(&mut |network, results| started = start(network, None, results));
                started
            }
        };
        match (started, irp) {
            (Started::Done(ended, _), irp) => {
                if let Some(irp) = irp {
                    irp.give_up();
                }
                match ended.status {
                    SocketStatus::Success => Ok(Begun::Done((shape.make)(ended, shape.numbers))),
                    status => Err(status.into()),
                }
            }
            (_, Some(irp)) => Ok(Begun::Kept(irp)),
            (_, None) => Err(Error::InvalidDeviceRequest),
        }
    }

    /// Says what it is.
    pub fn name(&self, named: Named) -> Result<(), SocketStatus> {
        quietly(|network| network.name(self.key, named))
    }

    /// Gives it an address.
    pub fn bind(&self, address: Address) -> Result<Address, SocketStatus> {
        quietly(|network| network.bind(self.key, address))
    }

    /// Lets it take connections.
    pub fn listen(&self, backlog: u32) -> Result<(), SocketStatus> {
        quietly(|network| network.listen(self.key, backlog))
    }

    /// Lets datagrams come from anybody again.
    pub fn dissociate(&self) -> Result<(), SocketStatus> {
        quietly(|network| network.dissociate(self.key))
    }

    /// Its own address.
    pub fn local(&self) -> Result<Address, SocketStatus> {
        quietly(|network| network.local(self.key))
    }

    /// The other end's.
    pub fn peer(&self) -> Result<Address, SocketStatus> {
        quietly(|network| network.peer(self.key))
    }

    /// Changes whether what would wait fails instead.
    pub fn set_does_not_wait(&self, does_not: bool) -> Result<(), SocketStatus> {
        quietly(|network| network.set_does_not_wait(self.key, does_not))
    }

    /// How much a read would bring.
    pub fn readable(&self) -> Result<usize, SocketStatus> {
        quietly(|network| network.readable(self.key))
    }

    /// Whether no byte out of band is to be read.
    pub fn is_at_mark(&self) -> Result<bool, SocketStatus> {
        quietly(|network| network.is_at_mark(self.key))
    }

    /// Why it could not be connected.
    pub fn error(&self) -> Result<SocketStatus, SocketStatus> {
        quietly(|network| network.error(self.key))
    }

    /// What is set of it.
    pub fn setting(&self, setting: Setting) -> Result<u32, SocketStatus> {
        quietly(|network| network.setting(self.key, setting))
    }

    /// Sets it.
    pub fn set(&self, setting: Setting, value: u32) -> Result<(), SocketStatus> {
        quietly(|network| network.set(self.key, setting, value))
    }

    /// What has happened of what was chosen.
    pub fn take_events(&self) -> Result<Happened, SocketStatus> {
        quietly(|network| network.take_events(self.key))
    }

    /// What it is, if that was said.
    pub fn named(&self) -> Option<Named> {
        ALL.lock().network.named(self.key)
    }

    /// Whether it takes connections.
    pub fn is_listening(&self) -> bool {
        ALL.lock().network.is_listening(self.key)
    }

    /// Whether it is connected.
    pub fn is_connected(&self) -> bool {
        ALL.lock().network.is_connected(self.key)
    }

    /// Whether what would wait fails instead.
    pub fn does_not_wait(&self) -> bool {
        ALL.lock().network.does_not_wait(self.key)
    }

    /// Shuts directions down.
    pub fn shut_down(&self, directions: Directions) -> Result<(), SocketStatus> {
        let mut done = Ok(());
        let mut event = None;
        with(&mut |network, results| {
            done = network.shut_down(self.key, directions, results);
            if done.is_ok() && directions == Directions::Both {
                event = results.kept.set_event(self.key, None).unwrap_or_default();
            }
        });
        drop(event);
        done
    }

    /// Has an event signalled when something of a mask happens.
    pub fn select(&self, event: Option<Ref<Signalled>>, mask: u32) -> Result<(), Error> {
        Self::select_of(self.key, event, mask)
    }

    fn select_of(key: Key, event: Option<Ref<Signalled>>, mask: u32) -> Result<(), Error> {
        let mut event = Some(event);
        let mut before = Ok(None);
        let mut done = Ok(());
        with(&mut |network, results| {
            before = results.kept.set_event(key, event.take().flatten());
            if before.is_ok() {
                done = network.select(key, mask, results);
            }
        });
        // Outside the lock: this may be the last reference.
        drop(before?);
        Ok(done?)
    }

    /// Cancels the requests that are meant; false: there is none.
    pub(super) fn cancel(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        let mut count = 0;
        with(&mut |network, results| {
            for waiter in results.kept.waiters.iter_mut().flatten() {
                waiter.is_meant = is_meant(&waiter.irp);
            }
            count = network.cancel(self.key, results);
        });
        count != 0
    }

    /// The last handle is closed.
    pub(super) fn close(&self) {
        if !self.is_closed.swap(true, Ordering::Relaxed) {
            let mut event = None;
            with(&mut |network, results| {
                network.close(self.key, results);
                event = results.kept.set_event(self.key, None).unwrap_or_default();
            });
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

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
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
