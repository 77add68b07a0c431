//! Folding, comparing and copying names.

use super::*;

extern crate std;
use std::string::ToString;
use std::vec::Vec;

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn same(left: &str, right: &str) -> bool {
    compare(&units(left), &units(right), Case::Insensitive).is_eq()
}

#[test]
fn case_folds_one_unit_to_one() {
    for (small, capital) in [
        ("basenamedobjects", "BASENAMEDOBJECTS"),
        ("@[`{", "@[`{"),
        ("\u{E9}\u{FF}", "\u{C9}\u{178}"),
        ("\u{44F}\u{3C9}", "\u{42F}\u{3A9}"),
        ("\u{1C6}", "\u{1C4}"),
    ] {
        assert!(same(small, capital), "{small}");
        let equal = compare(&units(small), &units(capital), Case::Sensitive).is_eq();
        assert_eq!(equal, small == capital);
    }
}

#[test]
fn names_that_look_alike_are_different() {
    for (left, right) in [
        ("stra\u{DF}e", "STRASSE"),
        ("\u{131}", "I"),
        ("\u{17F}", "S"),
        ("\u{212A}", "K"),
        ("\u{B5}", "\u{3BC}"),
        ("\u{FB01}", "FI"),
        ("a", "\u{E4}"),
        ("a", "ab"),
        ("", "a"),
        // Capitals beyond the BMP: NT sees two surrogates.
        ("\u{10428}", "\u{10400}"),
    ] {
        assert!(!same(left, right), "{left} {right}");
    }
}

#[test]
fn folding_holds_for_every_unit() {
    for unit in 0..=u16::MAX {
        let capital = fold(unit);
        assert_eq!(fold(capital), capital, "{unit:#x}");
        assert!(unit < 0x80 || capital >= 0x80, "{unit:#x} folds into ASCII");
        if (0xD800..0xE000).contains(&unit) {
            assert_eq!(capital, unit, "a surrogate");
        }
    }
}

#[test]
fn order_is_that_of_folded_units() {
    let order = |left, right| compare(&units(left), &units(right), Case::Insensitive);
    assert_eq!(order("abc", "ABD"), Ordering::Less);
    assert_eq!(order("abc", "AB"), Ordering::Greater);
    assert_eq!(order("_", "a"), Ordering::Greater, "_ is after A");
}

#[test]
fn names_are_components() {
    let longest = std::vec![u16::from(b'a'); MAX_UNITS];
    assert_eq!(ObjectName::new(&longest).unwrap().units(), longest);
    let too_long = std::vec![u16::from(b'a'); MAX_UNITS + 1];
    for bad in [&too_long, &units(""), &units("\\"), &units("a\\b")] {
        assert_eq!(ObjectName::new(bad), Err(NameError::NameInvalid));
    }
}

#[test]
fn any_units_are_a_name_and_print() {
    let name = ObjectName::new(&[0xDC00, 0, 0xD83D, 0xDE00, 0xD83D]).unwrap();
    assert_eq!(name.to_string(), "\u{FFFD}\0\u{1F600}\u{FFFD}");
}

#[test]
fn errors_have_a_status_and_a_sentence() {
    for (error, status) in [
        (NameError::PathSyntaxBad, 0xC000_003B),
        (NameError::NameInvalid, 0xC000_0033),
        (NameError::PathNotFound, 0xC000_003A),
        (NameError::NameNotFound, 0xC000_0034),
        (NameError::NameCollision, 0xC000_0035),
        (NameError::TypeMismatch, 0xC000_0024),
        (NameError::NameTooLong, 0xC000_0106),
        (NameError::TooManyLinks, 0xC000_0280),
        (NameError::LinkEncountered, 0xC000_050B),
        (NameError::NoMemory, 0xC000_009A),
    ] {
        assert_eq!(error.status_code(), status);
        assert!(!error.to_string().is_empty());
    }
}
