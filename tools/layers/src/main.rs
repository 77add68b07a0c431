//! Checks that the code keeps to its layers and to the rules for its files.

use std::path::Path;
use std::process::ExitCode;

mod dependencies;
mod lexer;
mod sources;
mod tree;

use tree::Tree;

const HELP: &str = "\
layers: checks that the code keeps to its layers.

usage: layers [CHECKOUT]          (default: the current folder)

It fails on
  - a dependency of a kernel crate on a layer above or beside its own; from
    bottom to top: abi, lib/*, hal, executive, personality/* and drivers/*,
    selftest, petrel (lib crates may use abi, and one another only where listed);
  - the keyword unsafe in kernel/ outside kernel/hal, and a kernel crate other
    than hal without #![forbid(unsafe_code)];
  - unsafe in userspace/ outside userspace/nt and programs that declare it, in
    their Cargo.toml:
      [package.metadata.petrel]
      unsafe-programs = [\"name\"]
  - unsafe in tools/;
  - a .rs file whose first line is not //! and what it is, or above 800 lines.

Each fault is one line, FILE:LINE: what, and what to do. Exit status 0 without
faults, else 1.
";

/// Something the rules do not allow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Fault {
    file: String,
    line: usize,
    /// What it is and what to do.
    text: String,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let checkout = match arguments.as_slice() {
        [] => ".",
        [argument] if argument == "--help" || argument == "-h" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        [argument] if !argument.starts_with('-') => argument,
        _ => {
            eprintln!("layers: give one folder, the checkout; see --help");
            return ExitCode::FAILURE;
        }
    };
    let tree = match tree::read(Path::new(checkout)) {
        Ok(tree) => tree,
        Err(error) => {
            eprintln!("layers: {error}");
            return ExitCode::FAILURE;
        }
    };
    let faults = check(&tree);
    for fault in &faults {
        println!("{}:{}: {}", fault.file, fault.line, fault.text);
    }
    println!("layers: {} files, {} faults", tree.len(), faults.len());
    if faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// All faults, by file and line.
fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = dependencies::check(tree);
    faults.extend(sources::check(tree));
    faults.sort();
    faults
}
