//! Asking the host, by whose turn it is.

use hal::cpu::interrupts;
use hal::user;
use hal::virtio::Channel;
use ninep::{
    Answer, Attributes, Change, DATA_OVERHEAD_BYTES, Entries, HEADER_BYTES, Kind, Qid, Refusal,
    Request, Space, errno,
};

use super::Share;
use super::fids::Fid;
use super::path::HostPath;
use super::remote::Remote;
use crate::{Error, clock, scheduler};
use files::FileError;

/// The tag of all requests: there is one at a time.
const TAG: u16 = 0;
/// What stands for the shared directory; the first number that is taken.
pub(super) const ROOT: u32 = 0;
/// Looks for an answer before others get their turn.
const LOOKS: u32 = 1 << 12;
/// How long the host may take to answer.
const PATIENCE_100NS: u64 = 30 * 10_000_000;
/// How long to wait until another has had its turn.
const OTHERS_TURN_100NS: u64 = 10_000;
/// What files and directories that are made allow whom; what they forbid here is
/// taken off.
pub(super) const NEW_FILE: u32 = 0o644;
const NEW_DIRECTORY: u32 = 0o755;
/// What is known of a file, all of it but for how it is kept.
const BASIC_ATTRIBUTES: u64 = 0x7ff;

/// The turn to ask the host.
pub(crate) struct Turn {
    pub(super) share: &'static Share,
    channel: Option<Channel>,
}

/// How far names led.
pub(super) struct Way {
    /// How many of them.
    pub(super) names: usize,
    /// What the last of those leads to.
    pub(super) last: Option<Qid>,
    /// What stands for it, if all led there.
    pub(super) fid: Option<Fid>,
}

impl Share {
    /// Waits for the turn to ask. No lock may be held.
    #[inline(never)]
    pub(crate) fn turn(&'static self) -> Result<Turn, Error> {
        let start = clock::since_boot_100ns();
        loop {
            let channel = self.channel.lock().take();
            if channel.is_some() {
                let mut turn = Turn {
                    share: self,
                    channel,
                };
                turn.forget_released();
                return Ok(turn);
            }
            let now = clock::since_boot_100ns();
            if now.saturating_sub(start) > PATIENCE_100NS.saturating_mul(2) {
                return Err(Error::DeviceFailed);
            }
            interrupts::let_pending_in();
            if scheduler::current().is_none() {
                // The idle execution cannot wait.
                continue;
            }
            // Not just for those of this priority: another has it.
            let deadline = sched::Deadline::At(now.saturating_add(OTHERS_TURN_100NS));
            let _ = scheduler::delay(deadline, false);
            scheduler::yield_now();
        }
    }
}

impl Drop for Turn {
    #[inline(never)]
    fn drop(&mut self) {
        let channel = self.channel.take();
        *self.share.channel.lock() = channel;
    }
}

impl Turn {
    /// Agrees with the host on how they speak, and begins with the directory.
    #[inline(never)]
    pub(super) fn begin(&mut self) -> Result<(), Error> {
        let most = self.channel()?.most_bytes();
        let most = u32::try_from(most).map_err(|_| Error::DeviceFailed)?;
        let request = Request::new(self.channel()?.request(), Kind::Version, ninep::NO_TAG);
        let length = request.u32(most).text(ninep::VERSION).finish();
        let mut answer = self.ask_tagged(Kind::Version, ninep::NO_TAG, length)?;
        let (agreed, version) = (answer.u32(), answer.name());
        if agreed != Ok(most) || version != Ok(ninep::VERSION.as_bytes()) {
            return Err(Error::DeviceFailed);
        }
        let root = Fid::new(self.share)?;
        let request = self.request(Kind::Attach)?.u32(root.number());
        let request = request.u32(ninep::NONE).text("").text("");
        let length = request.u32(ninep::NONE).finish();
        self.ask(Kind::Attach, length)?;
        // It stays for good.
        core::mem::forget(root);
        Ok(())
    }

    /// Follows names from the shared directory.
    #[inline(never)]
    pub(super) fn walk<'name>(
        &mut self,
        mut names: impl Iterator<Item = &'name str>,
    ) -> Result<Way, Error> {
        let mut way = Way {
            names: 0,
            last: None,
            fid: None,
        };
        loop {
            let mut part = arrayvec::ArrayVec::<&str, { ninep::MOST_WALKED }>::new();
            part.extend(names.by_ref().take(ninep::MOST_WALKED));
            let is_begun = way.fid.is_some();
            if part.is_empty() && is_begun {
                return Ok(way);
            }
            let next = Fid::new(self.share)?;
            let from = way.fid.as_ref().map_or(ROOT, Fid::number);
            let request = self.request(Kind::Walk)?.u32(from).u32(next.number());
            let length = request.names(part.iter().copied()).finish();
            let mut answer = match self.ask(Kind::Walk, length) {
                Ok(answer) => answer,
                // Of the first there is nothing.
                Err(Error::File(FileError::NameNotFound)) if !part.is_empty() => {
                    way.fid = None;
                    return Ok(way);
                }
                // The last one before leads elsewhere.
                Err(_) if way.last.is_some_and(Qid::is_link) => {
                    way.fid = None;
                    return Ok(way);
                }
                Err(error) => return Err(error),
            };
            let walked = usize::from(answer.u16().map_err(malformed)?);
            for _ in 0..walked.min(part.len()) {
                way.last = Some(answer.qid().map_err(malformed)?);
                way.names = way.names.saturating_add(1);
            }
            if walked < part.len() {
                way.fid = None;
                return Ok(way);
            }
            way.fid = Some(next);
            if part.len() < ninep::MOST_WALKED {
                return Ok(way);
            }
        }
    }

    /// What stands for a directory or file that is there.
    #[inline(never)]
    pub(super) fn find(&mut self, path: &HostPath) -> Result<Fid, Error> {
        let way = self.walk(path.names())?;
        way.fid.ok_or(FileError::NameNotFound.into())
    }

    /// What is known of something.
    #[inline(never)]
    pub(super) fn attributes(&mut self, fid: u32) -> Result<Attributes, Error> {
        let request = self.request(Kind::GetAttributes)?.u32(fid);
        let length = request.u64(BASIC_ATTRIBUTES).finish();
        let mut answer = self.ask(Kind::GetAttributes, length)?;
        answer.attributes().map_err(malformed)
    }

    /// Where a symbolic link leads.
    #[inline(never)]
    pub(super) fn target(&mut self, fid: u32) -> Result<&[u8], Error> {
        let length = self.request(Kind::ReadLink)?.u32(fid).finish();
        let mut answer = self.ask(Kind::ReadLink, length)?;
        answer.name().map_err(malformed)
    }

    /// Changes that.
    #[inline(never)]
    pub(super) fn change(&mut self, fid: u32, change: &Change) -> Result<(), Error> {
        let length = self.request(Kind::SetAttributes)?.u32(fid).change(change);
        let length = length.finish();
        self.ask(Kind::SetAttributes, length).map(drop)
    }

    /// Opens it.
    #[inline(never)]
    pub(super) fn open(&mut self, fid: u32, flags: u32) -> Result<(), Error> {
        let length = self.request(Kind::Open)?.u32(fid).u32(flags).finish();
        self.ask(Kind::Open, length).map(drop)
    }

    /// Makes a file in a directory; what stood for that stands for the file then,
    /// which is open.
    #[inline(never)]
    pub(super) fn create(&mut self, fid: u32, name: &str, mode: u32) -> Result<Qid, Error> {
        let flags = ninep::flags::READ_WRITE | ninep::flags::CREATE_NEW;
        let request = self.request(Kind::Create)?.u32(fid).text(name);
        let length = request.u32(flags).u32(mode).u32(ninep::NONE).finish();
        let mut answer = self.ask(Kind::Create, length)?;
        answer.qid().map_err(malformed)
    }

    /// Makes a directory in one.
    #[inline(never)]
    pub(super) fn make_directory(&mut self, fid: u32, name: &str) -> Result<Qid, Error> {
        let request = self.request(Kind::MakeDirectory)?.u32(fid).text(name);
        let length = request.u32(NEW_DIRECTORY).u32(ninep::NONE).finish();
        let mut answer = self.ask(Kind::MakeDirectory, length)?;
        answer.qid().map_err(malformed)
    }

    /// Takes a name away.
    #[inline(never)]
    pub(super) fn unlink(
        &mut self,
        directory: u32,
        name: &str,
        is_directory: bool,
    ) -> Result<(), Error> {
        let flags = match is_directory {
            true => ninep::flags::REMOVE_DIRECTORY,
            false => 0,
        };
        let request = self.request(Kind::Unlink)?.u32(directory);
        let length = request.text(name).u32(flags).finish();
        self.ask(Kind::Unlink, length).map(drop)
    }

    /// Gives something another name, which others lose.
    #[inline(never)]
    pub(super) fn rename(&mut self, from: (u32, &str), to: (u32, &str)) -> Result<(), Error> {
        let request = self.request(Kind::Rename)?.u32(from.0).text(from.1);
        let length = request.u32(to.0).text(to.1).finish();
        self.ask(Kind::Rename, length).map(drop)
    }

    /// Has what was written on the host's disk.
    #[inline(never)]
    pub(super) fn synchronize(&mut self, fid: u32) -> Result<(), Error> {
        let length = self.request(Kind::Synchronize)?.u32(fid).u32(0).finish();
        self.ask(Kind::Synchronize, length).map(drop)
    }

    /// How much room there is.
    #[inline(never)]
    pub(super) fn space(&mut self) -> Result<Space, Error> {
        let length = self.request(Kind::Statfs)?.u32(ROOT).finish();
        let mut answer = self.ask(Kind::Statfs, length)?;
        answer.space().map_err(malformed)
    }

    /// Some of the entries of a directory that is open.
    #[inline(never)]
    pub(super) fn entries(&mut self, fid: u32, offset: u64) -> Result<Entries<'_>, Error> {
        let most = self.most_data()?;
        let request = self.request(Kind::ReadDirectory)?.u32(fid).u64(offset);
        let length = request.u32(most).finish();
        let mut answer = self.ask(Kind::ReadDirectory, length)?;
        answer.entries().map_err(malformed)
    }

    /// How long a file is.
    #[inline(never)]
    pub(crate) fn size_of(&mut self, remote: &Remote) -> Result<u64, Error> {
        Ok(self.attributes(remote.fid())?.size_bytes)
    }

    /// The most that is read at once.
    #[inline(never)]
    pub(crate) fn most_read(&mut self) -> u64 {
        self.most_data().unwrap_or(0).into()
    }

    /// Reads some of so many bytes; none: it ends there.
    #[inline(never)]
    pub(crate) fn read(&mut self, fid: u32, offset: u64, bytes: u64) -> Result<&[u8], Error> {
        let most = self.most_data()?;
        let bytes = u32::try_from(bytes).unwrap_or(most).min(most);
        let request = self.request(Kind::Read)?.u32(fid).u64(offset);
        let length = request.u32(bytes).finish();
        let data = self.ask(Kind::Read, length)?.data().map_err(malformed)?;
        match u32::try_from(data.len()) {
            Ok(read) if read <= bytes => Ok(data),
            _ => Err(Error::DeviceFailed),
        }
    }

    /// Writes some of so many bytes of the current process; how many.
    #[inline(never)]
    pub(crate) fn write_from_user(
        &mut self,
        fid: u32,
        offset: u64,
        from: u64,
        bytes: u64,
    ) -> Result<u64, Error> {
        self.write(fid, offset, bytes, &mut |room| {
            Ok(user::copy_in(room, from)?)
        })
    }

    /// Writes some of so many bytes, which are put where they are wanted.
    #[inline(never)]
    pub(crate) fn write(
        &mut self,
        fid: u32,
        offset: u64,
        bytes: u64,
        put: &mut dyn FnMut(&mut [u8]) -> Result<(), Error>,
    ) -> Result<u64, Error> {
        /// What stands before the data.
        const BEFORE: usize = HEADER_BYTES + 16;
        let most = self.most_data()?;
        let part = u32::try_from(bytes).unwrap_or(most).min(most);
        let part_bytes = usize::try_from(part).map_err(|_| Error::DeviceFailed)?;
        let end = BEFORE.saturating_add(part_bytes);
        let room = self.channel()?.request().get_mut(BEFORE..end);
        put(room.ok_or(Error::DeviceFailed)?)?;
        let request = self.request(Kind::Write)?.u32(fid).u64(offset);
        let length = request.u32(part).finish_before(part_bytes);
        let written = self.ask(Kind::Write, length)?.u32().map_err(malformed)?;
        match written {
            0 => Err(Error::VolumeFull),
            written if written <= part => Ok(written.into()),
            _ => Err(Error::DeviceFailed),
        }
    }

    /// Tells the host of what nobody needs any more.
    #[inline(never)]
    fn forget_released(&mut self) {
        loop {
            let released = self.share.fids.lock().take_released();
            let Some(number) = released else {
                return;
            };
            let Ok(request) = self.request(Kind::Clunk) else {
                return;
            };
            let length = request.u32(number).finish();
            // It is forgotten in any case.
            let _ = self.ask(Kind::Clunk, length);
        }
    }

    /// The most that is read or written at once.
    #[inline(never)]
    fn most_data(&mut self) -> Result<u32, Error> {
        let most = self
            .channel()?
            .most_bytes()
            .saturating_sub(DATA_OVERHEAD_BYTES);
        u32::try_from(most).map_err(|_| Error::DeviceFailed)
    }

    #[inline(never)]
    fn channel(&mut self) -> Result<&mut Channel, Error> {
        self.channel.as_mut().ok_or(Error::DeviceFailed)
    }

    #[inline(never)]
    fn request(&mut self, kind: Kind) -> Result<Request<'_>, Error> {
        Ok(Request::new(self.channel()?.request(), kind, TAG))
    }

    #[inline(never)]
    fn ask(&mut self, kind: Kind, length: Option<usize>) -> Result<Answer<'_>, Error> {
        self.ask_tagged(kind, TAG, length)
    }

    /// Sends the request of a length and waits for the answer.
    #[inline(never)]
    fn ask_tagged(
        &mut self,
        kind: Kind,
        tag: u16,
        length: Option<usize>,
    ) -> Result<Answer<'_>, Error> {
        let channel = self.channel()?;
        if channel.request().is_empty() {
            // The host never answered the last one.
            return Err(Error::DeviceFailed);
        }
        channel.send(length.ok_or(Error::TooLong)?);
        let bytes = self.await_answer()?;
        let answer = self.channel()?.answer().get(..bytes);
        Answer::read(answer.unwrap_or_default(), kind, tag).map_err(refused)
    }

    #[inline(never)]
    fn await_answer(&mut self) -> Result<usize, Error> {
        let start = clock::since_boot_100ns();
        let mut looks = 0_u32;
        loop {
            let channel = self.channel()?;
            if let Some(bytes) = channel.poll() {
                return Ok(bytes);
            }
            looks = looks.wrapping_add(1);
            if !looks.is_multiple_of(LOOKS) {
                core::hint::spin_loop();
                continue;
            }
            let waited = clock::since_boot_100ns().saturating_sub(start);
            if channel.has_failed() || waited > PATIENCE_100NS {
                let letter = char::from(self.share.letter);
                log::error!("the host does not answer for {letter}: any more");
                return Err(Error::DeviceFailed);
            }
            interrupts::let_pending_in();
            if scheduler::current().is_some() {
                scheduler::yield_now();
            }
        }
    }
}

#[inline(never)]
fn malformed(_: ninep::Malformed) -> Error {
    Error::DeviceFailed
}

/// What the host's reason is here.
#[inline(never)]
fn refused(refusal: Refusal) -> Error {
    let Refusal::Host(reason) = refusal else {
        return Error::DeviceFailed;
    };
    match reason {
        errno::ENOENT => FileError::NameNotFound.into(),
        errno::EPERM | errno::EACCES | errno::ELOOP => FileError::AccessDenied.into(),
        errno::EEXIST => FileError::NameCollision.into(),
        errno::ENOTDIR => FileError::PathNotFound.into(),
        errno::EISDIR => FileError::FileIsADirectory.into(),
        errno::ENOTEMPTY => FileError::DirectoryNotEmpty.into(),
        errno::EXDEV => FileError::NotSameDevice.into(),
        errno::EBUSY | errno::ETXTBSY => FileError::SharingViolation.into(),
        errno::ENAMETOOLONG => FileError::NameInvalid.into(),
        errno::EINVAL => FileError::InvalidParameter.into(),
        errno::EROFS => Error::WriteProtected,
        errno::ENOSPC | errno::EDQUOT | errno::EFBIG => Error::VolumeFull,
        errno::ENOMEM | errno::EMFILE | errno::ENFILE => FileError::InsufficientResources.into(),
        _ => Error::DeviceFailed,
    }
}
