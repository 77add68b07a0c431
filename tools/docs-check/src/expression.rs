//! Constant expressions as the code and the documents write them.

use std::collections::BTreeMap;

/// Values by name.
pub(crate) type Values = BTreeMap<String, u64>;

/// The value of numbers and names joined by `+`, `*` and `<<`.
pub(crate) fn value(text: &str, names: &Values) -> Result<u64, String> {
    joined(text, " << ", names, shifted, |text, names| {
        joined(text, " + ", names, u64::checked_add, |text, names| {
            joined(text, " * ", names, u64::checked_mul, single)
        })
    })
}

fn shifted(value: u64, count: u64) -> Option<u64> {
    u32::try_from(count)
        .ok()
        .and_then(|count| value.checked_shl(count))
}

/// Values of the parts between `operator`, joined from left to right.
fn joined(
    text: &str,
    operator: &str,
    names: &Values,
    join: fn(u64, u64) -> Option<u64>,
    part: fn(&str, &Values) -> Result<u64, String>,
) -> Result<u64, String> {
    let mut parts = text.split(operator);
    let first = part(parts.next().unwrap_or_default(), names)?;
    parts.try_fold(first, |left, right| {
        join(left, part(right, names)?).ok_or_else(|| format!("{text} does not fit 64 bits"))
    })
}

fn single(text: &str, names: &Values) -> Result<u64, String> {
    let text = text.trim();
    if let Some(&value) = names.get(text) {
        return Ok(value);
    }
    let digits = text.replace('_', "");
    let number = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(hexadecimal) => u64::from_str_radix(hexadecimal, 16),
        None => digits.parse(),
    };
    number.map_err(|_| format!("{text:?} is neither a number nor a constant listed above"))
}

#[cfg(test)]
mod tests {
    use super::{Values, value};

    #[test]
    fn numbers_names_and_operators() {
        let names = Values::from([("PAGE".to_owned(), 0x1000)]);
        for (text, expected) in [
            ("7", 7),
            ("0xFFFF_8000_0000_0000", 0xFFFF_8000_0000_0000),
            ("64 * 1024", 0x1_0000),
            ("1 << 32", 1 << 32),
            ("PAGE + 2 * PAGE", 0x3000),
        ] {
            assert_eq!(value(text, &names), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_value() {
        for text in ["", "PAGE", "0xG", "1 << 64", "0xFFFFFFFFFFFFFFFF + 1"] {
            assert!(value(text, &Values::new()).is_err(), "{text}");
        }
    }
}
