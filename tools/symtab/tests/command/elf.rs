//! Makes small ELF files for the tests.

/// What the file has; the defaults make a kernel that can be packed.
pub struct Elf {
    /// The size of `.symbols`; `None` leaves the section out.
    pub reserve_bytes: Option<usize>,
    /// Whether `.symbols` has no contents in the file.
    pub is_nobits: bool,
    pub build_id: Option<[u8; 20]>,
    /// Names, addresses and sizes of symbols of type FUNC.
    pub functions: Vec<(String, u64, u64)>,
}

/// Where `.text` is.
pub const TEXT: u64 = 0xFFFF_FFFF_8010_0000;
const TEXT_BYTES: usize = 0x8000;

const HEADER_BYTES: usize = 64;
const PROGBITS: u32 = 1;
const SYMTAB: u32 = 2;
const STRTAB: u32 = 3;
const NOTE: u32 = 7;
const NOBITS: u32 = 8;
const ALLOCATED: u64 = 2;
const EXECUTABLE: u64 = 4;
/// st_info of a global function.
const GLOBAL_FUNCTION: u8 = 0x12;

struct Section<'a> {
    name: &'a str,
    kind: u32,
    flags: u64,
    address: u64,
    contents: Vec<u8>,
    size: u64,
    link: u32,
    entry_bytes: u64,
}

impl Elf {
    /// A kernel with these functions and 4 KiB for its table.
    pub fn new(functions: &[(&str, u64, u64)]) -> Self {
        Self {
            reserve_bytes: Some(0x1000),
            is_nobits: false,
            build_id: Some(*b"01234567890123456789"),
            functions: functions
                .iter()
                .map(|&(name, start, size)| (name.into(), start, size))
                .collect(),
        }
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut strings = vec![0];
        let mut symbols = vec![0; 24];
        for (name, start, size) in &self.functions {
            symbols.extend((strings.len() as u32).to_le_bytes());
            symbols.extend([GLOBAL_FUNCTION, 0, 1, 0]);
            symbols.extend(start.to_le_bytes());
            symbols.extend(size.to_le_bytes());
            strings.extend(name.as_bytes());
            strings.push(0);
        }
        let section = |name, kind, flags, contents: Vec<u8>| Section {
            name,
            kind,
            flags,
            address: 0,
            size: contents.len() as u64,
            contents,
            link: 0,
            entry_bytes: 0,
        };
        let mut sections = vec![
            Section {
                address: TEXT,
                ..section(
                    ".text",
                    PROGBITS,
                    ALLOCATED | EXECUTABLE,
                    vec![0; TEXT_BYTES],
                )
            },
            Section {
                link: 3,
                entry_bytes: 24,
                ..section(".symtab", SYMTAB, 0, symbols)
            },
            section(".strtab", STRTAB, 0, strings),
        ];
        if let Some(build_id) = self.build_id {
            let mut note = vec![4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0];
            note.extend(b"GNU\0");
            note.extend(build_id);
            sections.push(section(".note.gnu.build-id", NOTE, ALLOCATED, note));
        }
        if let Some(bytes) = self.reserve_bytes {
            let (kind, contents) = if self.is_nobits {
                (NOBITS, 0)
            } else {
                (PROGBITS, bytes)
            };
            sections.push(Section {
                size: bytes as u64,
                ..section(".symbols", kind, ALLOCATED, vec![0; contents])
            });
        }
        link(&mut sections)
    }
}

/// Puts header, contents and section headers one after another.
fn link(sections: &mut Vec<Section<'_>>) -> Vec<u8> {
    let mut names = vec![0];
    let mut name_places = vec![];
    for name in sections
        .iter()
        .map(|section| section.name)
        .chain([".shstrtab"])
    {
        name_places.push(names.len() as u32);
        names.extend(name.as_bytes());
        names.push(0);
    }
    sections.push(Section {
        name: ".shstrtab",
        kind: STRTAB,
        flags: 0,
        address: 0,
        size: names.len() as u64,
        contents: names,
        link: 0,
        entry_bytes: 0,
    });

    let mut contents = vec![];
    let mut headers = vec![0; 64];
    for (section, name) in sections.iter().zip(name_places) {
        let place = (HEADER_BYTES + contents.len()) as u64;
        contents.extend(&section.contents);
        contents.resize(contents.len().next_multiple_of(8), 0);
        headers.extend(name.to_le_bytes());
        headers.extend(section.kind.to_le_bytes());
        headers.extend(section.flags.to_le_bytes());
        headers.extend(section.address.to_le_bytes());
        headers.extend(place.to_le_bytes());
        headers.extend(section.size.to_le_bytes());
        headers.extend(section.link.to_le_bytes());
        headers.extend(0_u32.to_le_bytes());
        headers.extend(4_u64.to_le_bytes());
        headers.extend(section.entry_bytes.to_le_bytes());
    }

    let mut file = b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3E\0\x01\0\0\0".to_vec();
    file.extend(TEXT.to_le_bytes());
    file.extend(0_u64.to_le_bytes());
    file.extend(((HEADER_BYTES + contents.len()) as u64).to_le_bytes());
    file.extend(0_u32.to_le_bytes());
    let count = (sections.len() + 1) as u16;
    for half in [HEADER_BYTES as u16, 56, 0, 64, count, count - 1] {
        file.extend(half.to_le_bytes());
    }
    file.extend(contents);
    file.extend(headers);
    file
}
