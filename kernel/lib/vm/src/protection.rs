//! NT page protections, and what they allow.
//!
//! A [`Protection`] is one of the eight basic protections, with or without
//! the guard modifier; no other value can exist. A page may be given one that
//! is both writable and executable; its entry in the page tables still never is
//! (see [`crate::fault`]).

#[cfg(test)]
mod tests;

use crate::VmError;

/// What an instruction wants of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Load.
    Read,
    /// Store.
    Write,
    /// Instruction fetch.
    Execute,
}

/// What a page-table entry lets user code do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Loads succeed. Without it the entry must not be present, since x86
    /// has no other way to refuse reads.
    pub read: bool,
    /// Stores succeed.
    pub write: bool,
    /// Instruction fetches succeed.
    pub execute: bool,
}

impl Rights {
    /// Nothing is allowed.
    pub const NONE: Self = Self {
        read: false,
        write: false,
        execute: false,
    };

    /// True when `access` succeeds.
    #[must_use]
    pub const fn allow(self, access: Access) -> bool {
        match access {
            Access::Read => self.read,
            Access::Write => self.write,
            Access::Execute => self.execute,
        }
    }
}

/// A valid page protection, as NT's `PAGE_*` number (NT `winnt.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protection(u16);

/// `PAGE_GUARD`.
const GUARD: u16 = 0x100;
/// `PAGE_TARGETS_INVALID`, also called `PAGE_TARGETS_NO_UPDATE`.
const TARGETS: u32 = 0x4000_0000;

impl Protection {
    /// `PAGE_NOACCESS`
    pub const NO_ACCESS: Self = Self(0x01);
    /// `PAGE_READONLY`
    pub const READ_ONLY: Self = Self(0x02);
    /// `PAGE_READWRITE`
    pub const READ_WRITE: Self = Self(0x04);
    /// `PAGE_WRITECOPY`
    pub const WRITE_COPY: Self = Self(0x08);
    /// `PAGE_EXECUTE`
    pub const EXECUTE: Self = Self(0x10);
    /// `PAGE_EXECUTE_READ`
    pub const EXECUTE_READ: Self = Self(0x20);
    /// `PAGE_EXECUTE_READWRITE`
    pub const EXECUTE_READ_WRITE: Self = Self(0x40);
    /// `PAGE_EXECUTE_WRITECOPY`
    pub const EXECUTE_WRITE_COPY: Self = Self(0x80);

    /// Checks a `PAGE_*` number from a program. `PAGE_NOCACHE`,
    /// `PAGE_WRITECOMBINE` and unknown bits are refused, as is a guard on a
    /// page without access (NT does the same). Which places of executable pages
    /// may be called indirectly is not kept, so what is said of that is only checked.
    pub const fn from_nt(number: u32) -> Result<Self, VmError> {
        const EXECUTABLE: u32 = 0xF0;
        let guard = number & GUARD as u32;
        let targets = match number & EXECUTABLE {
            0 => 0,
            _ => number & TARGETS,
        };
        match number ^ guard ^ targets {
            0x01 if guard != 0 => Err(VmError::InvalidPageProtection),
            basic @ (0x01 | 0x02 | 0x04 | 0x08 | 0x10 | 0x20 | 0x40 | 0x80) => {
                Ok(Self((basic | guard) as u16))
            }
            _ => Err(VmError::InvalidPageProtection),
        }
    }

    /// The `PAGE_*` number.
    #[must_use]
    pub const fn nt(self) -> u32 {
        self.0 as u32
    }

    /// True when the first touch must raise `STATUS_GUARD_PAGE_VIOLATION`.
    #[must_use]
    pub const fn is_guard(self) -> bool {
        self.0 & GUARD != 0
    }

    /// The same protection with the guard modifier.
    #[must_use]
    pub const fn with_guard(self) -> Self {
        Self(self.0 | GUARD)
    }

    /// The same protection without the guard modifier.
    #[must_use]
    pub const fn without_guard(self) -> Self {
        Self(self.0 & !GUARD)
    }

    /// True when a write goes to a private copy of the page.
    #[must_use]
    pub const fn is_copy_on_write(self) -> bool {
        self.0 & 0x88 != 0
    }

    /// True when a write goes to what all see.
    #[must_use]
    pub const fn writes_in_place(self) -> bool {
        self.rights().write && !self.is_copy_on_write()
    }

    /// True when the page's entry can allow but one of the two at a time.
    #[must_use]
    pub const fn is_writable_and_executable(self) -> bool {
        self.0 & 0xC0 != 0
    }

    /// What user code may do once the page is backed and the guard is gone.
    /// Execute implies read: the processor cannot separate them.
    #[must_use]
    pub const fn rights(self) -> Rights {
        Rights {
            read: self.0 & 0xFE != 0,
            write: self.0 & 0xCC != 0,
            execute: self.0 & 0xF0 != 0,
        }
    }

    /// The protection that a new view gets when a program asks for this one, of
    /// a section made with `section`. A copy can be written wherever there is
    /// something to copy. `None` when the section does not allow the access.
    #[must_use]
    pub const fn for_new_view(self, section: Self) -> Option<Self> {
        let (asked, granted) = (self.rights(), section.rights());
        if self.is_copy_on_write() && (granted.execute || !asked.execute) {
            return Some(self);
        }
        self.for_view(section)
    }

    /// The protection pages of a view get when a program asks for this one
    /// and the view was made with `allocation`: where that is copy-on-write,
    /// the section is never written in place, so writable means copied.
    /// `None` when the view was not made for the access.
    #[must_use]
    pub const fn for_view(self, allocation: Self) -> Option<Self> {
        let (asked, granted) = (self.rights(), allocation.rights());
        if asked.write && !granted.write || asked.execute && !granted.execute {
            return None;
        }
        if !allocation.is_copy_on_write() {
            return Some(self);
        }
        match self.0 & !GUARD {
            0x04 => Some(Self(Self::WRITE_COPY.0 | self.0 & GUARD)),
            0x40 => Some(Self(Self::EXECUTE_WRITE_COPY.0 | self.0 & GUARD)),
            _ => Some(self),
        }
    }
}
