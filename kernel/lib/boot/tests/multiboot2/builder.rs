//! Multiboot2 information as a loader writes it.

use zerocopy::IntoBytes;

/// Information under construction; every method adds a tag.
#[derive(Clone, Default)]
pub struct Builder {
    bytes: Vec<u8>,
}

impl Builder {
    pub fn new() -> Self {
        Self { bytes: vec![0; 8] }
    }

    pub fn tag(mut self, number: u32, payload: &[u8]) -> Self {
        let size = 8 + payload.len() as u32;
        self.bytes.extend(number.to_le_bytes());
        self.bytes.extend(size.to_le_bytes());
        self.bytes.extend(payload);
        self.bytes.resize(self.bytes.len().next_multiple_of(8), 0);
        self
    }

    pub fn command_line(self, text: &str) -> Self {
        self.tag(1, &[text.as_bytes(), &[0]].concat())
    }

    pub fn loader_name(self, text: &str) -> Self {
        self.tag(2, &[text.as_bytes(), &[0]].concat())
    }

    pub fn module(self, start: u32, end: u32, text: &str) -> Self {
        let words = [start.to_le_bytes(), end.to_le_bytes()].concat();
        self.tag(3, &[&words, text.as_bytes(), &[0]].concat())
    }

    /// Entries of start, length and type number.
    pub fn memory(self, entries: &[(u64, u64, u32)]) -> Self {
        let mut payload = [24_u32.to_le_bytes(), 0_u32.to_le_bytes()].concat();
        for (start, length, kind) in entries {
            payload.extend(start.to_le_bytes());
            payload.extend(length.to_le_bytes());
            payload.extend(kind.to_le_bytes());
            payload.extend([0; 4]);
        }
        self.tag(6, &payload)
    }

    /// A screen of 1024 by 768, with the type's own bytes behind it.
    pub fn framebuffer(self, bits: u8, kind: u8, colours: &[u8]) -> Self {
        let mut payload = 0xfd00_0000_u64.to_le_bytes().to_vec();
        let pitch = 1024 * u32::from(bits).div_ceil(8);
        for word in [pitch, 1024, 768] {
            payload.extend(word.to_le_bytes());
        }
        payload.extend([bits, kind, 0, 0]);
        payload.extend(colours);
        self.tag(8, &payload)
    }

    /// With end tag and total size, in aligned memory.
    pub fn finish(self) -> Aligned {
        let mut bytes = self.tag(0, &[]).bytes;
        let size = bytes.len() as u32;
        bytes[..4].copy_from_slice(&size.to_le_bytes());
        Aligned::new(&bytes)
    }

    /// With total size, without end tag.
    pub fn finish_open(mut self) -> Aligned {
        let size = self.bytes.len() as u32;
        self.bytes[..4].copy_from_slice(&size.to_le_bytes());
        Aligned::new(&self.bytes)
    }
}

/// Bytes at an address divisible by 8.
#[derive(Clone)]
pub struct Aligned {
    words: Vec<u64>,
    length: usize,
}

impl Aligned {
    pub fn new(bytes: &[u8]) -> Self {
        let mut words = vec![0_u64; bytes.len().div_ceil(8)];
        words.as_mut_bytes()[..bytes.len()].copy_from_slice(bytes);
        Self {
            words,
            length: bytes.len(),
        }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.words.as_bytes()[..self.length]
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.words.as_mut_bytes()[..self.length]
    }
}

/// An ACPI root pointer with right checksums.
pub fn root_pointer(revision: u8, rsdt: u32, xsdt: u64) -> Vec<u8> {
    let mut pointer = b"RSD PTR \0PETREL".to_vec();
    pointer.push(revision);
    pointer.extend(rsdt.to_le_bytes());
    pointer[8] = missing_to_zero(&pointer);
    if revision >= 2 {
        pointer.extend(36_u32.to_le_bytes());
        pointer.extend(xsdt.to_le_bytes());
        pointer.extend([0; 4]);
        pointer[32] = missing_to_zero(&pointer);
    }
    pointer
}

fn missing_to_zero(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_sub(*byte))
}
