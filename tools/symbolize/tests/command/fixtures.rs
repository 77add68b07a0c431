//! A small kernel and a small program, compiled for the tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use debuginfo::{DebugInfo, Pdb, SourceFrame};

/// Where the kernel lies, as Petrel's does.
const KERNEL_BASE: &str = "0xffffffff80000000";

/// Where the sources are.
pub fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command/fixtures")
}

/// The line of a source, counted from 1, that has `part` in it.
pub fn line_of(source: &str, part: &str) -> u32 {
    let text = std::fs::read_to_string(sources().join(source)).unwrap();
    let line = text.lines().position(|line| line.contains(part)).unwrap();
    line as u32 + 1
}

/// An ELF with DWARF and a build id, from kernel.rs.
pub fn kernel(folder: &Path) -> PathBuf {
    let output = folder.join("kernel.elf");
    compile(
        "kernel.rs",
        &output,
        &[
            "--target=x86_64-unknown-none",
            "-Crelocation-model=static",
            "-Ccode-model=kernel",
            "-Clinker=rust-lld",
            &format!("-Clink-args=--entry=start --build-id=sha1 --image-base={KERNEL_BASE}"),
        ],
    );
    output
}

/// A PE with its PDB beside it, from program.rs; another build for each name.
pub fn program(folder: &Path, name: &str) -> PathBuf {
    let output = folder.join(name);
    compile(
        "program.rs",
        &output,
        &[
            "--target=x86_64-pc-windows-msvc",
            "-Clinker=rust-lld",
            "-Clinker-flavor=lld-link",
            "-Clink-args=/entry:start /subsystem:native /nodefaultlib",
            &format!("-Cmetadata={name}"),
        ],
    );
    output
}

fn compile(source: &str, output: &Path, arguments: &[&str]) {
    let mut command = Command::new(std::env::var("RUSTC").unwrap_or("rustc".into()));
    command
        .env("RUSTUP_AUTO_INSTALL", "0")
        .args(["--edition=2021", "-Cpanic=abort", "-Copt-level=1", "-g"])
        .args(arguments)
        .args([source, "-o"])
        .arg(output);
    let done = command.current_dir(sources()).output();
    let done = done.expect("rustc with the targets that set-up installs");
    let messages = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?}: {messages}");
}

/// The first address of an ELF whose frames are as wanted.
pub fn address_in_elf(file: &Path, is_wanted: impl Fn(&[SourceFrame]) -> bool) -> u64 {
    let bytes = std::fs::read(file).unwrap();
    address(&DebugInfo::elf(&bytes).unwrap(), is_wanted)
}

/// The first address of a PDB, from the image's base, whose frames are as wanted.
pub fn address_in_pdb(file: &Path, is_wanted: impl Fn(&[SourceFrame]) -> bool) -> u64 {
    let bytes = std::fs::read(file).unwrap();
    let pdb = Pdb::parse(&bytes).unwrap();
    address(&DebugInfo::pdb(&pdb).unwrap(), is_wanted)
}

fn address(info: &DebugInfo<'_>, is_wanted: impl Fn(&[SourceFrame]) -> bool) -> u64 {
    let functions = info.functions().unwrap();
    let mut addresses = functions
        .iter()
        .flat_map(|function| function.start..function.start + function.size);
    addresses
        .find(|&address| is_wanted(&info.frames(address).unwrap()))
        .expect("an address with these frames")
}
