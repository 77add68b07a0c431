//! Logs as the kernel writes them, whole, cut and damaged.

use proptest::prelude::*;
use report::trace::{Event, PREFIX, Record, Stamp, Status};
use serde_json::Value;

use crate::trace::{Ended, Slice, Span, Trace, What};
use crate::{build, chrome, log, picture};

/// A log that is written as the kernel does it.
#[derive(Default)]
struct Log {
    text: String,
    ns: u64,
    own_ns: u64,
}

impl Log {
    fn begun() -> Self {
        let mut log = Self {
            text: "[    0.1] info  petrel: Petrel\r\n".into(),
            ns: 5_000,
            own_ns: 0,
        };
        log.event(Event::Start {
            version: "0.1.0",
            build_id: &[0xAB],
            events: &"calls|switches|faults",
        });
        log
    }

    /// Something happens, after so many nanoseconds; that it is told takes 100.
    fn after(&mut self, ns: u64) -> &mut Self {
        self.ns += ns;
        self
    }

    fn stamp(&mut self) -> Stamp {
        let stamp = Stamp {
            ns: self.ns,
            own_ns: self.own_ns,
        };
        (self.ns, self.own_ns) = (self.ns + 100, self.own_ns + 100);
        stamp
    }

    fn event(&mut self, event: Event<'_>) -> &mut Self {
        let stamp = self.stamp();
        event.write(&mut self.text, stamp);
        self.text.push('\n');
        self
    }

    fn process(&mut self, process: u64, thread: u64, program: &str) -> &mut Self {
        self.event(Event::Process {
            process,
            parent: 0,
            program,
        });
        self.event(Event::Thread { process, thread })
    }

    fn switch(&mut self, from: Option<u64>, to: Option<u64>) -> &mut Self {
        let why = "waits";
        self.event(Event::Switch { from, to, why })
    }

    fn fault(&mut self, process: u64, thread: u64, took_ns: u64) -> &mut Self {
        self.event(Event::Fault {
            process,
            thread,
            address: 0x1000,
            access: "write",
            in_kernel: true,
            by: "demand zero",
            took_ns,
        });
        self.ns += took_ns;
        self
    }

    fn call(&mut self, process: u64, thread: u64, name: &str) -> &mut Self {
        let stamp = self.stamp();
        let mut record = Record::begin(&mut self.text, "call", stamp);
        record.number("process", process);
        record.number("thread", thread);
        record.number("number", 9);
        record.text("name", &name);
        record.text("family", &"wait");
        record.object("arguments", |record| {
            record.entry(&"Handle", &r#"0x4 (Event "\x")"#);
            record.entry(&"Alertable", &"FALSE");
        });
        record.end();
        self.text.push('\n');
        self
    }

    fn end_call(&mut self, thread: u64) -> &mut Self {
        let stamp = self.stamp();
        let mut record = Record::begin(&mut self.text, "return", stamp);
        record.number("thread", thread);
        record.status(success());
        record.object("left", |record| record.entry(&"Count", &"&3"));
        record.end();
        self.text.push('\n');
        self
    }

    fn end(&mut self, process: u64, thread: u64) -> &mut Self {
        let status = success();
        self.event(Event::ThreadEnd { thread, status });
        self.event(Event::ProcessEnd { process, status })
    }
}

fn success() -> Status<'static> {
    Status {
        number: 0,
        text: &"STATUS_SUCCESS",
    }
}

/// One program with two threads, of which one waits for the other.
fn whole() -> Log {
    let mut log = Log::begun();
    log.after(1_000)
        .process(4, 8, "a.exe")
        .switch(None, Some(8));
    log.after(500).fault(4, 8, 300).event(Event::Thread {
        process: 4,
        thread: 12,
    });
    log.event(Event::ThreadName {
        thread: 12,
        name: &"pump",
    });
    log.after(200).call(4, 8, "NtWaitForSingleObject");
    log.after(50).fault(4, 8, 20);
    log.text.push_str("some output\n");
    log.after(30).switch(Some(8), Some(12));
    log.after(400).switch(Some(12), Some(8));
    log.after(10).end_call(8);
    log.after(10).end(4, 12).end(4, 8);
    log.switch(Some(8), None);
    log
}

fn read(text: &str) -> Result<(Trace, Vec<String>), String> {
    let (records, mut notes) = log::records(text.as_bytes())?;
    let trace = build::build(&records, false, &mut notes);
    Ok((trace, notes))
}

fn span(begin_ns: u64, end_ns: u64) -> Span {
    Span { begin_ns, end_ns }
}

#[test]
fn a_whole_trace() {
    let (trace, notes) = read(&whole().text).unwrap();
    assert_eq!(notes, [""; 0]);
    assert_eq!(trace.version, "0.1.0");
    let spans: Vec<Span> = trace.slices.iter().map(|slice| slice.span).collect();
    // Nothing of the hundreds that the trace itself took is left.
    assert_eq!(spans, [span(500, 800), span(1000, 1510), span(1050, 1070)]);
    let runs: Vec<(usize, Span)> = trace
        .runs
        .iter()
        .map(|run| (run.thread, run.span))
        .collect();
    assert_eq!(
        runs,
        [
            (0, span(0, 1100)),
            (1, span(1100, 1500)),
            (0, span(1500, 1520))
        ]
    );
    let [first, second] = &*trace.threads else {
        panic!("{:?}", trace.threads);
    };
    assert_eq!(trace.thread_name(first), "thread 8");
    assert_eq!(trace.thread_name(second), "pump (12)");
    assert_eq!(first.ended, Ended::With("STATUS_SUCCESS".into()));
    assert_eq!(trace.processes[0].span, span(0, 1520));
}

#[test]
fn own_time_can_be_left_in() {
    let (records, mut notes) = log::records(whole().text.as_bytes()).unwrap();
    let with = build::build(&records, true, &mut notes);
    let without = build::build(&records, false, &mut notes);
    assert!(with.end_ns > without.end_ns, "{with:?}");
    assert_eq!(with.slices[0].span.length_ns(), 300);
}

fn file(trace: &Trace) -> Vec<Value> {
    let file: Value = serde_json::from_str(&chrome::to_json(trace).unwrap()).unwrap();
    file["traceEvents"].as_array().unwrap().clone()
}

#[test]
fn the_file_has_what_viewers_want() {
    let (trace, _) = read(&whole().text).unwrap();
    let events = file(&trace);
    let named = |name: &str| {
        let found = events.iter().find(|event| event["name"] == name);
        found.unwrap_or_else(|| panic!("no {name}"))
    };
    let call = named("NtWaitForSingleObject");
    assert_eq!(call["ph"], "X");
    assert_eq!((&call["pid"], &call["tid"]), (&4.into(), &8.into()));
    assert_eq!((&call["ts"], &call["dur"]), (&1.0.into(), &0.51.into()));
    assert_eq!(call["cat"], "wait");
    assert_eq!(call["args"]["Handle"], r#"0x4 (Event "\x")"#);
    assert_eq!(call["args"]["-> Count"], "&3");
    assert_eq!(call["args"]["result"], "STATUS_SUCCESS");
    assert_eq!(named("process_name")["ph"], "M");
    assert_eq!(
        named("page fault: demand zero")["args"]["address"],
        "0x1000"
    );
    assert_eq!(named("a.exe pump (12)")["pid"], 1);
}

#[test]
fn a_log_that_was_cut_off() {
    let text = whole().text;
    let at = text.find("some output").unwrap();
    let (trace, notes) = read(&text[..at]).unwrap();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].contains("1 processes, 2 threads and 1 calls"),
        "{notes:?}"
    );
    assert_eq!(trace.slices[1].span, span(1000, 1070));
    let events = file(&trace);
    let call = events.iter().find(|event| event["cat"] == "wait").unwrap();
    assert!(call["args"]["cut"].is_string() && call["args"]["result"].is_null());
}

#[test]
fn a_log_that_begins_late() {
    let text = whole().text;
    let at = text.find("some output").unwrap();
    let (trace, notes) = read(&text[at..]).unwrap();
    assert!(notes[0].contains("beginning"), "{notes:?}");
    assert!(
        notes
            .iter()
            .any(|note| note.contains("1 calls began before")),
        "{notes:?}"
    );
    assert!(trace.slices.is_empty());
}

#[test]
fn a_number_that_is_given_again_is_another_thread() {
    let mut log = Log::begun();
    for _ in 0..2 {
        log.process(4, 8, "a.exe").switch(None, Some(8));
        log.call(4, 8, "NtClose").after(5).end_call(8).end(4, 8);
        log.switch(Some(8), None);
    }
    let (trace, notes) = read(&log.text).unwrap();
    assert_eq!((trace.threads.len(), notes.len()), (2, 0));
    let ids: Vec<u64> = trace.threads.iter().map(|thread| thread.shown_id).collect();
    assert_eq!(ids, [8, 1_000_008]);
}

#[test]
fn faults_say_what_to_do() {
    let good = whole().text;
    let second = good.clone() + &good;
    let middle = good.replacen("\"event\":\"switch\"", "\"event\":\"swatch\"", 1);
    let newer = good.replacen("\"petrel_trace\":1", "\"petrel_trace\":2", 1);
    for (text, error) in [
        ("", "boot with trace=json"),
        ("PETREL-TRACES\n", "boot with trace=json"),
        (
            &*format!("x\n{PREFIX}{{\nx\n"),
            "line 2 of the log is damaged",
        ),
        (&middle, "line 5 of the log is damaged"),
        (&second, "a second trace begins in line"),
        (&newer, "has the format 2"),
    ] {
        let found = read(text).expect_err(error);
        assert!(found.contains(error), "{found}");
    }
}

#[test]
fn the_picture_shows_what_there_is() {
    let (trace, _) = read(&whole().text).unwrap();
    for (from, to) in [
        (None, None),
        (Some(0.4), Some(1.1)),
        (Some(1.5), Some(9000.0)),
    ] {
        let png = picture::draw(&trace, from, to).unwrap().into_png().unwrap();
        let decoder = png::Decoder::new(std::io::Cursor::new(png));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let colours: std::collections::HashSet<&[u8]> = pixels.chunks(3).collect();
        assert!(colours.len() > 20, "{}", colours.len());
    }
    assert!(picture::draw(&trace, Some(2.0), Some(2.0)).is_err());
    let empty = read(&Log::begun().text).unwrap().0;
    assert!(picture::draw(&empty, None, None).is_err());
}

/// Slices of a thread are one in another or apart.
fn nest(slices: &[Slice]) -> bool {
    slices.iter().enumerate().all(|(place, one)| {
        let others = slices[..place]
            .iter()
            .filter(|other| other.thread == one.thread);
        others.into_iter().all(|other| {
            one.span.begin_ns >= other.span.end_ns || one.span.end_ns <= other.span.end_ns
        })
    })
}

proptest! {
    /// Wherever a log is cut off, what is shown of it is in order.
    #[test]
    fn any_piece_of_a_log(from in 0..4000_usize, length in 0..6000_usize) {
        let text = whole().text;
        let from = from.min(text.len());
        let piece = &text[from..(from + length).min(text.len())];
        if let Ok((trace, _)) = read(piece) {
            prop_assert!(nest(&trace.slices));
            prop_assert!(trace.slices.iter().all(|slice| slice.span.end_ns <= trace.end_ns));
            let calls = |slice: &&Slice| matches!(slice.what, What::Call(_));
            let in_file = file(&trace);
            let in_file = in_file.iter().filter(|event| event["cat"] == "wait").count();
            prop_assert_eq!(in_file, trace.slices.iter().filter(calls).count());
        }
    }

    #[test]
    fn any_records(lines in proptest::collection::vec(
        (0..8_usize, 0..3_u64, 0..3_u64, 0..50_u64), 0..60,
    )) {
        let mut log = Log::begun();
        for (kind, process, thread, passed) in lines {
            let (process, thread) = (process * 4, thread * 4);
            log.after(passed);
            match kind {
                0 => log.process(process, thread, "a.exe"),
                1 => log.switch(Some(thread), Some(process)),
                2 => log.switch(None, Some(thread)),
                3 => log.fault(process, thread, passed),
                4 | 5 => log.call(process, thread, "NtClose"),
                6 => log.end_call(thread),
                _ => log.end(process, thread),
            };
        }
        let (trace, _) = read(&log.text).unwrap();
        prop_assert!(nest(&trace.slices));
        let runs = trace.runs.windows(2);
        prop_assert!(runs.into_iter().all(|pair| pair[0].span.end_ns <= pair[1].span.begin_ns));
        if trace.end_ns > 0 {
            prop_assert!(picture::draw(&trace, None, None).is_ok());
        }
        file(&trace);
    }

    #[test]
    fn any_text(text in "(PETREL-TRACE |\\{|\\}|\"event\"|:|\"call\"|,|\"ns\":1|[ -~]|\n){0,40}") {
        _ = read(&text);
    }
}
