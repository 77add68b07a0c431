//! The kernel's own symbol table: the `.symbols` section.

use symbols::{Symbol, TableError};

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

/// The function that holds `address`.
pub(super) fn lookup(address: u64) -> Option<Symbol<'static>> {
    table()?.lookup(address)
}

/// Whether `address` lies in the kernel's code.
pub(super) fn is_code(address: u64) -> bool {
    ((&raw const __text_start) as u64..(&raw const __text_end) as u64).contains(&address)
}
