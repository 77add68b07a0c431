//! What a run comes to: an exit code, and what is said about it.

use abi::NtStatus;

use crate::exit::{
    CRASHED, KERNEL_FAILED, LARGER_CODE, NO_DLL, NO_FUNCTION, NO_SERVICE, NOT_INSTALLED,
    NOT_STARTED, TIME_LIMIT,
};
use crate::log;

const ACCESS_VIOLATION: u32 = 0xC000_0005;
const DLL_NOT_FOUND: u32 = 0xC000_0135;
const ORDINAL_NOT_FOUND: u32 = 0xC000_0138;
const ENTRYPOINT_NOT_FOUND: u32 = 0xC000_0139;
/// What the DLLs raise in place of a function that they do not have.
const STUB: u32 = 0x8000_0100;
/// Where calls of such functions lead when there is no memory that can be written and
/// run, as there is none here.
const STUB_ADDRESS: &str = "execute access to 00000000DEADBEEF";
/// Exceptions of C++, by Microsoft's compiler and GCC.
const CPP: [u32; 2] = [0xE06D_7363, 0x2047_4343];
/// What QEMU ends with when the kernel left it in order.
const ENDED_IN_ORDER: i32 = 33;
/// What it ends with when it is asked for what it does not have.
const CANNOT_BEGIN: i32 = 1;

/// The exit code, and what goes to standard error.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) code: u8,
    pub(crate) said: String,
}

impl Verdict {
    fn new(code: u8, sentence: String, more: &str) -> Self {
        let mut said = match more.is_empty() {
            true => String::new(),
            false => format!("{}\n", more.trim_end()),
        };
        if !sentence.is_empty() {
            said.push_str(&format!("petrel: {sentence}\n"));
        }
        Self { code, said }
    }
}

/// Judges a run by its log and by how QEMU ended; `None`: the time limit did that.
pub(crate) fn of(
    program: &str,
    log: &str,
    status: Option<Option<i32>>,
    (limit_s, largest_own): (f64, u32),
) -> Verdict {
    let Some(status) = status else {
        let sentence = format!(
            "{program} did not end within {limit_s} s and was ended; --timeout gives it more"
        );
        return Verdict::new(TIME_LIMIT, sentence, &log::reports(log));
    };
    let record = log::record(log);
    match record {
        Some(record) if !record.is_panic && status == Some(ENDED_IN_ORDER) => match record.status {
            Some(status) => of_program(program, log, status, largest_own),
            None => failed(
                format!("the kernel could not begin ({})", record.reason),
                &log::complaints(log),
            ),
        },
        _ if status == Some(CANNOT_BEGIN) && log::lacks_sharing(log) => Verdict::new(
            NOT_INSTALLED,
            "this QEMU cannot share folders (virtio-9p); install one that can, such as \
             qemu-system-x86 of Debian or Ubuntu, or share nothing with --no-dir"
                .into(),
            "",
        ),
        _ if log.contains("PANIC: ") => failed("the kernel panicked".into(), &log::reports(log)),
        _ => {
            let how = match status {
                Some(0) => "the machine reset or was switched off".to_owned(),
                Some(code) => format!("QEMU ended with status {code}"),
                None => "QEMU was ended by a signal".to_owned(),
            };
            failed(
                format!("{how} before the kernel's last record"),
                &log::complaints(log),
            )
        }
    }
}

fn failed(what: String, more: &str) -> Verdict {
    let sentence =
        format!("{what}: this is a fault of Petrel's or of the machine, not of the program's");
    Verdict::new(KERNEL_FAILED, sentence, more)
}

fn of_program(program: &str, log: &str, status: u32, largest_own: u32) -> Verdict {
    if status <= largest_own
        && let Ok(code) = u8::try_from(status)
    {
        return Verdict::new(code, String::new(), "");
    }
    let name = name_of(status);
    let more = || {
        let messages: String = log::messages(log).map(|line| format!("{line}\n")).collect();
        messages + &log::reports(log)
    };
    if let Some(why) = log::refusal(log) {
        let code = match status {
            DLL_NOT_FOUND => NO_DLL,
            _ => NOT_STARTED,
        };
        return Verdict::new(code, format!("{program} was not started: {why}"), "");
    }
    let is_stub = log::messages(log).any(|message| message.contains(STUB_ADDRESS));
    match status {
        DLL_NOT_FOUND => {
            let what = "a DLL that it needs is missing; give the folder that has it: --copy \
                        FOLDER:C:\\programs";
            Verdict::new(
                NO_DLL,
                format!("{program} ended with {name}: {what}"),
                &more(),
            )
        }
        ENTRYPOINT_NOT_FOUND | ORDINAL_NOT_FOUND | STUB | ACCESS_VIOLATION
            if is_stub || status != ACCESS_VIOLATION =>
        {
            let which = log::missing_function(log).unwrap_or("a function that it needs");
            let what = "is in none of its DLLs; build it without, or give a DLL that has it: \
                        --copy FOLDER:C:\\programs";
            Verdict::new(
                NO_FUNCTION,
                format!("{program} ended with {name}: {which} {what}"),
                &more(),
            )
        }
        _ if is_exception(status)
            && let Some(service) = log::missing_service(log) =>
        {
            let what = "which Petrel has not; build it without, or say at the project that you \
                        need it";
            Verdict::new(
                NO_SERVICE,
                format!("{program} crashed with {name} after it needed {service}, {what}"),
                &more(),
            )
        }
        _ if is_exception(status) => {
            Verdict::new(CRASHED, format!("{program} crashed with {name}"), &more())
        }
        _ => {
            let sentence = format!(
                "{program} ended with exit code {status} ({status:#x}), which is above {largest_own}"
            );
            Verdict::new(LARGER_CODE, sentence, "")
        }
    }
}

/// Warnings and errors of the system's; codes like -1 are the program's.
fn is_exception(status: u32) -> bool {
    matches!(status >> 28, 0x8 | 0xC) || CPP.contains(&status)
}

/// A status with its name, if it has one.
fn name_of(status: u32) -> String {
    let name = match status {
        STUB => Some("EXCEPTION_WINE_STUB"),
        _ if CPP.contains(&status) => Some("an exception of C++"),
        _ => NtStatus(status).name(),
    };
    match name {
        Some(name) => format!("{status:#010X} {name}"),
        None => format!("{status:#010X}"),
    }
    .replacen("0X", "0x", 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::LARGEST_OWN;

    fn code(status: u32) -> u8 {
        let log = format!(
            "PETREL-PROGRAM name=a.exe status={status:#010X} expected=0x00000000\n\
             PETREL-END verdict=failure programs=1 failed=1 reason=unexpected-status\n"
        )
        .replace("0X", "0x");
        of(
            "a.exe",
            &log,
            Some(Some(ENDED_IN_ORDER)),
            (0.0, LARGEST_OWN),
        )
        .code
    }

    #[test]
    fn a_machine_that_cannot_share() {
        for log in [
            "qemu-system-x86_64: -fsdev local,id=share0: fsdev support is disabled\n",
            "qemu: -device virtio-9p-device: 'virtio-9p-device' is not a valid device model name\n",
        ] {
            let verdict = of("a.exe", log, Some(Some(1)), (0.0, LARGEST_OWN));
            assert_eq!(verdict.code, NOT_INSTALLED);
            assert!(verdict.said.contains("--no-dir"));
        }
        assert_eq!(
            of("a.exe", "other", Some(Some(1)), (0.0, LARGEST_OWN)).code,
            KERNEL_FAILED
        );
    }

    #[test]
    fn codes_of_programs() {
        assert_eq!((code(0), code(3), code(99)), (0, 3, 99));
        for large in [100, 256, 0x7fff_ffff, u32::MAX, 0xFFFF_FFFE, 0x4000_0015] {
            assert_eq!(code(large), LARGER_CODE, "{large:#x}");
        }
        for crash in [
            0xC000_0005,
            0xC000_0409,
            0x8000_0003,
            0xC000_013A,
            0xE06D_7363,
        ] {
            assert_eq!(code(crash), CRASHED, "{crash:#x}");
        }
        let log = "PETREL-PROGRAM name=a.exe status=0x00000065 expected=0x00000000\n\
                   PETREL-END verdict=failure programs=1 failed=1 reason=unexpected-status\n";
        let found = of("a.exe", log, Some(Some(ENDED_IN_ORDER)), (0.0, 255));
        assert_eq!((found.code, found.said.as_str()), (101, ""));
        assert_eq!((code(DLL_NOT_FOUND), code(STUB)), (NO_DLL, NO_FUNCTION));
        assert_eq!(name_of(0xC000_0005), "0xC0000005 STATUS_ACCESS_VIOLATION");
    }

    #[test]
    fn a_function_that_is_missing() {
        let log = "[ 0.1] info  nt::win32::unix_call: a.exe: wine: Unhandled page fault on \
                   execute access to 00000000DEADBEEF at address 00000000DEADBEEF\n\
                   PETREL-PROGRAM name=a.exe status=0xC0000005 expected=0x00000000\n\
                   PETREL-END verdict=failure programs=1 failed=1 reason=unexpected-status\n";
        assert_eq!(
            of("a.exe", log, Some(Some(ENDED_IN_ORDER)), (0.0, LARGEST_OWN)).code,
            NO_FUNCTION
        );
    }

    #[test]
    fn failures_are_never_success() {
        let good = "PETREL-PROGRAM name=a status=0x00000000 expected=0x00000000\n\
                    PETREL-END verdict=success programs=1 failed=0 reason=-\n";
        assert_eq!(of("a", good, Some(Some(33)), (0.0, LARGEST_OWN)).code, 0);
        for status in [Some(0), Some(1), Some(35), None] {
            assert_eq!(
                of("a", good, Some(status), (0.0, LARGEST_OWN)).code,
                KERNEL_FAILED
            );
        }
        assert_eq!(of("a", good, None, (1.0, LARGEST_OWN)).code, TIME_LIMIT);
        assert_eq!(
            of("a", "", Some(Some(33)), (0.0, LARGEST_OWN)).code,
            KERNEL_FAILED
        );
        let empty = "PETREL-END verdict=failure programs=0 failed=0 reason=bad-job\n";
        assert_eq!(
            of("a", empty, Some(Some(33)), (0.0, LARGEST_OWN)).code,
            KERNEL_FAILED
        );
    }
}
