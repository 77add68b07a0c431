//! Directories of the host's, each a volume of its own.
//!
//! The host has the files, and whatever is asked is asked of it: names when they are
//! opened, data when it is read, what is known when somebody wants to know. The
//! volume's tree has what is open and the directories that lead there, so that who
//! shares what with whom, locks on ranges, watches and views are as on `C:`.
//!
//! One thread at a time has the [`Turn`] to ask the host; others wait for it, under
//! no lock. What is asked is done when the answer is there, and its error is that of
//! the call.

mod change;
mod close;
mod fids;
mod known;
mod links;
mod list;
mod open;
mod path;
mod remote;
mod rename;
mod resolve;
mod turn;

use alloc::collections::VecDeque;

use hal::Ref;
use hal::lock::Lock;
use hal::virtio::{Channel, ChannelError};
use ninep::{Attributes, Time};
use spin::Once;

pub use change::{is_read_only, room};
pub(super) use close::Closing;
pub(super) use list::Listing;
pub(super) use open::{open, open_again};
pub(crate) use remote::Remote;
pub(super) use rename::Moving;
pub(crate) use turn::Turn;

use super::device::{self, DeviceKind};
use super::volume::{MOST_VOLUMES, VolumeId};
use crate::memory::FileData;
use crate::object::place_link;
use crate::{Error, rank};
use fids::Fids;
use known::Known;

/// The kind of device that shares a directory (VIRTIO 1.2, section 5).
const SHARED_DIRECTORY: u32 = 9;

/// What is kept of a directory of the host's. None is taken while another is held.
type Guarded<T> = Lock<rank::Share, T>;

/// A directory of the host's.
pub(crate) struct Share {
    volume: VolumeId,
    letter: u8,
    is_read_only: bool,
    /// Nobody's: somebody has the turn.
    channel: Guarded<Option<Channel>>,
    fids: Guarded<Fids>,
    known: Guarded<Known>,
    /// What views have written, or may have, and nobody has in view any more.
    unsettled: Guarded<VecDeque<Ref<FileData>>>,
}

/// How much room the host has, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// In all.
    pub total: u64,
    /// Free.
    pub free: u64,
    /// Free for whoever shares it.
    pub available: u64,
}

static SHARES: [Once<Share>; MOST_VOLUMES] = [const { Once::new() }; MOST_VOLUMES];

/// The directory that a volume is.
pub(super) fn get(volume: VolumeId) -> Option<&'static Share> {
    SHARES.get(usize::from(volume.number()))?.get()
}

/// Makes a directory that the device in a slot shares the volume of a letter.
pub fn share(letter: u8, slot: u32, is_read_only: bool) -> Result<(), &'static str> {
    let free = (1..MOST_VOLUMES).find(|number| {
        let share = SHARES.get(*number);
        share.is_some_and(|share| !share.is_completed())
    });
    let volume = free.and_then(VolumeId::of).ok_or("there are too many")?;
    let channel = Channel::open(slot, SHARED_DIRECTORY).map_err(|error| match error {
        ChannelError::NoDevice => "the machine has no such device",
        ChannelError::WrongDevice => "the machine has another device there",
        ChannelError::OutOfMemory => "there is no memory for it",
    })?;
    let cell = SHARES.get(usize::from(volume.number()));
    let share = cell.ok_or("there are too many")?.call_once(|| Share {
        volume,
        letter,
        is_read_only,
        channel: Lock::new(Some(channel)),
        fids: Lock::new(Fids::new()),
        known: Lock::new(Known::default()),
        unsettled: Lock::new(VecDeque::new()),
    });
    let begun = share.turn().and_then(|mut turn| turn.begin());
    begun.map_err(|_| "the host does not answer as it must")?;
    share.name().map_err(|_| "there is no memory for its names")
}

/// Gives the host what views have written that are gone.
pub fn settle() {
    for share in SHARES.iter().filter_map(Once::get) {
        if !share.unsettled.lock().is_empty()
            && let Ok(mut turn) = share.turn()
        {
            turn.settle();
        }
    }
}

impl Share {
    /// Makes the device, and what programs call it.
    fn name(&self) -> Result<(), Error> {
        let mut device = arrayvec::ArrayString::<32>::new();
        let mut link = arrayvec::ArrayString::<16>::new();
        let number = self.volume.number().saturating_add(1);
        let written = core::fmt::write(&mut device, format_args!("{}{number}", DEVICE));
        written.map_err(|_| Error::TooLong)?;
        let letter = char::from(self.letter);
        let written = core::fmt::write(&mut link, format_args!("\\GLOBAL??\\{letter}:"));
        written.map_err(|_| Error::TooLong)?;
        device::add(&device, DeviceKind::Volume(self.volume))?;
        place_link(&link, &device)
    }

    /// Its letter.
    pub(super) fn letter(&self) -> u8 {
        self.letter
    }

    /// Whether nothing can be changed there.
    pub(super) fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Has somebody who may wait give the host what views have written.
    pub(crate) fn leave_unsettled(&self, data: Ref<FileData>) {
        let mut unsettled = self.unsettled.lock();
        let has_room = unsettled.try_reserve(1).is_ok();
        if has_room {
            unsettled.push_back(data);
            return;
        }
        drop(unsettled);
        let letter = char::from(self.letter);
        log::error!("no memory: what views have written of a file of {letter}: is lost");
    }
}

/// What volumes' devices are called, but for their number.
pub(super) const DEVICE: &str = "\\Device\\HarddiskVolume";

/// The attributes that something has here.
fn attributes_of(known: &Attributes) -> u32 {
    match known.is_directory() {
        true => 0,
        false if known.qid.is_link() => {
            files::attributes::ARCHIVE | files::attributes::REPARSE_POINT
        }
        false if known.is_read_only() => files::attributes::ARCHIVE | files::attributes::READONLY,
        false => files::attributes::ARCHIVE,
    }
}

/// The times that something has here. Of when it was made the host says nothing: not
/// after it was written or changed.
fn times_of(known: &Attributes) -> files::Times {
    files::Times {
        creation: known.written.min(known.changed).since_1601_100ns(),
        access: known.accessed.since_1601_100ns(),
        write: known.written.since_1601_100ns(),
        change: known.changed.since_1601_100ns(),
    }
}

/// A time of a program's, if it sets one.
fn time_of(time: i64) -> Option<Time> {
    let time = u64::try_from(time).ok().filter(|time| *time != 0);
    time.map(Time::of_1601_100ns)
}
