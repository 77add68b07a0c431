//! Values set, replaced, deleted, listed, and many at once.

use abi::memory::{MEM_COMMIT, MEM_RESERVE, PAGE_READWRITE};
use abi::registry::*;
use nt::sync::Handle;
use nt::{NtStatus, Program, registry};

use crate::{is_text, new, remove, user, word};

pub fn all(program: &Program) {
    let user = user(program);
    let home = new(program, &user, "Values");
    in_order(program, &home);
    kinds(program, &home);
    long(program, &home);
    many(program, &home);
    remove(program, &home);
}

fn set(program: &Program, home: &Handle, name: &str, kind: u32, data: &[u8]) {
    let status = registry::set_value(home.raw(), name, kind, data);
    program.check(name, status, NtStatus::SUCCESS);
}

fn unset(program: &Program, home: &Handle, name: &str) {
    let status = registry::delete_value(home.raw(), name);
    program.check(name, status, NtStatus::SUCCESS);
    let gone = NtStatus::OBJECT_NAME_NOT_FOUND;
    program.check(name, registry::delete_value(home.raw(), name), gone);
    let (status, _) = registry::query_value(home.raw(), name, 2, &mut [0; 16], 16);
    program.check(name, status, gone);
}

fn list(program: &Program, home: &Handle, expected: &[&str]) {
    let mut answer = [0; 64];
    for (number, name) in expected.iter().enumerate() {
        let (status, length) =
            registry::enumerate_value(home.raw(), number as u32, 0, &mut answer, 64);
        program.check(name, status, NtStatus::SUCCESS);
        program.require(name, is_text(&answer[12..length as usize], name));
    }
    let past = expected.len() as u32;
    let (status, _) = registry::enumerate_value(home.raw(), past, 0, &mut answer, 64);
    program.check("no more", status, NtStatus::NO_MORE_ENTRIES);
}

fn in_order(program: &Program, home: &Handle) {
    for name in ["z", "A\\b", ""] {
        set(program, home, name, REG_SZ, &[]);
    }
    list(program, home, &["z", "A\\b", ""]);
    // Set again, a value is where it was, as it was called.
    set(program, home, "Z", REG_DWORD, &[1, 0, 0, 0]);
    list(program, home, &["z", "A\\b", ""]);
    unset(program, home, "a\\B");
    list(program, home, &["z", ""]);
    unset(program, home, "");
    unset(program, home, "z");
}

fn kinds(program: &Program, home: &Handle) {
    let mut answer = [0; 64];
    // Any number is a type, and nothing of the data is looked at.
    for kind in [REG_NONE, REG_LINK, REG_MULTI_SZ, REG_QWORD, 99, u32::MAX] {
        set(program, home, "kind", kind, &[9; 3]);
        let told = registry::query_value(home.raw(), "kind", 2, &mut answer, 64);
        program.check("told", told, (NtStatus::SUCCESS, 15));
        program.check("the type", word(&answer, 4), kind);
        program.check("the data", &answer[12..15], &[9; 3]);
    }
    unset(program, home, "kind");
}

fn long(program: &Program, home: &Handle) {
    const MOST: u64 = 1 << 20;
    let memory = nt::memory::allocate(0, MOST + 1, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    let memory = program.done("memory", memory);
    program.require("room", memory.size_bytes > MOST);
    let units = [u16::from(b'n'); 16_384];
    let invalid = NtStatus::INVALID_PARAMETER;
    let status = registry::set_value_of(home.raw(), &units[..16_383], REG_SZ, &[]);
    program.check("a long name", status, NtStatus::SUCCESS);
    let status = registry::set_value_of(home.raw(), &units[..16_384], REG_SZ, &[]);
    program.check("a longer one", status, invalid);
    let mut answer = [0; 64];
    let full = registry::query(home.raw(), KEY_FULL_INFORMATION, &mut answer, 64);
    program.check("told", full, (NtStatus::SUCCESS, 0x2C));
    program.check("its bytes", word(&answer, 0x24), 32_766);
    let told = registry::enumerate_value(home.raw(), 0, 0, &mut answer, 64);
    program.check("cut", told, (NtStatus::BUFFER_OVERFLOW, 12 + 32_766));
    // Gone with its key: no call here takes so long a name.
}

fn many(program: &Program, home: &Handle) {
    set(program, home, "five", REG_BINARY, &[5; 5]);
    set(program, home, "none", REG_NONE, &[]);
    set(program, home, "four", REG_DWORD, &[4; 4]);
    let names = ["FOUR", "five", "none", "four"];
    let mut buffer = [0; 32];
    let ask = |buffer: &mut [u8], bytes| registry::query_values(home.raw(), names, buffer, bytes);
    let (status, entries, used, needed) = ask(&mut buffer, 32);
    program.check("all", (status, used, needed), (NtStatus::SUCCESS, 16, 16));
    let told = entries.map(|entry| (entry.value_type, entry.data_offset, entry.data_length));
    let expected = [
        (REG_DWORD, 0, 4),
        (REG_BINARY, 4, 5),
        (REG_NONE, 12, 0),
        (REG_DWORD, 12, 4),
    ];
    program.check("each", told, expected);
    program.check("data", &buffer[..4], &[4; 4]);
    program.check("data", &buffer[4..9], &[5; 5]);
    program.check("data", &buffer[12..16], &[4; 4]);
    for (room, used) in [(0, 0), (3, 0), (4, 4), (8, 4), (9, 12), (15, 12)] {
        let mut buffer = [0xAA; 32];
        let (status, _, given, needed) = ask(&mut buffer, room);
        let expected = (NtStatus::BUFFER_OVERFLOW, 16);
        program.check("less room", (status, needed), expected);
        program.check("of it", given, used);
        program.require(
            "no more",
            buffer[room as usize..].iter().all(|byte| *byte == 0xAA),
        );
    }
    let missing = registry::query_values(home.raw(), ["four", "six"], &mut buffer, 32);
    program.check("one missing", missing.0, NtStatus::OBJECT_NAME_NOT_FOUND);
    let nothing = registry::query_values(home.raw(), [], &mut buffer, 32);
    program.check("nothing", (nothing.0, nothing.2), (NtStatus::SUCCESS, 0));
}
