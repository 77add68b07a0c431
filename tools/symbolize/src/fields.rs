//! How the fields of a report are written in JSON.

use std::fmt;

use report::{Kind, MarkKind, Origin};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::record::{self, Frame, Mark, Place};

/// A number of 64 bits in hexadecimal, as `0x1f`.
pub(crate) struct Address(u64);

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let value = text.strip_prefix("0x").and_then(number);
        value
            .map(Self)
            .ok_or_else(|| Error::custom("an address is not a hexadecimal number"))
    }
}

/// Hexadecimal digits, and nothing else, as a number.
pub(crate) fn number(digits: &str) -> Option<u64> {
    let is_plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_plain.then(|| u64::from_str_radix(digits, 16).ok())?
}

/// Pairs of hexadecimal digits as bytes.
pub(crate) fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| {
        let pair = str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        number(pair)?.try_into().ok()
    });
    bytes.collect()
}

pub(crate) fn address<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    Address::deserialize(from).map(|address| address.0)
}

pub(crate) fn bytes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(from)?;
    bytes_of(&text).ok_or_else(|| Error::custom("bytes are not pairs of hexadecimal digits"))
}

pub(crate) fn kind<'de, D: Deserializer<'de>>(from: D) -> Result<Kind, D::Error> {
    let name = String::deserialize(from)?;
    let mut kinds = [Kind::Panic, Kind::Crash].into_iter();
    kinds
        .find(|kind| kind.name() == name)
        .ok_or_else(|| Error::custom("the kind is neither panic nor crash"))
}

/// Registers by their names, in the order of the report.
pub(crate) fn registers<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Vec<(String, u64)>, D::Error> {
    from.deserialize_map(Registers)
}

struct Registers;

impl<'de> Visitor<'de> for Registers {
    type Value = Vec<(String, u64)>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object of registers")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut registers = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Address>()? {
            registers.push((name, value.0));
        }
        Ok(registers)
    }
}

/// An entry of the list of frames: a frame, or a mark if it has that field.
#[derive(Deserialize)]
pub(crate) struct Entry {
    mark: Option<String>,
    text: Option<String>,
    number: Option<usize>,
    address: Option<Address>,
    call: Option<bool>,
    #[serde(default)]
    inlined: bool,
    origin: Option<String>,
    module: Option<String>,
    rva: Option<Address>,
    function: Option<String>,
    #[serde(default)]
    offset: u64,
    file: Option<String>,
    #[serde(default)]
    line: u32,
    #[serde(default)]
    exact: bool,
    note: Option<String>,
}

impl TryFrom<Entry> for record::Entry {
    type Error = &'static str;

    fn try_from(entry: Entry) -> Result<Self, Self::Error> {
        if let Some(name) = entry.mark {
            let mut kinds = MarkKind::ALL.into_iter();
            return Ok(Self::Mark(Mark {
                kind: kinds
                    .find(|kind| kind.name() == name)
                    .ok_or("a mark is of an unknown kind")?,
                text: entry.text.ok_or("a mark has no text")?,
            }));
        }
        let origin = entry.origin.ok_or("a frame has no origin")?;
        let mut origins = [Origin::Kernel, Origin::Library, Origin::Program].into_iter();
        let module = match (entry.module, entry.rva) {
            (Some(module), Some(rva)) => Some((module, rva.0)),
            (None, None) => None,
            _ => return Err("a frame has a module without an rva, or an rva without a module"),
        };
        Ok(Self::Frame(Frame {
            number: entry.number.ok_or("a frame has no number")?,
            address: entry.address.ok_or("a frame has no address")?.0,
            is_call: entry.call.ok_or("a frame has no field call")?,
            is_inlined: entry.inlined,
            origin: origins
                .find(|known| known.name() == origin)
                .ok_or("a frame is of an unknown origin")?,
            module,
            function: entry.function,
            offset: entry.offset,
            place: entry.file.map(|file| Place {
                file,
                line: entry.line,
                is_exact: entry.exact,
                path: None,
            }),
            note: entry.note,
        }))
    }
}
