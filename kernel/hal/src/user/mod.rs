//! User memory, which is never a reference: it is copied in, or copied out.
//!
//! A copy may fault, and the fault may be resolved by mapping a page, so no
//! lock may be held. What cannot be resolved makes the copy fail.

use core::arch::global_asm;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::cpu::local;
use crate::guards;
use crate::memory::layout;

global_asm!(include_str!("copy.s"));

unsafe extern "C" {
    fn user_copy(to: *mut u8, from: *const u8, bytes: usize) -> u64;
    fn user_probe(first: *mut u8, last: *mut u8) -> u64;
}

/// Whether the processor forbids access to user pages outside STAC and CLAC.
#[unsafe(no_mangle)]
static USER_ACCESS_GUARDED: AtomicBool = AtomicBool::new(false);

/// Says that SMAP is on.
pub(crate) fn guard_access() {
    USER_ACCESS_GUARDED.store(true, Ordering::Relaxed);
}

/// User memory is only looked at until this is dropped: what is not mapped stays
/// so, and a copy of it fails. A report must find the same however often it looks.
pub struct Observing {
    /// The block that counts is this processor's.
    _stays: PhantomData<*mut ()>,
}

/// Begins to look on.
pub fn observe() -> Observing {
    local::begin_observing();
    Observing {
        _stays: PhantomData,
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        local::end_observing();
    }
}

/// Why user memory was not copied, or only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum UserFault {
    /// Some of it cannot be read or written.
    Denied = 1,
    /// No frame was left for a page of it.
    OutOfMemory = 2,
}

#[inline(always)]
fn check(address: u64, bytes: usize) -> Result<(), UserFault> {
    local::assert_no_locks("user memory touched");
    if !guards::RANGE_CHECK {
        return Ok(());
    }
    let end = address.checked_add(bytes as u64).ok_or(UserFault::Denied)?;
    (address >= layout::USER_START && end <= layout::USER_END)
        .then_some(())
        .ok_or(UserFault::Denied)
}

/// What the copy routine's answer means.
fn result(answer: u64) -> Result<(), UserFault> {
    const OUT_OF_MEMORY: u64 = UserFault::OutOfMemory as u64;
    match answer {
        0 => Ok(()),
        OUT_OF_MEMORY => Err(UserFault::OutOfMemory),
        _ => Err(UserFault::Denied),
    }
}

/// Copies from the current process into `to`; on failure `to` is partly filled.
#[inline(always)]
pub fn copy_in(to: &mut [u8], from: u64) -> Result<(), UserFault> {
    if to.is_empty() {
        return Ok(());
    }
    // SAFETY: `to` is the kernel's.
    unsafe { copy_in_raw(to.as_mut_ptr(), from, to.len()) }
}

/// Copies from the current process to memory that nothing refers to.
///
/// # Safety
/// The kernel may write so many bytes at `to`.
#[inline(always)]
pub(crate) unsafe fn copy_in_raw(to: *mut u8, from: u64, bytes: usize) -> Result<(), UserFault> {
    check(from, bytes)?;
    // SAFETY: the caller vouches for `to`; `from` lies in the user half, where a
    // fault has a fixup.
    result(unsafe { user_copy(to, from as *const u8, bytes) })
}

/// Checks that so many bytes, one to a page's, can be written where they are.
#[inline(always)]
pub fn probe(address: u64, bytes: usize) -> Result<(), UserFault> {
    check(address, bytes)?;
    let last = address.wrapping_add(bytes as u64).wrapping_sub(1);
    // SAFETY: both lie in the user half, where a fault has a fixup, and stay as
    // they are.
    result(unsafe { user_probe(address as *mut u8, last as *mut u8) })
}

/// Copies `from` to the current process; on failure it is partly written.
#[inline(always)]
pub fn copy_out(to: u64, from: &[u8]) -> Result<(), UserFault> {
    if from.is_empty() {
        return Ok(());
    }
    // SAFETY: `from` is the kernel's.
    unsafe { copy_out_raw(to, from.as_ptr(), from.len()) }
}

/// Copies to the current process from memory that nothing refers to.
///
/// # Safety
/// The kernel may read so many bytes at `from`.
pub(crate) unsafe fn copy_out_raw(to: u64, from: *const u8, bytes: usize) -> Result<(), UserFault> {
    check(to, bytes)?;
    // SAFETY: the caller vouches for `from`; `to` lies in the user half, where a
    // fault has a fixup.
    result(unsafe { user_copy(to as *mut u8, from, bytes) })
}
