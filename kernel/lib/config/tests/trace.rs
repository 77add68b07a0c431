//! The trace filter: what it accepts, and which calls it wants.

use abi::services::Family;
use config::{
    Config, ConfigError, Problem, TRACE_EVENTS, TRACE_FAMILIES, TraceFilter, TraceForm, TracedCall,
};

const CALL: TracedCall<'_> = TracedCall {
    process: "hello.exe",
    family: "wait",
    name: "NtCreateEvent",
};

fn wants(value: &str) -> bool {
    TraceFilter::parse(value)
        .unwrap_or_else(|error| panic!("{error}"))
        .wants(&CALL)
}

fn error(value: &str) -> ConfigError {
    TraceFilter::parse(value).expect_err(value)
}

#[test]
fn the_families_are_those_of_the_list() {
    assert_eq!(TRACE_FAMILIES, Family::ALL.map(Family::name));
}

#[test]
fn without_conditions_every_call_is_wanted() {
    for value in ["nt", "nt,", " nt , "] {
        assert!(wants(value), "{value}");
    }
}

#[test]
fn each_condition_chooses() {
    for value in [
        "nt,process=hello.exe",
        "nt,process=HELLO.EXE",
        "nt,process=a.exe|hello.exe",
        "nt,process=h*o*",
        "nt,family=wait",
        "nt,family=memory|Wait",
        "nt,name=NtCreateEvent",
        "nt,name=ntcreate*",
        "nt,name=*Event",
        "nt,name=*",
        "nt,name=NtOpen*|Nt*Event",
        "nt,process=hello.exe,family=wait,name=NtCreate*",
        "nt, family = file | wait , name = *",
    ] {
        assert!(wants(value), "{value}");
    }
    for value in [
        "nt,process=hello",
        "nt,process=a.exe|b.exe",
        "nt,family=memory|file",
        "nt,name=NtCreate",
        "nt,name=Create*",
        "nt,name=*Events",
        "nt,name=NtCreateEvent?",
        "nt,process=hello.exe,family=memory",
        "nt,family=wait,name=NtOpen*",
    ] {
        assert!(!wants(value), "{value}");
    }
}

#[test]
fn a_condition_given_twice_has_more_alternatives() {
    assert!(wants("nt,family=memory,family=wait"));
    assert!(wants("nt,name=NtOpen*,name=NtCreate*"));
    assert!(!wants("nt,family=memory,family=file"));
}

#[test]
fn a_call_without_a_service_has_no_family() {
    let filter = TraceFilter::parse("nt,family=wait|file").unwrap();
    let unknown = TracedCall { family: "", ..CALL };
    assert!(!filter.wants(&unknown));
    assert!(TraceFilter::parse("nt").unwrap().wants(&unknown));
}

#[test]
fn stars_take_any_length() {
    let fits = |text: &'static str, pattern: &str| {
        let value = format!("nt,name={pattern}");
        let filter = TraceFilter::parse(&value).unwrap();
        filter.wants(&TracedCall { name: text, ..CALL })
    };
    assert!(fits("aab", "*ab") && fits("aaab", "a*ab") && fits("abcabd", "*abd"));
    assert!(fits("", "*") && fits("", "**") && fits("x", "**x**"));
    assert!(!fits("", "x") && !fits("ab", "a*c") && !fits("abc", "*b"));
    let long: &'static str = Box::leak("a".repeat(3000).into_boxed_str());
    assert!(!fits(long, &("a*".repeat(300) + "b")));
}

#[test]
fn data_has_more_than_calls() {
    let has = |value: &'static str| {
        let filter = TraceFilter::parse(value).unwrap_or_else(|error| panic!("{error}"));
        TRACE_EVENTS.map(|event| filter.has(event))
    };
    assert_eq!(has("nt"), [true, false, false]);
    assert_eq!(has("json"), [true; 3]);
    assert_eq!(has("json,process=a.exe"), [true; 3]);
    assert_eq!(has("json,events=calls"), [true, false, false]);
    assert_eq!(has("json, events = faults | switches"), [false, true, true]);
    assert_eq!(has("json,events=calls,events=faults"), [true, false, true]);
    let form = |value| TraceFilter::parse(value).map(|filter| filter.form());
    assert_eq!(form("nt,name=*"), Ok(TraceForm::Text));
    assert_eq!(form("json,name=*"), Ok(TraceForm::Json));
}

#[test]
fn events_choose_no_calls() {
    assert!(wants("json,events=calls|faults"));
    assert!(wants("json,events=calls,process=hello.exe"));
    assert!(!wants("json,events=calls,process=deep.exe"));
}

#[test]
fn mistakes_say_what_to_do() {
    for (value, problem, hint) in [
        ("", Problem::TraceInterface, "trace=nt"),
        ("win32", Problem::TraceInterface, "trace=nt"),
        ("family=wait", Problem::TraceInterface, "trace=nt"),
        ("nt:family=wait", Problem::TraceInterface, "trace=nt,"),
        ("nt,wait", Problem::TraceCondition, "family="),
        ("nt,thread=4", Problem::TraceCondition, "process="),
        ("nt,process=", Problem::TraceCondition, "process="),
        ("nt,process=a|", Problem::TraceCondition, "process="),
        ("nt,Family=wait", Problem::TraceCondition, "family="),
        ("nt,family=waits", Problem::TraceFamily, "registry"),
        ("nt,family=*", Problem::TraceFamily, "registry"),
        ("nt,family=wait+file", Problem::TraceFamily, "|"),
        ("Json", Problem::TraceInterface, "trace=json"),
        (
            "json,events=",
            Problem::TraceEvents,
            "calls switches faults",
        ),
        ("json,events=calls|threads", Problem::TraceEvents, "calls"),
        ("nt,events=calls", Problem::TraceEvents, "trace=json"),
    ] {
        let error = error(value);
        assert_eq!(error.problem, problem, "{value}");
        let text = error.to_string();
        assert!(text.contains(hint), "{text}");
        assert!(
            text.starts_with(&format!("the kernel option trace={value}")),
            "{text}"
        );
    }
}

#[test]
fn the_command_line_has_one() {
    assert!(Config::new().trace().is_none());
    let config = Config::parse(r#"trace=nt,family=file trace="nt, process=my program.exe""#);
    let config = config.unwrap_or_else(|error| panic!("{error}"));
    let filter = config.trace().expect("given");
    let process = "my program.exe";
    assert!(filter.wants(&TracedCall { process, ..CALL }));
    assert!(!filter.wants(&CALL));
    assert!(Config::parse("trace=").is_err() && Config::parse("trace").is_err());
}
