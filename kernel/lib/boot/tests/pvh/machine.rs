//! Physical memory with PVH start information in it.

/// Where things lie; each on its own page.
pub const START: u64 = 0x1000;
pub const MAP: u64 = 0x2000;
pub const MODULE_LIST: u64 = 0x3000;
pub const COMMAND_LINE: u64 = 0x4000;
pub const ROOT_POINTER: u64 = 0x5000;
pub const MODULE_TEXT: u64 = 0x5800;
/// The last page and what lies behind it cannot be read.
pub const END: u64 = 0x8000;

pub const MODULE: (u64, u64) = (0x20_0000, 0x1234);
pub const MEMORY: &[(u64, u64, u32)] = &[
    (0, 0x9_fc00, 1),
    (0x9_fc00, 0x6_0400, 2),
    (0x10_0000, 0x700_0000, 1),
];

/// Offsets of the start information's fields.
pub mod field {
    pub const MAGIC: u64 = 0;
    pub const VERSION: u64 = 4;
    pub const MODULE_COUNT: u64 = 12;
    pub const MODULES: u64 = 16;
    pub const COMMAND_LINE: u64 = 24;
    pub const ROOT_POINTER: u64 = 32;
    pub const MAP: u64 = 40;
    pub const MAP_COUNT: u64 = 48;
}

/// Memory from address 0 up to [`END`].
#[derive(Clone)]
pub struct Machine {
    bytes: Vec<u8>,
}

impl Machine {
    /// As QEMU starts a kernel with a command line and one module.
    pub fn new() -> Self {
        let mut machine = Self {
            bytes: vec![0; END as usize],
        };
        machine.word(START + field::MAGIC, 0x336e_c578);
        machine.word(START + field::VERSION, 1);
        machine.word(START + field::MODULE_COUNT, 1);
        machine.long(START + field::MODULES, MODULE_LIST);
        machine.long(START + field::COMMAND_LINE, COMMAND_LINE);
        machine.long(START + field::MAP, MAP);
        machine.put(COMMAND_LINE, b"log=trace\0");
        machine.long(MODULE_LIST, MODULE.0);
        machine.long(MODULE_LIST + 8, MODULE.1);
        machine.long(MODULE_LIST + 16, MODULE_TEXT);
        machine.put(MODULE_TEXT, b"archive\0");
        machine.memory(MEMORY);
        machine
    }

    pub fn put(&mut self, address: u64, bytes: &[u8]) {
        let start = address as usize;
        self.bytes[start..start + bytes.len()].copy_from_slice(bytes);
    }

    pub fn word(&mut self, address: u64, value: u32) {
        self.put(address, &value.to_le_bytes());
    }

    pub fn long(&mut self, address: u64, value: u64) {
        self.put(address, &value.to_le_bytes());
    }

    /// Writes the memory map: start, length and type number.
    pub fn memory(&mut self, entries: &[(u64, u64, u32)]) {
        self.word(START + field::MAP_COUNT, entries.len() as u32);
        for (index, (start, length, kind)) in entries.iter().enumerate() {
            let entry = MAP + 24 * index as u64;
            self.long(entry, *start);
            self.long(entry + 8, *length);
            self.word(entry + 16, *kind);
        }
    }

    pub fn read(&self, address: u64, length: usize) -> Option<&[u8]> {
        let start = usize::try_from(address).ok()?;
        self.bytes.get(start..start.checked_add(length)?)
    }
}
