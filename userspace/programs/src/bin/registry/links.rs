//! Links: made, followed, opened themselves, leading in circles.

use abi::access::{KEY_ALL_ACCESS, KEY_READ};
use abi::object::{OBJ_DONT_REPARSE, OBJ_OPENLINK};
use abi::registry::*;
use nt::object::Name;
use nt::sync::Handle;
use nt::{NtStatus, Program, registry};

use crate::{USER, new, new_with, remove, status_of, user, word};

/// Room for where a link leads, in bytes.
const MOST: usize = 256;

pub fn all(program: &Program) {
    let user = user(program);
    let home = new(program, &user, "Links");
    let target = new(program, &home, "Target");
    let below = new(program, &target, "Below");
    let link = new_with(program, &home, "Link", "", REG_OPTION_CREATE_LINK);
    let missing = NtStatus::OBJECT_NAME_NOT_FOUND;
    program.check("to nowhere", status_of(&home, "Link"), missing);
    alone(program, &link);
    lead(program, &link, "\\Links\\Target");
    followed(program, &home, &below);
    themselves(program, &home, &link);
    lead(program, &link, "\\Links\\Missing");
    program.check("a missing one", status_of(&home, "Link"), missing);
    // A key can be made where a link leads.
    let made = registry::create(&Name::with("Link", home.raw(), 0), KEY_ALL_ACCESS, "", 0);
    let (made, _) = program.done("at the target", made);
    program.check("there", status_of(&home, "Missing"), NtStatus::SUCCESS);
    remove(program, &made);
    circles(program, &home, &link);
    for key in [&link, &below, &target, &home] {
        remove(program, key);
    }
}

/// A link has its target and nothing else.
fn alone(program: &Program, link: &Handle) {
    for (name, kind, data) in [
        (LINK, REG_SZ, &b"a\0"[..]),
        (LINK, REG_LINK, b"a"),
        (LINK, REG_LINK, b""),
        ("", REG_LINK, b"a\0"),
        ("Other", REG_SZ, b"a\0"),
    ] {
        let status = registry::set_value(link.raw(), name, kind, data);
        program.check("no target", status, NtStatus::ACCESS_DENIED);
    }
}

const LINK: &str = "SymbolicLinkValue";

/// Has a link lead to a key of the user's.
fn lead(program: &Program, link: &Handle, to: &str) {
    let mut bytes = [0; MOST];
    let mut length = 0;
    for unit in USER.encode_utf16().chain(to.encode_utf16()) {
        bytes[length..length + 2].copy_from_slice(&unit.to_le_bytes());
        length += 2;
    }
    let status = registry::set_value(link.raw(), LINK, REG_LINK, &bytes[..length]);
    program.check("where it leads", status, NtStatus::SUCCESS);
}

fn followed(program: &Program, home: &Handle, below: &Handle) {
    let status = registry::set_value(below.raw(), "v", REG_DWORD, &[1, 0, 0, 0]);
    program.check("a value", status, NtStatus::SUCCESS);
    for options in [0, REG_OPTION_OPEN_LINK] {
        let through = Name::with("LINK\\\\below", home.raw(), 0);
        let through = registry::open(&through, KEY_READ, options);
        let through = program.done("through", through);
        let mut answer = [0; 32];
        let told = registry::query_value(through.raw(), "v", 2, &mut answer, 32);
        program.check("the value", told, (NtStatus::SUCCESS, 16));
    }
    for path in ["Link", "Link\\Below"] {
        let name = Name::with(path, home.raw(), OBJ_DONT_REPARSE);
        let opened = registry::open(&name, KEY_READ, 0);
        let refused = Some(NtStatus::REPARSE_POINT_ENCOUNTERED);
        program.check("no links", opened.err(), refused);
    }
    let status = registry::delete_value(below.raw(), "v");
    program.check("no value", status, NtStatus::SUCCESS);
}

fn themselves(program: &Program, home: &Handle, link: &Handle) {
    let is_link = |key: &Handle| {
        let mut answer = [0; 12];
        let told = registry::query(key.raw(), KEY_FLAGS_INFORMATION, &mut answer, 12);
        program.check("flags", told, (NtStatus::SUCCESS, 12));
        word(&answer, 4) == REG_FLAG_LINK
    };
    program.require("a link", is_link(link));
    for (flags, options) in [
        (0, REG_OPTION_OPEN_LINK),
        (OBJ_OPENLINK, 0),
        (OBJ_OPENLINK | OBJ_DONT_REPARSE, 0),
    ] {
        let name = Name::with("link", home.raw(), flags);
        let opened = registry::open(&name, KEY_READ, options);
        let opened = program.done("itself", opened);
        program.require("a link", is_link(&opened));
        let created = registry::create(&name, KEY_READ, "", options);
        let (opened, done) = program.done("itself", created);
        program.check("there", done, REG_OPENED_EXISTING_KEY);
        program.require("a link", is_link(&opened));
    }
    for (path, options) in [("Link", OBJ_OPENLINK), ("Target", 0)] {
        let name = Name::with(path, home.raw(), options);
        let made = registry::create(&name, KEY_READ, "", REG_OPTION_CREATE_LINK);
        program.check(path, made.err(), Some(NtStatus::OBJECT_NAME_COLLISION));
    }
    let target = Name::with("Link", home.raw(), 0);
    let target = program.done("the target", registry::open(&target, KEY_READ, 0));
    program.require("no link", !is_link(&target));
}

fn circles(program: &Program, home: &Handle, link: &Handle) {
    let second = new_with(program, home, "Second", "", REG_OPTION_CREATE_LINK);
    lead(program, link, "\\Links\\Second");
    lead(program, &second, "\\Links\\Link");
    let status = status_of(home, "Link");
    program.require("round and round", !status.is_success());
    lead(program, &second, "\\Links\\Target");
    program.check(
        "two links",
        status_of(home, "Link\\Below"),
        NtStatus::SUCCESS,
    );
    lead(program, link, "\\Links\\Link\\More");
    program.require("longer and longer", !status_of(home, "Link").is_success());
    remove(program, &second);
    // Whatever is no absolute path.
    let status = registry::set_value(link.raw(), LINK, REG_LINK, b"a\0");
    program.check("a relative one", status, NtStatus::SUCCESS);
    program.check(
        "a relative one",
        status_of(home, "Link"),
        NtStatus::OBJECT_PATH_SYNTAX_BAD,
    );
}
