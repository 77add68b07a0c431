//! Hostile handles and pointers to every argument of every call of the list.
#![no_std]
#![no_main]
nt::program!("hostile", main);

use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::memory::*;
use abi::services::{FREESTANDING, Kind, Service, numbers};
use nt::memory::{allocate, protect};
use nt::{NtStatus, Program, call::ARGUMENTS_MAX};

type Arguments = [u64; ARGUMENTS_MAX];

/// Bytes that calls with a length are asked to move: across any page's end.
const LENGTH: u64 = 0x140;
const BAD_HANDLES: [u64; 8] = [
    4,
    0xBAD0,
    0xFFFF_FFFF,
    0x7FFF_FFFC,
    u64::MAX - 100,
    1 << 63,
    0xFFFF_8000_0000_0000,
    CURRENT_THREAD,
];

/// Addresses a call may follow, and places it must not.
struct Places {
    /// A granule of readable and writable memory.
    good: u64,
    /// Addresses that end in a fault whoever touches them.
    bad: [u64; 22],
    /// Addresses that may be read but not written.
    readonly: [u64; 4],
}

fn main(program: &Program) {
    let places = places(program);
    let mut cases = 0;
    for service in FREESTANDING {
        for (position, argument) in service.arguments.iter().enumerate() {
            cases += match argument.kind {
                Kind::Handle => handles(program, service, position, &places),
                Kind::Value8 | Kind::Value32 | Kind::Value64 => 0,
                kind => pointers(program, service, position, kind, &places),
            };
        }
    }
    nt::println!("hostile: {cases} calls were refused");
    wrong_offsets(program, &places);
}

fn places(program: &Program) -> Places {
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
    let code = main as fn(&Program) as usize as u64;
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
fn good_arguments(service: &Service, places: &Places) -> Arguments {
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
            (_, Kind::In | Kind::Out | Kind::InOut) => places.good + position as u64 * PAGE_SIZE,
            _ => 0,
        };
    }
    arguments
}

fn call(service: &Service, arguments: Arguments) -> NtStatus {
    // SAFETY: all pointers lead to memory of this test, or to a refusal; what
    // the memory calls are asked to change is that memory too.
    NtStatus(unsafe { nt::call::any(service.number.into(), arguments) } as u32)
}

/// Puts sensible contents where pointers of the memory calls lead.
fn refill(service: &Service, places: &Places) {
    for (position, argument) in service.arguments.iter().enumerate() {
        let value = match (argument.name, argument.kind) {
            ("base", Kind::InOut) if service.number == numbers::NtAllocateVirtualMemory => 0,
            ("base", Kind::InOut) if service.number == numbers::NtFreeVirtualMemory => {
                places.good + 13 * PAGE_SIZE
            }
            ("base", Kind::InOut) => places.good + 12 * PAGE_SIZE,
            ("interval", Kind::In) => 0,
            ("size", Kind::InOut) => PAGE_SIZE,
            _ => continue,
        };
        let place = (places.good + position as u64 * PAGE_SIZE) as *mut u64;
        // SAFETY: inside the memory of this test, aligned.
        unsafe { place.write_volatile(value) };
    }
}

fn handles(program: &Program, service: &Service, position: usize, places: &Places) -> u32 {
    for handle in BAD_HANDLES {
        let mut arguments = good_arguments(service, places);
        refill(service, places);
        arguments[position] = handle;
        let status = call(service, arguments);
        if status.is_success() {
            program.fail(format_args!(
                "{} with handle {handle:#x}: {status}",
                service.name
            ));
        }
    }
    BAD_HANDLES.len() as u32
}

fn pointers(
    program: &Program,
    service: &Service,
    position: usize,
    kind: Kind,
    places: &Places,
) -> u32 {
    let optional = matches!(kind, Kind::InOptional | Kind::OutOptional);
    let written = matches!(kind, Kind::Out | Kind::OutOptional | Kind::InOut);
    let readonly: &[u64] = if written { &places.readonly } else { &[] };
    let mut cases = 0;
    for address in places.bad.iter().chain(readonly) {
        if optional && *address == 0 {
            continue;
        }
        let mut arguments = good_arguments(service, places);
        refill(service, places);
        arguments[position] = *address;
        let status = call(service, arguments);
        let misaligned = address % 8 != 0 && status == NtStatus::DATATYPE_MISALIGNMENT;
        if status != NtStatus::ACCESS_VIOLATION && !misaligned {
            let name = service.arguments[position].name;
            program.fail(format_args!(
                "{} with {name} {address:#x}: {status}",
                service.name
            ));
        }
        cases += 1;
    }
    cases
}

/// Good memory at odd addresses: the calls work, or say that it is misaligned.
fn wrong_offsets(program: &Program, places: &Places) {
    for service in FREESTANDING {
        // It would wait for input.
        if service.number == numbers::NtReadFile || service.number == numbers::NtWriteFile {
            continue;
        }
        for position in 0..service.arguments.len() {
            let mut arguments = good_arguments(service, places);
            let pointer = &mut arguments[position];
            if *pointer < places.good || *pointer >= places.good + 16 * PAGE_SIZE {
                continue;
            }
            refill(service, places);
            let aligned = *pointer as *const u64;
            // SAFETY: inside the memory of this test.
            let value = unsafe { aligned.read_volatile() };
            *pointer += 1;
            // SAFETY: as above.
            unsafe { (*pointer as *mut u64).write_unaligned(value) };
            let status = call(service, arguments);
            if !status.is_success() && status != NtStatus::DATATYPE_MISALIGNMENT {
                let name = service.arguments[position].name;
                program.fail(format_args!("{} with odd {name}: {status}", service.name));
            }
        }
    }
}
