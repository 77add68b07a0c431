//! The frames of a report: named, recursion folded, long chains cut.

use core::fmt::Display;

use report::{Buffer, Form, Mark, MarkKind};
use symbols::Symbol;

use super::CONTEXT;
use super::backtrace::{self, End, Step};
use super::names::{self, SymbolTable};
use crate::trap::{SYSTEM_CALL, TrapFrame, vector_name};

/// Frames printed at either end of a chain that is too long to print whole.
const FRAMES_AT_EITHER_END: usize = 16;

/// Gives the frames from `rbp` on to a form, first the one that was at
/// `interrupted`; leading functions that `skip` knows are left out.
pub(super) fn give_backtrace(
    form: &mut dyn Form,
    rbp: u64,
    interrupted: Option<u64>,
    skip: fn(&str) -> bool,
) {
    let table = names::parse();
    if let Err(error) = &table {
        mark(form, MarkKind::Broken, &format_args!("no names: {error}"));
    }
    let mut printer = Printer::new(form, table.ok(), skip);
    if let Some(address) = interrupted {
        printer.step(Step::Interrupted(address));
    }
    backtrace::walk(rbp, |step| printer.step(step));
}

fn mark(form: &mut dyn Form, kind: MarkKind, text: &dyn Display) {
    form.mark(&Mark { kind, text });
}

/// Gives frames: recursion folded, of a long chain the first and the last.
struct Printer<'a> {
    form: &'a mut dyn Form,
    table: Option<SymbolTable<'static>>,
    skip: Option<fn(&str) -> bool>,
    /// Frames met so far, and groups of them since the last trap.
    frames: usize,
    groups: usize,
    /// The last groups; the first ones are given when they are complete.
    last: [Group; FRAMES_AT_EITHER_END],
}

/// A frame, and how often its function calls itself above it.
#[derive(Clone, Copy, Default)]
struct Group {
    number: usize,
    address: u64,
    is_call: bool,
    function: u64,
    repeats: usize,
}

impl<'a> Printer<'a> {
    fn new(
        form: &'a mut dyn Form,
        table: Option<SymbolTable<'static>>,
        skip: fn(&str) -> bool,
    ) -> Self {
        Self {
            form,
            table,
            skip: Some(skip),
            frames: 0,
            groups: 0,
            last: [Group::default(); FRAMES_AT_EITHER_END],
        }
    }

    fn step(&mut self, step: Step<'_>) {
        match step {
            Step::Return(address) => self.frame(address, true),
            Step::Interrupted(address) => self.frame(address, false),
            Step::Trap(frame) => {
                self.finish();
                self.trap(frame);
            }
            Step::End(end) => {
                self.finish();
                let kind = match end {
                    End::Complete | End::User => MarkKind::End,
                    _ => MarkKind::Broken,
                };
                mark(self.form, kind, &end);
            }
        }
    }

    fn frame(&mut self, address: u64, is_call: bool) {
        let inside = names::inside(address, is_call);
        let symbol = self.table.as_ref().and_then(|table| table.lookup(inside));
        if let Some(skip) = self.skip {
            if symbol
                .as_ref()
                .is_some_and(|symbol| skip(beginning(symbol).text()))
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
            self.give(self.groups - 1);
        }
        self.last[self.groups % FRAMES_AT_EITHER_END] = Group {
            number,
            address,
            is_call,
            function,
            repeats: 0,
        };
        self.groups += 1;
    }

    fn give(&mut self, group: usize) {
        let group = self.last[group % FRAMES_AT_EITHER_END];
        let table = self.table.as_ref();
        names::give_frames(self.form, table, group.number, group.address, group.is_call);
        if group.repeats > 0 {
            let again = format_args!("and {} more of the same function", group.repeats);
            mark(self.form, MarkKind::Repeated, &again);
        }
    }

    /// Gives what was held back.
    fn finish(&mut self) {
        let given = self.groups.saturating_sub(1).min(FRAMES_AT_EITHER_END);
        let first = given.max(self.groups.saturating_sub(FRAMES_AT_EITHER_END));
        if first > given {
            let up_to = self.last[first % FRAMES_AT_EITHER_END].number;
            mark(
                self.form,
                MarkKind::Skipped,
                &format_args!("up to #{up_to}"),
            );
        }
        for group in first..self.groups {
            self.give(group);
        }
        self.groups = 0;
    }

    fn trap(&mut self, frame: &TrapFrame) {
        // Whatever ran before the trap is no panic machinery.
        self.skip = None;
        let mode = if frame.is_user() { "user" } else { "kernel" };
        match frame.vector {
            SYSTEM_CALL => {
                let number = frame.service_number();
                let text = format_args!("system call {number:#x}");
                mark(self.form, MarkKind::SystemCall, &text);
            }
            vector => {
                let text = format_args!("{} in {mode} mode", vector_name(vector));
                mark(self.form, MarkKind::Trap, &text);
            }
        }
        if frame.is_user()
            && let Some(describe) = CONTEXT.get()
        {
            describe.user_frames(self.form, frame);
        }
    }
}

/// The beginning of a name, enough to know the function by.
fn beginning(symbol: &Symbol<'_>) -> Buffer<48> {
    Buffer::of(|out| symbol.name().write_to(out))
}
