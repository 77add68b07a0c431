//! Good and bad addresses, and arguments made of the good ones.
use abi::io::CURRENT_PROCESS;
use abi::memory::*;
use abi::services::{Kind, Service, numbers};
use nt::memory::{allocate, protect};
use nt::{Program, call::ARGUMENTS_MAX};

pub type Arguments = [u64; ARGUMENTS_MAX];

/// What a good address leads to, at least: the bytes of an OBJECT_ATTRIBUTES.
pub type Contents = [u64; 6];

/// Bytes that calls with a length are asked to move: across any page's end.
const LENGTH: u64 = 0x140;

/// Addresses a call may follow, and places it must not.
pub struct Places {
    /// A granule of readable and writable memory.
    pub good: u64,
    /// Addresses that end in a fault whoever touches them.
    pub bad: [u64; 22],
    /// Addresses that may be read but not written.
    pub readonly: [u64; 4],
}

/// Makes the memory.
pub fn places(program: &Program) -> Places {
    let (pages, size) = (16 * PAGE_SIZE, MEM_RESERVE | MEM_COMMIT);
    let make = |protection| {
        let range = allocate(0, pages, size, PAGE_READWRITE);
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
        arguments[position] = match (argument.name, argument.kind) {
            ("process", _) => CURRENT_PROCESS,
            ("file", _) if service.number == numbers::NtReadFile => {
                nt::program::parameters().standard_input
            }
            ("file", _) => nt::program::parameters().standard_output,
            ("length", _) if service.number == numbers::NtQueryVirtualMemory => 0x30,
            ("length", _) => LENGTH,
            ("allocation_type", _) => MEM_RESERVE.into(),
            ("free_type", _) => MEM_DECOMMIT.into(),
            ("protection", _) => PAGE_READWRITE.into(),
            ("class", _) if service.number == numbers::NtQuerySystemInformation => {
                abi::system::SYSTEM_PERFORMANCE_INFORMATION.into()
            }
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
            ("base", Kind::InOut) if service.number == numbers::NtAllocateVirtualMemory => 0,
            ("base", Kind::InOut) if service.number == numbers::NtFreeVirtualMemory => {
                places.good + 13 * PAGE_SIZE
            }
            ("base", Kind::InOut) => places.good + 12 * PAGE_SIZE,
            (_, Kind::Interval | Kind::Text) => 0,
            (_, Kind::ObjectAttributes) => size_of::<Contents>() as u64,
            ("size", Kind::InOut) => PAGE_SIZE,
            _ => continue,
        };
        let place = (places.good + position as u64 * PAGE_SIZE) as *mut Contents;
        // SAFETY: inside the memory of this test, aligned.
        unsafe { place.write_volatile([value, 0, 0, 0, 0, 0]) };
    }
}
