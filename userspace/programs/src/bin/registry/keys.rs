//! Keys made, listed, renamed; volatile ones; times; what programs note.

use abi::access::KEY_ALL_ACCESS;
use abi::registry::*;
use nt::object::Name;
use nt::sync::Handle;
use nt::{NtStatus, Program, registry};

use crate::{is_text, new, new_with, remove, user, wide, word};

pub fn all(program: &Program) {
    let user = user(program);
    let home = new(program, &user, "Keys");
    made_once(program, &home);
    order(program, &home);
    volatile(program, &home);
    renamed(program, &home);
    times(program, &home);
    notes(program, &home);
    remove(program, &home);
}

fn made_once(program: &Program, home: &Handle) {
    let key = new_with(program, home, "Once", "The class", 0);
    let again = Name::with("ONCE", home.raw(), 0);
    let (other, done) = program.done(
        "again",
        registry::create(&again, KEY_ALL_ACCESS, "Another", REG_OPTION_VOLATILE),
    );
    program.check("it was there", done, REG_OPENED_EXISTING_KEY);
    let mut answer = [0; 64];
    let told = registry::query(other.raw(), KEY_FULL_INFORMATION, &mut answer, 64);
    program.check("its class stays", told, (NtStatus::SUCCESS, 0x2C + 18));
    program.require("its class", is_text(&answer[0x2C..0x2C + 18], "The class"));
    let deep = Name::with("None\\Below", home.raw(), 0);
    let created = registry::create(&deep, KEY_ALL_ACCESS, "", 0);
    program.check(
        "one at a time",
        created.err(),
        Some(NtStatus::OBJECT_NAME_NOT_FOUND),
    );
    let options = registry::create(&again, KEY_ALL_ACCESS, "", 0x20);
    program.check("options", options.err(), Some(NtStatus::INVALID_PARAMETER));
    for options in [REG_OPTION_VOLATILE, REG_OPTION_CREATE_LINK, 0x20] {
        let opened = registry::open(&again, KEY_ALL_ACCESS, options);
        program.check("options", opened.err(), Some(NtStatus::INVALID_PARAMETER));
    }
    for options in [REG_OPTION_BACKUP_RESTORE, REG_OPTION_DONT_VIRTUALIZE] {
        program.done("options", registry::open(&again, KEY_ALL_ACCESS, options));
    }
    remove(program, &key);
}

fn list(program: &Program, home: &Handle, expected: &[&str]) {
    let mut answer = [0; 64];
    for (number, name) in expected.iter().enumerate() {
        let (status, length) = registry::enumerate(home.raw(), number as u32, 0, &mut answer, 64);
        program.check(name, status, NtStatus::SUCCESS);
        program.check("length", length as usize, 0x10 + 2 * name.len());
        program.require(name, is_text(&answer[0x10..length as usize], name));
    }
    for past in [expected.len() as u32, u32::MAX] {
        let (status, _) = registry::enumerate(home.raw(), past, 0, &mut answer, 64);
        program.check("no more", status, NtStatus::NO_MORE_ENTRIES);
    }
}

fn order(program: &Program, home: &Handle) {
    let lasting = ["b", "C", "a"].map(|name| new(program, home, name));
    let volatile = ["D", "A0"].map(|name| new_with(program, home, name, "", REG_OPTION_VOLATILE));
    // As NT does: each kind on its own.
    list(program, home, &["a", "b", "C", "A0", "D"]);
    for key in lasting.iter().chain(&volatile) {
        remove(program, key);
    }
    list(program, home, &[]);
}

fn volatile(program: &Program, home: &Handle) {
    let key = new_with(program, home, "Volatile", "", REG_OPTION_VOLATILE);
    let at = Name::with("Below", key.raw(), 0);
    let created = registry::create(&at, KEY_ALL_ACCESS, "", 0);
    program.check(
        "lasting",
        created.err(),
        Some(NtStatus::CHILD_MUST_BE_VOLATILE),
    );
    let below = new_with(program, &key, "Below", "", REG_OPTION_VOLATILE);
    let mut answer = [0xAA; 12];
    let told = registry::query(below.raw(), KEY_FLAGS_INFORMATION, &mut answer, 12);
    program.check("flags", told, (NtStatus::SUCCESS, 12));
    program.check("volatile", word(&answer, 4), REG_FLAG_VOLATILE);
    program.check(
        "keys in it",
        registry::delete(key.raw()),
        NtStatus::CANNOT_DELETE,
    );
    remove(program, &below);
    remove(program, &key);
}

fn renamed(program: &Program, home: &Handle) {
    let (one, two) = (new(program, home, "One"), new(program, home, "Two"));
    let below = new(program, &one, "Below");
    for (name, status) in [
        ("TWO", NtStatus::CANNOT_DELETE),
        ("", NtStatus::INVALID_PARAMETER),
        ("a\\b", NtStatus::INVALID_PARAMETER),
        ("ONE", NtStatus::SUCCESS),
        ("Zero", NtStatus::SUCCESS),
    ] {
        program.check(name, registry::rename(one.raw(), name), status);
    }
    list(program, home, &["Two", "Zero"]);
    let mut name = [0_u16; 128];
    let length = program.done("below", nt::object::name_of(below.raw(), &mut name));
    let end = "\\Keys\\Zero\\Below".encode_utf16();
    let given = &name[length - 16..length];
    program.require("below too", end.eq(given.iter().copied()));
    for key in [&below, &one, &two] {
        remove(program, key);
    }
}

fn written(program: &Program, key: &Handle) -> u64 {
    let mut answer = [0; 0x28];
    let told = registry::query(key.raw(), KEY_CACHED_INFORMATION, &mut answer, 0x28);
    program.check("when", told, (NtStatus::SUCCESS, 0x28));
    wide(&answer, 0)
}

fn times(program: &Program, home: &Handle) {
    let key = new(program, home, "Times");
    // Years after 1601.
    program.require(
        "now",
        written(program, &key) > 400 * 365 * 86_400 * 10_000_000,
    );
    let change = |change: &dyn Fn() -> NtStatus, of: &Handle| {
        let status = registry::set(of.raw(), KEY_WRITE_TIME_INFORMATION, &5_i64);
        program.check("a time", status, NtStatus::SUCCESS);
        program.check("then", written(program, of), 5);
        program.check("a change", change(), NtStatus::SUCCESS);
        program.require("later", written(program, of) > 5);
    };
    change(&|| registry::set_value(key.raw(), "v", REG_NONE, &[]), &key);
    change(&|| registry::delete_value(key.raw(), "v"), &key);
    change(&|| registry::rename(key.raw(), "Timed"), &key);
    change(&|| registry::rename(key.raw(), "Times"), home);
    let at = Name::with("Below", key.raw(), 0);
    let create = || {
        let created = registry::create(&at, KEY_ALL_ACCESS, "", 0);
        created.err().unwrap_or(NtStatus::SUCCESS)
    };
    change(&create, &key);
    let below = program.done("it", registry::open(&at, KEY_ALL_ACCESS, 0));
    change(&|| registry::delete(below.raw()), &key);
    remove(program, &key);
}

fn notes(program: &Program, home: &Handle) {
    let key = new(program, home, "Notes");
    let same = Name::with("Notes", home.raw(), 0);
    let other = program.done("the same", registry::open(&same, KEY_ALL_ACCESS, 0));
    let raw = key.raw();
    for (class, value, status) in [
        (
            KEY_WOW64_FLAGS_INFORMATION,
            0x10,
            NtStatus::INVALID_PARAMETER,
        ),
        (KEY_WOW64_FLAGS_INFORMATION, 0x5, NtStatus::SUCCESS),
        (
            KEY_CONTROL_FLAGS_INFORMATION,
            0x1,
            NtStatus::INVALID_PARAMETER,
        ),
        (KEY_CONTROL_FLAGS_INFORMATION, 0xA, NtStatus::SUCCESS),
        (
            KEY_SET_HANDLE_TAGS_INFORMATION,
            0x1234_5678,
            NtStatus::SUCCESS,
        ),
        (
            KEY_SET_VIRTUALIZATION_INFORMATION,
            0x8,
            NtStatus::INVALID_PARAMETER,
        ),
        (KEY_SET_VIRTUALIZATION_INFORMATION, 0x5, NtStatus::SUCCESS),
        (KEY_SET_LAYER_INFORMATION, 0x10, NtStatus::INVALID_PARAMETER),
        (KEY_SET_LAYER_INFORMATION, 0x1, NtStatus::NOT_SUPPORTED),
        (KEY_SET_LAYER_INFORMATION, 0, NtStatus::SUCCESS),
        (4, 0, NtStatus::INVALID_INFO_CLASS),
        (99, 0, NtStatus::INVALID_INFO_CLASS),
    ] {
        program.check("a note", registry::set(raw, class, &value), status);
    }
    for class in [
        KEY_WRITE_TIME_INFORMATION,
        KEY_WOW64_FLAGS_INFORMATION,
        KEY_CONTROL_FLAGS_INFORMATION,
        KEY_SET_HANDLE_TAGS_INFORMATION,
        KEY_SET_VIRTUALIZATION_INFORMATION,
        KEY_SET_LAYER_INFORMATION,
    ] {
        let status = registry::set(raw, class, &0_u16);
        program.check("two bytes", status, NtStatus::INFO_LENGTH_MISMATCH);
    }
    let mut answer = [0; 12];
    let told = registry::query(other.raw(), KEY_FLAGS_INFORMATION, &mut answer, 12);
    program.check("flags", told, (NtStatus::SUCCESS, 12));
    let flags = [0, 4, 8].map(|at| word(&answer, at));
    program.check("of the key", flags, [5, 0, 0xA]);
    let class = KEY_VIRTUALIZATION_INFORMATION;
    let told = registry::query(other.raw(), class, &mut answer, 4);
    program.check("virtual", told, (NtStatus::SUCCESS, 4));
    program.check("as was said", word(&answer, 0), 0x14);
    for (handle, tags) in [(raw, 0x1234_5678), (other.raw(), 0)] {
        let told = registry::query(handle, KEY_HANDLE_TAGS_INFORMATION, &mut answer, 4);
        program.check("tags", told, (NtStatus::SUCCESS, 4));
        program.check("of a handle", word(&answer, 0), tags);
    }
    program.check("flushed", registry::flush(raw), NtStatus::SUCCESS);
    remove(program, &key);
}
