//! The kernel's own symbol table: every function, at its first and last byte.

use core::fmt::{Display, Write};
use core::ops::Range;

use arrayvec::ArrayString;
use hal::panic::SymbolTable;
use hal::probe;

use super::expect::{Outcome, equal, fail, holds};

const NAME_BYTES: usize = 4096;

type Name = ArrayString<NAME_BYTES>;

pub(super) fn run() -> Outcome {
    let Some(table) = hal::panic::table() else {
        return fail("this kernel has no symbol table; tools/symtab makes it");
    };
    known(&table, run as *const () as u64, "selftest::symbols::run")?;
    known(
        &table,
        probe::touch as *const () as u64,
        "hal::probe::touch",
    )?;
    outside(&table)?;
    every_function(&table)
}

/// The name at an address.
pub(super) fn name_at(table: &SymbolTable<'_>, address: u64) -> Option<Name> {
    let symbol = table.lookup(address)?;
    let mut name = Name::new();
    write!(name, "{}", symbol.name()).ok()?;
    Some(name)
}

fn known(table: &SymbolTable<'_>, address: u64, name: &str) -> Outcome {
    let found = name_at(table, address);
    equal("the name of a function", found.as_deref(), Some(name))
}

fn outside(table: &SymbolTable<'_>) -> Outcome {
    let code = probe::code();
    for address in [0, code.start - 1, code.end, u64::MAX] {
        holds(
            format_args!("{address:#x} has no name"),
            table.lookup(address).is_none(),
        )?;
    }
    holds(
        "0 returns to no function",
        table.lookup_return_address(0).is_none(),
    )
}

/// Walks from function to function through the whole of the code, that of the
/// start included, which is gone from memory but not from the table.
fn every_function(table: &SymbolTable<'_>) -> Outcome {
    const BOOT_CODE: Range<u64> = 0x10_0000..0x11_0000;
    let found = walk(table, probe::code())? + walk(table, BOOT_CODE)?;
    equal("functions found", found, table.functions())
}

fn walk(table: &SymbolTable<'_>, code: Range<u64>) -> Outcome<u32> {
    let (mut address, mut functions) = (code.start, 0);
    while address < code.end {
        match table.lookup(address) {
            Some(symbol) => {
                let name = symbol.name();
                equal(format_args!("start of {name}"), symbol.start, address)?;
                holds(format_args!("{name} has bytes"), symbol.size > 0)?;
                both_ends(table, address, symbol.size, &name)?;
                functions += 1;
                address += symbol.size;
            }
            None => address += 1,
        }
    }
    Ok(functions)
}

/// The first byte, the last byte and a call at the end are the same function's.
fn both_ends(table: &SymbolTable<'_>, start: u64, size: u64, name: &dyn Display) -> Outcome {
    let at_first = table.lookup(start).map(|found| found.offset);
    equal(format_args!("first byte of {name}"), at_first, Some(0))?;
    let last = start + size - 1;
    let at_last = table.lookup(last).map(|found| (found.start, found.offset));
    equal(
        format_args!("last byte of {name}"),
        at_last,
        Some((start, size - 1)),
    )?;
    holds(
        format_args!("{name} at its last byte"),
        name_at(table, last) == name_at(table, start),
    )?;
    let caller = table
        .lookup_return_address(last + 1)
        .map(|found| (found.start, found.offset));
    equal(
        format_args!("a call at the end of {name}"),
        caller,
        Some((start, size)),
    )
}
