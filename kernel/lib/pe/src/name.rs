//! Names found in an image: bytes of the program's choosing, shown harmlessly.

use core::fmt;

/// The longest name that is looked at, in bytes; a longer one counts as absent.
const LONGEST_NAME: usize = 4096;

/// A name from the image without its terminating zero. Shown with everything
/// but printable ASCII escaped, so that it cannot forge lines of the log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name<'a>(&'a [u8]);

impl<'a> Name<'a> {
    /// The bytes as they stand in the image.
    pub fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The zero-terminated name at the start of `bytes`.
    pub(crate) fn terminated(bytes: &'a [u8]) -> Option<Self> {
        let bytes = bytes.get(..LONGEST_NAME).unwrap_or(bytes);
        let length = bytes.iter().position(|&byte| byte == 0)?;
        bytes.get(..length).map(Self)
    }

    /// The name in a field that is padded with zeros and may be full.
    #[inline]
    pub(crate) fn padded(field: &'a [u8]) -> Self {
        Self::terminated(field).unwrap_or(Self(field))
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.escape_ascii().fmt(f)
    }
}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}
