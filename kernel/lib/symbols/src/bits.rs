//! Numbers of any width in bits, the lowest bit first.
//!
//! Besides fixed widths there are *numbers*: Exp-Golomb codes with a parameter
//! `k`. A number `n` is stored as `m = n + 2^k`, which has `k + q + 1` bits: `q`
//! zeros, a one, and then `m` without its top bit.

/// The most zeros in front of a number: with the largest `k` the whole of it
/// lies in the 57 bits that one look gives.
const ZEROS_MAX: u32 = 20;

/// The largest `k`.
pub(crate) const PARAMETER_MAX: u8 = 15;

/// Reads bits; past the end there are none, and each read says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    /// Of the first bit that is not in `word`.
    place: usize,
    /// The next bits, `ready` of them.
    word: u64,
    ready: u32,
}

impl<'a> Bits<'a> {
    /// Begins at bit `place` of `bytes`.
    pub(crate) fn at(bytes: &'a [u8], place: usize) -> Self {
        Self {
            bytes,
            place,
            word: 0,
            ready: 0,
        }
    }

    /// Where the next bit is.
    #[inline(always)]
    pub(crate) fn place(&self) -> Option<usize> {
        self.place.checked_sub(usize::try_from(self.ready).ok()?)
    }

    /// Makes at least 57 bits ready; there are zeros after the last byte.
    #[inline(always)]
    fn fill(&mut self) -> Option<()> {
        let place = self.place()?;
        let rest = self.bytes.get(place >> 3..)?;
        let word = match rest.first_chunk() {
            Some(chunk) => u64::from_le_bytes(*chunk),
            None => last_word(rest)?,
        };
        let used = u32::try_from(place & 7).ok()?;
        self.word = word.wrapping_shr(used);
        self.ready = u64::BITS.wrapping_sub(used);
        self.place = (place | 7).wrapping_add(57);
        Some(())
    }

    #[inline(always)]
    fn take(&mut self, bits: u32) {
        self.word = self.word.wrapping_shr(bits);
        self.ready = self.ready.wrapping_sub(bits);
    }

    /// Takes `width` bits, at most 32.
    #[inline(always)]
    pub(crate) fn fixed(&mut self, width: u8) -> Option<u32> {
        let width = u32::from(width);
        if self.ready < width {
            self.fill()?;
            if self.ready < width {
                return None;
            }
        }
        let value = low_bits(self.word, width);
        self.take(width);
        u32::try_from(value).ok()
    }

    /// Takes the beginning of a link: a bit 0, or a bit 1 and another.
    #[inline(always)]
    pub(crate) fn link(&mut self) -> Option<LinkKind> {
        if self.ready < 2 {
            self.fill()?;
        }
        let two = self.word & 3;
        self.take(if two & 1 == 0 { 1 } else { 2 });
        Some(match two {
            1 => LinkKind::Function,
            3 => LinkKind::Jump,
            _ => LinkKind::End,
        })
    }

    /// Takes a number with the parameter `k`, at most [`PARAMETER_MAX`].
    #[inline(always)]
    pub(crate) fn number(&mut self, k: u8) -> Option<u32> {
        let k = u32::from(k);
        let mut zeros = self.word.trailing_zeros();
        if zeros.wrapping_mul(2).wrapping_add(k) >= self.ready {
            self.fill()?;
            zeros = self.word.trailing_zeros();
            if zeros > ZEROS_MAX || k > u32::from(PARAMETER_MAX) {
                return None;
            }
        }
        let width = k.wrapping_add(zeros);
        self.take(zeros.wrapping_add(1));
        let top = 1_u64.wrapping_shl(width);
        let value = low_bits(self.word, width).wrapping_add(top);
        self.take(width);
        u32::try_from(value.wrapping_sub(1_u64.wrapping_shl(k))).ok()
    }
}

/// What comes next in a chain of inlined functions.
#[derive(Debug, Clone, Copy)]
pub(crate) enum LinkKind {
    End,
    Function,
    Jump,
}

#[inline(always)]
fn low_bits(word: u64, width: u32) -> u64 {
    word & 1_u64.wrapping_shl(width).wrapping_sub(1)
}

#[cold]
fn last_word(rest: &[u8]) -> Option<u64> {
    if rest.is_empty() {
        return None;
    }
    let mut word = [0; 8];
    for (to, from) in word.iter_mut().zip(rest) {
        *to = *from;
    }
    Some(u64::from_le_bytes(word))
}

/// Writes what [`Bits`] reads.
#[cfg(any(test, feature = "writer"))]
#[derive(Debug, Default)]
pub(crate) struct BitWriter {
    bytes: alloc::vec::Vec<u8>,
    place: usize,
}

#[cfg(any(test, feature = "writer"))]
impl BitWriter {
    /// Where the next bit goes.
    pub(crate) fn place(&self) -> usize {
        self.place
    }

    /// Puts the `width` lowest bits of `value`.
    pub(crate) fn fixed(&mut self, value: u64, width: u32) {
        for bit in 0..width {
            let is_set = value.wrapping_shr(bit) & 1 == 1;
            if self.place & 7 == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from(is_set) << (self.place & 7);
            }
            self.place = self.place.wrapping_add(1);
        }
    }

    /// Puts a number with the parameter `k`.
    pub(crate) fn number(&mut self, value: u32, k: u8) {
        let (zeros, width, shifted) = code(value, k);
        self.fixed(1_u64.wrapping_shl(zeros), zeros.saturating_add(1));
        self.fixed(shifted, width);
    }

    /// All bytes, and a spare one, so that fields of no bits can be read at the
    /// end.
    pub(crate) fn finish(mut self) -> alloc::vec::Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

/// How many bits a number takes.
#[cfg(any(test, feature = "writer"))]
pub(crate) fn number_bits(value: u32, k: u8) -> usize {
    let (zeros, width, _) = code(value, k);
    usize::try_from(zeros.saturating_add(width).saturating_add(1)).unwrap_or(usize::MAX)
}

/// Zeros before the one, bits after it, and a word that ends in these bits.
#[cfg(any(test, feature = "writer"))]
fn code(value: u32, k: u8) -> (u32, u32, u64) {
    let shifted = u64::from(value).wrapping_add(1_u64.wrapping_shl(u32::from(k)));
    let width = shifted.ilog2();
    (width.saturating_sub(u32::from(k)), width, shifted)
}

/// Numbers from this on do not fit with every parameter.
#[cfg(any(test, feature = "writer"))]
pub(crate) const NUMBER_END: u32 = 1 << ZEROS_MAX;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(
            values in prop::collection::vec((0..NUMBER_END, 0..=PARAMETER_MAX, 0..=32_u8), 0..40),
        ) {
            let mut writer = BitWriter::default();
            for &(value, k, width) in &values {
                let before = writer.place();
                writer.number(value, k);
                prop_assert_eq!(writer.place() - before, number_bits(value, k));
                writer.fixed(u64::from(value), u32::from(width));
            }
            let bytes = writer.finish();
            let mut bits = Bits::at(&bytes, 0);
            for &(value, k, width) in &values {
                prop_assert_eq!(bits.number(k), Some(value));
                let cut = u64::from(value) & ((1 << width) - 1);
                prop_assert_eq!(bits.fixed(width).map(u64::from), Some(cut));
            }
        }

        #[test]
        fn any_bytes_give_numbers_or_none(bytes: Vec<u8>, place: usize, k: u8, width: u8) {
            let mut bits = Bits::at(&bytes, place);
            while bits.number(k).is_some() && bits.fixed(width).is_some() && width > 0 {}
        }
    }

    use alloc::vec::Vec;
}
