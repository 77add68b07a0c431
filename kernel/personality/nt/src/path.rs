//! NT paths of programs: for now the archive's, as `\??\C:\programs\NAME`.

use abi::NtStatus;
use alloc::collections::TryReserveError;
use alloc::vec::Vec;
use arrayvec::ArrayString;

const DOS_DEVICES: &str = "\\??\\";
const PROGRAMS: &str = "\\??\\C:\\programs\\";
const MOST_BYTES: usize = 128;

/// The DOS form of an NT path.
pub(crate) fn dos(path: &[u16]) -> &[u16] {
    strip(path, DOS_DEVICES).unwrap_or(path)
}

/// The NT path of a program of the archive.
pub(crate) fn of_program(name: &str) -> Result<Vec<u16>, TryReserveError> {
    let letters = PROGRAMS.chars().chain(name.chars());
    let units = || {
        letters
            .clone()
            .map(|letter| if letter == '/' { '\\' } else { letter })
    };
    let mut path = Vec::new();
    path.try_reserve_exact(units().map(char::len_utf16).sum())?;
    for letter in units() {
        path.extend_from_slice(letter.encode_utf16(&mut [0; 2]));
    }
    Ok(path)
}

/// The archive's name of a program.
pub(crate) fn program_name(path: &[u16]) -> Result<ArrayString<MOST_BYTES>, NtStatus> {
    let rest = match strip(path, PROGRAMS) {
        Some(rest) => rest,
        None if path.first() == Some(&u16::from(b'\\')) => {
            return Err(NtStatus::OBJECT_PATH_NOT_FOUND);
        }
        None => return Err(NtStatus::OBJECT_PATH_SYNTAX_BAD),
    };
    let mut name = ArrayString::new();
    for letter in char::decode_utf16(rest.iter().copied()) {
        let letter = match letter {
            Ok('\\') => '/',
            Ok(letter) if letter != '/' && letter != '\0' => letter,
            _ => return Err(NtStatus::OBJECT_NAME_INVALID),
        };
        name.try_push(letter)
            .map_err(|_| NtStatus::OBJECT_NAME_NOT_FOUND)?;
    }
    match name.is_empty() {
        true => Err(NtStatus::OBJECT_NAME_INVALID),
        false => Ok(name),
    }
}

/// What follows a prefix, in whatever case.
fn strip<'a>(path: &'a [u16], prefix: &str) -> Option<&'a [u16]> {
    let (start, rest) = path.split_at_checked(prefix.len())?;
    let is_same = |(unit, byte): (&u16, u8)| {
        u8::try_from(*unit).is_ok_and(|unit| unit.eq_ignore_ascii_case(&byte))
    };
    start
        .iter()
        .zip(prefix.bytes())
        .all(is_same)
        .then_some(rest)
}
