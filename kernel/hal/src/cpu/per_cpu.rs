//! A value for each processor, such as the thread it runs.

use core::cell::UnsafeCell;

use crate::Ref;

/// One reference for each processor; for now there is one processor.
pub struct PerCpu<T>(UnsafeCell<Option<Ref<T>>>);

// SAFETY: only its own processor reaches a value, with interrupts off, and
// nothing is ever lent out of it; the references themselves may be shared.
unsafe impl<T: Send + Sync> Sync for PerCpu<T> {}

impl<T> PerCpu<T> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(None))
    }

    /// This processor's value.
    #[inline]
    pub fn get(&self) -> Option<Ref<T>> {
        // SAFETY: interrupts are off, and cloning a `Ref` calls nothing.
        unsafe { (*self.0.get()).clone() }
    }

    /// Gives this processor another value; returns the one before.
    #[inline]
    pub fn replace(&self, value: Option<Ref<T>>) -> Option<Ref<T>> {
        // SAFETY: as above; the value before is dropped by the caller.
        unsafe { core::mem::replace(&mut *self.0.get(), value) }
    }
}

impl<T> Default for PerCpu<T> {
    fn default() -> Self {
        Self::new()
    }
}
