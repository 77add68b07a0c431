//! Paths: case, separators, roots, missing keys, and the whole names of keys.

use abi::access::{KEY_ALL_ACCESS, KEY_READ};
use abi::object::{OBJ_CASE_INSENSITIVE, OBJ_EXCLUSIVE, OBJ_INHERIT, OBJ_PERMANENT};
use abi::registry::*;
use nt::object::{self, Name};
use nt::{NtStatus, Program, call, registry};

use crate::{is_text, new, open, remove, status_of, user, word};

pub fn all(program: &Program) {
    let user = user(program);
    let outer = new(program, &user, "Outer");
    let inner = new(program, &outer, "In \u{e4}ner");
    for path in [
        "outer\\IN \u{c4}NER",
        "Outer\\In \u{e4}ner\\",
        "OUTER\\\\in \u{e4}ner\\\\",
    ] {
        for flags in [0, OBJ_CASE_INSENSITIVE, OBJ_INHERIT] {
            let name = Name::with(path, user.raw(), flags);
            program.done(path, registry::open(&name, KEY_READ, 0));
        }
    }
    for path in [
        "\\REGISTRY\\USER",
        "\\registry\\user\\",
        "\\Registry\\\\User",
    ] {
        open(program, path);
    }
    // Nothing more: the key itself, opened once more.
    program.check("itself", status_of(&outer, ""), NtStatus::SUCCESS);
    for (name, status) in [
        ("Missing", NtStatus::OBJECT_NAME_NOT_FOUND),
        ("Missing\\Inner", NtStatus::OBJECT_NAME_NOT_FOUND),
        ("\\Inner", NtStatus::OBJECT_PATH_SYNTAX_BAD),
        ("\\", NtStatus::OBJECT_PATH_SYNTAX_BAD),
    ] {
        program.check(name, status_of(&outer, name), status);
    }
    absolute(program);
    attributes(program, &user);
    lengths(program, &outer);
    whole(program, &inner);
    remove(program, &inner);
    remove(program, &outer);
}

fn absolute(program: &Program) {
    for (path, status) in [
        ("", NtStatus::OBJECT_PATH_SYNTAX_BAD),
        ("Registry", NtStatus::OBJECT_PATH_SYNTAX_BAD),
        ("\\Regi", NtStatus::OBJECT_NAME_NOT_FOUND),
        ("\\Regi\\Machine", NtStatus::OBJECT_PATH_NOT_FOUND),
        ("\\Registry\\Machines", NtStatus::OBJECT_NAME_NOT_FOUND),
        ("\\Device\\Null", NtStatus::OBJECT_TYPE_MISMATCH),
        ("\\Device", NtStatus::OBJECT_TYPE_MISMATCH),
        ("\\??\\C:\\", NtStatus::OBJECT_TYPE_MISMATCH),
    ] {
        let opened = registry::open(&Name::new(path), KEY_READ, 0);
        program.check(path, opened.err(), Some(status));
        let created = registry::create(&Name::new(path), KEY_READ, "", 0);
        match status {
            // It could only be where no key can be made.
            _ if path == "\\Registry\\Machines" => {
                program.check(path, created.err(), Some(NtStatus::INVALID_PARAMETER));
            }
            status => program.check(path, created.err(), Some(status)),
        }
    }
    let event = object::open(call::nt_open_event, &Name::new("\\REGISTRY"));
    program.check(
        "no event",
        event.err(),
        Some(NtStatus::OBJECT_TYPE_MISMATCH),
    );
}

fn attributes(program: &Program, user: &nt::sync::Handle) {
    for flags in [OBJ_PERMANENT, OBJ_EXCLUSIVE] {
        let name = Name::with("Outer", user.raw(), flags);
        let opened = registry::open(&name, KEY_READ, 0);
        program.check("flags", opened.err(), Some(NtStatus::INVALID_PARAMETER));
        let created = registry::create(&name, KEY_READ, "", 0);
        program.check("flags", created.err(), Some(NtStatus::INVALID_PARAMETER));
    }
    // Directories hold no keys, but lead to them.
    let root = object::open(call::nt_open_directory_object, &Name::new("\\"));
    let root = program.done("the root", root);
    program.done("from there", {
        registry::open(&Name::with("Registry\\User", root.raw(), 0), KEY_READ, 0)
    });
}

fn lengths(program: &Program, outer: &nt::sync::Handle) {
    const LONG: &str = match core::str::from_utf8(&[b'n'; 256]) {
        Ok(text) => text,
        Err(_) => "",
    };
    let longest = new(program, outer, &LONG[1..]);
    let too_long = Name::with(LONG, outer.raw(), 0);
    let invalid = Some(NtStatus::INVALID_PARAMETER);
    let created = registry::create(&too_long, KEY_ALL_ACCESS, "", 0);
    program.check("a long name", created.err(), invalid);
    let opened = registry::open(&too_long, KEY_ALL_ACCESS, 0);
    program.check("a long name", opened.err(), invalid);
    remove(program, &longest);
}

fn whole(program: &Program, inner: &nt::sync::Handle) {
    const NAME: &str = "\\REGISTRY\\USER\\S-1-5-21-0-0-0-1000\\Outer\\In \u{e4}ner";
    let units = NAME.encode_utf16().count();
    let mut name = [0_u16; 128];
    let length = program.done("its name", object::name_of(inner.raw(), &mut name));
    let given = name[..length].iter().copied();
    program.require("its whole name", NAME.encode_utf16().eq(given));
    let mut answer = [0xAA; 256];
    let bytes = 4 + 2 * units;
    let told = registry::query(inner.raw(), KEY_NAME_INFORMATION, &mut answer, 256);
    program.check("its name", told, (NtStatus::SUCCESS, bytes as u32));
    program.check("its length", word(&answer, 0), 2 * units as u32);
    program.require("its name", is_text(&answer[4..bytes], NAME));
    // A key's name is no object's.
    let basic = program.done("basic", object::basic_information(inner.raw()));
    program.check("no name of an object", basic.name_information_bytes, 0);
    program.check("rights", basic.granted_access, KEY_ALL_ACCESS);
    let root = open(program, "\\Registry\\Machine");
    let length = program.done("its name", object::name_of(root.raw(), &mut name));
    let given = name[..length].iter().copied();
    program.require("upper", "\\REGISTRY\\MACHINE".encode_utf16().eq(given));
    let other = open(program, "\\Registry\\Machine");
    program.require("two openings", !object::is_same(&root, &other));
}
