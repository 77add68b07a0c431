//! The proof: every function and call of the ELF, looked up by the kernel's
//! reader, gives what its symbol table and DWARF say.
//!
//! DWARF and the table agree on functions, files and lines, in order, for every
//! call. Where DWARF leaves something open:
//!
//! - Code without a file (assembly) has no site: its function is named, and no
//!   line is exact.
//! - Line 0 (code that the compiler made up) stays 0: a file without a line.
//! - The outermost function has its name from the linker map. DWARF may name it
//!   by another symbol of the same address.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use debuginfo::{DebugInfo, SourceFrame, demangle};
use symbols::Table;

use crate::kernel::Kernel;
use crate::{lines, sites};

/// What was compared.
#[derive(Debug, Default)]
pub(crate) struct Verified {
    functions: usize,
    sites: usize,
    frames: usize,
    /// Of these, in code without a file.
    without_file: usize,
    /// Frames whose line is 0.
    without_line: usize,
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "functions={} sites={} frames={} sites_without_file={} frames_without_line={}",
            self.functions, self.sites, self.frames, self.without_file, self.without_line
        )
    }
}

/// The functions that start at one address.
struct Place {
    size: u64,
    names: HashSet<String>,
}

/// Looks up the first, the middle and the last byte of every function, the
/// return address of a call at its end, and all calls in it.
pub(crate) fn verify(
    table: &Table<'_>,
    kernel: &Kernel<'_>,
    dwarf: &DebugInfo<'_>,
) -> Result<Verified, String> {
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
    let mut verified = Verified {
        functions: kernel.functions().len(),
        ..Verified::default()
    };
    let sites = sites::find(kernel)?;
    for &address in sites.calls.union(&sites.stops) {
        verified.site(table, &places, dwarf, address)?;
    }
    Ok(verified)
}

impl Verified {
    /// Compares the frames of a call, given its last byte, or of a stop.
    fn site(
        &mut self,
        table: &Table<'_>,
        places: &BTreeMap<u64, Place>,
        dwarf: &DebugInfo<'_>,
        address: u64,
    ) -> Result<(), String> {
        let mut expected = lines::frames(dwarf, address)?;
        let is_known = lines::is_known(&expected);
        let found: Vec<_> = table.frames(address).collect();
        self.sites += 1;
        self.without_file += usize::from(!is_known);
        let is_right = if is_known {
            let names = places.range(..=address).next_back();
            let names = names.map(|(_, place)| &place.names);
            let outermost = found.last().map(|frame| frame.name.to_string());
            if let (Some(names), Some(frame)) = (names, expected.last_mut())
                && names.contains(&frame.name)
            {
                frame.name = outermost.unwrap_or_default();
            }
            let found: Vec<_> = found.iter().map(source_frame).collect();
            self.frames += found.len();
            self.without_line += found.iter().filter(|frame| frame.line == 0).count();
            found == expected
        } else {
            found.len() == 1
        };
        let inlined = found.split_last().map_or(&[][..], |(_, inlined)| inlined);
        let marks_are_right = inlined.iter().all(|frame| frame.is_inlined)
            && found.last().is_some_and(|frame| !frame.is_inlined)
            && found.iter().all(|frame| frame.is_exact == is_known);
        if is_right && marks_are_right {
            return Ok(());
        }
        let found: Vec<_> = found.iter().map(source_frame).collect();
        Err(format!(
            "the table gives the site at {address:#x} the frames {found:?}, and DWARF gives it \
             {expected:?}; report this fault of symtab"
        ))
    }
}

pub(crate) fn source_frame(frame: &symbols::Frame<'_>) -> SourceFrame {
    SourceFrame {
        name: frame.name.to_string(),
        file: frame.file.map_or(String::new(), |file| file.to_string()),
        line: frame.line,
        ..SourceFrame::default()
    }
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
