//! Keys that were deleted while they were open.

use abi::access::KEY_ALL_ACCESS;
use abi::registry::*;
use nt::object::{self, Name};
use nt::registry::{Told, Watch};
use nt::{NtStatus, Program, registry};

use crate::{new, remove, status_of, user};

static TOLD: Told = Told::new();

pub fn all(program: &Program) {
    let user = user(program);
    let outer = new(program, &user, "Deleted");
    let inner = new(program, &outer, "Inner");
    let same = Name::with("Inner", outer.raw(), 0);
    let other = program.done("twice", registry::open(&same, KEY_ALL_ACCESS, 0));
    let status = registry::set_value(inner.raw(), "v", REG_SZ, &[1; 64]);
    program.check("a value", status, NtStatus::SUCCESS);
    let in_the_way = registry::delete(outer.raw());
    program.check("keys in it", in_the_way, NtStatus::CANNOT_DELETE);
    remove(program, &inner);
    let missing = NtStatus::OBJECT_NAME_NOT_FOUND;
    program.check("gone", status_of(&outer, "Inner"), missing);
    // A new key of the name is another.
    let again = new(program, &outer, "Inner");
    for key in [inner.raw(), other.raw()] {
        refused(program, key);
    }
    for name in ["", "Below"] {
        program.check(name, status_of(&other, name), NtStatus::KEY_DELETED);
        let created = registry::create(&Name::with(name, other.raw(), 0), KEY_ALL_ACCESS, "", 0);
        program.check(name, created.err(), Some(NtStatus::KEY_DELETED));
    }
    remove(program, &again);
    remove(program, &outer);
}

fn refused(program: &Program, key: u64) {
    let mut answer = [0; 64];
    let buffer = &mut answer;
    let statuses = [
        registry::delete(key),
        registry::flush(key),
        registry::watch(key, Watch::ALL, &TOLD),
        registry::rename(key, "Other"),
        registry::set_value(key, "v", REG_SZ, &[]),
        registry::delete_value(key, "v"),
        registry::set(key, KEY_WRITE_TIME_INFORMATION, &1_i64),
        registry::set(key, KEY_WOW64_FLAGS_INFORMATION, &1_u32),
        registry::set(key, KEY_CONTROL_FLAGS_INFORMATION, &2_u32),
        registry::query_value(key, "v", 2, buffer, 64).0,
        registry::enumerate_value(key, 0, 0, buffer, 64).0,
        registry::enumerate(key, 0, 0, buffer, 64).0,
        registry::query_values(key, ["v"], buffer, 64).0,
        object::name_of(key, &mut [0; 4])
            .err()
            .unwrap_or(NtStatus::SUCCESS),
    ];
    for (number, status) in statuses.into_iter().enumerate() {
        let deleted = NtStatus::KEY_DELETED;
        program.check("of a deleted key", (number, status), (number, deleted));
    }
    for class in KEY_BASIC_INFORMATION..=KEY_HANDLE_TAGS_INFORMATION {
        let (status, _) = registry::query(key, class, buffer, 64);
        program.check(
            "of a deleted key",
            (class, status),
            (class, NtStatus::KEY_DELETED),
        );
    }
}
