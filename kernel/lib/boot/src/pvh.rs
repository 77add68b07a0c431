//! Boot information from a PVH loader: QEMU's `-kernel`.
//!
//! Structures as in Xen's public header `arch-x86/hvm/start_info.h`.

use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

use crate::acpi::{AcpiRoot, ROOT_POINTER_BYTES};
use crate::memory::{MemoryKind, PAGE_BYTES};
use crate::text::{COMMAND_LINE_MAX_BYTES, text_until_zero};
use crate::{BootError, BootInfo, MODULES_MAX, Protocol, RANGES_MAX};

const MAGIC: u32 = 0x336e_c578;
/// The first version with a memory map.
const VERSION_WITH_MEMORY_MAP: u32 = 1;
/// Overlapping entries merge, so more of them can come than ranges are kept.
const MEMORY_ENTRIES_MAX: u32 = 4 * RANGES_MAX as u32;

#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct StartInfo {
    magic: U32,
    version: U32,
    flags: U32,
    module_count: U32,
    modules: U64,
    command_line: U64,
    acpi_root_pointer: U64,
    memory_map: U64,
    memory_entry_count: U32,
    reserved: U32,
}

#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct ModuleEntry {
    start: U64,
    size_bytes: U64,
    command_line: U64,
    reserved: U64,
}

#[derive(FromBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct MemoryEntry {
    start: U64,
    size_bytes: U64,
    kind: U32,
    reserved: U32,
}

/// Reads PVH start information that lies at the physical `address`.
///
/// `read` gives so many bytes at a physical address, or `None` where that is
/// not readable memory. Any content is safe.
///
/// # Errors
/// A [`BootError`] that says what the loader got wrong.
pub fn from_pvh<'a>(
    address: u64,
    read: impl Fn(u64, usize) -> Option<&'a [u8]>,
) -> Result<BootInfo<'a>, BootError> {
    let memory = Physical { read };
    let start = memory.structure::<StartInfo>(address, "start information")?;
    if start.magic.get() != MAGIC {
        return Err(BootError::PvhMagic {
            found: start.magic.get(),
        });
    }
    if start.version.get() < VERSION_WITH_MEMORY_MAP {
        return Err(BootError::PvhVersion {
            found: start.version.get(),
        });
    }
    let mut info = BootInfo::new(Protocol::Pvh);
    read_memory_map(&mut info, &memory, start)?;
    let mut own = OwnMemory::new();
    own.push(address, size_of::<StartInfo>());
    info.command_line = memory.text(start.command_line.get(), "kernel command line", &mut own)?;
    read_modules(&mut info, &memory, start, &mut own)?;
    read_acpi(&mut info, &memory, start.acpi_root_pointer.get());
    info.claim_modules()?;
    for (start, end) in own.ranges {
        info.memory.add(start, end, MemoryKind::Loaded)?;
    }
    if info.memory.usable_bytes() == 0 {
        return Err(BootError::NoUsableMemory);
    }
    Ok(info)
}

fn read_memory_map<'a, R: Fn(u64, usize) -> Option<&'a [u8]>>(
    info: &mut BootInfo<'a>,
    memory: &Physical<R>,
    start: &StartInfo,
) -> Result<(), BootError> {
    let count = start.memory_entry_count.get();
    if count == 0 || start.memory_map.get() == 0 {
        return Err(BootError::NoMemoryMap);
    }
    if count > MEMORY_ENTRIES_MAX {
        return Err(BootError::TooManyRanges);
    }
    let entries = memory.list::<MemoryEntry>(start.memory_map.get(), count, "memory map")?;
    for entry in entries {
        let first = entry.start.get();
        let end = first.saturating_add(entry.size_bytes.get());
        info.memory
            .add(first, end, MemoryKind::from_number(entry.kind.get()))?;
    }
    Ok(())
}

fn read_modules<'a, R: Fn(u64, usize) -> Option<&'a [u8]>>(
    info: &mut BootInfo<'a>,
    memory: &Physical<R>,
    start: &StartInfo,
    own: &mut OwnMemory,
) -> Result<(), BootError> {
    let count = start.module_count.get();
    if count == 0 {
        return Ok(());
    }
    if usize::try_from(count).map_or(true, |count| count > MODULES_MAX) {
        return Err(BootError::TooManyModules);
    }
    let entries = memory.list::<ModuleEntry>(start.modules.get(), count, "module list")?;
    for entry in entries {
        let first = entry.start.get();
        let end = first.saturating_add(entry.size_bytes.get());
        let text = memory.text(entry.command_line.get(), "command line of a module", own)?;
        info.add_module(first, end, text)?;
    }
    Ok(())
}

fn read_acpi<'a, R: Fn(u64, usize) -> Option<&'a [u8]>>(
    info: &mut BootInfo<'a>,
    memory: &Physical<R>,
    address: u64,
) {
    if address == 0 {
        return;
    }
    info.acpi_root = (memory.read)(address, ROOT_POINTER_BYTES).and_then(AcpiRoot::parse);
    if info.acpi_root.is_none() {
        info.warn("the ACPI root pointer is damaged and is not used");
    }
}

/// Texts whose memory must stay: the command lines, and the start information.
struct OwnMemory {
    ranges: arrayvec::ArrayVec<(u64, u64), { MODULES_MAX + 2 }>,
}

impl OwnMemory {
    fn new() -> Self {
        Self {
            ranges: arrayvec::ArrayVec::new(),
        }
    }

    fn push(&mut self, start: u64, size_bytes: usize) {
        let size = u64::try_from(size_bytes).unwrap_or(u64::MAX);
        // One for each module and two more is all that is ever pushed.
        let _ = self.ranges.try_push((start, start.saturating_add(size)));
    }
}

/// Physical memory through the caller's reader.
struct Physical<R> {
    read: R,
}

impl<'a, R: Fn(u64, usize) -> Option<&'a [u8]>> Physical<R> {
    fn structure<T>(&self, address: u64, name: &'static str) -> Result<&'a T, BootError>
    where
        T: FromBytes + Immutable + KnownLayout + Unaligned,
    {
        (self.read)(address, size_of::<T>())
            .and_then(|bytes| T::ref_from_bytes(bytes).ok())
            .ok_or(BootError::PvhUnreadable {
                structure: name,
                address,
            })
    }

    fn list<T>(&self, address: u64, count: u32, name: &'static str) -> Result<&'a [T], BootError>
    where
        T: FromBytes + Immutable + Unaligned,
    {
        usize::try_from(count)
            .ok()
            .and_then(|count| count.checked_mul(size_of::<T>()))
            .and_then(|size| (self.read)(address, size))
            .and_then(|bytes| <[T]>::ref_from_bytes(bytes).ok())
            .ok_or(BootError::PvhUnreadable {
                structure: name,
                address,
            })
    }

    /// The zero-terminated text at an address, empty at address 0. The memory
    /// it takes is noted in `own`.
    fn text(
        &self,
        address: u64,
        name: &'static str,
        own: &mut OwnMemory,
    ) -> Result<&'a str, BootError> {
        if address == 0 {
            return Ok("");
        }
        let size = self.text_size(address, name)?;
        let bytes = (self.read)(address, size).ok_or(BootError::PvhUnreadable {
            structure: name,
            address,
        })?;
        let text = text_until_zero(bytes, name)?;
        own.push(address, size);
        Ok(text)
    }

    /// Bytes of a text with its zero, found page by page, because what follows
    /// its last page may not be readable.
    fn text_size(&self, address: u64, name: &'static str) -> Result<usize, BootError> {
        let unreadable = BootError::PvhUnreadable {
            structure: name,
            address,
        };
        let mut size = 0_usize;
        while size <= COMMAND_LINE_MAX_BYTES {
            let from = u64::try_from(size)
                .ok()
                .and_then(|size| address.checked_add(size))
                .ok_or(unreadable)?;
            let left_in_page = PAGE_BYTES.saturating_sub(from % PAGE_BYTES);
            let length = usize::try_from(left_in_page).map_err(|_| unreadable)?;
            let bytes = (self.read)(from, length)
                .filter(|bytes| !bytes.is_empty())
                .ok_or(unreadable)?;
            if let Some(zero) = bytes.iter().position(|byte| *byte == 0) {
                return Ok(size.saturating_add(zero).saturating_add(1));
            }
            size = size.saturating_add(bytes.len());
        }
        Err(BootError::TextTooLong { text: name })
    }
}
