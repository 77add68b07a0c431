//! The virtual-memory calls, and memory that a program owns.
use crate::call;
use abi::NtStatus;
use abi::io::CURRENT_PROCESS;
use abi::memory::{MEM_COMMIT, MEM_DECOMMIT, MEM_RELEASE, MEM_RESERVE, MemoryBasicInformation};
use abi::memory::{MEMORY_BASIC_INFORMATION, PAGE_READWRITE};
use core::arch::asm;
use zerocopy::{FromZeros, IntoBytes};

/// A range as the calls return it: first address and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// First address.
    pub base: u64,
    /// Bytes.
    pub size_bytes: u64,
}

/// `NtAllocateVirtualMemory` at `base`, or anywhere when it is 0.
pub fn allocate(
    base: u64,
    size_bytes: u64,
    allocation_type: u32,
    protection: u32,
) -> Result<Range, NtStatus> {
    let mut range = Range { base, size_bytes };
    // SAFETY: adds memory, changes `range` only.
    let status = unsafe {
        call::nt_allocate_virtual_memory(
            CURRENT_PROCESS,
            &raw mut range.base as u64,
            0,
            &raw mut range.size_bytes as u64,
            allocation_type.into(),
            protection.into(),
        )
    };
    result(status, range)
}

/// `NtFreeVirtualMemory`.
///
/// # Safety
/// Nothing uses the range.
pub unsafe fn free(base: u64, size_bytes: u64, free_type: u32) -> Result<Range, NtStatus> {
    let mut range = Range { base, size_bytes };
    // SAFETY: the caller's promise; otherwise changes `range` only.
    let status = unsafe {
        call::nt_free_virtual_memory(
            CURRENT_PROCESS,
            &raw mut range.base as u64,
            &raw mut range.size_bytes as u64,
            free_type.into(),
        )
    };
    result(status, range)
}

/// `NtProtectVirtualMemory`; returns the range and its old protection.
///
/// # Safety
/// Nothing uses the range in a way that the new protection forbids.
pub unsafe fn protect(
    base: u64,
    size_bytes: u64,
    protection: u32,
) -> Result<(Range, u32), NtStatus> {
    let mut range = Range { base, size_bytes };
    let mut old = 0_u32;
    // SAFETY: the caller's promise; otherwise changes `range` and `old` only.
    let status = unsafe {
        call::nt_protect_virtual_memory(
            CURRENT_PROCESS,
            &raw mut range.base as u64,
            &raw mut range.size_bytes as u64,
            protection.into(),
            &raw mut old as u64,
        )
    };
    result(status, (range, old))
}

/// `NtQueryVirtualMemory`, basic information.
pub fn query(address: u64) -> Result<MemoryBasicInformation, NtStatus> {
    let mut information = MemoryBasicInformation::new_zeroed();
    // SAFETY: writes `information` only.
    let status = unsafe {
        call::nt_query_virtual_memory(
            CURRENT_PROCESS,
            address,
            MEMORY_BASIC_INFORMATION.into(),
            &raw mut information as u64,
            size_of::<MemoryBasicInformation>() as u64,
            0,
        )
    };
    result(status, information)
}

fn result<T>(status: NtStatus, value: T) -> Result<T, NtStatus> {
    status.is_success().then_some(value).ok_or(status)
}

/// A reservation that one owner reads and writes, and frees.
///
/// Touching a page of it that is not committed ends the process.
pub struct Memory {
    range: Range,
}

impl Memory {
    /// Reserves addresses; costs no memory.
    pub fn reserve(size_bytes: u64) -> Result<Self, NtStatus> {
        let range = allocate(0, size_bytes, MEM_RESERVE, PAGE_READWRITE)?;
        Ok(Self { range })
    }

    /// Reserves and commits in one call.
    pub fn committed(size_bytes: u64) -> Result<Self, NtStatus> {
        let range = allocate(0, size_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)?;
        Ok(Self { range })
    }

    /// First address and size.
    #[must_use]
    pub fn range(&self) -> Range {
        self.range
    }

    /// Commits part of it for reading and writing.
    pub fn commit(&self, offset: u64, size_bytes: u64) -> Result<Range, NtStatus> {
        allocate(self.address(offset), size_bytes, MEM_COMMIT, PAGE_READWRITE)
    }

    /// Takes back part of it; what it held is lost.
    pub fn decommit(&mut self, offset: u64, size_bytes: u64) -> Result<Range, NtStatus> {
        // SAFETY: the memory is only reached through `self`.
        unsafe { free(self.address(offset), size_bytes, MEM_DECOMMIT) }
    }

    /// Reads a byte.
    #[must_use]
    pub fn read(&self, offset: u64) -> u8 {
        // SAFETY: inside the reservation, which only `self` reaches; without a
        // committed page the process ends.
        unsafe { (self.address(offset) as *const u8).read_volatile() }
    }

    /// Writes a byte.
    pub fn write(&mut self, offset: u64, value: u8) {
        // SAFETY: as for reading.
        unsafe { (self.address(offset) as *mut u8).write_volatile(value) }
    }

    /// Fills so many words with a value by one instruction; where it stopped, and how
    /// many words it had left.
    pub fn fill(&mut self, offset: u64, words: u64, value: u64) -> (u64, u64) {
        let (mut place, mut left) = (self.address(offset), words);
        let _ = self.address(offset + words * size_of::<u64>() as u64 - 1);
        // SAFETY: inside the reservation, which only `self` reaches.
        unsafe {
            core::arch::asm!("rep stosq", inout("rdi") place, inout("rcx") left, in("rax") value,
                options(nostack, preserves_flags));
        }
        (place - self.address(0), left)
    }

    /// All of its words; a page that is not committed ends the process.
    pub fn words(&mut self) -> &mut [u64] {
        let words = self.range.size_bytes as usize / size_of::<u64>();
        // SAFETY: the reservation, which only `self` reaches; it begins at a page.
        unsafe { core::slice::from_raw_parts_mut(self.range.base as *mut u64, words) }
    }

    /// All of its bytes.
    pub fn bytes(&mut self) -> &mut [u8] {
        self.words().as_mut_bytes()
    }

    /// Copies as much of another as there is of both, word by word.
    pub fn copy_from(&mut self, other: &Self) {
        let words = self.range.size_bytes.min(other.range.size_bytes) / 8;
        // SAFETY: both hold so many words, and no other reaches them.
        unsafe {
            asm!("rep movsq", inout("rcx") words => _, inout("rdi") self.range.base => _,
                inout("rsi") other.range.base => _, options(nostack, preserves_flags));
        }
    }

    /// Gives everything back.
    pub fn release(self) -> Result<Range, NtStatus> {
        // SAFETY: the memory is only reached through `self`, which ends here.
        unsafe { free(self.range.base, 0, MEM_RELEASE) }
    }

    fn address(&self, offset: u64) -> u64 {
        assert!(offset < self.range.size_bytes, "offset outside the memory");
        self.range.base + offset
    }
}
