//! Which key of a US keyboard gives which character.

use crate::record::{ALT, ENHANCED, Key, LEFT_ALT, LEFT_CTRL, SHIFT};

pub(crate) const BACK: u16 = 0x08;
pub(crate) const TAB: u16 = 0x09;
pub(crate) const RETURN: u16 = 0x0D;
pub(crate) const ESCAPE: u16 = 0x1B;
pub(crate) const PRIOR: u16 = 0x21;
pub(crate) const NEXT: u16 = 0x22;
pub(crate) const END: u16 = 0x23;
pub(crate) const HOME: u16 = 0x24;
pub(crate) const LEFT: u16 = 0x25;
pub(crate) const UP: u16 = 0x26;
pub(crate) const RIGHT: u16 = 0x27;
pub(crate) const DOWN: u16 = 0x28;
pub(crate) const INSERT: u16 = 0x2D;
pub(crate) const DELETE: u16 = 0x2E;
pub(crate) const F1: u16 = 0x70;

/// Keys side by side.
type Row = &'static [(u8, u8, u8)];

/// Keys in the order of their scan codes from 2 on: the virtual key, and the
/// characters without and with Shift.
const ROWS: [(u8, Row); 4] = [
    (
        0x02,
        &[
            (b'1', b'1', b'!'),
            (b'2', b'2', b'@'),
            (b'3', b'3', b'#'),
            (b'4', b'4', b'$'),
            (b'5', b'5', b'%'),
            (b'6', b'6', b'^'),
            (b'7', b'7', b'&'),
            (b'8', b'8', b'*'),
            (b'9', b'9', b'('),
            (b'0', b'0', b')'),
            (0xBD, b'-', b'_'),
            (0xBB, b'=', b'+'),
        ],
    ),
    (
        0x10,
        &[
            (b'Q', b'q', b'Q'),
            (b'W', b'w', b'W'),
            (b'E', b'e', b'E'),
            (b'R', b'r', b'R'),
            (b'T', b't', b'T'),
            (b'Y', b'y', b'Y'),
            (b'U', b'u', b'U'),
            (b'I', b'i', b'I'),
            (b'O', b'o', b'O'),
            (b'P', b'p', b'P'),
            (0xDB, b'[', b'{'),
            (0xDD, b']', b'}'),
        ],
    ),
    (
        0x1E,
        &[
            (b'A', b'a', b'A'),
            (b'S', b's', b'S'),
            (b'D', b'd', b'D'),
            (b'F', b'f', b'F'),
            (b'G', b'g', b'G'),
            (b'H', b'h', b'H'),
            (b'J', b'j', b'J'),
            (b'K', b'k', b'K'),
            (b'L', b'l', b'L'),
            (0xBA, b';', b':'),
            (0xDE, b'\'', b'"'),
            (0xC0, b'`', b'~'),
        ],
    ),
    (
        0x2B,
        &[
            (0xDC, b'\\', b'|'),
            (b'Z', b'z', b'Z'),
            (b'X', b'x', b'X'),
            (b'C', b'c', b'C'),
            (b'V', b'v', b'V'),
            (b'B', b'b', b'B'),
            (b'N', b'n', b'N'),
            (b'M', b'm', b'M'),
            (0xBC, b',', b'<'),
            (0xBE, b'.', b'>'),
            (0xBF, b'/', b'?'),
        ],
    ),
];

/// Virtual key, scan code and whether Shift is down, of a character that has a key.
fn place(character: u8) -> Option<(u16, u16, bool)> {
    if character == b' ' {
        return Some((0x20, 0x39, false));
    }
    ROWS.iter().find_map(|(first, keys)| {
        let found = |(_, plain, shifted): &(u8, u8, u8)| [*plain, *shifted].contains(&character);
        let at = keys.iter().position(found)?;
        let (code, _, shifted) = keys.get(at)?;
        let scan = u16::from(*first).saturating_add(u16::try_from(at).ok()?);
        Some(((*code).into(), scan, *shifted == character))
    })
}

/// The key that gives a UTF-16 unit, with what else is held down.
pub(crate) fn of_unit(unit: u16, held: u32) -> Key {
    let plain = |code, scan, state| Key {
        is_down: true,
        repeat: 1,
        code,
        scan,
        unit,
        state: state | held,
    };
    match unit {
        0x08 => plain(BACK, 0x0E, LEFT_CTRL),
        0x09 => plain(TAB, 0x0F, 0),
        0x0A => plain(RETURN, 0x1C, LEFT_CTRL),
        0x0D => plain(RETURN, 0x1C, 0),
        0x1B => plain(ESCAPE, 0x01, 0),
        // What most terminals send for the key.
        0x7F => Key {
            unit: 0x08,
            ..plain(BACK, 0x0E, 0)
        },
        // Ctrl and a letter, or one of the few that are no letters.
        0..0x20 => {
            let letter = u8::try_from(unit).unwrap_or_default() | 0x40;
            let (code, scan, shifted) = match letter {
                b'@' => (b'2'.into(), 0x03, true),
                _ => place(letter.to_ascii_lowercase()).unwrap_or_default(),
            };
            let shift = if shifted { SHIFT } else { 0 };
            plain(code, scan, LEFT_CTRL | shift)
        }
        _ => {
            let found = u8::try_from(unit).ok().and_then(place);
            let (code, scan, shifted) = found.unwrap_or_default();
            plain(code, scan, if shifted { SHIFT } else { 0 })
        }
    }
}

/// A key without a character, by its virtual key.
pub(crate) fn of_code(code: u16, held: u32) -> Key {
    let (scan, state) = match code {
        PRIOR => (0x49, ENHANCED),
        NEXT => (0x51, ENHANCED),
        END => (0x4F, ENHANCED),
        HOME => (0x47, ENHANCED),
        LEFT => (0x4B, ENHANCED),
        UP => (0x48, ENHANCED),
        RIGHT => (0x4D, ENHANCED),
        DOWN => (0x50, ENHANCED),
        INSERT => (0x52, ENHANCED),
        DELETE => (0x53, ENHANCED),
        0x70..=0x79 => (code.saturating_sub(F1).saturating_add(0x3B), 0),
        0x7A => (0x57, 0),
        0x7B => (0x58, 0),
        _ => (0, 0),
    };
    let unit = match code {
        TAB => 9,
        _ => 0,
    };
    Key {
        is_down: true,
        repeat: 1,
        code,
        scan: if code == TAB { 0x0F } else { scan },
        unit,
        state: state | held,
    }
}

/// What the number behind a sequence's `;` says is held down: one more than the sum of
/// Shift 1, Alt 2 and Ctrl 4.
pub(crate) fn held_by(number: u32) -> u32 {
    let bits = number.saturating_sub(1);
    let one = |bit: u32, state: u32| if bits & bit != 0 { state } else { 0 };
    one(1, SHIFT) | one(2, LEFT_ALT) | one(4, LEFT_CTRL)
}

/// Whether a key is Ctrl-C, or another character as Ctrl gives it.
pub(crate) fn is_ctrl_c(key: &Key) -> bool {
    key.unit == 3 && key.state & ALT == 0
}
