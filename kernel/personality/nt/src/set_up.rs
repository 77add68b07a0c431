//! What a new process finds in its memory: PEB, parameter block, first thread.
//!
//! The layouts are `abi`'s; the values are those of the Wine contract, 3.3-3.6.

use abi::entry::{HOME_SPACE_BYTES, RETURN_ADDRESS_BYTES};
use abi::io::{CONSOLE_ERROR, CONSOLE_INPUT, CONSOLE_OUTPUT, UnicodeString};
use abi::memory::PAGE_SIZE;
use abi::parameters::{PARAMETERS_NORMALIZED, ProcessParameters};
use abi::peb::{CRITICAL_SECTION_TIMEOUT_100NS, PEB_COMMIT_BYTES, Peb};
use abi::user_shared::{BUILD_NUMBER, USER_SHARED_DATA};
use alloc::vec::Vec;
use executive::Error;
use executive::memory::Space;
use executive::process::personality::{NewProcess, Start};
use hal::trap::UserStart;
use zerocopy::{FromZeros, IntoBytes};

use crate::layout::{self, StackSize};
use crate::shared_data;

/// Bytes of the buffer for the current directory: MAX_PATH characters.
const CURRENT_DIRECTORY_BYTES: u16 = 520;
const CURRENT_DIRECTORY: &str = "C:\\";
const PROGRAM_DIRECTORY: &str = "C:\\programs\\";
/// What every process finds in its environment unless told otherwise.
const ENVIRONMENT: [(&str, &str); 2] = [("SystemDrive", "C:"), ("SystemRoot", "C:\\windows")];

/// Lays everything out; the image is already in view.
pub(crate) fn set_up(new: &NewProcess<'_>) -> Result<Start, Error> {
    let published = shared_data::view()?;
    new.process.memory().with(|space| {
        space.place_published(USER_SHARED_DATA, published)?;
        let parameters = place_parameters(space, new)?;
        let peb = place_peb(space, new, parameters)?;
        new.process.set_block(peb);
        let size = StackSize::new(new.image.view(), 0, 0);
        let placed = layout::place_thread(space, new.process, new.thread_id, size)?;
        let top = placed.stack.end.address();
        Ok(Start {
            user: UserStart {
                instruction: new
                    .image_base
                    .wrapping_add(new.image.view().entry_point_rva().into()),
                stack: top.wrapping_sub(HOME_SPACE_BYTES.wrapping_add(RETURN_ADDRESS_BYTES)),
                argument: peb,
                gs_base: placed.teb,
            },
            stack: placed.stack.start.address(),
        })
    })
}

fn place_peb(space: &mut Space, new: &NewProcess<'_>, parameters: u64) -> Result<u64, Error> {
    let view = new.image.view();
    let (subsystem_major, subsystem_minor) = view.subsystem_version();
    let mut peb = Peb::new_zeroed();
    peb.mutant = u64::MAX;
    peb.image_base = new.image_base;
    peb.process_parameters = parameters;
    peb.number_of_processors = 1;
    peb.critical_section_timeout_100ns = CRITICAL_SECTION_TIMEOUT_100NS;
    peb.heap_segment_reserve_bytes = 0x10_0000;
    peb.heap_segment_commit_bytes = 0x1_0000;
    peb.heap_decommit_total_free_bytes = 0x1_0000;
    peb.heap_decommit_free_block_bytes = 0x1000;
    peb.os_major_version = 10;
    peb.os_build_number = u16::try_from(BUILD_NUMBER).unwrap_or(u16::MAX);
    peb.os_platform_id = 2;
    peb.image_subsystem = view.subsystem().into();
    peb.image_subsystem_major_version = subsystem_major.into();
    peb.image_subsystem_minor_version = subsystem_minor.into();
    peb.session_id = 1;
    let range = space.place_fixed(PEB_COMMIT_BYTES.div_ceil(PAGE_SIZE))?;
    let address = range.start.address();
    space.fill(address, peb.as_bytes())?;
    Ok(address)
}

fn place_parameters(space: &mut Space, new: &NewProcess<'_>) -> Result<u64, Error> {
    let mut block = Block::new()?;
    let directory = block.text(&[CURRENT_DIRECTORY], CURRENT_DIRECTORY_BYTES)?;
    let image_path = block.text(&[PROGRAM_DIRECTORY, new.image.name()], 0)?;
    let command_line = block.text(&[new.command_line], 0)?;
    let environment_offset = block.bytes.len();
    let given = new.environment;
    for (name, value) in ENVIRONMENT.iter().filter(|(name, _)| !is_set(given, name)) {
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
    let size_bytes = u32::try_from(block.bytes.len()).map_err(|_| Error::TooLong)?;
    let environment_bytes = block.bytes.len().saturating_sub(environment_offset);

    let range = space.allocate_private(size_bytes.into())?;
    let base = range.start.address();
    let mut header = ProcessParameters::new_zeroed();
    header.allocation_size_bytes = u32::try_from(range.size_bytes()).map_err(|_| Error::TooLong)?;
    header.size_bytes = size_bytes;
    header.flags = PARAMETERS_NORMALIZED;
    header.standard_input = CONSOLE_INPUT;
    header.standard_output = CONSOLE_OUTPUT;
    header.standard_error = CONSOLE_ERROR;
    header.current_directory = directory.at(base);
    header.image_path = image_path.at(base);
    header.command_line = command_line.at(base);
    header.environment = at(base, environment_offset);
    header.environment_size_bytes = u64::try_from(environment_bytes).unwrap_or(0);
    let place = block
        .bytes
        .get_mut(..size_of::<ProcessParameters>())
        .ok_or(Error::TooLong)?;
    place.copy_from_slice(header.as_bytes());
    space.fill(base, &block.bytes)?;
    Ok(base)
}

fn is_set(environment: &[(&str, &str)], name: &str) -> bool {
    environment
        .iter()
        .any(|(other, _)| other.eq_ignore_ascii_case(name))
}

fn at(base: u64, offset: usize) -> u64 {
    base.wrapping_add(u64::try_from(offset).unwrap_or(0))
}

/// The parameter block as it grows: the header, then strings in UTF-16.
struct Block {
    bytes: Vec<u8>,
}

/// A string in the block.
struct Text {
    offset: usize,
    length_bytes: u16,
    maximum_length_bytes: u16,
}

impl Text {
    fn at(&self, base: u64) -> UnicodeString {
        UnicodeString {
            length_bytes: self.length_bytes,
            maximum_length_bytes: self.maximum_length_bytes,
            reserved_04: 0,
            buffer: at(base, self.offset),
        }
    }
}

impl Block {
    fn new() -> Result<Self, Error> {
        let mut block = Self { bytes: Vec::new() };
        block.push(&[0; size_of::<ProcessParameters>()])?;
        Ok(block)
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.bytes.try_reserve(bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Appends text with a terminating zero, in a buffer of at least so many bytes.
    fn text(&mut self, parts: &[&str], buffer_bytes: u16) -> Result<Text, Error> {
        let offset = self.bytes.len();
        for part in parts {
            for unit in part.encode_utf16() {
                self.push(&unit.to_le_bytes())?;
            }
        }
        let length = self.bytes.len().saturating_sub(offset);
        let length_bytes = u16::try_from(length).map_err(|_| Error::TooLong)?;
        self.push(&[0, 0])?;
        while self.bytes.len().saturating_sub(offset) < usize::from(buffer_bytes) {
            self.push(&[0, 0])?;
        }
        let maximum = self.bytes.len().saturating_sub(offset);
        let maximum_length_bytes = u16::try_from(maximum).map_err(|_| Error::TooLong)?;
        Ok(Text {
            offset,
            length_bytes,
            maximum_length_bytes,
        })
    }
}
