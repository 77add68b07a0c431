//! Files that are being deleted: what each call still does with them.
use super::*;
use nt::call;
use nt::volume::rename;

const PATH: &str = "\\??\\C:\\paths\\going";
const OTHER: &str = "\\??\\C:\\paths\\other";
const POSIX: u32 = FILE_DISPOSITION_DELETE | FILE_DISPOSITION_POSIX_SEMANTICS;
const REPLACES: u32 = FILE_RENAME_REPLACE_IF_EXISTS | FILE_RENAME_POSIX_SEMANTICS;

/// How a file came to be deleted, and who has it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Its only opening deletes it.
    Marked,
    /// By the newer class.
    MarkedNewly,
    /// With POSIX semantics: the name goes when this opening is closed.
    Posix,
    /// It is, and another has the file open.
    PosixClosed,
    /// Its opening is to delete it, but has not been closed.
    OnClose,
    /// It has, and another has the file open.
    OnCloseClosed,
    /// It was marked, and the mark was taken back.
    TakenBack,
}

const STATES: [State; 7] = [
    State::Marked,
    State::MarkedNewly,
    State::Posix,
    State::PosixClosed,
    State::OnClose,
    State::OnCloseClosed,
    State::TakenBack,
];

const OK: NtStatus = NtStatus::SUCCESS;
const PENDING: NtStatus = NtStatus::DELETE_PENDING;
const NO_NAME: NtStatus = NtStatus::OBJECT_NAME_NOT_FOUND;
const TAKEN: NtStatus = NtStatus::OBJECT_NAME_COLLISION;
const DENIED: NtStatus = NtStatus::ACCESS_DENIED;
const DELETED: NtStatus = NtStatus::FILE_DELETED;

/// A call on the file, by its name or by an opening that is left.
type Operation = fn(&Program, &Handle) -> NtStatus;

/// An operation, and how it ends in each of [`STATES`].
const TABLE: [(&str, Operation, [NtStatus; STATES.len()]); 16] = [
    (
        "open",
        |_, _| disposed(FILE_OPEN),
        [PENDING, PENDING, PENDING, NO_NAME, OK, PENDING, OK],
    ),
    (
        "create",
        |_, _| disposed(FILE_CREATE),
        [PENDING, PENDING, PENDING, OK, TAKEN, PENDING, TAKEN],
    ),
    (
        "open or create",
        |_, _| disposed(FILE_OPEN_IF),
        [PENDING, PENDING, PENDING, OK, OK, PENDING, OK],
    ),
    (
        "overwrite",
        |_, _| disposed(FILE_OVERWRITE),
        [PENDING, PENDING, PENDING, NO_NAME, OK, PENDING, OK],
    ),
    (
        "overwrite or create",
        |_, _| disposed(FILE_OVERWRITE_IF),
        [PENDING, PENDING, PENDING, OK, OK, PENDING, OK],
    ),
    (
        "supersede",
        |_, _| disposed(FILE_SUPERSEDE),
        [PENDING, PENDING, PENDING, OK, OK, PENDING, OK],
    ),
    (
        "create a directory",
        |_, _| {
            let how = How::open(READ, SHARE_ALL).disposed(FILE_CREATE);
            let how = how.with(FILE_DIRECTORY_FILE | FILE_DELETE_ON_CLOSE);
            let how = How {
                access: READ | DELETE,
                ..how
            };
            status_of(file::create(&name(PATH), how))
        },
        [PENDING, PENDING, PENDING, OK, TAKEN, PENDING, TAKEN],
    ),
    (
        "ask by name",
        |_, _| {
            let stub = call::nt_query_attributes_file;
            status_of(file::attributes_of::<FileBasicInformation>(
                stub,
                &name(PATH),
            ))
        },
        [PENDING, PENDING, PENDING, NO_NAME, OK, PENDING, OK],
    ),
    (
        "delete by name",
        |_, _| file::delete(&name(PATH)),
        [PENDING, PENDING, PENDING, NO_NAME, OK, PENDING, OK],
    ),
    (
        "rename another to it",
        |program, _| renamed(program, Err(false)),
        [TAKEN, TAKEN, TAKEN, OK, TAKEN, TAKEN, TAKEN],
    ),
    (
        "replace it",
        |program, _| renamed(program, Err(true)),
        [DENIED, DENIED, DENIED, OK, DENIED, DENIED, DENIED],
    ),
    (
        "replace it, open as it is",
        |program, _| renamed(program, Ok(REPLACES)),
        [DENIED, DENIED, DENIED, OK, OK, DENIED, OK],
    ),
    (
        "rename it",
        |_, file| rename(file, 0, "renamed", Err(false)),
        [DENIED, DENIED, DENIED, DELETED, OK, DENIED, OK],
    ),
    (
        "write and read it",
        |program, file| {
            let mut found = [0; 4];
            let written = file::write(file, Some(0), b"data");
            program.check("written", written, Ok(4));
            status_of(file::read(file, Some(0), &mut found))
        },
        [OK; STATES.len()],
    ),
    (
        "is it being deleted",
        |program, file| {
            let class = FILE_STANDARD_INFORMATION;
            let known = file::query::<FileStandardInformation>(file, class);
            match program.done("ask", known).delete_pending {
                0 => OK,
                _ => PENDING,
            }
        },
        [PENDING, PENDING, PENDING, PENDING, OK, PENDING, OK],
    ),
    (
        "is it listed",
        |program, _| match is_listed(program) {
            true => OK,
            false => NO_NAME,
        },
        [OK, OK, OK, NO_NAME, OK, OK, OK],
    ),
];

pub fn all(program: &Program) {
    for (what, operation, expected) in TABLE {
        for (state, expected) in STATES.into_iter().zip(expected) {
            let left = enter(program, state);
            let status = operation(program, &left);
            program.check(what, (state, status), (state, expected));
            drop(left);
            clean(program);
        }
    }
    ends(program);
    taken_back(program);
    directories(program);
}

fn mark(program: &Program, file: &Handle, deletes: u8) {
    let status = file::set(file, FILE_DISPOSITION_INFORMATION, &deletes);
    program.check("mark", status, OK);
}

fn mark_newly(program: &Program, file: &Handle, flags: u32) {
    let status = file::set(file, FILE_DISPOSITION_INFORMATION_EX, &flags);
    program.check("mark newly", status, OK);
}

/// Brings the file into a state; the opening that is left.
fn enter(program: &Program, state: State) -> Handle {
    let options = match state {
        State::OnClose | State::OnCloseClosed => FILE_DELETE_ON_CLOSE,
        _ => 0,
    };
    let file = make(program, PATH, options);
    let another = || program.done("another", open(PATH, ALL));
    match state {
        State::Marked => mark(program, &file, 1),
        State::MarkedNewly => mark_newly(program, &file, FILE_DISPOSITION_DELETE),
        State::Posix => mark_newly(program, &file, POSIX),
        State::PosixClosed => {
            let another = another();
            mark_newly(program, &file, POSIX);
            return another;
        }
        State::OnClose => {}
        State::OnCloseClosed => return another(),
        State::TakenBack => {
            mark(program, &file, 1);
            mark(program, &file, 0);
        }
    }
    file
}

/// Takes away what an operation has left under any name.
fn clean(program: &Program) {
    for path in [PATH, OTHER, "\\??\\C:\\paths\\renamed"] {
        match file::delete(&name(path)) {
            OK | NO_NAME => {}
            status => program.check(path, status, OK),
        }
    }
}

fn disposed(disposition: u32) -> NtStatus {
    let how = How::open(READ, SHARE_ALL).disposed(disposition);
    status_of(file::create(&name(PATH), how))
}

fn renamed(program: &Program, flags: Result<u32, bool>) -> NtStatus {
    let other = make(program, OTHER, 0);
    rename(&other, 0, "going", flags)
}

fn is_listed(program: &Program) -> bool {
    let place = program.done("the place", open(PLACE, READ));
    let mut bytes = [0; 128];
    let mask = Some("going");
    let once = (true, true);
    let (status, _) = file::list(&place, FILE_NAMES_INFORMATION, mask, once, &mut bytes);
    match status {
        OK => true,
        status => {
            program.check("list", status, NtStatus::NO_SUCH_FILE);
            false
        }
    }
}

/// In whatever order openings are closed, the last one ends it.
fn ends(program: &Program) {
    for (state, stays) in STATES
        .into_iter()
        .map(|state| (state, state == State::TakenBack))
    {
        for first in [false, true] {
            if matches!(state, State::PosixClosed | State::OnCloseClosed) && first {
                continue;
            }
            let left = enter(program, state);
            let late = match state {
                State::OnClose | State::TakenBack => open(PATH, READ).ok(),
                _ => None,
            };
            match first {
                true => {
                    drop(late);
                    drop(left);
                }
                false => {
                    drop(left);
                    let is_there = is_listed(program);
                    let is_kept = late.is_some() || stays;
                    program.check("until the last", (state, is_there), (state, is_kept));
                    drop(late);
                }
            }
            program.check("at the end", (state, is_listed(program)), (state, stays));
            clean(program);
        }
    }
}

/// What is left can take it back, but not what a closed opening took along.
fn taken_back(program: &Program) {
    for (state, expected, stays) in [
        (State::Marked, OK, true),
        (State::MarkedNewly, OK, true),
        (State::Posix, OK, true),
        (State::PosixClosed, DELETED, false),
        (State::OnClose, OK, false),
        (State::OnCloseClosed, OK, true),
    ] {
        let left = enter(program, state);
        let status = file::set(&left, FILE_DISPOSITION_INFORMATION, &0_u8);
        program.check("take back", (state, status), (state, expected));
        drop(left);
        program.check("after that", (state, is_listed(program)), (state, stays));
        clean(program);
    }
}

/// With something in it a directory stays, whoever is to delete it.
fn directories(program: &Program) {
    const INSIDE: &str = "\\??\\C:\\paths\\going\\inside";
    let how = How::open(READ | DELETE, SHARE_ALL);
    let directory = make(program, PATH, FILE_DIRECTORY_FILE);
    let inside = make(program, INSIDE, 0);
    let not_empty = NtStatus::DIRECTORY_NOT_EMPTY;
    let status = file::set(&directory, FILE_DISPOSITION_INFORMATION, &1_u8);
    program.check("marked", status, not_empty);
    for flags in [FILE_DISPOSITION_DELETE, POSIX] {
        let status = file::set(&directory, FILE_DISPOSITION_INFORMATION_EX, &flags);
        program.check("marked newly", (flags, status), (flags, not_empty));
    }
    let on_close = file::create(&name(PATH), how.with(FILE_DELETE_ON_CLOSE));
    drop(program.done("on close", on_close));
    program.require("it stays", is_listed(program));
    // One that loses its name at once leaves it empty.
    mark_newly(program, &inside, POSIX);
    let other = program.done("another's", {
        let status = open(INSIDE, READ).err();
        program.check("going", status, Some(PENDING));
        open(PATH, READ)
    });
    drop(inside);
    mark(program, &directory, 1);
    let made = file::create(&name(INSIDE), how.disposed(FILE_CREATE));
    program.check("in one that goes", status_of(made), PENDING);
    let relative = Name::with("inside", other.raw(), OBJ_CASE_INSENSITIVE);
    let made = file::create(&relative, how.disposed(FILE_CREATE));
    program.check("from it", status_of(made), PENDING);
    drop((directory, other));
    program.require("it is gone", !is_listed(program));
}
