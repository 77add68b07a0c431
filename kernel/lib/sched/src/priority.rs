//! The priorities of threads.

/// One of the 32 levels; a higher one runs first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Priority(u8);

impl Priority {
    /// The highest of those that are boosted and decay.
    pub const HIGHEST_DYNAMIC: Self = Self(15);
    /// That of an ordinary thread in an ordinary process.
    pub const NORMAL: Self = Self(8);

    /// A level, 0 to 31.
    #[must_use]
    pub fn new(level: u32) -> Option<Self> {
        u8::try_from(level)
            .ok()
            .filter(|&level| level < 32)
            .map(Self)
    }

    /// The level.
    #[must_use]
    pub fn level(self) -> u8 {
        self.0
    }

    pub(crate) fn index(self) -> usize {
        self.0.into()
    }

    pub(crate) fn bit(self) -> u32 {
        1_u32.wrapping_shl(self.0.into())
    }

    /// Real-time levels are neither boosted nor do they decay.
    pub(crate) fn is_dynamic(self) -> bool {
        self <= Self::HIGHEST_DYNAMIC
    }

    pub(crate) fn boosted(self, by: u8) -> Self {
        match self.is_dynamic() {
            true => Self(self.0.saturating_add(by)).min(Self::HIGHEST_DYNAMIC),
            false => self,
        }
    }

    pub(crate) fn lowered(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}
