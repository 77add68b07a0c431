//! Hostile handles and pointers to every argument of every served call.
#![no_std]
#![no_main]
nt::program!("hostile", main);

mod effects;
mod places;

use abi::io::CURRENT_THREAD;
use abi::services::{FREESTANDING, Kind, Service, numbers};
use nt::{NtStatus, Program};
use places::{Arguments, Places, good_arguments, places, refill};

/// Handles that are none, and one of a thread.
const BAD_HANDLES: [u64; 8] = [
    0x3_FFF8,
    0xBAD0,
    0xFFFF_FFFF,
    0x7FFF_FFFC,
    u64::MAX - 100,
    1 << 63,
    0xFFFF_8000_0000_0000,
    CURRENT_THREAD,
];

/// Calls whose results or arguments are a byte or two.
const SHORT: [u32; 9] = [
    numbers::NtAddAtom,
    numbers::NtCancelTimer,
    numbers::NtCompareTokens,
    numbers::NtFindAtom,
    numbers::NtPrivilegeCheck,
    numbers::NtQueryDefaultUILanguage,
    numbers::NtQueryInstallUILanguage,
    numbers::NtSetInformationObject,
    numbers::NtSetTimer,
];

fn main(program: &Program) {
    let places = places(program);
    let mut cases = 0;
    for service in FREESTANDING.iter().filter(|service| service.is_served()) {
        for (position, argument) in service.arguments.iter().enumerate() {
            cases += match argument.kind {
                Kind::Handle => handles(program, service, position, &places),
                kind if kind.is_address() => pointers(program, service, position, kind, &places),
                _ => 0,
            };
        }
    }
    nt::println!("hostile: {cases} calls were refused");
    effects::wrong_offsets(program, &places);
    effects::refused_without_effect(program, &places);
}

fn call(service: &Service, arguments: Arguments) -> NtStatus {
    // SAFETY: all pointers lead to memory of this test, or to a refusal; what
    // the memory calls are asked to change is that memory too.
    NtStatus(unsafe { nt::call::any(service.number.into(), arguments) } as u32)
}

fn handles(program: &Program, service: &Service, position: usize, places: &Places) -> u32 {
    // These take a handle of any object, or of a thread.
    let is_of_thread = ["first", "handle", "second", "source", "thread", "wait"]
        .contains(&service.arguments[position].name);
    let of_wrong_type = |&handle: &u64| !is_of_thread || handle != CURRENT_THREAD;
    for handle in BAD_HANDLES.into_iter().filter(of_wrong_type) {
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
    let name = service.arguments[position].name;
    // Without a count there are no parameters, wherever they are; none are served.
    let is_extended = [
        numbers::NtAllocateVirtualMemoryEx,
        numbers::NtFlushBuffersFileEx,
        numbers::NtMapViewOfSectionEx,
    ]
    .contains(&service.number);
    if name == "parameters" && is_extended {
        return 0;
    }
    // A list that asks for no result is only read.
    let readonly: &[u64] = if kind.is_written() && name != "attribute_list" {
        &places.readonly
    } else {
        &[]
    };
    let mut cases = 0;
    for address in places.bad.iter().chain(readonly) {
        if kind.is_optional() && *address == 0 {
            continue;
        }
        let mut arguments = good_arguments(service, places);
        refill(service, places);
        arguments[position] = *address;
        let status = call(service, arguments);
        let misaligned = address % 8 != 0 && status == NtStatus::DATATYPE_MISALIGNMENT;
        let is_refused = status == NtStatus::ACCESS_VIOLATION
            || misaligned
            // A name that must be given and is not.
            || kind == Kind::ObjectAttributes && *address == 0 && !status.is_success()
            // A byte or two fit before the edge.
            || places.edge.wrapping_sub(*address) <= 2 && SHORT.contains(&service.number);
        if !is_refused {
            program.fail(format_args!(
                "{} with {name} {address:#x}: {status}",
                service.name
            ));
        }
        cases += 1;
    }
    cases
}
