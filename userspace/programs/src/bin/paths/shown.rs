//! Files that sections show: what of deleting and replacing they stop.
use super::*;
use abi::io::CURRENT_PROCESS;
use abi::memory::PAGE_READONLY;
use abi::section::SEC_COMMIT;
use nt::memory::Range;
use nt::section;
use nt::volume::rename;

const PATH: &str = "\\??\\C:\\paths\\shown";
const OTHER: &str = "\\??\\C:\\paths\\other";
const POSIX: u32 = FILE_DISPOSITION_DELETE | FILE_DISPOSITION_POSIX_SEMANTICS;
const STRICT: u32 = POSIX | FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK;
const REPLACES: u32 = FILE_RENAME_REPLACE_IF_EXISTS | FILE_RENAME_POSIX_SEMANTICS;

/// What shows the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    /// Nothing does.
    Not,
    /// A section.
    BySection,
    /// A section with a view.
    ByBoth,
    /// A view whose section is closed.
    ByView,
}

const OK: NtStatus = NtStatus::SUCCESS;
const STAYS: NtStatus = NtStatus::CANNOT_DELETE;
const MAPPED: NtStatus = NtStatus::USER_MAPPED_FILE;
const DENIED: NtStatus = NtStatus::ACCESS_DENIED;

/// A call on the file, by its name or by its opening; how it ends when nothing shows
/// the file and when something does; whether the file has its name then.
type Row = (
    &'static str,
    fn(&Program, &Handle) -> NtStatus,
    (NtStatus, bool),
    (NtStatus, bool),
);

const TABLE: [Row; 12] = [
    (
        "delete",
        |_, file| file::set(file, FILE_DISPOSITION_INFORMATION, &1_u8),
        (OK, false),
        (STAYS, true),
    ),
    (
        "delete by the newer class",
        |_, file| newly(file, FILE_DISPOSITION_DELETE),
        (OK, false),
        (STAYS, true),
    ),
    (
        "take the name",
        |_, file| newly(file, POSIX),
        (OK, false),
        (OK, false),
    ),
    // It is no image.
    (
        "take the name unless it runs",
        |_, file| newly(file, STRICT),
        (OK, false),
        (OK, false),
    ),
    (
        "delete by name",
        |_, _| file::delete(&name(PATH)),
        (OK, false),
        (OK, false),
    ),
    (
        "shorten",
        |_, file| file::set(file, FILE_END_OF_FILE_INFORMATION, &1_u64),
        (OK, true),
        (MAPPED, true),
    ),
    (
        "lengthen",
        |_, file| file::set(file, FILE_END_OF_FILE_INFORMATION, &0x9000_u64),
        (OK, true),
        (OK, true),
    ),
    (
        "overwrite",
        |_, _| disposed(FILE_OVERWRITE_IF),
        (OK, true),
        (MAPPED, true),
    ),
    (
        "supersede",
        |_, _| disposed(FILE_SUPERSEDE),
        (OK, true),
        (MAPPED, true),
    ),
    (
        "rename it",
        |_, file| rename(file, 0, "other", Err(false)),
        (OK, false),
        (OK, false),
    ),
    // It is open, which is enough.
    (
        "replace it",
        |program, _| replaced(program, Err(true)),
        (DENIED, true),
        (DENIED, true),
    ),
    (
        "replace it, open as it is",
        |program, _| replaced(program, Ok(REPLACES)),
        (OK, true),
        (OK, true),
    ),
];

pub fn all(program: &Program) {
    for (what, operation, unshown, shown) in TABLE {
        for state in [Shown::Not, Shown::BySection, Shown::ByBoth, Shown::ByView] {
            let file = make(program, PATH, 0);
            let written = file::write(&file, Some(0), b"shown");
            program.check("what is in it", written, Ok(5));
            let (section, view) = enter(program, state, &file);
            let status = operation(program, &file);
            let (expected, is_there) = match state {
                Shown::Not => unshown,
                _ => shown,
            };
            program.check(what, (state, status), (state, expected));
            drop(file);
            let found = status_of(open(PATH, FILE_READ_ATTRIBUTES)) == OK;
            program.check(what, (state, found), (state, is_there));
            leave(program, section, view);
            for path in [PATH, OTHER] {
                // One of them is there at most.
                let _ = file::delete(&name(path));
            }
        }
    }
}

fn newly(file: &Handle, flags: u32) -> NtStatus {
    file::set(file, FILE_DISPOSITION_INFORMATION_EX, &flags)
}

fn disposed(disposition: u32) -> NtStatus {
    let how = How::open(READ, SHARE_ALL).disposed(disposition);
    status_of(file::create(&name(PATH), how))
}

fn replaced(program: &Program, flags: Result<u32, bool>) -> NtStatus {
    rename(&make(program, OTHER, 0), 0, "shown", flags)
}

fn enter(program: &Program, state: Shown, file: &Handle) -> (Option<Handle>, Option<Range>) {
    if state == Shown::Not {
        return (None, None);
    }
    let made = file::section(file, 0, PAGE_READONLY, SEC_COMMIT);
    let made = program.done("a section", made);
    if state == Shown::BySection {
        return (Some(made), None);
    }
    let view = program.done("a view", section::map(&made, PAGE_READONLY));
    match state {
        Shown::ByView => (None, Some(view)),
        _ => (Some(made), Some(view)),
    }
}

/// Takes away what shows the file; a view does so to the end, whatever was done.
fn leave(program: &Program, section: Option<Handle>, view: Option<Range>) {
    drop(section);
    if let Some(view) = view {
        let mut bytes = [0; 5];
        let (status, count) = section::read_memory(CURRENT_PROCESS, view.base, &mut bytes);
        program.check("the view", (status, count), (OK, 5));
        program.check("what it shows", &bytes, b"shown");
        // SAFETY: nothing uses the view.
        let status = unsafe { section::unmap(CURRENT_PROCESS, view.base) };
        program.check("unmap", status, OK);
    }
}
