//! The trace as trace viewers read it: the Trace Event Format, in JSON.
//!
//! Its times are in microseconds; three digits behind the point keep them exact.

use serde_json::{Map, Value, json};

use crate::record::Pairs;
use crate::trace::{Call, Ended, Span, Thread, Trace, What};

/// The process and thread that the processor is shown as; the kernel's numbers are
/// multiples of four.
const PROCESSOR: u64 = 1;

/// The file's text.
pub(crate) fn to_json(trace: &Trace) -> Result<String, String> {
    let file = json!({
        "displayTimeUnit": "ns",
        "otherData": {
            "kernel": format!("Petrel {}", trace.version),
            "build_id": trace.build_id,
            "time": match trace.with_own_time {
                true => "as it passed, the trace's own included",
                false => "without the trace's own",
            },
        },
        "traceEvents": events(trace),
    });
    serde_json::to_string(&file)
        .map(|text| text.replace("},{\"", "},\n{\"") + "\n")
        .map_err(|error| format!("the trace cannot be written: {error}"))
}

fn events(trace: &Trace) -> Vec<Value> {
    let mut events = vec![
        named("process_name", PROCESSOR, None, "Processor"),
        sorted("process_sort_index", PROCESSOR, None, 0),
        named("thread_name", PROCESSOR, Some(PROCESSOR), "CPU 0"),
    ];
    for (place, process) in trace.processes.iter().enumerate() {
        let pid = process.shown_id;
        events.push(named("process_name", pid, None, &process.program));
        events.push(sorted("process_sort_index", pid, None, place + 1));
        let mut arguments = Map::new();
        if let Some(parent) = process.parent {
            arguments.insert("parent".into(), parent.into());
        }
        let begin = process.span.begin_ns;
        events.push(instant("process begins", "p", pid, pid, begin, arguments));
        if let Ended::With(result) = &process.ended {
            let arguments = Map::from_iter([("result".into(), json!(result))]);
            let end = process.span.end_ns;
            events.push(instant("process ends", "p", pid, pid, end, arguments));
        }
    }
    for (place, thread) in trace.threads.iter().enumerate() {
        let (pid, tid) = ids(trace, thread);
        events.push(named(
            "thread_name",
            pid,
            Some(tid),
            &trace.thread_name(thread),
        ));
        events.push(sorted("thread_sort_index", pid, Some(tid), place));
        let begin = thread.span.begin_ns;
        events.push(instant("thread begins", "t", pid, tid, begin, Map::new()));
        if let Ended::With(result) = &thread.ended {
            let arguments = Map::from_iter([("result".into(), json!(result))]);
            let end = thread.span.end_ns;
            events.push(instant("thread ends", "t", pid, tid, end, arguments));
        }
    }
    for run in &trace.runs {
        let thread = &trace.threads[run.thread];
        let process = trace.process_of(thread);
        let arguments = Map::from_iter([
            ("process".into(), json!(process.id)),
            ("thread".into(), json!(thread.id)),
            ("ends because".into(), json!(run.why)),
        ]);
        let name = format!("{} {}", process.program, trace.thread_name(thread));
        let ids = (PROCESSOR, PROCESSOR);
        events.push(slice(&name, "run", ids, run.span, arguments));
    }
    for one in &trace.slices {
        let ids = ids(trace, &trace.threads[one.thread]);
        events.push(match &one.what {
            What::Call(call) => {
                let category = call.family.as_deref().unwrap_or("unknown");
                slice(&call.name, category, ids, one.span, call_arguments(call))
            }
            What::Fault(fault) => {
                let mut arguments = Map::from_iter([
                    ("address".into(), json!(fault.address)),
                    ("access".into(), json!(fault.access)),
                ]);
                if fault.in_kernel {
                    arguments.insert("in kernel".into(), true.into());
                }
                let name = format!("page fault: {}", fault.by);
                slice(&name, "fault", ids, one.span, arguments)
            }
        });
    }
    events
}

/// What a viewer shows beside a call: its arguments, its result, what it left.
fn call_arguments(call: &Call) -> Map<String, Value> {
    let mut all = Map::new();
    let mut put = |pairs: &Pairs, sign: &str| {
        for (name, text) in &pairs.0 {
            all.insert(format!("{sign}{name}"), json!(text));
        }
    };
    put(&call.arguments, "");
    put(&call.left, "-> ");
    match &call.ended {
        Ended::With(result) => all.insert("result".into(), json!(result)),
        Ended::NotInLog => all.insert("cut".into(), json!("no end of it is in the log")),
    };
    if let Some(at) = &call.at {
        all.insert("at".into(), json!(at));
    }
    all
}

/// The numbers of process and thread in the file.
fn ids(trace: &Trace, thread: &Thread) -> (u64, u64) {
    (trace.process_of(thread).shown_id, thread.shown_id)
}

fn named(what: &str, pid: u64, tid: Option<u64>, name: &str) -> Value {
    metadata(what, pid, tid, json!({"name": name}))
}

fn sorted(what: &str, pid: u64, tid: Option<u64>, place: usize) -> Value {
    metadata(what, pid, tid, json!({"sort_index": place}))
}

fn metadata(what: &str, pid: u64, tid: Option<u64>, arguments: Value) -> Value {
    let tid = tid.unwrap_or(pid);
    json!({"ph": "M", "name": what, "pid": pid, "tid": tid, "args": arguments})
}

fn instant(
    name: &str,
    scope: &str,
    pid: u64,
    tid: u64,
    at_ns: u64,
    arguments: Map<String, Value>,
) -> Value {
    json!({"ph": "i", "s": scope, "name": name, "cat": "life", "pid": pid, "tid": tid,
           "ts": microseconds(at_ns), "args": arguments})
}

fn slice(
    name: &str,
    category: &str,
    (pid, tid): (u64, u64),
    span: Span,
    arguments: Map<String, Value>,
) -> Value {
    json!({"ph": "X", "name": name, "cat": category, "pid": pid, "tid": tid,
           "ts": microseconds(span.begin_ns), "dur": microseconds(span.length_ns()),
           "args": arguments})
}

/// A number with three digits behind the point: exact up to 2^53 ns, 104 days.
fn microseconds(ns: u64) -> f64 {
    ns as f64 / 1000.0
}
