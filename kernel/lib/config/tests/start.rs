//! The start list: groups, members, names, statuses.

use config::{Problem, StartList};

fn parse(list: &str) -> Vec<Vec<(&str, &str, u32)>> {
    StartList::parse(list)
        .unwrap_or_else(|error| panic!("{error}"))
        .map(|group| {
            group
                .map(|entry| (entry.command_line, entry.program, entry.expected))
                .collect()
        })
        .collect()
}

fn problem(list: &str) -> Problem {
    StartList::parse(list).expect_err(list).problem
}

#[test]
fn groups_and_members() {
    assert!(parse("").is_empty());
    assert!(parse("  ").is_empty());
    assert_eq!(
        parse("prog.exe arg1 arg2; other.exe => 0xC0000005; a.exe & b.exe=>1"),
        [
            vec![("prog.exe arg1 arg2", "prog.exe", 0)],
            vec![("other.exe", "other.exe", 0xc000_0005)],
            vec![("a.exe", "a.exe", 0), ("b.exe", "b.exe", 1)],
        ]
    );
}

#[test]
fn statuses() {
    for (text, status) in [
        ("0", 0),
        ("259", 259),
        ("0xc0000005", 0xc000_0005),
        ("0XC0000005", 0xc000_0005),
        ("4294967295", u32::MAX),
        ("-1", u32::MAX),
        ("-2147483648", 0x8000_0000),
    ] {
        assert_eq!(parse(&format!("a => {text}")), [[("a", "a", status)]]);
    }
    for bad in [
        "",
        "x",
        "+1",
        "- 1",
        "-0x1",
        "--1",
        "0x",
        "0x1FFFFFFFF",
        "4294967296",
        "-2147483649",
        "1 => 2",
        "STATUS_SUCCESS",
        "1 2",
    ] {
        assert_eq!(problem(&format!("a => {bad}")), Problem::Status, "{bad}");
    }
}

#[test]
fn signs_inside_quotes_mean_nothing() {
    assert_eq!(
        parse(r#""my prog.exe" "a; b" "c & d" "e => f" => 2; next.exe"#),
        [
            vec![(r#""my prog.exe" "a; b" "c & d" "e => f""#, "my prog.exe", 2)],
            vec![("next.exe", "next.exe", 0)],
        ]
    );
}

/// As Windows programs split their command lines.
#[test]
fn a_quote_behind_a_backslash_is_no_quote() {
    assert_eq!(
        parse(r#"a.exe \"; b.exe"#),
        [
            vec![(r#"a.exe \""#, "a.exe", 0)],
            vec![("b.exe", "b.exe", 0)]
        ]
    );
    assert_eq!(
        parse(r#"a.exe "\"; x"; b.exe "c\\"; d.exe"#),
        [
            vec![(r#"a.exe "\"; x""#, "a.exe", 0)],
            vec![(r#"b.exe "c\\""#, "b.exe", 0)],
            vec![("d.exe", "d.exe", 0)],
        ]
    );
}

#[test]
fn entries_without_a_program_are_refused() {
    for bad in [
        ";", "a;", ";a", "a;;b", "&", "a&", "&a", "a & & b", "a; => 3", "=> 3", "\"\"", "\"\" x",
    ] {
        assert_eq!(problem(bad), Problem::EmptyEntry, "{bad}");
    }
}

#[test]
fn an_open_quote_is_refused() {
    for bad in ["\"", "a \"b", "a \"b; c", "a \\\\\"b"] {
        assert_eq!(problem(bad), Problem::OpenQuote, "{bad}");
    }
}
