//! A made-up crash, and the file that comes of it.

use minidump::*;

pub const STACK: MemoryRange = MemoryRange {
    start: 0x7_FF08,
    bytes: 0x1_00F8,
};
pub const CODE: MemoryRange = MemoryRange {
    start: 0x1_4000_1180,
    bytes: 0x100,
};

pub fn context(first: u64) -> Context<'static> {
    Context {
        registers: std::array::from_fn(|number| first + number as u64),
        rip: first + 16,
        rflags: 0xFFFF_FFFF_0001_0246,
        segments: Segments {
            cs: 0x33,
            ds: 0x2B,
            es: 0x2C,
            fs: 0x53,
            gs: 0x2D,
            ss: 0x2E,
        },
        fxsave: None,
    }
}

pub fn thread(id: u32, stack: MemoryRange) -> Thread<'static> {
    Thread {
        id,
        teb: 0x7FFD_0000 + u64::from(id),
        context: context(u64::from(id) << 32),
        stack,
    }
}

pub fn module<'a>(name: &'a str, code_view: Option<CodeView<'a>>) -> Module<'a> {
    Module {
        base: 0x1_4000_0000,
        size_bytes: 0x6000,
        timestamp: 0x6543_2100,
        checksum: 0xABCD,
        name,
        code_view,
    }
}

/// A dump of nothing.
pub fn empty() -> Dump<'static> {
    Dump {
        time_s: 1_700_000_000,
        process_id: 44,
        system: System {
            major_version: 10,
            minor_version: 0,
            build: 19045,
            processor_count: 2,
            processor_signature: 0x0083_0F10,
            processor_features: [0x1234, 0x5678],
        },
        threads: &[],
        exception: Exception {
            thread_id: 7,
            code: 0xC000_0005,
            flags: 1,
            address: 0x1_4000_1200,
            parameters: &[1, 0x18],
            context: context(0x100),
        },
        modules: &[],
        ranges: &[],
    }
}

/// What the memory at an address is.
pub fn byte(address: u64) -> u8 {
    (address ^ (address >> 8)) as u8
}

/// Readable everywhere; asked within pages only.
pub fn memory(address: u64, to: &mut [u8]) -> bool {
    let last = address + (to.len() as u64 - 1);
    assert_eq!(address / PAGE_BYTES, last / PAGE_BYTES);
    for (to, address) in to.iter_mut().zip(address..=last) {
        *to = byte(address);
    }
    true
}

pub fn bytes_of(range: &MemoryRange) -> Vec<u8> {
    (0..range.bytes).map(|at| byte(range.start + at)).collect()
}

/// The file of a dump, as long as it was said to be.
pub fn file(dump: &Dump<'_>, mut memory: impl Memory) -> Vec<u8> {
    let mut file = Vec::new();
    let sink = &mut |bytes: &[u8]| file.extend(bytes);
    dump.write(&mut memory, sink).unwrap();
    assert_eq!(file.len() as u64, u64::from(dump.total_bytes().unwrap()));
    file
}

pub fn u16_at(file: &[u8], offset: usize) -> u16 {
    u16::from_le_bytes(file[offset..][..2].try_into().unwrap())
}

pub fn u32_at(file: &[u8], offset: usize) -> u32 {
    u32::from_le_bytes(file[offset..][..4].try_into().unwrap())
}

pub fn u64_at(file: &[u8], offset: usize) -> u64 {
    u64::from_le_bytes(file[offset..][..8].try_into().unwrap())
}

/// The bytes that a location descriptor at `offset` leads to.
pub fn located(file: &[u8], offset: usize) -> &[u8] {
    let (bytes, rva) = (u32_at(file, offset), u32_at(file, offset + 4));
    &file[rva as usize..][..bytes as usize]
}

/// The stream of a type: the directory lies behind the header.
pub fn stream(file: &[u8], stream_type: u32) -> &[u8] {
    let entries = (0..u32_at(file, 8) as usize).map(|index| 32 + 12 * index);
    let mut found = entries.filter(|&entry| u32_at(file, entry) == stream_type);
    let entry = found.next().unwrap();
    assert_eq!(found.next(), None, "one stream of a type");
    located(file, entry + 4)
}

/// The name that a place leads to, its zero checked.
pub fn string(file: &[u8], rva: u32) -> String {
    let at = rva as usize;
    let count = u32_at(file, at) as usize / 2;
    let unit = |index| u16_at(file, at + 4 + 2 * index);
    assert_eq!(unit(count), 0);
    String::from_utf16(&(0..count).map(unit).collect::<Vec<_>>()).unwrap()
}
