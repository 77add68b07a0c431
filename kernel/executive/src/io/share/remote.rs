//! What an open file or directory is on the host.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use files::{FileError, access};
use hal::Ref;
use hal::lock::Lock;
use ninep::flags;

use super::fids::Fid;
use super::path::HostPath;
use super::turn::Turn;
use super::{Guarded, Share};
use crate::Error;

/// What must be there to read, and to write.
const READS: u32 = access::READ_DATA | access::EXECUTE;
const WRITES: u32 = access::WRITE_DATA | access::APPEND_DATA;

/// A file or directory of the host's.
pub(crate) struct Remote {
    share: &'static Share,
    number: AtomicU64,
    /// Whether what is known of it was asked for just now.
    is_fresh: AtomicBool,
    fids: Guarded<Doors>,
}

/// What stands for it: first as it was found, then opened as needed.
struct Doors {
    first: Door,
    /// Opened otherwise than the first one.
    second: Option<Door>,
}

struct Door {
    fid: Fid,
    reads: bool,
    writes: bool,
}

impl Door {
    fn closed(fid: Fid) -> Self {
        Self {
            fid,
            reads: false,
            writes: false,
        }
    }
}

impl Remote {
    /// What was found of a number.
    #[inline(never)]
    pub(super) fn new(share: &'static Share, fid: Fid, number: u64) -> Result<Ref<Self>, Error> {
        Ok(Ref::try_new(Self {
            share,
            number: AtomicU64::new(number),
            is_fresh: AtomicBool::new(true),
            fids: Lock::new(Doors {
                first: Door::closed(fid),
                second: None,
            }),
        })?)
    }

    /// Notes that it was made: what stood for its directory stands for it now, which is
    /// open to be read and written.
    #[inline(never)]
    pub(super) fn note_made(&self, fid: Fid, number: u64) {
        self.number.store(number, Ordering::Relaxed);
        let made = Door {
            fid,
            reads: true,
            writes: true,
        };
        let before = core::mem::replace(&mut self.fids.lock().first, made);
        drop(before);
    }

    /// Its number on the host.
    pub(crate) fn number(&self) -> u64 {
        self.number.load(Ordering::Relaxed)
    }

    /// Where it is shared.
    pub(crate) fn share(&self) -> &'static Share {
        self.share
    }

    /// What stands for it, opened or not.
    #[inline(never)]
    pub(super) fn fid(&self) -> u32 {
        self.fids.lock().first.fid.number()
    }

    /// What it is read by.
    pub(crate) fn reader(&self) -> Result<u32, Error> {
        self.door(|door| door.reads)
    }

    /// What it is written by.
    pub(crate) fn writer(&self) -> Result<u32, Error> {
        self.door(|door| door.writes)
    }

    #[inline(never)]
    fn door(&self, is_right: impl Fn(&Door) -> bool) -> Result<u32, Error> {
        let doors = self.fids.lock();
        let both = [Some(&doors.first), doors.second.as_ref()];
        let door = both.into_iter().flatten().find(|door| is_right(door));
        Ok(door.ok_or(FileError::AccessDenied)?.fid.number())
    }

    /// Whether it was asked for just now what is known of it; only who asks first is
    /// told so.
    pub(super) fn take_fresh(&self) -> bool {
        self.is_fresh.swap(false, Ordering::Relaxed)
    }

    /// Notes that what is known of it is what the host knows.
    pub(super) fn set_fresh(&self) {
        self.is_fresh.store(true, Ordering::Relaxed);
    }

    /// Opens it on the host as far as an access needs it.
    #[inline(never)]
    pub(super) fn open(&self, turn: &mut Turn, access: u32, path: &HostPath) -> Result<(), Error> {
        let (reads, writes) = (access & READS != 0, access & WRITES != 0);
        if writes && self.writer().is_err() {
            self.open_door(turn, path, reads, true)?;
        }
        if reads && self.reader().is_err() {
            self.open_door(turn, path, true, false)?;
        }
        Ok(())
    }

    #[inline(never)]
    fn open_door(
        &self,
        turn: &mut Turn,
        path: &HostPath,
        reads: bool,
        writes: bool,
    ) -> Result<(), Error> {
        let is_first = {
            let doors = self.fids.lock();
            !doors.first.reads && !doors.first.writes
        };
        let new = match is_first {
            true => None,
            false => Some(turn.find(path)?),
        };
        let fid = new.as_ref().map_or_else(|| self.fid(), Fid::number);
        let (reads, writes) = match writes {
            false => {
                turn.open(fid, flags::READ_ONLY)?;
                (true, false)
            }
            // Whoever has it may be asked to read it later.
            true => match turn.open(fid, flags::READ_WRITE) {
                Err(Error::File(FileError::AccessDenied)) if !reads => {
                    turn.open(fid, flags::WRITE_ONLY)?;
                    (false, true)
                }
                opened => {
                    opened?;
                    (true, true)
                }
            },
        };
        let mut doors = self.fids.lock();
        let before = match new {
            None => {
                (doors.first.reads, doors.first.writes) = (reads, writes);
                None
            }
            Some(fid) => doors.second.replace(Door { fid, reads, writes }),
        };
        drop(doors);
        // Its number is given back under a lock of the same rank.
        drop(before);
        Ok(())
    }
}
