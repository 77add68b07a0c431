//! Spin locks whose rank is in their type; debug builds check the order.
//!
//! A lock may be taken only while every lock already held has a lower rank. The
//! kernel runs with interrupts off, so no handler meets a lock that the code it
//! interrupted holds. `kernel/LOCKS.md` lists the ranks.

use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{AtomicBool, Ordering};

use crate::cpu::local;

/// A place in the locking order, 0 to 63; higher ranks are taken later.
pub trait Rank {
    /// The rank itself.
    const LEVEL: u32;
    /// The lock's name in a report.
    const NAME: &'static str;
}

/// Declares rank types, lowest first in the file that calls it.
#[macro_export]
macro_rules! lock_ranks {
    ($($(#[$doc:meta])* $name:ident = $level:literal;)*) => {$(
        $(#[$doc])*
        pub enum $name {}
        impl $crate::lock::Rank for $name {
            const LEVEL: u32 = $level;
            const NAME: &'static str = stringify!($name);
        }
    )*};
}

/// The ranks of hal's own locks; the executive's are below 42.
pub mod rank {
    crate::lock_ranks! {
        /// Which addresses of the kernel have copies of files.
        Snapshots = 36;
        /// The kernel heap.
        Heap = 42;
        /// The kernel half of the page tables and its address ranges.
        KernelSpace = 44;
        /// The frame allocator.
        Frames = 48;
        /// The ring of the last log events.
        LogRing = 56;
        /// The screen.
        Screen = 58;
        /// The serial port.
        Serial = 60;
    }
}

/// A value behind a spin lock of rank `R`.
pub struct Lock<R: Rank, T> {
    held: AtomicBool,
    rank: PhantomData<fn() -> R>,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached only through a guard, of which there is one at a
// time, so sharing the lock moves the value between processors at most.
unsafe impl<R: Rank, T: Send> Sync for Lock<R, T> {}

impl<R: Rank, T> Lock<R, T> {
    /// A free lock around `value`.
    pub const fn new(value: T) -> Self {
        Self {
            held: AtomicBool::new(false),
            rank: PhantomData,
            value: UnsafeCell::new(value),
        }
    }

    /// Waits for the lock and takes it.
    #[inline]
    #[track_caller]
    pub fn lock(&self) -> Guard<'_, R, T> {
        local::note_lock(R::LEVEL, R::NAME);
        while self
            .held
            .compare_exchange_weak(false, true, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            core::hint::spin_loop();
        }
        Guard {
            lock: self,
            _stays: PhantomData,
        }
    }

    /// Takes the lock if it is free; used where waiting could hang, as in a panic.
    pub fn try_lock(&self) -> Option<Guard<'_, R, T>> {
        if self
            .held
            .compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed)
            .is_err()
        {
            return None;
        }
        local::note_lock_out_of_order(R::LEVEL);
        Some(Guard {
            lock: self,
            _stays: PhantomData,
        })
    }

    /// The value without the lock, for the panic path.
    ///
    /// # Safety
    /// No other processor may be running, and the caller must tolerate a value
    /// that its interrupted owner left half-written.
    pub(crate) unsafe fn bypass(&self) -> &T {
        // SAFETY: the caller vouches that nobody else runs.
        unsafe { &*self.value.get() }
    }
}

/// The right to use a locked value, until dropped.
pub struct Guard<'a, R: Rank, T> {
    lock: &'a Lock<R, T>,
    /// What is held is counted for each processor, so the guard stays here.
    _stays: PhantomData<*mut T>,
}

// SAFETY: a shared guard gives shared references to the value only.
unsafe impl<R: Rank, T: Sync> Sync for Guard<'_, R, T> {}

impl<R: Rank, T> Deref for Guard<'_, R, T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: a guard exists only while its lock is held by its owner.
        unsafe { &*self.lock.value.get() }
    }
}

impl<R: Rank, T> DerefMut for Guard<'_, R, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`; `&mut self` makes the access exclusive.
        unsafe { &mut *self.lock.value.get() }
    }
}

impl<R: Rank, T> Drop for Guard<'_, R, T> {
    #[inline]
    fn drop(&mut self) {
        self.lock.held.store(false, Ordering::Release);
        local::forget_lock(R::LEVEL);
    }
}
