//! Good and bad addresses, and arguments made of the good ones.
use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use abi::object::{IO_COMPLETION_RESERVE, OBJECT_HANDLE_FLAG_INFORMATION};
use abi::section::{SEC_COMMIT, VIEW_UNMAP};
use abi::services::{Kind, Service, numbers};
use nt::memory::{allocate, protect};
use nt::object::{Name, open};
use nt::sync::{self, Handle};
use nt::{Program, call, call::ARGUMENTS_MAX, section, thread};

pub type Arguments = [u64; ARGUMENTS_MAX];

/// What a good address leads to, at least: the bytes of an OBJECT_ATTRIBUTES.
pub type Contents = [u64; 6];

/// The flag of a thread that does not run at once.
const CREATE_SUSPENDED: u64 = 1;
/// Bytes that calls with a length are asked to move: across any page's end.
const LENGTH: u64 = 0x140;

/// Addresses a call may follow, and places it must not.
pub struct Places {
    /// Where a page ends that nothing is behind.
    pub edge: u64,
    /// Objects of each type.
    pub handles: Handles,
    /// A granule of readable and writable memory.
    pub good: u64,
    /// Addresses that end in a fault whoever touches them.
    pub bad: [u64; 22],
    /// Addresses that may be read but not written.
    pub readonly: [u64; 4],
}

/// Objects of each type that calls take handles of.
pub struct Handles {
    pub event: Handle,
    semaphore: Handle,
    mutant: Handle,
    timer: Handle,
    directory: Handle,
    link: Handle,
    section: Handle,
    job: Handle,
    token: Handle,
    thread: Handle,
    files: Handle,
    /// A file with all rights.
    file: Handle,
    completion: Handle,
    reserve: Handle,
    key: Handle,
}

impl Handles {
    fn new(program: &Program) -> Self {
        let root = Name::new("\\");
        let device = Name::new("\\DosDevices");
        let section = section::create(PAGE_SIZE, PAGE_READWRITE, SEC_COMMIT);
        let directory = open(call::nt_open_directory_object, &root);
        let link = open(call::nt_open_symbolic_link_object, &device);
        Self {
            event: program.done("an event", sync::event(true, true)),
            semaphore: program.done("a semaphore", sync::semaphore(0, 0x7FFF_FFFF)),
            mutant: program.done("a mutant", sync::mutant(true)),
            timer: program.done("a timer", sync::timer(true)),
            directory: program.done("a directory", directory),
            link: program.done("a link", link),
            section: program.done("a section", section),
            job: program.done("a job", made_by(call::nt_create_job_object)),
            token: program.done("a token", nt::token::own()),
            thread: program.done("a thread", thread::spawn_suspended(never, 0)),
            files: program.done("a directory of files", root_of_files()),
            file: program.done("a file", file_of_its_own()),
            completion: program.done("a port", full_port()),
            reserve: program.done("a reserve", nt::object::reserve(IO_COMPLETION_RESERVE)),
            key: program.done("a key", key_with_contents()),
        }
    }

    /// The handle for an argument of that name.
    fn of(&self, argument: &str) -> Option<u64> {
        let handle = match argument {
            "event" | "handle" | "first" | "second" | "signal" | "source" | "wait" => &self.event,
            "semaphore" => &self.semaphore,
            "mutant" => &self.mutant,
            "timer" => &self.timer,
            "directory" => &self.directory,
            "link" => &self.link,
            "section" => &self.section,
            "job" => &self.job,
            "token" => &self.token,
            "thread" => &self.thread,
            "completion" => &self.completion,
            "reserve" => &self.reserve,
            "key" => &self.key,
            "source_process" | "target_process" => return Some(CURRENT_PROCESS),
            _ => return None,
        };
        Some(handle.raw())
    }
}

/// With packets for everyone.
fn full_port() -> Result<Handle, nt::NtStatus> {
    const PACKETS: u64 = 1_000;
    let port = nt::completion::port()?;
    for number in 0..PACKETS {
        let status = nt::completion::put(&port, (number, 0, nt::NtStatus::SUCCESS, 0));
        status.is_success().then_some(()).ok_or(status)?;
    }
    Ok(port)
}

/// With a key and a value in it.
fn key_with_contents() -> Result<Handle, nt::NtStatus> {
    const USER: &str = "\\Registry\\User\\S-1-5-21-0-0-0-1000\\Hostile";
    let make = |name: &Name| {
        let options = abi::registry::REG_OPTION_VOLATILE;
        nt::registry::create(name, abi::access::KEY_ALL_ACCESS, "", options)
    };
    let (key, _) = make(&Name::new(USER))?;
    make(&Name::with("Below", key.raw(), 0))?;
    let status = nt::registry::set_value(key.raw(), "", 0, &[1; 16]);
    status.is_success().then_some(key).ok_or(status)
}

/// It goes with its handle.
fn file_of_its_own() -> Result<Handle, nt::NtStatus> {
    use abi::file::*;
    let how = nt::file::How::open(abi::access::FILE_ALL_ACCESS, FILE_SHARE_VALID_FLAGS);
    let how = how
        .disposed(FILE_CREATE)
        .with(FILE_NO_INTERMEDIATE_BUFFERING | FILE_DELETE_ON_CLOSE);
    Ok(nt::file::create(&Name::new("\\??\\C:\\hostile.tmp"), how)?.0)
}

fn root_of_files() -> Result<Handle, nt::NtStatus> {
    let how = nt::file::How::open(abi::file::FILE_READ_DATA, abi::file::FILE_SHARE_VALID_FLAGS);
    Ok(nt::file::create(&Name::new("\\??\\C:\\"), how)?.0)
}

/// The thread stays suspended.
extern "system" fn never(_: u64) -> ! {
    thread::exit(nt::NtStatus::UNSUCCESSFUL)
}

fn made_by(stub: nt::object::Open) -> Result<Handle, nt::NtStatus> {
    // SAFETY: writes the handle only.
    sync::made(|at| unsafe { stub(at, sync::ALL_ACCESS, 0) })
}

/// Makes the memory.
pub fn places(program: &Program) -> Places {
    let pages = 16 * PAGE_SIZE;
    let make = |protection| {
        let kind = MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH;
        let range = allocate(0, pages, kind, PAGE_READWRITE);
        let base = program.done("memory for the test", range).base;
        // SAFETY: nothing uses the memory yet.
        let changed = unsafe { protect(base, pages, protection) };
        program.done("its protection", changed);
        base
    };
    let good = make(PAGE_READWRITE);
    let (inaccessible, executable) = (make(PAGE_NOACCESS), make(PAGE_EXECUTE));
    let readonly = make(PAGE_READONLY);
    // One page and nothing behind it, so that buffers can end outside.
    let lone = program
        .done("reserve", allocate(0, pages, MEM_RESERVE, PAGE_READWRITE))
        .base;
    program.done(
        "commit",
        allocate(lone, PAGE_SIZE, MEM_COMMIT, PAGE_READWRITE),
    );
    let (edge, end) = (lone + PAGE_SIZE, HIGHEST_USER_ADDRESS + 1);
    let code = places as *const () as u64;
    Places {
        edge,
        handles: Handles::new(program),
        good,
        bad: [
            0,
            1,
            8,
            0xFFF8,
            edge - 1,
            edge - 2,
            edge,
            edge + 8,
            inaccessible,
            inaccessible + PAGE_SIZE - 4,
            end - 1,
            end - 8,
            end,
            1 << 47,
            (1 << 47) - 8,
            1 << 62,
            u64::MAX << 47,
            (u64::MAX << 47) - 8,
            0xFFFF_FFFF_8010_0000,
            0xFFFF_8000_0000_0000,
            u64::MAX - 7,
            u64::MAX,
        ],
        readonly: [
            readonly,
            executable,
            code,
            abi::user_shared::USER_SHARED_DATA,
        ],
    }
}

/// Arguments with which the call would succeed, or be refused for no pointer.
pub fn good_arguments(service: &Service, places: &Places) -> Arguments {
    let mut arguments = [0; ARGUMENTS_MAX];
    for (position, argument) in service.arguments.iter().enumerate() {
        let handle = places.handles.of(argument.name);
        arguments[position] = match (argument.name, argument.kind) {
            ("thread", Kind::Handle) if service.number == numbers::NtGetNextThread => 0,
            // What is asked about: cores of the processor.
            ("input", _) if service.number == numbers::NtQuerySystemInformationEx => {
                places.good + position as u64 * PAGE_SIZE
            }
            ("input_length", _) if service.number == numbers::NtQuerySystemInformationEx => 4,
            ("input_length" | "output_length", _) => LENGTH,
            ("set", _) if service.number == numbers::NtSetTimerResolution => 1,
            ("event", _)
                if [
                    numbers::NtNotifyChangeKey,
                    numbers::NtNotifyChangeMultipleKeys,
                    numbers::NtQueryDirectoryFile,
                    numbers::NtReadFile,
                    numbers::NtWriteFile,
                ]
                .contains(&service.number) =>
            {
                0
            }
            ("first" | "second", _) if service.number == numbers::NtCompareTokens => {
                places.handles.token.raw()
            }
            (_, Kind::Handle) if handle.is_some() => handle.unwrap_or_default(),
            ("file", _) if service.number == numbers::NtCreateSection => 0,
            ("flags", _) if service.number == numbers::NtCreateThreadEx => CREATE_SUSPENDED,
            ("allocation", _) => SEC_COMMIT.into(),
            ("allocation_type", _) if service.number == numbers::NtMapViewOfSectionEx => 0,
            ("count", _) if service.number == numbers::NtRemoveIoCompletionEx => 1,
            ("count", _) if service.number == numbers::NtQueryMultipleValueKey => 1,
            ("count", _) if service.number == numbers::NtReleaseSemaphore => 1,
            ("count", _) if service.number == numbers::NtNotifyChangeMultipleKeys => 1,
            ("asynchronous", _) if is_of_key(service) => 1,
            ("others", _) => places.good + position as u64 * PAGE_SIZE,
            ("count", _) if service.number == numbers::NtSetInformationVirtualMemory => 1,
            ("count", _) if service.number == numbers::NtWaitForMultipleObjects => 1,
            ("input" | "output", _) if is_control(service.number) => {
                places.good + position as u64 * PAGE_SIZE
            }
            ("inherit", _) => VIEW_UNMAP.into(),
            ("atom", Kind::Value16) => 1,
            ("descriptor", Kind::OutOptional) => places.good + position as u64 * PAGE_SIZE,
            ("name", Kind::InOptional) => places.good + position as u64 * PAGE_SIZE,
            ("initial_count" | "maximum_count" | "map_type" | "token_type", _) => 1,
            ("size", Kind::Value64) => LENGTH,
            ("class", _) => class_and_length(service.number).0,
            ("length", _) if class_and_length(service.number).1 != 0 => {
                class_and_length(service.number).1
            }
            ("process", _) => CURRENT_PROCESS,
            ("filter", _) if service.number == numbers::NtNotifyChangeDirectoryFile => 1,
            ("file", _)
                if [
                    numbers::NtQueryDirectoryFile,
                    numbers::NtNotifyChangeDirectoryFile,
                ]
                .contains(&service.number) =>
            {
                places.handles.files.raw()
            }
            ("restart", _) => 1,
            ("file", _) if is_of_files_only(service.number) => places.handles.file.raw(),
            ("list_length", _) => LENGTH,
            // A sector, as pages are moved by.
            ("length", _) if is_by_pages(service.number) => 0x200,
            ("file", _) if service.number == numbers::NtReadFile => {
                nt::program::parameters().standard_input
            }
            ("file", _) => nt::program::parameters().standard_output,
            ("length", _) => LENGTH,
            ("allocation_type", _) => MEM_RESERVE.into(),
            ("free_type", _) => MEM_DECOMMIT.into(),
            ("protection", _) => PAGE_READWRITE.into(),
            ("buffer", _) if is_of_key(service) => places.good + position as u64 * PAGE_SIZE,
            ("base", Kind::Value64) => places.good,
            // Each pointer gets a page of its own.
            (_, kind) if kind.is_address() && !kind.is_optional() => {
                places.good + position as u64 * PAGE_SIZE
            }
            _ => 0,
        } | garbage(argument.kind);
    }
    arguments
}

/// Whether a call passes a control code with input and output.
fn is_control(number: u32) -> bool {
    [numbers::NtDeviceIoControlFile, numbers::NtFsControlFile].contains(&number)
}

/// Whether only files of a volume do what a call asks.
fn is_of_files_only(number: u32) -> bool {
    let others = [
        numbers::NtFlushBuffersFileEx,
        numbers::NtLockFile,
        numbers::NtQueryEaFile,
        numbers::NtSetEaFile,
        numbers::NtSetVolumeInformationFile,
        numbers::NtUnlockFile,
    ];
    is_by_pages(number) || others.contains(&number)
}

/// Whether a call moves a file's bytes by pages.
fn is_by_pages(number: u32) -> bool {
    [numbers::NtReadFileScatter, numbers::NtWriteFileGather].contains(&number)
}

fn is_of_key(service: &Service) -> bool {
    matches!(service.family, abi::services::Family::Registry)
}

/// The class and the length that a query wants; without a length, any will do.
fn class_and_length(number: u32) -> (u64, u64) {
    match number {
        numbers::NtQueryVirtualMemory => (0, 0x30),
        numbers::NtSetVolumeInformationFile => {
            (abi::file::FILE_FS_LABEL_INFORMATION.into(), LENGTH)
        }
        numbers::NtQuerySystemInformation => {
            (abi::system::SYSTEM_PERFORMANCE_INFORMATION.into(), 0)
        }
        numbers::NtQuerySystemInformationEx => (
            abi::system::SYSTEM_LOGICAL_PROCESSOR_AND_GROUP_INFORMATION.into(),
            LENGTH,
        ),
        numbers::NtPowerInformation => (abi::system::POWER_SYSTEM_POWER_CAPABILITIES.into(), 0),
        numbers::NtQueryEvent | numbers::NtQueryMutant | numbers::NtQuerySemaphore => (0, 8),
        numbers::NtQueryIoCompletion => (0, 4),
        numbers::NtQueryTimer => (0, 0x10),
        numbers::NtQueryInformationThread | numbers::NtQueryInformationProcess => (0, 0x30),
        numbers::NtQueryObject => (0, 0x38),
        numbers::NtSetInformationObject => (OBJECT_HANDLE_FLAG_INFORMATION.into(), 2),
        numbers::NtQueryInformationJobObject => (1, 0x30),
        numbers::NtQueryDirectoryFile => (1, LENGTH),
        // How long and where it is, and what device it is on.
        numbers::NtQueryInformationFile => (5, 0x18),
        numbers::NtSetInformationFile => (14, 8),
        numbers::NtQueryVolumeInformationFile => (4, 8),
        // An error mode, and a base priority.
        numbers::NtSetInformationProcess => (12, 4),
        numbers::NtSetInformationThread => (3, 4),
        numbers::NtSetInformationVirtualMemory => (VM_PREFETCH_INFORMATION.into(), 4),
        numbers::NtSetInformationJobObject => (2, 0x40),
        // The type, and the owner.
        numbers::NtQueryInformationToken => (8, 4),
        // When it was written.
        numbers::NtSetInformationKey => (0, 8),
        numbers::NtSetInformationToken => (4, 8),
        _ => (0, 0),
    }
}

/// What a register may hold above an argument narrower than itself.
fn garbage(kind: Kind) -> u64 {
    match kind.bits() {
        8 => 0x7FFF_0000_FFFF_0100,
        16 => 0x7FFF_0000_FFFF_0000,
        32 => 0x7FFF_0000_0000_0000,
        _ => 0,
    }
}

/// Puts sensible contents where pointers lead; an empty name where one is read.
pub fn refill(service: &Service, places: &Places) {
    for (position, argument) in service.arguments.iter().enumerate() {
        let value = match (argument.name, argument.kind) {
            ("base", Kind::InOut)
                if [
                    numbers::NtAllocateVirtualMemory,
                    numbers::NtAllocateVirtualMemoryEx,
                    numbers::NtMapViewOfSection,
                    numbers::NtMapViewOfSectionEx,
                ]
                .contains(&service.number) =>
            {
                0
            }
            ("handles", _) => places.handles.event.raw(),
            // An empty name, in a page that nothing else is in.
            ("entries", _) => places.good + 15 * PAGE_SIZE,
            ("buffer_length", _) => LENGTH,
            ("context" | "privileges", Kind::InOut) => 0,
            ("input", _) if service.number == numbers::NtQuerySystemInformationEx => 0,
            ("buffer", Kind::In) if service.number == numbers::NtSetInformationObject => 0,
            ("base", Kind::InOut) if service.number == numbers::NtFreeVirtualMemory => {
                places.good + 13 * PAGE_SIZE
            }
            ("base", Kind::InOut) => places.good + 12 * PAGE_SIZE,
            ("count", Kind::InOut) => 1,
            ("buffer", Kind::In) if service.number == numbers::NtSetInformationVirtualMemory => 0,
            ("ranges", _) => places.good,
            (_, Kind::Interval | Kind::Text) => 0,
            ("name", Kind::InOptional) => 0x41,
            ("descriptor", _) if service.number == numbers::NtSetSecurityObject => 1,
            ("others", _) => size_of::<Contents>() as u64,
            (_, Kind::ObjectAttributes) => size_of::<Contents>() as u64,
            ("size", Kind::InOut) => PAGE_SIZE,
            _ => continue,
        };
        let place = (places.good + position as u64 * PAGE_SIZE) as *mut Contents;
        // SAFETY: inside the memory of this test, aligned.
        unsafe { place.write_volatile([value, 0, 0, 0, 0, 0]) };
        if argument.name == "ranges" {
            // SAFETY: as above.
            unsafe { place.write_volatile([value, PAGE_SIZE, 0, 0, 0, 0]) };
        }
        // A text that is written needs room.
        if service.number == numbers::NtQuerySymbolicLinkObject {
            // SAFETY: as above.
            unsafe { place.write_volatile([0x100_0000, places.good, 0, 0, 0, 0]) };
        }
    }
}
