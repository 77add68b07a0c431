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
use crate::memory::heap;

/// The count comes first, so that it is at one place whatever `T` is.
#[repr(C)]
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

/// Memory for a `T` and its count: what is done after getting it cannot fail for
/// want of memory.
pub struct Room<T>(NonNull<Counted<T>>);

// SAFETY: it is nothing but memory, and its holder's alone.
unsafe impl<T> Send for Room<T> {}

impl<T> Room<T> {
    /// Gets it.
    pub fn try_new() -> Result<Self, OutOfMemory> {
        let memory = heap::allocate(Layout::new::<Counted<T>>());
        let inner = NonNull::new(memory.cast::<Counted<T>>()).ok_or(OutOfMemory)?;
        Ok(Self(inner))
    }

    /// Moves a value there.
    pub fn fill(self, value: T) -> Ref<T> {
        let inner = self.0;
        core::mem::forget(self);
        // SAFETY: `inner` is fresh memory of the right layout.
        unsafe {
            inner.write(Counted {
                count: AtomicUsize::new(1),
                value,
            })
        };
        Ref {
            inner,
            owns: PhantomData,
        }
    }
}

impl<T> Drop for Room<T> {
    fn drop(&mut self) {
        // SAFETY: it was allocated with this layout, and nothing is in it.
        unsafe { heap::free(self.0.cast(), Layout::new::<Counted<T>>()) };
    }
}

impl<T> Ref<T> {
    /// Moves `value` to the heap.
    #[inline]
    pub fn try_new(value: T) -> Result<Self, OutOfMemory> {
        Ok(Room::try_new()?.fill(value))
    }

    #[inline]
    /// How many references there are. Others may come and go meanwhile.
    pub fn count(this: &Self) -> usize {
        this.inner().count.load(Ordering::Relaxed)
    }

    fn inner(&self) -> &Counted<T> {
        // SAFETY: the object lives while any `Ref` to it does.
        unsafe { self.inner.as_ref() }
    }
}

/// Half of what a count could be; so that whoever counts too far is noticed.
const MOST_REFERENCES: usize = isize::MAX as usize;

#[cold]
#[inline(never)]
fn overflowed() -> ! {
    panic!("a reference count overflowed")
}

impl<T> Clone for Ref<T> {
    #[inline]
    fn clone(&self) -> Self {
        if self.inner().count.fetch_add(1, Ordering::Relaxed) > MOST_REFERENCES {
            overflowed();
        }
        Self {
            inner: self.inner,
            owns: PhantomData,
        }
    }
}

impl<T> Deref for Ref<T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.inner().value
    }
}

impl<T> Drop for Ref<T> {
    #[inline]
    fn drop(&mut self) {
        if self.inner().count.fetch_sub(1, Ordering::Release) == 1 {
            // SAFETY: this was the last reference, so nobody else can reach the
            // object.
            unsafe { free(self.inner) };
        }
    }
}

/// # Safety
/// Nobody else can reach the object, which `try_new` made.
#[inline(never)]
unsafe fn free<T>(object: NonNull<Counted<T>>) {
    fence(Ordering::Acquire);
    // SAFETY: the caller vouches for it; the object was allocated with this layout.
    unsafe {
        object.drop_in_place();
        heap::free(object.cast(), Layout::new::<Counted<T>>());
    }
}
