//! The pieces of a report, and who receives them.

use core::fmt::Display;

/// What broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The kernel; the machine stops.
    Panic,
    /// A program; only that one ends.
    Crash,
}

impl Kind {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Panic => "panic",
            Self::Crash => "crash",
        }
    }

    /// The word that begins a report.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Panic => "PANIC",
            Self::Crash => "CRASH",
        }
    }
}

/// What happened, and to which kernel.
#[derive(Clone, Copy)]
pub struct Head<'a> {
    /// What broke.
    pub kind: Kind,
    /// The kernel's version.
    pub version: &'a str,
    /// The kernel's build id, if it is known.
    pub build_id: Option<&'a [u8]>,
    /// The cause, a sentence.
    pub cause: &'a dyn Display,
    /// Where in the source a panic was raised.
    pub location: Option<&'a dyn Display>,
    /// The address whose touch failed.
    pub fault: Option<Fault<'a>>,
    /// The program that ends.
    pub ending: Option<Ending<'a>>,
}

/// A touch of memory that failed.
#[derive(Clone, Copy)]
pub struct Fault<'a> {
    /// What was touched.
    pub address: u64,
    /// How: read, write or execute.
    pub access: &'a str,
    /// What lies there, in words.
    pub place: &'a dyn Display,
}

/// A program's end.
#[derive(Clone, Copy)]
pub struct Ending<'a> {
    /// The program.
    pub program: &'a str,
    /// Its status.
    pub status: u32,
    /// The status's name, if it has one.
    pub name: Option<&'a str>,
}

/// A function on a stack.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// Its place in its chain; inlined functions share that of their caller.
    pub number: usize,
    /// What the stack or the registers had.
    pub address: u64,
    /// Whether that is a return address: the call lies before it.
    pub is_call: bool,
    /// Whether the function was inlined into that of the next frame.
    pub is_inlined: bool,
    /// Whose code it is.
    pub origin: Origin,
    /// The image of a program's frame, and how far into it the address is.
    pub module: Option<(&'a str, u64)>,
    /// The function's name, if it is known.
    pub function: Option<&'a dyn Display>,
    /// How far into the function the address is.
    pub offset: u64,
    /// Where in the source it is.
    pub place: Option<Place<'a>>,
    /// How the frame was found, if not by the sound method.
    pub note: Option<&'a str>,
}

/// Whose code a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Petrel's own.
    Kernel,
    /// The standard library's, or another crate's.
    Library,
    /// A program's.
    Program,
}

impl Origin {
    /// Whose code a function is, by its file and where that is not known by its
    /// name: a library's, else `own`. The beginnings of both are enough.
    #[must_use]
    pub fn of_source(file: Option<&str>, name: &str, own: Self) -> Self {
        let is_library = match file {
            Some(file) => is_library_file(file),
            None => LIBRARIES.iter().any(|library| {
                let rest = name.strip_prefix(library);
                rest.is_some_and(|rest| rest.starts_with("::"))
            }),
        };
        if is_library { Self::Library } else { own }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::Library => "library",
            Self::Program => "program",
        }
    }
}

/// The crates that come with the compiler.
const LIBRARIES: [&str; 4] = ["core", "alloc", "std", "compiler_builtins"];

/// Whether a short path is of the standard library (`core/src/...`) or of a
/// crate from a registry (`log-0.4.29/src/...`).
fn is_library_file(path: &str) -> bool {
    let Some((folder, _)) = path.split_once('/') else {
        return false;
    };
    let versioned = folder
        .rsplit_once('-')
        .is_some_and(|(_, version)| version.starts_with(|first: char| first.is_ascii_digit()));
    LIBRARIES.contains(&folder) || versioned
}

/// A place in the source.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The file.
    pub file: &'a dyn Display,
    /// The line, 0 if there is none.
    pub line: u32,
    /// Whether it is that of the address; otherwise the last one known before.
    pub is_exact: bool,
}

/// Something between frames.
#[derive(Clone, Copy)]
pub struct Mark<'a> {
    /// What it is.
    pub kind: MarkKind,
    /// In words.
    pub text: &'a dyn Display,
}

/// What a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// A trap interrupted the frame that follows.
    Trap,
    /// The frame that follows made a system call.
    SystemCall,
    /// The frame before called itself again and again.
    Repeated,
    /// Frames are left out.
    Skipped,
    /// The chain is complete.
    End,
    /// The chain ends where it should not, or names are missing.
    Broken,
}

impl MarkKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Trap,
        Self::SystemCall,
        Self::Repeated,
        Self::Skipped,
        Self::End,
        Self::Broken,
    ];

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Trap => "trap",
            Self::SystemCall => "system-call",
            Self::Repeated => "repeated",
            Self::Skipped => "skipped",
            Self::End => "end",
            Self::Broken => "broken",
        }
    }

    /// What stands before its words in text.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Repeated | Self::Skipped => "...",
            _ => "---",
        }
    }
}

/// The machine code around an instruction.
#[derive(Debug, Clone, Copy)]
pub struct Code<'a> {
    /// The address of the first byte.
    pub start: u64,
    /// The bytes.
    pub bytes: &'a [u8],
    /// Which of them the instruction begins with.
    pub at: usize,
}

/// Who ran.
#[derive(Debug, Clone, Copy)]
pub enum Current<'a> {
    /// It cannot be told, and why.
    Unknown(&'a str),
    /// No program: the kernel itself.
    Kernel,
    /// A thread of a program.
    Thread {
        /// Its number.
        thread: u64,
        /// The name its program gave it.
        name: Option<&'a str>,
        /// Its process's number.
        process: u64,
        /// Its program's name.
        program: &'a str,
        /// The system call it was in.
        call: Option<SystemCall<'a>>,
    },
}

/// A system call that is being served.
#[derive(Debug, Clone, Copy)]
pub struct SystemCall<'a> {
    /// Its number.
    pub number: u32,
    /// Its name, if there is one of that number.
    pub name: Option<&'a str>,
}

/// An image of a program.
#[derive(Debug, Clone, Copy)]
pub struct Module<'a> {
    /// Its file's name.
    pub name: &'a str,
    /// Where it lies.
    pub base: u64,
    /// Its size in memory.
    pub size_bytes: u64,
    /// What tells its file from others of that name.
    pub identity: &'a [u8],
}

/// Receives a report in the order of the methods and lays it out. Only `head`
/// and `finish` always come; the others come as often as there is something.
///
/// Nothing is returned: a report goes to a port that takes everything, or to a
/// sink that keeps its errors.
pub trait Form {
    /// What happened.
    fn head(&mut self, head: &Head<'_>);
    /// The next function of a stack.
    fn frame(&mut self, frame: &Frame<'_>);
    /// Something between frames, or behind the last.
    fn mark(&mut self, mark: &Mark<'_>);
    /// The registers of what was interrupted, with their names.
    fn registers(&mut self, registers: &[(&str, u64)]);
    /// The machine code there.
    fn code(&mut self, code: &Code<'_>);
    /// Who ran.
    fn current(&mut self, current: &Current<'_>);
    /// An image of that program.
    fn module(&mut self, module: &Module<'_>);
    /// An event of the log, without its end of line, the oldest first.
    fn event(&mut self, line: &[u8]);
    /// The end.
    fn finish(&mut self);
}
