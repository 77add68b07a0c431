//! Runs the tool on small kernels, good and bad.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use symbols::{Table, TableError};

mod elf;
mod program;

use elf::{Elf, TEXT};

/// A folder of its own for a test, with a kernel and its map.
struct Case {
    folder: PathBuf,
}

/// Exit status, standard output and standard error.
type Outcome = (i32, String, String);

impl Case {
    fn new(name: &str, kernel: &Elf) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        let case = Self { folder };
        fs::write(case.path("kernel"), kernel.bytes()).unwrap();
        fs::write(case.path("map"), map_of(kernel)).unwrap();
        case
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let output = Command::new(env!("CARGO_BIN_EXE_symtab"))
            .args(arguments)
            .current_dir(&self.folder)
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    }

    fn pack(&self) -> Outcome {
        self.run(&["--elf", "kernel", "--map", "map"])
    }

    /// The table's bytes; `.symbols` is before the section headers' names.
    fn section(&self) -> Vec<u8> {
        let bytes = fs::read(self.path("kernel")).unwrap();
        let start = bytes
            .windows(8)
            .position(|found| found == b"PETRLSYM")
            .unwrap();
        bytes[start..start + 0x1000].to_vec()
    }

    /// Packs, expecting a fault whose sentence has `part`; the kernel stays as
    /// it was.
    #[track_caller]
    fn assert_fault(&self, part: &str) {
        let before = fs::read(self.path("kernel")).unwrap();
        let (status, output, error) = self.pack();
        assert_eq!((status, output.as_str()), (1, ""), "{error}");
        assert!(
            error.starts_with("symtab: ") && error.contains(part),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(fs::read(self.path("kernel")).unwrap() == before);
    }
}

/// A linker map that lists the kernel's functions.
fn map_of(kernel: &Elf) -> String {
    let mut map =
        String::from("             VMA              LMA     Size Align Out     In      Symbol\n");
    let mut row = |start: u64, size: u64, indent: usize, name: &str| {
        let low = start & 0xFFF_FFFF;
        let indent = " ".repeat(indent);
        map += &format!("{start:16x} {low:16x} {size:8x}     1 {indent}{name}\n");
    };
    row(TEXT, 0x100, 0, ".text");
    row(TEXT, 0x100, 8, "a.o:(.text)");
    for (name, start, size) in &kernel.functions {
        row(*start, *size, 16, name);
    }
    map
}

pub(crate) fn sample() -> Elf {
    Elf::new(&[
        ("_ZN4core3fmt5write17h0123456789abcdefE", TEXT, 0x2A),
        ("copy", TEXT + 0x30, 0x0B),
        ("copy_weak", TEXT + 0x30, 0x0B),
        ("last", TEXT + 0x3B, 1),
    ])
}

#[test]
fn packs_and_verifies() {
    let case = Case::new("packs", &sample());
    let (status, output, error) = case.pack();
    assert_eq!((status, error.as_str()), (0, ""));
    assert!(output.starts_with("symbols=3 bytes="), "{output}");
    assert!(output.ends_with(" capacity=4096\n"), "{output}");

    let section = case.section();
    let table = Table::parse(&section).unwrap();
    assert_eq!(table.build_id(), b"01234567890123456789");
    let name = |address| {
        table
            .lookup(address)
            .map(|symbol| symbol.name().to_string())
    };
    assert_eq!(name(TEXT + 0x29).as_deref(), Some("core::fmt::write"));
    assert_eq!(name(TEXT + 0x2A), None);
    assert_eq!(name(TEXT + 0x3A).as_deref(), Some("copy"));
    assert_eq!(name(TEXT + 0x3B).as_deref(), Some("last"));

    let again = case.pack();
    assert_eq!(again.1, output);
    assert!(case.section() == section);
    assert_eq!(
        case.run(&["--verify", "kernel"]),
        (
            0,
            "functions=4 sites=0 frames=0 sites_without_file=0 frames_without_line=0\n".into(),
            String::new()
        )
    );
}

#[test]
fn asks_for_another_size() {
    let names: Vec<String> = (0..2000)
        .map(|number| format!("f{}", number * 7919))
        .collect();
    let functions: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(index, name)| (name.as_str(), TEXT + index as u64 * 0x10, 0x10))
        .collect();
    let mut kernel = Elf::new(&functions);
    let case = Case::new("size", &kernel);
    let (status, output, _) = case.pack();
    assert_eq!(status, 3);
    let need: usize = output
        .trim()
        .strip_prefix("need=")
        .unwrap()
        .parse()
        .unwrap();
    assert!(need > 0x1000 && need.is_multiple_of(0x1000));

    for (reserve_bytes, status) in [(need, 0), (need + need / 2, 0), (need + need / 2 + 1, 3)] {
        kernel.reserve_bytes = Some(reserve_bytes);
        fs::write(case.path("kernel"), kernel.bytes()).unwrap();
        let found = case.pack();
        assert_eq!(found.0, status, "{reserve_bytes}: {}", found.2);
        if status == 3 {
            assert_eq!(found.1, output);
        }
    }
}

#[test]
fn a_kernel_without_what_it_needs_is_refused() {
    let with = |name: &str, change: fn(&mut Elf)| {
        let mut kernel = sample();
        change(&mut kernel);
        Case::new(name, &kernel)
    };
    with("no-section", |kernel| kernel.reserve_bytes = None).assert_fault("no section .symbols");
    with("no-bytes", |kernel| kernel.reserve_bytes = Some(0)).assert_fault("without contents");
    with("nobits", |kernel| kernel.is_nobits = true).assert_fault("without contents");
    with("no-id", |kernel| kernel.build_id = None).assert_fault("--build-id=sha1");
    with("stripped", |kernel| kernel.functions.clear()).assert_fault("not stripped");
}

#[test]
fn bad_files_are_refused() {
    let case = Case::new("bad-files", &sample());
    fs::write(case.path("map"), "not a map").unwrap();
    case.assert_fault("not a linker map of lld");
    fs::write(case.path("map"), [0xFF]).unwrap();
    case.assert_fault("is not text");
    fs::write(case.path("map"), map_of(&Elf::new(&[("copy", TEXT, 1)]))).unwrap();
    case.assert_fault("does not list 4");
    fs::remove_file(case.path("map")).unwrap();
    case.assert_fault("map: cannot be read");
    fs::write(case.path("kernel"), b"\x7FELF").unwrap();
    case.assert_fault("is not a 64-bit ELF");
}

#[test]
fn verifying_needs_the_right_table() {
    let case = Case::new("verify", &sample());
    let verify = |part: &str| {
        let (status, _, error) = case.run(&["--verify", "kernel"]);
        assert_eq!(status, 1);
        assert!(error.contains(part), "{error}");
    };
    verify(&TableError::Empty.to_string());
    assert_eq!(case.pack().0, 0);
    let good = fs::read(case.path("kernel")).unwrap();
    let changed = |place: Option<usize>, byte| {
        let mut bytes = good.clone();
        bytes[place.unwrap()] = byte;
        fs::write(case.path("kernel"), bytes).unwrap();
    };
    let build_id = b"01234567890123456789";
    changed(good.windows(20).rposition(|found| found == build_id), b'x');
    verify("another build");
    changed(good.windows(5).position(|found| found == b"last\0"), b'p');
    verify("last+0x0, and the ELF names it past+0x0");
}

#[test]
fn help_and_wrong_arguments() {
    let case = Case::new("arguments", &sample());
    let (status, output, _) = case.run(&["--help"]);
    assert!(status == 0 && output.contains("need=BYTES"));
    let (status, _, error) = case.run(&["--elf", "kernel"]);
    assert_eq!(status, 1);
    assert!(error.contains("--help"), "{error}");
}
