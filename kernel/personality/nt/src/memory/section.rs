//! Sections.

use abi::NtStatus;
use abi::access::SECTION_QUERY;
use abi::section::{
    SEC_COMMIT, SEC_IMAGE, SEC_NO_CHANGE, SEC_NOCACHE, SEC_RESERVE, SEC_WRITECOMBINE,
    SECTION_BASIC_INFORMATION, SECTION_IMAGE_INFORMATION, SectionBasicInformation,
};
use executive::memory::Section;
use executive::memory::section::Content;
use executive::object::{Object, ObjectKind};
use vm::Protection;
use zerocopy::FromZeros;

use super::{WideQuery, invalid};
use crate::call::{Call, Outcome, read, refused};
use crate::image;

/// NtCreateSection(section, access, attributes, size, protection, allocation
/// attributes, file)
pub(crate) fn nt_create_section(call: &Call<'_>) -> Outcome {
    // How memory is cached makes no difference that a program could see.
    const HARMLESS: u32 = SEC_NOCACHE | SEC_WRITECOMBINE | SEC_NO_CHANGE;
    let new = call.new_handle(ObjectKind::Section)?;
    let (size_at, protection, allocation) = (call.word(3)?, call.value32(4)?, call.value32(5)?);
    let protection = Protection::from_nt(protection).map_err(invalid)?;
    if protection.is_guard() || protection == Protection::NO_ACCESS {
        return Err(NtStatus::INVALID_PAGE_PROTECTION);
    }
    let is_reserved = match allocation & !HARMLESS {
        SEC_COMMIT => false,
        SEC_RESERVE => true,
        SEC_IMAGE if call.word(6)? == 0 => return Err(NtStatus::INVALID_FILE_FOR_SECTION),
        SEC_IMAGE => false,
        _ => return Err(NtStatus::INVALID_PARAMETER_6),
    };
    if call.word(6)? != 0 {
        // Of whatever type it is, it is no file.
        call.found(6)?;
        return Err(NtStatus::OBJECT_TYPE_MISMATCH);
    }
    let size = match size_at {
        0 => 0,
        address => read::<i64>(address)?,
    };
    let size_bytes = u64::try_from(size).map_err(|_| NtStatus::SECTION_TOO_BIG)?;
    if size_bytes == 0 {
        return Err(NtStatus::INVALID_PARAMETER_4);
    }
    new.create(call, || {
        let section = Section::of_page_file(size_bytes, protection, is_reserved);
        Ok(Object::Section(section.map_err(refused)?))
    })
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
        SECTION_IMAGE_INFORMATION => query.answer(|| match section()?.content() {
            Content::Image(image) => Ok(image::information(image)),
            Content::PageFile(_) => Err(NtStatus::SECTION_NOT_IMAGE),
        }),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

fn basic(section: &Section) -> SectionBasicInformation {
    let mut information = SectionBasicInformation::new_zeroed();
    information.allocation_attributes = match section.content() {
        Content::Image(_) => SEC_IMAGE | abi::section::SEC_FILE,
        Content::PageFile(file) if file.is_reserved() => SEC_RESERVE,
        Content::PageFile(_) => SEC_COMMIT,
    };
    let size = i64::try_from(section.size_bytes()).unwrap_or(i64::MAX);
    information.maximum_size_bytes = size;
    information
}
