//! What is known of open files of the host's, and changing it.

use files::{BasicUpdate, FileError, attributes};
use hal::Ref;
use ninep::{Attributes, Change, flags, names};

use super::open::refresh;
use super::path::HostPath;
use super::remote::Remote;
use super::turn::Turn;
use super::{Room, Share, time_of};
use crate::Error;
use crate::io::file::{File, Start};
use crate::io::lock::Accessor;
use crate::io::node::Node;
use crate::io::volume::{VolumeId, with};
use crate::memory::FileData;

impl Node {
    /// Has the tree know what the host knows, unless it just was asked.
    #[inline(never)]
    pub(in crate::io) fn ask_host(&self, remote: &Ref<Remote>) -> Result<(), Error> {
        if remote.take_fresh() {
            return Ok(());
        }
        let mut turn = remote.share().turn()?;
        let asked = refresh(&mut turn, self, remote);
        remote.take_fresh();
        match asked {
            // Its name is gone, for which the host finds it: what was known stays.
            Err(Error::File(FileError::NameNotFound)) if self.is_nameless()? => Ok(()),
            asked => asked,
        }
    }

    fn is_nameless(&self) -> Result<bool, Error> {
        with(self.volume(), |tree| {
            Ok(tree.is_delete_pending(self.node_id())?)
        })
    }

    /// Sets the times and attributes that the host keeps.
    #[inline(never)]
    pub(in crate::io) fn set_basic_on_host(
        &self,
        remote: &Ref<Remote>,
        update: &BasicUpdate,
    ) -> Result<(), Error> {
        let mut turn = remote.share().turn_to_change()?;
        if update.attributes != 0 {
            self.set_read_only(&mut turn, update.attributes & attributes::READONLY != 0)?;
        }
        let change = Change {
            accessed: time_of(update.access),
            written: time_of(update.write),
            ..Change::default()
        };
        if change != Change::default() {
            turn.change(remote.fid(), &change)?;
        }
        remote.take_fresh();
        Ok(())
    }

    /// Has it writable by nobody, or by its owner at least. Directories have entries
    /// made in them whatever that attribute says, and keep what they have.
    #[inline(never)]
    pub(super) fn set_read_only(&self, turn: &mut Turn, is_wanted: bool) -> Result<(), Error> {
        const OWNER_WRITES: u32 = 0o200;
        let Some(remote) = self.host_file().filter(|_| !self.is_directory()) else {
            return Ok(());
        };
        let known = turn.attributes(remote.fid())?;
        if known.is_read_only() == is_wanted {
            return Ok(());
        }
        let mode = known.mode & Attributes::PERMISSIONS;
        let mode = match is_wanted {
            true => mode & !Attributes::WRITABLE,
            false => mode | OWNER_WRITES,
        };
        let change = Change {
            mode: Some(mode),
            ..Change::default()
        };
        turn.change(remote.fid(), &change)
    }

    /// Whether it can go: a directory must be empty on the host.
    #[inline(never)]
    pub(in crate::io) fn check_deletion_on_host(&self, remote: &Ref<Remote>) -> Result<(), Error> {
        let mut turn = remote.share().turn_to_change()?;
        if !self.is_directory() {
            return Ok(());
        }
        let fid = turn.find(&HostPath::of(&self.path()?)?)?;
        turn.open(fid.number(), flags::READ_ONLY | flags::DIRECTORY)?;
        let mut offset = 0;
        loop {
            let start = offset;
            for entry in turn.entries(fid.number(), offset)? {
                let entry = entry.map_err(|_| Error::DeviceFailed)?;
                offset = entry.offset;
                // Of what cannot be seen from here it is full all the same.
                if !matches!(entry.name, b"." | b"..") {
                    return Err(FileError::DirectoryNotEmpty.into());
                }
            }
            if offset == start {
                return Ok(());
            }
        }
    }

    /// Makes the file longer or shorter.
    #[inline(never)]
    pub(in crate::io) fn set_size_on_host(
        &self,
        remote: &Ref<Remote>,
        data: &FileData,
        size_bytes: u64,
    ) -> Result<(), Error> {
        let mut turn = remote.share().turn_to_change()?;
        data.check_size(size_bytes)?;
        let change = Change {
            size_bytes: Some(size_bytes),
            ..Change::default()
        };
        turn.change(remote.fid(), &change)?;
        remote.take_fresh();
        data.set_size(size_bytes)
    }

    /// Has all that was written on the host's disk.
    #[inline(never)]
    pub(in crate::io) fn flush(&self) -> Result<(), Error> {
        let (Some(remote), Ok(data)) = (self.host_file(), self.data()) else {
            return Ok(());
        };
        let mut turn = remote.share().turn()?;
        data.write_back(&mut turn)?;
        match remote.writer() {
            Ok(fid) => turn.synchronize(fid),
            Err(_) => Ok(()),
        }
    }

    /// Has all that is in it in memory, for a section or an image of it, which holds it
    /// there and leaves it to be settled.
    #[inline(never)]
    pub fn load(&self) -> Result<(), Error> {
        let (Some(remote), Ok(data)) = (self.host_file(), self.data()) else {
            return Ok(());
        };
        let mut turn = remote.share().turn()?;
        data.load(&mut turn, remote)
    }
}

/// What holds a file in memory while an image is made of it.
pub(in crate::io) struct Held<'a>(&'a Ref<FileData>, &'static Share);

impl Node {
    /// Has all that is in it in memory until that is dropped.
    pub(in crate::io) fn hold(&self) -> Result<Option<Held<'_>>, Error> {
        let (Some(remote), Ok(data)) = (self.host_file(), self.data()) else {
            return Ok(None);
        };
        data.note_section(false);
        let held = Held(data, remote.share());
        self.load()?;
        Ok(Some(held))
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.forget_section(false);
        self.1.leave_unsettled(self.0.clone());
    }
}

impl File {
    /// Writes bytes of the current process to a file of the host's.
    #[cold]
    pub(in crate::io) fn write_shared(
        &self,
        (node, data): (&Node, &FileData),
        by: Accessor,
        start: Start,
        from: u64,
        bytes: u64,
    ) -> Result<(), Error> {
        let remote = node.host_file().ok_or(Error::DeviceFailed)?;
        let mut turn = remote.share().turn()?;
        let offset = match start {
            Start::Position => self.position(),
            Start::At(offset) => offset,
            Start::End => {
                let size_bytes = turn.attributes(remote.fid())?.size_bytes;
                data.note_size(size_bytes);
                size_bytes
            }
        };
        let end = offset.saturating_add(bytes);
        if bytes != 0 {
            self.check_write(offset, bytes, by)?;
            let is_longer = end > data.size_bytes();
            data.write_shared(&mut turn, remote, offset, from, bytes)?;
            remote.take_fresh();
            drop(turn);
            node.note_written(is_longer)?;
        }
        self.move_to(end);
        Ok(())
    }
}

impl Share {
    /// The turn to change something, which must be possible.
    #[inline(never)]
    pub(super) fn turn_to_change(&'static self) -> Result<Turn, Error> {
        match self.is_read_only {
            true => Err(Error::WriteProtected),
            false => self.turn(),
        }
    }
}

/// The room on the host of a volume that it shares.
#[inline(never)]
pub fn room(volume: VolumeId) -> Option<Result<Room, Error>> {
    let share = volume.shared()?;
    let ask = || {
        let space = share.turn()?.space()?;
        let bytes = |blocks: u64| blocks.saturating_mul(space.block_bytes.into());
        Ok(Room {
            total: bytes(space.blocks),
            free: bytes(space.free),
            available: bytes(space.available),
        })
    };
    Some(ask())
}

/// Whether nothing can be changed on a volume.
pub fn is_read_only(volume: VolumeId) -> bool {
    volume.shared().is_some_and(Share::is_read_only)
}

/// Whether the host can have such a name.
#[inline(never)]
pub(super) fn on_host<'buffer>(
    name: &[u16],
    buffer: &'buffer mut [u8; names::MOST_BYTES],
) -> Result<&'buffer str, Error> {
    Ok(names::to_host(name, buffer).ok_or(FileError::NameInvalid)?)
}
