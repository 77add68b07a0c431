//! Records of a trace, as a reader of JSON sees them.

use proptest::prelude::*;
use report::trace::{Event, PREFIX, Record, Stamp, Status};
use serde_json::{Value, json};

const STAMP: Stamp = Stamp { ns: 20, own_ns: 3 };

fn written(event: &Event<'_>) -> Value {
    let mut line = String::new();
    event.write(&mut line, STAMP);
    parsed(&line)
}

fn parsed(line: &str) -> Value {
    assert!(!line.chars().any(|letter| letter < ' '), "{line:?}");
    let object = line.strip_prefix(PREFIX).expect("a record");
    serde_json::from_str(object).unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[test]
fn every_event_has_its_fields() {
    let status = Status {
        number: 0xC000_0005,
        text: &"STATUS_ACCESS_VIOLATION",
    };
    for (event, fields) in [
        (
            Event::Start {
                version: "0.1.0",
                build_id: &[0xAB, 0xCD],
                events: &"calls|faults",
            },
            json!({"event": "start", "petrel_trace": 1, "version": "0.1.0", "build_id": "abcd",
                   "events": "calls|faults"}),
        ),
        (
            Event::Process {
                process: 4,
                parent: 0,
                program: "a.exe",
            },
            json!({"event": "process", "process": 4, "parent": 0, "program": "a.exe"}),
        ),
        (
            Event::ProcessEnd { process: 4, status },
            json!({"event": "process_end", "process": 4, "status": 0xC000_0005_u32,
                   "result": "STATUS_ACCESS_VIOLATION"}),
        ),
        (
            Event::Thread {
                process: 4,
                thread: 8,
            },
            json!({"event": "thread", "process": 4, "thread": 8}),
        ),
        (
            Event::ThreadName {
                thread: 8,
                name: &"pump",
            },
            json!({"event": "thread_name", "thread": 8, "name": "pump"}),
        ),
        (
            Event::ThreadEnd { thread: 8, status },
            json!({"event": "thread_end", "thread": 8, "status": 0xC000_0005_u32,
                   "result": "STATUS_ACCESS_VIOLATION"}),
        ),
        (
            Event::Switch {
                from: Some(8),
                to: None,
                why: "waits",
            },
            json!({"event": "switch", "from": 8, "why": "waits"}),
        ),
        (
            Event::Fault {
                process: 4,
                thread: 8,
                address: u64::MAX,
                access: "write",
                in_kernel: false,
                by: "zeroed page",
                took_ns: 900,
            },
            json!({"event": "fault", "process": 4, "thread": 8, "address": "0xffffffffffffffff",
                   "access": "write", "by": "zeroed page", "took_ns": 900}),
        ),
    ] {
        let mut record = written(&event);
        let object = record.as_object_mut().expect("an object");
        assert_eq!(object.remove("ns"), Some(json!(20)));
        assert_eq!(object.remove("own_ns"), Some(json!(3)));
        assert_eq!(record, fields);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_as_it_was(name in any::<String>(), text in any::<String>()) {
        let mut line = String::new();
        let mut record = Record::begin(&mut line, "x", STAMP);
        record.object("inner", |record| {
            record.entry(&name, &text);
            record.object("empty", |_| ());
        });
        record.text("after", &text);
        record.end();
        let record = parsed(&line);
        prop_assert_eq!(record["after"].as_str(), Some(&*text));
        if name != "empty" {
            prop_assert_eq!(record["inner"][&name].as_str(), Some(&*text));
        }
        let program = written(&Event::Process { process: 1, parent: 2, program: &text });
        prop_assert_eq!(program["program"].as_str(), Some(&*text));
    }
}
