//! Why boot information is refused, in sentences.

use core::fmt;

use crate::MODULES_MAX;
use crate::memory::RANGES_MAX;
use crate::text::COMMAND_LINE_MAX_BYTES;

/// A fault in the boot information that the kernel cannot work around.
///
/// Its `Display` says what is wrong, whose fault it is and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BootError {
    /// The multiboot2 information is not at an address divisible by 8.
    Misaligned,
    /// The multiboot2 information states an impossible size.
    InformationSize {
        /// What its header says.
        stated_bytes: u32,
        /// How many bytes there are.
        available_bytes: usize,
    },
    /// A multiboot2 tag has an impossible size.
    TagSize {
        /// The tag's number.
        tag: u32,
        /// What its header says.
        size_bytes: u32,
        /// Where it starts in the information.
        offset_bytes: usize,
    },
    /// The multiboot2 tags stop without an end tag.
    NoEndTag,
    /// Memory map entries are not laid out as this kernel reads them.
    MemoryEntrySize {
        /// The stated size of one entry.
        size_bytes: u32,
    },
    /// There is no memory map.
    NoMemoryMap,
    /// The memory map has no usable memory.
    NoUsableMemory,
    /// The memory map has more separate ranges than the kernel keeps.
    TooManyRanges,
    /// There are more modules than the kernel keeps.
    TooManyModules,
    /// A module ends before it starts.
    ModuleEndsBeforeStart {
        /// Stated start address.
        start: u64,
        /// Stated end address.
        end: u64,
    },
    /// A module is not in memory.
    ModuleOutsideMemory {
        /// Stated start address.
        start: u64,
        /// Stated end address.
        end: u64,
    },
    /// A text is not UTF-8.
    TextNotUtf8 {
        /// Which text.
        text: &'static str,
        /// Its first bad byte.
        offset_bytes: usize,
    },
    /// A text has no zero byte at its end.
    TextNotEnded {
        /// Which text.
        text: &'static str,
    },
    /// A text is longer than the kernel accepts.
    TextTooLong {
        /// Which text.
        text: &'static str,
    },
    /// The PVH start information does not begin with its magic number.
    PvhMagic {
        /// What was found.
        found: u32,
    },
    /// The PVH start information is too old to hold a memory map.
    PvhVersion {
        /// What was found.
        found: u32,
    },
    /// A PVH structure lies where nothing can be read.
    PvhUnreadable {
        /// Which structure.
        structure: &'static str,
        /// Its physical address.
        address: u64,
    },
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Misaligned => f.write_str(
                "the boot loader put the multiboot2 information at an address not divisible by 8; \
                 use a boot loader that follows the multiboot2 specification",
            ),
            Self::InformationSize {
                stated_bytes,
                available_bytes,
            } => write!(
                f,
                "the boot loader says its multiboot2 information has {stated_bytes} bytes, where \
                 {available_bytes} can be read; use another boot loader or version"
            ),
            Self::TagSize {
                tag,
                size_bytes,
                offset_bytes,
            } => write!(
                f,
                "the boot loader's multiboot2 tag {tag} at offset {offset_bytes} states an \
                 impossible size of {size_bytes} bytes; use another boot loader or version"
            ),
            Self::NoEndTag => f.write_str(
                "the boot loader's multiboot2 information has no end tag; use another boot loader \
                 or version",
            ),
            Self::MemoryEntrySize { size_bytes } => write!(
                f,
                "the boot loader's memory map has entries of {size_bytes} bytes, and this kernel \
                 reads entries of 24; use GRUB 2"
            ),
            Self::NoMemoryMap => {
                f.write_str("the boot loader gave no memory map; use GRUB 2, or QEMU 4.0 or newer")
            }
            Self::NoUsableMemory => f.write_str(
                "the boot loader's memory map has no usable memory; give the machine more memory",
            ),
            Self::TooManyRanges => write!(
                f,
                "the firmware's memory map has more than {RANGES_MAX} separate ranges, the most \
                 this kernel keeps; report it with the map (GRUB's command lsmmap)"
            ),
            Self::TooManyModules => write!(
                f,
                "more than {MODULES_MAX} modules were given; list fewer in the boot \
                 configuration"
            ),
            Self::ModuleEndsBeforeStart { start, end } => write!(
                f,
                "the boot loader gave a module that starts at {start:#x} and ends before that, at \
                 {end:#x}; use another boot loader or version"
            ),
            Self::ModuleOutsideMemory { start, end } => write!(
                f,
                "the boot loader gave a module at {start:#x} to {end:#x}, which its own memory \
                 map does not call memory; give the machine more memory or use another boot \
                 loader"
            ),
            Self::TextNotUtf8 { text, offset_bytes } => write!(
                f,
                "the {text} is not UTF-8 from its byte {offset_bytes} on; write it in UTF-8 in \
                 the boot configuration"
            ),
            Self::TextNotEnded { text } => write!(
                f,
                "the {text} has no zero byte at its end, a fault of the boot loader; use another \
                 boot loader or version"
            ),
            Self::TextTooLong { text } => write!(
                f,
                "the {text} is longer than {COMMAND_LINE_MAX_BYTES} bytes; shorten it in the boot \
                 configuration"
            ),
            Self::PvhMagic { found } => write!(
                f,
                "the PVH start information begins with {found:#010x} instead of 0x336ec578; start \
                 the kernel with GRUB, or with QEMU's -kernel"
            ),
            Self::PvhVersion { found } => write!(
                f,
                "the PVH start information has version {found}, which holds no memory map; \
                 version 1 is needed: use QEMU 4.0 or newer"
            ),
            Self::PvhUnreadable { structure, address } => write!(
                f,
                "the PVH {structure} is said to be at {address:#x}, where no memory can be read; \
                 use another version of QEMU"
            ),
        }
    }
}

impl core::error::Error for BootError {}
