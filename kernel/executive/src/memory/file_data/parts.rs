//! The parts of ranges of a file: stretches, rows, pages.

use core::ops::Range;

use hal::cpu::interrupts;
use vm::PAGE_SIZE;

use super::PAGE_BYTES;
use crate::{Error, scheduler};

/// What is copied at once.
pub(super) const STRETCH_BYTES: u64 = 0x10_0000;

/// Goes over a range in stretches, between which the clock and other threads get
/// their turn: where it begins, how long it is, and how many bytes came before it.
pub(super) fn for_each_stretch(
    offset: u64,
    bytes: u64,
    mut use_stretch: impl FnMut(u64, u64, u64) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut done = 0_u64;
    while done < bytes {
        let part = STRETCH_BYTES.min(bytes.saturating_sub(done));
        use_stretch(offset.saturating_add(done), part, done)?;
        done = done.saturating_add(part);
        if done < bytes {
            interrupts::let_pending_in();
            scheduler::yield_now();
        }
    }
    Ok(())
}

/// Goes over the parts of pages that a range consists of: the page, the part, and
/// how many bytes came before it.
pub(super) fn for_each_page(
    offset: u64,
    bytes: u64,
    mut use_part: impl FnMut(u64, Range<usize>, u64) -> Result<(), Error>,
) -> Result<(), Error> {
    for_each_part::<PAGE_SIZE>(offset, bytes, |at, part, done| {
        let start = in_page(at.wrapping_rem(PAGE_SIZE));
        let end = start.saturating_add(in_page(part));
        use_part(at.wrapping_div(PAGE_SIZE), start..end, done)
    })
}

/// Goes over a range in parts of so many bytes, a power of two, which end where a
/// multiple of them does: where each begins, how long it is, and how many bytes came
/// before it.
#[inline(always)]
pub(super) fn for_each_part<const PART: u64>(
    offset: u64,
    bytes: u64,
    mut use_part: impl FnMut(u64, u64, u64) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut done = 0_u64;
    while done < bytes {
        let at = offset.saturating_add(done);
        let part = PART
            .saturating_sub(at & PART.wrapping_sub(1))
            .min(bytes.saturating_sub(done));
        use_part(at, part, done)?;
        done = done.saturating_add(part);
    }
    Ok(())
}

/// A number of bytes of a page.
pub(super) fn in_page(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(PAGE_BYTES)
}
