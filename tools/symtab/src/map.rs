//! lld's linker map: the symbols it lists.
//!
//! Its columns are VMA, LMA, Size (all hexadecimal), Align and a name, which
//! is indented by its kind: an output section not at all, an input section or
//! an assignment by 8, a symbol by 16 columns.

/// A symbol as the map lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MapSymbol<'a> {
    /// As in the object file, not demangled.
    pub(crate) name: &'a str,
    pub(crate) start: u64,
    /// Zero for an assembly label without `.size`.
    pub(crate) size: u64,
    /// After the last byte of the input section it is in.
    pub(crate) section_end: u64,
}

const TITLES: [&str; 7] = ["VMA", "LMA", "Size", "Align", "Out", "In", "Symbol"];
const INPUT_INDENT: usize = 8;
const SYMBOL_INDENT: usize = 16;

/// All symbols in `map`, in its order.
pub(crate) fn parse(map: &str) -> Result<Vec<MapSymbol<'_>>, String> {
    let mut lines = map.lines().enumerate();
    let titles = lines.next().map_or("", |(_, line)| line);
    if !titles.split_whitespace().eq(TITLES) {
        return Err(
            "is not a linker map of lld (it begins with a line of titles, VMA to Symbol)".into(),
        );
    }
    let mut symbols = Vec::new();
    let mut section_end = 0;
    for (index, line) in lines {
        let row = Row::parse(line)
            .ok_or_else(|| format!("line {} is not as lld writes it: {line:?}", index + 1))?;
        match row.indent {
            SYMBOL_INDENT => symbols.push(MapSymbol {
                name: row.name,
                start: row.start,
                size: row.size,
                section_end,
            }),
            INPUT_INDENT if !row.name.contains(" = ") => {
                section_end = row.start.saturating_add(row.size);
            }
            _ => {}
        }
    }
    Ok(symbols)
}

struct Row<'a> {
    start: u64,
    size: u64,
    indent: usize,
    name: &'a str,
}

impl<'a> Row<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (start, rest) = take_word(line)?;
        let (_, rest) = take_word(rest)?;
        let (size, rest) = take_word(rest)?;
        let (_, rest) = take_word(rest)?;
        let rest = rest.strip_prefix(' ')?;
        let name = rest.trim_start_matches(' ');
        Some(Self {
            start: u64::from_str_radix(start, 16).ok()?,
            size: u64::from_str_radix(size, 16).ok()?,
            indent: rest.len() - name.len(),
            name: name.trim_end(),
        })
    }
}

fn take_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(' ');
    let end = text.find(' ')?;
    Some(text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "\
             VMA              LMA     Size Align Out     In      Symbol
               0                0        0     1 BASE = 0xFFFFFFFF80000000
          101000           101000 ffffffff80000000     1 . += BASE
ffffffff80101000           101000     3a23    16 .text
ffffffff80101000           101000        0     1         __entry_start = .
ffffffff80101000           101000       1a    16         /build dir/a.o:(.text._ZN1a1bE)
ffffffff80101000           101000       10     1                 _ZN1a1bE
ffffffff80101010           101010        0     1                 label
ffffffff80101020           101020       10    16         b.o:(.text)
ffffffff80101020           101020       10     1                 _R1b
";

    #[test]
    fn reads_symbols_and_their_sections() {
        let symbols = parse(MAP).unwrap();
        let found: Vec<_> = symbols
            .iter()
            .map(|symbol| {
                (
                    symbol.name,
                    symbol.start & 0xFFF,
                    symbol.size,
                    symbol.section_end & 0xFFF,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("_ZN1a1bE", 0, 0x10, 0x1A),
                ("label", 0x10, 0, 0x1A),
                ("_R1b", 0x20, 0x10, 0x30)
            ]
        );
    }

    #[test]
    fn refuses_other_files() {
        assert!(parse("").is_err());
        assert!(parse("Archive member included\n").is_err());
        let cut = &MAP[..MAP.len() - 30];
        assert!(parse(cut).unwrap_err().contains("line 10"));
    }
}
