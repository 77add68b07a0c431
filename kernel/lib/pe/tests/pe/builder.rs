//! Makes small PE files by hand, right unless told otherwise.

/// Where the parts of a built file are, in bytes.
pub const PE_OFFSET: usize = 0x80;
pub const COFF: usize = PE_OFFSET + 4;
pub const OPTIONAL: usize = COFF + 20;
pub const DIRECTORIES: usize = OPTIONAL + 112;
pub const SECTION_TABLE: usize = OPTIONAL + 240;
pub const IMAGE_BASE: u64 = 0x1_4000_0000;

pub const READ: u32 = 0x4000_0000;
pub const WRITE: u32 = 0x8000_0000;
pub const EXECUTE: u32 = 0x2000_0000;
pub const SHARED: u32 = 0x1000_0000;

pub const EXPORT: usize = 0;
pub const IMPORT: usize = 1;
pub const EXCEPTION: usize = 3;
pub const RELOCATION: usize = 5;
pub const TLS: usize = 9;
pub const DELAY_IMPORT: usize = 13;
pub const CLR: usize = 14;

pub struct Section {
    pub name: &'static str,
    pub virtual_bytes: u32,
    pub data: Vec<u8>,
    pub flags: u32,
}

/// A file to be; sections follow each other from 0x1000 on.
pub struct Builder {
    pub sections: Vec<Section>,
    pub directories: [(u32, u32); 16],
    pub entry: u32,
    pub characteristics: u16,
    pub dll_characteristics: u16,
    pub subsystem: u16,
    /// COFF symbols, each 18 bytes, and the strings behind their length.
    pub symbols: Vec<[u8; 18]>,
    pub strings: Vec<u8>,
}

impl Builder {
    /// A native program of one section of code.
    pub fn new() -> Self {
        Self {
            sections: vec![section(".text", 0x1800, vec![0xC3; 0x1800], READ | EXECUTE)],
            directories: [(0, 0); 16],
            entry: 0x1000,
            characteristics: 0x22,
            dll_characteristics: 0x160,
            subsystem: 1,
            symbols: Vec::new(),
            strings: Vec::new(),
        }
    }

    /// Where the next section will begin.
    pub fn next_rva(&self) -> u32 {
        let sizes = self.sections.iter().map(|section| pages(section) * 0x1000);
        self.header_bytes().next_multiple_of(0x1000) + sizes.sum::<u32>()
    }

    /// Adds a section and tells where it begins.
    pub fn add(&mut self, section: Section) -> u32 {
        let rva = self.next_rva();
        self.sections.push(section);
        rva
    }

    /// Adds a read-only section that holds a directory's data, which needs to
    /// know where it will be.
    pub fn add_directory(&mut self, index: usize, data: impl FnOnce(u32) -> Vec<u8>) -> u32 {
        let data = data(self.next_rva());
        let bytes = data.len() as u32;
        let rva = self.add(section(".table", bytes, data, READ));
        self.directories[index] = (rva, bytes);
        rva
    }

    pub fn build(&self) -> Vec<u8> {
        let header_bytes = self.header_bytes();
        let mut file = vec![0; header_bytes as usize];
        put(&mut file, 0, b"MZ");
        put(&mut file, 0x3C, &(PE_OFFSET as u32).to_le_bytes());
        put(&mut file, PE_OFFSET, b"PE\0\0");
        put(&mut file, COFF, &0x8664u16.to_le_bytes());
        put(
            &mut file,
            COFF + 2,
            &(self.sections.len() as u16).to_le_bytes(),
        );
        put(&mut file, COFF + 16, &240u16.to_le_bytes());
        put(&mut file, COFF + 18, &self.characteristics.to_le_bytes());
        put(&mut file, OPTIONAL, &0x20Bu16.to_le_bytes());
        put(&mut file, OPTIONAL + 16, &self.entry.to_le_bytes());
        put(&mut file, OPTIONAL + 24, &IMAGE_BASE.to_le_bytes());
        put(&mut file, OPTIONAL + 32, &0x1000u32.to_le_bytes());
        put(&mut file, OPTIONAL + 36, &0x200u32.to_le_bytes());
        put(&mut file, OPTIONAL + 48, &6u16.to_le_bytes());
        put(&mut file, OPTIONAL + 50, &2u16.to_le_bytes());
        put(&mut file, OPTIONAL + 56, &self.next_rva().to_le_bytes());
        put(&mut file, OPTIONAL + 60, &header_bytes.to_le_bytes());
        put(&mut file, OPTIONAL + 68, &self.subsystem.to_le_bytes());
        put(
            &mut file,
            OPTIONAL + 70,
            &self.dll_characteristics.to_le_bytes(),
        );
        put(&mut file, OPTIONAL + 72, &0x20_0000u64.to_le_bytes());
        put(&mut file, OPTIONAL + 80, &0x1000u64.to_le_bytes());
        put(&mut file, OPTIONAL + 108, &16u32.to_le_bytes());
        for (index, (rva, bytes)) in self.directories.iter().enumerate() {
            put(&mut file, DIRECTORIES + 8 * index, &rva.to_le_bytes());
            put(&mut file, DIRECTORIES + 8 * index + 4, &bytes.to_le_bytes());
        }
        let mut rva = header_bytes.next_multiple_of(0x1000);
        for (index, section) in self.sections.iter().enumerate() {
            let at = SECTION_TABLE + 40 * index;
            let raw_bytes = (section.data.len() as u32).next_multiple_of(0x200);
            let raw_offset = if raw_bytes == 0 { 0 } else { file.len() as u32 };
            put(&mut file, at, section.name.as_bytes());
            put(&mut file, at + 8, &section.virtual_bytes.to_le_bytes());
            put(&mut file, at + 12, &rva.to_le_bytes());
            put(&mut file, at + 16, &raw_bytes.to_le_bytes());
            put(&mut file, at + 20, &raw_offset.to_le_bytes());
            put(&mut file, at + 36, &section.flags.to_le_bytes());
            file.extend(&section.data);
            file.resize(file.len().next_multiple_of(0x200), 0);
            rva += pages(section) * 0x1000;
        }
        if !self.symbols.is_empty() {
            let offset = file.len() as u32;
            put(&mut file, COFF + 8, &offset.to_le_bytes());
            put(
                &mut file,
                COFF + 12,
                &(self.symbols.len() as u32).to_le_bytes(),
            );
            file.extend(self.symbols.iter().flatten());
            file.extend((self.strings.len() as u32 + 4).to_le_bytes());
            file.extend(&self.strings);
        }
        file
    }

    fn header_bytes(&self) -> u32 {
        // Room for the sections to come, so that next_rva stays right.
        let sections = self.sections.len().max(8);
        (SECTION_TABLE as u32 + 40 * sections as u32).next_multiple_of(0x200)
    }
}

pub fn section(name: &'static str, virtual_bytes: u32, data: Vec<u8>, flags: u32) -> Section {
    Section {
        name,
        virtual_bytes,
        data,
        flags,
    }
}

/// Overwrites bytes of a file.
pub fn put(file: &mut [u8], offset: usize, bytes: &[u8]) {
    file[offset..offset + bytes.len()].copy_from_slice(bytes);
}

/// An export directory at `rva`: names (sorted by the caller) and where they
/// lead, to an offset from the base or to another DLL.
pub fn export_directory(
    rva: u32,
    ordinal_base: u32,
    exports: &[(&str, Result<u32, &str>)],
) -> Vec<u8> {
    let count = exports.len() as u32;
    let functions = rva + 40;
    let names = functions + 4 * count;
    let ordinals = names + 4 * count;
    let mut text_rva = ordinals + 2 * count;
    let mut text = Vec::new();
    let mut add_text = |string: &str| {
        let at = text_rva;
        text.extend(string.bytes().chain([0]));
        text_rva += string.len() as u32 + 1;
        at
    };
    let dll_name = add_text("made.dll");
    let name_rvas: Vec<u32> = exports.iter().map(|(name, _)| add_text(name)).collect();
    let targets: Vec<u32> = exports
        .iter()
        .map(|(_, target)| target.unwrap_or_else(&mut add_text))
        .collect();
    let head = [
        0,
        0,
        0,
        dll_name,
        ordinal_base,
        count,
        count,
        functions,
        names,
        ordinals,
    ];
    let words = head.iter().chain(&targets).chain(&name_rvas);
    let mut data: Vec<u8> = words.flat_map(|word| word.to_le_bytes()).collect();
    data.extend((0..count as u16).flat_map(u16::to_le_bytes));
    data.extend(text);
    data
}

/// One block of relocations: DIR64 at these offsets in the page.
pub fn relocation_block(page_rva: u32, offsets: &[u16]) -> Vec<u8> {
    let mut entries: Vec<u16> = offsets.iter().map(|offset| 0xA000 | offset).collect();
    if entries.len() % 2 == 1 {
        entries.push(0);
    }
    let bytes = 8 + 2 * entries.len() as u32;
    let mut block = [page_rva.to_le_bytes(), bytes.to_le_bytes()].concat();
    block.extend(entries.iter().flat_map(|entry| entry.to_le_bytes()));
    block
}

/// A COFF symbol with a short name; kind 0x20 is a function.
pub fn symbol(name: &[u8; 8], value: u32, section: u16, kind: u16, class: u8, aux: u8) -> [u8; 18] {
    let mut entry = [0; 18];
    put(&mut entry, 0, name);
    put(&mut entry, 8, &value.to_le_bytes());
    put(&mut entry, 12, &section.to_le_bytes());
    put(&mut entry, 14, &kind.to_le_bytes());
    entry[16] = class;
    entry[17] = aux;
    entry
}

/// An image with every table this crate reads.
pub fn full_image() -> Vec<u8> {
    let mut builder = Builder::new();
    let mut data = vec![0; 0x1400];
    for offset in [0x10, 0x18, 0xFFD, 0x1100] {
        put(&mut data, offset, &(IMAGE_BASE + 0x1000).to_le_bytes());
    }
    let data_rva = builder.add(section(".data", 0x3000, data, READ | WRITE));
    builder.add_directory(EXPORT, |rva| {
        let far = Err("other.dll.far");
        export_directory(
            rva,
            5,
            &[("alpha", Ok(0x1000)), ("beta", far), ("gamma", Ok(0x1800))],
        )
    });
    builder.add_directory(EXCEPTION, |_| {
        let entries = [[0x1000u32, 0x1100, 0x5000], [0x1100, 0x1200, 0x5010]];
        entries
            .iter()
            .flatten()
            .flat_map(|word| word.to_le_bytes())
            .collect()
    });
    builder.add_directory(TLS, |_| tls_directory(data_rva));
    builder.add_directory(RELOCATION, |_| {
        [
            relocation_block(data_rva, &[0x10, 0x18, 0xFFD]),
            relocation_block(data_rva + 0x1000, &[0x100]),
        ]
        .concat()
    });
    builder.symbols = vec![
        symbol(b".file\0\0\0", 0, 0xFFFE, 0, 103, 1),
        symbol(b"aux\0\0\0\0\0", 0x8, 1, 0x20, 2, 0),
        symbol(b".text\0\0\0", 0, 1, 0, 3, 0),
        symbol(b"label\0\0\0", 0x10, 1, 0, 2, 0),
        symbol(b"main\0\0\0\0", 0x10, 1, 0x20, 2, 0),
        symbol(b"label2\0\0", 0x10, 1, 0, 2, 0),
        symbol(b"\0\0\0\0\x04\0\0\0", 0x80, 1, 0x20, 3, 0),
        symbol(b"eight_by", 0x900, 1, 0x20, 2, 0),
    ];
    builder.strings = b"a_rather_long_name\0".to_vec();
    builder.build()
}

fn tls_directory(data_rva: u32) -> Vec<u8> {
    let address = |offset: u32| IMAGE_BASE + u64::from(data_rva + offset);
    let places = [address(0x20), address(0x60), address(0x80), address(0x90)];
    let mut data: Vec<u8> = places
        .iter()
        .flat_map(|place| place.to_le_bytes())
        .collect();
    data.extend(0x30u32.to_le_bytes());
    data.extend(0x0050_0000u32.to_le_bytes());
    data
}

fn pages(section: &Section) -> u32 {
    section
        .virtual_bytes
        .max(section.data.len() as u32)
        .div_ceil(0x1000)
}
