//! The kernel's own symbol table: the `.symbols` section.

use report::{Buffer, Form, Origin, Place};
use symbols::{BUILD_ID_BYTES, Frames, TableError};

pub use symbols::Table as SymbolTable;

unsafe extern "C" {
    static __symbols_start: u8;
    static __symbols_end: u8;
    static __text_start: u8;
    static __text_end: u8;
    static __build_id_start: u8;
    static __build_id_end: u8;
}

/// Most names and paths are shorter; longer ones cost more.
const NAME_BYTES: usize = 256;
const PATH_BYTES: usize = 128;

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

/// The build id that the linker gave this kernel.
pub(super) fn build_id() -> Option<&'static [u8]> {
    let start = &raw const __build_id_start;
    let length = (&raw const __build_id_end) as usize - start as usize;
    // SAFETY: the linker script bounds the note, which is mapped read-only and
    // never written.
    let note = unsafe { core::slice::from_raw_parts(start, length) };
    // The id ends the note; its head and owner's name stand before.
    note.last_chunk::<BUILD_ID_BYTES>()
        .map(<[u8; BUILD_ID_BYTES]>::as_slice)
}

/// An address inside the instruction that is being carried out: a call lies
/// before the address to which it returns.
pub(super) fn inside(address: u64, is_call: bool) -> u64 {
    address.wrapping_sub(is_call.into())
}

/// Gives the functions inlined at an address, and then the one that holds it.
pub(super) fn give_frames(
    form: &mut dyn Form,
    table: Option<&SymbolTable<'_>>,
    number: usize,
    address: u64,
    is_call: bool,
) {
    let mut frame = report::Frame {
        number,
        address,
        is_call,
        is_inlined: false,
        origin: Origin::Kernel,
        module: None,
        function: None,
        offset: 0,
        place: None,
        note: None,
    };
    let found = table.map(|table| table.frames(inside(address, is_call)));
    let symbol = found.as_ref().and_then(Frames::symbol);
    let (Some(found), Some(symbol)) = (found, symbol) else {
        return form.frame(&frame);
    };
    frame.offset = address.wrapping_sub(symbol.start);
    give_functions(form, frame, found, Origin::Kernel);
}

/// Gives a frame as what a symbol table found there: the functions that were
/// inlined, and the one that holds them. What is not a library's is `own`.
pub fn give_functions(
    form: &mut dyn Form,
    frame: report::Frame<'_>,
    found: Frames<'_>,
    own: Origin,
) {
    for function in found {
        let name = Buffer::<NAME_BYTES>::of(|out| function.name.write_to(out));
        let path = function.file.map(|file| {
            let path = Buffer::<PATH_BYTES>::of(|out| file.write_to(out));
            (path, file)
        });
        let file = path.as_ref().map(|(path, file)| path.or(file));
        form.frame(&report::Frame {
            is_inlined: function.is_inlined,
            // It is the function with a frame that was found.
            note: frame.note.filter(|_| !function.is_inlined),
            origin: Origin::of_source(path.as_ref().map(|(path, _)| path.text()), name.text(), own),
            function: Some(&name.or(&function.name)),
            place: file.as_ref().map(|file| Place {
                file,
                line: function.line,
                is_exact: function.is_exact,
            }),
            ..frame
        });
    }
}

/// The machine code around an instruction of the kernel's, as much as is code.
pub(super) fn code_around(address: u64) -> Option<(u64, &'static [u8])> {
    const BEFORE: u64 = 16;
    const FROM_ON: u64 = 16;
    if !is_code(address) {
        return None;
    }
    let start = (address - BEFORE).max((&raw const __text_start) as u64);
    let end = (address + FROM_ON).min((&raw const __text_end) as u64);
    // SAFETY: the linker script bounds the code, which is mapped readable and
    // never written.
    let bytes = unsafe { core::slice::from_raw_parts(start as *const u8, (end - start) as usize) };
    Some((start, bytes))
}

/// Whether `address` lies in the kernel's code.
pub(super) fn is_code(address: u64) -> bool {
    ((&raw const __text_start) as u64..(&raw const __text_end) as u64).contains(&address)
}
