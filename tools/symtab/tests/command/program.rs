//! Tables of programs, made by mingw and by rustc.

use std::path::Path;
use std::process::Command;

use symbols::Table;

use crate::{Case, Outcome, sample};

const SOURCE: &str = "\
static volatile int *volatile place;
static inline __attribute__((always_inline)) int store(int value)
{
    *place = value;
    return value + 1;
}
__attribute__((noinline)) int outer(int value)
{
    return store(value) * 3;
}
int start(void) { return outer(2); }
";

const RUST_SOURCE: &str = "\
#![no_std]
#![no_main]
#[no_mangle]
pub extern \"C\" fn start(value: u32) -> u32 {
    value ^ 3
}
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}
";

impl Case {
    /// A folder with `NAME.exe` from C; `false`, with a note, without mingw.
    fn compile(&self, name: &str, arguments: &[&str]) -> bool {
        std::fs::write(self.path("program.c"), SOURCE).unwrap();
        let mut command = Command::new("x86_64-w64-mingw32-gcc");
        command.args([
            "program.c",
            "-O1",
            "-ffreestanding",
            "-nostdlib",
            "-Wl,-e,start",
        ]);
        command.args(["-Wl,--subsystem,native", "-Wl,--dynamicbase", "-o", name]);
        match command.args(arguments).current_dir(self.path(".")).status() {
            Ok(status) => assert!(status.success()),
            Err(_) => eprintln!("note: mingw is not installed: {name} is not tested"),
        }
        self.path(name).exists()
    }

    /// Puts `NAME.exe` and `NAME.pdb` from Rust into the folder.
    fn compile_rust(&self, name: &str) {
        let source = format!("{name}.rs");
        std::fs::write(self.path(&source), RUST_SOURCE).unwrap();
        let mut command = Command::new(std::env::var("RUSTC").unwrap_or("rustc".into()));
        command.env("RUSTUP_AUTO_INSTALL", "0").args([
            "--edition=2021",
            "--target=x86_64-pc-windows-msvc",
            "-Cpanic=abort",
            "-g",
            "-Clinker=rust-lld",
            "-Clinker-flavor=lld-link",
            "-Clink-args=/entry:start /subsystem:native /nodefaultlib",
            &source,
        ]);
        let done = command.current_dir(self.path(".")).output().unwrap();
        let messages = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "needs the Rust target: {messages}");
    }

    /// The program gets no table, for a reason that has `part` in it.
    #[track_caller]
    fn assert_no_table(&self, arguments: &[&str], part: &str) {
        let (status, output, error) = self.run(arguments);
        assert_eq!((status, output.as_str()), (4, ""), "{error}");
        assert!(
            error.starts_with("symtab: ") && error.contains(part),
            "{error}"
        );
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(!self.path("table").exists());
    }
}

/// Function, file and line of all frames at `address`.
fn frames(table: &Table<'_>, address: u64) -> Vec<(String, String, u32)> {
    let frames = table.frames(address).map(|frame| {
        assert!(frame.is_exact);
        let file = frame.file.map_or(String::new(), |file| file.to_string());
        (frame.name.to_string(), file, frame.line)
    });
    frames.collect()
}

fn assert_packed((status, output, error): Outcome) {
    assert_eq!((status, error.as_str()), (0, ""));
    assert!(output.starts_with("functions="), "{output}");
}

#[test]
fn a_program_with_dwarf_has_lines_everywhere() {
    let case = Case::new("program-dwarf", &sample());
    if !case.compile("p.exe", &["-g"]) {
        return;
    }
    assert_packed(case.run(&["--program", "p.exe", "--out", "table"]));
    let bytes = std::fs::read(case.path("table")).unwrap();
    let table = Table::parse(&bytes).unwrap();
    let program = std::fs::read(case.path("p.exe")).unwrap();
    let view = pe::PeView::parse(&program).unwrap();
    assert_eq!(*table.build_id(), view.identity());
    let outer = (0..0x4000)
        .find(|&rva| frames(&table, rva).len() > 1)
        .unwrap();
    assert_eq!(
        frames(&table, outer),
        [
            ("store".into(), "program.c".into(), 4),
            ("outer".into(), "program.c".into(), 9)
        ]
    );
    assert!(frames(&table, view.entry_point_rva().into())[0].2 == 11);
}

#[test]
fn a_program_without_debug_information_has_no_table() {
    let case = Case::new("program-bare", &sample());
    if case.compile("p.exe", &[]) {
        case.assert_no_table(
            &["--program", "p.exe", "--out", "table"],
            "compile it with -g",
        );
        let pdb = ["--program", "p.exe", "--pdb", "map", "--out", "table"];
        case.assert_no_table(&pdb, "map: is not a PDB");
    }
    case.assert_no_table(
        &["--program", "map", "--out", "table"],
        "map: is not a PE32+ file",
    );
    let (status, _, error) = case.run(&["--program", "none", "--out", "table"]);
    assert_eq!(status, 1);
    assert!(error.contains("none: cannot be read"), "{error}");
}

#[test]
fn a_program_takes_its_own_pdb_only() {
    let case = Case::new("program-pdb", &sample());
    case.compile_rust("one");
    case.compile_rust("two");
    let table = case.path("table");
    let _ = std::fs::remove_file(&table);
    case.assert_no_table(
        &["--program", "one.exe", "--out", "table"],
        "or give its PDB",
    );
    let other = ["--program", "one.exe", "--pdb", "two.pdb", "--out", "table"];
    case.assert_no_table(&other, "give the PDB of the same link");

    assert_packed(case.run(&["--program", "one.exe", "--pdb", "one.pdb", "--out", "table"]));
    let bytes = std::fs::read(Path::new(&table)).unwrap();
    let table = Table::parse(&bytes).unwrap();
    let program = std::fs::read(case.path("one.exe")).unwrap();
    let entry = pe::PeView::parse(&program).unwrap().entry_point_rva();
    let found = frames(&table, entry.into());
    let [(name, file, 4)] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!((&**name, &**file), ("one::start", "one.rs"));
}
