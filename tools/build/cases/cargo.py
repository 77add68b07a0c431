"""`petrel test` as cargo's runner: tests of published crates, and how failures look."""

import functools
import json
import os
import shutil
import subprocess
import threading
import tomllib

from .. import cargo, programs, windows
from ..testing import FOLDER, Skip, case
from .petrel import command_of

LIMIT_S = 500
LOCK = threading.Lock()
# Name, version, checksum of crates.io's file.
CRATES = (
    ("tempfile", "3.20.0", "e8a64e3985349f2441a1a9ef0b853f869006c3855f2cda6862a94d26ebb9d6a1"),
    ("wait-timeout", "0.2.1", "09ac3b126d3914f9849036f826e054cbabdc8519970b8998ddaf3b5bd3c65f11"),
)
MANIFEST = """
[package]
name = "sample"
version = "0.1.0"
edition = "2024"

[workspace]
"""
LIBRARY = """
pub fn half(number: u32) -> u32 {
    number / 2
}

#[cfg(test)]
mod tests {
    #[test]
    fn halves() {
        assert_eq!(super::half(4), 2);
    }

    #[test]
    fn wrong() {
        assert_eq!(super::half(5), 3, "half of 5");
    }

    #[test]
    #[ignore]
    fn variables() {
        for (name, value) in std::env::vars() {
            if name.starts_with("NEXTEST") || name == "CARGO_MANIFEST_DIR" {
                println!("{name} is {value}");
            }
        }
    }
}
"""
PROGRAM = """
fn main() {
    let name = std::env::args().nth(1).unwrap_or_default();
    println!("hello, {name}, in {}", std::env::current_dir().unwrap().display());
    std::process::exit(3);
}
"""
TESTS = """
use std::process::Command;
use std::{env, fs, thread};

#[test]
fn files() {
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/note.txt");
    fs::write(file, "text").unwrap();
    assert_eq!(fs::read_to_string(file).unwrap(), "text");
    assert!(fs::read_to_string("Cargo.toml").unwrap().contains("sample"));
    let root = env::var("CARGO_MANIFEST_DIR").unwrap();
    assert!(root.starts_with("Z:\\\\"), "{root}");
    for root in [root.as_str(), env!("CARGO_MANIFEST_DIR")] {
        assert!(fs::metadata(format!("{root}/src/lib.rs")).unwrap().is_file());
    }
}

#[test]
fn threads() {
    let threads: Vec<_> = (0..8).map(|number| thread::spawn(move || number * number)).collect();
    let results = threads.into_iter().map(|thread| thread.join().unwrap());
    assert_eq!(results.sum::<i32>(), 140);
}

#[test]
fn processes() {
    let done = Command::new(env!("CARGO_BIN_EXE_greet")).arg("you").output().unwrap();
    assert_eq!(done.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&done.stdout).starts_with("hello, you, in Z:\\\\"), "{done:?}");
}
"""


def configure(command, folder):
    """What a user puts into the crate's .cargo/config.toml."""
    runner = json.dumps([str(command), "test"])
    (folder / ".cargo").mkdir(parents=True, exist_ok=True)
    (folder / ".cargo" / "config.toml").write_text(
        f"[target.{windows.RUST_TARGET}]\nlinker = \"{programs.MINGW}\"\nrunner = {runner}\n")


def cargo_in(folder, *words):
    """(exit code, all output) of cargo."""
    # A target folder for all, so that common crates are compiled once.
    environment = {**cargo.environment(), "CARGO_TARGET_DIR": str(FOLDER / "cargo-target"),
                   "CARGO_TERM_COLOR": "never", "CARGO_NET_OFFLINE": "false"}
    done = subprocess.run([cargo.program("cargo"), words[0], "--target", windows.RUST_TARGET, *words[1:]],
                          cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=LIMIT_S)
    return done.returncode, done.stdout


@functools.lru_cache(maxsize=None)
def written(command):
    """The folder of the sample crate, written once: what is newer is built again."""
    folder = FOLDER / "sample"
    for name, text in (("Cargo.toml", MANIFEST), ("src/lib.rs", LIBRARY),
                       ("src/bin/greet.rs", PROGRAM), ("tests/system.rs", TESTS)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    configure(command, folder)
    return folder


def sample_crate(run):
    """The folder of the crate."""
    command = command_of(run)
    with LOCK:
        return written(command)


@case("petrel.cargo")
def sample(run):
    """Files, threads and processes of a crate; a test that fails looks as everywhere."""
    code, text = cargo_in(sample_crate(run), "test", "--no-fail-fast")
    assert code == 101, text
    for part in ("test tests::halves ... ok", "test tests::wrong ... FAILED", "half of 5",
                 "src/lib.rs:15:9", "test result: FAILED. 1 passed; 1 failed; 1 ignored",
                 "test result: ok. 3 passed; 0 failed", "error: 1 target failed:"):
        assert part in text, f"{part!r} is not there:\n{text}"
    assert "petrel: " not in text, text


@case("petrel.cargo.crates")
def crates(run):
    """Published crates, whose tests pass on Windows."""
    for name, version, checksum in CRATES:
        folder = fetched(name, version, checksum)
        configure(command_of(run), folder)
        code, text = cargo_in(folder, "test", "--locked", "--lib", "--bins", "--tests")
        assert code == 0 and "test result: ok." in text, text


def fetched(name, version, checksum):
    """The source of a crate, as cargo fetches it."""
    asking = FOLDER / f"fetch-{name}"
    (asking / "src").mkdir(parents=True, exist_ok=True)
    (asking / "src" / "lib.rs").write_text("")
    (asking / "Cargo.toml").write_text(f"{MANIFEST}\n[dependencies]\n{name} = \"={version}\"\n")
    code, text = cargo_in(asking, "fetch")
    if code != 0:
        raise Skip(f"{name} {version} cannot be fetched: {text.strip().splitlines()[-1]}")
    lock = tomllib.loads((asking / "Cargo.lock").read_text())
    found = next(package for package in lock["package"] if package["name"] == name)
    assert found["checksum"] == checksum, f"{name} {version}: {found}"
    done = subprocess.run([cargo.program("cargo"), "metadata", "--format-version=1", "--locked",
                           "--filter-platform", windows.RUST_TARGET], cwd=asking, env=cargo.environment(), capture_output=True, check=True)
    packages = json.loads(done.stdout)["packages"]
    source = next(package["manifest_path"] for package in packages if package["name"] == name)
    folder = FOLDER / f"{name}-{version}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.dirname(source), folder)
    with open(folder / "Cargo.toml", "a", encoding="utf-8") as manifest:
        manifest.write("\n[workspace]\n")
    return folder
