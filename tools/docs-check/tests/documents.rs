//! The documents of this checkout agree with its code.

use std::fs;
use std::path::{Path, PathBuf};

use docs_check::{Files, check_figures, check_links, check_locks, check_memory};

const FOLDERS: [&str; 2] = ["kernel", "linker"];
const DOCUMENTS: [&str; 8] = [
    "README.md",
    ".progress/README.md",
    "kernel/README.md",
    "kernel/LOCKS.md",
    "kernel/MEMORY.md",
    "linker/README.md",
    "tools/README.md",
    "userspace/README.md",
];

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Sources and documents of the kernel.
fn files() -> Files {
    let mut files = Files::new();
    for folder in FOLDERS {
        add(&mut files, &checkout().join(folder), folder);
    }
    files
}

fn add(files: &mut Files, folder: &Path, inside: &str) {
    for entry in fs::read_dir(folder).expect("a folder of the checkout") {
        let entry = entry.expect("an entry of it");
        let name = entry.file_name().to_string_lossy().into_owned();
        let inside = format!("{inside}/{name}");
        if entry.path().is_dir() {
            if name != "target" {
                add(files, &entry.path(), &inside);
            }
        } else if [".rs", ".ld", ".md"].iter().any(|end| name.ends_with(end)) {
            let text = fs::read_to_string(entry.path()).expect("a text file");
            files.insert(inside, text);
        }
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(checkout().join(path))
        .unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

fn none(faults: &[String]) {
    assert!(
        faults.is_empty(),
        "the documents differ from the code:\n{}",
        faults.join("\n")
    );
}

#[test]
fn memory_map() {
    none(&check_memory(&files()));
}

#[test]
fn locks() {
    none(&check_locks(&files()));
}

#[test]
fn figures() {
    let files = ["README.md", ".progress/bench.csv"].map(|path| (path.to_owned(), read(path)));
    none(&check_figures(&Files::from(files)));
}

#[test]
fn links() {
    let mut faults = Vec::new();
    for document in DOCUMENTS {
        faults.extend(check_links(&checkout(), document, &read(document)));
    }
    none(&faults);
}
