//! Options, one by one: what is accepted and what is said about the rest.

use config::{Config, ConfigError, EndAction, LogLevel, PanicKind, Problem, Streams};

fn parse(line: &str) -> Config {
    Config::parse(line).unwrap_or_else(|error| panic!("{error}"))
}

fn problem(line: &str) -> (Option<&'static str>, Problem) {
    let error: ConfigError = Config::parse(line).expect_err(line);
    (error.option, error.problem)
}

fn programs(config: &Config) -> Vec<Vec<&str>> {
    config
        .start_list()
        .map(|group| group.map(|entry| entry.command_line).collect())
        .collect()
}

#[test]
fn an_empty_line_is_the_default() {
    for line in ["", "   ", "\t\n"] {
        let config = parse(line);
        assert_eq!(config.start_list().count(), 0);
        assert_eq!(config.panic(), None);
        assert_eq!(config.selftests().count(), 0);
        assert_eq!(config.seed(), None);
        assert_eq!(config.failing_allocation(), None);
        assert_eq!(config.environment().count(), 0);
        assert_eq!(config.end(), EndAction::Exit);
        assert!(!config.has_colours());
        assert_eq!(config.unknown_options().count(), 0);
        assert!(config.log().enabled("any", LogLevel::Info));
        assert!(!config.log().enabled("any", LogLevel::Debug));
    }
}

#[test]
fn every_option_together() {
    let config = parse(
        r#"log=warn,vm=trace start="a.exe 1; b.exe" panic=oom selftest=heap,frames seed=0x2A
           fail=alloc:7
           env=PATH=C:\\bin env="TEMP=C:\\a b" colour=on end=halt"#,
    );
    assert!(config.log().enabled("vm::policy", LogLevel::Trace));
    assert!(!config.log().enabled("hal", LogLevel::Info));
    assert_eq!(programs(&config), [["a.exe 1"], ["b.exe"]]);
    assert_eq!(config.panic(), Some(PanicKind::OutOfMemory));
    assert_eq!(config.selftests().collect::<Vec<_>>(), ["heap", "frames"]);
    assert_eq!(config.seed(), Some(42));
    assert_eq!(config.failing_allocation(), Some(7));
    let environment: Vec<_> = config.environment().collect();
    assert_eq!(environment, [("PATH", r"C:\bin"), ("TEMP", r"C:\a b")]);
    assert!(config.has_colours());
    assert_eq!(config.end(), EndAction::Halt);
    assert_eq!(config.unknown_options().count(), 0);
}

/// GRUB puts its quotes around the whole argument and escapes the inner ones.
#[test]
fn quotes_mean_the_same_wherever_they_stand() {
    for line in [
        r#"start="a.exe \"x; y\"; b.exe""#,
        r#""start=a.exe \"x; y\"; b.exe""#,
        r#"st"art=a.exe \"x; y\"; "b.exe"#,
        r#"start=a.exe\ \"x\;\ y\"\;\ b.exe"#,
    ] {
        assert_eq!(
            programs(&parse(line)),
            [[r#"a.exe "x; y""#], ["b.exe"]],
            "{line}"
        );
    }
    let line = "start=it\\'s.exe";
    assert_eq!(programs(&parse(line)), [["it's.exe"]]);
}

#[test]
fn bad_quotes_are_refused() {
    assert_eq!(problem(r#"start="a"#), (None, Problem::OpenQuote));
    assert_eq!(problem(r#"seed=1 ""#), (None, Problem::OpenQuote));
    assert_eq!(problem(r"seed=1 \"), (None, Problem::LastBackslash));
    assert_eq!(problem(r#""a\"#), (None, Problem::LastBackslash));
    assert_eq!(
        problem(r#"start=a.exe\ \"b"#),
        (Some("start"), Problem::OpenQuote)
    );
}

#[test]
fn the_last_of_equal_options_counts() {
    let config = parse("seed=1 end=halt start=a.exe seed=2 end=exit start=b.exe log=off log=trace");
    assert_eq!(config.seed(), Some(2));
    assert_eq!(config.end(), EndAction::Exit);
    assert_eq!(programs(&config), [["b.exe"]]);
    assert!(config.log().enabled("x", LogLevel::Trace));
}

#[test]
fn unknown_options_are_kept_for_a_warning() {
    let config = parse(r#"quiet root=/dev/sda seed=7 "two words" "" Seed=8 =x"#);
    let unknown: Vec<_> = config.unknown_options().collect();
    assert_eq!(
        unknown,
        ["quiet", "root=/dev/sda", "two words", "", "Seed=8", "=x"]
    );
    assert_eq!(config.seed(), Some(7));
    let many = "unknown ".repeat(config::UNKNOWN_MAX + 5) + "seed=7";
    let config = parse(&many);
    assert_eq!(config.unknown_options().count(), config::UNKNOWN_MAX);
    assert_eq!(config.seed(), Some(7));
}

#[test]
fn seeds() {
    assert_eq!(parse("seed=18446744073709551615").seed(), Some(u64::MAX));
    assert_eq!(parse("seed=0xFFFFFFFFFFFFFFFF").seed(), Some(u64::MAX));
    for bad in [
        "",
        "x",
        "-1",
        "+1",
        "0x",
        "0x+1",
        "1 000",
        "18446744073709551616",
        "1.5",
    ] {
        let line = format!("\"seed={bad}\"");
        assert_eq!(problem(&line), (Some("seed"), Problem::Seed), "{line}");
    }
}

#[test]
fn failures() {
    let number = |line| parse(line).failing_allocation();
    assert_eq!(number("fail=alloc:1"), Some(1));
    assert_eq!(number("fail=alloc:0x10 fail=alloc:20"), Some(20));
    assert_eq!(number("fail=calls"), None);
    assert!(!parse("fail=alloc:1").calls_may_fail());
    let both = parse("fail=calls fail=alloc:3");
    assert!(both.calls_may_fail());
    assert_eq!(both.failing_allocation(), Some(3));
    for bad in [
        "fail",
        "fail=",
        "fail=3",
        "fail=alloc",
        "fail=alloc:",
        "fail=alloc:0",
        "fail=alloc:-1",
        "fail=alloc:x",
        "fail=Alloc:1",
        "fail=read:1",
        "fail=call",
        "fail=calls:1",
        "fail=alloc:18446744073709551616",
    ] {
        assert_eq!(problem(bad), (Some("fail"), Problem::Failure), "{bad}");
    }
}

#[test]
fn every_panic_kind_has_its_name() {
    for kind in PanicKind::ALL {
        let config = parse(&format!("panic={}", kind.name()));
        assert_eq!(config.panic(), Some(kind));
    }
    for bad in ["panic", "panic=", "panic=Nested", "panic=nested,oom"] {
        assert_eq!(problem(bad), (Some("panic"), Problem::PanicKind));
    }
}

#[test]
fn bad_values_are_refused() {
    assert_eq!(problem("colour=red"), (Some("colour"), Problem::Switch));
    assert_eq!(problem("end=now"), (Some("end"), Problem::End));
    assert_eq!(problem("stdio=file"), (Some("stdio"), Problem::Streams));
    assert_eq!(problem("selftest="), (Some("selftest"), Problem::NoNames));
    assert_eq!(problem("selftest=,"), (Some("selftest"), Problem::NoNames));
    for bad in ["env", "env=", "env=PATH", "env==x"] {
        assert_eq!(problem(bad), (Some("env"), Problem::Environment), "{bad}");
    }
    let config = parse("env=EMPTY= env=A=b=c");
    let environment: Vec<_> = config.environment().collect();
    assert_eq!(environment, [("EMPTY", ""), ("A", "b=c")]);
}

#[test]
fn what_is_too_much_is_refused() {
    let line = "env=A=b ".repeat(config::ENVIRONMENT_MAX);
    assert_eq!(parse(&line).environment().count(), config::ENVIRONMENT_MAX);
    let most = config::ENVIRONMENT_MAX;
    assert_eq!(
        problem(&(line + "env=C=d")),
        (Some("env"), Problem::TooMany { most })
    );
    let long = "x".repeat(config::TEXT_MAX_BYTES);
    assert_eq!(parse(&long).unknown_options().count(), 1);
    assert_eq!(problem(&(long + "\u{e4}")), (None, Problem::LineTooLong));
}

#[test]
fn errors_name_option_value_and_what_is_accepted() {
    let sentence = |line: &str| Config::parse(line).err().unwrap().to_string();
    assert_eq!(
        sentence("panic=now"),
        "the kernel option panic=now names no panic; it is one of nested pagefault readonly \
         syscall threadstack stack lock display interrupt usermode nmi copyfault closure \
         generic assembly oom rbp double"
    );
    assert_eq!(
        sentence("log=loud"),
        "the kernel option log=loud names no log level; write LEVEL,MODULE=LEVEL,... with a level \
         of off error warn info debug trace"
    );
    assert_eq!(
        sentence("\"start=a.exe => x\""),
        "the kernel option start=a.exe => x has no 32-bit status after =>; write a hexadecimal one \
         like 0xC0000005, or a decimal one like 3 or -1"
    );
    assert_eq!(
        sentence("fail=alloc:0"),
        "the kernel option fail=alloc:0 names nothing that can fail; write alloc:N for the Nth \
         allocation, from 1 on, or calls for programs to choose"
    );
    let cut = sentence(&format!("end={}", "\u{e4}".repeat(100)));
    let value = "\u{e4}".repeat(30);
    assert!(
        cut.starts_with(&format!("the kernel option end={value}... names")),
        "{cut}"
    );
}

#[test]
fn where_standard_streams_lead() {
    assert_eq!(parse("").streams(), Streams::Console);
    assert_eq!(parse("stdio=host").streams(), Streams::Host);
    assert_eq!(
        parse("stdio=host stdio=console").streams(),
        Streams::Console
    );
}

#[test]
fn the_terminal() {
    assert_eq!(parse("").terminal(), None);
    let terminal = parse("terminal=101x33,in,out,err").terminal().unwrap();
    assert_eq!((terminal.columns, terminal.rows), (101, 33));
    assert!(terminal.is_input && terminal.is_output && terminal.is_errors);
    assert!(!terminal.echoes);
    let terminal = parse("terminal=0x0,err,echo").terminal().unwrap();
    assert!(terminal.echoes && terminal.is_errors && !terminal.is_input);
    for bad in [
        "",
        "80x25",
        "80,in",
        "x,in",
        "80x,in",
        "80x25,echo",
        "80x70000,in",
        "80x25,in,",
    ] {
        let line = format!("terminal={bad}");
        assert_eq!(
            problem(&line),
            (Some("terminal"), Problem::Terminal),
            "{bad}"
        );
    }
}
