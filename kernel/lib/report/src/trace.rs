//! Records of a trace: each a line of JSON, for tools.
//!
//! Times are in nanoseconds since the kernel's start. Writing a trace takes time
//! itself, more than most of what it tells of; each record says how much that has
//! been so far, so that a reader can leave it out. Addresses are strings, as in
//! reports; what a record does not say has no field.

use core::fmt::{Display, Write};

use crate::json::Escaped;
use crate::text::Hex;

/// What stands before the object on its line.
pub const PREFIX: &str = "PETREL-TRACE ";

/// The number in the field `petrel_trace` of the first record: changes when fields
/// change meaning.
pub const VERSION: u32 = 1;

/// When something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// Since the kernel's start.
    pub ns: u64,
    /// How much of that the trace itself has taken.
    pub own_ns: u64,
}

/// What happened besides calls.
#[derive(Clone, Copy)]
pub enum Event<'a> {
    /// The trace begins.
    Start {
        /// The kernel's version.
        version: &'a str,
        /// Its build.
        build_id: &'a [u8],
        /// What is told of besides processes and threads, joined by bars.
        events: &'a dyn Display,
    },
    /// A process begins.
    Process {
        /// Its number.
        process: u64,
        /// The number of the one that created it; 0: the kernel did.
        parent: u64,
        /// The file name of its program.
        program: &'a str,
    },
    /// A process has ended.
    ProcessEnd {
        /// Its number.
        process: u64,
        /// With what it ended.
        status: Status<'a>,
    },
    /// A thread begins.
    Thread {
        /// The number of its process.
        process: u64,
        /// Its own.
        thread: u64,
    },
    /// A thread is given a name.
    ThreadName {
        /// Its number.
        thread: u64,
        /// What it is called from now on.
        name: &'a dyn Display,
    },
    /// A thread has ended.
    ThreadEnd {
        /// Its number.
        thread: u64,
        /// With what it ended.
        status: Status<'a>,
    },
    /// The processor goes on with another thread.
    Switch {
        /// Which one it leaves; `None`: it was idle.
        from: Option<u64>,
        /// Which one it goes on with; `None`: none is ready.
        to: Option<u64>,
        /// Why, in a word.
        why: &'a str,
    },
    /// A page fault is over, which began at the record's time.
    Fault {
        /// The number of the thread's process.
        process: u64,
        /// The number of the thread.
        thread: u64,
        /// What it touched.
        address: u64,
        /// How, in a word.
        access: &'a str,
        /// Whether the kernel touched it, for a call of the thread.
        in_kernel: bool,
        /// What came of it.
        by: &'a str,
        /// How long that took.
        took_ns: u64,
    },
}

/// A status with its text.
#[derive(Clone, Copy)]
pub struct Status<'a> {
    /// The number.
    pub number: u32,
    /// Its name, or what else people call it.
    pub text: &'a dyn Display,
}

/// A record that is being written, field by field. Outputs keep their errors.
pub struct Record<'a> {
    out: &'a mut dyn Write,
    /// What goes before the next field: nothing at the beginning of an object.
    separator: &'static str,
}

impl<'a> Record<'a> {
    /// Begins one of a kind.
    pub fn begin(out: &'a mut dyn Write, kind: &str, stamp: Stamp) -> Self {
        let _ = out.write_str(PREFIX);
        let _ = out.write_char('{');
        let mut record = Self { out, separator: "" };
        record.text("event", &kind);
        record.number("ns", stamp.ns);
        record.number("own_ns", stamp.own_ns);
        record
    }

    fn name(&mut self, name: &dyn Display) {
        let _ = write!(self.out, "{}\"", self.separator);
        let _ = write!(Escaped(self.out), "{name}");
        let _ = self.out.write_str("\":");
        self.separator = ",";
    }

    /// Adds a number.
    pub fn number(&mut self, name: &str, number: u64) {
        self.name(&name);
        let _ = write!(self.out, "{number}");
    }

    /// Adds an address.
    pub fn address(&mut self, name: &str, address: u64) {
        self.name(&name);
        let _ = write!(self.out, "\"{address:#x}\"");
    }

    /// Adds text.
    pub fn text(&mut self, name: &str, text: &dyn Display) {
        self.entry(&name, text);
    }

    /// The same under a name that is put together.
    pub fn entry(&mut self, name: &dyn Display, text: &dyn Display) {
        self.name(name);
        let _ = self.out.write_char('"');
        let _ = write!(Escaped(self.out), "{text}");
        let _ = self.out.write_char('"');
    }

    /// Adds a yes or no.
    pub fn flag(&mut self, name: &str, is_set: bool) {
        self.name(&name);
        let _ = write!(self.out, "{is_set}");
    }

    /// Adds a status.
    pub fn status(&mut self, status: Status<'_>) {
        self.number("status", status.number.into());
        self.text("result", status.text);
    }

    /// Adds an object of what is given to it.
    pub fn object(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.name(&name);
        let _ = self.out.write_char('{');
        self.separator = "";
        write(self);
        let _ = self.out.write_char('}');
        self.separator = ",";
    }

    /// Ends it; the end of the line is the writer's.
    pub fn end(self) {
        let _ = self.out.write_char('}');
    }
}

impl Event<'_> {
    /// Its kind, as records name it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::Process { .. } => "process",
            Self::ProcessEnd { .. } => "process_end",
            Self::Thread { .. } => "thread",
            Self::ThreadName { .. } => "thread_name",
            Self::ThreadEnd { .. } => "thread_end",
            Self::Switch { .. } => "switch",
            Self::Fault { .. } => "fault",
        }
    }

    /// Writes its record.
    pub fn write(&self, out: &mut dyn Write, stamp: Stamp) {
        let mut record = Record::begin(out, self.kind(), stamp);
        match *self {
            Self::Start {
                version,
                build_id,
                events,
            } => {
                record.number("petrel_trace", VERSION.into());
                record.text("version", &version);
                record.text("build_id", &Hex(build_id));
                record.text("events", events);
            }
            Self::Process {
                process,
                parent,
                program,
            } => {
                record.number("process", process);
                record.number("parent", parent);
                record.text("program", &program);
            }
            Self::ProcessEnd { process, status } => {
                record.number("process", process);
                record.status(status);
            }
            Self::Thread { process, thread } => {
                record.number("process", process);
                record.number("thread", thread);
            }
            Self::ThreadName { thread, name } => {
                record.number("thread", thread);
                record.text("name", name);
            }
            Self::ThreadEnd { thread, status } => {
                record.number("thread", thread);
                record.status(status);
            }
            Self::Switch { from, to, why } => {
                if let Some(from) = from {
                    record.number("from", from);
                }
                if let Some(to) = to {
                    record.number("to", to);
                }
                record.text("why", &why);
            }
            Self::Fault {
                process,
                thread,
                address,
                access,
                in_kernel,
                by,
                took_ns,
            } => {
                record.number("process", process);
                record.number("thread", thread);
                record.address("address", address);
                record.text("access", &access);
                if in_kernel {
                    record.flag("in_kernel", true);
                }
                record.text("by", &by);
                record.number("took_ns", took_ns);
            }
        }
        record.end();
    }
}
