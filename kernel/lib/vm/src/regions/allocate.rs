//! `NtAllocateVirtualMemory`: what is asked for, and which operation it is.
//!
//! Facts: Microsoft's pages on `VirtualAlloc` and `VirtualAlloc2`; ReactOS's and
//! Wine's tests of them.

use super::{Change, Kind, Place, Regions, Span, State};
use crate::{Page, PageRange, Parameter, Protection, VmError};

/// What `AllocationType` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocationType(u32);

/// `MEM_*` (NT `winnt.h`).
const COMMIT: u32 = 0x1000;
const RESERVE: u32 = 0x2000;
const RESET: u32 = 0x8_0000;
const TOP_DOWN: u32 = 0x10_0000;
const WRITE_WATCH: u32 = 0x20_0000;
const PHYSICAL: u32 = 0x40_0000;
const RESET_UNDO: u32 = 0x100_0000;
const LARGE_PAGES: u32 = 0x2000_0000;
/// What large pages, of which there are none, would be multiples of.
pub const LARGE_PAGE_BYTES: u64 = 0x20_0000;
/// Of `VirtualAlloc2` only.
const REPLACE_PLACEHOLDER: u32 = 0x4000;
const RESERVE_PLACEHOLDER: u32 = 0x4_0000;

impl AllocationType {
    /// Checks the number that a program passed to `NtAllocateVirtualMemory`.
    #[inline]
    pub const fn from_nt(number: u32) -> Result<Self, VmError> {
        Self::checked(number, 0, Parameter::Fifth)
    }

    /// The same of `NtAllocateVirtualMemoryEx`, which knows placeholders.
    pub const fn from_nt_extended(number: u32) -> Result<Self, VmError> {
        let placeholders = REPLACE_PLACEHOLDER | RESERVE_PLACEHOLDER;
        Self::checked(number, placeholders, Parameter::Unnumbered)
    }

    #[inline]
    const fn checked(number: u32, more: u32, parameter: Parameter) -> Result<Self, VmError> {
        let asks = Self(number);
        let known = COMMIT | RESERVE | RESET | TOP_DOWN | WRITE_WATCH | PHYSICAL;
        let known = known | RESET_UNDO | LARGE_PAGES | more;
        let is_reset = asks.has(RESET | RESET_UNDO);
        let is_new = asks.has(RESERVE);
        let is_unknown = number & !known != 0 || !asks.has(COMMIT | RESERVE | RESET | RESET_UNDO);
        // A reset is nothing else; these others are said of a whole allocation.
        let is_mixed = is_reset && number != RESET && number != RESET_UNDO
            || asks.has(WRITE_WATCH | PHYSICAL | more) && !is_new
            || asks.has(PHYSICAL) && number & !TOP_DOWN != PHYSICAL | RESERVE
            || asks.has(LARGE_PAGES) && !(is_new && asks.has(COMMIT))
            || asks.has(more) && asks.has(WRITE_WATCH | LARGE_PAGES)
            || asks.has(more & RESERVE_PLACEHOLDER) && asks.has(COMMIT | REPLACE_PLACEHOLDER);
        if is_unknown || is_mixed {
            return Err(VmError::InvalidParameter(parameter));
        }
        Ok(asks)
    }

    /// Whether only who may lock memory may ask for it: large pages are.
    #[must_use]
    pub const fn needs_privilege(self) -> bool {
        self.has(LARGE_PAGES)
    }

    const fn has(self, flags: u32) -> bool {
        self.0 & flags != 0
    }
}

/// The arguments of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocateRequest {
    /// Where; 0 for anywhere.
    pub address: u64,
    /// Limit on where "anywhere" may be.
    pub span: Span,
    /// How much.
    pub size_bytes: u64,
    /// What to do.
    pub allocation_type: AllocationType,
    /// Protection of the pages.
    pub protection: Protection,
}

impl AllocateRequest {
    /// Whether it commits pages of an allocation that exists.
    #[must_use]
    pub const fn commits_only(&self) -> bool {
        self.address != 0 && !self.allocation_type.has(RESERVE | RESET | RESET_UNDO)
    }
}

/// An allocation that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allocated {
    /// The pages reserved or committed: the base and size to report.
    pub range: PageRange,
    /// What the page tables need.
    pub change: Change,
}

impl Regions {
    /// Reserves, commits or both. A commitment at no address reserves too.
    pub fn allocate(&mut self, request: &AllocateRequest) -> Result<Allocated, VmError> {
        if request.size_bytes == 0 {
            return Err(VmError::InvalidParameter(Parameter::Fourth));
        }
        let asked = request.allocation_type;
        if asked.has(RESET | RESET_UNDO) {
            return self.reset(request.address, request.size_bytes);
        }
        check_private(request.protection)?;
        check_kind(request)?;
        if request.commits_only() {
            return self.commit(request.address, request.size_bytes, request.protection);
        }
        let wanted = self.user_range(request.address, request.size_bytes, Parameter::Fourth)?;
        let (kind, place) = (kind(request)?, self.place_for(request, wanted)?);
        let state = if asked.has(COMMIT) {
            State::Committed(request.protection)
        } else {
            State::Reserved
        };
        let size_pages = match place {
            Place::At(start) => wanted.end.pages_since(start),
            _ => wanted.size_pages(),
        };
        let range = self.place(place, size_pages, kind, request.protection, state)?;
        Ok(Allocated {
            range,
            change: Change::None,
        })
    }

    fn place_for(&self, request: &AllocateRequest, wanted: PageRange) -> Result<Place, VmError> {
        if request.allocation_type.has(REPLACE_PLACEHOLDER) {
            return match wanted.start.address() == request.address && request.address != 0 {
                true => Ok(Place::Placeholder(wanted.start)),
                false => Err(VmError::ConflictingAddresses),
            };
        }
        if request.address == 0 {
            let top_down = request.allocation_type.has(TOP_DOWN);
            return Ok(Place::anywhere(request.span, top_down));
        }
        let start = wanted.start.granule_down();
        if start < self.bounds().start {
            return Err(VmError::InvalidParameter(Parameter::Second));
        }
        Ok(Place::At(start))
    }

    /// `MEM_RESET`, `MEM_RESET_UNDO`: the whole pages in the range need not keep
    /// what they hold, or need it after all. They always keep it here: only what
    /// would be written to a page file is lost by a reset, and nothing is. Source:
    /// Microsoft's page on `VirtualAlloc`.
    fn reset(&self, address: u64, size_bytes: u64) -> Result<Allocated, VmError> {
        let range = self.user_range(address, size_bytes, Parameter::Fourth)?;
        let allocation = self
            .allocation(range.start)
            .filter(|allocation| allocation.range.covers(range))
            .ok_or(VmError::ConflictingAddresses)?;
        let kind = allocation.run.kind;
        if !kind.is_own() && !matches!(kind, Kind::Mapped { .. }) {
            return Err(VmError::ConflictingAddresses);
        }
        let starts_whole = range.start.address() == address;
        let first = range.start.plus(u64::from(!starts_whole));
        let end = Page::containing(address.saturating_add(size_bytes));
        Ok(Allocated {
            range: PageRange::new(first, end.max(first)),
            change: Change::None,
        })
    }
}

/// Refuses what large pages and windows for physical pages cannot be.
fn check_kind(request: &AllocateRequest) -> Result<(), VmError> {
    let asked = request.allocation_type;
    if asked.has(PHYSICAL) && request.protection != Protection::READ_WRITE {
        return Err(VmError::InvalidParameter(Parameter::Sixth));
    }
    if !asked.has(LARGE_PAGES) {
        return Ok(());
    }
    let is_aligned = |number: u64| number.is_multiple_of(LARGE_PAGE_BYTES);
    match is_aligned(request.address) && is_aligned(request.size_bytes) {
        true => Err(VmError::NoLargePages),
        false => Err(VmError::InvalidParameter(Parameter::Unnumbered)),
    }
}

/// What kind of allocation is asked for.
fn kind(request: &AllocateRequest) -> Result<Kind, VmError> {
    let asked = request.allocation_type;
    if asked.has(WRITE_WATCH) {
        return Ok(Kind::Watched);
    }
    if asked.has(PHYSICAL) {
        return Ok(Kind::Window);
    }
    if !asked.has(RESERVE_PLACEHOLDER) {
        return Ok(Kind::Private);
    }
    match request.protection == Protection::NO_ACCESS {
        true => Ok(Kind::Placeholder),
        false => Err(VmError::InvalidParameter(Parameter::Unnumbered)),
    }
}

/// Refuses protections that private memory cannot have.
pub(super) const fn check_private(protection: Protection) -> Result<(), VmError> {
    if protection.is_copy_on_write() {
        return Err(VmError::InvalidPageProtection);
    }
    Ok(())
}
