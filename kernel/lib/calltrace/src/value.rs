//! Values of arguments, and how they look in a line of text.

use core::fmt::{self, Display, Write};

use abi::NtStatus;
use abi::display::{Access, Flags, Joined, Status, Text, Time};
use abi::services::Shown;

use crate::caller::Described;

/// What was found of an argument, or of a part of one.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// It lay on a stack that cannot be read.
    Missing,
    /// An address of which no more is known.
    Address(u64),
    /// An address where nothing can be read.
    Unreadable(u64),
    /// A number.
    Number(u64, Shown),
    /// A handle, and what it stands for.
    Handle(u64, Option<&'a Described<'a>>),
    /// Characters.
    Text(&'a [u16]),
    /// The first of so many bytes.
    Bytes(&'a [u8], u64),
    /// A structure: what is worth showing of it.
    Fields(&'a [Field<'a>]),
    /// The first of so many values.
    List(&'a [Value<'a>], u64),
    /// What an argument points to.
    Pointed(&'a Value<'a>),
}

/// A part of a structure.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// NT's name.
    pub name: &'static str,
    /// What it is.
    pub value: Value<'a>,
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Missing => f.write_str("(unreadable)"),
            Self::Address(0) => f.write_str("NULL"),
            Self::Address(address) => write!(f, "{address:#x}"),
            Self::Unreadable(address) => write!(f, "{address:#x} (unreadable)"),
            Self::Number(number, shown) => write_number(f, number, shown),
            Self::Handle(handle, described) => write_handle(f, handle, described),
            Self::Text(units) => Text(units).fmt(f),
            Self::Bytes(bytes, total) => write_bytes(f, bytes, total),
            Self::Fields(fields) => write_fields(f, fields),
            Self::List(values, total) => write_list(f, values, total),
            Self::Pointed(value) => write!(f, "&{value}"),
        }
    }
}

/// Programs end with numbers up to this that are no NTSTATUS.
const EXIT_CODE_MAX: u32 = 0xFFFF;
/// Numbers up to this are the same in every base.
const ONE_DIGIT: u64 = 9;

fn write_number(f: &mut fmt::Formatter<'_>, number: u64, shown: Shown) -> fmt::Result {
    // Of what has names there are 32 bits.
    let low = u32::try_from(number & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    match shown {
        Shown::Decimal => write!(f, "{number}"),
        Shown::Signed => write!(f, "{}", low.cast_signed()),
        Shown::Hex if number <= ONE_DIGIT => write!(f, "{number}"),
        Shown::Hex | Shown::Handle => write!(f, "{number:#x}"),
        Shown::Bool => match number {
            0 => f.write_str("FALSE"),
            1 => f.write_str("TRUE"),
            other => write!(f, "TRUE ({other:#x})"),
        },
        Shown::One(names) => match names.of(low) {
            Some(name) => Joined(name).fmt(f),
            None => write!(f, "{low}"),
        },
        Shown::Flags(names) => Flags(low, names).fmt(f),
        Shown::Access(rights) => Access(low, rights).fmt(f),
        Shown::ExitStatus if (1..=EXIT_CODE_MAX).contains(&low) => write!(f, "{low}"),
        Shown::Status | Shown::ExitStatus => Status(NtStatus(low)).fmt(f),
        Shown::Time => Time(number.cast_signed()).fmt(f),
    }
}

fn write_handle(
    f: &mut fmt::Formatter<'_>,
    handle: u64,
    described: Option<&Described<'_>>,
) -> fmt::Result {
    match (handle, described) {
        (0, _) => f.write_str("NULL"),
        (_, Some(Described::Pseudo(name))) => f.write_str(name),
        (_, None) => write!(f, "{handle:#x} (no handle)"),
        (_, Some(Described::Object(kind, []))) => write!(f, "{handle:#x} ({kind})"),
        (_, Some(Described::Object(kind, name))) => {
            write!(f, "{handle:#x} ({kind} {})", Text(name))
        }
        (_, Some(Described::Process(process, program))) => {
            write!(f, "{handle:#x} (Process {process} {program})")
        }
        (_, Some(Described::Thread(process, thread))) => {
            write!(f, "{handle:#x} (Thread {process}.{thread})")
        }
    }
}

/// Of bytes that are no text fewer are shown.
const HEX_BYTES_MAX: usize = 24;

fn write_bytes(f: &mut fmt::Formatter<'_>, bytes: &[u8], total: u64) -> fmt::Result {
    let is_whole = |shown: &[u8]| u64::try_from(shown.len()).is_ok_and(|shown| shown >= total);
    let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    if !bytes.is_empty() && bytes.iter().all(is_text) {
        write!(f, "\"{}\"", bytes.escape_ascii())?;
        return f.write_str(if is_whole(bytes) { "" } else { "..." });
    }
    let shown = bytes.get(..HEX_BYTES_MAX).unwrap_or(bytes);
    f.write_char('[')?;
    for (place, byte) in shown.iter().enumerate() {
        let space = if place == 0 { "" } else { " " };
        write!(f, "{space}{byte:02x}")?;
    }
    f.write_str(if is_whole(shown) { "]" } else { " ...]" })
}

fn write_fields(f: &mut fmt::Formatter<'_>, fields: &[Field<'_>]) -> fmt::Result {
    f.write_char('{')?;
    for (place, field) in fields.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        write!(f, "{comma}{}={}", field.name, field.value)?;
    }
    f.write_char('}')
}

fn write_list(f: &mut fmt::Formatter<'_>, values: &[Value<'_>], total: u64) -> fmt::Result {
    f.write_char('[')?;
    for (place, value) in values.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        write!(f, "{comma}{value}")?;
    }
    let is_cut = u64::try_from(values.len()).is_ok_and(|shown| shown < total);
    f.write_str(if is_cut { ", ...]" } else { "]" })
}
