//! Exit codes: what each says, and failures that have one.

use std::io;

/// The largest exit code of a program that is passed on as it is.
pub(crate) const LARGEST_OWN: u32 = 99;

/// The same of a test program: libtest's own is 101.
pub(crate) const LARGEST_OF_TESTS: u32 = 255;

pub(crate) const LARGER_CODE: u8 = 100;
pub(crate) const CRASHED: u8 = 101;
pub(crate) const TIME_LIMIT: u8 = 102;
pub(crate) const KERNEL_FAILED: u8 = 103;
pub(crate) const NO_DLL: u8 = 104;
pub(crate) const NO_FUNCTION: u8 = 105;
pub(crate) const NOT_STARTED: u8 = 106;
pub(crate) const NO_SERVICE: u8 = 107;
pub(crate) const GDB_LEFT: u8 = 108;
pub(crate) const NO_FILE: u8 = 110;
pub(crate) const NOT_PE: u8 = 111;
pub(crate) const DAMAGED: u8 = 112;
pub(crate) const OTHER_PROCESSOR: u8 = 113;
pub(crate) const DLL: u8 = 114;
pub(crate) const WINDOWS: u8 = 115;
pub(crate) const DRIVER: u8 = 116;
pub(crate) const NO_PROGRAM: u8 = 117;
pub(crate) const USAGE: u8 = 120;
pub(crate) const NOT_INSTALLED: u8 = 121;
pub(crate) const OUTPUT_FAILED: u8 = 122;
pub(crate) const INTERRUPTED: u8 = 123;

/// Every code that is petrel's own, and what it says.
pub(crate) const CODES: [(u8, &str); 21] = [
    (
        LARGER_CODE,
        "the program ended with a code above 99 that is no exception",
    ),
    (CRASHED, "the program crashed: an exception ended it"),
    (TIME_LIMIT, "--timeout ended it"),
    (
        KERNEL_FAILED,
        "the machine failed: a panic, a reset, or no last record",
    ),
    (NO_DLL, "a DLL that the program needs is missing"),
    (
        NO_FUNCTION,
        "a function that the program needs is in none of its DLLs",
    ),
    (NOT_STARTED, "the kernel refused to start it"),
    (
        NO_SERVICE,
        "it crashed after it needed a system service that Petrel has not",
    ),
    (GDB_LEFT, "gdb ended it, or was ended itself"),
    (NO_FILE, "the program's file is missing or cannot be read"),
    (NOT_PE, "it is no Windows program"),
    (DAMAGED, "its file is cut off or damaged"),
    (
        OTHER_PROCESSOR,
        "it is for another processor, such as 32-bit x86",
    ),
    (DLL, "it is a DLL"),
    (WINDOWS, "it opens windows (subsystem GUI)"),
    (DRIVER, "it is a driver, or for firmware"),
    (NO_PROGRAM, "it is a .NET program, or has no entry point"),
    (USAGE, "petrel was called wrongly"),
    (
        NOT_INSTALLED,
        "something that petrel needs is missing here, or cannot be used",
    ),
    (
        OUTPUT_FAILED,
        "what the program prints could not be written",
    ),
    (INTERRUPTED, "Ctrl-C three times within a second ended it"),
];

/// Why there is no exit code of a program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: u8,
    pub(crate) sentence: String,
}

impl Failure {
    pub(crate) fn new(code: u8, sentence: impl Into<String>) -> Self {
        Self {
            code,
            sentence: sentence.into(),
        }
    }

    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self::new(USAGE, sentence)
    }

    pub(crate) fn not_installed(sentence: impl Into<String>) -> Self {
        Self::new(NOT_INSTALLED, sentence)
    }

    pub(crate) fn interrupted() -> Self {
        Self::new(
            INTERRUPTED,
            "the program did not end at Ctrl-C, and was ended at the third within a second",
        )
    }

    pub(crate) fn output(error: &io::Error) -> Self {
        Self::new(
            OUTPUT_FAILED,
            format!("what the program prints cannot be written here: {error}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_above_those_of_programs() {
        let mut codes: Vec<u8> = CODES.iter().map(|(code, _)| *code).collect();
        assert!(codes.iter().all(|code| u32::from(*code) > LARGEST_OWN));
        codes.dedup();
        assert_eq!(codes.len(), CODES.len());
        assert!(codes.is_sorted());
    }
}
