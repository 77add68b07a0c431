//! What a self-test says when something is not as it must be.

use core::fmt::{self, Debug, Display, Write};

use arrayvec::ArrayString;

const MOST_BYTES: usize = 120;

/// What a self-test found.
pub type Outcome<T = ()> = Result<T, Failure>;

/// What is wrong, in a sentence. It needs no memory, which may be what is missing.
pub struct Failure(ArrayString<MOST_BYTES>);

impl Failure {
    /// A sentence, cut where it is too long.
    pub(super) fn new(text: impl Display) -> Self {
        let mut cut = Cut(ArrayString::new());
        // `Cut` takes everything.
        let _ = write!(cut, "{text}");
        Self(cut.0)
    }
}

impl Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

struct Cut(ArrayString<MOST_BYTES>);

impl Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.0.try_push(character).is_err() {
                break;
            }
        }
        Ok(())
    }
}

/// Fails with a sentence.
pub(super) fn fail<T>(text: impl Display) -> Outcome<T> {
    Err(Failure::new(text))
}

/// `what` must be true.
pub(super) fn holds(what: impl Display, is_so: bool) -> Outcome {
    match is_so {
        true => Ok(()),
        false => fail(format_args!("not so: {what}")),
    }
}

/// `what` must be `expected`.
pub(super) fn equal<T: PartialEq + Debug>(what: impl Display, actual: T, expected: T) -> Outcome {
    match actual == expected {
        true => Ok(()),
        false => fail(format_args!("{what}: {actual:x?}, expected {expected:x?}")),
    }
}

/// `what` must have worked.
pub(super) fn done<T, E: Debug>(what: impl Display, result: Result<T, E>) -> Outcome<T> {
    result.or_else(|error| fail(format_args!("{what} failed: {error:?}")))
}
