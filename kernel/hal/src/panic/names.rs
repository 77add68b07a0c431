//! The kernel's own symbol table: the `.symbols` section.

use core::fmt::{self, Write};

use symbols::{Frame, Frames, TableError};

pub use symbols::Table as SymbolTable;

unsafe extern "C" {
    static __symbols_start: u8;
    static __symbols_end: u8;
    static __text_start: u8;
    static __text_end: u8;
}

/// The table that the build patched in, if it did.
pub fn table() -> Option<SymbolTable<'static>> {
    parse().ok()
}

/// The table, or what is wrong with it.
pub(super) fn parse() -> Result<SymbolTable<'static>, TableError> {
    let start = &raw const __symbols_start;
    let length = (&raw const __symbols_end) as usize - start as usize;
    // SAFETY: the linker script bounds the section, which is mapped read-only
    // and never written.
    let bytes = unsafe { core::slice::from_raw_parts(start, length) };
    SymbolTable::parse(bytes)
}

/// Writes the functions inlined at `inside`, each in a line, and then the one
/// that holds it; `address` is what the stack or the registers had.
pub(super) fn write_frame(
    out: &mut impl Write,
    table: Option<&SymbolTable<'_>>,
    number: usize,
    address: u64,
    inside: u64,
) -> fmt::Result {
    let frames = table.map(|table| table.frames(inside));
    let symbol = frames.as_ref().and_then(Frames::symbol);
    let (Some(frames), Some(symbol)) = (frames, symbol) else {
        return writeln!(out, "  #{number:<3} {address:#018x}  ?");
    };
    for frame in frames {
        if frame.is_inlined {
            write!(out, "  #{number:<3} {:<18}  {}", "(inlined)", frame.name)?;
        } else {
            let offset = address.wrapping_sub(symbol.start);
            write!(
                out,
                "  #{number:<3} {address:#018x}  {}+{offset:#x}",
                frame.name
            )?;
        }
        write_place(out, &frame)?;
    }
    Ok(())
}

/// Writes where in the source a frame is: `at` if exactly there, `near` if that
/// is the last line known before it.
fn write_place(out: &mut impl Write, frame: &Frame<'_>) -> fmt::Result {
    let word = if frame.is_exact { "at" } else { "near" };
    match (frame.file, frame.line) {
        (None, _) => writeln!(out),
        (Some(file), 0) => writeln!(out, " {word} {file}"),
        (Some(file), line) => writeln!(out, " {word} {file}:{line}"),
    }
}

/// Whether `address` lies in the kernel's code.
pub(super) fn is_code(address: u64) -> bool {
    ((&raw const __text_start) as u64..(&raw const __text_end) as u64).contains(&address)
}
