//! A counted reference whose creation can fail for want of memory.
//!
//! `alloc::sync::Arc` aborts when the heap is empty; kernel objects must turn
//! that into a status.

use core::alloc::Layout;
use core::marker::PhantomData;
use core::ops::Deref;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering, fence};

use crate::OutOfMemory;

struct Counted<T> {
    count: AtomicUsize,
    value: T,
}

/// A shared, counted reference to a `T` on the kernel heap.
pub struct Ref<T> {
    inner: NonNull<Counted<T>>,
    owns: PhantomData<Counted<T>>,
}

// SAFETY: like `Arc`: the value is shared between the holders and dropped by
// whichever is last, so it must be both `Send` and `Sync`.
unsafe impl<T: Send + Sync> Send for Ref<T> {}
// SAFETY: as above.
unsafe impl<T: Send + Sync> Sync for Ref<T> {}

impl<T> Ref<T> {
    /// Moves `value` to the heap.
    pub fn try_new(value: T) -> Result<Self, OutOfMemory> {
        // SAFETY: the layout of `Counted` is never empty: it holds the count.
        let memory = unsafe { alloc::alloc::alloc(Layout::new::<Counted<T>>()) };
        let inner = NonNull::new(memory.cast::<Counted<T>>()).ok_or(OutOfMemory)?;
        // SAFETY: `inner` is fresh memory of the right layout.
        unsafe {
            inner.write(Counted {
                count: AtomicUsize::new(1),
                value,
            })
        };
        Ok(Self {
            inner,
            owns: PhantomData,
        })
    }

    fn inner(&self) -> &Counted<T> {
        // SAFETY: the object lives while any `Ref` to it does.
        unsafe { self.inner.as_ref() }
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        let before = self.inner().count.fetch_add(1, Ordering::Relaxed);
        assert!(before < usize::MAX / 2, "a reference count overflowed");
        Self {
            inner: self.inner,
            owns: PhantomData,
        }
    }
}

impl<T> Deref for Ref<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.inner().value
    }
}

impl<T> Drop for Ref<T> {
    fn drop(&mut self) {
        if self.inner().count.fetch_sub(1, Ordering::Release) != 1 {
            return;
        }
        fence(Ordering::Acquire);
        // SAFETY: this was the last reference, so nobody else can reach the
        // object; it was allocated with this layout in `try_new`.
        unsafe {
            self.inner.drop_in_place();
            alloc::alloc::dealloc(self.inner.as_ptr().cast(), Layout::new::<Counted<T>>());
        }
    }
}
