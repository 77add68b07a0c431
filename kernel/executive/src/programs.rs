//! The archive's programs, and how one is started.
//!
//! Behind the first image there may be others, whose roots are the root of `C:` too.
//! Of equal names there that of a later image counts.

use alloc::vec::Vec;
use archive::{ArchiveError, Case, Entry, File, Volume};
use arrayvec::ArrayVec;
use files::FileError;
use hal::Ref;
use spin::Once;

use crate::clock::FROM_1601_TO_1970_100NS;
use crate::ids::Id;
use crate::memory::{HeldImage, Image};
use crate::process::personality::NewProcess;
use crate::process::{NewThread, Process, Thread};
use crate::{Error, Personality, io};

/// What a path begins with.
const DRIVE: &str = "C:";
/// Where the archive keeps programs, and the symbol tables of some, by the same names.
const PROGRAMS: &str = "/programs/";
const SYMBOLS: &str = "/symbols/";
/// What belongs to the start alone.
const OWN: &str = "/petrel/";
/// Of the longest path: a name has 255 bytes at most.
const PATH_BYTES: usize = 272;

static ARCHIVE: Once<Programs> = Once::new();

/// Lets programs start those of this archive. Once.
pub fn install(programs: Programs) -> &'static Programs {
    ARCHIVE.call_once(|| programs)
}

/// The archive, if there is one.
pub fn get() -> Option<&'static Programs> {
    ARCHIVE.get()
}

/// Most images behind the first.
const MOST_MORE: usize = 4;
/// Where the number of an image stands in the number of one of its files.
const IMAGE_SHIFT: u32 = 56;

/// What to start, and with what.
#[derive(Clone, Copy, Debug)]
pub struct Launch<'a> {
    /// The program's name, or its path from `C:\` on.
    pub program: &'a str,
    /// Its whole command line.
    pub command_line: &'a str,
    /// Where it starts, if not where all do.
    pub directory: Option<&'a str>,
    /// Names and values that its environment has besides.
    pub environment: &'a [(&'a str, &'a str)],
}

/// The archive.
pub struct Programs {
    volume: Volume<'static>,
    more: ArrayVec<Volume<'static>, MOST_MORE>,
}

impl Programs {
    /// Checks an archive.
    pub fn new(bytes: &'static [u8]) -> Result<Self, ArchiveError> {
        let volume = Volume::parse(bytes)?;
        let mut more = ArrayVec::new();
        let mut rest = behind(bytes, &volume);
        while !rest.is_empty() && !more.is_full() {
            let image = Volume::parse(rest)?;
            rest = behind(rest, &image);
            more.push(image);
        }
        Ok(Self { volume, more })
    }

    /// The bytes of a file in a directory of the archive.
    fn find(&self, directory: &str, name: &str) -> Result<&'static [u8], Error> {
        let mut path = arrayvec::ArrayString::<PATH_BYTES>::new();
        path.try_push_str(directory).map_err(|_| Error::TooLong)?;
        path.try_push_str(name).map_err(|_| Error::TooLong)?;
        let file = self
            .volume
            .open(&path, Case::Ignored)
            .map_err(|error| match error {
                ArchiveError::NotFound | ArchiveError::NotFile { .. } => Error::NoSuchProgram,
                _ => Error::Archive,
            })?;
        file.bytes().ok_or(Error::Archive)
    }

    /// The root of `C:`.
    pub(crate) fn root(&self) -> u64 {
        self.volume.root()
    }

    /// The roots of the other images, the last one first.
    pub(crate) fn more_roots(&self) -> impl Iterator<Item = u64> {
        let count = u64::try_from(self.more.len()).unwrap_or_default();
        (1..=count)
            .rev()
            .zip(self.more.iter().rev())
            .filter_map(|(number, image)| numbered(number, image.root()))
    }

    /// The entries of a directory by its number.
    pub(crate) fn directory(
        &self,
        number: u64,
    ) -> Result<impl Iterator<Item = Result<Entry<'static>, ArchiveError>>, ArchiveError> {
        let (image, inode) = self.image_with(number)?;
        let index = number >> IMAGE_SHIFT;
        let entries = image.directory(inode)?;
        Ok(entries.map(move |entry| {
            let mut entry = entry?;
            entry.number = numbered(index, entry.number).ok_or(ArchiveError::NotFound)?;
            Ok(entry)
        }))
    }

    /// A file by its number.
    pub(crate) fn file(&self, number: u64) -> Result<File<'static>, ArchiveError> {
        let (image, inode) = self.image_with(number)?;
        image.file(inode)
    }

    /// When a file or directory was last written, by its number, in NT's time.
    pub(crate) fn time_100ns(&self, number: u64) -> Result<u64, ArchiveError> {
        const PER_SECOND: u64 = 10_000_000;
        const NANOSECONDS: u32 = 100;
        let (image, inode) = self.image_with(number)?;
        let (seconds, nanoseconds) = image.time(inode)?;
        Ok(FROM_1601_TO_1970_100NS
            .saturating_add(seconds.saturating_mul(PER_SECOND))
            .saturating_add((nanoseconds / NANOSECONDS).into())
            // Times are positive, as programs read them.
            .min(i64::MAX.unsigned_abs()))
    }

    /// The image that has a file or directory of a number, and its number there.
    fn image_with(&self, number: u64) -> Result<(&Volume<'static>, u64), ArchiveError> {
        let index = usize::try_from(number >> IMAGE_SHIFT).unwrap_or(usize::MAX);
        let image = match index.checked_sub(1) {
            None => Some(&self.volume),
            Some(index) => self.more.get(index),
        };
        let inode = number & !(u64::MAX << IMAGE_SHIFT);
        Ok((image.ok_or(ArchiveError::NotFound)?, inode))
    }

    /// A file that is meant for the start.
    pub fn own_file(&self, name: &str) -> Option<&'static [u8]> {
        self.find(OWN, name).ok()
    }

    /// A program's image.
    pub fn image(&self, program: &str) -> Result<HeldImage, Error> {
        if let Some(path) = program.strip_prefix(DRIVE) {
            return image_at(path);
        }
        self.image_of(program, self.find(PROGRAMS, program)?)
    }

    /// The image that a file of the archive is.
    pub(crate) fn image_of(&self, program: &str, file: &'static [u8]) -> Result<HeldImage, Error> {
        Image::open(program, file, || self.symbols_of(program))
    }

    /// The symbol table of a program; most from elsewhere have none.
    pub(crate) fn symbols_of(&self, program: &str) -> Option<&'static [u8]> {
        self.find(SYMBOLS, program).ok()
    }

    /// Starts a program. It runs when the scheduler is next asked.
    pub fn start(
        &self,
        personality: impl FnOnce(&Image) -> &'static dyn Personality,
        launch: &Launch<'_>,
    ) -> Result<Ref<Process>, Error> {
        let image = self.image(launch.program)?;
        let personality = personality(&image);
        personality.check(&image)?;
        let process = Process::new(image.image(), None, None, personality)?;
        let image_base = process.memory().with(|space| space.place_image(&image))?;
        let thread_id = Id::claim()?;
        let start = personality.set_up(&NewProcess {
            process: &process,
            thread_id: thread_id.number(),
            image_base,
            image: &image,
            command_line: launch.command_line,
            directory: launch.directory,
            environment: launch.environment,
        })?;
        let thread = Thread::new(NewThread {
            id: thread_id,
            process: &process,
            start: start.user,
            stack: start.stack,
            is_suspended: false,
        })?;
        Process::publish(&process);
        log::debug!(
            "{} is process {}, its image at {image_base:#x}",
            process.name(),
            process.id()
        );
        thread.start();
        Ok(process)
    }
}

/// The image of a program that is somewhere on the volume.
fn image_at(path: &str) -> Result<HeldImage, Error> {
    let mut units = Vec::new();
    units.try_reserve_exact(path.len())?;
    units.extend(path.encode_utf16());
    io::image_at(&units).map_err(|error| match error {
        Error::File(FileError::NameNotFound | FileError::PathNotFound) => Error::NoSuchProgram,
        error => error,
    })
}

/// What is behind an image.
fn behind(bytes: &'static [u8], image: &Volume<'static>) -> &'static [u8] {
    bytes.get(image.size_bytes()..).unwrap_or_default()
}

/// A number in an image as one among all images.
fn numbered(image: u64, inode: u64) -> Option<u64> {
    (inode >> IMAGE_SHIFT == 0).then_some(image << IMAGE_SHIFT | inode)
}
