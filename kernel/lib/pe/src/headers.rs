//! DOS header, PE header and optional header, checked.

use pe_parser::coff::{Characteristics, MachineTypes};
use pe_parser::optional::{Magic, Optional, OptionalHeader64};
use zerocopy::little_endian::{U16, U32};

use crate::PeError;
use crate::layout::PAGE_BYTES;
use crate::records::{FileHeader, SectionHeader, record, records};

const DOS_HEADER_BYTES: u32 = 0x40;
const DOS_PE_OFFSET: usize = 0x3C;
const SIGNATURE_BYTES: usize = 4;
const OPTIONAL_DIRECTORY_COUNT: usize = 108;
const OPTIONAL_FIXED_BYTES: usize = 112;
const DIRECTORY_BYTES: usize = 8;
const LARGEST_DIRECTORY_COUNT: u32 = 16;
/// Offset of `ImageBase` from the PE signature.
const IMAGE_BASE_OFFSET: u32 = 48;
const IMAGE_BASE_ALIGNMENT: u64 = 0x1_0000;
pub(crate) const SECTOR_BYTES: u32 = 0x200;

/// The checked headers; directories beyond the stated count are zero.
#[derive(Clone, Copy)]
pub(crate) struct Headers {
    /// File offset, which is also the RVA, of the `ImageBase` field.
    pub image_base_rva: u32,
    pub characteristics: u16,
    /// TimeDateStamp; linkers put a hash here too.
    pub time: u32,
    pub symbol_table_offset: u32,
    pub symbol_count: u32,
    pub optional: OptionalHeader64,
}

/// As `OptionalHeader64` needs it in memory.
#[repr(align(8))]
struct Aligned([u8; size_of::<OptionalHeader64>()]);

impl Headers {
    /// Checks all that can be said without looking at the sections.
    pub fn parse(file: &[u8]) -> Result<(Self, &[SectionHeader]), PeError> {
        let offset = pe_offset(file)?;
        let start = offset as usize;
        let rest = file.get(start..).ok_or(PeError::NotPe)?;
        match rest.first_chunk::<SIGNATURE_BYTES>() {
            Some(b"PE\0\0") => {}
            Some([b'N', b'E', ..]) => return Err(PeError::NotPeButNe),
            _ => return Err(PeError::NotPe),
        }
        let header: &FileHeader = record(rest, SIGNATURE_BYTES).ok_or(PeError::TruncatedHeaders)?;
        let machine = header.machine.get();
        if machine != MachineTypes::AMD64 as u16 {
            return Err(PeError::WrongMachine { machine });
        }
        let characteristics = header.characteristics.get();
        if !has(
            characteristics,
            Characteristics::IMAGE_FILE_EXECUTABLE_IMAGE,
        ) {
            return Err(PeError::NotAnImage);
        }

        let optional_start = SIGNATURE_BYTES.saturating_add(size_of::<FileHeader>());
        let optional_bytes = header.optional_header_bytes.get();
        let optional_end = optional_start.saturating_add(optional_bytes.into());
        let stated = rest
            .get(optional_start..optional_end)
            .ok_or(PeError::TruncatedHeaders)?;
        let optional = optional_header(stated, optional_bytes)?;

        let count = header.section_count.get();
        let sections: &[SectionHeader] =
            records(rest, optional_end, count.into()).ok_or(PeError::TruncatedHeaders)?;
        let table_end = start
            .saturating_add(optional_end)
            .saturating_add(size_of_val(sections));
        check_layout_fields(&optional, table_end, file.len())?;

        let headers = Self {
            image_base_rva: offset.saturating_add(IMAGE_BASE_OFFSET),
            characteristics,
            time: header.time.get(),
            symbol_table_offset: header.symbol_table.get(),
            symbol_count: header.symbol_count.get(),
            optional,
        };
        Ok((headers, sections))
    }

    pub fn has(&self, flag: Characteristics) -> bool {
        has(self.characteristics, flag)
    }
}

fn has(characteristics: u16, flag: Characteristics) -> bool {
    characteristics & flag.bits() == flag.bits()
}

fn pe_offset(file: &[u8]) -> Result<u32, PeError> {
    if file.len() < DOS_HEADER_BYTES as usize {
        return Err(PeError::TooShort);
    }
    if !file.starts_with(b"MZ") {
        return Err(PeError::NotMz);
    }
    let offset: &U32 = record(file, DOS_PE_OFFSET).ok_or(PeError::TooShort)?;
    let offset = offset.get();
    if offset < DOS_HEADER_BYTES || !offset.is_multiple_of(4) {
        return Err(PeError::BadPeOffset { offset });
    }
    Ok(offset)
}

fn optional_header(stated: &[u8], bytes: u16) -> Result<OptionalHeader64, PeError> {
    let too_small = PeError::BadOptionalHeaderSize { bytes };
    let magic: &U16 = record(stated, 0).ok_or(too_small)?;
    if magic.get() != Magic::PE64 as u16 {
        return Err(PeError::NotPe32Plus { magic: magic.get() });
    }
    let count: &U32 = record(stated, OPTIONAL_DIRECTORY_COUNT).ok_or(too_small)?;
    let count = count.get();
    if count > LARGEST_DIRECTORY_COUNT {
        return Err(PeError::BadDirectoryCount { count });
    }
    let used = (count as usize)
        .saturating_mul(DIRECTORY_BYTES)
        .saturating_add(OPTIONAL_FIXED_BYTES);
    let used = stated.get(..used).ok_or(too_small)?;
    let mut copy = Aligned([0; size_of::<OptionalHeader64>()]);
    for (to, from) in copy.0.iter_mut().zip(used) {
        *to = *from;
    }
    OptionalHeader64::parse_optional_header(&copy.0, &mut 0).map_err(|_| too_small)
}

fn check_layout_fields(
    optional: &OptionalHeader64,
    table_end: usize,
    file_bytes: usize,
) -> Result<(), PeError> {
    let section_bytes = optional.section_alignment;
    let alignment_bytes = optional.file_alignment;
    let aligned = section_bytes.is_power_of_two()
        && alignment_bytes.is_power_of_two()
        && section_bytes >= PAGE_BYTES
        && (SECTOR_BYTES..=section_bytes).contains(&alignment_bytes);
    if !aligned {
        return Err(PeError::BadAlignment {
            section_bytes,
            file_bytes: alignment_bytes,
        });
    }
    let base = optional.image_base;
    let fits = base.checked_add(optional.size_of_image.into()).is_some();
    if !fits || !base.is_multiple_of(IMAGE_BASE_ALIGNMENT) {
        return Err(PeError::BadImageBase { base });
    }
    let bytes = optional.size_of_headers;
    if !(table_end..=file_bytes).contains(&(bytes as usize)) {
        return Err(PeError::BadHeadersSize { bytes });
    }
    Ok(())
}
