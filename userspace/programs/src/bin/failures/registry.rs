//! Keys and values: made, set, asked about, renamed, deleted.
use abi::access::KEY_ALL_ACCESS;
use abi::registry::*;
use abi::security::DACL_SECURITY_INFORMATION;
use nt::object::Name;
use nt::registry::{Told, Watch};
use nt::sync::Handle;
use nt::{NtStatus, Program, registry, security};

use crate::files::DESCRIPTOR;
use crate::grow::{Grow, MOST};
use crate::walk::{Walk, done, walk, walk_and_undo};

/// The key of the user, where programs may do as they like.
const USER: &str = "\\Registry\\User\\S-1-5-21-0-0-0-1000";
const BYTES: usize = 0x200;

pub fn all(program: &Program) {
    let user = registry::open(&Name::new(USER), KEY_ALL_ACCESS, 0);
    let user = program.done("the user's key", user);
    let own = create(&user, "failing", 0);
    let (own, _) = program.done("a key", own);
    keys(program, &own);
    many(program, &own);
    values(program, &own);
    asked(program, &own);
    renamed(program, &own);
    watched(program, &user, &own);
    program.check("delete", registry::delete(own.raw()), NtStatus::SUCCESS);
}

static TOLD: Told = Told::new();

/// Closing the key ends what waits.
fn watched(program: &Program, user: &Handle, own: &Handle) {
    let software = Name::new("\\Registry\\Machine\\Software");
    for (what, others) in [
        ("watch a key", (0, None)),
        ("watch two keys", (1, Some(&software))),
    ] {
        walk(program, what, || {
            let key = open(user, "failing")?;
            let how = Watch {
                waits: false,
                others,
                ..Watch::ALL
            };
            done(registry::watch(key.raw(), how, &TOLD))?;
            Ok(key)
        });
    }
    // Telling of a change takes no more.
    let key = program.done("a key", open(user, "failing"));
    let watch = || {
        let how = Watch {
            waits: false,
            ..Watch::ALL
        };
        registry::watch(key.raw(), how, &TOLD)
    };
    program.check("it waits", watch(), NtStatus::PENDING);
    let steps = Walk {
        call: &mut || done(set(own, "value", &[1])),
        undo: &mut |()| {
            let status = registry::delete_value(own.raw(), "value");
            program.check("delete a value", status, NtStatus::SUCCESS);
            program.check("remembered", watch(), NtStatus::SUCCESS);
            program.check("it waits", watch(), NtStatus::PENDING);
        },
        untouched: &mut || no_value(program, own, "value"),
    };
    steps.run(program, "change what is watched");
}

fn create(parent: &Handle, name: &str, options: u32) -> Result<(Handle, u32), NtStatus> {
    let name = Name::with(name, parent.raw(), 0);
    registry::create(&name, KEY_ALL_ACCESS, "a class", options)
}

fn open(parent: &Handle, name: &str) -> Result<Handle, NtStatus> {
    registry::open(&Name::with(name, parent.raw(), 0), KEY_ALL_ACCESS, 0)
}

fn remove(program: &Program, key: &Handle) {
    program.check("delete", registry::delete(key.raw()), NtStatus::SUCCESS);
}

fn absent(program: &Program, parent: &Handle, name: &str) {
    let found = open(parent, name).err();
    program.check(name, found, Some(NtStatus::OBJECT_NAME_NOT_FOUND));
}

fn keys(program: &Program, own: &Handle) {
    for (what, options) in [
        ("create a key", 0),
        ("create a volatile key", REG_OPTION_VOLATILE),
        (
            "create a link",
            REG_OPTION_CREATE_LINK | REG_OPTION_VOLATILE,
        ),
    ] {
        let steps = Walk {
            call: &mut || create(own, "made", options),
            undo: &mut |(made, _)| remove(program, &made),
            untouched: &mut || absent(program, own, "made"),
        };
        steps.run(program, what);
    }
    described(program, own);
    let (kept, _) = program.done("a key", create(own, "kept", 0));
    walk(program, "open a key", || open(own, "kept"));
    walk(program, "create what is there", || create(own, "kept", 0));
    walk(program, "open by its whole name", || {
        let path = "\\Registry\\User\\S-1-5-21-0-0-0-1000\\failing\\kept";
        registry::open(&Name::new(path), KEY_ALL_ACCESS, 0)
    });
    walk(program, "flush", || done(registry::flush(kept.raw())));
    drop(kept);
    let again = || program.done("the key", open(own, "kept"));
    let steps = Walk {
        call: &mut || done(registry::delete(open(own, "kept")?.raw())),
        undo: &mut |()| drop(program.done("a key", create(own, "kept", 0))),
        untouched: &mut || drop(again()),
    };
    steps.run(program, "delete a key");
    remove(program, &again());
}

/// Nothing is left of a key that could not have its descriptor.
fn described(program: &Program, own: &Handle) {
    let make = || {
        let name = Name::with("made", own.raw(), 0);
        let name = name.described(DESCRIPTOR.as_ptr() as u64);
        registry::create(&name, KEY_ALL_ACCESS, "", 0)
    };
    let steps = Walk {
        call: &mut || make(),
        undo: &mut |(made, _)| remove(program, &made),
        untouched: &mut || absent(program, own, "made"),
    };
    steps.run(program, "create a key with a descriptor");
    let (made, _) = program.done("a key", make());
    walk(program, "give a key another descriptor", || {
        let parts = DACL_SECURITY_INFORMATION;
        done(security::set(made.raw(), parts, &DESCRIPTOR))
    });
    remove(program, &made);
}

/// A name of its own.
struct Numbered([u8; 4]);

impl Numbered {
    fn new(number: usize) -> Self {
        let digit = |part: usize| b'0' + (number / part % 10) as u8;
        Self([b'n', digit(100), digit(10), digit(1)])
    }

    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// So many that lists have to grow.
fn many(program: &Program, own: &Handle) {
    let steps = Grow {
        call: &mut |index| create(own, Numbered::new(index).as_str(), 0),
        undo: &mut |_, (made, _)| remove(program, &made),
        untouched: &mut |index| absent(program, own, Numbered::new(index).as_str()),
    };
    steps.run(program, "create keys", MOST);
    let steps = Grow {
        call: &mut |index| done(set(own, Numbered::new(index).as_str(), &[1; 9])),
        undo: &mut |index, ()| {
            let status = registry::delete_value(own.raw(), Numbered::new(index).as_str());
            program.check("delete a value", status, NtStatus::SUCCESS);
        },
        untouched: &mut |index| no_value(program, own, Numbered::new(index).as_str()),
    };
    steps.run(program, "set values", MOST);
}

fn set(key: &Handle, name: &str, data: &[u8]) -> NtStatus {
    registry::set_value(key.raw(), name, REG_BINARY, data)
}

fn no_value(program: &Program, key: &Handle, name: &str) {
    let found = length_of(key, name);
    program.check(name, found, Err(NtStatus::OBJECT_NAME_NOT_FOUND));
}

/// How long a value's data is.
fn length_of(key: &Handle, name: &str) -> Result<u32, NtStatus> {
    let mut bytes = [0; BYTES];
    let class = KEY_VALUE_PARTIAL_INFORMATION;
    let (status, _) = registry::query_value(key.raw(), name, class, &mut bytes, BYTES);
    done(status)?;
    Ok(u32::from_le_bytes([
        bytes[8], bytes[9], bytes[10], bytes[11],
    ]))
}

/// A value that could not be set is as it was.
fn values(program: &Program, own: &Handle) {
    for (what, data) in [
        ("set a value", &[1; 8][..]),
        ("set a long value", &[2; 300]),
    ] {
        let steps = Walk {
            call: &mut || done(set(own, "value", data)),
            undo: &mut |()| {
                let status = registry::delete_value(own.raw(), "value");
                program.check("delete", status, NtStatus::SUCCESS);
            },
            untouched: &mut || no_value(program, own, "value"),
        };
        steps.run(program, what);
    }
    let short = || program.check("short", set(own, "value", &[1; 3]), NtStatus::SUCCESS);
    short();
    let steps = Walk {
        call: &mut || done(set(own, "value", &[2; 300])),
        undo: &mut |()| short(),
        untouched: &mut || program.check("as it was", length_of(own, "value"), Ok(3)),
    };
    steps.run(program, "set another value");
    let steps = Walk {
        call: &mut || done(registry::delete_value(own.raw(), "value")),
        undo: &mut |()| short(),
        untouched: &mut || program.check("as it was", length_of(own, "value"), Ok(3)),
    };
    steps.run(program, "delete a value");
}

/// Questions of every class: the key has one value.
fn asked(program: &Program, own: &Handle) {
    let (inner, _) = program.done("a key", create(own, "inner", 0));
    let key = own.raw();
    let mut bytes = [0; BYTES];
    for class in 0..16 {
        if registry::query(key, class, &mut bytes, BYTES)
            .0
            .is_success()
        {
            walk(program, "ask a key", || {
                done(registry::query(key, class, &mut bytes, BYTES).0)
            });
        }
        if registry::enumerate(key, 0, class, &mut bytes, BYTES)
            .0
            .is_success()
        {
            walk(program, "enumerate keys", || {
                done(registry::enumerate(key, 0, class, &mut bytes, BYTES).0)
            });
        }
        let ask = |bytes: &mut [u8]| registry::query_value(key, "value", class, bytes, BYTES).0;
        if ask(&mut bytes).is_success() {
            walk(program, "ask a value", || done(ask(&mut bytes)));
        }
        let ask = |bytes: &mut [u8]| registry::enumerate_value(key, 0, class, bytes, BYTES).0;
        if ask(&mut bytes).is_success() {
            walk(program, "enumerate values", || done(ask(&mut bytes)));
        }
    }
    walk(program, "ask several values", || {
        done(registry::query_values(key, ["value", "VALUE"], &mut bytes, BYTES as u32).0)
    });
    remove(program, &inner);
}

/// A key that could not be renamed has its old name.
fn renamed(program: &Program, own: &Handle) {
    let (inner, _) = program.done("a key", create(own, "inner", 0));
    let key = inner.raw();
    let back = || program.check("back", registry::rename(key, "inner"), NtStatus::SUCCESS);
    walk_and_undo(
        program,
        "rename to the same",
        || done(registry::rename(key, "inner")),
        |()| (),
    );
    let steps = Walk {
        call: &mut || {
            done(registry::rename(
                key,
                "a name that is longer than the old one",
            ))
        },
        undo: &mut |()| back(),
        untouched: &mut || {
            program.done("its name", open(own, "inner"));
        },
    };
    steps.run(program, "rename a key");
    remove(program, &inner);
}
