//! What is there from the start, against what else says it.

use abi::registry::*;
use abi::user_shared::BUILD_NUMBER;
use nt::object::Name;
use nt::{NtStatus, Program, registry, token};

use crate::{is_text, open, word};

const CURRENT_VERSION: &str =
    "\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion";
const CONTROL: &str = "\\Registry\\Machine\\System\\CurrentControlSet\\Control";

pub fn all(program: &Program) {
    let version = open(program, CURRENT_VERSION);
    let mut answer = [0; 64];
    for (name, expected) in [
        ("CurrentMajorVersionNumber", 10),
        ("CurrentMinorVersionNumber", 0),
    ] {
        let told = registry::query_value(version.raw(), name, 2, &mut answer, 64);
        program.check(name, told, (NtStatus::SUCCESS, 0x10));
        program.check("its type", word(&answer, 4), REG_DWORD);
        program.check(name, word(&answer, 12), expected);
    }
    program.check("the build", BUILD_NUMBER, 19_045);
    for (path, name, expected) in [
        (CURRENT_VERSION, "CurrentBuildNumber", "19045\0"),
        (CURRENT_VERSION, "SystemRoot", "C:\\windows\0"),
        (
            "\\Registry\\Machine\\System\\CurrentControlSet\\Control\\ProductOptions",
            "ProductType",
            "WinNT\0",
        ),
    ] {
        let key = open(program, path);
        let told = registry::query_value(key.raw(), name, 2, &mut answer, 64);
        let bytes = 12 + 2 * expected.len();
        program.check(name, told, (NtStatus::SUCCESS, bytes as u32));
        program.check("its type", word(&answer, 4), REG_SZ);
        program.require(expected, is_text(&answer[12..bytes], expected));
    }
    let windows = program.done("Windows", {
        let control = open(program, CONTROL);
        let name = Name::with("Windows", control.raw(), 0);
        registry::open(&name, abi::access::KEY_QUERY_VALUE, 0)
    });
    let told = registry::query_value(windows.raw(), "CSDVersion", 2, &mut answer, 64);
    program.check("no service pack", told, (NtStatus::SUCCESS, 0x10));
    program.check("none", word(&answer, 12), 0);
    users(program);
    kept(program);
}

/// The user of a process has a key.
fn users(program: &Program) {
    let own = program.done("a token", token::own());
    let mut sid = [0_u8; 64];
    let (status, _) = token::query_into(own.raw(), abi::token::TOKEN_USER, &mut sid);
    program.check("its user", status, NtStatus::SUCCESS);
    // A pointer and attributes; the identifier's numbers are behind a head of 8 bytes.
    let numbers = [0x18, 0x1c, 0x20, 0x24, 0x28].map(|at| word(&sid, at));
    program.check("S-1-5-...", numbers, [21, 0, 0, 0, 1000]);
    let user = open(program, crate::USER);
    for name in ["Environment", "Software"] {
        program.check(name, crate::status_of(&user, name), NtStatus::SUCCESS);
    }
    open(program, "\\Registry\\User\\.Default");
}

/// What NT has in files of their own can be neither removed nor added to.
fn kept(program: &Program) {
    for path in [
        "\\Registry",
        "\\Registry\\Machine",
        "\\Registry\\User",
        "\\Registry\\Machine\\Software",
        "\\Registry\\Machine\\System",
        crate::USER,
    ] {
        let key = open(program, path);
        let status = registry::delete(key.raw());
        program.check(path, status, NtStatus::CANNOT_DELETE);
        let status = registry::rename(key.raw(), "Other");
        program.check(path, status, NtStatus::ACCESS_DENIED);
    }
    for path in [
        "\\Registry\\New",
        "\\Registry\\Machine\\New",
        "\\Registry\\User\\New",
    ] {
        for options in [0, REG_OPTION_VOLATILE] {
            let created = registry::create(&Name::new(path), abi::access::KEY_READ, "", options);
            program.check(path, created.err(), Some(NtStatus::INVALID_PARAMETER));
        }
    }
}
