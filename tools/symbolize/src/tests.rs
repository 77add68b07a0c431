//! Whatever the log, an answer: text or a sentence, never a panic.

use proptest::prelude::*;
use report::{Form, Frame, Head, Json, Kind, Mark, MarkKind, Origin, Place, Terminal, Text};

use crate::arguments::{Color, Options};
use crate::symbolize;

/// A log with a report of every kind of piece, as text and as JSON.
fn log() -> Vec<u8> {
    let mut text = String::from("[    0.011488] info  petrel: Petrel 0.1.0 by PVH\r\n");
    describe(&mut Text::new(&mut Terminal::new(&mut text, true)));
    describe(&mut Json::new(&mut text));
    text += "\nPANIC while reporting a panic; return addresses:\nbuild ab01\nffffffff8014210b\n";
    text += "0000000000000000\nPETREL-END verdict=panic\n";
    text.into_bytes()
}

fn describe(form: &mut dyn Form) {
    form.head(&Head {
        kind: Kind::Panic,
        version: "0.1.0",
        build_id: Some(&[0xAB, 1]),
        cause: &"a \"cause\"",
        location: Some(&"a.rs:1:2"),
        fault: None,
        ending: None,
    });
    let frame = Frame {
        number: 0,
        address: 0xFFFF_FFFF_8010_0000,
        is_call: true,
        is_inlined: true,
        origin: Origin::Kernel,
        module: None,
        function: Some(&"a::b"),
        offset: 7,
        place: Some(Place {
            file: &"src/main.rs",
            line: 9,
            is_exact: false,
        }),
        note: Some("guessed"),
    };
    form.frame(&frame);
    form.mark(&Mark {
        kind: MarkKind::Trap,
        text: &"page fault in user mode",
    });
    form.frame(&Frame {
        address: 0x1_4000_1000,
        is_inlined: false,
        module: Some(("a.exe", 0x1000)),
        ..frame
    });
    form.registers(&[("rax", 1), ("rip", u64::MAX)]);
    form.code(&report::Code {
        start: 1,
        bytes: &[0x90],
        at: 0,
    });
    form.current(&report::Current::Unknown("locked"));
    form.module(&report::Module {
        name: "a.exe",
        base: 0x1_4000_0000,
        size_bytes: 0x2000,
        identity: &[1],
    });
    form.event(b"event");
    form.finish();
}

/// Reads a log both ways.
fn read(log: &[u8]) {
    let options = Options {
        color: Color::Always,
        images_folder: Some(".".into()),
        ..Options::default()
    };
    let errors = [
        symbolize(&options, log).err(),
        crate::text::reports(&crate::log::plain(log)).err(),
    ];
    for error in errors.into_iter().flatten() {
        assert!(!error.is_empty() && error.lines().count() == 1, "{error}");
    }
}

#[test]
fn a_report_is_printed_as_the_kernel_does() {
    let mut text = String::new();
    describe(&mut Text::new(&mut Terminal::new(&mut text, true)));
    let options = Options {
        color: Color::Always,
        source: "none".into(),
        ..Options::default()
    };
    assert_eq!(symbolize(&options, &log()), Ok(text));
}

#[test]
fn a_log_cut_anywhere_is_read_or_refused() {
    let log = log();
    (0..log.len()).for_each(|end| read(&log[..end]));
}

proptest! {
    #[test]
    fn bytes_changed_anywhere_are_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut log = log();
        for (place, byte) in changes {
            let place = place.index(log.len());
            log[place] = byte;
        }
        read(&log);
        read(&log[cut.index(log.len())..]);
    }

    #[test]
    fn any_bytes_are_read_or_refused(log in prop::collection::vec(any::<u8>(), 0..300)) {
        read(&log);
    }

    #[test]
    fn any_values_are_read_or_refused(
        number in any::<u64>(),
        address in any::<u64>(),
        line in any::<u32>(),
        text in "\\PC{0,20}",
    ) {
        let text = serde_json::to_string(&text).unwrap();
        read(format!(
            "PETREL-REPORT {{\"petrel_report\":1,\"kind\":\"crash\",\"version\":{text},\
             \"cause\":{text},\"frames\":[{{\"number\":{number},\"address\":\"{address:#x}\",\
             \"call\":true,\"origin\":\"program\",\"module\":{text},\"rva\":\"{address:#x}\",\
             \"function\":{text},\"offset\":{number},\"file\":{text},\"line\":{line}}}],\
             \"code\":{{\"start\":\"{address:#x}\",\"at\":{number},\"bytes\":\"90\"}},\
             \"modules\":[{{\"name\":{text},\"base\":\"{address:#x}\",\"size\":{number},\
             \"identity\":\"\"}}]}}"
        ).as_bytes());
    }
}
