//! The end: the final record, and the way out.

use alloc::vec::Vec;
use core::fmt::{self, Write};

use config::EndAction;
use executive::io::Written;
use hal::console::Console;

/// How one program ended.
pub(crate) struct Ended<'a> {
    /// Its name on the start list.
    pub(crate) name: &'a str,
    /// Its status.
    pub(crate) status: u32,
    /// What the start list says it should be.
    pub(crate) expected: u32,
    /// How long it ran, from before it was made until its end was noticed.
    pub(crate) cycles: u64,
    /// What the host got of its output and its errors, if it has them.
    pub(crate) written: Option<Written>,
}

/// Writes the record of all programs and ends the machine.
pub(crate) fn with_programs(programs: &Vec<Ended<'_>>, action: EndAction) -> ! {
    let failed = programs
        .iter()
        .filter(|program| program.status != program.expected)
        .count();
    let mut out = Console;
    if let Some(cycles) = hal::time::cycles_to_first_user_mode() {
        // Under `-icount` a cycle is an instruction.
        log::info!("first user instruction after {cycles} cycles");
    }
    hal::console::finish_line();
    for Ended {
        name,
        status,
        expected,
        cycles,
        written,
    } in programs
    {
        let name = Token(name);
        record(write!(
            out,
            "PETREL-PROGRAM name={name} status={status:#010X} expected={expected:#010X}"
        ));
        if let Some(written) = written {
            let Written {
                output,
                errors,
                first_at,
            } = written;
            record(write!(
                out,
                " output={output} errors={errors} first_at={first_at} cycles={cycles}"
            ));
        }
        record(writeln!(out));
    }
    let (verdict, reason) = match failed {
        0 => ("success", "-"),
        _ => ("failure", "unexpected-status"),
    };
    record(writeln!(
        out,
        "PETREL-END verdict={verdict} programs={} failed={failed} reason={reason}",
        programs.len()
    ));
    leave(action)
}

/// Ends the machine because it could not do what it was asked.
pub(crate) fn fail(reason: &str, action: EndAction) -> ! {
    let (programs, failed) = hal::end::programs();
    hal::console::finish_line();
    record(writeln!(
        Console,
        "PETREL-END verdict=failure programs={programs} failed={failed} reason={reason}"
    ));
    leave(action)
}

/// A name as one word of the record.
struct Token<'a>(&'a str);

impl fmt::Display for Token<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            let is_word = !letter.is_whitespace() && !letter.is_control();
            out.write_char(if is_word { letter } else { '_' })?;
        }
        Ok(())
    }
}

/// The console takes everything, so writing to it cannot fail.
fn record(written: core::fmt::Result) {
    debug_assert!(written.is_ok());
}

fn leave(action: EndAction) -> ! {
    match action {
        EndAction::Exit => hal::end::in_order(),
        EndAction::Halt => hal::end::halt(),
    }
}
