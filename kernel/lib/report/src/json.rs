//! The report as one line of JSON, for tools; its end of line is the writer's.
//!
//! Addresses are strings in hexadecimal: numbers of 64 bits lose digits in
//! many readers. What a report does not say has no field.

use core::fmt::{self, Display, Write};

use crate::text::{Hex, write_lossy};
use crate::{Code, Current, Form, Frame, Head, Mark, Module};

/// What stands before the object on its line.
pub const PREFIX: &str = "PETREL-REPORT ";

/// The number in the field `petrel_report`: changes when fields change meaning.
pub const VERSION: u32 = 1;

/// A report as JSON.
pub struct Json<'a> {
    out: &'a mut dyn Write,
    /// The array that is open, if one is.
    list: &'static str,
}

impl<'a> Json<'a> {
    /// Writes to `out`.
    pub fn new(out: &'a mut dyn Write) -> Self {
        Self { out, list: "" }
    }

    /// Outputs keep their errors.
    fn put(&mut self, text: fmt::Arguments<'_>) {
        let _ = self.out.write_fmt(text);
    }

    fn put_str(&mut self, text: &str) {
        let _ = self.out.write_str(text);
    }

    /// Begins an entry of a list, and the list if it is the first.
    fn entry(&mut self, list: &'static str) {
        if self.list == list {
            return self.put_str(",");
        }
        self.field(list);
        self.put_str("[");
        self.list = list;
    }

    /// Begins a field of the outer object.
    fn field(&mut self, name: &str) {
        if !self.list.is_empty() {
            self.put_str("]");
            self.list = "";
        }
        self.name(name);
    }

    /// Begins a further field of an object.
    fn name(&mut self, name: &str) {
        self.put_str(",\"");
        self.put_str(name);
        self.put_str("\":");
    }

    fn string(&mut self, text: &dyn Display) {
        self.put_str("\"");
        let _ = write!(Escaped(self.out), "{text}");
        self.put_str("\"");
    }

    fn text(&mut self, text: &str) {
        self.put_str("\"");
        let _ = Escaped(self.out).write_str(text);
        self.put_str("\"");
    }

    fn address(&mut self, address: u64) {
        self.put(format_args!("\"{address:#x}\""));
    }
}

impl Form for Json<'_> {
    fn head(&mut self, head: &Head<'_>) {
        self.put(format_args!("{PREFIX}{{\"petrel_report\":{VERSION}"));
        self.name("kind");
        self.text(head.kind.name());
        self.name("version");
        self.text(head.version);
        if let Some(id) = head.build_id {
            self.name("build_id");
            self.string(&Hex(id));
        }
        self.name("cause");
        self.string(&head.cause);
        if let Some(location) = head.location {
            self.name("location");
            self.string(&location);
        }
        if let Some(fault) = &head.fault {
            self.name("fault");
            self.put_str("{\"address\":");
            self.address(fault.address);
            self.name("access");
            self.text(fault.access);
            self.name("place");
            self.string(&fault.place);
            self.put_str("}");
        }
        if let Some(ending) = &head.ending {
            self.name("ending");
            self.put_str("{\"program\":");
            self.text(ending.program);
            self.name("status");
            self.put(format_args!("{}", ending.status));
            if let Some(name) = ending.name {
                self.name("name");
                self.text(name);
            }
            self.put_str("}");
        }
    }

    fn frame(&mut self, frame: &Frame<'_>) {
        self.entry("frames");
        self.put(format_args!("{{\"number\":{}", frame.number));
        self.name("address");
        self.address(frame.address);
        self.put_str(match frame.is_call {
            true => ",\"call\":true",
            false => ",\"call\":false",
        });
        if frame.is_inlined {
            self.put_str(",\"inlined\":true");
        }
        self.name("origin");
        self.text(frame.origin.name());
        if let Some((module, offset)) = frame.module {
            self.name("module");
            self.text(module);
            self.name("rva");
            self.address(offset);
        }
        if let Some(function) = frame.function {
            self.name("function");
            self.string(&function);
            if !frame.is_inlined {
                self.put(format_args!(",\"offset\":{}", frame.offset));
            }
        }
        if let Some(place) = &frame.place {
            self.name("file");
            self.string(&place.file);
            self.put(format_args!(
                ",\"line\":{},\"exact\":{}",
                place.line, place.is_exact
            ));
        }
        if let Some(note) = frame.note {
            self.name("note");
            self.text(note);
        }
        self.put_str("}");
    }

    fn mark(&mut self, mark: &Mark<'_>) {
        self.entry("frames");
        self.put_str("{\"mark\":");
        self.text(mark.kind.name());
        self.name("text");
        self.string(&mark.text);
        self.put_str("}");
    }

    fn registers(&mut self, registers: &[(&str, u64)]) {
        self.field("registers");
        let mut before = "{";
        for (name, value) in registers {
            self.put(format_args!("{before}\"{name}\":\"{value:#x}\""));
            before = ",";
        }
        self.put_str("}");
    }

    fn code(&mut self, code: &Code<'_>) {
        self.field("code");
        self.put_str("{\"start\":");
        self.address(code.start);
        self.put(format_args!(",\"at\":{}", code.at));
        self.name("bytes");
        self.string(&Hex(code.bytes));
        self.put_str("}");
    }

    fn current(&mut self, current: &Current<'_>) {
        match current {
            Current::Unknown(why) => {
                self.field("current_unknown");
                self.text(why);
            }
            // No field: nobody.
            Current::Kernel => {}
            Current::Thread {
                thread,
                name,
                process,
                program,
                call,
            } => {
                self.field("current");
                self.put(format_args!("{{\"thread\":{thread},\"process\":{process}"));
                if let Some(name) = name {
                    self.name("name");
                    self.text(name);
                }
                self.name("program");
                self.text(program);
                if let Some(call) = call {
                    self.put(format_args!(",\"call\":{{\"number\":{}", call.number));
                    if let Some(name) = call.name {
                        self.name("name");
                        self.text(name);
                    }
                    self.put_str("}");
                }
                self.put_str("}");
            }
        }
    }

    fn module(&mut self, module: &Module<'_>) {
        self.entry("modules");
        self.put_str("{\"name\":");
        self.text(module.name);
        self.name("base");
        self.address(module.base);
        self.name("size");
        self.put(format_args!("{}", module.size_bytes));
        self.name("identity");
        self.string(&Hex(module.identity));
        self.put_str("}");
    }

    fn event(&mut self, line: &[u8]) {
        self.entry("events");
        self.put_str("\"");
        write_lossy(&mut Escaped(self.out), line);
        self.put_str("\"");
    }

    fn finish(&mut self) {
        if !self.list.is_empty() {
            self.put_str("]");
        }
        self.put_str("}");
    }
}

/// Writes text as the inside of a JSON string (RFC 8259, 7).
pub(crate) struct Escaped<'a>(pub(crate) &'a mut dyn Write);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(place) = first_to_escape(rest.as_bytes()) {
            let (plain, from) = rest.split_at_checked(place).ok_or(fmt::Error)?;
            self.0.write_str(plain)?;
            let (escaped, after) = from.split_at_checked(1).ok_or(fmt::Error)?;
            match escaped {
                "\"" | "\\" => write!(self.0, "\\{escaped}")?,
                _ => {
                    let byte = escaped.bytes().next().unwrap_or_default();
                    write!(self.0, "\\u{byte:04x}")?;
                }
            }
            rest = after;
        }
        self.0.write_str(rest)
    }
}

/// Where the first byte is that cannot stand for itself. Eight at a time: nearly
/// all can.
fn first_to_escape(bytes: &[u8]) -> Option<usize> {
    let (words, _) = bytes.as_chunks::<8>();
    let plain = words
        .iter()
        .take_while(|word| !may_need_escapes(u64::from_le_bytes(**word)))
        .count();
    let start = plain.saturating_mul(8);
    let rest = bytes.get(start..).unwrap_or_default();
    let place = rest.iter().position(|&byte| must_be_escaped(byte))?;
    Some(start.saturating_add(place))
}

/// Whether one of eight bytes must be escaped. Also true for some behind one that
/// must, since the subtractions borrow.
fn may_need_escapes(word: u64) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_le_bytes([b'"'; 8]);
    const BACKSLASHES: u64 = u64::from_le_bytes([b'\\'; 8]);
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    // The top bit of a byte says that the byte was below what was subtracted.
    let below = |word: u64, bound: u64| word.wrapping_sub(bound) & !word;
    let found = below(word, SPACES) | below(word ^ QUOTES, ONES) | below(word ^ BACKSLASHES, ONES);
    found & HIGH != 0
}

fn must_be_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}
