//! The archive's programs, and how one is started.

use archive::{ArchiveError, Case, Volume};
use hal::Ref;
use spin::Once;

use crate::ids::Id;
use crate::memory::{HeldImage, Image};
use crate::process::personality::NewProcess;
use crate::process::{NewThread, Process, Thread};
use crate::{Error, Personality};

/// Where the archive keeps programs, and the symbol tables of some, by the same names.
const PROGRAMS: &str = "/programs/";
const SYMBOLS: &str = "/symbols/";
const PATH_BYTES: usize = 128;

static ARCHIVE: Once<Programs> = Once::new();

/// Lets programs start those of this archive. Once.
pub fn install(programs: Programs) -> &'static Programs {
    ARCHIVE.call_once(|| programs)
}

/// The archive, if there is one.
pub fn get() -> Option<&'static Programs> {
    ARCHIVE.get()
}

/// The archive.
pub struct Programs {
    volume: Volume<'static>,
}

impl Programs {
    /// Checks an archive.
    pub fn new(bytes: &'static [u8]) -> Result<Self, ArchiveError> {
        Ok(Self {
            volume: Volume::parse(bytes)?,
        })
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

    /// The archive itself.
    pub(crate) fn volume(&self) -> &Volume<'static> {
        &self.volume
    }

    /// A program's image.
    pub fn image(&self, program: &str) -> Result<HeldImage, Error> {
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
        program: &str,
        command_line: &str,
        environment: &[(&str, &str)],
    ) -> Result<Ref<Process>, Error> {
        let image = self.image(program)?;
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
            command_line,
            environment,
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
