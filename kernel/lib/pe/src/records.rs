//! The fixed-layout records of the file, read in place ("PE Format" names).

use pe_parser::section::SectionFlags;
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

/// COFF file header, behind the "PE\0\0" signature.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct FileHeader {
    pub machine: U16,
    pub section_count: U16,
    pub time: U32,
    pub symbol_table: U32,
    pub symbol_count: U32,
    pub optional_header_bytes: U16,
    pub characteristics: U16,
}

/// One entry of the section table.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned, Debug)]
#[repr(C)]
pub(crate) struct SectionHeader {
    pub name: [u8; 8],
    pub virtual_bytes: U32,
    pub rva: U32,
    pub raw_bytes: U32,
    pub raw_offset: U32,
    pub object_file_fields: [u8; 12],
    pub characteristics: U32,
}

impl SectionHeader {
    /// Whether all of `flags` are set.
    pub fn has(&self, flags: SectionFlags) -> bool {
        self.characteristics.get() & flags.bits() == flags.bits()
    }
}

/// Export directory table.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct ExportDirectory {
    pub flags_time_version: [u8; 12],
    pub dll_name: U32,
    pub ordinal_base: U32,
    pub function_count: U32,
    pub name_count: U32,
    pub functions: U32,
    pub names: U32,
    pub ordinals: U32,
}

/// Import directory entry.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct ImportDescriptor {
    pub lookup_table: U32,
    pub time: U32,
    pub forwarder: U32,
    pub dll_name: U32,
    pub address_table: U32,
}

/// Delay-load directory entry.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct DelayImportDescriptor {
    pub attributes: U32,
    pub dll_name: U32,
    pub handle_and_tables: [u8; 24],
}

/// TLS directory; its addresses are absolute, for the preferred base.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct TlsDirectory {
    pub template_start: U64,
    pub template_end: U64,
    pub index: U64,
    pub callbacks: U64,
    pub zero_fill_bytes: U32,
    pub characteristics: U32,
}

/// Function table entry (RUNTIME_FUNCTION).
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct RuntimeFunction {
    pub begin: U32,
    pub end: U32,
    pub unwind: U32,
}

/// Debug directory entry.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct DebugDirectory {
    pub characteristics_time_version: [u8; 12],
    pub kind: U32,
    pub bytes: U32,
    pub rva: U32,
    pub raw_offset: U32,
}

/// What a CodeView record "RSDS" has in front of the file's name.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct Pdb70 {
    pub signature: [u8; 4],
    pub guid: [u8; 16],
    pub age: U32,
}

/// COFF symbol table entry.
#[derive(FromBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(crate) struct CoffSymbol {
    pub name: [u8; 8],
    pub value: U32,
    pub section: U16,
    pub kind: U16,
    pub storage_class: u8,
    pub auxiliary_count: u8,
}

/// The record of type `T` at `offset`.
pub(crate) fn record<T>(bytes: &[u8], offset: usize) -> Option<&T>
where
    T: FromBytes + KnownLayout + Immutable + Unaligned,
{
    let (record, _) = T::ref_from_prefix(bytes.get(offset..)?).ok()?;
    Some(record)
}

/// `count` records of type `T` from `offset` on.
pub(crate) fn records<T>(bytes: &[u8], offset: usize, count: usize) -> Option<&[T]>
where
    T: FromBytes + KnownLayout + Immutable + Unaligned,
{
    let bytes = bytes.get(offset..)?;
    let (records, _) = <[T]>::ref_from_prefix_with_elems(bytes, count).ok()?;
    Some(records)
}
