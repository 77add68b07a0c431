//! The linked kernel: the section to fill, its build id, its functions.

use object::elf::{FileHeader64, STT_FUNC};
use object::read::elf::{ElfFile, ElfSection64, ElfSymbol64};
use object::{LittleEndian, Object, ObjectSection, ObjectSymbol, SectionKind};
use symbols::BUILD_ID_BYTES;

const SECTION: &str = ".symbols";

/// A function of the ELF's own symbol table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElfFunction<'a> {
    /// Not demangled.
    pub(crate) name: &'a str,
    pub(crate) start: u64,
    pub(crate) size: u64,
}

/// What the tool needs of the kernel's ELF.
pub(crate) struct Kernel<'a> {
    section: &'a [u8],
    section_bytes: u32,
    section_file_offset: u64,
    build_id: [u8; BUILD_ID_BYTES],
    /// Sections of code: addresses and bytes.
    code: Vec<(u64, &'a [u8])>,
    functions: Vec<ElfFunction<'a>>,
}

type Elf<'a> = ElfFile<'a, FileHeader64<LittleEndian>>;

impl<'a> Kernel<'a> {
    /// Reads what is needed from the bytes of an ELF.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let elf: Elf<'a> =
            ElfFile::parse(bytes).map_err(|error| format!("is not a 64-bit ELF: {error}"))?;
        let reserved = elf.section_by_name(SECTION).ok_or(
            "has no section .symbols; link it with the kernel's linker script, linker/kernel.ld",
        )?;
        let (section_file_offset, section) = contents(&reserved)?;
        let section_bytes =
            u32::try_from(section.len()).map_err(|_| "has a .symbols section above 4 GiB")?;
        let build_id = elf
            .build_id()
            .ok()
            .flatten()
            .and_then(|id| <[u8; BUILD_ID_BYTES]>::try_from(id).ok())
            .ok_or("has no build id of 20 bytes; link it with --build-id=sha1")?;
        let functions: Vec<_> = elf.symbols().filter_map(elf_function).collect();
        if functions.is_empty() {
            return Err("has no function symbols; give the ELF as linked, not stripped".into());
        }
        let mut code = Vec::new();
        for section in elf.sections() {
            if section.kind() == SectionKind::Text {
                let bytes = section
                    .data()
                    .map_err(|error| format!("has a damaged section of code: {error}"))?;
                code.push((section.address(), bytes));
            }
        }
        Ok(Self {
            section,
            section_bytes,
            section_file_offset,
            build_id,
            code,
            functions,
        })
    }

    /// The bytes of `.symbols`.
    pub(crate) fn section(&self) -> &'a [u8] {
        self.section
    }

    pub(crate) fn section_bytes(&self) -> u32 {
        self.section_bytes
    }

    pub(crate) fn section_file_offset(&self) -> u64 {
        self.section_file_offset
    }

    pub(crate) fn build_id(&self) -> [u8; BUILD_ID_BYTES] {
        self.build_id
    }

    /// Whether `address` lies in a section of code.
    pub(crate) fn is_code(&self, address: u64) -> bool {
        self.code(address, 0).is_some()
    }

    /// The code of a function.
    pub(crate) fn code(&self, start: u64, size: u64) -> Option<&'a [u8]> {
        self.code.iter().find_map(|(section, bytes)| {
            let from = usize::try_from(start.checked_sub(*section)?).ok()?;
            let rest = bytes.get(from..).filter(|rest| !rest.is_empty())?;
            rest.get(..usize::try_from(size).ok()?)
        })
    }

    /// How many bytes of code there are.
    pub(crate) fn code_bytes(&self) -> usize {
        self.code.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// The symbols of type FUNC, in the ELF's order.
    pub(crate) fn functions(&self) -> &[ElfFunction<'a>] {
        &self.functions
    }
}

/// Where the reserved section is in the file, and its bytes.
fn contents<'a>(section: &ElfSection64<'a, '_, LittleEndian>) -> Result<(u64, &'a [u8]), String> {
    let (file_offset, _) = section.file_range().unwrap_or_default();
    let bytes = section
        .data()
        .map_err(|error| format!("has a damaged section .symbols: {error}"))?;
    if bytes.is_empty() {
        return Err(
            "has a section .symbols without contents; reserve it with SYMBOLS_RESERVE as \
             linker/kernel.ld does"
                .into(),
        );
    }
    Ok((file_offset, bytes))
}

fn elf_function<'a>(symbol: ElfSymbol64<'a, '_, LittleEndian>) -> Option<ElfFunction<'a>> {
    let is_function = symbol.elf_symbol().st_type() == STT_FUNC;
    (is_function && symbol.is_definition()).then(|| ElfFunction {
        name: symbol.name().unwrap_or_default(),
        start: symbol.address(),
        size: symbol.size(),
    })
}
