//! Texts from the boot loader: bounded, zero-terminated, UTF-8.

use crate::BootError;

/// The longest command line, of the kernel or of a module, without its zero.
pub const COMMAND_LINE_MAX_BYTES: usize = 4096;

/// The text before the first zero byte of `bytes`; `name` says which text it
/// is in errors.
pub fn text_until_zero<'a>(bytes: &'a [u8], name: &'static str) -> Result<&'a str, BootError> {
    let (text, _) = bytes
        .iter()
        .position(|byte| *byte == 0)
        .and_then(|length| bytes.split_at_checked(length))
        .ok_or(BootError::TextNotEnded { text: name })?;
    if text.len() > COMMAND_LINE_MAX_BYTES {
        return Err(BootError::TextTooLong { text: name });
    }
    core::str::from_utf8(text).map_err(|error| BootError::TextNotUtf8 {
        text: name,
        offset_bytes: error.valid_up_to(),
    })
}
