//! Paths that are well-formed and those that are not.

use super::*;
use proptest::prelude::*;

extern crate alloc;
use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn text(units: &[u16]) -> String {
    String::from_utf16(units).unwrap()
}

/// A path, its components, and whether it asks for a directory.
type Row<'a> = (&'a str, &'a [(&'a str, Stream)], bool);

/// The components of a path, and whether it asks for a directory.
fn components(path: &str) -> Result<(Vec<(String, Stream)>, bool), FileError> {
    let path = units(path);
    let mut parsed = parse(&path, true)?;
    let needs_directory = parsed.needs_directory;
    let mut all = Vec::new();
    while let Some(component) = parsed.next() {
        all.push((text(component.name), component.stream));
    }
    Ok((all, needs_directory))
}

#[test]
fn well_formed_paths_have_components() {
    use Stream::{Data, Index, Named, None};
    let table: &[Row<'_>] = &[
        ("", &[], false),
        ("\\", &[], true),
        ("\\\\", &[], true),
        ("\\a", &[("a", None)], false),
        ("\\\\a", &[("a", None)], false),
        ("a\\b\\", &[("a", None), ("b", None)], true),
        ("\\a.\\b ", &[("a.", None), ("b ", None)], false),
        ("\\...", &[("...", None)], false),
        ("\\a::$DATA", &[("a", Data)], false),
        ("\\a::$data", &[("a", Data)], false),
        ("\\a:s", &[("a", Named)], false),
        ("\\a:s*:$DATA", &[("a", Named)], false),
        (
            "\\a:$i30:$INDEX_ALLOCATION\\b",
            &[("a", Index), ("b", None)],
            false,
        ),
        ("\\a::$INDEX_ALLOCATION", &[("a", Index)], false),
    ];
    for (path, expected, needs_directory) in table {
        let expected = expected
            .iter()
            .map(|(name, stream)| (String::from(*name), *stream))
            .collect();
        assert_eq!(components(path), Ok((expected, *needs_directory)), "{path}");
    }
}

#[test]
fn malformed_paths_are_refused() {
    for path in [
        "\\\\\\",
        "\\a\\\\b",
        "\\a\\\\",
        "\\.",
        "\\..",
        "\\a\\..\\b",
        "\\a*",
        "\\a?b",
        "\\a/b",
        "\\\"",
        "\\<",
        "\\>",
        "\\|",
        "\\a\u{1f}",
        "\\a\0",
        "\\:s",
        "\\a:",
        "\\a:s:$BITMAP",
        "\\a::$DATA:",
        "\\a:s:",
        "\\a::",
        "\\a:b:$INDEX_ALLOCATION",
        "\\::$DATA",
        "\\a:s\\\\",
        "\\a:s\\\\b",
    ] {
        assert_eq!(components(path), Err(FileError::NameInvalid), "{path}");
    }
    assert!(parse(&units("\\a"), false).is_err());
    assert!(parse(&units("\\"), false).is_err());
}

#[test]
fn components_and_paths_have_a_longest() {
    let component = "x".repeat(255);
    assert!(components(&component).is_ok());
    assert!(components(&(component.clone() + "x")).is_err());
    let mut path = units(&("\\".to_owned() + &component).repeat(127));
    path.resize(MAX_PATH_UNITS, u16::from(b'x'));
    path[127 * 256] = SEPARATOR;
    assert!(parse(&path, true).is_ok());
    path.push(u16::from(b'x'));
    assert_eq!(parse(&path, true), Err(FileError::NameInvalid));
}

proptest! {
    #[test]
    fn any_units_are_taken_or_refused(
        path in prop::collection::vec(
            prop_oneof![any::<u16>(), prop::sample::select(units("\\:.$DATAi30 *a"))],
            0..40,
        ),
        is_absolute: bool,
    ) {
        if let Ok(mut parsed) = parse(&path, is_absolute) {
            while let Some(component) = parsed.next() {
                prop_assert_eq!(check_name(component.name), Ok(()));
            }
        }
    }
}
