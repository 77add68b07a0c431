//! From an address to the function it lies in.

use crate::format::{BLOCK_BYTES, BLOCK_FUNCTIONS, expected_start, take_varint, u32_at};
use crate::name::Name;
use crate::table::Table;

/// A function, and where in it the address was.
#[derive(Debug, Clone, Copy)]
pub struct Symbol<'a> {
    /// Address of its first byte.
    pub start: u64,
    /// Its size in bytes.
    pub size: u64,
    /// How far the address is from `start`, in bytes.
    pub offset: u64,
    name: Name<'a>,
}

impl<'a> Symbol<'a> {
    /// The demangled name; its `Display` writes at most
    /// [`NAME_MAX_BYTES`](crate::NAME_MAX_BYTES).
    #[must_use]
    pub fn name(&self) -> Name<'a> {
        self.name
    }
}

impl<'a> Table<'a> {
    /// The function that `address` lies in, or `None` outside any function.
    #[must_use]
    pub fn lookup(&self, address: u64) -> Option<Symbol<'a>> {
        let wanted = address.wrapping_sub(self.text_base);
        if wanted >= self.text_bytes {
            return None;
        }
        let (block_start, mut entries) = self.block_of(wanted)?;
        let mut entry = take_entry(&mut entries, block_start, block_start)?;
        for _ in 1..BLOCK_FUNCTIONS {
            if wanted < entry.end || entries.is_empty() {
                break;
            }
            entry = take_entry(&mut entries, entry.end, expected_start(entry.end))?;
        }
        if !(entry.start..entry.end).contains(&wanted) {
            return None;
        }
        Some(Symbol {
            start: self.text_base.wrapping_add(entry.start),
            size: entry.end.saturating_sub(entry.start),
            offset: wanted.saturating_sub(entry.start),
            name: Name {
                codes: entry.codes,
                dictionary: self.dictionary,
            },
        })
    }

    /// The function that made the call which returns to `address`.
    ///
    /// That is the one the byte before lies in: a call can be a function's last
    /// instruction. `offset` is that of `address`, so it can equal `size`.
    #[must_use]
    pub fn lookup_return_address(&self, address: u64) -> Option<Symbol<'a>> {
        let mut symbol = self.lookup(address.checked_sub(1)?)?;
        symbol.offset = symbol.offset.saturating_add(1);
        Some(symbol)
    }

    /// The address offset and the entries of the last block that starts at or
    /// before `wanted`.
    fn block_of(&self, wanted: u64) -> Option<(u64, &'a [u8])> {
        let (records, _) = self.blocks.as_chunks::<BLOCK_BYTES>();
        let after = records.partition_point(|record| block_start(record) <= wanted);
        let record = records.get(after.checked_sub(1)?)?;
        let entries_start = entries_place(record)?;
        let entries_end = match records.get(after) {
            Some(next) => entries_place(next)?,
            None => self.entries.len(),
        };
        let entries = self.entries.get(entries_start..entries_end)?;
        Some((block_start(record), entries))
    }
}

fn block_start(record: &[u8; BLOCK_BYTES]) -> u64 {
    u32_at(record, 0).map_or(0, u64::from)
}

fn entries_place(record: &[u8; BLOCK_BYTES]) -> Option<usize> {
    usize::try_from(u32_at(record, 4)?).ok()
}

/// One entry, its addresses as offsets from the table's base.
struct Entry<'a> {
    start: u64,
    end: u64,
    codes: &'a [u8],
}

/// Takes an entry from the front of `bytes`.
fn take_entry<'a>(bytes: &mut &'a [u8], end_before: u64, expected_start: u64) -> Option<Entry<'a>> {
    let size_and_gap = take_varint(bytes)?;
    let start = if size_and_gap & 1 == 0 {
        expected_start
    } else {
        end_before.checked_add(take_varint(bytes)?)?
    };
    let codes_bytes = usize::try_from(take_varint(bytes)?).ok()?;
    let (codes, rest) = bytes.split_at_checked(codes_bytes)?;
    *bytes = rest;
    Some(Entry {
        start,
        end: start.checked_add(size_and_gap >> 1)?,
        codes,
    })
}
