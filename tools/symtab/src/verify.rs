//! The proof: every function of the ELF, looked up by the kernel's reader.

use std::collections::{BTreeMap, HashSet};

use symbols::Table;

use crate::functions::demangle;
use crate::kernel::Kernel;

/// The functions that start at one address.
struct Place {
    size: u64,
    names: HashSet<String>,
}

/// Looks up the first, the middle and the last byte of every function, and the
/// return address of a call at its end; gives the number of functions.
pub(crate) fn verify(table: &Table<'_>, kernel: &Kernel<'_>) -> Result<usize, String> {
    if *table.build_id() != kernel.build_id() {
        return Err("the table is for another build of the kernel; pack it again".into());
    }
    let mut places: BTreeMap<u64, Place> = BTreeMap::new();
    for function in kernel.functions() {
        let place = places.entry(function.start).or_insert_with(|| Place {
            size: 0,
            names: HashSet::new(),
        });
        place.size = place.size.max(function.size);
        place.names.insert(demangle(function.name));
    }
    for function in kernel.functions() {
        let Some(last) = function.size.checked_sub(1) else {
            continue;
        };
        for offset in [0, last / 2, last] {
            check(table, &places, function.start.wrapping_add(offset))?;
        }
    }
    Ok(kernel.functions().len())
}

/// Compares what the table says of an address, and of the return address after
/// it, with the ELF's own symbol table.
fn check(table: &Table<'_>, places: &BTreeMap<u64, Place>, address: u64) -> Result<(), String> {
    let Some((start, place)) = places.range(..=address).next_back() else {
        return Ok(());
    };
    let offset = address - start;
    if offset >= place.size {
        return Ok(());
    }
    let found = [
        table.lookup(address).map(|symbol| (symbol, offset)),
        table
            .lookup_return_address(address.wrapping_add(1))
            .map(|symbol| (symbol, offset + 1)),
    ];
    for found in found {
        let is_right = found.is_some_and(|(symbol, offset)| {
            symbol.start == *start
                && symbol.offset == offset
                && place.names.contains(&symbol.name().to_string())
        });
        if !is_right {
            let found = found.map_or("nothing".into(), |(symbol, _)| {
                format!("{}+{:#x}", symbol.name(), symbol.offset)
            });
            let names: Vec<_> = place.names.iter().map(String::as_str).collect();
            return Err(format!(
                "the table names {address:#x} {found}, and the ELF names it {}+{offset:#x}; \
                 report this fault of symtab",
                names.join(" or ")
            ));
        }
    }
    Ok(())
}
