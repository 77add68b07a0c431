//! Sockets, and the requests that wait in them.
//!
//! All of them are one network, under one lock: what happens to one socket may be what
//! many wait for. How an answer looks is its personality's: a request that waits brings
//! its [`Shape`].

mod about;
mod moved;
mod waiting;

use core::sync::atomic::{AtomicBool, Ordering};

use alloc::vec::Vec;
use hal::Ref;
use hal::lock::Lock;
use sockets::{
    Brought, Dial, Directions, Ended, Entry, Key, Network, Receive, Request, SendTo, SocketStatus,
    Started,
};
use vm::PAGE_SIZE;

use super::file::Unopened;
use super::irp::{Answer, Asked, Begun, Irp, Piece};
use super::{Done, File, Mode, Target};
use crate::dispatch::Signalled;
use crate::memory::commit_limit_pages;
use crate::object::{Object, Opened};
use crate::process::Process;
use crate::{Error, rank};
use moved::request;
pub use moved::{Shape, Transferred, gather};
use waiting::{Kept, Over, Results, Waiter};

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

/// A socket that a file stands for.
pub struct SocketEnd {
    key: Key,
    is_closed: AtomicBool,
}

/// How connections are handed out.
#[derive(Clone, Copy)]
pub struct Listened {
    /// What the holder of a connection's handle may do.
    pub access: u32,
    /// How the answer looks.
    pub shape: Shape,
}

/// What is asked of all sockets, without a request or with one.
type Start<'a> = dyn FnMut(&mut Network, Option<Request>, &mut Results<'_>) -> Started + 'a;

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
            irp.give_back(asked);
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
                    irp.give_back(asked);
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

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

impl From<SocketStatus> for Error {
    fn from(status: SocketStatus) -> Self {
        Self::Socket(status)
    }
}
