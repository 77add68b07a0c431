//! Every pair of openings of a file: which go together.
//!
//! The rule, as it is documented: each opening must be shared in what it does by
//! the other. One that neither reads, writes nor deletes is in nobody's way.
use super::*;

/// What an opening does, and by which bit another shares it.
const WAYS: [(u32, u32); 3] = [
    (FILE_READ_DATA, FILE_SHARE_READ),
    (FILE_WRITE_DATA, FILE_SHARE_WRITE),
    (DELETE, FILE_SHARE_DELETE),
];
const PATH: &str = "\\??\\C:\\paths\\shared";
const SETS: u32 = 1 << WAYS.len();

/// What of the ways is in a set of them.
fn access_of(set: u32) -> u32 {
    let chosen = WAYS
        .iter()
        .enumerate()
        .filter(|(way, _)| set >> way & 1 != 0);
    chosen.fold(FILE_READ_ATTRIBUTES, |access, (_, (does, _))| access | does)
}

fn share_of(set: u32) -> u32 {
    let chosen = WAYS
        .iter()
        .enumerate()
        .filter(|(way, _)| set >> way & 1 != 0);
    chosen.fold(0, |share, (_, (_, shares))| share | shares)
}

/// Whether two go together, each with the ways it uses and those it shares.
fn go_together(first: (u32, u32), second: (u32, u32)) -> bool {
    let is_shared = (0..WAYS.len()).all(|way| {
        let has = |set: u32| set >> way & 1 != 0;
        (!has(first.0) || has(second.1)) && (!has(second.0) || has(first.1))
    });
    first.0 == 0 || second.0 == 0 || is_shared
}

pub fn all(program: &Program) {
    let own = make(program, PATH, 0);
    drop(own);
    for set in 0..SETS * SETS {
        let first = (set / SETS, set % SETS);
        let how = How::open(access_of(first.0), share_of(first.1));
        let opened = program.done("the first", file::create(&name(PATH), how)).0;
        seconds(program, first);
        drop(opened);
        // It counts no longer.
        let alone = file::create(&name(PATH), How::open(ALL, 0));
        program.done("alone", alone);
    }
    delete(program, PATH);
}

fn seconds(program: &Program, first: (u32, u32)) {
    const WRITES: u32 = 2;
    const DELETES: u32 = 4;
    for set in 0..SETS * SETS {
        let second = (set / SETS, set % SETS);
        for (disposition, more) in [
            (FILE_OPEN, 0),
            (FILE_OPEN_IF, 0),
            // Who empties a file must be let write, who replaces it delete.
            (FILE_OVERWRITE, WRITES),
            (FILE_SUPERSEDE, DELETES),
        ] {
            let how = How::open(access_of(second.0), share_of(second.1));
            let opened = file::create(&name(PATH), how.disposed(disposition));
            let expected = match go_together(first, (second.0 | more, second.1)) {
                true => NtStatus::SUCCESS,
                false => NtStatus::SHARING_VIOLATION,
            };
            let pair = (first, second, disposition);
            program.check("a pair", (pair, status_of(opened)), (pair, expected));
        }
    }
}
