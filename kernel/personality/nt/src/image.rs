//! SECTION_IMAGE_INFORMATION: what a program file says of itself.

use abi::NtStatus;
use abi::section::SectionImageInformation;
use executive::io::File;
use executive::memory::{HeldImage, Image};
use zerocopy::FromZeros;

use crate::call::refused;

/// IMAGE_FILE_MACHINE_AMD64: the only machine there is.
pub(crate) const MACHINE: u16 = 0x8664;

/// The image that an open file is.
pub(crate) fn of_file(file: &File) -> Result<HeldImage, NtStatus> {
    let node = file
        .node()
        .map_err(|_| NtStatus::INVALID_FILE_FOR_SECTION)?;
    if node.is_directory() {
        return Err(NtStatus::INVALID_FILE_FOR_SECTION);
    }
    node.image().map_err(refused)
}

/// What an image's headers say, at its base of this boot.
pub(crate) fn information(image: &Image) -> SectionImageInformation {
    let view = image.view();
    let (major, minor) = view.subsystem_version();
    let mut information = SectionImageInformation::new_zeroed();
    information.transfer_address = image.base().wrapping_add(view.entry_point_rva().into());
    information.maximum_stack_bytes = view.stack_reserve_bytes();
    information.committed_stack_bytes = view.stack_commit_bytes();
    information.subsystem = view.subsystem().into();
    information.minor_subsystem_version = minor;
    information.major_subsystem_version = major;
    information.image_characteristics = view.characteristics();
    information.dll_characteristics = view.dll_characteristics();
    information.machine = MACHINE;
    information.contains_code = true.into();
    information.image_file_bytes = u32::try_from(image.file_bytes()).unwrap_or(u32::MAX);
    information.checksum = view.check_sum();
    information
}
