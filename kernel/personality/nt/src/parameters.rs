//! The parameter block of a new process, and what it is made from.
//!
//! A block is the header and then its strings, all in one allocation of the new
//! process (Wine contract, 3.6). It is built with offsets instead of addresses.

use abi::NtStatus;
use abi::access::{FILE_GENERIC_READ, FILE_GENERIC_WRITE};
use abi::file::{FILE_READ_ATTRIBUTES, FILE_WRITE_ATTRIBUTES};
use abi::io::{CONSOLE_ERROR, CONSOLE_INPUT, CONSOLE_OUTPUT, UnicodeString};
use abi::parameters::{PARAMETERS_NORMALIZED, ProcessParameters, STARTF_USESTDHANDLES};
use alloc::vec::Vec;
use executive::Error;
use executive::io::name::dos_of_image;
use executive::io::{File, Stream, Target, standard, terminal};
use executive::memory::Space;
use executive::object::{Object, Opened};
use executive::process::Process;
use executive::process::personality::NewProcess;
use hal::{Ref, user};
use zerocopy::{FromZeros, IntoBytes};

use crate::call::{read, refused, violation};
use crate::process::console;
use crate::win32;

/// Bytes of the buffer for the current directory: MAX_PATH characters.
const CURRENT_DIRECTORY_BYTES: u16 = 520;
const CURRENT_DIRECTORY: &str = "C:\\";
/// What every process finds in its environment unless told otherwise.
const ENVIRONMENT: [(&str, &str); 2] = [("SystemDrive", "C:"), ("SystemRoot", "C:\\windows")];
/// A program that was started where there is no console, or none of its own (W 6.1).
pub(crate) const NO_CONSOLE: u64 = -4_i64 as u64;
/// An environment without variables: two terminators.
const EMPTY: [u8; 4] = [0; 4];
/// More environment than this is refused: the kernel holds it for a moment.
const MOST_ENVIRONMENT_BYTES: u64 = 4 << 20;

/// What a block says of the console and of standard handles.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) console: u64,
    pub(crate) standard: [u64; 3],
    /// Whether the handles were chosen (`STARTF_USESTDHANDLES`).
    pub(crate) uses_own: bool,
}

/// A parameter block that is not in any process's memory yet.
pub(crate) struct Parameters {
    header: ProcessParameters,
    /// Room for the header, then the strings.
    bytes: Vec<u8>,
}

impl Parameters {
    fn new(header: ProcessParameters) -> Result<Self, Error> {
        let mut block = Self {
            header,
            bytes: Vec::new(),
        };
        block.push(&[0; size_of::<ProcessParameters>()])?;
        Ok(block)
    }

    /// For a program of the start list.
    pub(crate) fn for_start(new: &NewProcess<'_>) -> Result<Self, Error> {
        let mut header = ProcessParameters::new_zeroed();
        let is_win32 = win32::is_for(new.image);
        match is_win32 {
            true => give_standard_handles(new.process, &mut header)?,
            false => {
                header.standard_input = CONSOLE_INPUT;
                header.standard_output = CONSOLE_OUTPUT;
                header.standard_error = CONSOLE_ERROR;
            }
        }
        let directory = new.directory.unwrap_or(CURRENT_DIRECTORY);
        let mut block = Self::new(header)?;
        block.header.current_directory = block.text(&[directory], CURRENT_DIRECTORY_BYTES)?;
        block.header.image_path = block.units(dos_of_image(new.image)?.into_iter(), 0)?;
        block.header.command_line = block.text(&[new.command_line], 0)?;
        block.header.environment = block.end();
        let given = new.environment;
        let more = match is_win32 {
            true => win32::environment(),
            false => &[],
        };
        let always = ENVIRONMENT.iter().chain(more);
        for (name, value) in always.filter(|(name, _)| !is_set(given, name)) {
            block.text(&[name, "=", value], 0)?;
        }
        for (index, (name, value)) in given.iter().enumerate() {
            // Of equal names the last one is meant.
            let later = given.get(index.saturating_add(1)..).unwrap_or_default();
            if !is_set(later, name) {
                block.text(&[name, "=", value], 0)?;
            }
        }
        block.push(&[0, 0])?;
        block.header.environment_size_bytes = block.end().wrapping_sub(block.header.environment);
        Ok(block)
    }

    /// A copy of the block that the calling process has at an address, for a
    /// program at this DOS path; the handles are the caller's.
    pub(crate) fn of_caller(address: u64, image_path: &[u16]) -> Result<Self, NtStatus> {
        let header = read::<ProcessParameters>(address)?;
        // The pointers of a block that is not normalized are offsets in it.
        let base = match header.flags & PARAMETERS_NORMALIZED {
            0 => address,
            _ => 0,
        };
        let mut block = Self::new(header).map_err(refused)?;
        if console::is_to_be_made(block.header.console_handle) && !terminal::is_there() {
            block.header.console_handle = NO_CONSOLE;
        }
        block.header.console_flags = win32::inherited(header.console_flags);
        // The new process opens its current directory itself.
        block.header.current_directory_handle = 0;
        block.header.current_directory =
            block.copied(base, &header.current_directory, CURRENT_DIRECTORY_BYTES)?;
        block.header.dll_path = block.copied(base, &header.dll_path, 0)?;
        block.header.image_path = block
            .units(image_path.iter().copied(), 0)
            .map_err(refused)?;
        block.header.command_line = block.copied(base, &header.command_line, 0)?;
        block.header.window_title = block.copied(base, &header.window_title, 0)?;
        block.header.desktop = block.copied(base, &header.desktop, 0)?;
        block.header.shell_info = block.copied(base, &header.shell_info, 0)?;
        block.header.runtime_info = block.copied(base, &header.runtime_info, 0)?;
        block.copy_environment(base)?;
        Ok(block)
    }

    /// What it says of the console and of standard handles.
    pub(crate) fn asked(&self) -> Asked {
        let header = &self.header;
        Asked {
            console: header.console_handle,
            standard: [
                header.standard_input,
                header.standard_output,
                header.standard_error,
            ],
            uses_own: header.window_flags & STARTF_USESTDHANDLES != 0,
        }
    }

    /// The process is of a group of its own, unless of another.
    pub(crate) fn set_group(&mut self, process: u64) {
        if self.header.process_group_id == 0 {
            self.header.process_group_id = u32::try_from(process).unwrap_or(0);
        }
    }

    fn copy_environment(&mut self, base: u64) -> Result<(), NtStatus> {
        let (from, bytes) = (self.header.environment, self.header.environment_size_bytes);
        if from == 0 {
            self.header.environment = self.end();
            self.header.environment_size_bytes = EMPTY.len() as u64;
            return self.push(&EMPTY).map_err(refused);
        }
        if bytes > MOST_ENVIRONMENT_BYTES || !bytes.is_multiple_of(2) {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        self.header.environment = self.end();
        self.copy_in(base.wrapping_add(from), bytes)
    }

    /// Puts the block into a process's memory.
    pub(crate) fn place(mut self, space: &mut Space) -> Result<u64, Error> {
        let size_bytes = u32::try_from(self.bytes.len()).map_err(|_| Error::TooLong)?;
        let range = space.allocate_private(size_bytes.into())?;
        let base = range.start.address();
        let header = &mut self.header;
        header.allocation_size_bytes =
            u32::try_from(range.size_bytes()).map_err(|_| Error::TooLong)?;
        header.size_bytes = size_bytes;
        header.flags |= PARAMETERS_NORMALIZED;
        header.environment = header.environment.wrapping_add(base);
        for string in [
            &mut header.current_directory,
            &mut header.dll_path,
            &mut header.image_path,
            &mut header.command_line,
            &mut header.window_title,
            &mut header.desktop,
            &mut header.shell_info,
            &mut header.runtime_info,
        ] {
            if string.buffer != 0 {
                string.buffer = string.buffer.wrapping_add(base);
            }
        }
        let place = self
            .bytes
            .get_mut(..size_of::<ProcessParameters>())
            .ok_or(Error::TooLong)?;
        place.copy_from_slice(self.header.as_bytes());
        space.fill(base, &self.bytes)?;
        Ok(base)
    }

    fn end(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX)
    }

    #[inline]
    fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bytes.try_reserve(bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends text with a terminating zero, in a buffer of at least so many bytes.
    fn text(&mut self, parts: &[&str], buffer_bytes: u16) -> Result<UnicodeString, Error> {
        let units = parts.iter().flat_map(|part| part.encode_utf16());
        self.units(units, buffer_bytes)
    }

    fn units(
        &mut self,
        units: impl Iterator<Item = u16>,
        buffer_bytes: u16,
    ) -> Result<UnicodeString, Error> {
        let start = self.bytes.len();
        for unit in units {
            self.push(&unit.to_le_bytes())?;
        }
        self.finish(start, buffer_bytes)
    }

    /// Ends the string that began at `start`.
    fn finish(&mut self, start: usize, buffer_bytes: u16) -> Result<UnicodeString, Error> {
        let length = self.bytes.len().saturating_sub(start);
        let length_bytes = u16::try_from(length).map_err(|_| Error::TooLong)?;
        self.push(&[0, 0])?;
        while self.bytes.len().saturating_sub(start) < usize::from(buffer_bytes) {
            self.push(&[0, 0])?;
        }
        let maximum = self.bytes.len().saturating_sub(start);
        let maximum_length_bytes = u16::try_from(maximum).map_err(|_| Error::TooLong)?;
        if !self.bytes.len().is_multiple_of(size_of::<u16>()) {
            self.push(&[0])?;
        }
        Ok(UnicodeString {
            length_bytes,
            maximum_length_bytes,
            reserved_04: 0,
            buffer: u64::try_from(start).unwrap_or(u64::MAX),
        })
    }

    /// Appends a copy of a string of the calling process.
    fn copied(
        &mut self,
        base: u64,
        string: &UnicodeString,
        buffer_bytes: u16,
    ) -> Result<UnicodeString, NtStatus> {
        if string.buffer == 0 {
            return match string.length_bytes {
                0 => Ok(UnicodeString::new_zeroed()),
                _ => Err(NtStatus::INVALID_PARAMETER),
            };
        }
        let start = self.bytes.len();
        self.copy_in(base.wrapping_add(string.buffer), string.length_bytes.into())?;
        self.finish(start, buffer_bytes).map_err(refused)
    }

    fn copy_in(&mut self, from: u64, bytes: u64) -> Result<(), NtStatus> {
        let start = self.bytes.len();
        let count = usize::try_from(bytes).map_err(|_| NtStatus::INVALID_PARAMETER)?;
        self.bytes
            .try_reserve(count)
            .map_err(|_| NtStatus::NO_MEMORY)?;
        self.bytes.resize(start.saturating_add(count), 0);
        let place = self.bytes.get_mut(start..).unwrap_or_default();
        user::copy_in(place, from).map_err(violation)
    }
}

/// Opens the standard streams for a process; the DLLs expect real handles.
fn give_standard_handles(process: &Process, header: &mut ProcessParameters) -> Result<(), Error> {
    let (input, output, errors) = (
        &mut header.standard_input,
        &mut header.standard_output,
        &mut header.standard_error,
    );
    // As CreatePipe opens both ends of a pipe.
    let reading = FILE_GENERIC_READ | FILE_WRITE_ATTRIBUTES;
    let writing = FILE_GENERIC_WRITE | FILE_READ_ATTRIBUTES;
    for (place, stream, access) in [
        (input, Stream::Input, reading),
        (output, Stream::Output, writing),
        (errors, Stream::Errors, writing),
    ] {
        let file = standard(stream)?;
        // A console's input is written, too: its mode is.
        let access = match file.target() {
            Target::Terminal(_) => reading | writing,
            _ => access,
        };
        *place = add(process, file, access)?;
    }
    header.console_handle = match terminal::is_there() {
        true => add(process, terminal::reference()?, reading | writing)?,
        false => NO_CONSOLE,
    };
    Ok(())
}

fn add(process: &Process, file: Ref<File>, access: u32) -> Result<u64, Error> {
    process.handles().add(Opened {
        object: Object::File(file),
        access,
        inherit: true,
        protect_from_close: false,
        alone: false,
    })
}

fn is_set(environment: &[(&str, &str)], name: &str) -> bool {
    environment
        .iter()
        .any(|(other, _)| other.eq_ignore_ascii_case(name))
}
