//! How many cells of a terminal a character takes.

/// Ranges of characters that take two, and of those that take none.
const WIDE: [(u32, u32); 11] = [
    (0x1100, 0x115F),
    (0x2E80, 0x303E),
    (0x3041, 0xA4CF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE6F),
    (0xFF00, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x1F300, 0x1FAFF),
    (0x20000, 0x3FFFD),
];
const NONE: [(u32, u32); 6] = [
    (0x0300, 0x036F),
    (0x200B, 0x200F),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
];

/// 0, 1 or 2.
pub(crate) fn width_of(character: char) -> u16 {
    let code = u32::from(character);
    let is_in = |ranges: &[(u32, u32)]| {
        let mut ranges = ranges.iter();
        ranges.any(|(first, last)| (*first..=*last).contains(&code))
    };
    match code {
        ..0x300 => 1,
        _ if is_in(&NONE) => 0,
        _ if is_in(&WIDE) => 2,
        _ => 1,
    }
}
