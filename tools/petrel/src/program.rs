//! The program's file: what it is, before anything is started.

use std::path::Path;

use pe::{PeError, PeView};

use crate::exit::{
    DAMAGED, DLL, DRIVER, Failure, NO_FILE, NO_PROGRAM, NOT_PE, OTHER_PROCESSOR, WINDOWS,
};
use crate::guest_path::is_name;

/// Subsystems, as the file has them.
const GUI: u16 = 2;
const CONSOLE: u16 = 3;
/// Machines.
const X86: u16 = 0x14c;
const ARM64: u16 = 0xaa64;
/// The magic number of 32-bit headers.
const PE32: u16 = 0x10b;

/// A program that may be started.
pub(crate) struct Program {
    /// Its name in the guest.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Whether it needs the Windows DLLs.
    pub(crate) needs_windows: bool,
}

impl Program {
    /// Reads it, and refuses what cannot run.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|error| {
            Failure::new(
                NO_FILE,
                format!("the program {shown} cannot be read: {error}"),
            )
        })?;
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !is_name(&name) {
            return Err(Failure::new(
                NO_FILE,
                format!("{shown} has a name that no file of Windows has; rename it"),
            ));
        }
        let needs_windows = judge(&bytes, &shown.to_string())?;
        Ok(Self {
            name,
            bytes,
            needs_windows,
        })
    }
}

/// Whether a program needs the Windows DLLs, if it is one.
fn judge(bytes: &[u8], shown: &str) -> Result<bool, Failure> {
    let fail = |code, sentence: &str| Err(Failure::new(code, format!("{shown} {sentence}")));
    let view = match PeView::parse(bytes) {
        Ok(view) => view,
        Err(PeError::TooShort | PeError::NotMz) => {
            return fail(
                NOT_PE,
                "is no Windows program: it does not begin as one; give an .exe file for x64",
            );
        }
        Err(PeError::NotPe) if is_cut(bytes) => {
            return fail(
                DAMAGED,
                "is cut off before its PE header; copy or build it again",
            );
        }
        Err(PeError::NotPe | PeError::BadPeOffset { .. }) => {
            return fail(
                NOT_PE,
                "is a DOS program, or none; give an .exe file for x64 Windows",
            );
        }
        Err(PeError::NotPeButNe) => {
            return fail(NOT_PE, "is a program for 16-bit Windows; give one for x64");
        }
        Err(PeError::WrongMachine { machine: X86 } | PeError::NotPe32Plus { magic: PE32 }) => {
            return fail(
                OTHER_PROCESSOR,
                "is a 32-bit program (x86); Petrel runs 64-bit ones: build it for x64",
            );
        }
        Err(PeError::WrongMachine { machine }) => {
            let what = match machine {
                ARM64 => "ARM64".to_owned(),
                other => format!("machine {other:#x}"),
            };
            return fail(
                OTHER_PROCESSOR,
                &format!("is for another processor ({what}); build it for x64"),
            );
        }
        Err(PeError::NotAnImage) => {
            return fail(
                NOT_PE,
                "is an object file or a failed link; link it as an .exe",
            );
        }
        Err(error) => {
            return fail(
                DAMAGED,
                &format!("is cut off or damaged: {error}; copy or build it again"),
            );
        }
    };
    match view.check_program() {
        Ok(()) => {}
        Err(PeError::IsDll) => {
            return fail(DLL, "is a DLL; give the program that uses it");
        }
        Err(PeError::IsDriver) => {
            return fail(
                DRIVER,
                "is a driver, which Petrel does not load; give a program",
            );
        }
        Err(PeError::WrongSubsystem { subsystem }) => {
            return fail(
                DRIVER,
                &format!("is made for subsystem {subsystem}, not for the console; give a program"),
            );
        }
        Err(error) => return fail(NO_PROGRAM, &format!("cannot be started: {error}")),
    }
    let needs_windows = view.has_imports() || view.tls().is_some();
    match (view.subsystem(), needs_windows) {
        (GUI, _) => fail(
            WINDOWS,
            "opens windows (its subsystem is GUI), and Petrel has none; link it for the console \
             (-mconsole, /SUBSYSTEM:CONSOLE)",
        ),
        (CONSOLE, _) | (_, false) => Ok(needs_windows),
        // Natively there is ntdll alone, whose programs find no Win32.
        (_, true) => fail(
            DRIVER,
            "is a driver or a native program (its subsystem is native); link it for the console",
        ),
    }
}

/// Whether the place of the PE header is behind the end of the file.
fn is_cut(bytes: &[u8]) -> bool {
    let offset = bytes
        .get(0x3c..0x40)
        .and_then(|place| place.try_into().ok());
    offset.is_some_and(|place| {
        usize::try_from(u32::from_le_bytes(place)).is_ok_and(|place| place + 4 > bytes.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> u8 {
        judge(bytes, "a.exe").unwrap_err().code
    }

    /// A DOS header, and a PE header of this machine behind it.
    fn headers(machine: u16) -> Vec<u8> {
        let mut bytes = vec![0; 0x40];
        bytes[..2].copy_from_slice(b"MZ");
        bytes[0x3c] = 0x40;
        bytes.extend(b"PE\0\0");
        bytes.extend(machine.to_le_bytes());
        bytes.resize(0x400, 0);
        // An executable image.
        bytes[0x56] = 2;
        bytes
    }

    #[test]
    fn what_is_no_program_at_all() {
        assert_eq!(code(b""), NOT_PE);
        assert_eq!(code(b"#!/bin/sh\n"), NOT_PE);
        assert_eq!(code(&[0x7f; 5000]), NOT_PE);
        let mut dos = headers(X86);
        dos[0x40] = b'?';
        assert_eq!(code(&dos), NOT_PE);
    }

    #[test]
    fn other_processors() {
        assert_eq!(code(&headers(X86)), OTHER_PROCESSOR);
        assert_eq!(code(&headers(ARM64)), OTHER_PROCESSOR);
        let said = judge(&headers(ARM64), "a.exe").unwrap_err().sentence;
        assert_eq!(
            said,
            "a.exe is for another processor (ARM64); build it for x64"
        );
    }

    #[test]
    fn cut_and_damaged() {
        assert_eq!(code(&headers(X86)[..0x41]), DAMAGED);
        assert_eq!(code(&headers(0x8664)), DAMAGED);
    }

    #[test]
    fn a_file_that_is_not_there() {
        let failure = Program::read(Path::new("/nowhere/a.exe")).err().unwrap();
        assert_eq!(failure.code, NO_FILE);
        assert!(failure.sentence.contains("/nowhere/a.exe cannot be read"));
    }
}
