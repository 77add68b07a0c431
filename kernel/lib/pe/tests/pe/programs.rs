//! Programs with many kinds of functions, for unwinding.

use std::process::Command;

use crate::compilers::{Built, LLD_ARGUMENTS, PROGRAM_ARGUMENTS, run, rustc};

const MSVC: &str = "x86_64-pc-windows-msvc";
const GNU: &str = "x86_64-pc-windows-gnu";
/// Version 2 of unwind information; rustc has no option of its own for it.
const VERSION_2: &[&str] = &["-Cllvm-args=-x86-wineh-unwindv2-force-mode=1"];

/// Programs of Rust, C and C++, made without and with optimization.
pub fn programs() -> Vec<Built> {
    vec![
        freestanding("rust-0.exe", "0", &[]),
        freestanding("rust-2.exe", "2", &[]),
        standard("standard-0.exe", "0"),
        standard("standard-2.exe", "2"),
        c("unwind-c-0.exe", "-O0"),
        c("unwind-c-2.exe", "-O2"),
        cpp("unwind-cpp-0.exe", "-O0"),
        cpp("unwind-cpp-2.exe", "-O2"),
    ]
}

/// Programs with unwind information of version 1 and the same with version 2.
pub fn pairs() -> [[Built; 2]; 2] {
    let pair = |first, second, level| {
        let first = freestanding(first, level, &[]);
        [first, freestanding(second, level, VERSION_2)]
    };
    [
        pair("pair-0-1.exe", "pair-0-2.exe", "0"),
        pair("pair-2-1.exe", "pair-2-2.exe", "2"),
    ]
}

/// A small program with unwind information of version 2.
pub fn with_version_2(name: &'static str) -> Built {
    freestanding(name, "2", VERSION_2)
}

fn freestanding(name: &'static str, level: &str, arguments: &[&str]) -> Built {
    let mut command = rustc(MSVC);
    command.args(LLD_ARGUMENTS).args(PROGRAM_ARGUMENTS);
    command.arg(format!("-Copt-level={level}"));
    command.args(arguments).arg("unwind.rs");
    run(name, command, "the Rust target x86_64-pc-windows-msvc")
}

/// With the standard library, which mingw links.
fn standard(name: &'static str, level: &str) -> Built {
    let mut command = rustc(GNU);
    command
        .arg(format!("-Copt-level={level}"))
        .arg("standard.rs");
    let needed = "the Rust target x86_64-pc-windows-gnu and the package gcc-mingw-w64-x86-64-win32";
    run(name, command, needed)
}

fn c(name: &'static str, level: &str) -> Built {
    let mut command = Command::new("x86_64-w64-mingw32-gcc");
    command.args([level, "unwind.c"]);
    run(name, command, "the package gcc-mingw-w64-x86-64-win32")
}

/// With the C++ library in the program.
fn cpp(name: &'static str, level: &str) -> Built {
    let mut command = Command::new("x86_64-w64-mingw32-g++");
    command.args(["-std=c++17", "-static", level, "unwind.cpp"]);
    run(name, command, "the package g++-mingw-w64-x86-64-win32")
}
