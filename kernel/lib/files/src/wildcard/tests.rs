//! Patterns as the documentation has them, against a naive matcher, and long.

use super::*;
use proptest::prelude::*;

extern crate std;
use std::string::String;
use std::time::{Duration, Instant};

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    Pattern::new(&units(pattern)).unwrap().matches(&units(name))
}

#[test]
fn patterns_take_what_they_are_documented_to() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("*", &["a", ".", "a.b", "a.b.c"], &[""]),
        ("", &["a", "a.b"], &[""]),
        ("*.*", &["a.b", ".b", "a.", "a.b.c"], &["a", ""]),
        (
            "*.TXT",
            &["a.txt", "a.b.TXT", ".txt"],
            &["a.txt2", "txt", "a.text"],
        ),
        ("a?c", &["abc", "A.C"], &["ac", "abbc"]),
        ("a?", &["ab", "a."], &["a", "abc"]),
        ("??", &["ab"], &["a", "abc"]),
        ("*a*b*", &["ab", "xaxbx", "aab"], &["ba", "a", "b"]),
        (
            "readme",
            &["README", "ReadMe"],
            &["readme.", "readm", "readme2"],
        ),
        ("\u{e4}*", &["\u{c4}pfel"], &["apfel"]),
        // As Win32 makes them: `*.` is `<`, no extension.
        ("<", &["a", "abc"], &["a.b", "a.b.c", "a."]),
        ("<.b", &["a.b", "a.a.b", ".b"], &["ab", "a.b.c", "b"]),
        ("<\"", &["a", "a."], &["a.b"]),
        ("<\"*", &["a", "a.b", "a.b.c", "a."], &[]),
        // `a.???` is `a">>>`.
        (
            "a\">>>",
            &["a", "a.", "a.b", "a.bcd"],
            &["a.bcde", "ab", "a.b.c"],
        ),
        (">>>>", &["a", "ab", "abcd"], &["abcde", "a.b"]),
        (">>>.c", &["a.c", "abc.c", ".c"], &["abcd.c", "a.b.c"]),
        ("a>b", &["acb"], &["ab", "a.b"]),
        ("a>.b", &["ac.b", "a.b"], &["acd.b"]),
        ("a\"b", &["a.b"], &["ab", "axb"]),
        ("a\"\"\"", &["a", "a.", "a..", "a..."], &["a....", "ab"]),
    ];
    for (pattern, taken, refused) in table {
        for name in *taken {
            assert!(matches(pattern, name), "{pattern} does not take {name}");
        }
        for name in *refused {
            assert!(!matches(pattern, name), "{pattern} takes {name}");
        }
    }
}

#[test]
fn patterns_that_no_name_can_match_are_refused() {
    for pattern in ["a\\b", "a/b", "a:b", "a|b", "a\u{1f}", "\0"] {
        assert_eq!(
            Pattern::new(&units(pattern)),
            Err(FileError::NameInvalid),
            "{pattern}"
        );
    }
    assert!(Pattern::new(&[STAR; 255]).is_ok());
    assert_eq!(Pattern::new(&[STAR; 256]), Err(FileError::NameInvalid));
}

#[test]
fn a_pattern_without_wildcards_is_a_name() {
    let pattern = Pattern::new(&units("Name.txt")).unwrap();
    assert_eq!(pattern.single_name(), Some(units("NAME.TXT").as_slice()));
    assert_eq!(Pattern::new(&units("a*")).unwrap().single_name(), None);
    assert!(Pattern::new(&units("***")).unwrap().takes_all());
}

#[test]
fn no_pattern_takes_long() {
    let name = units(&"a".repeat(255));
    let started = Instant::now();
    for piece in ["*a", "*?", "<a", "<?", "*>", "<>", "*\"", "<*", "*<"] {
        let long: String = piece.repeat(127);
        let mut pattern = units(&long);
        let _ = Pattern::new(&pattern).unwrap().matches(&name);
        pattern.push(u16::from(b'b'));
        assert!(!Pattern::new(&pattern).unwrap().matches(&name), "{piece}");
    }
    assert!(started.elapsed() < Duration::from_secs(5));
}

/// The rules, one way after the other.
fn naive(pattern: &[u16], name: &[u16]) -> bool {
    let Some((&expected, rest)) = pattern.split_first() else {
        return name.is_empty();
    };
    let one = |takes: fn(u16) -> bool| match name.split_first() {
        Some((&unit, after)) if takes(unit) => Some(after),
        _ => None,
    };
    match expected {
        STAR => naive(rest, name) || one(|_| true).is_some_and(|after| naive(pattern, after)),
        DOS_STAR => {
            let is_last_dot = name.first() == Some(&DOT) && !name[1..].contains(&DOT);
            naive(rest, name)
                || (!is_last_dot && one(|_| true).is_some_and(|after| naive(pattern, after)))
        }
        QUESTION => one(|_| true).is_some_and(|after| naive(rest, after)),
        DOS_QUESTION => match one(|unit| unit != DOT) {
            Some(after) => naive(rest, after),
            None => naive(rest, name),
        },
        DOS_DOT if name.is_empty() => naive(rest, name),
        DOS_DOT => one(|unit| unit == DOT).is_some_and(|after| naive(rest, after)),
        _ => name
            .split_first()
            .is_some_and(|(unit, after)| fold(*unit) == fold(expected) && naive(rest, after)),
    }
}

proptest! {
    #[test]
    fn matching_agrees_with_trying_all_ways(pattern in "[aB.*?<>\"]{1,8}", name in "[Ab.]{1,8}") {
        prop_assert_eq!(matches(&pattern, &name), naive(&units(&pattern), &units(&name)));
    }
}
