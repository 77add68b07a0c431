//! Texts: names of threads, paths and command lines of processes.
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD, UnicodeString};
use abi::process::*;
use abi::thread::{THREAD_NAME_INFORMATION, ThreadNameInformation};
use nt::information::{Of, query_bytes, set, string};
use nt::process;
use nt::sync;
use nt::{NtStatus, Program, Text};

use crate::classes::WINE_NATIVE_THREAD_NAME;

const HEADER_BYTES: usize = size_of::<UnicodeString>();

pub fn check(program: &Program) {
    names(program);
    paths(program);
}

/// The text of a class, with the length of the whole answer.
fn ask(program: &Program, of: Of, handle: u64, class: u32) -> (Text, u32) {
    let mut buffer = Buffer([0; 0x200]);
    let (status, returned) = query_bytes(of, handle, class, &mut buffer.0);
    program.check("a text", status, NtStatus::SUCCESS);
    let length = usize::from(u16::from_le_bytes([buffer.0[0], buffer.0[1]]));
    let address = &raw const buffer.0 as u64 + HEADER_BYTES as u64;
    program.check(
        "where it is",
        buffer.0[8..16] == address.to_le_bytes(),
        true,
    );
    let bytes = &buffer.0[HEADER_BYTES..HEADER_BYTES + length];
    let units = bytes
        .chunks_exact(2)
        .map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
    (Text::new(units), returned)
}

#[repr(align(8))]
struct Buffer([u8; 0x200]);

fn names(program: &Program) {
    const CLASS: u32 = THREAD_NAME_INFORMATION;
    let rename = |class, name: UnicodeString| {
        let name = ThreadNameInformation { name };
        set(Of::Thread, CURRENT_THREAD, class, &name)
    };
    let wide = |text: &str, units: &mut [u16; 32]| {
        let length = text
            .encode_utf16()
            .zip(units.iter_mut())
            .map(|(unit, place)| *place = unit);
        length.count()
    };
    let mut units = [0; 32];
    for (class, name) in [
        (CLASS, "worker \u{e9}"),
        (WINE_NATIVE_THREAD_NAME, "by Wine"),
        (CLASS, ""),
    ] {
        let length = wide(name, &mut units);
        let status = rename(class, string(&units[..length]));
        program.check("a name", status, NtStatus::SUCCESS);
        let (told, returned) = ask(program, Of::Thread, CURRENT_THREAD, CLASS);
        program.check("the name", told.as_str(), name);
        program.check("its size", returned as usize, HEADER_BYTES + 2 * length);
        for bytes in [
            0,
            HEADER_BYTES - 1,
            HEADER_BYTES + (2 * length).saturating_sub(1),
        ] {
            let mut short = [0; 0x40];
            let short = &mut short[..bytes];
            if bytes < returned as usize {
                let answer = query_bytes(Of::Thread, CURRENT_THREAD, CLASS, short);
                program.check("too short", answer, (NtStatus::BUFFER_TOO_SMALL, returned));
            }
        }
    }
    let status = rename(CLASS, string(&[0x61; 32]));
    program.check("a name", status, NtStatus::SUCCESS);
    for (name, expected) in [
        (
            UnicodeString {
                length_bytes: 3,
                ..string(&units)
            },
            NtStatus::INVALID_PARAMETER,
        ),
        (
            UnicodeString {
                buffer: 0,
                ..string(&units)
            },
            NtStatus::ACCESS_VIOLATION,
        ),
        (
            UnicodeString {
                buffer: 1 << 47,
                ..string(&units)
            },
            NtStatus::ACCESS_VIOLATION,
        ),
    ] {
        program.check("no name", rename(CLASS, name), expected);
    }
    let (told, _) = ask(program, Of::Thread, CURRENT_THREAD, CLASS);
    program.check("the name before", told.as_str().len(), 32);
}

fn paths(program: &Program) {
    let command_line = "exit.exe 5 \"two words\"";
    let made = process::create("exit.exe", command_line, 0, process::SUSPENDED);
    let other = program.done("a process", made);
    for (handle, class, expected) in [
        (
            CURRENT_PROCESS,
            PROCESS_IMAGE_FILE_NAME,
            "\\Device\\HarddiskVolume1\\programs\\information.exe",
        ),
        (
            CURRENT_PROCESS,
            PROCESS_IMAGE_FILE_NAME_WIN32,
            "C:\\programs\\information.exe",
        ),
        (
            CURRENT_PROCESS,
            PROCESS_COMMAND_LINE_INFORMATION,
            "information.exe",
        ),
        (
            other.process.raw(),
            PROCESS_IMAGE_FILE_NAME,
            "\\Device\\HarddiskVolume1\\programs\\exit.exe",
        ),
        (
            other.process.raw(),
            PROCESS_IMAGE_FILE_NAME_WIN32,
            "C:\\programs\\exit.exe",
        ),
        (
            other.process.raw(),
            PROCESS_COMMAND_LINE_INFORMATION,
            command_line,
        ),
    ] {
        let (told, returned) = ask(program, Of::Process, handle, class);
        program.check("the text", told.as_str(), expected);
        program.check(
            "its size",
            returned as usize,
            HEADER_BYTES + 2 * expected.len() + 2,
        );
        for bytes in [0, HEADER_BYTES, returned as usize - 1] {
            let mut short = [0; 0x200];
            let answer = query_bytes(Of::Process, handle, class, &mut short[..bytes]);
            program.check(
                "too short",
                answer,
                (NtStatus::INFO_LENGTH_MISMATCH, returned),
            );
        }
    }
    program.check("go on", nt::thread::resume(&other.thread), Ok(1));
    program.check(
        "its end",
        sync::wait(&other.process, None),
        NtStatus::WAIT_0,
    );
}
