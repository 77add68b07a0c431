//! Lays out source lines: the fields first, then the bits they take.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::{WriteError, length};
use crate::bits::{BitWriter, NUMBER_END, PARAMETER_MAX, number_bits};
use crate::format::{INLINED_MAX, RESTART_SITES, Widths};

/// No site is so far from the one before it.
pub const SITE_DISTANCE_END: u32 = NUMBER_END;

/// Lines are below this, so that their differences are numbers too.
pub const LINE_END: u32 = NUMBER_END / 2;

/// How often the fields are chosen; each time with the widths of the last.
const ROUNDS: usize = 3;

/// Source lines and the functions inlined there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Lines<'a> {
    /// Paths, as places in [`TableParts::tokens`](super::TableParts::tokens).
    pub files: &'a [Vec<u16>],
    /// Functions that are inlined, those used most often first: they get short
    /// codes.
    pub inlined: &'a [InlinedFunction],
    /// The addresses whose lines are known, sorted as the functions are.
    pub sites: &'a [Site],
    /// Whether each site holds up to the next, or to the end of its function. An
    /// empty path says that no file is known from there on.
    pub is_dense: bool,
}

/// A function that is inlined somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlinedFunction {
    /// Its name, as places in [`TableParts::tokens`](super::TableParts::tokens).
    pub name: Vec<u16>,
    /// Its file, as a place in [`Lines::files`].
    pub file: u32,
}

/// An address whose line is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The last byte of a call, or the first of another instruction.
    pub address: u64,
    /// The file, as a place in [`Lines::files`].
    pub file: u32,
    /// The line in the function that the address is in, 0 for none.
    pub line: u32,
    /// The functions inlined there, the outermost first.
    pub inlined: Vec<Call>,
}

/// A place in an inlined function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The function, as a place in [`Lines::inlined`].
    pub function: u32,
    /// The line in its file, 0 for none.
    pub line: u32,
}

/// The parts of a table that know about lines, in bytes.
pub(super) struct Packed {
    pub(super) inlined: Vec<u8>,
    /// Addresses, and the bits in `sites` where they are.
    pub(super) restarts: Vec<[u32; 2]>,
    pub(super) sites: Vec<u8>,
    pub(super) widths: Widths,
}

/// A field of the part `sites`.
#[derive(Clone, Copy)]
enum Field {
    Bit(bool),
    File(u32),
    Line(u32),
    Address(u32),
    LineNumber(u32),
    Function(u32),
    InlinedLine(u32),
    /// To the bit where the field at this place begins.
    Jump(usize),
}

/// Packs the lines of a table whose addresses count from `text_base`.
pub(super) fn pack(lines: &Lines<'_>, text_base: u64) -> Result<Packed, WriteError> {
    check(lines, text_base)?;
    let first_lines = first_lines(lines);
    let highest = first_lines.iter().copied();
    let highest = highest
        .chain(lines.sites.iter().map(|site| site.line))
        .max();
    let mut widths = Widths {
        file_bits: width(length(lines.files.len())),
        line_bits: width(highest.unwrap_or(0)),
        jump_bits: 16,
        function: 7,
        ..Widths::default()
    };
    let mut layout = Layout::default();
    for _ in 0..ROUNDS {
        layout = Layout::new(lines, &first_lines, text_base, &widths);
        widths = layout.best_widths(widths);
    }

    let mut bits = BitWriter::default();
    let mut places = Vec::new();
    for &field in &layout.fields {
        places.push(bits.place());
        match field {
            Field::Jump(target) => {
                let place = places.get(target).copied().unwrap_or(0);
                bits.fixed(u64::from(length(place)), u32::from(widths.jump_bits));
            }
            other => put(&mut bits, other, &widths),
        }
    }
    let mut restarts = Vec::new();
    for (address, field) in layout.restarts {
        let place = places.get(field).copied().unwrap_or(0);
        let place = u32::try_from(place).map_err(|_| WriteError::Site {
            address: text_base.wrapping_add(u64::from(address)),
        })?;
        restarts.push([address, place]);
    }
    let mut inlined = BitWriter::default();
    for (function, &first_line) in lines.inlined.iter().zip(&first_lines) {
        put(&mut inlined, Field::File(function.file), &widths);
        put(&mut inlined, Field::Line(first_line), &widths);
    }
    Ok(Packed {
        inlined: inlined.finish(),
        restarts,
        sites: bits.finish(),
        widths,
    })
}

fn check(lines: &Lines<'_>, text_base: u64) -> Result<(), WriteError> {
    let files = length(lines.files.len());
    let functions = length(lines.inlined.len());
    let mut before = None;
    for site in lines.sites {
        let address = site.address.wrapping_sub(text_base);
        let is_near = before.is_none_or(|before| {
            address > before && address.wrapping_sub(before) < u64::from(NUMBER_END)
        });
        before = Some(address);
        let is_good = is_near
            && u32::try_from(address).is_ok()
            && site.file < files
            && site.line < LINE_END
            && site.inlined.len() <= INLINED_MAX
            && (site.inlined.iter()).all(|call| call.function < functions && call.line < LINE_END);
        if !is_good {
            return Err(WriteError::Site {
                address: site.address,
            });
        }
    }
    match lines.inlined.iter().any(|function| function.file >= files) {
        true => Err(WriteError::Site { address: text_base }),
        false => Ok(()),
    }
}

/// The lowest line of every inlined function.
fn first_lines(lines: &Lines<'_>) -> Vec<u32> {
    let mut lowest: BTreeMap<u32, u32> = BTreeMap::new();
    for call in lines.sites.iter().flat_map(|site| &site.inlined) {
        if call.line > 0 {
            let line = lowest.entry(call.function).or_insert(call.line);
            *line = call.line.min(*line);
        }
    }
    let functions = 0..length(lines.inlined.len());
    functions
        .map(|function| lowest.get(&function).copied().unwrap_or(0))
        .collect()
}

/// The fields in order.
#[derive(Default)]
struct Layout {
    fields: Vec<Field>,
    /// Addresses of restarts, and where their first fields are.
    restarts: Vec<(u32, usize)>,
}

impl Layout {
    /// Decides with `widths` what is shorter.
    fn new(lines: &Lines<'_>, first_lines: &[u32], text_base: u64, widths: &Widths) -> Self {
        let mut layout = Self::default();
        let mut known: BTreeMap<&[Call], usize> = BTreeMap::new();
        let (mut before, mut file, mut line) = (0, 0, 0);
        for (index, site) in lines.sites.iter().enumerate() {
            let address = u32::try_from(site.address.wrapping_sub(text_base)).unwrap_or(0);
            if index.is_multiple_of(RESTART_SITES) {
                layout.restarts.push((address, layout.fields.len()));
                layout.fields.push(Field::File(site.file));
                layout.fields.push(Field::Line(site.line));
                line = site.line;
            } else {
                if site.file != file {
                    layout.fields.push(Field::Address(0));
                    layout.fields.push(Field::File(site.file));
                }
                let distance = address.saturating_sub(before);
                layout.fields.push(Field::Address(distance));
                layout
                    .fields
                    .push(Field::LineNumber(line_number(site.line, line)));
                if site.line > 0 {
                    line = site.line;
                }
            }
            (before, file) = (address, site.file);
            layout.chain(&site.inlined, first_lines, widths, &mut known);
        }
        layout
    }

    fn chain<'a>(
        &mut self,
        calls: &'a [Call],
        first_lines: &[u32],
        widths: &Widths,
        known: &mut BTreeMap<&'a [Call], usize>,
    ) {
        let mut rest = calls;
        while let [call, inner @ ..] = rest {
            self.fields.push(Field::Bit(true));
            let function = usize::try_from(call.function).unwrap_or(usize::MAX);
            let first = first_lines.get(function).copied().unwrap_or(0);
            let line = match call.line {
                0 => 0,
                line => line.saturating_sub(first).saturating_add(1),
            };
            if let Some(&place) = known.get(rest) {
                let again_bits = number_bits(call.function, widths.function)
                    .saturating_add(number_bits(line, widths.inlined_line));
                let is_short = inner.is_empty() && again_bits < usize::from(widths.jump_bits);
                if !is_short {
                    self.fields.push(Field::Bit(true));
                    self.fields.push(Field::Jump(place));
                    return;
                }
            }
            self.fields.push(Field::Bit(false));
            known.entry(rest).or_insert(self.fields.len());
            self.fields.push(Field::Function(call.function));
            self.fields.push(Field::InlinedLine(line));
            rest = inner;
        }
        self.fields.push(Field::Bit(false));
    }

    /// The parameters with which the fields take the fewest bits.
    fn best_widths(&self, mut widths: Widths) -> Widths {
        let best = |value_of: fn(Field) -> Option<u32>| {
            let bits = |k: &u8| -> usize {
                let values = self.fields.iter().filter_map(|&field| value_of(field));
                values.map(|value| number_bits(value, *k)).sum()
            };
            (0..=PARAMETER_MAX).min_by_key(bits).unwrap_or(0)
        };
        widths.address = best(|field| match field {
            Field::Address(value) => Some(value),
            _ => None,
        });
        widths.line = best(|field| match field {
            Field::LineNumber(value) => Some(value),
            _ => None,
        });
        widths.function = best(|field| match field {
            Field::Function(value) => Some(value),
            _ => None,
        });
        widths.inlined_line = best(|field| match field {
            Field::InlinedLine(value) => Some(value),
            _ => None,
        });
        let mut bits = BitWriter::default();
        for &field in &self.fields {
            put(&mut bits, field, &widths);
        }
        let jumps = self.fields.iter();
        let jumps = jumps
            .filter(|field| matches!(field, Field::Jump(_)))
            .count();
        let fits = |jump_bits: &u8| {
            let jumps_bits = jumps.saturating_mul(usize::from(*jump_bits));
            width(length(bits.place().saturating_add(jumps_bits))) <= *jump_bits
        };
        widths.jump_bits = (1..32).find(fits).unwrap_or(32);
        widths
    }
}

/// A line as a site that is no restart has it.
fn line_number(line: u32, before: u32) -> u32 {
    if line == 0 {
        return 0;
    }
    let difference = line.wrapping_sub(before).cast_signed();
    let zigzag = (difference << 1) ^ (difference >> 31);
    zigzag.cast_unsigned().saturating_add(1)
}

/// Puts any field but a jump, which has no bits here.
fn put(bits: &mut BitWriter, field: Field, widths: &Widths) {
    match field {
        Field::Bit(is_set) => bits.fixed(u64::from(is_set), 1),
        Field::File(file) => bits.fixed(u64::from(file), u32::from(widths.file_bits)),
        Field::Line(line) => bits.fixed(u64::from(line), u32::from(widths.line_bits)),
        Field::Address(value) => bits.number(value, widths.address),
        Field::LineNumber(value) => bits.number(value, widths.line),
        Field::Function(value) => bits.number(value, widths.function),
        Field::InlinedLine(value) => bits.number(value, widths.inlined_line),
        Field::Jump(_) => {}
    }
}

/// How many bits the numbers up to `highest` take.
fn width(highest: u32) -> u8 {
    u8::try_from(u32::BITS.saturating_sub(highest.leading_zeros())).unwrap_or(32)
}
