//! Small documents, right and wrong.

use super::{DOCUMENT, LAYOUT, check};
use crate::Files;

const CODE: &str = "pub const LOW: u64 = 0x1_0000;\npub const HIGH: u64 = 4 * LOW;\n";
const HEAD: &str = "| constant | value | in | meaning |\n|---|---|---|---|\n";
const MAP: &str = "\n| from | up to | in constants | what |\n|---|---|---|---|\n";
const IN: &str = "[l](hal/src/memory/layout.rs)";

fn faults(constants: &str, map: &str) -> String {
    let document = format!("{HEAD}{constants}{MAP}{map}").replace("IN", IN);
    let files = [(DOCUMENT, document), (LAYOUT, CODE.to_owned())];
    check(&Files::from(
        files.map(|(path, text)| (path.to_owned(), text)),
    ))
    .join("\n")
}

const GOOD: &str = "| `HIGH` | `0x4_0000` | IN | x |\n| `LOW` | `64 * 1024` | IN | x |\n";
const GOOD_MAP: &str = "| `0` | `0x1_0000` | `0` to `LOW` | x |\n";

#[test]
fn a_document_that_says_what_the_code_says() {
    assert_eq!(faults(GOOD, GOOD_MAP), "");
}

#[test]
fn another_value() {
    let found = faults(&GOOD.replace("0x4_0000", "0x4_0001"), GOOD_MAP);
    assert!(
        found.contains("HIGH is 0x4_0001 here, but 4 * LOW in"),
        "{found}"
    );
}

#[test]
fn a_constant_that_is_not_listed() {
    let found = faults("| `LOW` | `0x1_0000` | IN | x |\n", GOOD_MAP);
    assert!(found.contains("does not list HIGH"), "{found}");
}

#[test]
fn a_constant_that_is_gone() {
    let found = faults(&format!("{GOOD}| `OLD` | `1` | IN | x |\n"), GOOD_MAP);
    assert!(found.contains("has no constant OLD"), "{found}");
}

#[test]
fn a_file_that_is_gone() {
    let found = faults(&GOOD.replace("IN", "[x](hal/gone.rs)"), GOOD_MAP);
    assert!(found.contains("no file kernel/hal/gone.rs"), "{found}");
}

#[test]
fn a_map_with_another_end() {
    let found = faults(GOOD, "| `0` | `0x2_0000` | `0` to `LOW` | x |\n");
    assert!(found.contains("0x2_0000 is not LOW"), "{found}");
}

#[test]
fn a_map_out_of_order() {
    let row = "| `0x1_0000` | `0x4_0000` | `LOW` to `HIGH` | x |\n";
    let found = faults(GOOD, &format!("{row}{GOOD_MAP}"));
    assert!(found.contains("0x0 to 0x10000 is out of order"), "{found}");
}

#[test]
fn no_map() {
    assert!(faults(GOOD, "").contains("no table of from"));
}
