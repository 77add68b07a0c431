//! Names of files, ranges of them, and volumes: changed, listed, locked.
use abi::access::DELETE;
use abi::file::*;
use abi::object::OBJ_CASE_INSENSITIVE;
use nt::file::name;
use nt::file::{self, How};
use nt::object::Name;
use nt::sync::Handle;
use nt::volume::{lock, new_name, query, rename, set, unlock};
use nt::{NtStatus, Program};

use crate::grow::{Grow, MOST};
use crate::walk::{Walk, done, walk, walk_and_undo};

const DIRECTORY: &str = "\\??\\C:\\failing names";
const OTHER: &str = "\\??\\C:\\failing names\\other";
/// Longer than the names that are made with a file.
const LONG: &str = "a name that is so much longer than the other one that it needs memory";
const ALL: u32 = FILE_READ_DATA | FILE_WRITE_DATA | FILE_READ_ATTRIBUTES | DELETE;

pub fn all(program: &Program) {
    let directory = make(program, DIRECTORY, FILE_DIRECTORY_FILE, FILE_READ_DATA);
    let file = make(program, OTHER, 0, ALL);
    renamed(program, &directory, &file);
    replaced(program, &directory);
    listed(program);
    locked(program, &file);
    volumes(program, &file);
    drop((file, directory));
    for path in [OTHER, DIRECTORY] {
        let status = file::delete(&name(path));
        program.check(path, status, NtStatus::SUCCESS);
    }
}

fn make(program: &Program, path: &str, options: u32, access: u32) -> Handle {
    let how = How::open(access, FILE_SHARE_VALID_FLAGS).disposed(FILE_CREATE);
    program
        .done(path, file::create(&name(path), how.with(options)))
        .0
}

fn in_directory(directory: &Handle, part: &str) -> Result<Handle, NtStatus> {
    let name = Name::with(part, directory.raw(), OBJ_CASE_INSENSITIVE);
    Ok(file::create(&name, How::open(ALL, FILE_SHARE_VALID_FLAGS))?.0)
}

fn check_there(program: &Program, directory: &Handle, there: &str, absent: &str) {
    program.done(there, in_directory(directory, there));
    let found = in_directory(directory, absent).err();
    program.check(absent, found, Some(NtStatus::OBJECT_NAME_NOT_FOUND));
}

/// A name that could not be changed is the old one, and nothing has the new one.
fn renamed(program: &Program, directory: &Handle, file: &Handle) {
    let whole = "\\??\\C:\\failing names\\third";
    for (what, root, new, part) in [
        ("rename", 0, LONG, LONG),
        ("rename by path", 0, whole, "third"),
        ("rename from a directory", directory.raw(), LONG, LONG),
        ("change case", 0, "OTHER", "other"),
    ] {
        let steps = Walk {
            call: &mut || done(rename(file, root, new, Err(false))),
            undo: &mut |()| {
                program.done("renamed", in_directory(directory, part));
                let back = rename(file, 0, "other", Err(false));
                program.check("back", back, NtStatus::SUCCESS);
            },
            untouched: &mut || match part {
                "other" => (),
                _ => check_there(program, directory, "other", part),
            },
        };
        steps.run(program, what);
    }
    walk(program, "no hard link", || {
        let class = FILE_LINK_INFORMATION;
        done(new_name(file, class, directory.raw(), "link", 0))
    });
}

/// What is to give way stays as long as nothing has its name.
fn replaced(program: &Program, directory: &Handle) {
    const POSIX: u32 = FILE_RENAME_REPLACE_IF_EXISTS | FILE_RENAME_POSIX_SEMANTICS;
    let (target, source) = (
        "\\??\\C:\\failing names\\target",
        "\\??\\C:\\failing names\\source",
    );
    for (what, flags) in [("replace", Err(true)), ("replace what is open", Ok(POSIX))] {
        let make_target = || {
            let target = make(program, target, 0, ALL);
            program.check("what is in it", file::write(&target, None, b"four"), Ok(4));
        };
        make_target();
        let file = make(program, source, 0, ALL);
        let steps = Walk {
            call: &mut || done(rename(&file, 0, "target", flags)),
            undo: &mut |()| {
                let back = rename(&file, 0, "source", Err(false));
                program.check("back", back, NtStatus::SUCCESS);
                make_target();
            },
            untouched: &mut || {
                let found = program.done("the target", in_directory(directory, "target"));
                let read = file::read(&found, Some(0), &mut [0; 8]);
                program.check("what is in it", read, Ok(4));
                program.done("the source", in_directory(directory, "source"));
            },
        };
        steps.run(program, what);
        drop(file);
        for path in [target, source] {
            program.check(path, file::delete(&name(path)), NtStatus::SUCCESS);
        }
    }
}

/// By an opening of its own each time, since it keeps where the listing is.
fn listed(program: &Program) {
    let mut bytes = [0; 0x200];
    for class in [
        FILE_DIRECTORY_INFORMATION,
        FILE_FULL_DIRECTORY_INFORMATION,
        FILE_BOTH_DIRECTORY_INFORMATION,
        FILE_NAMES_INFORMATION,
    ] {
        for mask in [None, Some("*"), Some("o?her"), Some("other")] {
            walk(program, "list", || {
                let how = How::open(FILE_READ_DATA, FILE_SHARE_VALID_FLAGS);
                let (opened, _) = file::create(&name(DIRECTORY), how)?;
                let listing = (false, false);
                done(file::list(&opened, class, mask, listing, &mut bytes).0)
            });
        }
    }
}

/// A range that could not be locked is free.
fn locked(program: &Program, file: &Handle) {
    let range = |index: usize| (4 * index as u64, 2);
    let at_once = (true, true);
    walk_and_undo(
        program,
        "lock a range",
        || done(lock(file, range(0), 0, at_once)),
        |()| program.check("unlock", unlock(file, range(0), 0), NtStatus::SUCCESS),
    );
    let steps = Grow {
        call: &mut |index| done(lock(file, range(index), 0, at_once)),
        undo: &mut |index, ()| {
            let status = unlock(file, range(index), 0);
            program.check("unlock", status, NtStatus::SUCCESS);
        },
        untouched: &mut |index| {
            let status = unlock(file, range(index), 0);
            program.check("not locked", status, NtStatus::RANGE_NOT_LOCKED);
        },
    };
    steps.run(program, "lock ranges", MOST);
}

fn volumes(program: &Program, file: &Handle) {
    let mut bytes = [0; 0x80];
    for class in 1..12 {
        if query(file, class, &mut bytes).0.is_success() {
            walk(program, "a volume", || {
                done(query(file, class, &mut bytes).0)
            });
        }
    }
    const LABEL: [u8; 6] = [2, 0, 0, 0, b'A', 0];
    let access = FILE_READ_DATA | FILE_WRITE_DATA;
    let how = How::open(access, FILE_SHARE_VALID_FLAGS);
    let volume = program
        .done("the volume", file::create(&name("\\??\\C:"), how))
        .0;
    let class = FILE_FS_LABEL_INFORMATION;
    walk(program, "label a volume", || {
        done(set(&volume, class, &LABEL))
    });
    program.check("no label", set(&volume, class, &[0; 8]), NtStatus::SUCCESS);
}
