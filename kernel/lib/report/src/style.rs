//! How text looks, where it can look different.

use core::fmt::{self, Write};

use crate::Origin;

/// The look of a piece of text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    /// Nothing special.
    #[default]
    Plain,
    /// The sentence that says what broke.
    Heading,
    /// A frame of the kernel's.
    Kernel,
    /// A frame of a library's.
    Library,
    /// A frame of a program's.
    Program,
}

impl Style {
    /// The control sequence for terminals (ECMA-48, 8.3.117 SGR), from any other style.
    #[must_use]
    pub fn sequence(self) -> &'static str {
        match self {
            Self::Plain => "\x1b[0m",
            Self::Heading => "\x1b[0;1;31m",
            Self::Kernel => "\x1b[0;33m",
            Self::Library => "\x1b[0;90m",
            Self::Program => "\x1b[0;36m",
        }
    }
}

impl From<Origin> for Style {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Kernel => Self::Kernel,
            Origin::Library => Self::Library,
            Origin::Program => Self::Program,
        }
    }
}

/// Takes text that has a look.
pub trait Output: Write {
    /// Gives what follows a look.
    fn style(&mut self, style: Style);
}

/// A stream of bytes with or without colours.
pub struct Terminal<'a> {
    out: &'a mut dyn Write,
    has_colours: bool,
}

impl<'a> Terminal<'a> {
    /// Colours are control sequences, for terminals only.
    pub fn new(out: &'a mut dyn Write, has_colours: bool) -> Self {
        Self { out, has_colours }
    }
}

impl Write for Terminal<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.out.write_str(text)
    }
}

impl Output for Terminal<'_> {
    fn style(&mut self, style: Style) {
        if self.has_colours {
            // As for every form: the one below keeps its errors.
            let _ = self.out.write_str(style.sequence());
        }
    }
}
