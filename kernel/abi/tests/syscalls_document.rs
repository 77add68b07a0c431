//! `kernel/SYSCALLS.md` is the list of `abi::services`, and the list is true.
//!
//! `PETREL_REGENERATE=1` in the environment rewrites the document.
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

#[test]
fn document_is_up_to_date() {
    let path = project().join("kernel/SYSCALLS.md");
    let expected = document();
    if env::var_os("PETREL_REGENERATE").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "kernel/SYSCALLS.md is out of date: run `PETREL_REGENERATE=1 cargo test -p abi` in kernel/"
    );
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
