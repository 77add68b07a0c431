//! Atoms: added, found, counted, deleted, asked about, by several programs.
#![no_std]
#![no_main]
nt::program!("atoms", main);

use abi::atom::{RTL_ATOM_MAXIMUM_NAME_LENGTH, RTL_ATOM_PINNED};
use nt::{NtStatus, Program, atom, call, process, sync};

const FIRST: u16 = 0xC000;
const UNTOUCHED: u16 = 0xAAAA;
/// Bytes before the name in what is told of an atom.
const HEADER_BYTES: usize = 6;

fn main(program: &Program) {
    // A child looks for what this program has added.
    if program.arguments().nth(1).is_some() {
        program.done("of the parent", atom::find(&wide("Shared").0[..6]));
        program.done("its own", atom::add(&wide("Of the child").0[..12]));
        return;
    }
    names(program);
    numbers(program);
    refused(program);
    told(program);
    pinned(program);
    listed(program);
    pointers(program);
    shared(program);
}

/// A text of up to 32 units, and its length.
fn wide(text: &str) -> ([u16; 32], usize) {
    let mut units = [0; 32];
    let mut length = 0;
    for unit in text.encode_utf16() {
        units[length] = unit;
        length += 1;
    }
    (units, length)
}

fn add(text: &str) -> Result<u16, NtStatus> {
    let (units, length) = wide(text);
    atom::add(&units[..length])
}

fn find(text: &str) -> Result<u16, NtStatus> {
    let (units, length) = wide(text);
    atom::find(&units[..length])
}

fn names(program: &Program) {
    let first = program.done("a name", add("Theatre"));
    program.require("a number of a name", first >= FIRST);
    program.check("again", add("THEATRE"), Ok(first));
    program.check("found", find("theatre"), Ok(first));
    let other = program.done("another name", add("Cinema"));
    program.require("another number", other != first);
    program.check("counted", atom::delete(first), NtStatus::SUCCESS);
    program.check("still there", find("Theatre"), Ok(first));
    program.check("counted", atom::delete(first), NtStatus::SUCCESS);
    let gone = Err(NtStatus::OBJECT_NAME_NOT_FOUND);
    program.check("gone", find("Theatre"), gone);
    let none = atom::delete(first);
    program.check("deleted too often", none, NtStatus::INVALID_HANDLE);
    program.check("the other", atom::delete(other), NtStatus::SUCCESS);
    // What is behind a zero does not count.
    let (units, _) = wide("Ope\0ra");
    let cut = program.done("a zero", atom::add(&units[..6]));
    program.check("before it", find("ope"), Ok(cut));
    program.check("deleted", atom::delete(cut), NtStatus::SUCCESS);
}

fn numbers(program: &Program) {
    for (text, number) in [("#1", 1), ("#00123", 123), ("#49151", 0xBFFF)] {
        program.check(text, add(text), Ok(number));
        program.check(text, find(text), Ok(number));
        program.check(text, atom::delete(number), NtStatus::SUCCESS);
    }
    for text in ["#0", "#49152", "#65536", "#65537", "#4294967297"] {
        program.check(text, add(text), Err(NtStatus::INVALID_PARAMETER));
        program.check(text, find(text), Err(NtStatus::INVALID_PARAMETER));
    }
    for text in ["#", "#1x", "1"] {
        let named = program.done(text, add(text));
        program.require("a name", named >= FIRST);
        program.check(text, atom::delete(named), NtStatus::SUCCESS);
    }
}

fn refused(program: &Program) {
    let long = [0x41; RTL_ATOM_MAXIMUM_NAME_LENGTH + 1];
    let whole = program.done("255 units", atom::add(&long[1..]));
    program.check("found", atom::find(&long[1..]), Ok(whole));
    program.check("deleted", atom::delete(whole), NtStatus::SUCCESS);
    for (name, status) in [
        (&long[..], NtStatus::INVALID_PARAMETER),
        (&[], NtStatus::OBJECT_NAME_INVALID),
        (&[0, 0x41], NtStatus::OBJECT_NAME_INVALID),
    ] {
        program.check("to add", atom::add(name), Err(status));
        program.check("to find", atom::find(name), Err(status));
    }
    for atom in [0, 0xFFFE, u16::MAX] {
        let deleted = atom::delete(atom);
        program.check("nothing", deleted, NtStatus::INVALID_HANDLE);
    }
    let mut buffer = [0; 8];
    for (atom, class, bytes, status) in [
        (0, 0, 16, NtStatus::INVALID_PARAMETER),
        (0xFFFE, 0, 16, NtStatus::INVALID_HANDLE),
        (u16::MAX, 0, 16, NtStatus::INVALID_HANDLE),
        (1, 0, 5, NtStatus::INFO_LENGTH_MISMATCH),
        (1, 0, 6, NtStatus::BUFFER_TOO_SMALL),
        (1, 0, 9, NtStatus::BUFFER_TOO_SMALL),
        (0, 1, 7, NtStatus::INFO_LENGTH_MISMATCH),
        (1, 2, 16, NtStatus::INVALID_INFO_CLASS),
        (1, u32::MAX, 16, NtStatus::INVALID_INFO_CLASS),
    ] {
        let (refused, _) = atom::query_class(atom, class, &mut buffer, bytes);
        program.check("to ask", refused, status);
    }
}

/// What is told of an atom, in buffers of all sizes.
fn told(program: &Program) {
    const NAME: &str = "Balcony";
    let (units, length) = wide(NAME);
    let atom = program.done("a name", add(NAME));
    program.check("twice", add("BALCONY"), Ok(atom));
    for bytes in 0..HEADER_BYTES + 2 * length + 6 {
        let mut buffer = [UNTOUCHED; 32];
        let (status, told) = atom::query(atom, &mut buffer, bytes);
        let room = bytes.saturating_sub(HEADER_BYTES) / 2;
        let shown = if room < length {
            room.saturating_sub(1)
        } else {
            length
        };
        if shown == 0 {
            let expected = match bytes < HEADER_BYTES {
                true => NtStatus::INFO_LENGTH_MISMATCH,
                false => NtStatus::BUFFER_TOO_SMALL,
            };
            program.check("no room", status, expected);
            program.require("as it was", buffer.iter().all(|unit| *unit == UNTOUCHED));
            continue;
        }
        program.check("told", status, NtStatus::SUCCESS);
        program.check(
            "count, flags, length",
            buffer[..3].as_ref(),
            &[2, 0, 2 * shown as u16],
        );
        program.check("its name", &buffer[3..3 + shown], &units[..shown]);
        let behind = if shown < room { 0 } else { UNTOUCHED };
        program.check("behind it", buffer[3 + shown], behind);
        program.check("length", told as usize, HEADER_BYTES + 2 * shown + 2);
    }
    let mut buffer = [UNTOUCHED; 8];
    let (status, _) = atom::query(123, &mut buffer, 16);
    program.check("of a number", status, NtStatus::SUCCESS);
    let hash_123 = [u16::from(b'#'), 0x31, 0x32, 0x33];
    program.check(
        "count, flags, length",
        &buffer[..3],
        &[1, RTL_ATOM_PINNED, 8],
    );
    program.check("its name", &buffer[3..7], &hash_123);
    for _ in 0..2 {
        program.check("deleted", atom::delete(atom), NtStatus::SUCCESS);
    }
}

/// What is added too often stays for good.
fn pinned(program: &Program) {
    let atom = program.done("a name", add("Often"));
    for _ in 1..u16::MAX {
        program.check("once more", add("Often"), Ok(atom));
    }
    program.check("stays", atom::delete(atom), NtStatus::WAS_LOCKED);
    program.check("there", find("often"), Ok(atom));
    let mut buffer = [0; 16];
    let (status, _) = atom::query(atom, &mut buffer, 32);
    program.check("told", status, NtStatus::SUCCESS);
    program.check("for good", buffer[1], RTL_ATOM_PINNED);
}

fn listed(program: &Program) {
    // Others may have left some.
    let before = program.done("often", find("Often"));
    let mut buffer = [UNTOUCHED; 256];
    let (_, told) = atom::list(&mut buffer, 8);
    let others = usize::from(buffer[0]);
    program.check("how long it would be", told as usize, 4 + 2 * others);
    let made = ["One", "Two", "Three"].map(|text| program.done(text, add(text)));
    let count = others + made.len();
    let whole = 4 + 2 * count;
    for bytes in [8, 9, whole - 1] {
        let mut buffer = [UNTOUCHED; 256];
        let (status, told) = atom::list(&mut buffer, bytes);
        program.check("no room", status, NtStatus::INFO_LENGTH_MISMATCH);
        program.check("how long it would be", told as usize, whole);
        program.check("how many", &buffer[..3], &[count as u16, 0, UNTOUCHED]);
    }
    let mut buffer = [UNTOUCHED; 256];
    let all = atom::list(&mut buffer, whole);
    program.check("all", all, (NtStatus::SUCCESS, whole as u32));
    program.check("how many", &buffer[..2], &[count as u16, 0]);
    let atoms = &buffer[2..2 + count];
    program.require("in order", atoms.is_sorted());
    program.check("no more", buffer[2 + count], UNTOUCHED);
    for atom in made.iter().chain([&before]) {
        program.require("listed", atoms.contains(atom));
    }
    for atom in made {
        program.check("deleted", atom::delete(atom), NtStatus::SUCCESS);
    }
}

fn pointers(program: &Program) {
    let name = [0x41_u16; 4];
    let (at, length) = (name.as_ptr() as u64, size_of_val(&name) as u64);
    // SAFETY: reads the name only.
    let statuses = unsafe {
        [
            call::nt_add_atom(at, length, 0),
            call::nt_find_atom(at, length, 0),
            // The last byte is of no unit.
            call::nt_add_atom(at, length - 1, 0),
        ]
    };
    program.check("nobody asks", statuses, [NtStatus::SUCCESS; 3]);
    for bad in [1, 0xC123, u64::MAX, 1 << 47, 1 << 63] {
        // SAFETY: all of these are refused.
        let statuses = unsafe {
            [
                call::nt_add_atom(bad, length, 0),
                call::nt_find_atom(bad, length, 0),
                call::nt_add_atom(at, length, bad),
                call::nt_find_atom(at, length, bad),
                call::nt_query_information_atom(1, 0, bad, 16, 0),
                call::nt_query_information_atom(1, 1, bad, 16, 0),
            ]
        };
        program.check("bad addresses", statuses, [NtStatus::ACCESS_VIOLATION; 6]);
    }
    // SAFETY: no address is given.
    let statuses = unsafe { [call::nt_add_atom(0, 0, 0), call::nt_find_atom(0, 2, 0)] };
    program.check("no name", statuses, [NtStatus::INVALID_PARAMETER; 2]);
    for count in [4, 3] {
        let atom = program.done("what was added", atom::find(&name[..count]));
        program.check("once", atom::delete(atom), NtStatus::SUCCESS);
        let gone = atom::find(&name[..count]);
        program.check("only", gone, Err(NtStatus::OBJECT_NAME_NOT_FOUND));
    }
}

/// Atoms are for all programs, and stay when who added them ends.
fn shared(program: &Program) {
    let mine = program.done("a name", add("Shared"));
    let child = process::spawn("atoms.exe", "atoms.exe child");
    let child = program.done("a child", child);
    sync::wait(&child.process, None);
    let its = program.done("of the child", find("Of the child"));
    for atom in [mine, its] {
        program.check("deleted", atom::delete(atom), NtStatus::SUCCESS);
    }
}
