//! The files made from the list of `abi::services`, and that the list is true.
//!
//! `PETREL_REGENERATE=1` in the environment writes the files again.
use abi::services::{Argument, Coverage, FREESTANDING, Service, WINE};
use std::{env, fs, path::PathBuf};

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn names(arguments: &[Argument]) -> String {
    let names: Vec<&str> = arguments.iter().map(|one| one.name).collect();
    names.join(", ")
}

fn row(service: &Service) -> String {
    let (coverage, missing) = match service.coverage {
        Coverage::Full => ("full", ""),
        Coverage::Partial(missing) => ("partial: ", missing),
        Coverage::None => ("none", ""),
    };
    let file = match service.file.rsplit_once('/') {
        Some((_, short)) => format!("[{short}](../{})", service.file),
        None => String::new(),
    };
    format!(
        "| {} | `{}` | {} | {coverage}{missing} | {file} | {} |\n",
        service.number,
        service.name,
        names(service.arguments),
        service.tests.join(", "),
    )
}

fn count(is_counted: fn(&Coverage) -> bool) -> usize {
    let counted = FREESTANDING.iter().filter(|one| is_counted(&one.coverage));
    counted.count()
}

fn document() -> String {
    let mut text = String::from(
        "# System calls of the freestanding table\n\n\
         Generated from `kernel/abi/src/services/`; a test of the crate `abi` compares it, and\n\
         `PETREL_REGENERATE=1 cargo test -p abi` in `kernel/` writes it again. The numbers are\n\
         Petrel's own and fixed. These are all services of Wine 10, the two of its own without a\n\
         number. Coverage `none` returns `STATUS_NOT_IMPLEMENTED`; a number not listed here returns\n\
         `STATUS_INVALID_SYSTEM_SERVICE`. Tests are programs of `userspace/programs.json`.\n\n",
    );
    text.push_str(&format!(
        "Of {} services {} are there in full, {} in part, {} not at all.\n\n",
        FREESTANDING.len() + WINE.len(),
        count(|coverage| matches!(coverage, Coverage::Full)),
        count(|coverage| matches!(coverage, Coverage::Partial(_))),
        count(|coverage| matches!(coverage, Coverage::None)) + WINE.len(),
    ));
    text.push_str(
        "| number | name | arguments | coverage | file | tests |\n\
         |---:|---|---|---|---|---|\n",
    );
    for service in FREESTANDING {
        text.push_str(&row(service));
    }
    for (name, arguments) in WINE {
        text.push_str(&format!(
            "|  | `{name}` | {} | none |  |  |\n",
            names(arguments)
        ));
    }
    text
}

fn header() -> String {
    let mut text =
        String::from("/* Generated from kernel/abi/src/services/ by a test of the crate abi. */\n");
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
    for service in FREESTANDING.iter().filter(|service| service.is_served()) {
        let path = project().join(service.file);
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {}: {error}", service.name, path.display()));
        assert!(
            text.contains(&format!("fn {}(", service.function)),
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
