//! What the arguments of system calls mean to a reader.
//!
//! The list of services says of an argument how it is passed ([`Kind`]). What
//! its bits say follows from its name, which the list uses for one thing only,
//! with exceptions that name their services; see [`rules`].

mod rules;
mod spelling;

use super::{Argument, Kind, Service};
use crate::display::{Names, Rights};
pub use spelling::ArgumentName;

/// How a number is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A count or a length.
    Decimal,
    /// A count that may be negative.
    Signed,
    /// An address, or bits without names.
    Hex,
    /// A BOOLEAN.
    Bool,
    /// One of these.
    One(Names),
    /// Some of these.
    Flags(Names),
    /// An access mask for a type with these rights.
    Access(Rights),
    /// An NTSTATUS.
    Status,
    /// How something ends: an NTSTATUS, or a small number of the program's.
    ExitStatus,
    /// A time in units of 100 ns, relative when negative.
    Time,
    /// A handle of the caller's.
    Handle,
}

/// What an argument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A number.
    Number(Shown),
    /// The address of a number of so many bytes.
    Pointer(Shown, usize),
    /// The address of something that is not looked at.
    Address,
    /// The address of as many bytes as the argument of this name says.
    Bytes(&'static str),
    /// The address of as many handles as the argument of this name says.
    Handles(&'static str),
    /// The address of an OBJECT_ATTRIBUTES.
    Attributes,
    /// The address of a UNICODE_STRING.
    Text,
    /// The address of a CLIENT_ID.
    ClientId,
    /// The address of a CONTEXT.
    Context,
    /// The address of an EXCEPTION_RECORD.
    Record,
    /// The address of an IO_STATUS_BLOCK.
    IoStatus,
}

use Meaning::{Number, Pointer, Text};
use Shown::{Access, Bool, Decimal, Handle, Hex, One, Time};
use rules::{CLASSES, RIGHTS, RULES};

impl Service {
    /// What one of its arguments means.
    #[must_use]
    pub fn meaning(&self, argument: &Argument) -> Meaning {
        let rule = RULES.iter().find(|(name, services, meaning)| {
            *name == argument.name
                && (services.is_empty() || services.contains(&self.name))
                && meaning.is_address() == argument.kind.is_address()
                && argument.kind.is_described_by_name()
        });
        match rule {
            Some((_, _, meaning)) => *meaning,
            None => self.meaning_by_kind(argument),
        }
    }

    fn meaning_by_kind(&self, argument: &Argument) -> Meaning {
        match argument.kind {
            Kind::Handle => Number(Handle),
            Kind::Value8 => Number(Bool),
            Kind::Value16 => Number(Hex),
            Kind::Value32 | Kind::Value64 if is_length(argument.name) => Number(Decimal),
            Kind::Value32 | Kind::Value64 => Number(Hex),
            Kind::Access => Number(Access(self.rights(argument.name))),
            Kind::Class => Number(One(self.classes())),
            Kind::Status if self.name.starts_with("NtTerminate") => Number(Shown::ExitStatus),
            Kind::Status => Number(Shown::Status),
            Kind::HandleOut => Pointer(Handle, 8),
            Kind::ObjectAttributes | Kind::ObjectAttributesOptional => Meaning::Attributes,
            Kind::Text | Kind::TextOptional => Text,
            Kind::Interval | Kind::IntervalOptional => Pointer(Time, 8),
            _ => Meaning::Address,
        }
    }

    fn rights(&self, access: &str) -> Rights {
        if self.name.ends_with("IoCompletion") {
            return Rights::IO_COMPLETION;
        }
        if self.name.ends_with("KeyedEvent") {
            return Rights::KEYED_EVENT;
        }
        let is_new = |argument: &&Argument| argument.kind == Kind::HandleOut;
        let new = match access {
            "process_access" => Some("process"),
            "thread_access" => Some("thread"),
            _ if self.name == "NtGetNextThread" => Some("thread"),
            _ => self.arguments.iter().find(is_new).map(|new| new.name),
        };
        let rights = RIGHTS.iter().find(|(name, _)| Some(*name) == new);
        rights.map_or(Rights::UNKNOWN, |(_, rights)| *rights)
    }

    fn classes(&self) -> Names {
        let classes = CLASSES.iter().find(|(name, _)| self.name.ends_with(name));
        classes.map_or(Names(&[]), |(_, classes)| *classes)
    }
}

fn is_length(name: &str) -> bool {
    name.ends_with("length") || name.ends_with("count") || name.ends_with("quota")
}

impl Meaning {
    /// Whether it stands where an address leads.
    #[must_use]
    pub const fn is_address(self) -> bool {
        !matches!(self, Self::Number(_))
    }
}

impl Kind {
    /// Whether its name says more than itself.
    const fn is_described_by_name(self) -> bool {
        !matches!(
            self,
            Self::Handle
                | Self::Access
                | Self::Class
                | Self::Status
                | Self::HandleOut
                | Self::ObjectAttributes
                | Self::ObjectAttributesOptional
                | Self::Text
                | Self::TextOptional
                | Self::Interval
                | Self::IntervalOptional
        )
    }
}

#[cfg(test)]
mod tests;
