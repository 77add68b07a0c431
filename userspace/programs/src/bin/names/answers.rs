//! How long the answers about an object are, and what shorter buffers get.

use abi::object::{
    OBJ_OPENLINK, OBJECT_BASIC_INFORMATION, OBJECT_NAME_INFORMATION, OBJECT_TYPE_INFORMATION,
};
use nt::object::{self, Name, create_event, query};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, call};

use crate::is_text;

const PATH: &str = "\\BaseNamedObjects\\Lengths";
const HEADER_BYTES: usize = 16;

pub fn answers(program: &Program) {
    let (_, named) = create_event(&Name::new(PATH));
    let named = program.done("a named event", named);
    let plain = program.done("one without", sync::event(true, false));
    let whole = HEADER_BYTES + 2 * (PATH.len() + 1);
    lengths(program, &named, OBJECT_NAME_INFORMATION, whole);
    lengths(program, &plain, OBJECT_NAME_INFORMATION, HEADER_BYTES);
    lengths(program, &plain, OBJECT_TYPE_INFORMATION, 0x68 + 2 * 6);
    let information = program.done("the event", object::basic_information(named.raw()));
    program.check(
        "its name",
        information.name_information_bytes as usize,
        whole,
    );
    for bytes in [0, 0x37, 0x40] {
        let mut buffer = [0; 8];
        let (status, _) = query(named.raw(), OBJECT_BASIC_INFORMATION, &mut buffer, bytes);
        program.check("another size", status, NtStatus::INFO_LENGTH_MISMATCH);
    }
    let mut buffer = [0; 8];
    for class in [5, 6, u32::MAX] {
        let (status, _) = query(named.raw(), class, &mut buffer, 64);
        program.check("no such class", status, NtStatus::INVALID_INFO_CLASS);
    }
    let as_link = Name::with(PATH, 0, OBJ_OPENLINK);
    let opened = object::open(call::nt_open_event, &as_link);
    program.check(
        "not a link",
        opened.err(),
        Some(NtStatus::INVALID_PARAMETER),
    );
    deep(program);
}

/// Every shorter buffer is refused, with the length and without a write.
fn lengths(program: &Program, handle: &Handle, class: u32, whole: usize) {
    for bytes in 0..whole {
        let mut buffer = [0xAAAA_AAAA_AAAA_AAAA; 32];
        let answer = query(handle.raw(), class, &mut buffer, bytes);
        let expected = (NtStatus::INFO_LENGTH_MISMATCH, whole as u32);
        program.check("a short buffer", answer, expected);
        program.require("as it was", buffer.iter().all(|word| *word == buffer[0]));
    }
    let mut buffer = [0; 32];
    let answer = query(handle.raw(), class, &mut buffer, whole);
    program.check("the size", answer, (NtStatus::SUCCESS, whole as u32));
    if whole == HEADER_BYTES {
        program.check("no name", [buffer[0], buffer[1]], [0, 0]);
    } else if class == OBJECT_NAME_INFORMATION {
        program.require("the name", is_text(&buffer, [buffer[0], buffer[1]], PATH));
    }
}

/// Directories in directories, made by handle: no path is as long as their name.
fn deep(program: &Program) {
    const UNITS: usize = 100;
    const DEPTH: usize = 400;
    let name = core::str::from_utf8(&[b'd'; UNITS]).unwrap_or_default();
    let mut handles = [const { None::<Handle> }; DEPTH];
    let top = Name::new("\\BaseNamedObjects\\Deep");
    let mut root = program.done(
        "a directory",
        object::open(call::nt_create_directory_object, &top),
    );
    for place in &mut handles {
        let below = Name::with(name, root.raw(), 0);
        let made = object::open(call::nt_create_directory_object, &below);
        let made = program.done("one below", made);
        *place = Some(core::mem::replace(&mut root, made));
    }
    let mut buffer = [0; 32];
    let (status, _) = query(root.raw(), OBJECT_NAME_INFORMATION, &mut buffer, 256);
    program.check("no such path", status, NtStatus::NAME_TOO_LONG);
    drop(handles);
    let information = program.done("still there", object::basic_information(root.raw()));
    program.check("without the others", information.handle_count, 1);
}
