//! Where each part of the image lies, in memory and in the file.

use core::iter;

use pe_parser::section::SectionFlags;

use crate::headers::{Headers, SECTOR_BYTES};
use crate::records::SectionHeader;
use crate::{Name, PeError};

/// Size of a page, in bytes.
pub const PAGE_BYTES: u32 = 0x1000;

/// One page's bytes.
pub type Page = [u8; PAGE_BYTES as usize];

/// What a program may do with a page. Never both `write` and `execute`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protection {
    /// Read; implied by the other two, as the processor has it.
    pub read: bool,
    /// Write, to a private copy.
    pub write: bool,
    /// Execute.
    pub execute: bool,
}

/// A run of pages with one protection: the headers or one section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The section's name; empty for the headers.
    pub name: Name<'a>,
    /// Index of the first page, counted from the image base.
    pub first_page: u32,
    /// Number of pages, at least 1.
    pub page_count: u32,
    /// Where its bytes begin in the file.
    pub file_offset: u32,
    /// How many bytes the file has for it; zeros follow to the end of the
    /// last page. Never more than the pages hold.
    pub file_bytes: u32,
    /// Final protection of every page.
    pub protection: Protection,
}

/// The file with checked headers and sections.
#[derive(Clone, Copy)]
pub(crate) struct Layout<'a> {
    pub file: &'a [u8],
    pub headers: Headers,
    /// In ascending order of `rva`, without overlap and none of them empty.
    pub sections: &'a [SectionHeader],
}

impl<'a> Layout<'a> {
    pub fn parse(file: &'a [u8]) -> Result<Self, PeError> {
        let (headers, sections) = Headers::parse(file)?;
        let layout = Self {
            file,
            headers,
            sections,
        };
        layout.check_sections()?;
        Ok(layout)
    }

    /// Headers first, then the sections, in ascending order.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'a>> + use<'a> {
        iter::once(self.header_segment()).chain(self.sections.iter().map(section_segment))
    }

    /// The segment that page `page` of the image belongs to.
    pub fn segment_at(&self, page: u32) -> Option<Segment<'a>> {
        let segment = match self.section_before(page.checked_mul(PAGE_BYTES)?) {
            Some(section) => section_segment(section),
            None => self.header_segment(),
        };
        let index = page.checked_sub(segment.first_page)?;
        (index < segment.page_count).then_some(segment)
    }

    /// Whether `bytes` bytes from `rva` on lie in the pages of one section.
    #[inline]
    pub fn is_in_section(&self, rva: u32, bytes: u32) -> bool {
        let fits = || {
            let segment = section_segment(self.section_before(rva)?);
            let offset = rva.checked_sub(segment.first_page.checked_mul(PAGE_BYTES)?)?;
            let size = u64::from(segment.page_count).checked_mul(PAGE_BYTES.into())?;
            Some(u64::from(offset).checked_add(bytes.into())? <= size)
        };
        fits().unwrap_or(false)
    }

    /// The bytes of one section's data in the file from `rva` to their end.
    /// The zeros that follow in memory and the headers do not count.
    #[inline]
    pub fn data_from(&self, rva: u32) -> Option<&'a [u8]> {
        let section = self.section_before(rva)?;
        let offset = rva.checked_sub(section.rva.get())?;
        let size = data_bytes(section).min(section.virtual_bytes.get());
        let left = size.checked_sub(offset).filter(|&left| left > 0)?;
        let start = section.raw_offset.get().checked_add(offset)?;
        self.file.get(start as usize..)?.get(..left as usize)
    }

    /// `bytes` bytes of one section's data in the file.
    pub fn data(&self, rva: u32, bytes: u32) -> Option<&'a [u8]> {
        self.data_from(rva)?.get(..bytes as usize)
    }

    /// Where the first section of that name begins.
    pub fn section_named(&self, name: &[u8]) -> Option<u32> {
        let is_it = |section: &&SectionHeader| {
            let end = section.name.iter().position(|&byte| byte == 0);
            section.name.get(..end.unwrap_or(section.name.len())) == Some(name)
        };
        self.sections
            .iter()
            .find(is_it)
            .map(|section| section.rva.get())
    }

    /// The last section that begins at or below `rva`.
    pub fn section_before(&self, rva: u32) -> Option<&'a SectionHeader> {
        self.numbered_section_before(rva)
            .map(|(_, section)| section)
    }

    /// The same with its number, counted from 1.
    #[inline]
    pub fn numbered_section_before(&self, rva: u32) -> Option<(usize, &'a SectionHeader)> {
        let number = self
            .sections
            .partition_point(|section| section.rva.get() <= rva);
        let section = self.sections.get(number.checked_sub(1)?)?;
        Some((number, section))
    }

    fn header_segment(&self) -> Segment<'a> {
        let bytes = self.headers.optional.size_of_headers;
        Segment {
            name: Name::new(&[]),
            first_page: 0,
            page_count: bytes.div_ceil(PAGE_BYTES),
            file_offset: 0,
            file_bytes: bytes,
            protection: Protection {
                read: true,
                write: false,
                execute: false,
            },
        }
    }

    /// Sections follow each other and the headers without gap but alignment,
    /// as Windows demands; that also rules out overlaps.
    fn check_sections(&self) -> Result<(), PeError> {
        let optional = &self.headers.optional;
        if self.sections.is_empty() {
            return Err(PeError::NoSections);
        }
        let mut next = align(optional.size_of_headers, optional.section_alignment);
        for (number, section) in (1u32..).zip(self.sections) {
            let rva = section.rva.get();
            if next != Some(rva) {
                return Err(PeError::SectionNotAdjacent { section: number });
            }
            let bytes = memory_bytes(section);
            if bytes == 0 {
                return Err(PeError::EmptySection { section: number });
            }
            let end = rva
                .checked_add(bytes)
                .filter(|&end| end <= optional.size_of_image)
                .ok_or(PeError::SectionOutsideImage { section: number })?;
            check_section_data(section, number, self.file)?;
            check_section_flags(section, number)?;
            next = align(end, optional.section_alignment);
        }
        Ok(())
    }
}

fn check_section_data(section: &SectionHeader, number: u32, file: &[u8]) -> Result<(), PeError> {
    let bytes = data_bytes(section);
    let offset = section.raw_offset.get();
    let end = u64::from(offset).saturating_add(bytes.into());
    if bytes > 0 && end > file.len() as u64 {
        return Err(PeError::SectionOutsideFile { section: number });
    }
    if bytes > 0 && !offset.is_multiple_of(SECTOR_BYTES) {
        return Err(PeError::UnalignedSectionData { section: number });
    }
    Ok(())
}

fn check_section_flags(section: &SectionHeader, number: u32) -> Result<(), PeError> {
    let write = section.has(SectionFlags::IMAGE_SCN_MEM_WRITE);
    if write && section.has(SectionFlags::IMAGE_SCN_MEM_SHARED) {
        return Err(PeError::SharedSection { section: number });
    }
    Ok(())
}

#[inline]
fn section_segment(section: &SectionHeader) -> Segment<'_> {
    let page_count = memory_bytes(section).div_ceil(PAGE_BYTES);
    let write = section.has(SectionFlags::IMAGE_SCN_MEM_WRITE);
    let execute = section.has(SectionFlags::IMAGE_SCN_MEM_EXECUTE);
    Segment {
        name: Name::padded(&section.name),
        first_page: section.rva.get().div_euclid(PAGE_BYTES),
        page_count,
        file_offset: section.raw_offset.get(),
        file_bytes: data_bytes(section).min(page_count.saturating_mul(PAGE_BYTES)),
        protection: Protection {
            read: write || execute || section.has(SectionFlags::IMAGE_SCN_MEM_READ),
            write,
            execute,
        },
    }
}

/// Bytes the section takes in memory: its size in the file where none is stated.
fn memory_bytes(section: &SectionHeader) -> u32 {
    match section.virtual_bytes.get() {
        0 => section.raw_bytes.get(),
        bytes => bytes,
    }
}

/// Bytes the section has in the file: none if it has no place there.
fn data_bytes(section: &SectionHeader) -> u32 {
    match section.raw_offset.get() {
        0 => 0,
        _ => section.raw_bytes.get(),
    }
}

/// `value` rounded up to a power of two.
fn align(value: u32, alignment: u32) -> Option<u32> {
    value.checked_next_multiple_of(alignment)
}
