//! From the map's symbols to the functions of the table.

use std::collections::HashSet;

use crate::kernel::Kernel;
use crate::map::MapSymbol;

/// A function with the name that a backtrace shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedFunction {
    pub(crate) name: String,
    pub(crate) start: u64,
    pub(crate) size: u32,
}

/// Checks that the map belongs to the kernel: it must list every function that
/// the ELF's own symbol table has.
pub(crate) fn check_map(kernel: &Kernel<'_>, symbols: &[MapSymbol<'_>]) -> Result<(), String> {
    let listed: HashSet<_> = symbols
        .iter()
        .map(|symbol| (symbol.start, symbol.name))
        .collect();
    let mut missing = kernel
        .functions()
        .iter()
        .filter(|function| !listed.contains(&(function.start, function.name)));
    let Some(first) = missing.next() else {
        return Ok(());
    };
    if symbols.iter().any(|symbol| symbol.name.contains("::")) {
        return Err("has demangled names; link with --no-demangle".into());
    }
    Err(format!(
        "does not list {} of the kernel's functions, the first {} at {:#x}; give the map of the \
         same link",
        missing.count() + 1,
        first.name,
        first.start
    ))
}

/// The functions among the map's symbols, demangled, by rising address as the
/// table sorts it (as signed numbers), without overlap.
///
/// - Of several names for one address the shortest is kept, then the first by
///   alphabet; one with a size goes before a bare label.
/// - A bare assembly label is a function up to the next symbol or the end of
///   its section, unless it is inside a function that has a size.
/// - A function ends where the next begins.
pub(crate) fn name(kernel: &Kernel<'_>, symbols: &[MapSymbol<'_>]) -> Vec<NamedFunction> {
    let mut symbols: Vec<_> = symbols
        .iter()
        .filter(|symbol| kernel.is_code(symbol.start))
        .map(|symbol| (symbol, demangle(symbol.name)))
        .collect();
    symbols.sort_by(|(a, a_name), (b, b_name)| {
        let key = |symbol: &MapSymbol<'_>, name: &str| {
            (symbol.start.cast_signed(), symbol.size == 0, name.len())
        };
        key(a, a_name)
            .cmp(&key(b, b_name))
            .then_with(|| a_name.cmp(b_name))
    });
    symbols.dedup_by_key(|(symbol, _)| symbol.start);

    let mut functions = Vec::new();
    let mut sized_end = i64::MIN;
    for (symbol, name) in symbols {
        let start = symbol.start.cast_signed();
        if symbol.size == 0 && start < sized_end {
            continue;
        }
        let end = match symbol.size {
            0 => symbol.section_end,
            size => symbol.start.saturating_add(size),
        };
        if symbol.size != 0 {
            sized_end = sized_end.max(end.cast_signed());
        }
        functions.push((name, symbol.start, end));
    }
    let starts: Vec<u64> = functions
        .iter()
        .skip(1)
        .map(|&(_, start, _)| start)
        .collect();
    let ends_before = starts.into_iter().map(Some).chain([None]);
    functions
        .into_iter()
        .zip(ends_before)
        .map(|((name, start, end), next)| {
            let size = end.saturating_sub(start);
            let room = next.map_or(size, |next| next.wrapping_sub(start));
            NamedFunction {
                name,
                start,
                size: u32::try_from(size.min(room)).unwrap_or(u32::MAX),
            }
        })
        .collect()
}

/// A symbol's name as a backtrace shows it: demangled, without a hash.
pub(crate) fn demangle(symbol: &str) -> String {
    if let Ok(name) = rustc_demangle::try_demangle(symbol) {
        return format!("{name:#}");
    }
    let without_clone = symbol.split(".llvm.").next();
    without_clone.unwrap_or(symbol).into()
}
