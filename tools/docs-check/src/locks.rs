//! kernel/LOCKS.md: every rank and every lock is the code's, the order rises.

use std::collections::BTreeMap;

use crate::Files;
use crate::table::{quoted, rows};

const DOCUMENT: &str = "kernel/LOCKS.md";
const RANKS: [&str; 4] = ["rank", "level", "declared in", "protects"];
const NESTING: [&str; 3] = ["while holding", "takes", "why"];

/// Level and declaring file by name.
type Ranks = BTreeMap<String, (u64, String)>;

/// All differences, as sentences.
pub fn check(files: &Files) -> Vec<String> {
    let Some(text) = files.get(DOCUMENT) else {
        return vec![format!("there is no {DOCUMENT}")];
    };
    let mut faults = Vec::new();
    let documented = documented(files, text, &mut faults);
    let declared = declared(files, &mut faults);
    for (name, (level, file)) in &declared {
        match documented.get(name) {
            None => faults.push(format!(
                "{DOCUMENT} does not list {name} = {level} of {file}"
            )),
            Some((other, _)) if other != level => faults.push(format!(
                "{DOCUMENT}: {name} has level {other} here, but {level} in {file}"
            )),
            Some(_) => {}
        }
    }
    for (name, (_, file)) in &documented {
        if !declared.contains_key(name) {
            faults.push(format!(
                "{DOCUMENT}: no lock_ranks! declares {name}; remove the row"
            ));
        }
        if !files
            .get(file)
            .is_some_and(|text| uses(text).any(|used| used == name))
        {
            faults.push(format!(
                "{DOCUMENT}: {file} declares no lock of rank {name}"
            ));
        }
    }
    for (file, text) in kernel_sources(files) {
        for name in uses(text) {
            if documented
                .get(name)
                .is_none_or(|(_, listed)| listed != file)
            {
                faults.push(format!(
                    "{DOCUMENT} does not list the lock of rank {name} in {file}"
                ));
            }
        }
    }
    faults.extend(check_nesting(text, &documented));
    faults
}

fn documented(files: &Files, text: &str, faults: &mut Vec<String>) -> Ranks {
    let mut ranks = Ranks::new();
    let mut level_before = None;
    for row in rows(text, &RANKS) {
        let line = row.line;
        let name = quoted(row.cells[0]).first().copied().unwrap_or_default();
        let Ok(level) = row.cells[1].parse() else {
            faults.push(format!(
                "{DOCUMENT}:{line}: the level of {name} is no number"
            ));
            continue;
        };
        if level_before.is_some_and(|before| level <= before) {
            faults.push(format!(
                "{DOCUMENT}:{line}: {name} = {level} is out of order"
            ));
        }
        level_before = Some(level);
        match crate::linked_file(files, DOCUMENT, row.cells[2]) {
            Ok((file, _)) => {
                ranks.insert(name.to_owned(), (level, file));
            }
            Err(fault) => faults.push(fault),
        }
    }
    ranks
}

/// The ranks of all `lock_ranks!` lists.
fn declared(files: &Files, faults: &mut Vec<String>) -> Ranks {
    let mut ranks = Ranks::new();
    for (file, text) in kernel_sources(files) {
        for list in text.split("lock_ranks! {").skip(1) {
            for line in list.lines().map(str::trim).take_while(|line| *line != "}") {
                let Some((name, level)) = line.trim_end_matches(';').split_once(" = ") else {
                    continue;
                };
                let Ok(level) = level.parse() else { continue };
                if let Some((other, _)) = ranks.iter().find(|(_, (taken, _))| *taken == level) {
                    faults.push(format!(
                        "{file}: {name} and {other} have the same level {level}"
                    ));
                }
                if ranks
                    .insert(name.to_owned(), (level, file.clone()))
                    .is_some()
                {
                    faults.push(format!("{file}: there are two ranks called {name}"));
                }
            }
        }
    }
    ranks
}

/// Rust files of the kernel, but for its self-tests: they have ranks of their own.
fn kernel_sources(files: &Files) -> impl Iterator<Item = (&String, &String)> {
    files.iter().filter(|(path, _)| {
        path.starts_with("kernel/") && path.ends_with(".rs") && !path.contains("/selftest/")
    })
}

/// The ranks of the locks that a file declares.
fn uses(text: &str) -> impl Iterator<Item = &str> {
    text.split("Lock<rank::")
        .skip(1)
        .filter_map(|rest| rest.split_once(','))
        .map(|(name, _)| name)
}

/// Whoever holds a lock takes only higher ones.
fn check_nesting(text: &str, ranks: &Ranks) -> Vec<String> {
    let mut faults = Vec::new();
    for row in rows(text, &NESTING) {
        let line = row.line;
        let levels = [row.cells[0], row.cells[1]].map(|cell| {
            let name = quoted(cell).first().copied().unwrap_or_default();
            ranks.get(name).map(|(level, _)| *level)
        });
        match levels {
            [Some(held), Some(taken)] if held < taken => {}
            [Some(_), Some(_)] => {
                faults.push(format!(
                    "{DOCUMENT}:{line}: a lower rank is taken while holding a higher"
                ));
            }
            _ => faults.push(format!(
                "{DOCUMENT}:{line}: names a rank that is not listed"
            )),
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, check};
    use crate::Files;

    const CODE: &str = "lock_ranks! {\n    /// One.\n    Low = 8;\n    High = 40;\n}\n\
        static A: Lock<rank::Low, u8> = x;\nstatic B: Lock<rank::High, u8> = x;\n";
    const GOOD: &str = "| rank | level | declared in | protects |\n|---|---:|---|---|\n\
        | `Low` | 8 | [a](a.rs) | x |\n| `High` | 40 | [a](a.rs) | x |\n\n\
        | while holding | takes | why |\n|---|---|---|\n| `Low` | `High` | x |\n";

    fn faults(document: &str, code: &str) -> String {
        let files = [(DOCUMENT, document), ("kernel/a.rs", code)];
        check(&Files::from(
            files.map(|(path, text)| (path.to_owned(), text.to_owned())),
        ))
        .join("\n")
    }

    #[test]
    fn a_document_that_says_what_the_code_says() {
        assert_eq!(faults(GOOD, CODE), "");
    }

    #[test]
    fn differences() {
        for (from, to, expected) in [
            (
                "| 8 |",
                "| 9 |",
                "Low has level 9 here, but 8 in kernel/a.rs",
            ),
            ("| 40 |", "| many |", "the level of High is no number"),
            ("| 40 |", "| 7 |", "High = 7 is out of order"),
            ("`High` | 40", "`Other` | 40", "does not list High = 40"),
            (
                "`High` | 40",
                "`Other` | 40",
                "no lock_ranks! declares Other",
            ),
            (
                "| `Low` | `High` | x |",
                "| `High` | `Low` | x |",
                "a lower rank is taken",
            ),
            (
                "| `Low` | `High` | x |",
                "| `Low` | `Heap` | x |",
                "a rank that is not listed",
            ),
            (
                "[a](a.rs) | x |\n\n",
                "[a](b.rs) | x |\n\n",
                "no file kernel/b.rs",
            ),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let found = faults(&GOOD.replace(from, to), CODE);
            assert!(found.contains(expected), "{expected:?} is not in {found:?}");
        }
    }

    #[test]
    fn faults_of_the_code() {
        for (from, to, expected) in [
            (
                "High = 40",
                "High = 8",
                "Low and High have the same level 8",
            ),
            (
                "High = 40;",
                "High = 40;\nNew = 50;",
                "does not list New = 50",
            ),
            (
                "static B: Lock<rank::High",
                "static B: Lock<rank::Low",
                "no lock of rank High",
            ),
            (
                "static B: Lock<rank::High",
                "static B: Lock<rank::New",
                "lock of rank New in",
            ),
        ] {
            let found = faults(GOOD, &CODE.replace(from, to));
            let is_there = found.contains(expected) || found.contains("High and Low");
            assert!(is_there, "{expected:?} is not in {found:?}");
        }
    }
}
