//! Calls of a made-up program, as records.

use crate::program::Program;
use abi::NtStatus;
use abi::services::{ARGUMENTS_MAX, FREESTANDING};
use calltrace::End;
use proptest::prelude::*;
use report::trace::{PREFIX, Stamp};
use serde_json::{Value, json};

const STAMP: Stamp = Stamp {
    ns: 7_000,
    own_ns: 300,
};

fn parsed(line: &str) -> Value {
    assert!(!line.contains('\n'), "{line}");
    let object = line.strip_prefix(PREFIX).expect("a record");
    serde_json::from_str(object).unwrap_or_else(|error| panic!("{error}: {line}"))
}

#[test]
fn a_named_event() {
    let program = Program::new();
    let attributes = program.attributes(r"\BaseNamedObjects\x", 0, 0x40);
    let call = program.call("NtCreateEvent", &[0x9000, 0x1F_0003, attributes, 1, 0xAB00]);
    assert_eq!(
        parsed(&call.record(STAMP)),
        json!({
            "event": "call", "ns": 7000, "own_ns": 300, "process": 8, "thread": 12,
            "number": 43, "name": "NtCreateEvent", "family": "wait",
            "arguments": {
                "EventHandle": "0x9000",
                "DesiredAccess": "EVENT_ALL_ACCESS",
                "ObjectAttributes": r#"&{ObjectName="\BaseNamedObjects\x", Attributes=OBJ_CASE_INSENSITIVE}"#,
                "EventType": "SynchronizationEvent",
                "InitialState": "FALSE",
            },
        })
    );
    program.write(0x9000, &0x24_u64.to_le_bytes());
    assert_eq!(
        parsed(&call.end(STAMP, End::Returns(NtStatus::SUCCESS))),
        json!({
            "event": "return", "ns": 7000, "own_ns": 300, "thread": 12,
            "status": 0, "result": "STATUS_SUCCESS",
            "left": {"EventHandle": r#"&0x24 (Event "\BaseNamedObjects\x")"#},
        })
    );
}

#[test]
fn ends_without_a_status() {
    let program = Program::new();
    let call = program.call("NtContinue", &[0, 0]);
    assert_eq!(
        parsed(&call.end(STAMP, End::GoesOn(0xFFFF_8000_0000_1234))),
        json!({"event": "return", "ns": 7000, "own_ns": 300, "thread": 12,
               "result": "goes on", "at": "0xffff800000001234"})
    );
    assert_eq!(
        parsed(&call.end(STAMP, End::DoesNotReturn)),
        json!({"event": "return", "ns": 7000, "own_ns": 300, "thread": 12,
               "result": "does not return"})
    );
}

#[test]
fn a_call_without_a_service() {
    let program = Program::new();
    let mut call = program.call("NtClose", &[1, 2, 3, 4, 5]);
    call.make_unknown(0x1234);
    let record = parsed(&call.record(STAMP));
    assert_eq!(record["name"], "system call 0x1234");
    assert_eq!(
        record["arguments"],
        json!({"1": "0x1", "2": "0x2", "3": "0x3", "4": "0x4"})
    );
    assert_eq!(record.get("family"), None);
    let end = parsed(&call.end(STAMP, End::Returns(NtStatus::INVALID_SYSTEM_SERVICE)));
    assert_eq!(end["result"], "STATUS_INVALID_SYSTEM_SERVICE");
}

/// A record has the arguments that the line of text has, with the same values.
#[test]
fn records_and_lines_say_the_same() {
    let program = Program::new();
    program.write(0x9000, &[0xFF; 0x400]);
    for service in FREESTANDING {
        for word in [0, 1, 0x24, 0x9000, 0xBAD_0000, u64::MAX] {
            let call = program.call(service.name, &[word; ARGUMENTS_MAX]);
            let (line, record) = (call.inputs(), parsed(&call.record(STAMP)));
            let arguments = record["arguments"].as_object().expect("an object");
            assert_eq!(arguments.len(), service.arguments.len(), "{record}");
            for (name, value) in arguments {
                let value = value.as_str().expect("a text");
                assert!(
                    line.contains(&format!("{name}={value}")),
                    "{name} of {line}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn every_record_parses(
        service in 0..FREESTANDING.len(),
        words in proptest::collection::vec(
            prop_oneof![any::<u64>(), 0x8000..0xA000_u64, 0..0x40_u64], ARGUMENTS_MAX),
        memory in proptest::collection::vec(any::<u8>(), 0x2000),
        status in any::<u32>(),
        (ns, own_ns) in any::<(u64, u64)>(),
    ) {
        let program = Program::new();
        program.write(0x8000, &memory);
        let call = program.call(FREESTANDING[service].name, &words);
        let stamp = Stamp { ns, own_ns };
        let record = parsed(&call.record(stamp));
        prop_assert_eq!(record["ns"].as_u64(), Some(ns));
        prop_assert_eq!(record["own_ns"].as_u64(), Some(own_ns));
        let end = parsed(&call.end(stamp, End::Returns(NtStatus(status))));
        prop_assert_eq!(end["status"].as_u64(), Some(status.into()));
    }
}
