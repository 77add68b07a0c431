//! The whole report as lines of text.

use core::fmt::{self, Display, Write};

use crate::{
    Code, Current, Form, Frame, Head, Mark, MarkKind, Module, Output, Place, Style, SystemCall,
};

/// Registers in a line.
const REGISTERS_A_LINE: usize = 4;

/// A report as text.
pub struct Text<'a> {
    out: &'a mut dyn Output,
    /// The title of the list that is being written.
    list: &'static str,
}

impl<'a> Text<'a> {
    /// Writes to `out`.
    pub fn new(out: &'a mut dyn Output) -> Self {
        Self { out, list: "" }
    }

    /// Writes the title of a list in front of its first entry.
    fn list(&mut self, title: &'static str) {
        if self.list != title {
            self.list = title;
            self.line(format_args!("{title}:\n"));
        }
    }

    /// Outputs keep their errors.
    fn line(&mut self, text: fmt::Arguments<'_>) {
        let _ = self.out.write_fmt(text);
    }

    fn styled(&mut self, style: Style, text: fmt::Arguments<'_>) {
        self.out.style(style);
        self.line(text);
        self.out.style(Style::Plain);
    }
}

impl Form for Text<'_> {
    fn head(&mut self, head: &Head<'_>) {
        let title = head.kind.title();
        self.line(format_args!("\n"));
        match &head.ending {
            None => self.styled(Style::Heading, format_args!("{title}: {}", head.cause)),
            Some(ending) => self.styled(
                Style::Heading,
                format_args!("{title}: {}: {}", ending.program, head.cause),
            ),
        }
        self.line(format_args!("\n"));
        if let Some(ending) = &head.ending {
            let name = ending.name.unwrap_or("a status of its own");
            let status = ending.status;
            self.line(format_args!("  it ends with {status:#010x} {name}\n"));
        }
        if let Some(location) = head.location {
            self.line(format_args!("  at {location}\n"));
        }
        if let Some(id) = head.build_id {
            let version = head.version;
            self.line(format_args!("  kernel {version}, build {}\n", Hex(id)));
        }
    }

    fn frame(&mut self, frame: &Frame<'_>) {
        self.list("backtrace");
        let number = frame.number;
        match frame.is_inlined {
            true => self.line(format_args!("  #{number:<3} {:<18}  ", "(inlined)")),
            false => self.line(format_args!("  #{number:<3} {:#018x}  ", frame.address)),
        }
        self.out.style(frame.origin.into());
        // Outputs keep their errors.
        let _ = write!(Printable(self.out), "{}", Function(frame));
        self.out.style(Style::Plain);
        if let Some(place) = &frame.place {
            let _ = write!(Printable(self.out), " {}", Where(place));
        }
        match frame.note {
            Some(note) => self.line(format_args!("  [{note}]\n")),
            None => self.line(format_args!("\n")),
        }
    }

    fn mark(&mut self, mark: &Mark<'_>) {
        self.list("backtrace");
        let style = match mark.kind {
            MarkKind::Broken => Style::Heading,
            _ => Style::Plain,
        };
        self.line(format_args!("  "));
        self.styled(style, format_args!("{} {}", mark.kind.sign(), mark.text));
        self.line(format_args!("\n"));
    }

    fn registers(&mut self, registers: &[(&str, u64)]) {
        self.list("registers");
        for row in registers.chunks(REGISTERS_A_LINE) {
            for (name, value) in row {
                self.line(format_args!("  {name:>6} {value:016x}"));
            }
            self.line(format_args!("\n"));
        }
    }

    fn code(&mut self, code: &Code<'_>) {
        let start = code.start;
        self.line(format_args!("code from {start:#x}:"));
        for (place, byte) in code.bytes.iter().enumerate() {
            match place == code.at {
                true => self.line(format_args!(" <{byte:02x}>")),
                false => self.line(format_args!(" {byte:02x}")),
            }
        }
        self.line(format_args!("\n"));
    }

    fn current(&mut self, current: &Current<'_>) {
        self.line(format_args!("current thread: {current}\n"));
    }

    fn module(&mut self, module: &Module<'_>) {
        self.list("modules");
        let end = module.base.saturating_add(module.size_bytes);
        self.line(format_args!(
            "  {:#018x} to {end:#x}  {}\n",
            module.base, module.name
        ));
    }

    fn event(&mut self, line: &[u8]) {
        self.list("last events");
        write_lossy(self.out, line);
        self.line(format_args!("\n"));
    }

    fn finish(&mut self) {}
}

/// A function as a debugger writes it: `module!function+offset`.
pub(crate) struct Function<'a>(pub(crate) &'a Frame<'a>);

impl Display for Function<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frame = self.0;
        match (frame.module, frame.function) {
            (None, None) => return out.write_str("?"),
            (Some((module, offset)), None) => return write!(out, "{module}+{offset:#x}"),
            (Some((module, _)), Some(name)) => write!(out, "{module}!{name}")?,
            (None, Some(name)) => name.fmt(out)?,
        }
        match frame.is_inlined {
            true => Ok(()),
            false => write!(out, "+{:#x}", frame.offset),
        }
    }
}

/// A place with a word that says how sure it is.
pub(crate) struct Where<'a>(pub(crate) &'a Place<'a>);

impl Display for Where<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place {
            file,
            line,
            is_exact,
        } = self.0;
        out.write_str(if *is_exact { "at " } else { "near " })?;
        match line {
            0 => file.fmt(out),
            line => write!(out, "{file}:{line}"),
        }
    }
}

impl Display for Current<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(why) => write!(out, "unknown, {why}"),
            Self::Kernel => out.write_str("none, the kernel runs for itself"),
            Self::Thread {
                thread,
                name,
                process,
                program,
                call,
            } => {
                write!(out, "{thread}")?;
                if let Some(name) = name {
                    write!(out, " \"{name}\"")?;
                }
                write!(out, " of process {process} ({program})")?;
                match call {
                    Some(call) => write!(out, ", in system call {call}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl Display for SystemCall<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => out.write_str(name),
            None => write!(out, "{:#x}", self.number),
        }
    }
}

/// Writes bytes that should be text, with U+FFFD for those that are not.
pub(crate) fn write_lossy(out: &mut (impl Write + ?Sized), bytes: &[u8]) {
    // Outputs keep their errors. Nearly all events are text as a whole.
    if let Ok(text) = core::str::from_utf8(bytes) {
        let _ = out.write_str(text);
        return;
    }
    for part in bytes.utf8_chunks() {
        let _ = out.write_str(part.valid());
        if !part.invalid().is_empty() {
            let _ = out.write_str("\u{fffd}");
        }
    }
}

/// Writes names that others chose: what would move a cursor, or end a line, is
/// replaced.
pub(crate) struct Printable<'a, W: ?Sized>(pub(crate) &'a mut W);

impl<W: Write + ?Sized> Write for Printable<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // C1 controls begin with C2h in UTF-8.
        let is_suspect = |byte| byte < b' ' || byte == 0x7f || byte == 0xc2;
        if !text.bytes().any(is_suspect) {
            return self.0.write_str(text);
        }
        text.chars().try_for_each(|character| {
            self.0.write_char(match character.is_control() {
                true => '?',
                false => character,
            })
        })
    }
}

/// Bytes in hexadecimal.
pub(crate) struct Hex<'a>(pub(crate) &'a [u8]);

impl Display for Hex<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}
