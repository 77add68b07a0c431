//! The fault policy against a table in words, over every combination.

use super::*;
use crate::{PageRange, Protection};
use std::{format, string::String, vec::Vec};

extern crate std;

/// Each combination of columns fits exactly one line. Columns: mode, access,
/// what the page is, whether its protection allows the access, where it
/// lies, what is mapped, whether the entry allows the access; the action.
/// `*` fits anything, `|` separates choices.
const TABLE: &str = "
    *      *   free     *   *               *              *    Deny(Unmapped)
    *      *   reserved *   *               *              *    Deny(Reserved)
    kernel x   usable|guard|both * *        *              *    Deny(KernelExecute)
    *      r|w guard    *   own|view|shared *              *    GuardHit
    user   x   guard    *   own|view|shared *              *    GuardHit
    *      r|w guard    *   stack           *              *    GrowStack
    user   x   guard    *   stack           *              *    GrowStack
    *      r|w usable|both no  *               *              *    Deny(Protection)
    user   x   usable|both no  *               *              *    Deny(NoExecute)
    *      r|w usable|both yes own|stack empty         *    MapZero
    user   x   usable|both yes own|stack empty         *    MapZero
    *      r   usable|both yes view|shared     empty          *    MapShared
    user   x   usable|both yes view|shared     empty          *    MapShared
    *      w   usable|both yes view            empty          *    CopyOnWrite
    *      w   usable|both yes shared          empty          *    MapShared
    *      r   usable|both yes *               private|shared|zero yes Spurious
    *      r   usable   yes *               private|shared|zero no  UpdateEntry
    *      r   both     yes *               private|shared|zero no  TurnEntry
    user   x   usable|both yes *               private|shared|zero yes Spurious
    user   x   usable   yes *               private|shared|zero no  UpdateEntry
    user   x   both     yes *               private|shared|zero no  TurnEntry
    *      w   usable|both yes *               private        yes  Spurious
    *      w   usable   yes *               private        no   UpdateEntry
    *      w   both     yes *               private        no   TurnEntry
    *      w   usable|both yes *               zero           *    MapZero
    *      w   usable|both yes own|stack|view shared   *    CopyOnWrite
    *      w   usable|both yes shared          shared         yes  Spurious
    *      w   usable   yes shared          shared         no   UpdateEntry
    *      w   both     yes shared          shared         no   TurnEntry
";

const PAGE: Page = Page(0x1001);

/// One combination.
#[derive(Clone, Copy, Debug)]
struct Case {
    fault: Fault,
    info: Option<PageInfo>,
    entry: Entry,
}

fn booleans() -> [bool; 2] {
    [false, true]
}

fn protections() -> Vec<Protection> {
    (0..0x200)
        .filter_map(|number| Protection::from_nt(number).ok())
        .collect()
}

fn entries() -> Vec<Entry> {
    let mut entries = Vec::from([Entry::Empty]);
    for backing in [Backing::Private, Backing::Shared, Backing::Zero] {
        for read in booleans() {
            for write in booleans() {
                for execute in booleans() {
                    let rights = Rights {
                        read,
                        write,
                        execute,
                    };
                    entries.push(Entry::Frame(backing, rights));
                }
            }
        }
    }
    entries
}

fn infos() -> Vec<Option<PageInfo>> {
    let mut states: Vec<State> = protections().into_iter().map(State::Committed).collect();
    states.push(State::Reserved);
    let mut infos = Vec::from([None]);
    for kind in [
        Kind::Private,
        Kind::Watched,
        Kind::Stack,
        Kind::Fixed,
        Kind::Image { id: 1 },
        Kind::Mapped { id: 2 },
    ] {
        for &state in &states {
            infos.push(Some(PageInfo {
                run: PageRange::sized(PAGE, 1),
                allocation_base: PAGE,
                kind,
                state,
            }));
        }
    }
    infos
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for mode in [Mode::User, Mode::Kernel] {
        for access in [Access::Read, Access::Write, Access::Execute] {
            for info in infos() {
                for entry in entries() {
                    cases.push(Case {
                        fault: Fault {
                            page: PAGE,
                            access,
                            mode,
                        },
                        info,
                        entry,
                    });
                }
            }
        }
    }
    cases
}

impl Case {
    fn decide(&self) -> FaultAction {
        decide(self.fault, self.info.as_ref(), self.entry)
    }

    /// The case in the words of the table.
    fn words(&self) -> [&'static str; 7] {
        let yes_no = |yes: bool| if yes { "yes" } else { "no" };
        let state = self.info.map(|info| info.state);
        let protection = match state {
            Some(State::Committed(protection)) => Some(protection.nt()),
            _ => None,
        };
        // Which numbers allow what, spelled out (NT winnt.h).
        let basic = protection.map_or(0, |number| number & 0xFF);
        let allowing: &[u32] = match self.fault.access {
            Access::Read => &[0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80],
            Access::Write => &[0x04, 0x08, 0x40, 0x80],
            Access::Execute => &[0x10, 0x20, 0x40, 0x80],
        };
        let (mapped, entry_allows) = match self.entry {
            Entry::Empty => ("empty", false),
            Entry::Frame(backing, rights) => (
                match backing {
                    Backing::Private => "private",
                    Backing::Shared => "shared",
                    Backing::Zero => "zero",
                },
                match self.fault.access {
                    Access::Read => rights.read,
                    Access::Write => rights.write,
                    Access::Execute => rights.execute,
                },
            ),
        };
        [
            match self.fault.mode {
                Mode::User => "user",
                Mode::Kernel => "kernel",
            },
            match self.fault.access {
                Access::Read => "r",
                Access::Write => "w",
                Access::Execute => "x",
            },
            match (state, protection) {
                (None, _) => "free",
                (Some(State::Reserved), _) => "reserved",
                (_, Some(number)) if number > 0xFF => "guard",
                _ if basic >= 0x40 => "both",
                _ => "usable",
            },
            yes_no(allowing.contains(&basic)),
            match self.info.map(|info| info.kind) {
                Some(Kind::Stack) => "stack",
                Some(Kind::Image { .. }) => "view",
                Some(Kind::Mapped { .. }) if matches!(basic, 0x04 | 0x40) => "shared",
                Some(Kind::Mapped { .. }) => "view",
                _ => "own",
            },
            mapped,
            yes_no(entry_allows),
        ]
    }
}

fn fits(line: &str, words: [&str; 7]) -> Option<String> {
    let columns: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(columns.len(), 8, "{line}");
    let fits = columns
        .iter()
        .zip(words)
        .all(|(column, word)| *column == "*" || column.split('|').any(|choice| choice == word));
    fits.then(|| String::from(columns[7]))
}

#[test]
fn every_case_is_decided_as_the_table_says() {
    let lines: Vec<&str> = TABLE.trim().lines().collect();
    for case in cases() {
        let words = case.words();
        let fitting: Vec<String> = lines.iter().filter_map(|line| fits(line, words)).collect();
        assert_eq!(fitting.len(), 1, "{words:?} fits {fitting:?}");
        assert_eq!(format!("{:?}", case.decide()), fitting[0], "{case:?}");
    }
}

/// The entry after the executive did what the action says; `None` when the
/// action is not about the entry.
fn entry_after(case: &Case) -> Option<Entry> {
    let info = case.info?;
    let rights = |backing| info.rights(backing, case.fault.access);
    let enter = |backing| Some(Entry::Frame(backing, rights(backing)));
    match (case.decide(), case.entry) {
        (FaultAction::MapZero | FaultAction::CopyOnWrite, _) => enter(Backing::Private),
        (FaultAction::MapShared, _) => enter(Backing::Shared),
        (FaultAction::UpdateEntry | FaultAction::TurnEntry, Entry::Frame(backing, _)) => {
            enter(backing)
        }
        _ => None,
    }
}

#[test]
fn the_retried_access_succeeds() {
    for case in cases() {
        if let Some(entry) = entry_after(&case) {
            let retried = Case { entry, ..case };
            assert_eq!(retried.decide(), FaultAction::Spurious, "{case:?}");
        }
    }
}

#[test]
fn no_entry_is_writable_and_executable_or_wider_than_the_protection() {
    for case in cases() {
        let Some(info) = case.info else { continue };
        for backing in [Backing::Private, Backing::Shared, Backing::Zero] {
            let rights = info.rights(backing, case.fault.access);
            assert!(!(rights.write && rights.execute));
            let State::Committed(protection) = info.state else {
                assert_eq!(rights, Rights::NONE);
                continue;
            };
            let granted = protection.rights();
            assert!(!rights.read || granted.read && !protection.is_guard());
            assert!(!rights.write || granted.write && rights.read);
            assert!(!rights.execute || granted.execute && rights.read);
        }
    }
}

#[test]
fn a_frame_that_others_see_is_not_written_unless_it_is_meant_to_be() {
    for case in cases() {
        let Some(Entry::Frame(backing, rights)) = entry_after(&case) else {
            continue;
        };
        let is_shared_for_writing = case.info.is_some_and(|info| {
            matches!(info.kind, Kind::Mapped { .. })
                && matches!(info.state, State::Committed(protection)
                    if protection.writes_in_place())
        });
        assert!(backing == Backing::Private || !rights.write || is_shared_for_writing);
        assert!(backing != Backing::Zero || !rights.write);
    }
}

#[test]
fn a_page_that_is_both_is_turned_by_what_it_does_not_allow() {
    let both = |kind| PageInfo {
        run: PageRange::sized(PAGE, 1),
        allocation_base: PAGE,
        kind,
        state: State::Committed(Protection::EXECUTE_READ_WRITE),
    };
    for (kind, backing) in [
        (Kind::Private, Backing::Private),
        (Kind::Mapped { id: 1 }, Backing::Shared),
    ] {
        let info = both(kind);
        let mut entry = Entry::Frame(backing, Rights::NONE);
        for access in [Access::Write, Access::Execute, Access::Write] {
            let mode = Mode::User;
            let page = PAGE;
            let fault = Fault { page, access, mode };
            assert_eq!(decide(fault, Some(&info), entry), FaultAction::TurnEntry);
            entry = Entry::Frame(backing, info.rights(backing, access));
            let read = Fault {
                access: Access::Read,
                ..fault
            };
            let read = decide(read, Some(&info), entry);
            assert_eq!(read, FaultAction::Spurious, "reads turn nothing");
        }
    }
}
