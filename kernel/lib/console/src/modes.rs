//! The modes of input and of screen buffers (NT `wincon.h`).

/// Ctrl-C is an event and no key; lines are edited and end with CR LF.
pub(crate) const PROCESSED_INPUT: u32 = 1;
/// Text is read by lines.
pub(crate) const LINE_INPUT: u32 = 2;
/// Lines are shown as they are typed.
pub(crate) const ECHO_INPUT: u32 = 4;
/// There are records of changed sizes.
pub(crate) const WINDOW_INPUT: u32 = 8;
/// What is typed pushes the rest of a line on, at first.
pub(crate) const INSERT_MODE: u32 = 0x20;
/// The two before count.
pub(crate) const EXTENDED_FLAGS: u32 = 0x80;
/// Keys come as the sequences that terminals send.
pub(crate) const VIRTUAL_TERMINAL_INPUT: u32 = 0x200;
/// What input has at first.
pub(crate) const INPUT_DEFAULT: u32 = 0x1F7;
pub(crate) const INPUT_ALL: u32 = 0x3FF;

/// Control characters do something.
pub(crate) const PROCESSED_OUTPUT: u32 = 1;
/// Text goes on in the next line.
pub(crate) const WRAP_AT_END: u32 = 2;
/// Escape sequences are meant.
pub(crate) const VIRTUAL_TERMINAL: u32 = 4;
/// A line feed does not go to the beginning of the line.
pub(crate) const NO_AUTO_RETURN: u32 = 8;
/// What a screen buffer has at first.
pub(crate) const OUTPUT_DEFAULT: u32 = PROCESSED_OUTPUT | WRAP_AT_END;
pub(crate) const OUTPUT_ALL: u32 = 0x1F;
