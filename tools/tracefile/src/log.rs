//! The records in a log that also says other things.

use report::trace::{PREFIX, VERSION};

use crate::record::{Event, Record};

/// Reads every record of a log; notes say what is missing.
pub(crate) fn records(log: &[u8]) -> Result<(Vec<Record>, Vec<String>), String> {
    let log = String::from_utf8_lossy(log);
    let (mut records, mut notes) = (Vec::new(), Vec::new());
    let mut lines = log.split('\n').enumerate().peekable();
    while let Some((index, line)) = lines.next() {
        let line = line.trim_end_matches('\r');
        let is_last = lines.peek().is_none();
        let number = index + 1;
        let Some(json) = line.strip_prefix(PREFIX) else {
            // The very end of a log that was cut off may be a piece of the prefix.
            continue;
        };
        match parse(json) {
            Ok(record) => {
                check(&record, records.is_empty(), number, &mut notes)?;
                records.push(record);
            }
            Err(error) if is_last && error.is_eof() => {
                notes.push(format!(
                    "the log ends in the middle of line {number}, a record"
                ));
            }
            Err(error) => {
                return Err(format!(
                    "the record in line {number} of the log is damaged ({error}); get the log anew"
                ));
            }
        }
    }
    if records.is_empty() {
        return Err(format!(
            "the log has no line that begins with {:?}: boot with trace=json on the kernel's \
             command line",
            PREFIX.trim()
        ));
    }
    Ok((records, notes))
}

fn parse(json: &str) -> Result<Record, serde_json::Error> {
    Ok(Record {
        stamp: serde_json::from_str(json)?,
        event: serde_json::from_str(json)?,
    })
}

/// A trace has one beginning, of a version that is known.
fn check(
    record: &Record,
    is_first: bool,
    number: usize,
    notes: &mut Vec<String>,
) -> Result<(), String> {
    match &record.event {
        Event::Start { petrel_trace, .. } if *petrel_trace != u64::from(VERSION) => Err(format!(
            "the trace in line {number} of the log has the format {petrel_trace}, and this tool \
             reads {VERSION}: take the one that was built with the kernel"
        )),
        Event::Start { .. } if !is_first => Err(format!(
            "a second trace begins in line {number} of the log; give the log of one run"
        )),
        Event::Start { .. } => Ok(()),
        _ if is_first => {
            notes.push("the log does not have the trace's beginning".into());
            Ok(())
        }
        _ => Ok(()),
    }
}
