//! README.md: every figure stands in .progress/bench.csv.

use crate::Files;
use crate::table::{quoted, rows};

const DOCUMENT: &str = "README.md";
const RESULTS: &str = ".progress/bench.csv";
const COLUMNS: [&str; 4] = ["what", "id", "value", "must stay within"];

/// What is behind a limit that a figure does not keep, so that a reader sees it.
const MISSED: &str = " (missed)";

/// Figures that were never measured, or are not within their limit, as sentences.
pub fn check(files: &Files) -> Vec<String> {
    let (Some(text), Some(results)) = (files.get(DOCUMENT), files.get(RESULTS)) else {
        return vec![format!(
            "there is no {DOCUMENT} or no {RESULTS}; run `scons bench`"
        )];
    };
    let figures = rows(text, &COLUMNS);
    if figures.is_empty() {
        return vec![format!("{DOCUMENT} has no table of {}", COLUMNS.join(", "))];
    }
    figures
        .iter()
        .filter_map(|row| {
            let id = quoted(row.cells[1]).first().copied().unwrap_or_default();
            let [value, limit] = [row.cells[2], row.cells[3]].map(|cell| cell.replace(',', ""));
            let line = row.line;
            if !is_measured(results, id, &value) {
                return Some(format!(
                    "{DOCUMENT}:{line}: {RESULTS} has no {id} of {value}"
                ));
            }
            let (limit, is_missed) = match limit.strip_suffix(MISSED) {
                Some(limit) => (limit, true),
                None => (limit.as_str(), false),
            };
            match (value.parse::<f64>(), limit.parse::<f64>()) {
                (Ok(value), Ok(limit)) if (value > limit) == is_missed => None,
                _ if is_missed => Some(format!("{DOCUMENT}:{line}: {id} does not miss {limit}")),
                _ => Some(format!("{DOCUMENT}:{line}: {id} is not within {limit}")),
            }
        })
        .collect()
}

/// Whether a line of the results has this id and value.
fn is_measured(results: &str, id: &str, value: &str) -> bool {
    results.lines().any(|line| {
        let mut fields = line.split(',').skip(1);
        fields.next() == Some(id) && fields.next() == Some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, RESULTS, check};
    use crate::Files;

    const TABLE: &str = "| what | id | value | must stay within |\n|---|---|---:|---:|\n\
        | x | `call` | 1,184 | 2,500 |\n";

    fn faults(readme: &str, results: &str) -> String {
        let files = [(DOCUMENT, readme), (RESULTS, results)];
        check(&Files::from(
            files.map(|(path, text)| (path.to_owned(), text.to_owned())),
        ))
        .join("\n")
    }

    #[test]
    fn measured_or_not() {
        let results = "commit,id,value,unit,qemu,note\nab12,call,1184,instructions,7.2,x\n";
        assert_eq!(faults(TABLE, results), "");
        assert!(faults(TABLE, "ab12,call,1185,x,7.2,x\n").contains("no call of 1184"));
        assert!(faults(&TABLE.replace("2,500", "1,000"), results).contains("not within 1000"));
        let missed = TABLE.replace("2,500", "1,000 (missed)");
        assert_eq!(faults(&missed, results), "");
        let kept = TABLE.replace("2,500", "2,500 (missed)");
        assert!(faults(&kept, results).contains("does not miss 2500"));
        assert!(faults("", results).contains("no table of what"));
    }
}
