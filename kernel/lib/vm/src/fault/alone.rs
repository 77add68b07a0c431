//! Instructions that write to a page that they are in.
//!
//! Such an instruction needs a page both written and run, which no entry allows. It is
//! let run alone: its page allows both from the moment the kernel is left until the
//! instruction is done, and nothing else runs in between.

use crate::{Page, PageRange};

/// The longest instruction: Intel SDM vol. 2, 2.3.11.
pub const LONGEST_BYTES: usize = 15;

/// The pages that an instruction may be in.
#[must_use]
pub fn code_pages(instruction: u64) -> PageRange {
    let last = instruction.saturating_add(LONGEST_BYTES.saturating_sub(1) as u64);
    PageRange::new(
        Page::containing(instruction),
        Page::containing(last).plus(1),
    )
}

/// An instruction that pushes the flags: it alone would show the program how it is
/// run, so the kernel does it instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlagPush {
    /// How long the instruction is.
    pub length_bytes: u64,
    /// How much it pushes.
    pub pushed_bytes: u64,
}

/// Whether code begins with PUSHF: Intel SDM vol. 2, 2.1.1 and 4.3.
#[must_use]
pub fn flag_push(code: &[u8]) -> Option<FlagPush> {
    const PUSHF: u8 = 0x9c;
    const OPERAND_SIZE: u8 = 0x66;
    let place = code.iter().position(|&byte| byte == PUSHF)?;
    let prefixes = code.get(..place)?;
    let is_prefix = |&byte: &u8| {
        let is_legacy = matches!(byte, 0x26 | 0x2e | 0x36 | 0x3e | 0x64..=0x67 | 0xf2 | 0xf3);
        is_legacy || is_rex(byte)
    };
    if !prefixes.iter().all(is_prefix) {
        return None;
    }
    // The last one counts only directly before the instruction.
    let is_wide = prefixes.last().is_some_and(|&byte| byte & 0xf8 == 0x48);
    Some(FlagPush {
        length_bytes: (place as u64).saturating_add(1),
        pushed_bytes: match prefixes.contains(&OPERAND_SIZE) && !is_wide {
            true => 2,
            false => 8,
        },
    })
}

const fn is_rex(byte: u8) -> bool {
    byte & 0xf0 == 0x40
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instruction_is_in_one_page_or_two() {
        for (offset, pages) in [(0, 1), (0xff1, 1), (0xff2, 2), (0xfff, 2)] {
            let found = code_pages(0x7000 + offset);
            assert_eq!(found, PageRange::sized(Page(7), pages), "{offset:#x}");
        }
        // No instruction is there, but a program may say so.
        assert!(code_pages(u64::MAX).contains(Page::containing(u64::MAX)));
    }

    #[test]
    fn a_push_of_flags_is_told_apart() {
        let push = |length_bytes, pushed_bytes| {
            Some(FlagPush {
                length_bytes,
                pushed_bytes,
            })
        };
        assert_eq!(flag_push(&[0x9c]), push(1, 8));
        assert_eq!(flag_push(&[0x66, 0x9c, 0x90]), push(2, 2));
        assert_eq!(flag_push(&[0x66, 0x48, 0x9c, 0x9c]), push(3, 8));
        assert_eq!(flag_push(&[0x48, 0x66, 0x9c]), push(3, 2));
        for other in [
            &[][..],
            &[0x50],
            &[0x0f, 0x9c, 0x00],
            &[0xb0, 0x9c],
            &[0x66],
        ] {
            assert_eq!(flag_push(other), None);
        }
    }
}
