//! The rules for source files: unsafe code, the first line, the length.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::Fault;
use crate::lexer::{Token, tokens};
use crate::tree::Tree;

/// Where the kernel's unsafe code is.
const KERNEL_UNSAFE: &str = "kernel/hal/";
/// Where the programs' system-call stubs are.
const USERSPACE_UNSAFE: &str = "userspace/nt/";

const LINES_MAX: usize = 800;
/// The first line is shorter than this.
const FIRST_LINE_CHARACTERS: usize = 80;

/// Faults in the Rust files, and in the lists of programs with unsafe code.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut unused = declared_programs(tree);
    let declared = unused.clone();
    for (file, text) in tree {
        if !file.ends_with(".rs") {
            continue;
        }
        let mut add = |line, text: &str| {
            faults.push(Fault {
                file: file.clone(),
                line,
                text: text.into(),
            });
        };
        check_shape(text, &mut add);
        let tokens = tokens(text);
        if is_kernel_root(file) && !forbids_unsafe(&tokens) {
            add(
                1,
                "a kernel crate other than hal without #![forbid(unsafe_code)]; add that below \
                 the first lines",
            );
        }
        let Some(token) = tokens.iter().find(|token| token.text == "unsafe") else {
            continue;
        };
        if file.starts_with(KERNEL_UNSAFE) || file.starts_with(USERSPACE_UNSAFE) {
            continue;
        }
        let advice = if file.starts_with("kernel/") {
            "unsafe in the kernel outside kernel/hal; add a safe operation to hal and use it"
        } else if file.starts_with("userspace/") {
            let program = program_of(file);
            if program
                .as_ref()
                .is_some_and(|program| declared.contains(program))
            {
                unused.remove(&program.unwrap_or_default());
                continue;
            }
            "unsafe in a program that does not declare it; use the safe calls of userspace/nt, \
             or, if unsafe is the program's purpose, list it under unsafe-programs (see layers \
             --help)"
        } else {
            "unsafe in a tool; do it with the standard library"
        };
        add(token.line, advice);
    }
    faults.extend(unused.into_iter().map(|(folder, program)| Fault {
        file: format!("{folder}/Cargo.toml"),
        line: 1,
        text: format!(
            "unsafe-programs lists {program}, which is no program with unsafe code; take it out"
        ),
    }));
    faults
}

fn check_shape(text: &str, add: &mut impl FnMut(usize, &str)) {
    let first = text.lines().next().unwrap_or("");
    let says_something = first
        .strip_prefix("//! ")
        .is_some_and(|text| !text.trim().is_empty());
    if !says_something {
        add(
            1,
            "the first line is not //! and what the file is; begin with that",
        );
    } else if first.chars().count() >= FIRST_LINE_CHARACTERS {
        add(
            1,
            "the first line has 80 characters or more; say it shorter",
        );
    }
    if text.lines().count() > LINES_MAX {
        add(
            LINES_MAX + 1,
            "more than 800 lines; find the second idea in the file and give it its own",
        );
    }
}

/// Whether a file is the root of a kernel crate other than hal.
fn is_kernel_root(file: &str) -> bool {
    let is_root = file.ends_with("/src/lib.rs")
        || file.ends_with("/src/main.rs")
        || file
            .rsplit_once('/')
            .is_some_and(|(folder, _)| folder.ends_with("/src/bin"));
    file.starts_with("kernel/") && !file.starts_with(KERNEL_UNSAFE) && is_root
}

fn forbids_unsafe(tokens: &[Token<'_>]) -> bool {
    let wanted = ["#", "!", "[", "forbid", "(", "unsafe_code", ")", "]"];
    tokens
        .windows(wanted.len())
        .any(|found| found.iter().map(|token| token.text).eq(wanted))
}

/// A crate's folder and the name of a program in it.
type Program = (String, String);

/// The programs that manifests in `userspace/` declare to have unsafe code.
fn declared_programs(tree: &Tree) -> BTreeSet<Program> {
    let mut programs = BTreeSet::new();
    for (file, text) in tree {
        let Some(folder) = file.strip_suffix("/Cargo.toml") else {
            continue;
        };
        let Ok(manifest) = text.parse::<Table>() else {
            continue;
        };
        let list = ["package", "metadata", "petrel", "unsafe-programs"]
            .into_iter()
            .try_fold(&Value::Table(manifest), |value, key| value.get(key))
            .and_then(Value::as_array)
            .cloned();
        if folder.starts_with("userspace/") {
            let names = list.unwrap_or_default();
            let names = names.iter().filter_map(Value::as_str);
            programs.extend(names.map(|name| (folder.to_string(), name.to_string())));
        }
    }
    programs
}

/// The program that a file in `src/bin` belongs to.
fn program_of(file: &str) -> Option<Program> {
    let (folder, inside) = file.split_once("/src/bin/")?;
    let name = inside.split('/').next()?.trim_end_matches(".rs");
    Some((folder.into(), name.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const USES_UNSAFE: &str = "//! A file.\n\nfn f() {\n    unsafe { g() }\n}\n";
    const DECLARES: &str = "[package.metadata.petrel]\nunsafe-programs = [\"one\"]\n";

    fn faults_of(files: &[(&str, &str)]) -> Vec<String> {
        let tree = files
            .iter()
            .map(|(file, text)| (file.to_string(), text.to_string()))
            .collect();
        let faults = check(&tree).into_iter();
        faults
            .map(|fault| format!("{}:{}: {}", fault.file, fault.line, fault.text))
            .collect()
    }

    #[track_caller]
    fn assert_fault(files: &[(&str, &str)], start: &str) {
        let faults = faults_of(files);
        assert!(
            faults.len() == 1 && faults[0].starts_with(start),
            "{faults:?}"
        );
    }

    #[test]
    fn unsafe_is_for_hal_only() {
        assert_eq!(faults_of(&[("kernel/hal/src/a.rs", USES_UNSAFE)]), [""; 0]);
        let start = "kernel/vm/src/a.rs:4: unsafe in the kernel outside";
        assert_fault(&[("kernel/vm/src/a.rs", USES_UNSAFE)], start);
        let attribute = "//! A file.\n#[unsafe(no_mangle)]\nfn f() {}\n";
        assert_fault(
            &[("kernel/vm/src/a.rs", attribute)],
            "kernel/vm/src/a.rs:2: unsafe",
        );
        assert_fault(
            &[("tools/x/src/a.rs", USES_UNSAFE)],
            "tools/x/src/a.rs:4: unsafe in a tool",
        );
    }

    #[test]
    fn unsafe_in_words_only_does_not_count() {
        let text =
            "//! Not unsafe.\n#![forbid(unsafe_code)]\n// unsafe\nconst A: &str = \"unsafe\";\n";
        assert_eq!(faults_of(&[("kernel/vm/src/lib.rs", text)]), [""; 0]);
    }

    #[test]
    fn kernel_crates_forbid_unsafe() {
        let plain = "//! A crate.\n// #![forbid(unsafe_code)]\n";
        for file in [
            "kernel/vm/src/lib.rs",
            "kernel/petrel/src/main.rs",
            "kernel/x/src/bin/a.rs",
        ] {
            assert_fault(
                &[(file, plain)],
                &format!("{file}:1: a kernel crate other than hal"),
            );
        }
        assert_eq!(faults_of(&[("kernel/hal/src/lib.rs", plain)]), [""; 0]);
        assert_eq!(faults_of(&[("kernel/vm/src/other.rs", plain)]), [""; 0]);
        assert_eq!(faults_of(&[("userspace/x/src/lib.rs", plain)]), [""; 0]);
    }

    #[test]
    fn programs_declare_unsafe() {
        let manifest = ("userspace/p/Cargo.toml", DECLARES);
        assert_eq!(
            faults_of(&[("userspace/nt/src/call.rs", USES_UNSAFE)]),
            [""; 0]
        );
        assert_eq!(
            faults_of(&[manifest, ("userspace/p/src/bin/one.rs", USES_UNSAFE)]),
            [""; 0]
        );
        let parts = [
            manifest,
            ("userspace/p/src/bin/one/a.rs", USES_UNSAFE),
            ("userspace/p/src/bin/one/main.rs", USES_UNSAFE),
        ];
        assert_eq!(faults_of(&parts), [""; 0]);
        for file in ["userspace/p/src/bin/two.rs", "userspace/p/src/one.rs"] {
            assert_fault(
                &[(file, USES_UNSAFE)],
                &format!("{file}:4: unsafe in a program"),
            );
        }
        assert_fault(
            &[manifest],
            "userspace/p/Cargo.toml:1: unsafe-programs lists one",
        );
    }

    #[test]
    fn the_first_line_says_what_a_file_is() {
        for text in [
            "",
            "\n//! A file.\n",
            "// A file.\n",
            "//!\n",
            "fn f() {}\n",
        ] {
            assert_fault(
                &[("tools/x/src/a.rs", text)],
                "tools/x/src/a.rs:1: the first line is not",
            );
        }
        let line = |length: usize| format!("//! {}", "x".repeat(length - 4));
        assert_eq!(faults_of(&[("tools/x/src/a.rs", &line(79))]), [""; 0]);
        assert_fault(
            &[("tools/x/src/a.rs", &line(80))],
            "tools/x/src/a.rs:1: the first line has 80",
        );
    }

    #[test]
    fn files_have_at_most_800_lines() {
        let lines = |count| format!("//! A file.{}", "\n".repeat(count));
        assert_eq!(faults_of(&[("kernel/hal/src/a.rs", &lines(800))]), [""; 0]);
        assert_fault(
            &[("kernel/hal/src/a.rs", &lines(801))],
            "kernel/hal/src/a.rs:801: more than 800",
        );
    }
}
