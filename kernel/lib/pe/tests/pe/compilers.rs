//! PE files made here by rustc with rust-lld and by mingw, once per test run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A file made by a linker.
pub struct Built {
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

/// Programs and DLLs of both linkers.
pub fn built() -> &'static [Built] {
    static BUILT: OnceLock<Vec<Built>> = OnceLock::new();
    BUILT.get_or_init(|| {
        vec![
            rust("program.exe", "program.rs", PROGRAM_ARGUMENTS),
            rust(
                "in-place.exe",
                "program.rs",
                &[PROGRAM_ARGUMENTS, &[PAGE_ALIGNED]].concat(),
            ),
            rust(
                "symbols.exe",
                "program.rs",
                &[PROGRAM_ARGUMENTS, &["-g"]].concat(),
            ),
            rust("library.dll", "library.rs", LIBRARY_ARGUMENTS),
            mingw(
                "freestanding.exe",
                &[
                    "freestanding.c",
                    "-nostdlib",
                    "-Wl,-e,start,--subsystem,native",
                ],
            ),
            mingw("console.exe", &["console.c"]),
            mingw("stripped.exe", &["console.c", "-s"]),
            mingw(
                "mingw.dll",
                &[
                    "library.c",
                    "library.def",
                    "-shared",
                    "-nostdlib",
                    "-Wl,-e,0",
                ],
            ),
        ]
    })
}

/// One of them.
pub fn by_name(name: &str) -> &'static Built {
    let found = built().iter().find(|built| built.name == name);
    found.expect("a file of the list above")
}

/// For programs of the MSVC target without Microsoft's linker and libraries.
pub const LLD_ARGUMENTS: &[&str] = &[
    "-Cpanic=abort",
    "-Clinker=rust-lld",
    "-Clinker-flavor=lld-link",
    // A time stamp that tells contents apart, not the seconds of the link.
    "-Clink-arg=/Brepro",
];
pub const PROGRAM_ARGUMENTS: &[&str] = &[
    "--crate-type=bin",
    "-Clink-args=/entry:start /subsystem:native /nodefaultlib",
];
const PAGE_ALIGNED: &str = "-Clink-arg=/filealign:4096";
const LIBRARY_ARGUMENTS: &[&str] = &[
    "--crate-type=cdylib",
    "-Clink-args=/noentry /nodefaultlib /noimplib /export:forwarded=kernel32.Sleep",
];

fn rust(name: &'static str, source: &str, arguments: &[&str]) -> Built {
    let mut command = rustc("x86_64-pc-windows-msvc");
    command
        .arg("-O")
        .args(LLD_ARGUMENTS)
        .args(arguments)
        .arg(source);
    run(name, command, "the Rust target x86_64-pc-windows-msvc")
}

/// The Rust compiler for a target.
pub fn rustc(target: &str) -> Command {
    let mut command = Command::new(std::env::var("RUSTC").unwrap_or("rustc".into()));
    command
        .env("RUSTUP_AUTO_INSTALL", "0")
        .args(["--edition=2021", "--target", target]);
    command
}

fn mingw(name: &'static str, arguments: &[&str]) -> Built {
    let mut command = Command::new("x86_64-w64-mingw32-gcc");
    command.args(["-O1", "-ffreestanding"]).args(arguments);
    run(name, command, "the package gcc-mingw-w64-x86-64-win32")
}

/// Runs a compiler in the folder of fixtures and reads what it made. `needed`
/// says what must be installed.
pub fn run(name: &'static str, mut command: Command, needed: &str) -> Built {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pe/fixtures");
    let output = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    command.current_dir(fixtures).arg("-o").arg(&output);
    let done = command.output().unwrap_or_else(|error| {
        panic!("{name} cannot be built: {error}. This test needs {needed}; set-up installs it.")
    });
    let messages = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success(),
        "{name} cannot be built. This test needs {needed}; set-up installs it. {messages}"
    );
    let bytes = std::fs::read(&output).expect("the compiler's output");
    Built { name, bytes }
}
