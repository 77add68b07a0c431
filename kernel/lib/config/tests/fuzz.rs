//! Any line is parsed or refused; what is parsed holds together.

use config::{Config, LogLevel, TracedCall};
use proptest::prelude::*;

/// Uses everything a configuration offers.
fn use_up(config: &Config) {
    for group in config.start_list() {
        assert!(group.count() > 0);
        for entry in group {
            assert!(!entry.program.is_empty());
            assert!(entry.command_line.contains(entry.program));
            assert_eq!(entry.command_line, entry.command_line.trim());
        }
    }
    for (name, _) in config.environment() {
        assert!(!name.is_empty());
    }
    let _ = config.selftests().count() + config.unknown_options().count();
    let _ = config.log().enabled("hal::trap", LogLevel::Info);
    if let Some(filter) = config.trace() {
        let _ = filter.wants(&TracedCall {
            process: "a.exe",
            family: "wait",
            name: "NtClose",
        });
    }
}

fn check(line: &str) {
    match Config::parse(line) {
        Ok(config) => use_up(&config),
        Err(error) => assert!(error.to_string().len() > 40),
    }
}

/// One argument as GRUB writes it into the command line.
fn quoted(argument: &str) -> String {
    let escaped: String = argument
        .chars()
        .flat_map(|character| {
            let slash = matches!(character, '\\' | '"' | '\'').then_some('\\');
            slash.into_iter().chain([character])
        })
        .collect();
    format!("\"{escaped}\"")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn any_text_is_survived(line in any::<String>()) {
        check(&line);
    }

    #[test]
    fn lines_of_the_right_words_are_survived(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "log=", "trace=nt", "family=", "name=", "|", "*", "wait", "start=", "panic=", "selftest=", "seed=", "fail=", "alloc:", "calls", "env=", "end=", "stdio=", "host", "terminal=", "80x25", ",in", "info", "trace",
                "exit", "oom", "a.exe", "b", "=", "=>", "0x", "C0000005", "-1", ";", "&", "\"",
                "\\", " ", ",", "::", "\u{e4}",
            ]),
            0..40,
        ),
    ) {
        check(&words.concat());
    }

    #[test]
    fn quoting_keeps_every_character(value in "[^\u{0}]{0,200}") {
        let line = format!("seed=1 {} seed=2", quoted(&format!("?{value}")));
        let config = Config::parse(&line).unwrap();
        let unknown: Vec<_> = config.unknown_options().collect();
        prop_assert_eq!(unknown, [format!("?{value}")]);
        prop_assert_eq!(config.seed(), Some(2));
    }
}
