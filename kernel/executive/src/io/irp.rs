//! Requests that are answered later: what NT keeps an IRP for.
//!
//! What is asked of a file or key can often be done at once; then nothing of this
//! is needed. Otherwise whoever has to answer keeps an [`Irp`] until it can. The
//! thread that asked waits for the answer in its system call, or goes on and is told
//! by the result block in its memory, an event, an APC or a completion port. Every
//! request is answered exactly once: whoever takes it out of the place where it was
//! kept, under the lock of that place, answers it, and cancelling is nothing else.

mod answer;
mod list;
mod notice;

use core::sync::atomic::AtomicUsize;

use alloc::vec::Vec;
use hal::cpu::interrupts;
use hal::lock::Lock;
use hal::{Ref, Room};
use sched::{Deadline, Token, Waited};

use super::completion::Packet;
use super::file::{File, Port, Quiet};
use crate::dispatch::Signalled;
use crate::process::{IoKind, Thread};
use crate::registry::Key;
use crate::scheduler;
use crate::{Error, rank};
pub use answer::Answer;
pub(crate) use answer::Answers;
use answer::Held;
pub(crate) use list::Irps;
pub use notice::Notice;

/// Bytes copied to a program before others get their turn.
const CHUNK_BYTES: usize = 0x1_0000;
/// What a request is charged with besides the data it brings: itself, and its
/// places in lists.
const CHARGED_BYTES: usize = 512;
/// The status of what was cancelled (NT `STATUS_CANCELLED`).
pub const CANCELLED: u32 = 0xC000_0120;
/// The status of what was not answered in time (NT `STATUS_IO_TIMEOUT`).
const TIMED_OUT: u32 = 0xC000_00B5;
/// The status of an answer whose data have no place (NT `STATUS_ACCESS_VIOLATION`).
const ACCESS_VIOLATION: u32 = 0xC000_0005;

/// What is asked, and how whoever asks wants to be told.
pub struct Asked<'a> {
    /// Whom.
    pub source: Source<'a>,
    /// Who.
    pub thread: &'a Ref<Thread>,
    /// As what it is counted.
    pub kind: IoKind,
    /// Whether the thread waits for the answer.
    pub is_synchronous: bool,
    /// Where its program wants to find the result; requests are named by it.
    pub block: u64,
    /// What is signalled, instead of the file.
    pub event: Option<&'a Ref<Signalled>>,
    /// What the thread then calls, and what a completion port is told.
    pub notice: Notice,
    /// Whether it is answered even if the thread ends before.
    pub outlives_thread: bool,
}

/// What requests are asked of.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// An open file.
    File(&'a Ref<File>),
    /// An open key.
    Key(&'a Ref<Key>),
}

/// The same, of a request that is kept.
enum Owned {
    File(Ref<File>),
    Key(Ref<Key>),
}

/// A part of where an answer's data go: they fill one piece after another.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// Where it is.
    pub address: u64,
    /// How many bytes it takes.
    pub bytes: usize,
}

/// What becomes of something that was asked.
pub enum Begun {
    /// It is done.
    Done(Answer),
    /// It will be answered.
    Kept(Ref<Irp>),
}

/// Something that was asked and is not answered yet.
pub struct Irp {
    source: Owned,
    thread: Ref<Thread>,
    kind: IoKind,
    block: u64,
    buffer: u64,
    /// Where its answer's data go instead, if to several places.
    pieces: Vec<Piece>,
    /// What its process is charged with.
    charged: usize,
    /// Where the thread's list has it.
    place: AtomicUsize,
    state: Lock<rank::Irp, State>,
    /// What it is about to be answered with, and the one to be answered next.
    held: Lock<rank::HeldIrp, Held>,
}

/// How far a request is.
enum State {
    /// Its thread waits for the answer.
    Awaited,
    /// Its thread only has to look.
    Answered(Answer),
    /// Its thread went on, and is told.
    Told {
        event: Option<Ref<Signalled>>,
        notice: Notice,
    },
    Over,
}

impl Source<'_> {
    fn own(self) -> Owned {
        match self {
            Self::File(file) => Owned::File(Ref::clone(file)),
            Self::Key(key) => Owned::Key(Ref::clone(key)),
        }
    }

    /// The completion port that is told of answers, and its key for the source.
    fn port(&self) -> Option<Port> {
        match self {
            Self::File(file) => file.port(),
            Self::Key(_) => None,
        }
    }

    fn has(&self, quiet: Quiet) -> bool {
        match self {
            Self::File(file) => file.has(quiet),
            Self::Key(_) => false,
        }
    }

    /// Who waits for the source itself waits for the end of what is asked of it.
    fn set_over(&self, is_over: bool) {
        match self {
            Self::File(file) => file.set_over(is_over),
            // Nobody can wait for one.
            Self::Key(_) => {}
        }
    }

    /// Cancels the requests that are meant; false: there is none.
    fn cancel(&self, is_meant: &dyn Fn(&Irp) -> bool) -> bool {
        match self {
            Self::File(file) => file.cancel(is_meant),
            Self::Key(key) => key.cancel(is_meant),
        }
    }
}

impl Owned {
    fn source(&self) -> Source<'_> {
        match self {
            Self::File(file) => Source::File(file),
            Self::Key(key) => Source::Key(key),
        }
    }
}

impl Asked<'_> {
    /// A request that keeps so many bytes and whose answer's data go to `buffer`. It
    /// must be kept where it can be answered and cancelled, or be given up.
    #[inline]
    pub fn request(&self, buffer: u64, data_bytes: usize) -> Result<Ref<Irp>, Error> {
        self.request_to(buffer, Vec::new(), data_bytes)
    }

    /// The same, whose answer's data go to pieces, if there are any.
    pub(crate) fn request_to(
        &self,
        buffer: u64,
        pieces: Vec<Piece>,
        data_bytes: usize,
    ) -> Result<Ref<Irp>, Error> {
        let room = Room::<Irp>::try_new()?;
        // A thread waits for one at a time.
        let charged = match self.is_synchronous {
            true => data_bytes,
            false => CHARGED_BYTES.saturating_add(data_bytes),
        };
        if charged != 0 {
            self.thread.process().io_quota().charge(charged)?;
        }
        let state = match self.is_synchronous {
            true => State::Awaited,
            false => State::Told {
                event: self.event.cloned(),
                notice: self.notice.take(),
            },
        };
        let request = room.fill(Irp {
            source: self.source.own(),
            thread: self.thread.clone(),
            kind: self.kind,
            block: self.block,
            buffer,
            pieces,
            charged,
            place: AtomicUsize::new(0),
            state: Lock::new(state),
            held: Lock::new(Held::default()),
        });
        if !self.is_synchronous {
            if !self.outlives_thread {
                self.thread.irps().add(&request)?;
            }
            // Of a file whose calls wait, nobody else is to wait for the end.
            self.source.set_over(false);
        }
        Ok(request)
    }

    /// Tells of what was done while the thread waited or at once. The result block
    /// was written.
    #[inline(always)]
    pub fn tell(&self, answer: &Answer) {
        let counts = self.thread.process().io_counts();
        counts.end(self.kind, answer.information);
        let event = self.event.map(|event| &**event);
        self.notice.tell(self.source, event, answer, true);
    }
}

impl Irp {
    /// Who asked.
    pub fn thread(&self) -> &Ref<Thread> {
        &self.thread
    }

    /// Where the asker's program wants to find the result.
    pub fn block(&self) -> u64 {
        self.block
    }

    /// The file that it was asked of.
    pub(crate) fn file(&self) -> Option<&Ref<File>> {
        match &self.source {
            Owned::File(file) => Some(file),
            Owned::Key(_) => None,
        }
    }

    /// Whether it was asked of a file.
    pub fn is_of_file(&self) -> bool {
        matches!(self.source, Owned::File(_))
    }

    /// Whether both are one.
    pub fn is(&self, other: &Self) -> bool {
        core::ptr::eq(self, other)
    }

    /// Answers it. Under no lock: memory of a program is written.
    pub(crate) fn answer(&self, answer: Answer) {
        let mut state = self.state.lock();
        match core::mem::replace(&mut *state, State::Over) {
            State::Awaited => {
                *state = State::Answered(answer);
                drop(state);
                let key = self.thread.key();
                scheduler::with(|dispatcher| dispatcher.give_token(key, Token::Answer));
            }
            State::Told { event, notice } => {
                drop(state);
                self.tell(event.as_deref(), &notice, answer);
                self.thread.irps().remove(self);
            }
            // It was given up meanwhile.
            State::Answered(_) | State::Over => {}
        }
    }

    fn tell(&self, event: Option<&Signalled>, notice: &Notice, answer: Answer) {
        let process = self.thread.process();
        let mut answer = answer;
        if !self.copy_to_buffer(answer.bytes()) {
            answer.status = ACCESS_VIOLATION;
            answer.information = 0;
        }
        process.io_counts().end(self.kind, answer.information);
        let personality = process.personality();
        personality.write_result(process, self.block, answer.status, answer.information);
        notice.tell(self.source.source(), event, &answer, false);
    }

    /// Copies to where the asker wants it, whosever memory is in use now.
    fn copy_to_buffer(&self, data: &[u8]) -> bool {
        if !self.pieces.is_empty() {
            return self.copy_to_pieces(data);
        }
        let mut at = self.buffer;
        for (number, chunk) in data.chunks(CHUNK_BYTES).enumerate() {
            if number != 0 {
                interrupts::let_pending_in();
            }
            let memory = self.thread.process().memory();
            if memory.with(|space| space.write(at, chunk)) != chunk.len() {
                return false;
            }
            at = at.wrapping_add(u64::try_from(chunk.len()).unwrap_or(0));
        }
        true
    }

    #[cold]
    fn copy_to_pieces(&self, data: &[u8]) -> bool {
        let memory = self.thread.process().memory();
        let mut rest = data;
        self.pieces.iter().all(|piece| {
            let (part, after) = rest.split_at_checked(piece.bytes).unwrap_or((rest, &[]));
            rest = after;
            memory.with(|space| space.write(piece.address, part)) == part.len()
        })
    }

    /// Has its source let go of it, which answers it; false: it was answered before.
    pub fn cancel(&self) -> bool {
        self.source.source().cancel(&|request| request.is(self))
    }

    /// Lets go of one that was not kept anywhere.
    pub(crate) fn give_up(&self) {
        drop(self.let_go());
    }

    /// The same, where the asker tells of the end.
    pub(crate) fn give_back(&self, asked: &Asked<'_>) {
        if let Some(notice) = self.let_go() {
            asked.notice.put_back(&notice);
        }
    }

    fn let_go(&self) -> Option<Notice> {
        let state = core::mem::replace(&mut *self.state.lock(), State::Over);
        let State::Told { notice, .. } = state else {
            return None;
        };
        self.thread.irps().remove(self);
        Some(notice)
    }

    /// The current thread, which asked, waits for the answer. Whatever else ends
    /// the wait cancels the request.
    pub fn wait(this: &Ref<Self>, is_alertable: bool, deadline: Deadline) -> Answer {
        let requests = this.thread.irps();
        requests.list.lock().awaited = Some(this.clone());
        let waited: Result<_, sched::WaitError> = scheduler::wait(|dispatcher| {
            Ok(dispatcher.wait_for_token(Token::Answer, is_alertable, deadline))
        });
        if waited != Ok(Waited::Satisfied(0)) {
            if !this.cancel() {
                // Whoever has taken it is about to answer it: what it brings must
                // not be lost.
                let _: Result<_, sched::WaitError> = scheduler::wait(|dispatcher| {
                    Ok(dispatcher.wait_for_token(Token::Answer, false, Deadline::Never))
                });
            }
            scheduler::with_held(|dispatcher| dispatcher.take_token(Token::Answer));
        }
        let awaited = requests.list.lock().awaited.take();
        drop(awaited);
        let state = core::mem::replace(&mut *this.state.lock(), State::Over);
        match state {
            State::Answered(answer) if answer.status == CANCELLED => match waited {
                Ok(Waited::TimedOut) => Answer::of_status(TIMED_OUT),
                _ => answer,
            },
            State::Answered(answer) => answer,
            _ => Answer::of_status(CANCELLED),
        }
    }
}

impl Drop for Irp {
    fn drop(&mut self) {
        if self.charged != 0 {
            self.thread.process().io_quota().give_back(self.charged);
        }
    }
}
