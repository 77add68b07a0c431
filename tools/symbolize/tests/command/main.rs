//! Runs the tool on reports of a small kernel and a small program.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use debuginfo::DebugInfo;
use report::{Form, Frame, Head, Json, Kind, Mark, MarkKind, Module, Origin, Place};

mod fixtures;

use fixtures::{address_in_elf, address_in_pdb, line_of, sources};

/// Where the program of the reports lies.
const BASE: u64 = 0x7FF6_0000_0000;

/// Exit status, standard output and standard error.
type Outcome = (i32, String, String);

/// A folder of its own for a test, with files and a report that names them.
struct Case {
    folder: PathBuf,
    program: PathBuf,
    build_id: Vec<u8>,
    identity: Vec<u8>,
    /// An interrupted instruction of the kernel's, inlined.
    interrupted: u64,
    /// A return address of the program's, from its base.
    returned: u64,
}

impl Case {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        let kernel = fixtures::kernel(&folder);
        let program = fixtures::program(&folder, "program.exe");
        let elf = fs::read(&kernel).unwrap();
        let image = fs::read(&program).unwrap();
        let call = line_of("kernel.rs", "the inlined call");
        let addition = line_of("program.rs", "the addition");
        Self {
            build_id: DebugInfo::elf(&elf).unwrap().build_id().unwrap().into(),
            identity: pe::PeView::parse(&image).unwrap().identity().into(),
            interrupted: address_in_elf(&kernel, |frames| {
                frames.len() == 2 && frames[0].line == call
            }),
            returned: 1 + address_in_pdb(&program.with_extension("pdb"), |frames| {
                frames.last().is_some_and(|frame| frame.line == addition)
            }),
            folder,
            program,
        }
    }

    /// The build id of the kernel.
    fn id(&self) -> String {
        let digits = self.build_id.iter().map(|byte| format!("{byte:02x}"));
        digits.collect()
    }

    /// That of another one.
    fn other_id(&self) -> String {
        let rest = self.id().split_off(1);
        match self.id().starts_with('0') {
            true => format!("1{rest}"),
            false => format!("0{rest}"),
        }
    }

    /// A report whose names are all wrong.
    fn log(&self) -> String {
        let mut log = String::from("noise\r\n\x1b[31mred\x1b[0m ");
        let mut form = Json::new(&mut log);
        form.head(&Head {
            kind: Kind::Panic,
            version: "0.1.0",
            build_id: Some(&self.build_id),
            cause: &"a cause",
            location: None,
            fault: None,
            ending: None,
        });
        let frame = Frame {
            number: 0,
            address: self.interrupted,
            is_call: false,
            is_inlined: true,
            origin: Origin::Library,
            module: None,
            function: Some(&"wrong"),
            offset: 0x77,
            place: Some(Place {
                file: &"kernel.rs",
                line: 1,
                is_exact: false,
            }),
            note: None,
        };
        form.frame(&frame);
        form.frame(&Frame {
            is_inlined: false,
            ..frame
        });
        form.mark(&Mark {
            kind: MarkKind::SystemCall,
            text: &"system call 0x1",
        });
        form.frame(&Frame {
            number: 1,
            address: BASE + self.returned,
            is_call: true,
            is_inlined: false,
            module: Some(("program.exe", self.returned)),
            note: Some("guessed"),
            ..frame
        });
        form.module(&Module {
            name: "program.exe",
            base: BASE,
            size_bytes: 0x10_0000,
            identity: &self.identity,
        });
        form.finish();
        log
    }

    fn run(&self, log: &str, arguments: &[&str]) -> Outcome {
        let mut tool = Command::new(env!("CARGO_BIN_EXE_symbolize"))
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A tool that refuses its arguments does not read.
        let _ = tool.stdin.take().unwrap().write_all(log.as_bytes());
        let output = tool.wait_with_output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    }

    #[track_caller]
    fn prints(&self, log: &str, arguments: &[&str]) -> String {
        let (status, output, error) = self.run(log, arguments);
        assert_eq!((status, &*error), (0, ""));
        output
    }

    /// Nothing is printed but one sentence with these parts.
    #[track_caller]
    fn refuses(&self, log: &str, arguments: &[&str], parts: &[&str]) {
        let (status, output, error) = self.run(log, arguments);
        assert_eq!((status, &*output), (1, ""), "{error}");
        assert!(error.starts_with("symbolize: "), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        for part in parts {
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}

/// The lines of the frames, without the source below them.
fn frames(text: &str) -> Vec<&str> {
    let lines = text.lines().filter(|line| line.starts_with("  #"));
    lines.map(|line| &line[7..]).collect()
}

#[test]
fn names_are_found_anew() {
    let case = Case::new("anew");
    let log = case.log();
    let sources = sources();
    let source = ["--source", sources.to_str().unwrap(), "--context", "1"];
    let kept = case.prints(&log, &[]);
    assert_eq!(kept.matches("wrong").count(), 3, "{kept}");

    let files = ["--kernel", "kernel.elf", "--images", "."];
    let text = case.prints(&log, &[&files[..], &source].concat());
    let (inner, outer) = (
        line_of("kernel.rs", "the inlined call"),
        line_of("kernel.rs", "the call"),
    );
    let addition = line_of("program.rs", "the addition");
    let [inlined, caller, .., program] = frames(&text)[..] else {
        panic!("{text}");
    };
    assert_eq!(
        inlined,
        format!("(inlined)           kernel::inner at kernel.rs:{inner}")
    );
    let address = format!("{:#018x}  middle+0x", case.interrupted);
    assert!(caller.starts_with(&address), "{caller}");
    assert!(
        caller.ends_with(&format!(" at kernel.rs:{outer}")),
        "{caller}"
    );
    let name = "  program.exe!program::callee+0x";
    assert!(program.contains(name), "{program}");
    let place = format!(" at program.rs:{addition}  [guessed]");
    assert!(program.ends_with(&place), "{program}");
    let shown = format!(
        "        {:2} | fn inner(value: u32) -> u32 {{\n\
         \x20      > {inner:2} |     outer_most(value); // the inlined call\n\
         \x20        {:2} |     PLACE.load(Ordering::SeqCst)\n",
        inner - 1,
        inner + 1
    );
    assert!(text.contains(shown.trim_start()), "{text}");
    assert!(!text.contains("wrong") && !text.contains('\x1b'), "{text}");

    let explicit = [
        "--image",
        "program.exe",
        "--pdb",
        "program.pdb",
        "--color",
        "always",
    ];
    let text = case.prints(&log, &explicit);
    assert_eq!(text.matches("wrong").count(), 2, "{text}");
    assert!(
        text.contains("\x1b[0;36mprogram.exe!program::callee"),
        "{text}"
    );
}

#[test]
fn a_program_without_names_leaves_those_of_the_report() {
    let case = Case::new("nameless");
    let text = case.prints(&case.log(), &["--image", "program.exe"]);
    assert_eq!(text.matches("wrong").count(), 3, "{text}");
    let (status, _, note) = case.run(&case.log(), &["--image", "kernel.elf"]);
    assert_eq!(status, 1, "{note}");
    fs::copy(&case.program, case.folder.join("other.exe")).unwrap();
    let (status, _, note) = case.run(&case.log(), &["--image", "other.exe"]);
    assert_eq!(status, 0, "{note}");
    assert!(note.contains("no report names other.exe"), "{note}");
}

#[test]
fn other_files_than_those_that_ran_are_refused() {
    let case = Case::new("refused");
    let log = case.log();
    let id = case.id();
    let other = log.replace(&id, &case.other_id());
    case.refuses(
        &other,
        &["--kernel", "kernel.elf"],
        &[
            "kernel.elf is of another kernel",
            &id,
            &case.other_id(),
            "give the file",
        ],
    );
    let none = log.replace(&format!("\"build_id\":\"{id}\","), "");
    case.refuses(&none, &["--kernel", "kernel.elf"], &["has no build id"]);

    let mut image = fs::read(&case.program).unwrap();
    image.push(0);
    fs::write(&case.program, &image).unwrap();
    let words = ["program.exe is not the program.exe that ran", "identity"];
    case.refuses(&log, &["--image", "program.exe"], &words);
    case.refuses(&log, &["--images", "."], &words);

    case.refuses(&log, &["--pdb", "program.pdb"], &["with its program"]);
    let own = fixtures::program(&case.folder, "other.exe");
    assert!(own.exists());
    let other_pdb = ["--image", "program.exe", "--pdb", "other.pdb"];
    case.refuses(
        &log,
        &other_pdb,
        &["no program that was given asks for other.pdb"],
    );
    fs::rename(
        case.folder.join("other.pdb"),
        case.folder.join("program.pdb"),
    )
    .unwrap();
    case.refuses(&log, &["--images", "."], &["is of another build than"]);

    case.refuses(
        &log,
        &["--kernel", "program.exe"],
        &["program.exe: is not a 64-bit ELF"],
    );
    case.refuses(&log, &["--kernel", "none"], &["none cannot be read"]);
    case.refuses(&log, &["--images", "none"], &["none is not a folder"]);
}

#[test]
fn text_is_read_raw() {
    let case = Case::new("raw");
    let id = case.id();
    let at = case.interrupted;
    let log = format!(
        "PANIC: a cause\r\n  kernel 0.1.0, build {id}\r\nbacktrace:\r\n  --- no names: none\r\n\
         \x20 #0   {:#018x}  ?\r\n  --- page fault in kernel mode\r\n  #1   {at:#018x}  ?\r\n\
         \x20 --- end of the stack\r\n",
        at + 1
    );
    case.refuses(
        &log,
        &["--kernel", "kernel.elf"],
        &["only as text; give --raw"],
    );
    let text = case.prints(&log, &["--raw", "--kernel", "kernel.elf", "-"]);
    let found = frames(&text);
    assert_eq!(found.len(), 4, "{text}");
    assert_eq!(found[0], found[2], "{text}");
    assert!(text.contains("\n  --- page fault in kernel mode\n") && !text.contains("no names"));

    let list = format!(
        "PANIC while reporting a panic; return addresses:\nbuild {id}\n{:016x}\n",
        at + 1
    );
    let text = case.prints(&list, &["--raw", "--kernel", "kernel.elf"]);
    assert!(frames(&text)[1].contains("middle+0x"), "{text}");
    let raw = ["--raw", "--kernel", "kernel.elf"];
    let other = list.replace(&id, &case.other_id());
    case.refuses(&other, &raw, &["is of another kernel"]);
    let damaged = list.replace(&id, &id[1..]);
    case.refuses(&damaged, &raw, &["has no build id"]);
    case.refuses(
        "",
        &["--raw", "--kernel", "kernel.elf"],
        &["there is no report"],
    );
}

#[test]
fn help_and_logs_that_cannot_be_read() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let run = |arguments: &[&str]| {
        let mut tool = Command::new(env!("CARGO_BIN_EXE_symbolize"));
        tool.args(arguments)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    assert!(
        help.contains("--raw") && help.lines().all(|line| line.len() <= 80),
        "{help}"
    );
    for arguments in [&[][..], &["none.log"], &["--unknown"]] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert_eq!(
            output.stderr.iter().filter(|&&byte| byte == b'\n').count(),
            1
        );
    }
}
