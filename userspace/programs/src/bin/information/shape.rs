//! What all classes have in common: sizes, rights, types, addresses.
use crate::classes::{CHANGES, Class, NO_CHANGES, NO_QUERIES, QUERIES};
use abi::access::{PROCESS_ALL_ACCESS, SYNCHRONIZE};
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::thread::ClientId;
use nt::information::{Of, open, query_at, query_bytes, set_at, set_bytes};
use nt::sync::Handle;
use nt::{NtStatus, Program, thread};

/// Larger than any answer of a fixed size.
const MOST_BYTES: usize = 0x80;
/// Addresses that nobody may follow.
const BAD: [u64; 4] = [1, 0xFFF8, 1 << 47, 0xFFFF_8000_0000_0000];

pub fn check(program: &Program) {
    for class in &QUERIES {
        sizes(program, class);
        rights(program, class, |handle| query_exactly(class, handle));
        for buffer in BAD {
            let status = query_at(
                class.of,
                own(class.of),
                class.number,
                buffer,
                class.bytes as u64,
            );
            expect(
                program,
                "a bad address",
                class,
                status,
                NtStatus::ACCESS_VIOLATION,
            );
        }
    }
    for (class, value) in &CHANGES {
        let exact = set_bytes(class.of, own(class.of), class.number, value);
        expect(program, "set", class, exact, NtStatus::SUCCESS);
        rights(program, class, |handle| {
            set_bytes(class.of, handle, class.number, value)
        });
        wrong_lengths(program, class);
        for buffer in BAD.iter().filter(|_| class.bytes > 0) {
            let status = set_at(
                class.of,
                own(class.of),
                class.number,
                *buffer,
                class.bytes as u64,
            );
            expect(
                program,
                "a bad address",
                class,
                status,
                NtStatus::ACCESS_VIOLATION,
            );
        }
    }
    for (of, number) in NO_QUERIES {
        let status = query_bytes(of, own(of), number, &mut [0; 8]).0;
        program.check(
            "only set",
            (number, status),
            (number, NtStatus::INVALID_INFO_CLASS),
        );
    }
    for (of, number) in NO_CHANGES {
        let status = set_bytes(of, own(of), number, &[0; 8]);
        program.check(
            "only asked",
            (number, status),
            (number, NtStatus::INVALID_INFO_CLASS),
        );
    }
}

/// The handle of the calling thread or process.
pub fn own(of: Of) -> u64 {
    match of {
        Of::Thread => CURRENT_THREAD,
        Of::Process => CURRENT_PROCESS,
    }
}

fn expect(program: &Program, what: &str, class: &Class, actual: NtStatus, expected: NtStatus) {
    if actual != expected {
        program.fail(format_args!(
            "{what} of {:?} class {} ({} bytes): expected {expected}, got {actual}",
            class.of, class.number, class.bytes
        ));
    }
}

fn query_exactly(class: &Class, handle: u64) -> NtStatus {
    let mut buffer = [0; MOST_BYTES];
    query_bytes(class.of, handle, class.number, &mut buffer[..class.bytes]).0
}

/// The exact size is answered and told; others are refused.
fn sizes(program: &Program, class: &Class) {
    let mut buffer = [0xA5; MOST_BYTES + 1];
    if class.number == abi::process::PROCESS_MITIGATION_POLICY {
        buffer[..4].fill(0);
    }
    let handle = own(class.of);
    let (status, returned) =
        query_bytes(class.of, handle, class.number, &mut buffer[..class.bytes]);
    expect(program, "query", class, status, NtStatus::SUCCESS);
    program.check(
        "the length",
        (class.number, returned as usize),
        (class.number, class.bytes),
    );
    program.check("what is behind", buffer[class.bytes], 0xA5);
    let known = |bytes| {
        let same = |other: &Class| other.of == class.of && other.number == class.number;
        let is_extended = class.of == Of::Process && class.number == 0 && bytes == 0x40;
        is_extended
            || QUERIES
                .iter()
                .any(|other| same(other) && other.bytes == bytes)
    };
    for bytes in (0..MOST_BYTES).filter(|&bytes| !known(bytes)) {
        let (status, _) = query_bytes(class.of, handle, class.number, &mut buffer[..bytes]);
        expect(
            program,
            "another size",
            class,
            status,
            NtStatus::INFO_LENGTH_MISMATCH,
        );
    }
}

/// Values of other sizes are refused. Lists of processor sets have no size.
fn wrong_lengths(program: &Program, class: &Class) {
    if class.bytes == 0 && class.number != abi::thread::THREAD_HIDE_FROM_DEBUGGER {
        let status = set_bytes(class.of, own(class.of), class.number, &[0; 8]);
        expect(program, "a set", class, status, NtStatus::INVALID_PARAMETER);
        return;
    }
    let known = |bytes| {
        let same = |other: &Class| other.of == class.of && other.number == class.number;
        CHANGES
            .iter()
            .any(|(other, _)| same(other) && other.bytes == bytes)
    };
    for bytes in (0..MOST_BYTES).filter(|&bytes| !known(bytes)) {
        let status = set_bytes(
            class.of,
            own(class.of),
            class.number,
            &[0; MOST_BYTES][..bytes],
        );
        expect(
            program,
            "another size",
            class,
            status,
            NtStatus::INFO_LENGTH_MISMATCH,
        );
    }
}

/// The right is needed and is enough; the handle is of the right type.
fn rights(program: &Program, class: &Class, call: impl Fn(u64) -> NtStatus) {
    let with = |access| handle(program, class.of, access);
    let status = call(with(class.access).raw());
    expect(program, "just the right", class, status, NtStatus::SUCCESS);
    // Full rights bring the limited ones along.
    let without = with(PROCESS_ALL_ACCESS & !class.access & !full(class));
    let status = call(without.raw());
    expect(
        program,
        "all but the right",
        class,
        status,
        NtStatus::ACCESS_DENIED,
    );
    let status = call(with(SYNCHRONIZE).raw());
    expect(
        program,
        "another right",
        class,
        status,
        NtStatus::ACCESS_DENIED,
    );
    let other = match class.of {
        Of::Thread => Of::Process,
        Of::Process => Of::Thread,
    };
    let status = call(own(other));
    expect(
        program,
        "another type",
        class,
        status,
        NtStatus::OBJECT_TYPE_MISMATCH,
    );
    let status = call(0xBAD0);
    expect(
        program,
        "no handle",
        class,
        status,
        NtStatus::INVALID_HANDLE,
    );
}

/// The right that brings a limited one along.
fn full(class: &Class) -> u32 {
    use abi::access::*;
    match (class.of, class.access) {
        (Of::Thread, THREAD_QUERY_LIMITED_INFORMATION) => THREAD_QUERY_INFORMATION,
        (Of::Thread, THREAD_SET_LIMITED_INFORMATION) => THREAD_SET_INFORMATION,
        (Of::Process, PROCESS_QUERY_LIMITED_INFORMATION) => PROCESS_QUERY_INFORMATION,
        _ => 0,
    }
}

/// A handle of the calling thread or process with chosen access.
pub fn handle(program: &Program, of: Of, access: u32) -> Handle {
    let id = ClientId {
        process: nt::program::teb().process_id,
        thread: thread::id(),
    };
    program.done("a handle", open(of, id, access))
}
