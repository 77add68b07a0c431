//! From the map's symbols to the functions of the table.

use std::collections::HashSet;

use debuginfo::demangle;

use crate::kernel::ElfFunction;
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
pub(crate) fn check_map(
    kernel: &[ElfFunction<'_>],
    symbols: &[MapSymbol<'_>],
) -> Result<(), String> {
    let listed: HashSet<_> = symbols
        .iter()
        .map(|symbol| (symbol.start, symbol.name))
        .collect();
    let mut missing = kernel
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
pub(crate) fn name(is_code: impl Fn(u64) -> bool, symbols: &[MapSymbol<'_>]) -> Vec<NamedFunction> {
    let mut symbols: Vec<_> = symbols
        .iter()
        .filter(|symbol| is_code(symbol.start))
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

    let mut functions: Vec<NamedFunction> = Vec::new();
    let mut sized_end = i64::MIN;
    for (symbol, name) in symbols {
        let start = symbol.start;
        if symbol.size == 0 && start.cast_signed() < sized_end {
            continue;
        }
        let end = match symbol.size {
            0 => symbol.section_end,
            size => start.saturating_add(size),
        };
        if symbol.size != 0 {
            sized_end = sized_end.max(end.cast_signed());
        }
        if let Some(before) = functions.last_mut() {
            before.size = before.size.min(short(start.wrapping_sub(before.start)));
        }
        functions.push(NamedFunction {
            name,
            start,
            size: short(end.saturating_sub(start)),
        });
    }
    functions
}

/// A size as the table stores it; functions of 4 GiB cannot come up.
fn short(size_bytes: u64) -> u32 {
    u32::try_from(size_bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: u64 = 0xFFFF_FFFF_8000_0000;

    /// A symbol at an offset, in a section that ends at 0x100.
    fn symbol(name: &str, offset: u64, size: u64) -> MapSymbol<'_> {
        MapSymbol {
            name,
            start: BASE + offset,
            size,
            section_end: BASE + 0x100,
        }
    }

    /// Names, offsets and sizes of the functions among `symbols`.
    fn named(symbols: &[MapSymbol<'_>]) -> Vec<(String, u64, u32)> {
        name(|address| address < BASE + 0x200, symbols)
            .into_iter()
            .map(|function| {
                (
                    function.name,
                    function.start.wrapping_sub(BASE),
                    function.size,
                )
            })
            .collect()
    }

    #[track_caller]
    fn assert_named(symbols: &[MapSymbol<'_>], expected: &[(&str, u64, u32)]) {
        let found = named(symbols);
        let found: Vec<_> = found
            .iter()
            .map(|(name, start, size)| (&**name, *start, *size))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn functions_are_sorted_and_data_is_left_out() {
        let symbols = [
            symbol("b", 0x20, 4),
            symbol("data", 0x400, 8),
            symbol("a", 0, 0x20),
        ];
        assert_named(&symbols, &[("a", 0, 0x20), ("b", 0x20, 4)]);
    }

    #[test]
    fn boot_code_comes_last() {
        let boot = MapSymbol {
            name: "_start",
            start: 0x10_0000,
            size: 0,
            section_end: 0x10_0010,
        };
        let symbols = [boot, symbol("a", 0, 0x20)];
        assert_named(&symbols, &[("a", 0, 0x20), ("_start", 0x8010_0000, 0x10)]);
    }

    #[test]
    fn one_name_is_kept_for_an_address() {
        let symbols = [
            symbol("longer", 0, 8),
            symbol("zz", 0, 8),
            symbol("aa", 0, 8),
            symbol("l", 0, 0),
        ];
        assert_named(&symbols, &[("aa", 0, 8)]);
        let reversed: Vec<_> = symbols.iter().rev().cloned().collect();
        assert_named(&reversed, &[("aa", 0, 8)]);
    }

    #[test]
    fn labels_reach_to_the_next_symbol_or_the_section_end() {
        let symbols = [symbol("a", 0, 0), symbol("b", 0x30, 0)];
        assert_named(&symbols, &[("a", 0, 0x30), ("b", 0x30, 0xD0)]);
    }

    #[test]
    fn labels_inside_a_function_are_part_of_it() {
        let symbols = [
            symbol("f", 0, 0x40),
            symbol("label", 0x20, 0),
            symbol("g", 0x40, 0),
        ];
        assert_named(&symbols, &[("f", 0, 0x40), ("g", 0x40, 0xC0)]);
    }

    #[test]
    fn a_function_ends_where_the_next_begins() {
        let symbols = [symbol("f", 0, 0x40), symbol("g", 0x20, 0x40)];
        assert_named(&symbols, &[("f", 0, 0x20), ("g", 0x20, 0x40)]);
    }

    #[test]
    fn a_map_of_another_link_is_refused() {
        let function = |name| ElfFunction {
            name,
            start: BASE,
            size: 4,
        };
        let symbols = [symbol("a", 0, 4)];
        assert_eq!(check_map(&[function("a")], &symbols), Ok(()));
        let error = check_map(&[function("b"), function("c")], &symbols).unwrap_err();
        assert!(
            error.contains("does not list 2") && error.contains("first b"),
            "{error}"
        );
        let demangled = [symbol("x::a", 0, 4)];
        let error = check_map(&[function("_ZN1x1a17hce553eeaa0758b87E")], &demangled).unwrap_err();
        assert!(error.contains("--no-demangle"), "{error}");
    }
}
