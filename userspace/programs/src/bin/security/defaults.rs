//! What objects have that nobody gave a descriptor.

use crate::descriptor::{ADMINISTRATORS, HEADER_BYTES, NONE, SYSTEM, USER, number};
use abi::access::READ_CONTROL;
use abi::file::{FILE_READ_DATA, FILE_SHARE_VALID_FLAGS};
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::memory::PAGE_READWRITE;
use abi::section::SEC_COMMIT;
use abi::security::*;
use nt::file::{self, How};
use nt::object::{Name, Open, open};
use nt::security::query;
use nt::sync::{self, Handle, made};
use nt::{NtStatus, Program, call, section, token};

const ALL: u32 =
    OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;

fn made_by(program: &Program, stub: Open) -> Handle {
    // SAFETY: writes the handle only.
    let made = made(|at| unsafe { stub(at, sync::ALL_ACCESS, 0) });
    program.done("an object", made)
}

pub fn of_all_kinds(program: &Program) {
    let how = How::open(FILE_READ_DATA | READ_CONTROL, FILE_SHARE_VALID_FLAGS);
    let file = file::create(&Name::new("\\??\\C:\\"), how);
    let section = section::create(0x1000, PAGE_READWRITE, SEC_COMMIT);
    let own = [
        program.done("an event", sync::event(true, false)),
        program.done("a semaphore", sync::semaphore(0, 1)),
        program.done("a mutant", sync::mutant(false)),
        program.done("a timer", sync::timer(true)),
        program.done("a keyed event", sync::keyed_event()),
        program.done("a section", section),
        program.done("a token", token::own()),
        program.done("a file", file).0,
        made_by(program, call::nt_create_job_object),
        made_by(program, call::nt_create_directory_object),
    ];
    let raw = own.iter().map(Handle::raw);
    for handle in raw.chain([CURRENT_PROCESS, CURRENT_THREAD]) {
        let mut buffer = [0; 256];
        let (status, _) = query(handle, ALL, &mut buffer, 256);
        program.check("a descriptor", status, NtStatus::SUCCESS);
        program.check("its owner", &buffer[20..48], &USER);
        program.check("its group", &buffer[48..76], &NONE);
    }
    let root = program.done(
        "the root",
        open(call::nt_open_directory_object, &Name::new("\\")),
    );
    let mut buffer = [0; 256];
    let (status, _) = query(root.raw(), ALL, &mut buffer, 256);
    program.check("of the root", status, NtStatus::SUCCESS);
    program.check("its owner", &buffer[20..36], &ADMINISTRATORS);
    program.check("its group", &buffer[36..48], &SYSTEM);
}

/// Every byte of one, in buffers of all sizes.
pub fn whole(program: &Program) {
    const LIST_AT: usize = HEADER_BYTES + 2 * USER.len();
    const LIST_BYTES: usize = 8 + (8 + USER.len()) + (8 + SYSTEM.len()) + (8 + 20);
    const WHOLE: usize = LIST_AT + LIST_BYTES;
    let event = program.done("an event", sync::event(true, false));
    for bytes in 0..WHOLE {
        let mut buffer = [0xAA; WHOLE];
        let answer = query(event.raw(), ALL, &mut buffer, bytes);
        let expected = (NtStatus::BUFFER_TOO_SMALL, WHOLE as u32);
        program.check("a short buffer", answer, expected);
        program.require("as it was", buffer.iter().all(|byte| *byte == 0xAA));
    }
    let mut buffer = [0xAA; WHOLE + 8];
    let answer = query(event.raw(), ALL, &mut buffer, WHOLE + 8);
    program.check("all", answer, (NtStatus::SUCCESS, WHOLE as u32));
    program.check("revision, flags", &buffer[..4], &[1, 0, 4, 0x80]);
    let offsets = [4, 8, 12, 16].map(|at| number(&buffer, at) as usize);
    program.check("offsets", offsets, [HEADER_BYTES, 48, 0, LIST_AT]);
    let list = &buffer[LIST_AT..WHOLE];
    program.check(
        "the list",
        &list[..8],
        &[2, 0, LIST_BYTES as u8, 0, 3, 0, 0, 0],
    );
    program.check("the user", &list[8..16], &[0, 0, 36, 0, 0, 0, 0, 0x10]);
    program.check("the user", &list[16..44], &USER);
    program.check("the system", &list[44..52], &[0, 0, 20, 0, 0, 0, 0, 0x10]);
    program.check("the system", &list[52..64], &SYSTEM);
    program.check("the logon", &list[64..72], &[0, 0, 28, 0, 0, 0, 0, 0xA0]);
    program.check("no more", &buffer[WHOLE..], &[0xAA; 8]);
    let nothing = query(event.raw(), 0, &mut buffer, HEADER_BYTES);
    program.check("nothing", nothing, (NtStatus::SUCCESS, HEADER_BYTES as u32));
    program.check("the header", number(&buffer, 0), 0x8000_0001);
    program.require("alone", buffer[4..20].iter().all(|byte| *byte == 0));
    let group = query(event.raw(), GROUP_SECURITY_INFORMATION, &mut buffer, WHOLE);
    program.check("the group", group, (NtStatus::SUCCESS, 48));
    program.check("alone", &buffer[20..48], &NONE);
}
