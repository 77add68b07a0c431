//! Descriptors in one piece, and what is in them.

/// `S-1-5-21-0-0-0-1000`.
pub const USER: [u8; 28] = of_machine(1000);
/// `S-1-5-21-0-0-0-513`.
pub const NONE: [u8; 28] = of_machine(513);
/// `S-1-1-0`.
pub const EVERYONE: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
/// `S-1-5-18`.
pub const SYSTEM: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0];
/// `S-1-5-32-544`.
pub const ADMINISTRATORS: [u8; 16] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0];

pub const HEADER_BYTES: usize = 20;
const MOST_BYTES: usize = 256;

const fn of_machine(number: u16) -> [u8; 28] {
    let [low, high] = number.to_le_bytes();
    [
        1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, low, high, 0, 0,
    ]
}

/// An entry: its kind, flags and rights, and for whom.
pub type Entry<'a> = (u8, u8, u32, &'a [u8]);

/// A descriptor, aligned as programs have them.
#[repr(C, align(8))]
#[derive(Clone)]
pub struct Relative {
    bytes: [u8; MOST_BYTES],
    length: usize,
}

impl Relative {
    /// One with nothing in it.
    pub fn new(control: u16) -> Self {
        let mut new = Self {
            bytes: [0; MOST_BYTES],
            length: HEADER_BYTES,
        };
        new.bytes[0] = 1;
        new.bytes[2..4].copy_from_slice(&(control | 0x8000).to_le_bytes());
        new
    }

    /// The same with an owner.
    pub fn owner(self, sid: &[u8]) -> Self {
        self.with(4, sid)
    }

    /// The same with a group.
    pub fn group(self, sid: &[u8]) -> Self {
        self.with(8, sid)
    }

    /// The same with a list of what is noted.
    pub fn sacl(self, entries: &[(u8, u32, &[u8])]) -> Self {
        self.list(12, entries.iter().map(plain))
    }

    /// The same with a list that grants (0) and refuses (1) rights.
    pub fn dacl(self, entries: &[(u8, u32, &[u8])]) -> Self {
        self.list(16, entries.iter().map(plain))
    }

    /// The same with a list whose entries have flags.
    pub fn inheritable(self, entries: &[Entry<'_>]) -> Self {
        self.list(16, entries.iter().copied())
    }

    fn list<'a>(self, field: usize, entries: impl Iterator<Item = Entry<'a>>) -> Self {
        let mut list = [0; MOST_BYTES];
        let mut at = 8;
        for (kind, flags, mask, sid) in entries {
            list[4] += 1;
            let size = 8 + sid.len();
            list[at] = kind;
            list[at + 1] = flags;
            list[at + 2] = size as u8;
            list[at + 4..at + 8].copy_from_slice(&mask.to_le_bytes());
            list[at + 8..at + size].copy_from_slice(sid);
            at += size;
        }
        list[0] = 2;
        list[2] = at as u8;
        self.with(field, &list[..at])
    }

    fn with(mut self, field: usize, part: &[u8]) -> Self {
        let (at, end) = (self.length, self.length + part.len());
        self.bytes[field..field + 4].copy_from_slice(&(at as u32).to_le_bytes());
        self.bytes[at..end].copy_from_slice(part);
        self.length = end;
        self
    }

    /// The same with one byte changed.
    pub fn patched(mut self, at: usize, byte: u8) -> Self {
        self.bytes[at] = byte;
        self
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    pub fn address(&self) -> u64 {
        self.bytes.as_ptr() as u64
    }
}

fn plain<'a>((kind, mask, sid): &(u8, u32, &'a [u8])) -> Entry<'a> {
    (*kind, 0, *mask, sid)
}

/// A number of 32 bits.
pub fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
