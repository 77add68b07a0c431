//! The reports in a log that also says other things.

use std::io::Write as _;

use report::{PREFIX, VERSION};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::record::Report;

/// How a report's line begins when the prefix was taken off.
const BEGINNING: &str = "{\"petrel_report\"";

/// The text of a log without the control sequences of terminals.
pub(crate) fn plain(log: &[u8]) -> String {
    let log = String::from_utf8_lossy(log);
    let mut plain = String::with_capacity(log.len());
    let mut letters = log.chars();
    while let Some(letter) = letters.next() {
        if letter != '\x1b' {
            plain.push(letter);
        } else if letters.next() == Some('[') {
            // ECMA-48, 5.4: parameters, and a letter that ends the sequence.
            letters.by_ref().find(|end| ('@'..='~').contains(end));
        }
    }
    plain
}

/// The lines of a text, however they end.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').map(|line| line.trim_matches('\r'))
}

/// Reads every report that a log has as JSON.
pub(crate) fn reports(log: &str) -> Result<Vec<Report>, String> {
    // A report that a tool has laid out in lines is one document.
    let whole = log.trim();
    if whole.starts_with('{') && serde_json::from_str::<IgnoredAny>(whole).is_ok() {
        let report = parse(whole).map_err(|fault| fault.in_line(1))?;
        return Ok(vec![report]);
    }
    let (mut reports, mut faults) = (Vec::new(), Vec::new());
    for (index, line) in lines(log).enumerate() {
        match json_of(line).map(parse) {
            Some(Ok(report)) => reports.push(report),
            Some(Err(fault)) => faults.push(fault.in_line(index + 1)),
            None => {}
        }
    }
    if reports.is_empty() {
        let first = faults.into_iter().next();
        return Err(first.unwrap_or_else(|| nothing(log)));
    }
    // A program can print what looks like a report, and that hides no other.
    for fault in faults {
        let _ = writeln!(std::io::stderr(), "symbolize: note: {fault}");
    }
    Ok(reports)
}

/// The JSON of a line that has a report.
fn json_of(line: &str) -> Option<&str> {
    let after = line.split_once(PREFIX).map(|(_, json)| json.trim());
    after
        .filter(|json| json.starts_with('{'))
        .or_else(|| Some(line.trim()).filter(|line| line.starts_with(BEGINNING)))
}

/// Why a report cannot be read.
enum Fault {
    Damaged(serde_json::Error),
    Version(u64),
}

impl Fault {
    fn in_line(self, number: usize) -> String {
        match self {
            Self::Damaged(error) => format!(
                "the report in line {number} of the log is damaged ({error}); get the log anew, or \
                 give --raw to read its text"
            ),
            Self::Version(version) => format!(
                "the report in line {number} of the log is of version {version}, and this program \
                 reads version {VERSION}; use the symbolize of that kernel's sources"
            ),
        }
    }
}

/// The field that says what the others mean.
#[derive(Deserialize)]
struct Version {
    petrel_report: u64,
}

fn parse(json: &str) -> Result<Report, Fault> {
    let Version { petrel_report } = serde_json::from_str(json).map_err(Fault::Damaged)?;
    if petrel_report != u64::from(VERSION) {
        return Err(Fault::Version(petrel_report));
    }
    serde_json::from_str(json).map_err(Fault::Damaged)
}

fn nothing(log: &str) -> String {
    match crate::text::has_report(log) {
        true => "the log has reports only as text; give --raw and --kernel".into(),
        false => format!(
            "there is no report in the log; give a whole serial log, or the line of it that \
             begins with {}",
            PREFIX.trim()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = "{\"petrel_report\":1,\"kind\":\"panic\",\"version\":\"1\",\"cause\":\"c\"}";

    fn causes(log: &str) -> Result<Vec<String>, String> {
        let found = reports(&plain(log.as_bytes()))?;
        Ok(found.into_iter().map(|report| report.cause).collect())
    }

    #[test]
    fn reports_are_found_among_other_output() {
        let coloured = format!("\x1b[0;1mPANIC\x1b[0m\r\nPETREL-REPORT \r\nx{PREFIX}{JSON}\r\r\nz");
        assert_eq!(causes(&coloured), Ok(vec!["c".into()]));
        let two = format!("{PREFIX}{JSON}\n{{}}\n{JSON}");
        assert_eq!(causes(&two), Ok(vec!["c".into(), "c".into()]));
        let in_lines = JSON.replace(',', ",\n  ");
        assert_eq!(causes(&in_lines), Ok(vec!["c".into()]));
        assert_eq!(plain(b"a\x1b[1;3Hb\x1bcd\x1b[").as_str(), "abd");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        for (log, part) in [
            ("", "there is no report"),
            ("hello\n", "there is no report"),
            ("PANIC: x\n", "only as text; give --raw"),
            (
                "PANIC while reporting a panic; return addresses:\n",
                "--raw",
            ),
            ("{", "there is no report"),
            ("{}", "damaged"),
            ("{\"petrel_report\":1,", "damaged"),
            ("\nPETREL-REPORT {\"petrel_report\":1,\"kind\"", "line 2"),
            ("PETREL-REPORT {\"petrel_report\":2}", "of version 2"),
            ("PETREL-REPORT {\"petrel_report\":1}", "damaged"),
            ("{\"petrel_report\":\"1\"}", "damaged"),
        ] {
            let error = causes(log).unwrap_err();
            assert!(error.contains(part), "{log}: {error}");
            assert_eq!(error.lines().count(), 1);
        }
    }

    #[test]
    fn fields_of_a_wrong_form_are_named() {
        let with = |fields: &str| JSON.replace("\"kind\":\"panic\"", fields);
        let frame = |fields: &str| with(&format!("\"kind\":\"panic\",\"frames\":[{{{fields}}}]"));
        let most = "\"number\":0,\"address\":\"0x1\",\"call\":true";
        for (json, part) in [
            (with("\"kind\":\"bug\""), "neither panic nor crash"),
            (frame(""), "no origin"),
            (frame("\"origin\":\"kernel\""), "no number"),
            (
                frame(&format!("{most},\"origin\":\"moon\"")),
                "unknown origin",
            ),
            (frame("\"address\":\"1\""), "not a hexadecimal"),
            (frame("\"address\":\"0x+1\""), "not a hexadecimal"),
            (frame("\"mark\":\"x\",\"text\":\"\""), "unknown kind"),
            (frame("\"mark\":\"end\""), "no text"),
            (
                frame(&format!("{most},\"origin\":\"kernel\",\"module\":\"a\"")),
                "without an rva",
            ),
            (
                with("\"kind\":\"panic\",\"build_id\":\"abc\""),
                "pairs of hexadecimal",
            ),
        ] {
            let error = causes(&json).unwrap_err();
            assert!(error.contains(part), "{json}: {error}");
        }
    }
}
