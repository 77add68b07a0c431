//! The number a program knows an object by, and why it is refused.

use core::fmt;

/// Bits of a handle that programs may use as they like (NT `OBJ_HANDLE_TAGBITS`).
const TAG_BITS: u32 = 2;
/// Bits that say which slot of the table.
const SLOT_BITS: u32 = 20;
/// Bits that say which use of the slot.
const GENERATION_BITS: u32 = 9;

const SLOT_MASK: u32 = (1 << SLOT_BITS) - 1;
const GENERATION_MASK: u32 = (1 << GENERATION_BITS) - 1;

// Programs keep handles in signed 32-bit variables and sign-extend them.
const _: () = assert!(TAG_BITS + SLOT_BITS + GENERATION_BITS == 31);

/// The highest slot there can be. Slot 0 is none, so that no handle is 0.
pub(crate) const LAST_SLOT: u32 = SLOT_MASK;

/// A value that may name an entry of a handle table: a multiple of 4 from 4
/// up to `0x7FFF_FFFC`.
///
/// It is four times (slot + generation * 2^20). Slots count from 1 and a new
/// slot has generation 0, so handles begin as 4, 8, 12; each close moves the
/// slot to its next generation, so a closed handle is not valid again before
/// its slot has been used 512 times.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(u32);

impl Handle {
    /// The handle in what a program passed. The two low bits are ignored, as
    /// NT does. `None` if no table could have an entry of this value: none of
    /// the upper 29 bits is set, or one above the 31st (a pseudo handle).
    #[inline]
    #[must_use]
    pub const fn from_u64(value: u64) -> Option<Self> {
        if value >> 31 != 0 || value >> TAG_BITS == 0 {
            return None;
        }
        Some(Self(value as u32 & !((1 << TAG_BITS) - 1)))
    }

    /// The value a program sees.
    #[inline]
    #[must_use]
    pub const fn to_u64(self) -> u64 {
        self.0 as u64
    }

    /// The handle of this use of this slot.
    #[inline]
    pub(crate) const fn new(slot: u32, generation: u32) -> Self {
        let number = slot & SLOT_MASK | (generation & GENERATION_MASK) << SLOT_BITS;
        Self(number << TAG_BITS)
    }

    /// Which slot; 0 if it names none.
    #[inline]
    pub(crate) const fn slot(self) -> u32 {
        self.0 >> TAG_BITS & SLOT_MASK
    }

    /// Which use of the slot.
    #[inline]
    pub(crate) const fn generation(self) -> u32 {
        self.0 >> (TAG_BITS + SLOT_BITS)
    }
}

/// The generation after this one.
pub(crate) const fn next_generation(generation: u32) -> u32 {
    generation.wrapping_add(1) & GENERATION_MASK
}

impl fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Handle({self})")
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:#x}", self.0)
    }
}

/// Why an operation on a handle table was refused. Nothing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandleError {
    /// The caller's fault: the handle names no entry, or one closed since.
    Invalid,
    /// The caller's fault: the entry is protected from close.
    NotClosable,
    /// Exhaustion: the table holds as many entries as it may.
    TooMany,
    /// Exhaustion: the kernel has no memory for a larger table.
    NoMemory,
    /// The kernel's fault: an entry was to be put at a handle whose slot, or
    /// a higher one, has been used already.
    Internal,
}

impl HandleError {
    /// The `NTSTATUS` of the refusal (NT `ntstatus.h`).
    #[must_use]
    pub const fn status_code(self) -> u32 {
        match self {
            Self::Invalid => 0xC000_0008,
            Self::NotClosable => 0xC000_0235,
            Self::TooMany | Self::NoMemory => 0xC000_009A,
            Self::Internal => 0xC000_00E5,
        }
    }
}

impl fmt::Display for HandleError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Invalid => "the program's handle names nothing, or was closed",
            Self::NotClosable => "the program closes a handle it protected from close",
            Self::TooMany => "the process has all the handles it may have",
            Self::NoMemory => "kernel memory for a larger handle table is exhausted",
            Self::Internal => "a bug of the kernel: handles are inherited out of order",
        })
    }
}
