//! Processes.
use crate::call;
use crate::program::parameters;
use crate::sync::{ALL_ACCESS, Handle, made};
use abi::NtStatus;
use abi::attribute::{
    PS_ATTRIBUTE_CLIENT_ID, PS_ATTRIBUTE_DEBUG_OBJECT, PS_ATTRIBUTE_IMAGE_NAME,
    PS_ATTRIBUTE_JOB_LIST, PS_ATTRIBUTE_TOKEN, PsAttribute,
};
use abi::io::UnicodeString;
use abi::object::ObjectAttributes;
use abi::parameters::ProcessParameters;
use abi::process::{PROCESS_BASIC_INFORMATION, ProcessBasicInformation};
use abi::thread::ClientId;
use zerocopy::FromZeros;

/// Characters of a path or a command line.
const MOST_UNITS: usize = 288;

/// Begin suspended.
pub const SUSPENDED: u64 = 1;
/// Pass handles on.
pub const INHERIT_HANDLES: u64 = 4;

/// A new process with its first thread.
#[derive(Debug)]
pub struct Created {
    /// The process.
    pub process: Handle,
    /// Its first thread.
    pub thread: Handle,
    /// Their numbers.
    pub client_id: ClientId,
}

/// A string in UTF-16.
pub struct Wide {
    units: [u16; MOST_UNITS],
    length: usize,
}

impl Wide {
    /// Joins parts.
    #[must_use]
    pub fn new(parts: &[&str]) -> Self {
        let mut wide = Self {
            units: [0; MOST_UNITS],
            length: 0,
        };
        for unit in parts.iter().flat_map(|part| part.encode_utf16()) {
            wide.units[wide.length] = unit;
            wide.length += 1;
        }
        wide
    }

    /// Of units that need not be text.
    #[must_use]
    pub fn of_units(units: &[u16]) -> Self {
        let mut wide = Self::new(&[]);
        wide.units[..units.len()].copy_from_slice(units);
        wide.length = units.len();
        wide
    }

    /// As a counted string, for as long as this lives.
    #[must_use]
    pub fn string(&self) -> UnicodeString {
        let bytes = 2 * self.length as u16;
        UnicodeString {
            length_bytes: bytes,
            maximum_length_bytes: bytes,
            reserved_04: 0,
            buffer: self.units.as_ptr() as u64,
        }
    }
}

/// Starts a program of the archive with a command line.
pub fn spawn(file: &str, command_line: &str) -> Result<Created, NtStatus> {
    create(file, command_line, 0, 0)
}

/// The same with flags: [`INHERIT_HANDLES`] for the process, [`SUSPENDED`] for its
/// thread.
pub fn create(
    file: &str,
    command_line: &str,
    process_flags: u64,
    thread_flags: u64,
) -> Result<Created, NtStatus> {
    let path = Wide::new(&["\\??\\C:\\programs\\", file]);
    let command_line = Wide::new(&[command_line]);
    let block = ProcessParameters {
        command_line: command_line.string(),
        ..*parameters()
    };
    create_from(&path, &block, process_flags, thread_flags)
}

/// The same as a process of jobs, the outermost first.
pub fn create_in(
    file: &str,
    command_line: &str,
    process_flags: u64,
    jobs: &[u64],
) -> Result<Created, NtStatus> {
    let of_jobs = (
        PS_ATTRIBUTE_JOB_LIST,
        size_of_val(jobs) as u64,
        jobs.as_ptr() as u64,
    );
    // Without jobs their attribute is left out.
    let more = (!jobs.is_empty()).then_some(of_jobs);
    create_of_archive(file, command_line, process_flags, more)
}

/// The same with a copy of a token.
pub fn create_with_token(file: &str, command_line: &str, token: u64) -> Result<Created, NtStatus> {
    let of_token = (PS_ATTRIBUTE_TOKEN, size_of::<u64>() as u64, token);
    create_of_archive(file, command_line, 0, Some(of_token))
}

/// The same under a debugger.
pub fn create_debugged(file: &str, command_line: &str, debug: u64) -> Result<Created, NtStatus> {
    let of_debugger = (PS_ATTRIBUTE_DEBUG_OBJECT, size_of::<u64>() as u64, debug);
    create_of_archive(file, command_line, 0, Some(of_debugger))
}

fn create_of_archive(
    file: &str,
    command_line: &str,
    process_flags: u64,
    more: Option<More>,
) -> Result<Created, NtStatus> {
    let path = Wide::new(&["\\??\\C:\\programs\\", file]);
    let command_line = Wide::new(&[command_line]);
    let block = ProcessParameters {
        command_line: command_line.string(),
        ..*parameters()
    };
    create_with(&path, &block, process_flags, SUSPENDED, more)
}

/// A further attribute: its number, size and value.
type More = (u64, u64, u64);

/// The same from a path and a parameter block.
pub fn create_from(
    path: &Wide,
    block: &ProcessParameters,
    process_flags: u64,
    thread_flags: u64,
) -> Result<Created, NtStatus> {
    create_with(path, block, process_flags, thread_flags, None)
}

fn create_with(
    path: &Wide,
    block: &ProcessParameters,
    process_flags: u64,
    thread_flags: u64,
    more: Option<More>,
) -> Result<Created, NtStatus> {
    #[repr(C)]
    struct List {
        total_bytes: u64,
        attributes: [PsAttribute; 3],
    }
    let missing = match more {
        Some(_) => 0,
        None => size_of::<PsAttribute>() as u64,
    };
    let (number, size_bytes, value) = more.unwrap_or_default();
    let mut client_id = ClientId::new_zeroed();
    let attribute = |attribute, size_bytes, value| PsAttribute {
        attribute,
        size_bytes,
        value,
        return_length: 0,
    };
    let name = path.string();
    let list = List {
        total_bytes: size_of::<List>() as u64 - missing,
        attributes: [
            attribute(
                PS_ATTRIBUTE_IMAGE_NAME,
                name.length_bytes.into(),
                name.buffer,
            ),
            attribute(
                PS_ATTRIBUTE_CLIENT_ID,
                size_of::<ClientId>() as u64,
                &raw mut client_id as u64,
            ),
            attribute(number, size_bytes, value),
        ],
    };
    let mut create_info = [0_u64; 11];
    let (mut process, mut thread) = (0_u64, 0_u64);
    // SAFETY: writes the handles and the client id; reads the rest.
    let status = unsafe {
        call::nt_create_user_process(
            &raw mut process as u64,
            &raw mut thread as u64,
            ALL_ACCESS,
            ALL_ACCESS,
            0,
            0,
            process_flags,
            thread_flags,
            &raw const *block as u64,
            &raw mut create_info as u64,
            &raw const list as u64,
        )
    };
    match (status.is_success(), process, thread) {
        (true, ..) => Ok(Created {
            process: Handle::from_raw(process),
            thread: Handle::from_raw(thread),
            client_id,
        }),
        (false, 0, 0) => Err(status),
        // A failed call must leave 0.
        _ => Err(NtStatus::INTERNAL_ERROR),
    }
}

/// What `NtQueryInformationProcess` says first of a process.
pub fn basic_information(process: u64) -> Result<ProcessBasicInformation, NtStatus> {
    let mut information = ProcessBasicInformation::new_zeroed();
    // SAFETY: writes the information only.
    let status = unsafe {
        call::nt_query_information_process(
            process,
            PROCESS_BASIC_INFORMATION.into(),
            &raw mut information as u64,
            size_of::<ProcessBasicInformation>() as u64,
            0,
        )
    };
    status.is_success().then_some(information).ok_or(status)
}

/// Opens the process of a number.
pub fn open(id: u64, access: u64) -> Result<Handle, NtStatus> {
    let mut attributes = ObjectAttributes::new_zeroed();
    attributes.length_bytes = size_of::<ObjectAttributes>() as u32;
    let client_id = ClientId {
        process: id,
        thread: 0,
    };
    // SAFETY: writes the handle, reads the rest.
    made(|at| unsafe {
        call::nt_open_process(
            at,
            access,
            &raw const attributes as u64,
            &raw const client_id as u64,
        )
    })
}

/// Ends a process.
pub fn terminate(process: &Handle, status: NtStatus) -> NtStatus {
    // SAFETY: another process's matter.
    unsafe { call::nt_terminate_process(process.raw(), status.0.into()) }
}
