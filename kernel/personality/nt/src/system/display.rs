//! Text on the console before any program has one.

use abi::NtStatus;
use abi::token::SE_TCB_PRIVILEGE;
use hal::console;

use crate::call::{Call, Outcome};
use crate::new_handle::read_text;

/// NtDisplayString(text)
pub(crate) fn nt_display_string(call: &Call<'_>) -> Outcome {
    let text = read_text(call.word(0)?)?;
    call.need_privilege(SE_TCB_PRIVILEGE)?;
    for letter in char::decode_utf16(text) {
        let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
        console::write(letter.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Ok(NtStatus::SUCCESS)
}
