//! The reports in a log that says them as text only: heads, frames, marks and
//! registers.
//!
//! Text does not say which addresses are return addresses. All are taken to be,
//! but the first after a mark of a trap and the first of a report with registers:
//! a fault or an interrupt came at those instructions.

use report::{Kind, MarkKind};

use crate::fields::{bytes_of, number};
use crate::frame_line;
use crate::log::lines;
use crate::record::{Entry, Frame, Mark, Report};

/// What begins the list of a panic that came in a panic.
const NESTED: &str = "PANIC while reporting a panic; return addresses:";

/// What begins the lines behind the frames.
const SECTIONS: [&str; 5] = [
    REGISTERS,
    "code from ",
    "current thread: ",
    "modules:",
    "last events:",
];

const REGISTERS: &str = "registers:";

const ADDRESS_DIGITS: usize = 16;

/// Whether a log has any report as text.
pub(crate) fn has_report(log: &str) -> bool {
    lines(log).any(|line| beginning(line).is_some())
}

/// Reads every report that a log has as text.
pub(crate) fn reports(log: &str) -> Result<Vec<Report>, String> {
    let mut reader = Reader::default();
    for line in lines(log) {
        reader.read(line);
    }
    if reader.reports.is_empty() {
        return Err(
            "there is no report in the log; give one in which a line begins with PANIC or CRASH"
                .into(),
        );
    }
    reader.reports.iter_mut().for_each(find_interrupted);
    Ok(reader.reports)
}

/// A report that begins with a line, and what follows.
fn beginning(line: &str) -> Option<(Report, Part)> {
    if line == NESTED {
        let cause = "another one while reporting a panic";
        return Some((empty(Kind::Panic, cause), Part::Addresses));
    }
    [Kind::Panic, Kind::Crash].into_iter().find_map(|kind| {
        let cause = line.strip_prefix(kind.title())?.strip_prefix(": ")?;
        Some((empty(kind, cause), Part::Head))
    })
}

fn empty(kind: Kind, cause: &str) -> Report {
    Report {
        kind,
        version: "of an unknown version".into(),
        build_id: Vec::new(),
        cause: cause.into(),
        location: None,
        fault: None,
        ending: None,
        entries: Vec::new(),
        registers: Vec::new(),
        code: None,
        current: None,
        current_unknown: None,
        modules: Vec::new(),
        events: Vec::new(),
        is_text: true,
    }
}

/// Which part of a report the next line belongs to.
#[derive(Debug, Default)]
enum Part {
    /// What is before a report, or behind what is read of it.
    #[default]
    Other,
    Head,
    Frames,
    Registers,
    /// Return addresses alone.
    Addresses,
}

#[derive(Default)]
struct Reader {
    reports: Vec<Report>,
    part: Part,
}

impl Reader {
    fn read(&mut self, line: &str) {
        if let Some((report, part)) = beginning(line) {
            self.reports.push(report);
            self.part = part;
            return;
        }
        let Some(report) = self.reports.last_mut() else {
            return;
        };
        match self.part {
            Part::Other => {}
            Part::Head if line == "backtrace:" => self.part = Part::Frames,
            Part::Head => read_head(report, line),
            Part::Frames => {
                let section = SECTIONS.iter().find(|name| line.starts_with(**name));
                if let Some(section) = section {
                    self.part = match *section == REGISTERS {
                        true => Part::Registers,
                        false => Part::Other,
                    };
                } else if let Some(entry) = read_entry(line) {
                    report.entries.push(entry);
                }
            }
            Part::Registers => match read_registers(line) {
                Some(registers) => report.registers.extend(registers),
                None => self.part = Part::Other,
            },
            Part::Addresses => match read_address(report, line) {
                Some(()) => {}
                None => self.part = Part::Other,
            },
        }
    }
}

fn read_head(report: &mut Report, line: &str) {
    if let Some(place) = line.strip_prefix("  at ") {
        report.location = Some(place.into());
    } else if let Some(kernel) = line.strip_prefix("  kernel ")
        && let Some((version, id)) = kernel.split_once(", build ")
        && let Some(id) = bytes_of(id.trim())
    {
        report.version = version.into();
        report.build_id = id;
    }
}

fn read_entry(line: &str) -> Option<Entry> {
    let words = line.trim();
    if words.starts_with('#') {
        return frame_line::read(words).map(Entry::Frame);
    }
    let (sign, text) = words.split_once(' ')?;
    let mut kinds = MarkKind::ALL.into_iter();
    kinds.find(|kind| kind.sign() == sign)?;
    Some(Entry::Mark(Mark {
        kind: kind_of_mark(sign, text),
        text: text.into(),
    }))
}

fn kind_of_mark(sign: &str, text: &str) -> MarkKind {
    let ends_with = |end: &str| text.ends_with(end);
    if sign == MarkKind::Skipped.sign() {
        match text.starts_with("and ") {
            true => MarkKind::Repeated,
            false => MarkKind::Skipped,
        }
    } else if text.starts_with("system call ") {
        MarkKind::SystemCall
    } else if ends_with(" in kernel mode") || ends_with(" in user mode") {
        MarkKind::Trap
    } else if text == "end of the stack" || text == "user mode" {
        MarkKind::End
    } else {
        MarkKind::Broken
    }
}

/// Reads a line of names and values; `None` if it is none.
fn read_registers(line: &str) -> Option<Vec<(String, u64)>> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let pairs = words.chunks(2).map(|pair| match pair {
        [name, digits] if digits.len() == ADDRESS_DIGITS => Some(((*name).into(), number(digits)?)),
        _ => None,
    });
    pairs.collect()
}

/// Reads a line of a list of return addresses; `None` behind its end.
fn read_address(report: &mut Report, line: &str) -> Option<()> {
    if let Some(id) = line.strip_prefix("build ") {
        report.build_id = bytes_of(id.trim()).unwrap_or_default();
        return Some(());
    }
    let address = match line.len() {
        ADDRESS_DIGITS => number(line)?,
        _ => return None,
    };
    if address == 0 {
        report.entries.push(Entry::Mark(Mark {
            kind: MarkKind::End,
            text: "end of the stack".into(),
        }));
        return None;
    }
    let number = report.entries.len();
    report
        .entries
        .push(Entry::Frame(Frame::bare(number, address)));
    Some(())
}

/// Tells the interrupted instructions from the return addresses.
fn find_interrupted(report: &mut Report) {
    let mut is_interrupted = !report.registers.is_empty();
    for entry in &mut report.entries {
        match entry {
            Entry::Mark(mark) => is_interrupted |= mark.kind == MarkKind::Trap,
            Entry::Frame(frame) => {
                frame.is_call = !is_interrupted;
                is_interrupted &= frame.is_inlined;
            }
        }
    }
    // Inlined functions share the address of the function that follows.
    let mut address = 0;
    for entry in report.entries.iter_mut().rev() {
        match entry {
            Entry::Frame(frame) if frame.is_inlined => frame.address = address,
            Entry::Frame(frame) => address = frame.address,
            Entry::Mark(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Address, whether it is a return address, and what is said of it.
    fn frames(report: &Report) -> Vec<(u64, bool, Option<&str>)> {
        let frames = report.entries.iter().filter_map(|entry| match entry {
            Entry::Frame(frame) => Some((frame.address, frame.is_call, frame.function.as_deref())),
            Entry::Mark(_) => None,
        });
        frames.collect()
    }

    fn marks(report: &Report) -> Vec<MarkKind> {
        let marks = report.entries.iter().filter_map(|entry| match entry {
            Entry::Mark(mark) => Some(mark.kind),
            Entry::Frame(_) => None,
        });
        marks.collect()
    }

    #[test]
    fn interrupted_instructions_are_told_from_return_addresses() {
        let log = "log\nPANIC: cause\n  at a.rs:1:2\n  kernel 0.1, build abcd\nbacktrace:\n\
                   \x20 --- no names: the table is empty\n\
                   \x20 #0   0xffffffff80000001  ?\n\
                   \x20     > 7 | source\n\
                   \x20 ... up to #8\n\
                   \x20 --- page fault in kernel mode\n\
                   \x20 #8   0xffffffff80000002  ?\n\
                   \x20 #9   (inlined)           f at a.rs:1\n\
                   \x20 #9   0xffffffff80000003  ?\n\
                   \x20 ... and 7 more of the same function\n\
                   \x20 --- system call 0x1\n\
                   \x20 #0   0x0000000000000004  a.exe!b+0x4\n\
                   \x20 --- end of the stack\n  --- user mode\n\
                   current thread: none\n  #1   0x05  ?\n\
                   CRASH: a.exe: cause\nbacktrace:\n  #0   0x06  ?\n  #1   0x07  ?\nregisters:\n\
                   \x20    rip 0000000000000006     rsp 0000000000000008\n\
                   current thread: 8\n  r1 0000000000000000\n";
        let reports = reports(log).unwrap();
        let [panic, crash] = &reports[..] else {
            panic!("{reports:?}");
        };
        assert_eq!((panic.kind, crash.kind), (Kind::Panic, Kind::Crash));
        assert_eq!(panic.location.as_deref(), Some("a.rs:1:2"));
        assert_eq!(
            (&*panic.version, &*panic.build_id),
            ("0.1", &[0xAB, 0xCD][..])
        );
        let base = 0xFFFF_FFFF_8000_0000;
        assert_eq!(
            frames(panic),
            [
                (base + 1, true, None),
                (base + 2, false, None),
                (base + 3, true, Some("f")),
                (base + 3, true, None),
                (4, true, Some("b"))
            ]
        );
        use MarkKind::{Broken, End, Repeated, Skipped, SystemCall, Trap};
        assert_eq!(
            marks(panic),
            [Broken, Skipped, Trap, Repeated, SystemCall, End, End]
        );
        assert_eq!(frames(crash), [(6, false, None), (7, true, None)]);
        assert_eq!(crash.registers, [("rip".into(), 6), ("rsp".into(), 8)]);
    }

    #[test]
    fn a_panic_in_a_panic_is_a_list() {
        let log = format!(
            "PANIC: first: \n{NESTED}\nbuild 0102\nffffffff80000001\nffffffff80000002\n\
             0000000000000000\nffffffff80000003\nPETREL-END"
        );
        let reports = reports(&log).unwrap();
        assert_eq!(reports.len(), 2);
        assert_eq!(
            (&*reports[0].cause, frames(&reports[0]).len()),
            ("first: ", 0)
        );
        assert_eq!(reports[1].build_id, [1, 2]);
        assert_eq!(frames(&reports[1]).len(), 2);
        assert_eq!(marks(&reports[1]), [MarkKind::End]);
        assert!(super::reports("nothing").is_err());
    }
}
