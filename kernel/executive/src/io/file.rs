//! Open files: what handles of files stand for.

use core::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use hal::{Ref, Room};
use sched::{ObjectKey, Signal};

use super::console;
use super::volume::Node;
use crate::object::{Header, ObjectKind};
use crate::scheduler::{self, Waitable};
use crate::{Error, memory::FileData};

/// An open file.
pub struct File {
    header: Header,
    target: Target,
    /// Signalled when an operation is over.
    over: Waitable,
    mode: AtomicU32,
    position: AtomicU64,
}

/// What is open.
pub enum Target {
    /// The device that takes everything and gives nothing.
    Null,
    /// The console.
    Console,
    /// A file or directory of the volume.
    Node(Node),
}

/// How a file is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Whether calls wait, and the file has a position.
    pub is_synchronous: bool,
    /// All that a program can ask for again, as it said it.
    pub flags: u32,
}

/// Where a transfer begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At the file's position, which moves along.
    Position,
    /// At the file's end.
    End,
    /// There; the position of a synchronous file moves along too.
    At(u64),
}

const SYNCHRONOUS: u32 = 1 << 31;

/// A file that has all it needs but something that is open: what opening does to
/// a volume is done only when nothing else can fail.
pub(super) struct Unopened {
    room: Room<File>,
    over: Waitable,
}

impl Unopened {
    /// Gets what a file needs.
    pub(super) fn new() -> Result<Self, Error> {
        Ok(Self {
            room: Room::try_new()?,
            over: Waitable::new(Signal::Notification { is_set: false })?,
        })
    }

    /// Makes it an open file.
    pub(super) fn open(self, target: Target, mode: Mode) -> Ref<File> {
        let synchronous = match mode.is_synchronous {
            true => SYNCHRONOUS,
            false => 0,
        };
        self.room.fill(File {
            header: Header::new(ObjectKind::File),
            target,
            over: self.over,
            mode: AtomicU32::new(mode.flags | synchronous),
            position: AtomicU64::new(0),
        })
    }
}

impl File {
    /// The console, as every program has it open from its start.
    pub(super) fn console() -> Result<Ref<Self>, Error> {
        let mode = Mode {
            is_synchronous: true,
            flags: 0,
        };
        Ok(Unopened::new()?.open(Target::Console, mode))
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    pub(crate) fn signal(&self) -> &ObjectKey {
        self.over.key()
    }

    /// What is open.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The file or directory of the volume.
    pub fn node(&self) -> Result<&Node, Error> {
        match &self.target {
            Target::Node(node) => Ok(node),
            Target::Null | Target::Console => Err(Error::InvalidDeviceRequest),
        }
    }

    /// How it is used.
    pub fn mode(&self) -> Mode {
        let mode = self.mode.load(Ordering::Relaxed);
        Mode {
            is_synchronous: mode & SYNCHRONOUS != 0,
            flags: mode & !SYNCHRONOUS,
        }
    }

    /// Changes what a program can ask for again.
    pub fn set_flags(&self, flags: u32) {
        let kept = self.mode.load(Ordering::Relaxed) & SYNCHRONOUS;
        self.mode.store(flags | kept, Ordering::Relaxed);
    }

    /// Where a synchronous file stands.
    pub fn position(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    /// Moves it.
    pub fn set_position(&self, position: u64) {
        self.position.store(position, Ordering::Relaxed);
    }

    /// Tells those that wait for the file that an operation begins, or is over.
    pub fn set_over(&self, is_over: bool) {
        scheduler::with(|dispatcher| match is_over {
            true => dispatcher.set(self.signal()),
            false => dispatcher.reset(self.signal()),
        });
    }

    /// Reads bytes to the current process; how many there were.
    pub fn read_to_user(&self, start: Start, to: u64, bytes: u64) -> Result<u64, Error> {
        match &self.target {
            Target::Null => Err(Error::EndOfFile),
            Target::Console => console::read_to_user(to, bytes),
            Target::Node(node) => {
                let data = node.data().map_err(|_| Error::InvalidDeviceRequest)?;
                let offset = self.offset_of(start, data);
                let read = data.read_to_user(offset, to, bytes)?;
                if read == 0 && bytes != 0 {
                    return Err(Error::EndOfFile);
                }
                self.move_to(offset.saturating_add(read));
                Ok(read)
            }
        }
    }

    /// Writes bytes of the current process. Without room for all of them none is
    /// written; of a long write that meets a bad buffer the first stretches may stay.
    pub fn write_from_user(&self, start: Start, from: u64, bytes: u64) -> Result<(), Error> {
        match &self.target {
            Target::Null => Ok(()),
            Target::Console => console::write_from_user(from, bytes),
            Target::Node(node) => {
                let data = node.data().map_err(|_| Error::InvalidDeviceRequest)?;
                let offset = self.offset_of(start, data);
                let end = offset.saturating_add(bytes);
                if bytes != 0 {
                    // A long write gives way to others: they go on behind it.
                    self.claim(start, data, end)?;
                    if let Err(error) = data.write_from_user(offset, from, bytes) {
                        self.give_back(start, data, offset, end);
                        return Err(error);
                    }
                    node.note_written()?;
                }
                if start != Start::Position {
                    self.move_to(end);
                }
                Ok(())
            }
        }
    }

    fn offset_of(&self, start: Start, data: &FileData) -> u64 {
        match start {
            Start::Position => self.position(),
            Start::End => data.size_bytes(),
            Start::At(offset) => offset,
        }
    }

    /// Takes what is to be written for itself: the position's way, or the end's.
    fn claim(&self, start: Start, data: &FileData, end: u64) -> Result<(), Error> {
        match start {
            Start::Position => self.move_to(end),
            Start::End => data.set_size(end)?,
            Start::At(_) => {}
        }
        Ok(())
    }

    /// Undoes that, unless another went on behind it.
    fn give_back(&self, start: Start, data: &FileData, offset: u64, end: u64) {
        match start {
            Start::Position if self.position() == end => self.move_to(offset),
            Start::End if data.size_bytes() == end => {
                // Should a section have come to show it, zeros stay.
                let _ = data.set_size(offset);
            }
            _ => {}
        }
    }

    fn move_to(&self, position: u64) {
        if self.mode().is_synchronous {
            self.set_position(position);
        }
    }

    /// The last handle is closed: others may have the file now, or it goes.
    pub(crate) fn last_handle_closed(&self) {
        if let Target::Node(node) = &self.target {
            node.close();
        }
    }
}
