//! UTF-16 from a program, on one line whatever it holds.

use core::fmt::{self, Write};

/// More of a text is not shown.
pub const UNITS_MAX: usize = 120;

/// A text in double quotes. Quotes, control characters and what is no character
/// are escaped, backslashes are not: paths are full of them. A long text ends in
/// dots.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a>(pub &'a [u16]);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.get(..UNITS_MAX).unwrap_or(self.0);
        f.write_char('"')?;
        for unit in char::decode_utf16(shown.iter().copied()) {
            match unit {
                Ok('"') => f.write_str("\\\"")?,
                Ok(letter) if is_printable(letter) => f.write_char(letter)?,
                Ok(letter) => write!(f, "\\u{{{:x}}}", u32::from(letter))?,
                Err(lone) => write!(f, "\\u{{{:x}}}", lone.unpaired_surrogate())?,
            }
        }
        f.write_str(match shown.len() < self.0.len() {
            true => "\"...",
            false => "\"",
        })
    }
}

/// Whether a character stands for itself: not one that moves the cursor, ends the
/// line or turns the writing direction.
fn is_printable(letter: char) -> bool {
    !letter.is_control()
        && !matches!(letter, '\u{2028}'..='\u{202e}' | '\u{200b}'..='\u{200f}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{Text, UNITS_MAX};
    use std::string::{String, ToString};
    use std::vec::Vec;

    fn shown(text: &str) -> String {
        Text(&text.encode_utf16().collect::<Vec<u16>>()).to_string()
    }

    #[test]
    fn paths_stay_as_they_are() {
        assert_eq!(shown(r"\??\C:\w\hällo.exe"), r#""\??\C:\w\hällo.exe""#);
        assert_eq!(shown(""), r#""""#);
        assert_eq!(shown("\u{1f600}"), "\"\u{1f600}\"");
    }

    #[test]
    fn nothing_leaves_the_line() {
        assert_eq!(shown("a\r\n\0\x1b[2Jb"), r#""a\u{d}\u{a}\u{0}\u{1b}[2Jb""#);
        assert_eq!(shown("say \"x\""), r#""say \"x\"""#);
        assert_eq!(
            shown("\u{85}\u{2028}\u{202e}"),
            r#""\u{85}\u{2028}\u{202e}""#
        );
        assert_eq!(
            Text(&[0xD800, 0x41, 0xDC00]).to_string(),
            r#""\u{d800}A\u{dc00}""#
        );
    }

    #[test]
    fn a_long_text_is_cut() {
        let exact = "x".repeat(UNITS_MAX);
        assert_eq!(shown(&exact), std::format!("\"{exact}\""));
        assert_eq!(
            shown(&(exact.clone() + "y")),
            std::format!("\"{exact}\"...")
        );
    }
}
