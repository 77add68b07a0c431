//! Sections.

use abi::NtStatus;
use abi::access::SECTION_QUERY;
use abi::file::{FILE_EXECUTE, FILE_READ_DATA, FILE_WRITE_DATA};
use abi::section::{
    SEC_COMMIT, SEC_IMAGE, SEC_IMAGE_NO_EXECUTE, SEC_LARGE_PAGES, SEC_NO_CHANGE, SEC_NOCACHE,
    SEC_RESERVE, SEC_WRITECOMBINE, SECTION_BASIC_INFORMATION, SECTION_IMAGE_INFORMATION,
    SECTION_INTERNAL_IMAGE_INFORMATION, SECTION_ORIGINAL_BASE_INFORMATION,
    SECTION_RELOCATION_INFORMATION, SectionBasicInformation, SectionInternalImageInformation,
};
use abi::token::SE_LOCK_MEMORY_PRIVILEGE;
use executive::io::File;
use executive::memory::section::{Committed, Content};
use executive::memory::{Image, Section};
use executive::object::{Object, ObjectKind};
use vm::{LARGE_PAGE_BYTES, Protection};
use zerocopy::FromZeros;

use super::{WideQuery, invalid};
use crate::call::{Call, Outcome, read, refused};
use crate::image;

/// NtCreateSection(section, access, attributes, size, protection, allocation
/// attributes, file)
pub(crate) fn nt_create_section(call: &Call<'_>) -> Outcome {
    // How memory is cached makes no difference that a program could see.
    const HARMLESS: u32 = SEC_NOCACHE | SEC_WRITECOMBINE | SEC_NO_CHANGE;
    const LARGE: u32 = SEC_LARGE_PAGES | SEC_COMMIT;
    let is_sealed = call.value32(5)? & SEC_NO_CHANGE != 0;
    // It shares a bit with one that is harmless.
    let executes = call.value32(5)? & SEC_IMAGE_NO_EXECUTE != SEC_IMAGE_NO_EXECUTE;
    let new = call.new_handle(ObjectKind::Section)?;
    let (size_at, protection, allocation) = (call.word(3)?, call.value32(4)?, call.value32(5)?);
    let protection = Protection::from_nt(protection).map_err(invalid)?;
    if protection.is_guard() || protection == Protection::NO_ACCESS {
        return Err(NtStatus::INVALID_PAGE_PROTECTION);
    }
    let kind = match allocation & !HARMLESS {
        SEC_COMMIT => Kind::Data { is_reserved: false },
        SEC_RESERVE => Kind::Data { is_reserved: true },
        SEC_IMAGE if executes => Kind::Image,
        SEC_IMAGE if allocation != SEC_IMAGE_NO_EXECUTE => {
            return Err(NtStatus::INVALID_PARAMETER_6);
        }
        SEC_IMAGE if protection != Protection::READ_ONLY => {
            return Err(NtStatus::INVALID_PAGE_PROTECTION);
        }
        SEC_IMAGE => Kind::ReadImage,
        LARGE if call.word(6)? == 0 => Kind::Large,
        _ => return Err(NtStatus::INVALID_PARAMETER_6),
    };
    let size = match size_at {
        0 => 0,
        address => read::<i64>(address)?,
    };
    let size_bytes = u64::try_from(size).map_err(|_| NtStatus::SECTION_TOO_BIG)?;
    let is_reserved = match (kind, call.word(6)?) {
        (Kind::Large, _) => return no_large_pages(call, size_bytes),
        (Kind::Image | Kind::ReadImage, 0) => return Err(NtStatus::INVALID_FILE_FOR_SECTION),
        (Kind::Image, _) => {
            // Loaders open programs to run them or just to read them.
            let (file, _) = call.file_for_any(6, FILE_EXECUTE | FILE_READ_DATA)?;
            return new.create(call, || of_image(&file, true));
        }
        (Kind::ReadImage, _) => {
            let file = call.file(6, FILE_READ_DATA)?;
            return new.create(call, || of_image(&file, false));
        }
        (Kind::Data { is_reserved }, 0) => is_reserved,
        (Kind::Data { .. }, _) => {
            let file = call.file(6, access_for(protection))?;
            return new.create(call, || of_file(&file, size_bytes, protection, is_sealed));
        }
    };
    if size_bytes == 0 {
        return Err(NtStatus::INVALID_PARAMETER_4);
    }
    let how = Committed {
        is_reserved,
        is_sealed,
    };
    let quota = call.process().memory().with(|space| space.quota());
    new.create(call, || {
        let section = Section::of_page_file(size_bytes, protection, how, quota);
        Ok(Object::Section(section.map_err(refused)?))
    })
}

/// What a section is to be of.
#[derive(Clone, Copy)]
enum Kind {
    Data {
        is_reserved: bool,
    },
    Image,
    /// An image whose code is only read.
    ReadImage,
    /// Large pages.
    Large,
}

/// What comes of a section of large pages, of which there are none.
fn no_large_pages(call: &Call<'_>, size_bytes: u64) -> Outcome {
    call.need_privilege(SE_LOCK_MEMORY_PRIVILEGE)?;
    match size_bytes != 0 && size_bytes.is_multiple_of(LARGE_PAGE_BYTES) {
        true => Err(NtStatus::INSUFFICIENT_RESOURCES),
        false => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// What a file's handle must allow for its views to have this protection.
fn access_for(protection: Protection) -> u32 {
    let write = match protection.writes_in_place() {
        true => FILE_READ_DATA | FILE_WRITE_DATA,
        false => FILE_READ_DATA,
    };
    match protection.rights().execute {
        // What can just be run need not be read.
        true if protection == Protection::EXECUTE => FILE_EXECUTE,
        true => write | FILE_EXECUTE,
        false => write,
    }
}

#[inline]
fn of_image(file: &File, executes: bool) -> Result<Object, NtStatus> {
    let section = Section::of_image(image::of_file(file)?, executes);
    Ok(Object::Section(section.map_err(refused)?))
}

/// A section of a data file, which grows to its size if it may.
fn of_file(
    file: &File,
    size_bytes: u64,
    protection: Protection,
    is_sealed: bool,
) -> Result<Object, NtStatus> {
    let node = file
        .node()
        .map_err(|_| NtStatus::INVALID_FILE_FOR_SECTION)?;
    let data = node
        .data()
        .map_err(|_| NtStatus::INVALID_FILE_FOR_SECTION)?;
    let size_bytes = match (data.size_bytes(), size_bytes) {
        (0, 0) => return Err(NtStatus::MAPPED_FILE_SIZE_ZERO),
        (file_bytes, 0) => file_bytes,
        (file_bytes, size_bytes) => {
            if size_bytes > file_bytes {
                if !protection.writes_in_place() {
                    return Err(NtStatus::SECTION_TOO_BIG);
                }
                node.set_size(size_bytes).map_err(refused)?;
            }
            size_bytes
        }
    };
    let section = Section::of_file(node, size_bytes, protection, is_sealed);
    Ok(Object::Section(section.map_err(refused)?))
}

/// NtOpenSection(section, access, attributes)
pub(crate) fn nt_open_section(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Section)?.open(call)
}

/// NtQuerySection(section, class, buffer, length, return length)
pub(crate) fn nt_query_section(call: &Call<'_>) -> Outcome {
    let query = WideQuery::read(call, 1)?;
    let section = || call.section(0, SECTION_QUERY);
    match query.class {
        SECTION_BASIC_INFORMATION => query.answer(|| Ok(basic(&*section()?))),
        SECTION_IMAGE_INFORMATION => {
            query.answer(|| Ok(image::information(image_of(&*section()?)?)))
        }
        SECTION_RELOCATION_INFORMATION => query.answer(|| {
            let section = section()?;
            let image = image_of(&section)?;
            Ok(image.base().wrapping_sub(image.view().image_base()))
        }),
        SECTION_ORIGINAL_BASE_INFORMATION => {
            query.answer(|| Ok(image_of(&*section()?)?.view().image_base()))
        }
        SECTION_INTERNAL_IMAGE_INFORMATION => query.answer(|| {
            let mut information = SectionInternalImageInformation::new_zeroed();
            information.image = image::information(image_of(&*section()?)?);
            Ok(information)
        }),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

fn image_of(section: &Section) -> Result<&Image, NtStatus> {
    match section.content() {
        Content::Image(image) => Ok(image),
        Content::PageFile(_) | Content::File(_) => Err(NtStatus::SECTION_NOT_IMAGE),
    }
}

fn basic(section: &Section) -> SectionBasicInformation {
    let mut information = SectionBasicInformation::new_zeroed();
    information.allocation_attributes = match section.content() {
        Content::Image(_) if section.protection().rights().execute => {
            SEC_IMAGE | abi::section::SEC_FILE
        }
        Content::Image(_) => SEC_IMAGE_NO_EXECUTE | abi::section::SEC_FILE,
        Content::PageFile(file) if file.is_reserved() => SEC_RESERVE,
        Content::PageFile(_) => SEC_COMMIT,
        Content::File(_) => abi::section::SEC_FILE,
    };
    if section.is_sealed() {
        information.allocation_attributes |= SEC_NO_CHANGE;
    }
    let size = i64::try_from(section.size_bytes()).unwrap_or(i64::MAX);
    information.maximum_size_bytes = size;
    information
}
