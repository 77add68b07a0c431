//! What rights allow, what handles are no keys, transactions there are not.

use abi::access::*;
use abi::registry::*;
use nt::object::Name;
use nt::registry::{Told, Watch};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, registry};

use crate::{new, remove, user};

static TOLD: Told = Told::new();

/// Does not wait, and is told of nothing but the end.
const FOR_NOTHING: Watch<'_> = Watch {
    filter: 0,
    waits: false,
    ..Watch::ALL
};

pub fn all(program: &Program) {
    let user = user(program);
    let home = new(program, &user, "Refused");
    let status = registry::set_value(home.raw(), "v", REG_DWORD, &[0; 4]);
    program.check("a value", status, NtStatus::SUCCESS);
    let below = new(program, &home, "Below");
    for right in [
        KEY_QUERY_VALUE,
        KEY_SET_VALUE,
        KEY_CREATE_SUB_KEY,
        KEY_ENUMERATE_SUB_KEYS,
        KEY_NOTIFY,
        KEY_CREATE_LINK,
        KEY_WRITE,
        DELETE,
        READ_CONTROL,
    ] {
        rights(program, &user, right);
    }
    generic(program, &user);
    other_objects(program);
    transactions(program, &home);
    remove(program, &below);
    remove(program, &home);
}

/// With one right alone, what needs others is refused.
fn rights(program: &Program, user: &Handle, right: u32) {
    let name = Name::with("Refused", user.raw(), 0);
    let key = program.done("a right", registry::open(&name, right, 0));
    let raw = key.raw();
    let mut buffer = [0; 128];
    let allowed = |needed: u32| right & needed == needed;
    let expect = |needed, status: NtStatus| match allowed(needed) {
        true => status,
        false => NtStatus::ACCESS_DENIED,
    };
    for class in KEY_BASIC_INFORMATION..=KEY_HANDLE_TAGS_INFORMATION {
        let needed = match class {
            KEY_NAME_INFORMATION | KEY_HANDLE_TAGS_INFORMATION => 0,
            _ => KEY_QUERY_VALUE,
        };
        let (status, _) = registry::query(raw, class, &mut buffer, 128);
        program.check("query", status, expect(needed, NtStatus::SUCCESS));
    }
    let done = NtStatus::SUCCESS;
    let (status, _) = registry::enumerate(raw, 0, 0, &mut buffer, 128);
    program.check("enumerate", status, expect(KEY_ENUMERATE_SUB_KEYS, done));
    let (status, _) = registry::query_value(raw, "v", 2, &mut buffer, 128);
    program.check("query a value", status, expect(KEY_QUERY_VALUE, done));
    let (status, _) = registry::enumerate_value(raw, 0, 0, &mut buffer, 128);
    program.check("enumerate values", status, expect(KEY_QUERY_VALUE, done));
    let many = registry::query_values(raw, ["v"], &mut buffer, 128);
    program.check("query values", many.0, expect(KEY_QUERY_VALUE, done));
    let status = registry::set_value(raw, "w", REG_NONE, &[]);
    program.check("set a value", status, expect(KEY_SET_VALUE, done));
    let status = registry::delete_value(raw, "w");
    program.check("delete a value", status, expect(KEY_SET_VALUE, done));
    let status = registry::set(raw, KEY_WOW64_FLAGS_INFORMATION, &0_u32);
    program.check("set flags", status, expect(KEY_SET_VALUE, done));
    let status = registry::set(raw, KEY_SET_HANDLE_TAGS_INFORMATION, &0_u32);
    program.check("set tags", status, done);
    let status = registry::watch(raw, FOR_NOTHING, &TOLD);
    let done_later = expect(KEY_NOTIFY, NtStatus::PENDING);
    program.check("watch", status, done_later);
    let status = registry::rename(raw, "Refused");
    program.check("rename", status, expect(KEY_WRITE, done));
    // It has a key.
    let status = registry::delete(raw);
    program.check("delete", status, expect(DELETE, NtStatus::CANNOT_DELETE));
    program.check("flush", registry::flush(raw), done);
}

fn generic(program: &Program, user: &Handle) {
    for (asked, granted) in [
        (GENERIC_READ, KEY_READ),
        (GENERIC_WRITE, KEY_WRITE),
        (GENERIC_EXECUTE, KEY_READ | KEY_CREATE_LINK),
        (GENERIC_ALL, KEY_ALL_ACCESS),
        (MAXIMUM_ALLOWED, KEY_ALL_ACCESS),
        (KEY_READ | KEY_WOW64_64KEY, KEY_READ),
    ] {
        let name = Name::with("Refused", user.raw(), 0);
        let key = program.done("rights", registry::open(&name, asked, 0));
        let basic = nt::object::basic_information(key.raw());
        let basic = program.done("rights", basic);
        program.check("granted", basic.granted_access, granted);
    }
    let name = Name::with("Refused", user.raw(), 0);
    let denied = Some(NtStatus::ACCESS_DENIED);
    program.check("none", registry::open(&name, 0, 0).err(), denied);
    program.check("none", registry::create(&name, 0, "", 0).err(), denied);
}

fn other_objects(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let mismatch = NtStatus::OBJECT_TYPE_MISMATCH;
    let mut buffer = [0; 64];
    for (handle, status) in [(event.raw(), mismatch), (0x7FF0, NtStatus::INVALID_HANDLE)] {
        program.check("delete", registry::delete(handle), status);
        program.check("flush", registry::flush(handle), status);
        program.check("rename", registry::rename(handle, "x"), status);
        let watched = registry::watch(handle, FOR_NOTHING, &TOLD);
        program.check("watch", watched, status);
        let told = registry::query(handle, 0, &mut buffer, 64);
        program.check("query", told.0, status);
        let set = registry::set_value(handle, "", REG_NONE, &[]);
        program.check("set", set, status);
        let below = Name::with("x", handle, 0);
        let opened = registry::open(&below, KEY_READ, 0);
        program.check("open", opened.err(), Some(status));
        let created = registry::create(&below, KEY_READ, "", 0);
        program.check("create", created.err(), Some(status));
    }
}

/// No handle is one of a transaction.
fn transactions(program: &Program, home: &Handle) {
    let name = Name::with("Transacted", home.raw(), 0);
    for (handle, status) in [
        (home.raw(), NtStatus::OBJECT_TYPE_MISMATCH),
        (0, NtStatus::INVALID_HANDLE),
        (0x7FF0, NtStatus::INVALID_HANDLE),
    ] {
        let created = registry::create_transacted(&name, KEY_READ, handle);
        program.check("create", created.err(), Some(status));
        for is_extended in [false, true] {
            let opened = registry::open_transacted(&name, KEY_READ, handle, is_extended);
            program.check("open", opened.err(), Some(status));
        }
    }
    let missing = Some(NtStatus::OBJECT_NAME_NOT_FOUND);
    program.check("nothing", registry::open(&name, KEY_READ, 0).err(), missing);
}
