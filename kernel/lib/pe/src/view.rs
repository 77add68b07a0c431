//! The view itself: parsing, and the accessors.

use core::fmt;

use pe_parser::coff::Characteristics;
use pe_parser::optional::DLLCharacteristics;

use crate::code_view::CodeView;
use crate::exports::Exports;
use crate::functions::Functions;
use crate::imports;
use crate::layout::{Layout, PAGE_BYTES, Page};
use crate::relocations::{self, RelocationTable};
use crate::symbols::Symbols;
use crate::{FunctionEntry, Name, PageSource, PeError, Protection, Relocations, Segment, Tls};

/// A checked PE32+ image for x64 in the bytes of its file. Places in the image
/// are offsets from its base ("RVA") in bytes, or indices of pages from there.
#[derive(Clone, Copy)]
pub struct PeView<'a> {
    pub(crate) layout: Layout<'a>,
    first_imported_dll: Option<Name<'a>>,
    exports: Exports<'a>,
    functions: Functions<'a>,
    relocations: RelocationTable<'a>,
    tls: Option<Tls>,
    symbols: Symbols<'a>,
}

impl<'a> PeView<'a> {
    /// Checks a file, EXE or DLL. Takes time proportional to its size.
    pub fn parse(file: &'a [u8]) -> Result<Self, PeError> {
        let layout = Layout::parse(file)?;
        let entry = layout.headers.optional.address_of_entry_point;
        let entry_page = layout.segment_at(entry.div_euclid(PAGE_BYTES));
        if entry != 0 && !entry_page.is_some_and(|segment| segment.protection.execute) {
            return Err(PeError::EntryNotExecutable { rva: entry });
        }
        Ok(Self {
            layout,
            first_imported_dll: imports::first_dll(&layout)?,
            exports: Exports::parse(&layout)?,
            functions: Functions::parse(&layout)?,
            relocations: RelocationTable::parse(&layout)?,
            tls: Tls::parse(&layout)?,
            symbols: Symbols::parse(&layout),
        })
    }

    /// Where execution starts; 0 in a DLL means that nothing is to be called.
    /// Otherwise it lies in an executable section.
    pub fn entry_point_rva(&self) -> u32 {
        self.layout.headers.optional.address_of_entry_point
    }

    /// The preferred base address, a multiple of 64 KiB.
    pub fn image_base(&self) -> u64 {
        self.layout.headers.optional.image_base
    }

    /// Bytes of address space the image takes from its base on.
    pub fn size_of_image(&self) -> u32 {
        self.layout.headers.optional.size_of_image
    }

    /// The same in pages, rounded up.
    pub fn page_count(&self) -> u32 {
        self.size_of_image().div_ceil(PAGE_BYTES)
    }

    /// Bytes of the file that appear at the image base.
    pub fn size_of_headers(&self) -> u32 {
        self.layout.headers.optional.size_of_headers
    }

    /// Bytes to reserve for the first thread's stack, as stated.
    pub fn stack_reserve_bytes(&self) -> u64 {
        self.layout.headers.optional.size_of_stack_reserve
    }

    /// Bytes to commit of it at the start, as stated.
    pub fn stack_commit_bytes(&self) -> u64 {
        self.layout.headers.optional.size_of_stack_commit
    }

    /// TimeDateStamp: when the image was linked, or a hash in its place.
    pub fn time_stamp(&self) -> u32 {
        self.layout.headers.time
    }

    /// CheckSum, as stated; few linkers fill it in.
    pub fn check_sum(&self) -> u32 {
        self.layout.headers.optional.check_sum
    }

    /// IMAGE_SUBSYSTEM number.
    pub fn subsystem(&self) -> u16 {
        self.layout.headers.optional.subsystem
    }

    /// Major and minor version of the subsystem.
    pub fn subsystem_version(&self) -> (u16, u16) {
        let optional = &self.layout.headers.optional;
        (
            optional.major_subsystem_version,
            optional.minor_subsystem_version,
        )
    }

    /// IMAGE_FILE flags.
    pub fn characteristics(&self) -> u16 {
        self.layout.headers.characteristics
    }

    /// IMAGE_DLLCHARACTERISTICS flags.
    pub fn dll_characteristics(&self) -> u16 {
        self.layout.headers.optional.dll_characteristics
    }

    /// Whether the image wants an address chosen by the loader.
    pub fn has_dynamic_base(&self) -> bool {
        self.has(DLLCharacteristics::IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE)
    }

    /// Whether that address may be anywhere in 64 bits.
    pub fn has_high_entropy(&self) -> bool {
        self.has(DLLCharacteristics::IMAGE_DLLCHARACTERISTICS_HIGH_ENTROPY_VA)
    }

    /// Whether the file is a DLL.
    pub fn is_dll(&self) -> bool {
        self.layout.headers.has(Characteristics::IMAGE_FILE_DLL)
    }

    /// Whether the image needs DLLs, at its start or later.
    pub fn has_imports(&self) -> bool {
        self.first_imported_dll.is_some()
    }

    /// The first DLL it needs.
    pub fn first_imported_dll(&self) -> Option<Name<'a>> {
        self.first_imported_dll
    }

    /// Headers and sections in ascending order, apart by at most the stated
    /// alignment; pages between them are not to be accessible.
    pub fn map_plan(&self) -> impl Iterator<Item = Segment<'a>> + use<'a> {
        self.layout.segments()
    }

    /// Where the first section of that name begins; names have up to 8 letters.
    pub fn section_rva(&self, name: &[u8]) -> Option<u32> {
        self.layout.section_named(name)
    }

    /// Where page `page` of the image comes from; none between segments.
    #[inline]
    pub fn page_source(&self, page: u32) -> Option<PageSource> {
        self.layout.page_source(page)
    }

    /// Writes page `page` of an image that lies `delta` bytes above its
    /// preferred base, and says how to protect it; none between segments.
    #[inline]
    pub fn fill_page(&self, page: u32, to: &mut Page, delta: u64) -> Option<Protection> {
        let protection = self.layout.copy_page(page, to)?;
        self.apply_relocations(page, to, delta);
        Some(protection)
    }

    /// Whether the image may lie elsewhere than at its preferred base.
    pub fn is_relocatable(&self) -> bool {
        !self
            .layout
            .headers
            .has(Characteristics::IMAGE_FILE_RELOCS_STRIPPED)
    }

    /// Places of the 64-bit addresses to adjust when the image moves.
    pub fn relocations(&self) -> Relocations<'a> {
        self.relocations.iter()
    }

    /// Whether page `page` changes when the image moves.
    pub fn page_has_relocations(&self, page: u32) -> bool {
        self.fixups(page).next().is_some()
    }

    /// Moves the addresses in page `page` by `delta` bytes; `bytes` holds the
    /// page as the file has it. An address that straddles two pages is
    /// completed from the file, so each page is relocated on its own. The
    /// image base in the headers moves too: later loaders go by it.
    pub fn apply_relocations(&self, page: u32, bytes: &mut Page, delta: u64) {
        if delta == 0 {
            return;
        }
        for rva in self.fixups(page) {
            let page_rva = page.saturating_mul(PAGE_BYTES);
            relocations::apply(&self.layout, page_rva, bytes, rva, delta);
        }
    }

    /// The exports.
    pub fn exports(&self) -> Exports<'a> {
        self.exports
    }

    /// The nearest named export at or below `rva` in the same section, and
    /// how many bytes above it `rva` lies.
    pub fn nearest_export(&self, rva: u32) -> Option<(Name<'a>, u32)> {
        let section = self.layout.section_before(rva)?;
        self.exports.nearest(section.rva.get(), rva)
    }

    /// The nearest symbol at or below `rva` in the same section, and how many
    /// bytes above it `rva` lies. Takes time proportional to the symbols.
    pub fn nearest_symbol(&self, rva: u32) -> Option<(Name<'a>, u32)> {
        let (number, section) = self.layout.numbered_section_before(rva)?;
        self.symbols.nearest(number, section, rva)
    }

    /// Thread-local storage.
    pub fn tls(&self) -> Option<Tls> {
        self.tls
    }

    /// Which PDB file has its symbols, if the image says so.
    pub fn code_view(&self) -> Option<CodeView<'a>> {
        CodeView::find(&self.layout)
    }

    /// The function whose code holds `rva`, for unwinding.
    pub fn function_entry(&self, rva: u32) -> Option<FunctionEntry> {
        self.functions.find(rva)
    }

    /// `bytes` bytes of one section's data in the file, before relocation.
    pub fn data(&self, rva: u32, bytes: u32) -> Option<&'a [u8]> {
        self.layout.data(rva, bytes)
    }

    fn has(&self, flag: DLLCharacteristics) -> bool {
        self.dll_characteristics() & flag.bits() != 0
    }

    /// Everything in page `page` that moves with the image.
    fn fixups(&self, page: u32) -> impl Iterator<Item = u32> {
        let page_rva = page
            .checked_mul(PAGE_BYTES)
            .filter(|_| self.is_relocatable());
        let base_field = self.layout.headers.image_base_rva;
        page_rva.into_iter().flat_map(move |page_rva| {
            let base = Some(base_field).filter(|&rva| relocations::touches(rva, page_rva));
            base.into_iter().chain(self.relocations.touching(page_rva))
        })
    }
}

impl fmt::Debug for PeView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeView")
            .field("image_base", &self.image_base())
            .field("size_of_image", &self.size_of_image())
            .finish_non_exhaustive()
    }
}
