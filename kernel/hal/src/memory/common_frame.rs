//! Frames that several programs see and may write.

use vm::{Frame, PAGE_SIZE};

use super::frames::{OwnedFrame, SharedFrame, allocate_row, pointer};
use crate::OutOfMemory;
use crate::user::{self, UserFault};

const PAGE_BYTES: usize = PAGE_SIZE as usize;

/// A frame that several programs see and may write: the kernel never refers to
/// its content, it only copies.
#[derive(Debug)]
pub struct CommonFrame(SharedFrame);

impl CommonFrame {
    /// A frame full of zeros.
    pub fn zeroed() -> Result<Self, OutOfMemory> {
        Ok(Self::of(OwnedFrame::zeroed()?))
    }

    /// A frame with a content of its own.
    pub fn of(frame: OwnedFrame) -> Self {
        Self(frame.share())
    }

    /// A frame with a copy of a page's bytes of the current process. No lock may be
    /// held.
    pub fn copied_from_user(from: u64) -> Result<Self, UserFault> {
        let frame = OwnedFrame::unfilled().map_err(|OutOfMemory| UserFault::OutOfMemory)?;
        let to = pointer(frame.frame());
        // SAFETY: the frame is RAM in the direct map and this function's alone; it
        // is freed unless all of it was written.
        unsafe { user::copy_in_raw(to, from, PAGE_BYTES)? };
        Ok(Self::of(frame))
    }

    /// Copies from an offset on.
    pub fn read(&self, offset: usize, to: &mut [u8]) {
        copy_from(self.0.frame(), offset, to);
    }

    /// Copies to an offset on.
    pub fn write(&self, offset: usize, from: &[u8]) {
        // SAFETY: the kernel refers to no common frame.
        unsafe { copy_to(self.0.frame(), offset, from) };
    }

    /// Copies from an offset on to the current process. No lock may be held.
    #[inline]
    pub fn read_to_user(&self, offset: usize, to: u64, bytes: usize) -> Result<(), UserFault> {
        let from = part(self.0.frame(), offset, bytes);
        // SAFETY: `from` is so many bytes of RAM in the direct map, to which
        // nothing in the kernel refers.
        unsafe { user::copy_out_raw(to, from, bytes) }
    }

    /// Copies from the current process to an offset on; on failure it is partly
    /// written. No lock may be held.
    pub fn write_from_user(&self, offset: usize, from: u64, bytes: usize) -> Result<(), UserFault> {
        let to = part(self.0.frame(), offset, bytes);
        // SAFETY: as in `read_to_user`.
        unsafe { user::copy_in_raw(to, from, bytes) }
    }

    /// Writes zeros from an offset on.
    pub fn clear(&self, offset: usize, bytes: usize) {
        // SAFETY: as in `read_to_user`.
        unsafe { part(self.0.frame(), offset, bytes).write_bytes(0, bytes) };
    }

    pub(super) fn into_frame(self) -> Frame {
        self.0.into_frame()
    }
}

impl Clone for CommonFrame {
    #[inline]
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Frames in a row, which are given out one by one.
#[derive(Debug)]
pub struct CommonRow {
    next: Frame,
    end: Frame,
}

impl CommonRow {
    const ORDER: usize = 4;
    /// How many frames a whole one has.
    pub const PAGES: u64 = 1 << Self::ORDER;

    /// A row with a copy of as many pages of the current process; `None`: there are
    /// no free frames in a row. No lock may be held.
    pub fn copied_from_user(from: u64) -> Result<Option<Self>, UserFault> {
        let first = allocate_row(Self::ORDER).map_err(|OutOfMemory| UserFault::OutOfMemory)?;
        let Some(next) = first else {
            return Ok(None);
        };
        let row = Self {
            next,
            end: next.plus(Self::PAGES),
        };
        // SAFETY: the frames lie in the direct map one behind the other and are this
        // function's alone; they are freed unless all of them was written.
        unsafe { user::copy_in_raw(pointer(next), from, PAGE_BYTES << Self::ORDER)? };
        Ok(Some(row))
    }
}

impl Iterator for CommonRow {
    type Item = CommonFrame;

    fn next(&mut self) -> Option<CommonFrame> {
        (self.next < self.end).then(|| {
            let frame = self.next;
            self.next = frame.plus(1);
            // SAFETY: the frame has one owner, which was the row and is given away.
            CommonFrame(unsafe { SharedFrame::from_frame(frame) })
        })
    }
}

impl Drop for CommonRow {
    fn drop(&mut self) {
        self.for_each(drop);
    }
}

/// A part of a frame.
fn part(frame: Frame, offset: usize, bytes: usize) -> *mut u8 {
    let end = offset.checked_add(bytes);
    assert!(
        end.is_some_and(|end| end <= PAGE_BYTES),
        "a copy beyond a frame"
    );
    // SAFETY: the offset lies in the frame, or just behind it.
    unsafe { pointer(frame).add(offset) }
}

/// Copies from a frame that others may write meanwhile.
pub(super) fn copy_from(frame: Frame, offset: usize, to: &mut [u8]) {
    let from = part(frame, offset, to.len());
    // SAFETY: the frame is RAM in the direct map, the range lies in it, and `to`
    // is the kernel's own; no reference into the frame is made.
    unsafe { core::ptr::copy(from, to.as_mut_ptr(), to.len()) };
}

/// Copies to a frame that others may read and write meanwhile.
///
/// # Safety
/// Nobody in the kernel refers to the frame's content.
pub(super) unsafe fn copy_to(frame: Frame, offset: usize, from: &[u8]) {
    let to = part(frame, offset, from.len());
    // SAFETY: as in `copy_from`; the caller vouches for the rest.
    unsafe { core::ptr::copy(from.as_ptr(), to, from.len()) };
}
