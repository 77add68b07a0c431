//! The log filter: levels, module names, which rule counts.

use config::{ConfigError, LOG_RULES_MAX, LogFilter, LogLevel, Problem};

fn parse(value: &str) -> LogFilter {
    LogFilter::parse(value).unwrap_or_else(|error| panic!("{error}"))
}

/// The most detailed level that a module logs.
fn limit(filter: &LogFilter, module: &str) -> LogLevel {
    LogLevel::ALL
        .into_iter()
        .rfind(|level| filter.enabled(module, *level))
        .unwrap_or(LogLevel::Off)
}

#[test]
fn one_level_is_for_everything() {
    for level in LogLevel::ALL {
        let filter = parse(level.name());
        assert_eq!(limit(&filter, "hal::trap"), level);
        assert_eq!(filter, LogFilter::new(level));
        assert!(!filter.enabled("hal", LogLevel::Off));
    }
}

#[test]
fn modules_fit_by_whole_segments() {
    let filter = parse("warn,vm=trace,memory::region=debug");
    for module in ["vm", "vm::policy", "executive::vm", "executive::vm::x"] {
        assert_eq!(limit(&filter, module), LogLevel::Trace, "{module}");
    }
    for module in ["executive::memory::region", "memory::region::split"] {
        assert_eq!(limit(&filter, module), LogLevel::Debug, "{module}");
    }
    for module in [
        "",
        "vmx",
        "xvm",
        "hal::vmx",
        "memory",
        "memory::regions",
        "v::m",
    ] {
        assert_eq!(limit(&filter, module), LogLevel::Warn, "{module}");
    }
}

#[test]
fn the_longest_name_counts_and_then_the_last() {
    let filter = parse("hal=error,hal::trap=trace,trap=off,info");
    assert_eq!(limit(&filter, "hal::trap"), LogLevel::Trace);
    assert_eq!(limit(&filter, "hal::lock"), LogLevel::Error);
    assert_eq!(limit(&filter, "nt::trap"), LogLevel::Off);
    assert_eq!(limit(&filter, "nt"), LogLevel::Info);
    assert_eq!(filter.most_detailed(), LogLevel::Trace);
    assert_eq!(limit(&parse("vm=off,vm=debug"), "vm"), LogLevel::Debug);
}

#[test]
fn bad_filters_are_refused() {
    let problem = |value: &str| {
        let error: ConfigError = LogFilter::parse(value).expect_err(value);
        assert_eq!(error.option, Some("log"));
        error.problem
    };
    for bad in [
        "",
        "loud",
        "info,",
        "info,vm",
        "vm=",
        "vm=loud",
        "vm=info=info",
        "INFO",
        "info ,",
    ] {
        assert_eq!(problem(bad), Problem::LogLevel, "{bad}");
    }
    assert_eq!(problem("=info"), Problem::LogModule);
    assert_eq!(
        problem(&format!("{}=info", "x".repeat(41))),
        Problem::LogModule
    );
    let most = vec!["x=info"; LOG_RULES_MAX].join(",");
    assert_eq!(limit(&parse(&most), "x"), LogLevel::Info);
    assert_eq!(problem(&(most + ",x=info")), Problem::LogModule);
}
