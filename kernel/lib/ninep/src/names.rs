//! What the names of one side are on the other.
//!
//! Names are the same text, in UTF-8 there and in UTF-16 here. What is no text, or
//! has a letter that no name can have here, cannot be seen from here; there is
//! nothing here that could not be there but unpaired surrogates.

/// Most bytes of a name of the host's.
pub const MOST_BYTES: usize = 255;

/// Writes a name as the host has it; `None`: it can have no such name.
pub fn to_host<'buffer>(
    name: &[u16],
    buffer: &'buffer mut [u8; MOST_BYTES],
) -> Option<&'buffer str> {
    let mut length = 0_usize;
    for letter in char::decode_utf16(name.iter().copied()) {
        let letter = letter.ok()?;
        let room = buffer.get_mut(length..)?;
        if room.len() < letter.len_utf8() || matches!(letter, '/' | '\0') {
            return None;
        }
        length = length.checked_add(letter.encode_utf8(room).len())?;
    }
    let name = core::str::from_utf8(buffer.get(..length)?).ok()?;
    (!matches!(name, "" | "." | "..")).then_some(name)
}

/// A name of the host's as text, if it is one that a name here can be; the units
/// are counted as they are needed there.
pub fn from_host(name: &[u8]) -> Option<&str> {
    let text = core::str::from_utf8(name).ok()?;
    let is_name = !matches!(text, "" | "." | "..");
    (is_name && !text.chars().any(is_invalid)).then_some(text)
}

/// Letters that are in no name of Windows'.
fn is_invalid(letter: char) -> bool {
    letter < ' ' || matches!(letter, '"' | '*' | '/' | ':' | '<' | '>' | '?' | '\\' | '|')
}
