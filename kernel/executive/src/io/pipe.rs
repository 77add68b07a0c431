//! Pipes: with names that clients find their servers by, and without.

mod instance;

use core::sync::atomic::{AtomicBool, Ordering};

use alloc::vec::Vec;
use hal::lock::{Guard, Lock};
use hal::{Ref, Room, user};
use objects::Case;
use pipes::{
    Completed, Configuration, Creation, Data, End, Information, Modes, Names, Peeked, Pipe,
    PipeStatus, Settings, Started, State,
};

use instance::{Instance, MOST_BEYOND};

use super::file::Unopened;
use super::irp::{Answer, Answers, Asked, Begun, Irp};
use super::quota::IoQuota;
use super::{Done, File, Mode, Target};
use crate::token::Token;
use crate::{Error, rank};

/// Data for which there is memory anyway while they are handed over.
const FREE_BYTES: usize = 0x1_0000;

/// Who waits; nobody does for what is over at once.
type Waiter = Option<Ref<Irp>>;

static NAMES: Lock<rank::PipeNames, Names<Ref<Instance>, Waiter>> =
    Lock::new(Names::new(|left, right| {
        objects::compare(left, right, Case::Insensitive)
    }));

/// An open end of a pipe.
pub struct PipeEnd {
    instance: Ref<Instance>,
    end: End,
    is_closed: AtomicBool,
}

/// What a server says of a new instance.
#[derive(Clone, Copy, Debug)]
pub struct NewPipe {
    /// What all instances of the name agree on.
    pub creation: Creation,
    /// How the server reads, and whether it waits.
    pub server: Modes,
    /// How many unread bytes from the client need not wait.
    pub inbound_quota: u32,
    /// The same of bytes from the server.
    pub outbound_quota: u32,
}

/// Makes an instance, and opens its server's end.
pub(super) fn create(name: &[u16], new: &NewPipe, mode: Mode) -> Result<(Ref<File>, Done), Error> {
    let file = Unopened::new()?;
    let room = Room::<Instance>::try_new()?;
    let quota = IoQuota::current()?;
    let instance_of = |pipe_type, configuration, name| {
        let settings = Settings {
            pipe_type,
            configuration,
            server: new.server,
            inbound_quota: new.inbound_quota,
            outbound_quota: new.outbound_quota,
        };
        Instance::new(name, &settings, quota.clone())
    };
    let (instance, done) = if name.is_empty() {
        let configuration = Configuration::from_share(new.creation.share)?;
        let instance = instance_of(new.creation.pipe_type, configuration, Vec::new());
        (room.fill(instance), Done::Created)
    } else {
        let name = copy_of(name)?;
        let mut answers = Answers::new();
        let mut names = NAMES.lock();
        let place = names.create(&name, &new.creation)?;
        let done = match place.first() {
            Some(_) => Done::Opened,
            None => Done::Created,
        };
        let instance = instance_of(place.pipe_type(), place.configuration(), name);
        let instance = room.fill(instance);
        place.insert(instance.clone(), &mut |over| answers.push_over(over));
        drop(names);
        answers.give();
        (instance, done)
    };
    let end = PipeEnd::new(instance, End::Server);
    Ok((file.open(Target::Pipe(end), mode), done))
}

/// Opens a client's end of an instance that listens.
pub(super) fn open(name: &[u16], access: u32, mode: Mode) -> Result<Ref<File>, Error> {
    let file = Unopened::new()?;
    let mut answers = Answers::new();
    let names = NAMES.lock();
    let opened = names.open(name, access, |instance| {
        let connection = instance.connect(&mut answers)?;
        Ok(PipeEnd::new(instance.clone(), End::Client(connection)))
    });
    drop(names);
    answers.give();
    Ok(file.open(Target::Pipe(opened?), mode))
}

/// Waits until an instance of a name listens (NT `FSCTL_PIPE_WAIT`).
pub(super) fn wait(asked: &Asked<'_>, name: &[u16]) -> Result<Begun, Error> {
    let irp = asked.request(0, 0)?;
    let listens = |instance: &Ref<Instance>| instance.lock().state() == State::Listening;
    let started = NAMES.lock().wait(name, listens, Some(irp.clone()));
    started_of(asked, irp, started)
}

/// How long a wait for a name lasts that does not say.
pub(super) fn default_timeout(name: &[u16]) -> Result<i64, Error> {
    Ok(NAMES.lock().default_timeout(name)?)
}

/// Cancels the waits that are meant; false: there is none.
pub(super) fn cancel_waits(is_meant: &dyn Fn(&Irp) -> bool) -> bool {
    let mut answers = Answers::new();
    let matches = |waiter: &Waiter| waiter.as_deref().is_some_and(is_meant);
    let complete = &mut |over| answers.push_over(over);
    let cancelled = NAMES
        .lock()
        .end_waits(PipeStatus::Cancelled, matches, complete);
    answers.give();
    cancelled != 0
}

fn copy_of(name: &[u16]) -> Result<Vec<u16>, Error> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(name.len())?;
    copy.extend_from_slice(name);
    Ok(copy)
}

impl PipeEnd {
    fn new(instance: Ref<Instance>, end: End) -> Self {
        Self {
            instance,
            end,
            is_closed: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> Guard<'_, rank::Pipe, Pipe<Waiter>> {
        self.instance.lock()
    }

    /// Its name; empty: it has none.
    pub fn name(&self) -> &[u16] {
        &self.instance.name
    }

    /// The number of the process that made it.
    pub fn server_process(&self) -> u64 {
        self.instance.server_process
    }

    /// The number of the process that is its client, if there is one.
    pub fn client_process(&self) -> Option<u64> {
        self.instance.client_process()
    }

    /// Whom its client acted for when it opened its end: for the server only, and
    /// while there is one.
    pub fn client_token(&self) -> Result<Ref<Token>, Error> {
        if self.end != End::Server {
            return Err(PipeStatus::IllegalFunction.into());
        }
        self.instance.client_token().ok_or(Error::NobodyToActFor)
    }

    /// How many instances of its name there are, and may be.
    pub fn instance_counts(&self) -> (u32, u32) {
        match NAMES.lock().listed(self.name()) {
            Ok(listed) => (listed.current_instances, listed.maximum_instances),
            // It has no name, or its name is gone: there is this one, or none.
            Err(_) => (u32::from(self.name().is_empty()), 1),
        }
    }

    /// Opens the client's end of the very instance that this is the server of.
    pub(super) fn open_client(&self, mode: Mode) -> Result<Ref<File>, Error> {
        let file = Unopened::new()?;
        if self.end != End::Server {
            return Err(PipeStatus::InvalidParameter.into());
        }
        let mut answers = Answers::new();
        let connection = self.instance.connect(&mut answers);
        answers.give();
        let end = PipeEnd::new(self.instance.clone(), End::Client(connection?));
        Ok(file.open(Target::Pipe(end), mode))
    }

    /// Begins something that may wait, with so many bytes.
    fn begin(
        &self,
        asked: &Asked<'_>,
        buffer: u64,
        kept: usize,
        start: impl FnOnce(
            &mut Pipe<Waiter>,
            Waiter,
            &mut dyn FnMut(Completed<Waiter>),
        ) -> Started<Waiter>,
    ) -> Result<Begun, Error> {
        let irp = asked.request(buffer, kept)?;
        let mut answers = Answers::new();
        let mut complete = |over| answers.push_over(over);
        let mut pipe = self.lock();
        if kept != 0
            && let Err(error) = self.instance.charge(&pipe, kept.min(MOST_BEYOND))
        {
            drop(pipe);
            irp.give_up();
            return Err(error);
        }
        let started = start(&mut pipe, Some(irp.clone()), &mut complete);
        drop(pipe);
        answers.give();
        started_of(asked, irp, started)
    }

    /// Reads to the current process.
    pub(super) fn read(&self, asked: &Asked<'_>, to: u64, bytes: u64) -> Result<Begun, Error> {
        let most = usize::try_from(bytes).unwrap_or(usize::MAX);
        let mut pipe = self.lock();
        if pipe.read_waits(self.end) {
            drop(pipe);
            return self.begin(asked, to, 0, |pipe, irp, mut complete| {
                pipe.read(self.end, most, irp, &mut complete)
            });
        }
        let mut answers = Answers::new();
        let started = pipe.read(self.end, most, None, &mut |over| answers.push_over(over));
        self.instance.settle(&pipe);
        drop(pipe);
        answers.give();
        over_at_once(started)
    }

    /// Writes bytes of the current process.
    pub(super) fn write(&self, asked: &Asked<'_>, from: u64, bytes: u64) -> Result<Begun, Error> {
        let data = copy_in(asked, from, bytes)?;
        let length = data.bytes().len();
        let mut pipe = self.lock();
        // Who waits for just that gets it as it is.
        if let Some(Some(reader)) = pipe.hand_over(self.end, length) {
            drop(pipe);
            reader.answer(Answer {
                data,
                ..Answer::done(bytes)
            });
            return Ok(Begun::Done(Answer::done(bytes)));
        }
        if pipe.write_waits(self.end, length) {
            drop(pipe);
            return self.begin(asked, 0, length, |pipe, irp, mut complete| {
                pipe.write(self.end, data, irp, &mut complete)
            });
        }
        self.instance.charge(&pipe, length)?;
        let mut answers = Answers::new();
        let started = pipe.write(self.end, data, None, &mut |over| answers.push_over(over));
        drop(pipe);
        answers.give();
        over_at_once(started)
    }

    /// Writes a message and reads the answer (NT `FSCTL_PIPE_TRANSCEIVE`).
    pub fn transceive(
        &self,
        asked: &Asked<'_>,
        message: Vec<u8>,
        to: u64,
        most: usize,
    ) -> Result<Begun, Error> {
        // It does not wait for room: who cancels and writes again must end somewhere.
        if self.lock().unread_of(self.end) >= MOST_BEYOND {
            return Err(PipeStatus::InsufficientResources.into());
        }
        self.begin(asked, to, message.len(), |pipe, irp, mut complete| {
            pipe.transceive(self.end, message, most, irp, &mut complete)
        })
    }

    /// Waits for a client (NT `FSCTL_PIPE_LISTEN`).
    pub fn listen(&self, asked: &Asked<'_>) -> Result<Begun, Error> {
        let mut listens_now = false;
        let begun = self.begin(asked, 0, 0, |pipe, irp, _| {
            let before = pipe.state();
            let started = pipe.listen(self.end, irp);
            listens_now = before != State::Listening && pipe.state() == State::Listening;
            started
        });
        if listens_now {
            let mut answers = Answers::new();
            NAMES
                .lock()
                .listening(self.name(), &mut |over| answers.push_over(over));
            answers.give();
        }
        begun
    }

    /// Waits until the other end has read everything.
    pub(super) fn flush(&self, asked: &Asked<'_>) -> Result<Begun, Error> {
        self.begin(asked, 0, 0, |pipe, irp, _| pipe.flush(self.end, irp))
    }

    /// Sends the client away (NT `FSCTL_PIPE_DISCONNECT`).
    pub fn disconnect(&self) -> Result<(), Error> {
        let mut answers = Answers::new();
        let done = self
            .lock()
            .disconnect(self.end, &mut |over| answers.push_over(over));
        self.instance.settle(&self.lock());
        answers.give();
        Ok(done?)
    }

    /// Looks at what can be read (NT `FSCTL_PIPE_PEEK`), and copies no more of it
    /// than so many bytes.
    pub fn peek(&self, most: usize) -> Result<(Peeked, Vec<u8>), Error> {
        let pipe = self.lock();
        let there = pipe.peek(self.end, &mut [])?.read_data_available;
        let length = most.min(usize::try_from(there).unwrap_or(usize::MAX));
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length)?;
        bytes.resize(length, 0);
        let peeked = pipe.peek(self.end, &mut bytes)?;
        bytes.truncate(peeked.bytes);
        Ok((peeked, bytes))
    }

    /// What is known of it.
    pub fn information(&self) -> Result<Information, Error> {
        Ok(self.lock().information(self.end)?)
    }

    /// How it reads, and whether it waits.
    pub fn modes(&self) -> Result<Modes, Error> {
        Ok(self.lock().modes(self.end)?)
    }

    /// Changes that.
    pub fn set_modes(&self, modes: Modes) -> Result<(), Error> {
        Ok(self.lock().set_modes(self.end, modes)?)
    }

    /// Cancels the requests that are meant; false: there is none.
    pub(super) fn cancel(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        let mut answers = Answers::new();
        let matches = |waiter: &Waiter| waiter.as_deref().is_some_and(is_meant);
        let cancelled = self
            .lock()
            .cancel(self.end, matches, &mut |over| answers.push_over(over));
        answers.give();
        cancelled != 0
    }

    /// The last handle is closed.
    pub(super) fn close(&self) {
        if self.is_closed.swap(true, Ordering::Relaxed) {
            return;
        }
        let mut answers = Answers::new();
        let mut complete = |over| answers.push_over(over);
        if self.end == End::Server && !self.name().is_empty() {
            let is_this = |other: &Ref<Instance>| core::ptr::eq(&**other, &*self.instance);
            let mut names = NAMES.lock();
            let removed = names.remove(self.name(), is_this, &mut complete);
            drop(names);
            drop(removed);
        }
        let mut pipe = self.lock();
        pipe.close(self.end, &mut complete);
        self.instance.settle(&pipe);
        drop(pipe);
        answers.give();
    }
}

impl Drop for PipeEnd {
    fn drop(&mut self) {
        // An end that never got a handle.
        self.close();
    }
}

impl Answers {
    fn push_over(&mut self, over: Completed<Waiter>) {
        let answer = Answer::of(over.status, over.bytes, over.data);
        if let Some(irp) = over.request {
            self.push(irp, answer);
        }
    }
}

impl Answer {
    fn of(status: PipeStatus, bytes: usize, data: Data) -> Self {
        Self {
            status: status.status_code(),
            information: u64::try_from(bytes).unwrap_or(u64::MAX),
            data,
        }
    }
}

/// What became of something that was begun with a request.
#[inline]
fn started_of(asked: &Asked<'_>, irp: Ref<Irp>, started: Started<Waiter>) -> Result<Begun, Error> {
    match started {
        Started::Queued => Ok(Begun::Kept(irp)),
        Started::Done(_) => {
            irp.give_back(asked);
            over_at_once(started)
        }
    }
}

/// What became of something that cannot wait.
fn over_at_once(started: Started<Waiter>) -> Result<Begun, Error> {
    match started {
        Started::Done(over) => match over.status {
            PipeStatus::Success | PipeStatus::BufferOverflow => {
                Ok(Begun::Done(Answer::of(over.status, over.bytes, over.data)))
            }
            status => Err(status.into()),
        },
        Started::Queued => unreachable!("it was asked before whether it would wait"),
    }
}

/// Bytes of the current process.
fn copy_in(asked: &Asked<'_>, from: u64, bytes: u64) -> Result<Data, Error> {
    let length = usize::try_from(bytes).map_err(|_| Error::OutOfMemory)?;
    if length > FREE_BYTES {
        asked.thread.process().io_quota().check(length)?;
    }
    let mut data = Data::zeros(length)?;
    user::copy_in(data.bytes_mut(), from)?;
    Ok(data)
}

impl From<PipeStatus> for Error {
    fn from(status: PipeStatus) -> Self {
        Self::Pipe(status)
    }
}
