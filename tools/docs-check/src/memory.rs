//! kernel/MEMORY.md: every constant is the code's, the map is in order.

use crate::Files;
use crate::expression::{Values, value};
use crate::table::{Row, quoted, rows};

const DOCUMENT: &str = "kernel/MEMORY.md";
/// The file whose public constants must all be in the document.
const LAYOUT: &str = "kernel/hal/src/memory/layout.rs";
const CONSTANTS: [&str; 4] = ["constant", "value", "in", "meaning"];
const MAP: [&str; 4] = ["from", "up to", "in constants", "what"];

/// All differences, as sentences.
pub fn check(files: &Files) -> Vec<String> {
    let Some(text) = files.get(DOCUMENT) else {
        return vec![format!("there is no {DOCUMENT}")];
    };
    let mut faults = Vec::new();
    let mut values = Values::new();
    let mut of_layout = Vec::new();
    let constants = rows(text, &CONSTANTS);
    // Rows may use constants of any other row, so values that need others wait.
    for _ in 0..2 {
        faults.clear();
        of_layout.clear();
        for row in &constants {
            match constant(files, row, &values) {
                Ok((name, value, file)) => {
                    values.insert(name.clone(), value);
                    if file == LAYOUT {
                        of_layout.push(name);
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
    }
    let layout = files.get(LAYOUT).map_or("", String::as_str);
    for name in public_constants(layout) {
        if !of_layout.iter().any(|listed| listed == name) {
            faults.push(format!(
                "{DOCUMENT} does not list {name} of {LAYOUT}; add a row"
            ));
        }
    }
    faults.extend(check_map(&rows(text, &MAP), &values));
    faults
}

/// Name, value and file of a row, if the file says the same.
fn constant(
    files: &Files,
    row: &Row<'_>,
    values: &Values,
) -> Result<(String, u64, String), String> {
    let line = row.line;
    let [name, written] = [row.cells[0], row.cells[1]].map(|cell| quoted(cell).first().copied());
    let (Some(name), Some(written)) = (name, written) else {
        return Err(format!(
            "{DOCUMENT}:{line}: the name and the value stand in back quotes"
        ));
    };
    let (file, text) = crate::linked_file(files, DOCUMENT, row.cells[2])?;
    let Some(expression) = definition(text, name) else {
        return Err(format!(
            "{DOCUMENT}:{line}: {file} has no constant {name}; remove the row"
        ));
    };
    let at = |error| format!("{DOCUMENT}:{line}: {name}: {error}");
    let (documented, real) = (
        value(written, values).map_err(at)?,
        value(expression, values).map_err(at)?,
    );
    if documented == real {
        return Ok((name.to_owned(), real, file));
    }
    Err(format!(
        "{DOCUMENT}:{line}: {name} is {written} here, but {expression} in {file}; \
         make the document follow the code"
    ))
}

/// What a constant of a Rust file or of a linker script is set to.
fn definition<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let line = line.trim();
        let rust = line
            .strip_prefix("pub(crate) ")
            .or(line.strip_prefix("pub "))
            .unwrap_or(line)
            .strip_prefix("const ");
        let rest = rust.unwrap_or(line).strip_prefix(name)?;
        let (kind, expression) = rest.split_once('=')?;
        let is_definition = match rust {
            Some(_) => kind.starts_with(':'),
            None => kind.trim().is_empty(),
        };
        is_definition.then(|| expression.trim().trim_end_matches(';'))
    })
}

fn public_constants(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("pub const ")?.split_once(':'))
        .map(|(name, _)| name)
}

/// The rows rise without overlap, and their ends are the constants' values.
fn check_map(map: &[Row<'_>], values: &Values) -> Vec<String> {
    let mut faults = Vec::new();
    if map.is_empty() {
        faults.push(format!("{DOCUMENT} has no table of {}", MAP.join(", ")));
    }
    let mut end_before = 0;
    for row in map {
        let line = row.line;
        match range(row, values) {
            Ok((start, end)) if start < end_before || end <= start => {
                faults.push(format!(
                    "{DOCUMENT}:{line}: {start:#x} to {end:#x} is out of order"
                ));
            }
            Ok((_, end)) => end_before = end,
            Err(fault) => faults.push(format!("{DOCUMENT}:{line}: {fault}")),
        }
    }
    faults
}

fn range(row: &Row<'_>, values: &Values) -> Result<(u64, u64), String> {
    let written = [row.cells[0], row.cells[1]].map(|cell| quoted(cell).first().copied());
    let formulas = quoted(row.cells[2]);
    let ([Some(from), Some(up_to)], [start, end]) = (written, &formulas[..]) else {
        return Err("a row of the map is `from`, `up to`, `start` to `end`, what".to_owned());
    };
    for (number, formula) in [(from, start), (up_to, end)] {
        let (number_value, formula_value) = (value(number, values)?, value(formula, values)?);
        if number_value != formula_value {
            return Err(format!(
                "{number} is not {formula}, which is {formula_value:#x}"
            ));
        }
    }
    Ok((value(from, values)?, value(up_to, values)?))
}

#[cfg(test)]
mod tests;
