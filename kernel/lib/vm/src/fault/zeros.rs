//! Zeros that a program writes to pages that have nothing but zeros.
//!
//! Nobody can tell whether they were written, so they need no frames: what a string
//! instruction fills with zeros is taken as done as far as its pages were never touched.
//! Windows programs clear most of a new thread's stack so (W 3.8).

/// How many bytes the instruction that code begins with fills at a time, if it is a
/// repeated STOS: Intel SDM vol. 2, 4.3, in the forms that compilers use.
#[must_use]
pub fn fill_unit(code: &[u8]) -> Option<u64> {
    match code {
        [0xf3, 0xaa, ..] => Some(1),
        [0xf3, 0xab, ..] => Some(4),
        [0xf3, 0x48, 0xab, ..] => Some(8),
        _ => None,
    }
}

/// Whether so many bytes of rax, which are what is written, are zeros.
#[must_use]
pub fn writes_zeros(rax: u64, unit: u64) -> bool {
    match unit {
        1 => rax & 0xff == 0,
        4 => rax & 0xffff_ffff == 0,
        _ => rax == 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_are_told_apart() {
        assert_eq!(fill_unit(&[0xf3, 0xaa]), Some(1));
        assert_eq!(fill_unit(&[0xf3, 0xab, 0xc3]), Some(4));
        assert_eq!(fill_unit(&[0xf3, 0x48, 0xab, 0xc3]), Some(8));
        // STOSQ once, REX.W that does not count, STOSW, MOVSQ, nothing.
        for other in [
            &[0x48, 0xab, 0xc3][..],
            &[0x48, 0xf3, 0xab],
            &[0xf3, 0x66, 0xab],
            &[0xf3, 0x48, 0xa5],
            &[0xf3, 0x48],
            &[],
        ] {
            assert_eq!(fill_unit(other), None);
        }
    }

    #[test]
    fn zeros_are_as_wide_as_what_is_written() {
        assert!(writes_zeros(0xff00, 1) && !writes_zeros(0xff00, 4));
        assert!(writes_zeros(1 << 32, 4) && !writes_zeros(1 << 32, 8));
        assert!(writes_zeros(0, 8) && !writes_zeros(1, 1));
    }
}
