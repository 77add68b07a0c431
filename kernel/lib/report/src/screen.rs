//! What fits a screen: the sentence, the top frames, how to get the rest.

use core::fmt::{self, Write};

use crate::text::{Function, Where};
use crate::{Code, Current, Form, Frame, Head, Kind, Mark, MarkKind, Module, Output, Style};

/// The longest line of a screen.
const MOST_COLUMNS: usize = 256;
/// Rows that are not for frames: heading, sentence, thread, the words at the end.
const OTHER_ROWS: usize = 12;
/// Frames of a program's crash: the screen goes on being a console.
const CRASH_FRAMES: usize = 8;

/// A report for a screen of so many columns and rows.
pub struct Screen<'a> {
    out: &'a mut dyn Output,
    columns: usize,
    /// Rows left for frames.
    rows: usize,
    /// Frames that found no room.
    left_out: usize,
    kind: Kind,
}

impl<'a> Screen<'a> {
    /// Writes to `out`, whose first row is free.
    pub fn new(out: &'a mut dyn Output, columns: usize, rows: usize) -> Self {
        Self {
            out,
            columns: columns.min(MOST_COLUMNS),
            rows: rows.saturating_sub(OTHER_ROWS),
            left_out: 0,
            kind: Kind::Panic,
        }
    }

    /// Writes a line, cut to the width of the screen.
    fn line(&mut self, style: Style, text: fmt::Arguments<'_>) {
        let mut line = Line::new(self.columns);
        // A line takes everything and cuts it.
        let _ = line.write_fmt(text);
        self.out.style(style);
        let _ = self.out.write_str(line.text());
        self.out.style(Style::Plain);
        // A full row has moved the cursor on already.
        if line.length < self.columns {
            let _ = self.out.write_str("\n");
        }
    }

    /// Writes text on as many rows as it takes.
    fn paragraph(&mut self, style: Style, text: fmt::Arguments<'_>) {
        self.out.style(style);
        let _ = self.out.write_fmt(text);
        self.out.style(Style::Plain);
        let _ = self.out.write_str("\n");
    }

    /// Says how many frames found no room, before anything else comes.
    fn say_left_out(&mut self) {
        let count = core::mem::take(&mut self.left_out);
        if count > 0 {
            self.line(Style::Plain, format_args!("  ... and {count} more"));
        }
    }
}

impl Form for Screen<'_> {
    fn head(&mut self, head: &Head<'_>) {
        self.kind = head.kind;
        match &head.ending {
            None => {
                let title = format_args!("Petrel stopped: the kernel panicked.\n");
                self.paragraph(Style::Heading, title);
                self.paragraph(Style::Plain, format_args!("{}", head.cause));
                if let Some(location) = head.location {
                    self.line(Style::Plain, format_args!("  at {location}"));
                }
                self.line(Style::Plain, format_args!(""));
            }
            Some(ending) => {
                self.rows = self.rows.min(CRASH_FRAMES);
                let name = ending.name.unwrap_or("a status of its own");
                self.paragraph(
                    Style::Heading,
                    format_args!("{} crashed: {}", ending.program, head.cause),
                );
                let status = ending.status;
                self.line(
                    Style::Plain,
                    format_args!("  it ends with {status:#010x} {name}"),
                );
            }
        }
    }

    fn frame(&mut self, frame: &Frame<'_>) {
        // A function and its place share a row where both fit.
        let mut name = Line::new(MOST_COLUMNS);
        let _ = write!(name, "  #{:<3} {}", frame.number, Function(frame));
        let mut place = Line::new(MOST_COLUMNS);
        if let Some(found) = &frame.place {
            let _ = write!(place, " {}", Where(found));
        }
        let one_row = name.length.saturating_add(place.length) < self.columns;
        let needed = if one_row || place.length == 0 { 1 } else { 2 };
        let Some(rows) = self.rows.checked_sub(needed) else {
            // One that is left out leaves out all below it.
            self.rows = 0;
            self.left_out = self.left_out.saturating_add(1);
            return;
        };
        self.rows = rows;
        let style = frame.origin.into();
        if one_row {
            self.out.style(style);
            let _ = self.out.write_str(name.text());
            self.line(Style::Plain, format_args!("{}", place.text()));
        } else {
            self.line(style, format_args!("{}", name.text()));
            if place.length > 0 {
                self.line(Style::Plain, format_args!("      {}", place.text()));
            }
        }
    }

    fn mark(&mut self, mark: &Mark<'_>) {
        let is_end = matches!(mark.kind, MarkKind::End | MarkKind::Broken);
        if is_end {
            self.say_left_out();
        }
        if let Some(rows) = self.rows.checked_sub(1) {
            self.rows = rows;
            let sign = mark.kind.sign();
            self.line(Style::Plain, format_args!("  {sign} {}", mark.text));
        }
    }

    fn registers(&mut self, _: &[(&str, u64)]) {}

    fn code(&mut self, _: &Code<'_>) {}

    fn current(&mut self, current: &Current<'_>) {
        if self.kind == Kind::Panic {
            self.say_left_out();
            self.line(Style::Plain, format_args!(""));
            self.line(Style::Plain, format_args!("Current thread: {current}"));
        }
    }

    fn module(&mut self, _: &Module<'_>) {}

    fn event(&mut self, _: &[u8]) {}

    fn finish(&mut self) {
        self.say_left_out();
        if self.kind == Kind::Panic {
            self.paragraph(
                Style::Plain,
                format_args!(
                    "\nThe whole report, with registers and the last events, went over the first\n\
                     serial line, COM1. scons keeps it in serial.log beside the kernel that it\n\
                     built, and its symbolize shows it again with the lines of the source."
                ),
            );
        }
    }
}

/// A line that cuts what does not fit.
struct Line {
    bytes: [u8; MOST_COLUMNS],
    length: usize,
    columns: usize,
}

impl Line {
    fn new(columns: usize) -> Self {
        Self {
            bytes: [0; MOST_COLUMNS],
            length: 0,
            columns: columns.min(MOST_COLUMNS),
        }
    }

    fn text(&self) -> &str {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Screens show ASCII: one byte is one column.
        for byte in text.bytes() {
            let is_shown = byte.is_ascii_graphic() || byte == b' ';
            let printable = if is_shown { byte } else { b'?' };
            match self.bytes.get_mut(self.length) {
                Some(place) if self.length < self.columns => *place = printable,
                _ => return Ok(()),
            }
            self.length = self.length.saturating_add(1);
        }
        Ok(())
    }
}
