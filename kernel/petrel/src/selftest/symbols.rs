//! The kernel's own symbol table: every function, at its first and last byte.

use core::fmt::Write;

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
    known(&table, run as *const () as u64, "petrel::selftest::symbols::run")?;
    known(&table, probe::touch as *const () as u64, "hal::probe::touch")?;
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
        holds(format_args!("{address:#x} has no name"), table.lookup(address).is_none())?;
    }
    holds("0 returns to no function", table.lookup_return_address(0).is_none())
}

/// Walks from function to function through the whole of the code.
fn every_function(table: &SymbolTable<'_>) -> Outcome {
    let code = probe::code();
    let (mut address, mut functions) = (code.start, 0);
    while address < code.end {
        let Some(symbol) = table.lookup(address) else {
            address += 1;
            continue;
        };
        equal(format_args!("the start of the function at {address:#x}"), symbol.start, address)?;
        equal(format_args!("the offset of {address:#x}"), symbol.offset, 0)?;
        holds(format_args!("the function at {address:#x} has bytes"), symbol.size > 0)?;
        let last = address + symbol.size - 1;
        let Some(found) = table.lookup(last) else {
            return fail(format_args!("the last byte of {} has no name", symbol.name()));
        };
        equal(format_args!("offset of {last:#x}"), found.offset, symbol.size - 1)?;
        equal(format_args!("name at {last:#x}"), name_at(table, last), name_at(table, address))?;
        let Some(caller) = table.lookup_return_address(last + 1) else {
            return fail(format_args!("a call at the end of {} has no name", symbol.name()));
        };
        equal("the function of such a call", caller.start, address)?;
        functions += 1;
        address = last + 1;
    }
    equal("functions found", functions, table.functions())
}
