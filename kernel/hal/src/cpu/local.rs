//! The per-CPU block behind gs: what one processor knows of itself.
//!
//! `gs:[0]` is the block's own address while the kernel runs; the entry stubs
//! exchange it with the user's gs by SWAPGS.

use core::cell::UnsafeCell;
use core::mem::offset_of;
use core::ptr::null_mut;
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering};

use vm::Page;
use x86_64::VirtAddr;
use x86_64::registers::model_specific::{GsBase, KernelGsBase};

use crate::thread::Execution;

/// What one processor knows of itself; the entry stubs use the first fields.
#[repr(C)]
pub(crate) struct Local {
    /// This block's address.
    this: AtomicPtr<Local>,
    /// Where the system-call entry puts its frame: the top of the current kernel stack.
    kernel_stack_top: AtomicU64,
    /// The user's stack pointer while the entry stub has no stack yet.
    user_stack: AtomicU64,
    /// One bit for each lock rank held, in debug builds.
    ranks_held: AtomicU64,
    /// How many panics are being reported here: 0 normally.
    panics: AtomicU32,
    /// How many lookers on user memory there are: see `user::Observing`.
    observers: AtomicU32,
    /// Whether breakpoints of a program are in the debug registers.
    has_breakpoints: AtomicBool,
    /// Where the pages are, if any, that a program's instruction writes and runs alone.
    alone: [AtomicU64; 2],
    /// Whether the program steps through it.
    is_stepping: AtomicBool,
    /// The execution that runs here, if threads have been started.
    current: UnsafeCell<Option<crate::Ref<Execution>>>,
    /// The execution that was just left, until its stack is no longer in use.
    left: UnsafeCell<Option<crate::Ref<Execution>>>,
}

pub(crate) const KERNEL_STACK_TOP: usize = offset_of!(Local, kernel_stack_top);
pub(crate) const USER_STACK: usize = offset_of!(Local, user_stack);

// SAFETY: each processor has its own block; `current` and `left` are touched only by its
// own processor with interrupts off.
unsafe impl Sync for Local {}

static BOOT_PROCESSOR: Local = Local {
    this: AtomicPtr::new(null_mut()),
    kernel_stack_top: AtomicU64::new(0),
    user_stack: AtomicU64::new(0),
    ranks_held: AtomicU64::new(0),
    panics: AtomicU32::new(0),
    observers: AtomicU32::new(0),
    has_breakpoints: AtomicBool::new(false),
    alone: [AtomicU64::new(0), AtomicU64::new(0)],
    is_stepping: AtomicBool::new(false),
    current: UnsafeCell::new(None),
    left: UnsafeCell::new(None),
};

/// Makes gs point at the boot processor's block. Once, first of all.
pub(crate) fn init() {
    let block = core::ptr::from_ref(&BOOT_PROCESSOR);
    BOOT_PROCESSOR
        .this
        .store(block.cast_mut(), Ordering::Relaxed);
    GsBase::write(VirtAddr::from_ptr(block));
    KernelGsBase::write(VirtAddr::zero());
}

#[inline]
fn this() -> &'static Local {
    let block: *const Local;
    // SAFETY: `init` ran before anything else and every entry from user mode
    // restores the kernel's gs first, so gs:[0] holds the block's address, and
    // blocks live forever.
    unsafe {
        core::arch::asm!("mov {}, gs:[0]", out(reg) block, options(nostack, readonly, preserves_flags));
        &*block
    }
}

/// Sets the stack on which the next entry from user mode starts.
pub(crate) fn set_kernel_stack_top(top: u64) {
    this().kernel_stack_top.store(top, Ordering::Relaxed);
}

/// The stack on which the next entry from user mode starts.
pub(crate) fn kernel_stack_top() -> u64 {
    this().kernel_stack_top.load(Ordering::Relaxed)
}

/// Counts a panic on this processor; returns how many were running before.
pub(crate) fn enter_panic() -> u32 {
    this().panics.fetch_add(1, Ordering::Relaxed)
}

/// Whether a panic is being reported on this processor.
pub(crate) fn is_panicking() -> bool {
    this().panics.load(Ordering::Relaxed) != 0
}

/// Begins to look on: faults of user copies map nothing.
pub(crate) fn begin_observing() {
    this().observers.fetch_add(1, Ordering::Relaxed);
}

/// Ends what `begin_observing` began.
pub(crate) fn end_observing() {
    this().observers.fetch_sub(1, Ordering::Relaxed);
}

/// Whether user memory is only looked at here.
pub(crate) fn is_observing() -> bool {
    is_panicking() || this().observers.load(Ordering::Relaxed) != 0
}

/// Whether breakpoints of a program are in this processor's debug registers.
pub(crate) fn has_breakpoints() -> bool {
    this().has_breakpoints.load(Ordering::Relaxed)
}

/// Notes whether they are.
pub(crate) fn set_has_breakpoints(value: bool) {
    this().has_breakpoints.store(value, Ordering::Relaxed);
}

/// Notes which pages an instruction writes and runs alone, and whether the program
/// steps through it. Page 0 is never a program's.
pub(crate) fn set_alone(pages: [Option<Page>; 2], is_stepping: bool) {
    for (place, page) in this().alone.iter().zip(pages) {
        let address = page.map_or(0, Page::address);
        place.store(address, Ordering::Relaxed);
    }
    this().is_stepping.store(is_stepping, Ordering::Relaxed);
}

/// What was noted, which is forgotten.
pub(crate) fn take_alone() -> ([Option<Page>; 2], bool) {
    let address = |place: &AtomicU64| match place.swap(0, Ordering::Relaxed) {
        0 => None,
        address => Some(Page::containing(address)),
    };
    let pages = this().alone.each_ref().map(address);
    (pages, this().is_stepping.swap(false, Ordering::Relaxed))
}

/// Lets `use_it` see the current execution, and the caller be sure that nothing
/// replaces it meanwhile.
pub(crate) fn with_current<T>(use_it: impl FnOnce(Option<&Execution>) -> T) -> T {
    // SAFETY: only this processor reaches its block, interrupts are off, and
    // `use_it` is hal's own and switches nothing.
    use_it(unsafe { (*this().current.get()).as_deref() })
}

/// The current execution.
pub(crate) fn current() -> Option<crate::Ref<Execution>> {
    // SAFETY: as in `with_current`.
    unsafe { (*this().current.get()).clone() }
}

/// Makes `next` the current execution and returns the one before.
pub(crate) fn replace_current(next: crate::Ref<Execution>) -> Option<crate::Ref<Execution>> {
    // SAFETY: only this processor reaches its block, with interrupts off, and
    // references into `current` end with `with_current`.
    unsafe { (*this().current.get()).replace(next) }
}

/// Keeps the execution that is being left until `take_left`.
pub(crate) fn keep_until_switched(execution: crate::Ref<Execution>) {
    // SAFETY: as in `replace_current`.
    unsafe { *this().left.get() = Some(execution) };
}

/// The execution that was left by the last switch.
pub(crate) fn take_left() -> Option<crate::Ref<Execution>> {
    // SAFETY: as in `replace_current`.
    unsafe { (*this().left.get()).take() }
}

#[inline]
#[track_caller]
pub(crate) fn note_lock(level: u32, name: &str) {
    if cfg!(debug_assertions) && !is_panicking() {
        let held = this().ranks_held.fetch_or(1 << level, Ordering::Relaxed);
        assert!(
            held >> level == 0,
            "lock {name} (rank {level}) taken while a lock of the same or a higher rank is held: {held:#x}"
        );
    }
}

#[inline]
pub(crate) fn note_lock_out_of_order(level: u32) {
    if cfg!(debug_assertions) {
        this().ranks_held.fetch_or(1 << level, Ordering::Relaxed);
    }
}

#[inline]
pub(crate) fn forget_lock(level: u32) {
    if cfg!(debug_assertions) {
        let held = this()
            .ranks_held
            .fetch_and(!(1 << level), Ordering::Relaxed);
        // Each guard puts the interrupt flag back as it found it.
        let is_last = is_panicking() || held >> level == 1;
        assert!(
            is_last,
            "locks released out of order: {held:#x}, now rank {level}"
        );
    }
}

/// Panics when a lock is held: called before anything that may wait or fault.
#[track_caller]
pub(crate) fn assert_no_locks(what: &str) {
    if cfg!(debug_assertions) && !is_panicking() {
        let held = this().ranks_held.load(Ordering::Relaxed);
        assert!(held == 0, "{what} while locks are held: {held:#x}");
    }
}
