//! The frames of a report: named, recursion folded, long chains cut.

use core::fmt::Write;

use super::CONTEXT;
use super::backtrace::{self, Step};
use super::names::{self, SymbolTable};
use super::report::vector_name;
use crate::console::Panicking;
use crate::trap::{SYSTEM_CALL, TrapFrame};

/// Frames printed at either end of a chain that is too long to print whole.
const FRAMES_AT_EITHER_END: usize = 16;

/// Prints the frames from `rbp` on, first the one that was at `interrupted`;
/// leading functions that `skip` knows are left out.
pub(super) fn print_backtrace(
    out: &mut Panicking,
    rbp: u64,
    interrupted: Option<u64>,
    skip: fn(&str) -> bool,
) {
    let table = names::parse();
    let _ = match &table {
        Ok(_) => writeln!(out, "backtrace:"),
        Err(error) => writeln!(out, "backtrace without names: {error}"),
    };
    let mut printer = Printer::new(out, table.ok(), skip);
    if let Some(address) = interrupted {
        printer.step(Step::Interrupted(address));
    }
    backtrace::walk(rbp, |step| printer.step(step));
}

/// Functions between the panic and the code that panicked.
pub(super) fn is_panic_machinery(name: &str) -> bool {
    const MACHINERY: [&str; 6] = [
        "hal::panic::report::",
        "core::panicking::",
        "__rustc::rust_begin_unwind",
        "core::option::expect_failed",
        "core::option::unwrap_failed",
        "core::result::unwrap_failed",
    ];
    MACHINERY.iter().any(|prefix| name.starts_with(prefix))
}

/// Prints frames: recursion folded, of a long chain the first and the last.
struct Printer<'a> {
    out: &'a mut Panicking,
    table: Option<SymbolTable<'static>>,
    skip: Option<fn(&str) -> bool>,
    /// Frames met so far, and groups of them since the last trap.
    frames: usize,
    groups: usize,
    /// The last groups; the first ones are printed when they are complete.
    last: [Group; FRAMES_AT_EITHER_END],
}

/// A frame, and how often its function calls itself above it.
#[derive(Clone, Copy, Default)]
struct Group {
    number: usize,
    address: u64,
    inside: u64,
    function: u64,
    repeats: usize,
}

impl<'a> Printer<'a> {
    fn new(
        out: &'a mut Panicking,
        table: Option<SymbolTable<'static>>,
        skip: fn(&str) -> bool,
    ) -> Self {
        Self {
            out,
            table,
            skip: Some(skip),
            frames: 0,
            groups: 0,
            last: [Group::default(); FRAMES_AT_EITHER_END],
        }
    }

    fn step(&mut self, step: Step<'_>) {
        match step {
            // The call lies before the address at which the function goes on.
            Step::Return(address) => self.frame(address, address.wrapping_sub(1)),
            Step::Interrupted(address) => self.frame(address, address),
            Step::Trap(frame) => {
                self.finish();
                self.trap(frame);
            }
            Step::End(end) => {
                self.finish();
                let _ = writeln!(self.out, "  --- {end}");
            }
        }
    }

    fn frame(&mut self, address: u64, inside: u64) {
        let symbol = self.table.as_ref().and_then(|table| table.lookup(inside));
        if let Some(skip) = self.skip {
            if symbol
                .as_ref()
                .is_some_and(|symbol| skip(Prefix::of(&symbol.name()).text()))
            {
                return;
            }
            self.skip = None;
        }
        let function = symbol.map_or(0, |symbol| symbol.start);
        let number = self.frames;
        self.frames += 1;
        if self.groups > 0 && function != 0 {
            let current = &mut self.last[(self.groups - 1) % FRAMES_AT_EITHER_END];
            if current.function == function {
                current.repeats += 1;
                return;
            }
        }
        if (1..=FRAMES_AT_EITHER_END).contains(&self.groups) {
            self.print(self.groups - 1);
        }
        self.last[self.groups % FRAMES_AT_EITHER_END] = Group {
            number,
            address,
            inside,
            function,
            repeats: 0,
        };
        self.groups += 1;
    }

    fn print(&mut self, group: usize) {
        let group = self.last[group % FRAMES_AT_EITHER_END];
        let table = self.table.as_ref();
        // The report goes to the port, which takes everything.
        let _ = names::write_frame(self.out, table, group.number, group.address, group.inside);
        if group.repeats > 0 {
            let again = group.repeats;
            let _ = writeln!(self.out, "  ... and {again} more of the same function");
        }
    }

    /// Prints what was held back.
    fn finish(&mut self) {
        let printed = self.groups.saturating_sub(1).min(FRAMES_AT_EITHER_END);
        let first = printed.max(self.groups.saturating_sub(FRAMES_AT_EITHER_END));
        if first > printed {
            let _ = writeln!(
                self.out,
                "  ... up to #{}",
                self.last[first % FRAMES_AT_EITHER_END].number
            );
        }
        for group in first..self.groups {
            self.print(group);
        }
        self.groups = 0;
    }

    fn trap(&mut self, frame: &TrapFrame) {
        self.skip = None;
        let mode = if frame.is_user() { "user" } else { "kernel" };
        let _ = match frame.vector {
            SYSTEM_CALL => writeln!(self.out, "  --- system call {:#x}", frame.service_number()),
            vector => writeln!(self.out, "  --- {} in {mode} mode", vector_name(vector)),
        };
        if frame.is_user() {
            let _ = writeln!(
                self.out,
                "      user rip={:#x} rsp={:#x}",
                frame.rip, frame.rsp
            );
            if let Some(describe) = CONTEXT.get() {
                describe.user_frames(self.out, frame);
            }
        }
    }
}

/// The beginning of a name, enough to know it by.
#[derive(Default)]
struct Prefix {
    bytes: [u8; 32],
    length: usize,
}

impl Prefix {
    fn of(name: &impl core::fmt::Display) -> Self {
        let mut prefix = Self::default();
        // What does not fit is cut.
        let _ = write!(prefix, "{name}");
        prefix
    }

    fn text(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl Write for Prefix {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let taken = text.len().min(self.bytes.len() - self.length);
        self.bytes[self.length..self.length + taken].copy_from_slice(&text.as_bytes()[..taken]);
        self.length += taken;
        Ok(())
    }
}
