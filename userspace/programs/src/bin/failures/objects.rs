//! Objects made and opened, with names and without, and their handles.
use abi::memory::PAGE_READWRITE;
use abi::object::{DUPLICATE_SAME_ACCESS, IO_COMPLETION_RESERVE, OBJ_OPENIF, USER_APC_RESERVE};
use abi::section::SEC_COMMIT;
use nt::object::{self, Name, Open, open};
use nt::sync::{ALL_ACCESS, Handle, event, made};
use nt::{NtStatus, Program, call};

use crate::walk::{Walk, walk};

/// A kind of objects: its name, and calls that make one by a handle's address and
/// that of attributes, and that open one.
struct Kind {
    name: &'static str,
    create: fn(u64, u64) -> NtStatus,
    open: Open,
}

const SIZE: u64 = 0x3000;
const DIRECTORY: &str = "\\BaseNamedObjects\\Failing";

/// The call by its stub, with what it is given behind the attributes.
macro_rules! kind {
    ($name:literal, $create:ident($($argument:expr),*), $open:ident) => {
        Kind {
            name: $name,
            // SAFETY: writes the handle, reads the attributes.
            create: |at, attributes| unsafe { call::$create(at, ALL_ACCESS, attributes, $($argument),*) },
            open: call::$open,
        }
    };
}

const KINDS: [Kind; 10] = [
    kind!("event", nt_create_event(0, 0), nt_open_event),
    kind!("semaphore", nt_create_semaphore(0, 1), nt_open_semaphore),
    kind!("mutant", nt_create_mutant(0), nt_open_mutant),
    kind!("owned mutant", nt_create_mutant(1), nt_open_mutant),
    kind!("timer", nt_create_timer(0), nt_open_timer),
    kind!("keyed event", nt_create_keyed_event(0), nt_open_keyed_event),
    kind!(
        "directory",
        nt_create_directory_object(),
        nt_open_directory_object
    ),
    kind!(
        "completion port",
        nt_create_io_completion(0),
        nt_open_io_completion
    ),
    kind!("job", nt_create_job_object(), nt_open_job_object),
    kind!(
        "section",
        nt_create_section(
            &raw const SIZE_AT as u64,
            PAGE_READWRITE as u64,
            SEC_COMMIT as u64,
            0
        ),
        nt_open_section
    ),
];
static SIZE_AT: u64 = SIZE;

pub fn all(program: &Program) {
    let house = Name::new(DIRECTORY);
    let house = open(call::nt_create_directory_object, &house);
    let house = program.done("a directory", house);
    for kind in &KINDS {
        program.require("a name to print", !kind.name.is_empty());
        nt::println!(
            "{}, without a name, made, made or opened, opened:",
            kind.name
        );
        walk(program, kind.name, || made(|at| (kind.create)(at, 0)));
        let name = Name::with("Thing", house.raw(), 0);
        let make = || name.with_attributes(|attributes| made(|at| (kind.create)(at, attributes)));
        let is_new = || absent(program, kind.open, &name);
        named(program, kind.name, make, is_new);
        let either = Name::with("Thing", house.raw(), OBJ_OPENIF);
        let make_or_open =
            || either.with_attributes(|attributes| made(|at| (kind.create)(at, attributes)));
        named(program, kind.name, make_or_open, is_new);
        let kept = program.done("one to open", make());
        walk(program, kind.name, make_or_open);
        walk(program, kind.name, || open(kind.open, &name));
        drop(kept);
        is_new();
    }
    links(program, &house);
    duplicates(program);
    for (what, kind) in [
        ("room for a call", USER_APC_RESERVE),
        ("room for a packet", IO_COMPLETION_RESERVE),
    ] {
        walk(program, what, || nt::object::reserve(kind));
    }
}

fn named(
    program: &Program,
    what: &str,
    mut make: impl FnMut() -> Result<Handle, NtStatus>,
    mut is_new: impl FnMut(),
) {
    let steps = Walk {
        call: &mut make,
        undo: &mut |made| drop(made),
        untouched: &mut is_new,
    };
    steps.run(program, what);
}

fn absent(program: &Program, stub: Open, name: &Name) {
    let found = open(stub, name).err();
    program.check("no name", found, Some(NtStatus::OBJECT_NAME_NOT_FOUND));
}

fn links(program: &Program, house: &Handle) {
    let name = Name::with("Link", house.raw(), 0);
    let make = || object::create_link(&name, "\\BaseNamedObjects");
    let is_new = || absent(program, call::nt_open_symbolic_link_object, &name);
    named(program, "link", make, is_new);
    let _link = program.done("a link", make());
    let inside = Name::with("Link\\Through", house.raw(), 0);
    walk(program, "event through a link", || {
        object::create_event(&inside).1
    });
    walk(program, "link, opened", || {
        open(call::nt_open_symbolic_link_object, &name)
    });
}

fn duplicates(program: &Program) {
    let one = program.done("an event", event(true, false));
    walk(program, "duplicate", || {
        object::duplicate(one.raw(), 0, 0, DUPLICATE_SAME_ACCESS)
    });
    // So many that the table of handles has to grow.
    walk(program, "many duplicates", || {
        let mut all = [const { None }; 600];
        for place in &mut all {
            *place = Some(object::duplicate(one.raw(), 0, 0, DUPLICATE_SAME_ACCESS)?);
        }
        Ok(all)
    });
}
