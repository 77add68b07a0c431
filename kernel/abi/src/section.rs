//! Numbers and structures of sections and views (NT `winnt.h`, `wdm.h`).

/// Views are at one address in all processes.
pub const SEC_BASED: u32 = 0x20_0000;
/// Views keep their protection.
pub const SEC_NO_CHANGE: u32 = 0x40_0000;
/// Of a file; an answer only.
pub const SEC_FILE: u32 = 0x80_0000;
/// Of an image, whose sections are mapped as its headers say.
pub const SEC_IMAGE: u32 = 0x100_0000;
/// Of a signed image.
pub const SEC_PROTECTED_IMAGE: u32 = 0x200_0000;
/// Without a file: pages are committed later.
pub const SEC_RESERVE: u32 = 0x400_0000;
/// Without a file: pages are committed.
pub const SEC_COMMIT: u32 = 0x800_0000;
/// Not cached.
pub const SEC_NOCACHE: u32 = 0x1000_0000;
/// An image that is not executed.
pub const SEC_IMAGE_NO_EXECUTE: u32 = 0x1100_0000;
/// For all processes.
pub const SEC_GLOBAL: u32 = 0x2000_0000;
/// Write combining.
pub const SEC_WRITECOMBINE: u32 = 0x4000_0000;
/// Of large pages.
pub const SEC_LARGE_PAGES: u32 = 0x8000_0000;

/// `SECTION_INHERIT`: a copy of the process has the view too.
pub const VIEW_SHARE: u32 = 1;
/// `SECTION_INHERIT`: a copy of the process does not have it.
pub const VIEW_UNMAP: u32 = 2;

/// Class of `NtQuerySection`: [`SectionBasicInformation`].
pub const SECTION_BASIC_INFORMATION: u32 = 0;
/// Class of `NtQuerySection`: [`SectionImageInformation`].
pub const SECTION_IMAGE_INFORMATION: u32 = 1;
/// Class of `NtQuerySection`: how far the image is moved, 8 bytes.
pub const SECTION_RELOCATION_INFORMATION: u32 = 2;
/// Class of `NtQuerySection`: the address it was built for, 8 bytes.
pub const SECTION_ORIGINAL_BASE_INFORMATION: u32 = 3;
/// Class of `NtQuerySection`: [`SectionInternalImageInformation`].
pub const SECTION_INTERNAL_IMAGE_INFORMATION: u32 = 4;

layout! {
    /// `SECTION_BASIC_INFORMATION` (phnt `ntmmapi.h`).
    pub struct SectionBasicInformation, size 0x18 {
        /// Of a [`SEC_BASED`] section; otherwise 0.
        0x00 base_address: u64,
        /// `SEC_*`.
        0x08 allocation_attributes: u32,
        /// Padding.
        0x0c reserved_0c: u32,
        /// Its size.
        0x10 maximum_size_bytes: i64,
    }
}

/// `image_flags`: .NET without code for a processor.
pub const IMAGE_COM_PLUS_NATIVE_READY: u32 = 0x1;
/// `image_flags`: .NET only.
pub const IMAGE_COM_PLUS_IL_ONLY: u32 = 0x2;
/// `image_flags`: it can be moved and is.
pub const IMAGE_DYNAMICALLY_RELOCATED: u32 = 0x4;
/// `image_flags`: pages are as in the file.
pub const IMAGE_MAPPED_FLAT: u32 = 0x8;

layout! {
    /// `SECTION_IMAGE_INFORMATION` (W 3.11).
    pub struct SectionImageInformation, size 0x40 {
        /// The entry point, where the image is mapped.
        0x00 transfer_address: u64,
        /// 0.
        0x08 zero_bits: u32,
        /// Padding.
        0x0c reserved_0c: u32,
        /// From the optional header.
        0x10 maximum_stack_bytes: u64,
        /// From the optional header.
        0x18 committed_stack_bytes: u64,
        /// From the optional header.
        0x20 subsystem: u32,
        /// From the optional header.
        0x24 minor_subsystem_version: u16,
        /// From the optional header.
        0x26 major_subsystem_version: u16,
        /// From the optional header.
        0x28 major_system_version: u16,
        /// From the optional header.
        0x2a minor_system_version: u16,
        /// From the file header.
        0x2c image_characteristics: u16,
        /// From the optional header.
        0x2e dll_characteristics: u16,
        /// From the file header.
        0x30 machine: u16,
        /// Whether it has code.
        0x32 contains_code: u8,
        /// `IMAGE_*` above.
        0x33 image_flags: u8,
        /// Not 0 for .NET.
        0x34 loader_flags: u32,
        /// Size of the file.
        0x38 image_file_bytes: u32,
        /// From the optional header.
        0x3c checksum: u32,
    }
}

layout! {
    /// `SECTION_INTERNAL_IMAGE_INFORMATION` (phnt `ntmmapi.h`).
    pub struct SectionInternalImageInformation, size 0x48 {
        /// As without it.
        0x00 image: SectionImageInformation,
        /// Bit 0: it can be exported to enclaves.
        0x40 extended_flags: u32,
        /// Padding.
        0x44 reserved_44: u32,
    }
}
