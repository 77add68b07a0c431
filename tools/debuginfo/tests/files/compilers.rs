//! Files made by mingw and by rustc with rust-lld.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the sources are.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/fixtures")
}

/// The line of a source, counted from 1, that has `part` in it.
pub fn line_of(source: &str, part: &str) -> u32 {
    let text = std::fs::read_to_string(fixtures().join(source)).unwrap();
    let line = text.lines().position(|line| line.contains(part)).unwrap();
    line as u32 + 1
}

/// A PE of mingw's from inlined.c; `None`, with a note, without mingw.
pub fn mingw(name: &str, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = output(name);
    let mut command = Command::new("x86_64-w64-mingw32-gcc");
    command.args([
        "inlined.c",
        "-O1",
        "-ffreestanding",
        "-nostdlib",
        "-Wl,-e,start",
    ]);
    command.args(arguments).arg("-o").arg(&output);
    match run(command) {
        Ok(()) => Some(std::fs::read(output).unwrap()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("note: mingw is not installed: {name} is not tested");
            None
        }
        Err(error) => panic!("{name}: {error}"),
    }
}

/// A PE and its PDB of rustc's from inlined.rs.
pub fn rust(name: &str) -> (Vec<u8>, Vec<u8>) {
    let output = output(&format!("{name}.exe"));
    let mut command = Command::new(std::env::var("RUSTC").unwrap_or("rustc".into()));
    command.env("RUSTUP_AUTO_INSTALL", "0").args([
        "--edition=2021",
        "--target=x86_64-pc-windows-msvc",
        "-Cpanic=abort",
        "-Copt-level=1",
        "-g",
        "-Clinker=rust-lld",
        "-Clinker-flavor=lld-link",
        "-Clink-args=/entry:start /subsystem:native /nodefaultlib",
        "inlined.rs",
    ]);
    command
        .arg(format!("-Cmetadata={name}"))
        .arg("-o")
        .arg(&output);
    run(command).expect("rustc with the target x86_64-pc-windows-msvc, which set-up installs");
    let read = |path: &Path| std::fs::read(path).unwrap();
    (read(&output), read(&output.with_extension("pdb")))
}

fn output(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn run(mut command: Command) -> std::io::Result<()> {
    let done = command.current_dir(fixtures()).output()?;
    let messages = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {messages}");
    Ok(())
}
