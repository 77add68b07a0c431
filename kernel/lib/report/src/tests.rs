//! One report in all forms, and texts that are hard to write.

use proptest::prelude::*;
use std::format;
use std::string::String;
use std::vec::Vec;

use crate::*;

/// Describes a crash with every piece a report can have.
fn describe(form: &mut dyn Form) {
    form.head(&Head {
        kind: Kind::Crash,
        version: "0.1.0",
        build_id: Some(&[0xAB; 2]),
        cause: &"read of 0x8 (null + 0x8): \"nothing\" is there",
        location: None,
        fault: Some(Fault {
            address: 8,
            access: "read",
            place: &"null + 0x8",
        }),
        ending: Some(Ending {
            program: "a.exe",
            status: 0xC000_0005,
            name: Some("STATUS_ACCESS_VIOLATION"),
        }),
    });
    let frame = Frame {
        number: 0,
        address: 0x7FF6_0000_1041,
        is_call: false,
        is_inlined: true,
        origin: Origin::Library,
        module: Some(("a.exe", 0x1041)),
        function: Some(&"core::ptr::read"),
        offset: 0,
        place: Some(Place {
            file: &"core/src/ptr.rs",
            line: 9,
            is_exact: true,
        }),
        note: None,
    };
    form.frame(&frame);
    form.frame(&Frame {
        is_inlined: false,
        origin: Origin::Program,
        function: Some(&"a::main"),
        offset: 0x41,
        place: Some(Place {
            file: &"a.rs",
            line: 0,
            is_exact: false,
        }),
        ..frame
    });
    form.mark(&Mark {
        kind: MarkKind::Repeated,
        text: &"and 2 more of the same function",
    });
    form.frame(&Frame {
        number: 3,
        is_call: true,
        is_inlined: false,
        function: None,
        place: None,
        note: Some("guessed"),
        ..frame
    });
    form.mark(&Mark {
        kind: MarkKind::End,
        text: &"end of the stack",
    });
    form.registers(&[("rax", 1), ("rip", 0x7FF6_0000_1041)]);
    form.code(&Code {
        start: 0x7FF6_0000_1040,
        bytes: &[0x90, 0x0F],
        at: 1,
    });
    form.current(&Current::Thread {
        thread: 8,
        name: Some("wor\"ker"),
        process: 4,
        program: "a.exe",
        call: Some(SystemCall {
            number: 6,
            name: Some("NtClose"),
        }),
    });
    form.module(&Module {
        name: "a.exe",
        base: 0x7FF6_0000_0000,
        size_bytes: 0x3000,
        identity: &[1, 2],
    });
    form.event(b"first \\ event");
    form.event(b"half a \xC3");
    form.finish();
}

/// A report before it begins: what a panic without anything else says.
fn describe_least(form: &mut dyn Form) {
    form.head(&Head {
        kind: Kind::Panic,
        version: "0.1.0",
        build_id: None,
        cause: &"no reason",
        location: Some(&"a.rs:1:2"),
        fault: None,
        ending: None,
    });
    form.current(&Current::Kernel);
    form.finish();
}

fn text(describe: fn(&mut dyn Form), has_colours: bool) -> String {
    let mut out = String::new();
    describe(&mut Text::new(&mut Terminal::new(&mut out, has_colours)));
    out
}

fn json(describe: &dyn Fn(&mut dyn Form)) -> String {
    let mut out = String::new();
    describe(&mut Json::new(&mut out));
    out
}

#[test]
fn text_says_everything() {
    let expected = "
CRASH: a.exe: read of 0x8 (null + 0x8): \"nothing\" is there
  it ends with 0xc0000005 STATUS_ACCESS_VIOLATION
  kernel 0.1.0, build abab
backtrace:
  #0   (inlined)           a.exe!core::ptr::read at core/src/ptr.rs:9
  #0   0x00007ff600001041  a.exe!a::main+0x41 near a.rs
  ... and 2 more of the same function
  #3   0x00007ff600001041  a.exe+0x1041  [guessed]
  --- end of the stack
registers:
     rax 0000000000000001     rip 00007ff600001041
code from 0x7ff600001040: 90 <0f>
current thread: 8 \"wor\"ker\" of process 4 (a.exe), in system call NtClose
modules:
  0x00007ff600000000 to 0x7ff600003000  a.exe
last events:
first \\ event
half a \u{fffd}
";
    assert_eq!(text(describe, false), expected);
    let least = "\nPANIC: no reason\n  at a.rs:1:2\n\
                 current thread: none, the kernel runs for itself\n";
    assert_eq!(text(describe_least, false), least);
}

#[test]
fn colours_tell_frames_apart_and_are_all_there_is_besides() {
    let coloured = text(describe, true);
    for style in [Style::Heading, Style::Library, Style::Program] {
        assert!(coloured.contains(style.sequence()), "{style:?}");
    }
    let mut plain = coloured;
    for style in [
        Style::Plain,
        Style::Heading,
        Style::Kernel,
        Style::Library,
        Style::Program,
    ] {
        plain = plain.replace(style.sequence(), "");
    }
    assert_eq!(plain, text(describe, false));
}

#[test]
fn json_says_everything() {
    let expected = "PETREL-REPORT {\"petrel_report\":1,\"kind\":\"crash\",\"version\":\"0.1.0\",\
        \"build_id\":\"abab\",\"cause\":\"read of 0x8 (null + 0x8): \\\"nothing\\\" is there\",\
        \"fault\":{\"address\":\"0x8\",\"access\":\"read\",\"place\":\"null + 0x8\"},\
        \"ending\":{\"program\":\"a.exe\",\"status\":3221225477,\
        \"name\":\"STATUS_ACCESS_VIOLATION\"},\
        \"frames\":[\
        {\"number\":0,\"address\":\"0x7ff600001041\",\"call\":false,\"inlined\":true,\
        \"origin\":\"library\",\"module\":\"a.exe\",\"rva\":\"0x1041\",\
        \"function\":\"core::ptr::read\",\"file\":\"core/src/ptr.rs\",\"line\":9,\"exact\":true},\
        {\"number\":0,\"address\":\"0x7ff600001041\",\"call\":false,\
        \"origin\":\"program\",\"module\":\"a.exe\",\"rva\":\"0x1041\",\
        \"function\":\"a::main\",\"offset\":65,\"file\":\"a.rs\",\"line\":0,\"exact\":false},\
        {\"mark\":\"repeated\",\"text\":\"and 2 more of the same function\"},\
        {\"number\":3,\"address\":\"0x7ff600001041\",\"call\":true,\
        \"origin\":\"library\",\"module\":\"a.exe\",\"rva\":\"0x1041\",\"note\":\"guessed\"},\
        {\"mark\":\"end\",\"text\":\"end of the stack\"}],\
        \"registers\":{\"rax\":\"0x1\",\"rip\":\"0x7ff600001041\"},\
        \"code\":{\"start\":\"0x7ff600001040\",\"at\":1,\"bytes\":\"900f\"},\
        \"current\":{\"thread\":8,\"process\":4,\"name\":\"wor\\\"ker\",\"program\":\"a.exe\",\
        \"call\":{\"number\":6,\"name\":\"NtClose\"}},\
        \"modules\":[{\"name\":\"a.exe\",\"base\":\"0x7ff600000000\",\"size\":12288,\
        \"identity\":\"0102\"}],\
        \"events\":[\"first \\\\ event\",\"half a \u{fffd}\"]}";
    assert_eq!(json(&describe), expected);
    let least = "PETREL-REPORT {\"petrel_report\":1,\"kind\":\"panic\",\"version\":\"0.1.0\",\
        \"cause\":\"no reason\",\"location\":\"a.rs:1:2\"}";
    assert_eq!(json(&describe_least), least);
}

/// A screen of memory.
#[derive(Default)]
struct Shown(String);

impl core::fmt::Write for Shown {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.0.push_str(text);
        Ok(())
    }
}

impl Output for Shown {
    fn style(&mut self, _: Style) {}
}

/// A panic so many frames deep on a screen of that size.
fn screen(frames: usize, columns: usize, rows: usize) -> Vec<String> {
    let mut out = Shown::default();
    let mut form = Screen::new(&mut out, columns, rows);
    form.head(&Head {
        kind: Kind::Panic,
        version: "0.1.0",
        build_id: None,
        cause: &"the sentence",
        location: None,
        fault: None,
        ending: None,
    });
    for number in 0..frames {
        form.frame(&Frame {
            number,
            address: 1,
            is_call: true,
            is_inlined: false,
            origin: Origin::Kernel,
            module: None,
            function: Some(&format!("function_{number}::{}", "x".repeat(number * 8))),
            offset: 1,
            place: Some(Place {
                file: &"kernel/some/where.rs",
                line: 7,
                is_exact: true,
            }),
            note: None,
        });
    }
    form.mark(&Mark {
        kind: MarkKind::End,
        text: &"end of the stack",
    });
    form.current(&Current::Kernel);
    form.finish();
    out.0.lines().map(String::from).collect()
}

#[test]
fn a_screen_has_the_sentence_the_top_frames_and_the_way_to_the_rest() {
    let lines = screen(30, 80, 25);
    assert!(lines.len() < 25, "{lines:#?}");
    assert!(
        lines.iter().all(|line| line.chars().count() <= 80),
        "{lines:#?}"
    );
    let whole = lines.join("\n");
    for part in [
        "the kernel panicked",
        "the sentence",
        "#0   function_0::+0x1 at kernel/some/where.rs:7",
        "more",
        "Current thread: none",
        "COM1",
        "serial.log",
        "symbolize",
    ] {
        assert!(
            whole.contains(part),
            "{part} is not on the screen:\n{whole}"
        );
    }
    let few = screen(2, 80, 25).join("\n");
    assert!(
        few.contains("end of the stack") && !few.contains("more\n"),
        "{few}"
    );
}

#[test]
fn a_crash_takes_a_few_rows_of_the_screen() {
    let mut out = Shown::default();
    describe(&mut Screen::new(&mut out, 80, 25));
    let expected = "a.exe crashed: read of 0x8 (null + 0x8): \"nothing\" is there\n  \
        it ends with 0xc0000005 STATUS_ACCESS_VIOLATION\n  \
        #0   a.exe!core::ptr::read at core/src/ptr.rs:9\n  \
        #0   a.exe!a::main+0x41 near a.rs\n  \
        ... and 2 more of the same function\n  \
        #3   a.exe+0x1041\n  \
        --- end of the stack\n";
    assert_eq!(out.0, expected);
}

#[test]
fn names_with_control_characters_forge_nothing() {
    let evil = "a\nPANIC: b\x1b[2J\u{9b}\u{7f}\r";
    let describe = |form: &mut dyn Form| {
        form.frame(&Frame {
            number: 0,
            address: 1,
            is_call: true,
            is_inlined: false,
            origin: Origin::Program,
            module: Some((evil, 1)),
            function: Some(&evil),
            offset: 1,
            place: Some(Place {
                file: &evil,
                line: 1,
                is_exact: true,
            }),
            note: None,
        });
    };
    let mut out = String::new();
    describe(&mut Text::new(&mut Terminal::new(&mut out, false)));
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines.iter().all(|line| !line.contains(char::is_control)),
        "{lines:?}"
    );
    let mut shown = Shown::default();
    describe(&mut Screen::new(&mut shown, 80, 25));
    assert!(shown.0.lines().count() <= 2, "{}", shown.0);
}

proptest! {
    #[test]
    fn any_event_is_one_json_string(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let line = json(&|form| {
            form.event(&bytes);
            form.finish();
        });
        let inside = line.strip_prefix(",\"events\":[\"").and_then(|line| line.strip_suffix("\"]}"));
        let inside = inside.expect("one string in one list");
        let mut decoded = String::new();
        let mut rest = inside.chars();
        while let Some(letter) = rest.next() {
            prop_assert!(letter >= ' ' && letter != '"');
            decoded.push(match letter {
                '\\' => match rest.next() {
                    Some('u') => {
                        let digits: String = rest.by_ref().take(4).collect();
                        char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap()
                    }
                    Some(escaped @ ('"' | '\\')) => escaped,
                    other => panic!("{other:?} is no escape"),
                },
                letter => letter,
            });
        }
        prop_assert_eq!(decoded, String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_size_of_screen_breaks(columns in 0_usize..300, rows in 0_usize..60) {
        screen(20, columns, rows);
    }
}
