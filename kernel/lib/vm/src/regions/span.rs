//! Where an allocation may be, when its address is not given.

use crate::{GRANULARITY_PAGES, PAGE_SIZE, Page, PageRange, Parameter, VmError};

/// Limits on the place of an allocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First page that may be used.
    pub(super) from: Page,
    /// First page that may not be used.
    pub(super) below: Page,
    /// Its start is a multiple of this: a power of two.
    pub(super) alignment_pages: u64,
}

impl Span {
    /// No limits but the granularity.
    pub const ALL: Self = Self {
        from: Page(0),
        below: Page(u64::MAX),
        alignment_pages: GRANULARITY_PAGES,
    };

    /// What `ZeroBits` of a call allows: how many high bits of a 32-bit
    /// address must be 0, or above 31, a mask whose highest bit is the
    /// highest that may be set; 0 for no limit.
    pub fn of_zero_bits(zero_bits: u64) -> Result<Self, VmError> {
        let highest = match zero_bits {
            0 => return Ok(Self::ALL),
            1..=21 => u64::from(u32::MAX >> zero_bits),
            22..=31 => return Err(VmError::InvalidParameter(Parameter::Third)),
            mask => u64::MAX >> mask.leading_zeros(),
        };
        Ok(Self {
            below: Page::containing(highest).plus(1),
            ..Self::ALL
        })
    }

    /// What `MEM_ADDRESS_REQUIREMENTS` asks for: 0 for no limit. Addresses begin
    /// and end at granules; the alignment is a power of two, at least a granule.
    /// Sources: Microsoft's page on the structure; Wine's tests of
    /// `VirtualAlloc2`.
    pub fn of_requirements(
        lowest_address: u64,
        highest_address: u64,
        alignment_bytes: u64,
        bounds: PageRange,
    ) -> Result<Self, VmError> {
        let refused = Err(VmError::InvalidParameter(Parameter::Unnumbered));
        let from = Page::containing(lowest_address);
        let below = match highest_address {
            0 => Page(u64::MAX),
            last => match last.checked_add(1) {
                Some(end) if end.is_multiple_of(PAGE_SIZE) => Page::containing(end),
                _ => return refused,
            },
        };
        if from.address() != lowest_address || from != from.granule_down() {
            return refused;
        }
        // The highest address of all is no granule's last.
        let ends_well = below == below.granule_down() || below == bounds.end;
        if highest_address != 0 && (!ends_well || below > bounds.end || below <= from) {
            return refused;
        }
        let alignment_pages = match alignment_bytes {
            0 => GRANULARITY_PAGES,
            bytes if bytes.is_power_of_two() => Page::containing(bytes).0,
            _ => return refused,
        };
        if alignment_pages < GRANULARITY_PAGES || from >= bounds.end {
            return refused;
        }
        Ok(Self {
            from,
            below,
            alignment_pages,
        })
    }

    /// Whether it limits anything but the granularity.
    #[must_use]
    pub fn is_limited(self) -> bool {
        self != Self::ALL
    }

    /// The first possible start at or above `page`; saturates.
    pub(super) fn start_at_or_above(self, page: Page) -> Page {
        let mask = self.alignment_pages.saturating_sub(1);
        Page(page.max(self.from).0.saturating_add(mask) & !mask)
    }

    /// The last possible start at or below `page`.
    pub(super) fn start_at_or_below(self, page: Page) -> Page {
        Page(page.0 & !self.alignment_pages.saturating_sub(1))
    }
}
