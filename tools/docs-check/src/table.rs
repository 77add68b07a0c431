//! Tables of a Markdown document.

/// A row: its line number and its cells.
pub(crate) struct Row<'a> {
    /// Counted from 1.
    pub(crate) line: usize,
    /// The cells, trimmed.
    pub(crate) cells: Vec<&'a str>,
}

/// The rows of all tables whose first line has exactly these columns.
pub(crate) fn rows<'a>(text: &'a str, columns: &[&str]) -> Vec<Row<'a>> {
    let mut found = Vec::new();
    let mut is_inside = false;
    for (index, line) in text.lines().enumerate() {
        let Some(cells) = cells(line) else {
            is_inside = false;
            continue;
        };
        if cells == columns {
            is_inside = true;
        } else if is_inside && !is_ruler(&cells) {
            found.push(Row {
                line: index + 1,
                cells,
            });
        }
    }
    found
}

fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

fn is_ruler(cells: &[&str]) -> bool {
    cells
        .iter()
        .all(|cell| !cell.is_empty() && cell.chars().all(|c| c == '-' || c == ':'))
}

/// The texts between back quotes.
pub(crate) fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::{quoted, rows};

    #[test]
    fn only_tables_with_these_columns() {
        let text = "| a | b |\n|---|--:|\n| `1` | 2 |\n\n| a | c |\n|---|---|\n| 3 | 4 |\n";
        let found = rows(text, &["a", "b"]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, &found[0].cells[..]), (3, &["`1`", "2"][..]));
    }

    #[test]
    fn between_back_quotes() {
        assert_eq!(quoted("`a` to `b + c`"), ["a", "b + c"]);
        assert!(quoted("plain").is_empty());
    }
}
