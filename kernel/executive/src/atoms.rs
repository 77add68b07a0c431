//! The atoms that all programs share.

use hal::lock::Lock;
use objects::Atoms;

use crate::rank;

static ATOMS: Lock<rank::Atoms, Atoms> = Lock::new(Atoms::new());

/// Uses the table.
pub fn with<T>(use_them: impl FnOnce(&mut Atoms) -> T) -> T {
    use_them(&mut ATOMS.lock())
}
