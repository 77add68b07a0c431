//! Checks an image's unwind information before the unwinder goes by it.
//!
//! `framehop` follows the frame pointer where it understands nothing, and
//! follows chained records without end. Neither is wanted of a tool that says
//! how far it got, so what it will look at is looked at first ("x64 exception
//! handling", Microsoft: RUNTIME_FUNCTION, UNWIND_INFO).

use crate::image::Image;

/// Words of a RUNTIME_FUNCTION: begin, end, unwind information.
type Function = [u32; 3];

const FUNCTION_BYTES: usize = 12;
const HEADER_BYTES: usize = 4;
const CODE_BYTES: usize = 2;
const FLAGS_SHIFT: u8 = 3;
const VERSION_MASK: u8 = 7;
const VERSIONS: [u8; 2] = [1, 2];
/// UNW_FLAG_CHAININFO.
const CHAINED: u8 = 4;
/// Linkers chain a few records.
const LONGEST_CHAIN: usize = 32;

/// Whether what an image says of the function at an address can be followed; a
/// function of which it says nothing has no frame.
pub(crate) fn is_sound(image: &Image, rva: u32) -> bool {
    match lookup(image, rva) {
        None => true,
        Some([begin, end, info]) => {
            begin < end && end as usize <= image.memory.len() && chain_is_sound(image, info)
        }
    }
}

/// The entry that the unwinder will find: the last one that begins before.
fn lookup(image: &Image, rva: u32) -> Option<Function> {
    let count = image.table.len() / FUNCTION_BYTES;
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low.midpoint(high);
        let [begin, ..] = function(&image.table, middle * FUNCTION_BYTES)?;
        match begin <= rva {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    let entry = function(&image.table, low.checked_sub(1)? * FUNCTION_BYTES)?;
    (rva < entry[1]).then_some(entry)
}

fn chain_is_sound(image: &Image, first: u32) -> bool {
    let mut next = Some(first);
    for _ in 0..LONGEST_CHAIN {
        let Some(info) = next else {
            return true;
        };
        match after(&image.memory, info as usize) {
            Some(chained) => next = chained,
            None => return false,
        }
    }
    false
}

/// The unwind information chained to the one at `offset`, if there is one; none
/// at all if that one is damaged.
fn after(memory: &[u8], offset: usize) -> Option<Option<u32>> {
    let &[version_and_flags, _, code_count, _] = memory.get(offset..)?.first_chunk()?;
    if !VERSIONS.contains(&(version_and_flags & VERSION_MASK)) {
        return None;
    }
    // Codes are padded to an even number.
    let codes = usize::from(code_count).next_multiple_of(2) * CODE_BYTES;
    let end = offset.checked_add(HEADER_BYTES + codes)?;
    memory.get(offset..end)?;
    match (version_and_flags >> FLAGS_SHIFT) & CHAINED {
        0 => Some(None),
        _ => function(memory, end).map(|[.., info]| Some(info)),
    }
}

fn function(bytes: &[u8], offset: usize) -> Option<Function> {
    let bytes: &[u8; FUNCTION_BYTES] = bytes.get(offset..)?.first_chunk()?;
    let (words, _) = bytes.as_chunks();
    let mut words = words.iter().copied().map(u32::from_le_bytes);
    Some([words.next()?, words.next()?, words.next()?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image of 0x100 bytes whose functions are at 0x10..0x20 and
    /// 0x20..0x30, with the second's unwind information at 0x80.
    fn image(info: &[u8]) -> Image {
        let table = [[0x10, 0x20, 0xF0], [0x20, 0x30, 0x80], [0x40, 0x200, 0x80]];
        let words = table.iter().flatten().copied();
        let mut memory = vec![0; 0x100];
        memory[0x80..0x80 + info.len()].copy_from_slice(info);
        memory[0xF0] = 1;
        Image::made(words.flat_map(u32::to_le_bytes).collect(), memory)
    }

    #[test]
    fn sound_ones_are_sound() {
        for info in [
            &[1, 0, 0, 0][..],
            &[2, 4, 1, 0, 4, 0x50],
            // A handler, as every function with a destructor has.
            &[0x19, 4, 2, 0, 4, 2, 2, 0x30, 0, 0x10, 0, 0],
            // Chained to that of the first function.
            &[0x21, 0, 0, 0, 0x10, 0, 0, 0, 0x20, 0, 0, 0, 0xF0, 0, 0, 0],
        ] {
            assert!(is_sound(&image(info), 0x28), "{info:x?}");
        }
    }

    #[test]
    fn damaged_ones_are_not() {
        for info in [
            &[0, 0, 0, 0][..],
            &[3, 0, 0, 0],
            &[1, 0, 0xFF, 0],
            &[0x21, 0, 60, 0],
            // Chained to itself, and to nowhere.
            &[0x21, 0, 0, 0, 0x20, 0, 0, 0, 0x30, 0, 0, 0, 0x80, 0, 0, 0],
            &[0x21, 0, 0, 0, 0x20, 0, 0, 0, 0x30, 0, 0, 0, 0xFE, 0, 0, 0],
        ] {
            assert!(!is_sound(&image(info), 0x28), "{info:x?}");
        }
        assert!(!is_sound(&image(&[1, 0, 0, 0]), 0x40), "ends outside");
    }

    #[test]
    fn functions_without_information_have_no_frame() {
        for rva in [0, 0xF, 0x30, 0x3F, u32::MAX] {
            assert!(is_sound(&image(&[0, 0, 0, 0]), rva));
        }
        assert!(is_sound(&image(&[0, 0, 0, 0]), 0x10));
        assert!(is_sound(&image(&[0, 0, 0, 0]), 0x1F));
    }
}
