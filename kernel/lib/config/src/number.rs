//! Numbers as people write them on the command line.

/// A decimal number, or a hexadecimal one after `0x`.
pub fn parse_u64(text: &str) -> Option<u64> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    if digits.starts_with('+') {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

/// A 32-bit status: as [`parse_u64`], or a negative decimal number.
pub fn parse_status(text: &str) -> Option<u32> {
    if text.starts_with('-') {
        return text.parse::<i32>().ok().map(i32::cast_unsigned);
    }
    u32::try_from(parse_u64(text)?).ok()
}
