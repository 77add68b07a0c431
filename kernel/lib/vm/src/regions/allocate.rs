//! `NtAllocateVirtualMemory`: what is asked for, and which operation it is.
//!
//! Facts: Microsoft's page on the call; ReactOS's and Wine's tests of it.

use super::{Change, Kind, Place, Regions, State};
use crate::{Page, PageRange, Parameter, Protection, VmError};

/// What `AllocationType` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocationType {
    /// Take addresses.
    reserve: bool,
    /// Make pages usable.
    commit: bool,
    /// Search from the highest address down.
    top_down: bool,
}

/// `MEM_COMMIT`, `MEM_RESERVE`, `MEM_TOP_DOWN` (NT `winnt.h`).
const COMMIT: u32 = 0x1000;
const RESERVE: u32 = 0x2000;
const TOP_DOWN: u32 = 0x10_0000;
/// `MEM_RESET`, `MEM_WRITE_WATCH`, `MEM_PHYSICAL`, `MEM_RESET_UNDO`,
/// `MEM_LARGE_PAGES`: known to NT, not offered.
const NOT_OFFERED: u32 = 0x0008_0000 | 0x0020_0000 | 0x0040_0000 | 0x0100_0000 | 0x2000_0000;

impl AllocationType {
    /// Checks the number a program passed.
    pub const fn from_nt(number: u32) -> Result<Self, VmError> {
        let known = COMMIT | RESERVE | TOP_DOWN | NOT_OFFERED;
        if number & !known != 0 || number & !TOP_DOWN == 0 {
            return Err(VmError::InvalidParameter(Parameter::Fifth));
        }
        if number & NOT_OFFERED != 0 {
            return Err(VmError::NotSupported);
        }
        Ok(Self {
            reserve: number & RESERVE != 0,
            commit: number & COMMIT != 0,
            top_down: number & TOP_DOWN != 0,
        })
    }
}

/// The arguments of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocateRequest {
    /// Where; 0 for anywhere.
    pub address: u64,
    /// Limit on where "anywhere" may be: how many high bits of a 32-bit
    /// address must be 0, or above 31, a mask whose highest bit is the
    /// highest that may be set; 0 for no limit.
    pub zero_bits: u64,
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
        self.address != 0 && !self.allocation_type.reserve
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
        let anywhere = Place::anywhere(request.zero_bits, request.allocation_type.top_down)?;
        if request.size_bytes == 0 {
            return Err(VmError::InvalidParameter(Parameter::Fourth));
        }
        check_private(request.protection)?;
        let asked = request.allocation_type;
        if request.commits_only() {
            return self.commit(request.address, request.size_bytes, request.protection);
        }
        let wanted = self.user_range(request.address, request.size_bytes, Parameter::Fourth)?;
        let start = wanted.start.granule_down();
        let place = if request.address != 0 {
            if start < self.bounds().start {
                return Err(VmError::InvalidParameter(Parameter::Second));
            }
            Place::At(start)
        } else {
            anywhere
        };
        let state = if asked.commit {
            State::Committed(request.protection)
        } else {
            State::Reserved
        };
        let size_pages = wanted.end.pages_since(start);
        let range = self.place(place, size_pages, Kind::Private, request.protection, state)?;
        Ok(Allocated {
            range,
            change: Change::None,
        })
    }
}

/// Refuses protections that private memory cannot have.
pub(super) const fn check_private(protection: Protection) -> Result<(), VmError> {
    if protection.is_copy_on_write() {
        return Err(VmError::InvalidPageProtection);
    }
    if protection.is_writable_and_executable() {
        return Err(VmError::WritableAndExecutable);
    }
    Ok(())
}

/// The first page that `zero_bits` forbids.
pub(super) fn limit(zero_bits: u64) -> Result<Page, VmError> {
    let highest = match zero_bits {
        0 => u64::MAX,
        1..=21 => u64::from(u32::MAX >> zero_bits),
        22..=31 => return Err(VmError::InvalidParameter(Parameter::Third)),
        mask => u64::MAX >> mask.leading_zeros(),
    };
    Ok(Page::containing(highest).plus(1))
}
