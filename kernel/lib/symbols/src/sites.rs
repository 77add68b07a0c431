//! From an address to its source line and its chain of inlined functions.

use crate::bits::{Bits, LinkKind};
use crate::format::{Flags, INLINED_MAX, RESTART_SITES, Widths};

/// The parts of a table that know about lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sites<'a> {
    pub(crate) inlined: &'a [u8],
    pub(crate) restarts: &'a [u8],
    pub(crate) bits: &'a [u8],
    pub(crate) widths: Widths,
    pub(crate) flags: Flags,
    /// How many files there are; the names of inlined functions come after them.
    pub(crate) files: u32,
}

/// An address whose source line is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site {
    /// From the table's base.
    pub(crate) address: u64,
    pub(crate) file: u32,
    /// The line in the function that the address is in, 0 for none.
    pub(crate) line: u32,
    /// The bit that its chain begins with.
    chain: usize,
}

/// A link of a chain.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Link {
    pub(crate) function: u32,
    line: u32,
}

impl<'a> Sites<'a> {
    /// The site at `wanted`, or else the last before it.
    pub(crate) fn nearest(&self, wanted: u64) -> Option<Site> {
        let (address, place) = match self.flags.is_wide {
            false => restart(self.restarts, wanted, narrow),
            true => restart(self.restarts, wanted, wide),
        }?;
        let mut bits = Bits::at(self.bits, usize::try_from(place).ok()?);
        let mut site = Site {
            address: address.into(),
            file: bits.fixed(self.widths.file_bits)?,
            line: bits.fixed(self.widths.line_bits)?,
            chain: bits.place()?,
        };
        let mut last_line = site.line;
        for _ in 1..RESTART_SITES {
            if site.address == wanted || self.skip_chain(&mut bits).is_none() {
                break;
            }
            match self.take_next(&mut bits, &site, &mut last_line) {
                Some(next) if next.address <= wanted => site = next,
                _ => break,
            }
        }
        Some(site)
    }

    /// Takes the site after `before`.
    #[inline(always)]
    fn take_next(&self, bits: &mut Bits<'a>, before: &Site, last_line: &mut u32) -> Option<Site> {
        let mut file = before.file;
        let mut distance = bits.number(self.widths.address)?;
        if distance == 0 {
            file = bits.fixed(self.widths.file_bits)?;
            distance = bits.number(self.widths.address)?;
        }
        let mut line = 0;
        if let Some(zigzag) = bits.number(self.widths.line)?.checked_sub(1) {
            let difference = (zigzag >> 1) ^ (zigzag & 1).wrapping_neg();
            line = last_line.wrapping_add(difference);
            *last_line = line;
        }
        Some(Site {
            address: before.address.checked_add(u64::from(distance))?,
            file,
            line,
            chain: bits.place()?,
        })
    }

    #[inline(always)]
    fn skip_chain(&self, bits: &mut Bits<'a>) -> Option<()> {
        for _ in 0..=INLINED_MAX {
            match bits.link()? {
                LinkKind::End => return Some(()),
                LinkKind::Jump => {
                    bits.fixed(self.widths.jump_bits)?;
                    return Some(());
                }
                LinkKind::Function => {
                    bits.number(self.widths.function)?;
                    bits.number(self.widths.inlined_line)?;
                }
            }
        }
        None
    }

    /// Puts the functions inlined at `site` into `links`, the outermost first;
    /// gives their number.
    pub(crate) fn chain(&self, site: &Site, links: &mut [Link; INLINED_MAX]) -> usize {
        let mut bits = Bits::at(self.bits, site.chain);
        let mut length = 0_usize;
        for link in links {
            let Some(found) = self.take_link(&mut bits) else {
                break;
            };
            *link = found;
            length = length.saturating_add(1);
        }
        length
    }

    #[inline(always)]
    fn take_link(&self, bits: &mut Bits<'a>) -> Option<Link> {
        match bits.link()? {
            LinkKind::End => return None,
            LinkKind::Jump => {
                let place = bits.fixed(self.widths.jump_bits)?;
                *bits = Bits::at(self.bits, usize::try_from(place).ok()?);
            }
            LinkKind::Function => {}
        }
        Some(Link {
            function: bits.number(self.widths.function)?,
            line: bits.number(self.widths.inlined_line)?,
        })
    }

    /// The file and the line, 0 for none, of a link.
    pub(crate) fn file_and_line(&self, link: Link) -> Option<(u32, u32)> {
        let Widths {
            file_bits,
            line_bits,
            ..
        } = self.widths;
        let record_bits = usize::from(file_bits.saturating_add(line_bits));
        let place = usize::try_from(link.function)
            .ok()?
            .checked_mul(record_bits)?;
        let mut bits = Bits::at(self.inlined, place);
        let file = bits.fixed(file_bits)?;
        let first_line = bits.fixed(line_bits)?;
        let line = match link.line.checked_sub(1) {
            Some(distance) => first_line.saturating_add(distance),
            None => 0,
        };
        Some((file, line))
    }
}

/// The address and bit of the last restart at or before `wanted`.
#[inline(always)]
fn restart<const BYTES: usize>(
    restarts: &[u8],
    wanted: u64,
    read: impl Fn(&[u8; BYTES]) -> (u32, u32),
) -> Option<(u32, u32)> {
    let (records, _) = restarts.as_chunks::<BYTES>();
    let after = records.partition_point(|record| u64::from(read(record).0) <= wanted);
    records.get(after.checked_sub(1)?).map(read)
}

#[inline(always)]
fn narrow(&[a, b, c, d, e, f]: &[u8; 6]) -> (u32, u32) {
    let number = |low, middle, high| u32::from_le_bytes([low, middle, high, 0]);
    (number(a, b, c), number(d, e, f))
}

#[inline(always)]
fn wide(&[a, b, c, d, e, f, g, h]: &[u8; 8]) -> (u32, u32) {
    (
        u32::from_le_bytes([a, b, c, d]),
        u32::from_le_bytes([e, f, g, h]),
    )
}
