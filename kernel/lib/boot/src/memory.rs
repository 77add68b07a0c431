//! The map of physical memory: sorted, without overlaps, merged.

use core::ops::Range;

use arrayvec::ArrayVec;

use crate::BootError;

/// How many separate ranges a [`MemoryMap`] holds.
pub const RANGES_MAX: usize = 128;

/// Size of a page and of a frame.
pub const PAGE_BYTES: u64 = 4096;

/// Physical addresses have at most 52 bits (Intel SDM volume 3A, 4.1.4).
const PHYSICAL_END: u64 = 1 << 52;

/// What a range of physical memory is.
///
/// Where entries overlap, the later kind in this list wins, so that memory is
/// usable only when nothing else claims it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MemoryKind {
    /// Free memory.
    Usable,
    /// Memory that holds what was loaded: modules, boot information, kernel.
    Loaded,
    /// ACPI tables; free once they were read.
    AcpiReclaimable,
    /// Memory that ACPI firmware keeps for itself.
    AcpiNvs,
    /// Not memory, or not ours.
    Reserved,
    /// Memory that does not work.
    Defective,
}

impl MemoryKind {
    /// The kind behind a number of the firmware's map (ACPI 6.5, 15.1), which
    /// multiboot2 and PVH share; an unknown one is reserved.
    pub(crate) fn from_number(number: u32) -> Self {
        match number {
            1 => Self::Usable,
            3 => Self::AcpiReclaimable,
            4 => Self::AcpiNvs,
            5 => Self::Defective,
            _ => Self::Reserved,
        }
    }

    /// Whether bytes written there can be read back.
    #[must_use]
    pub fn is_ram(self) -> bool {
        matches!(
            self,
            Self::Usable | Self::Loaded | Self::AcpiReclaimable | Self::AcpiNvs
        )
    }
}

/// A range of physical addresses of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryRange {
    /// First byte.
    pub start: u64,
    /// After the last byte; above `start`.
    pub end: u64,
    /// What lies there.
    pub kind: MemoryKind,
}

/// Physical memory: ranges that are sorted, disjoint, and merged where they
/// touch and agree. Addresses that no range covers are not memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemoryMap {
    ranges: ArrayVec<MemoryRange, RANGES_MAX>,
}

impl MemoryMap {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lays a range over the map; where it overlaps, the later kind in the
    /// order of [`MemoryKind`] wins. An empty range changes nothing; addresses
    /// above 52 bits are cut off.
    ///
    /// # Errors
    /// [`BootError::TooManyRanges`]; the map is then unchanged.
    pub fn add(&mut self, start: u64, end: u64, kind: MemoryKind) -> Result<(), BootError> {
        let end = end.min(PHYSICAL_END);
        if start >= end {
            return Ok(());
        }
        let mut result = Self::new();
        let mut next = start;
        for old in &self.ranges {
            result.append(next, end.min(old.start), kind)?;
            let shared_start = start.clamp(old.start, old.end);
            let shared_end = end.clamp(shared_start, old.end.max(shared_start));
            result.append(old.start, shared_start, old.kind)?;
            result.append(shared_start, shared_end, old.kind.max(kind))?;
            result.append(shared_end, old.end, old.kind)?;
            next = next.max(old.end);
        }
        result.append(next, end, kind)?;
        *self = result;
        Ok(())
    }

    /// Cuts off what lies at `end` and above; whether there was anything.
    pub fn cut_off(&mut self, end: u64) -> bool {
        let before = self.ram_end();
        self.ranges.retain(|range| range.start < end);
        if let Some(last) = self.ranges.last_mut() {
            last.end = last.end.min(end);
        }
        before > end
    }

    /// All ranges, in ascending order, to the byte as they were given.
    #[must_use]
    pub fn ranges(&self) -> &[MemoryRange] {
        &self.ranges
    }

    /// Free memory in whole pages: byte addresses, multiples of
    /// [`PAGE_BYTES`], ascending, never empty.
    pub fn usable(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        self.ranges
            .iter()
            .filter(|range| range.kind == MemoryKind::Usable)
            .filter_map(|range| {
                let start = range.start.checked_next_multiple_of(PAGE_BYTES)?;
                let end = range.end & !(PAGE_BYTES - 1);
                (start < end).then_some(start..end)
            })
    }

    /// Free memory in whole pages, in bytes.
    #[must_use]
    pub fn usable_bytes(&self) -> u64 {
        self.usable()
            .map(|range| range.end.saturating_sub(range.start))
            .fold(0, u64::saturating_add)
    }

    /// Whether every byte from `start` up to `end` is memory.
    #[must_use]
    pub fn is_ram(&self, start: u64, end: u64) -> bool {
        let mut next = start;
        for range in &self.ranges {
            if next >= end {
                break;
            }
            if range.kind.is_ram() && range.start <= next {
                next = next.max(range.end);
            }
        }
        next >= end
    }

    /// The address after the highest byte of memory, 0 when there is none.
    #[must_use]
    pub fn ram_end(&self) -> u64 {
        self.ranges
            .iter()
            .filter(|range| range.kind.is_ram())
            .map(|range| range.end)
            .max()
            .unwrap_or(0)
    }

    /// Adds a range behind all others.
    fn append(&mut self, start: u64, end: u64, kind: MemoryKind) -> Result<(), BootError> {
        if start >= end {
            return Ok(());
        }
        if let Some(last) = self.ranges.last_mut()
            && last.end == start
            && last.kind == kind
        {
            last.end = end;
            return Ok(());
        }
        self.ranges
            .try_push(MemoryRange { start, end, kind })
            .map_err(|_| BootError::TooManyRanges)
    }
}
