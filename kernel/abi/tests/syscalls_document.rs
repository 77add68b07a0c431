//! The files made from the list of `abi::services`, and that the list is true.
//!
//! `PETREL_REGENERATE=1` in the environment writes the files again.
use abi::services::{Coverage, FREESTANDING, Service};
use std::{env, fs, path::PathBuf};

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn row(service: &Service) -> String {
    let arguments: Vec<&str> = service.arguments.iter().map(|one| one.name).collect();
    let (coverage, missing) = match service.coverage {
        Coverage::Full => ("full", ""),
        Coverage::Partial(missing) => ("partial: ", missing),
    };
    format!(
        "| {} | `{}` | {} | {coverage}{missing} | [{}](../{}) | {} |\n",
        service.number,
        service.name,
        arguments.join(", "),
        service.file.rsplit('/').next().unwrap(),
        service.file,
        service.tests.join(", "),
    )
}

fn document() -> String {
    let mut text = String::from(
        "# System calls of the freestanding table\n\n\
         Generated from `kernel/abi/src/services.rs`; a test of the crate `abi` compares it, and\n\
         `PETREL_REGENERATE=1 cargo test -p abi` in `kernel/` writes it again. The numbers are\n\
         Petrel's own and fixed. Calls not listed here do not exist: they return\n\
         `STATUS_INVALID_SYSTEM_SERVICE`. Tests are programs of `userspace/programs.json`.\n\n\
         | number | name | arguments | coverage | file | tests |\n\
         |---:|---|---|---|---|---|\n",
    );
    for service in FREESTANDING {
        text.push_str(&row(service));
    }
    text
}

fn header() -> String {
    let mut text = String::from(
        "/* Generated from kernel/abi/src/services.rs by a test of the crate abi. */\n",
    );
    for service in FREESTANDING {
        text.push_str(&format!(
            "PETREL_SERVICE({}, {})\n",
            service.number, service.name
        ));
    }
    text
}

fn compare(file: &str, expected: &str) {
    let path = project().join(file);
    if env::var_os("PETREL_REGENERATE").is_some() {
        fs::write(&path, expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{file} is out of date: run `PETREL_REGENERATE=1 cargo test -p abi` in kernel/"
    );
}

#[test]
fn document_is_up_to_date() {
    compare("kernel/SYSCALLS.md", &document());
}

#[test]
fn header_for_c_is_up_to_date() {
    compare("userspace/c/services.h", &header());
}

#[test]
fn handlers_exist_where_the_list_says() {
    for service in FREESTANDING {
        let path = project().join(service.file);
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {}: {error}", service.name, path.display()));
        let short = service.name.trim_start_matches("Nt");
        let function: String = short
            .char_indices()
            .flat_map(|(at, letter)| {
                let gap = letter.is_uppercase() && at > 0;
                gap.then_some('_').into_iter().chain(letter.to_lowercase())
            })
            .collect();
        assert!(
            text.contains(&format!("fn {function}")) || text.contains(&format!("fn nt_{function}")),
            "{} has no handler in {}",
            service.name,
            service.file
        );
    }
}

#[test]
fn tests_exist_where_the_list_says() {
    let text = fs::read_to_string(project().join("userspace/programs.json")).unwrap();
    for service in FREESTANDING {
        for test in service.tests {
            assert!(
                text.contains(&format!("\"name\": \"{test}\"")),
                "{}: userspace/programs.json has no program \"{test}\"",
                service.name
            );
        }
    }
}
