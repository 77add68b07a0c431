//! Identifiers and lists of them, as calls read them.
use abi::token::{SidAndAttributes, TokenGroupsHeader};

/// Bytes of an identifier with five parts.
pub const USER_BYTES: usize = 28;

/// `S-1-5-21-0-0-0-1000`.
pub const USER: [u8; USER_BYTES] = of_machine(1000);
/// `S-1-5-21-0-0-0-513`.
pub const NONE: [u8; USER_BYTES] = of_machine(513);
/// `S-1-1-0`.
pub const EVERYONE: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
/// `S-1-5-18`.
pub const SYSTEM: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0];
/// `S-1-16-4096` and `S-1-16-8192`.
pub const LOW: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 16, 0, 0x10, 0, 0];
pub const MEDIUM: [u8; 12] = [1, 1, 0, 0, 0, 0, 0, 16, 0, 0x20, 0, 0];

const fn of_machine(number: u16) -> [u8; USER_BYTES] {
    let [low, high] = number.to_le_bytes();
    [
        1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, low, high, 0, 0,
    ]
}

/// A list of groups.
#[repr(C)]
pub struct Groups<const N: usize> {
    header: TokenGroupsHeader,
    entries: [SidAndAttributes; N],
}

impl<const N: usize> Groups<N> {
    pub fn new(entries: [(&[u8], u32); N]) -> Self {
        Self {
            header: TokenGroupsHeader {
                count: N as u32,
                reserved_04: 0,
            },
            entries: entries.map(|(sid, attributes)| SidAndAttributes {
                sid: sid.as_ptr() as u64,
                attributes,
                reserved_0c: 0,
            }),
        }
    }

    pub fn address(&self) -> u64 {
        self as *const Self as u64
    }
}
