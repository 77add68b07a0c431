//! Frames of physical memory, owned, shared or permanent.

use core::mem::forget;

use vm::{Buddy, Frame, FrameMeta, PAGE_SIZE};

use super::layout::DIRECT_MAP;
use super::{common_frame, failures, kernel_stack};
use crate::OutOfMemory;
use crate::guards;
use crate::lock::{Lock, rank};

const PAGE_BYTES: usize = PAGE_SIZE as usize;

static FRAMES: Lock<rank::Frames, Option<Buddy<'static>>> = Lock::new(None);

/// How many frames there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameCounts {
    /// Frames the allocator was given.
    pub total: u64,
    /// Frames nobody uses, those in stacks that are kept for later included.
    pub free: u64,
    /// The number after the last frame's.
    pub end: u64,
}

/// Frames in total and free.
pub fn counts() -> FrameCounts {
    FRAMES
        .lock()
        .as_ref()
        .map_or_else(FrameCounts::default, |buddy| {
            let counts = buddy.counts();
            FrameCounts {
                total: counts.total,
                free: counts.free + kernel_stack::kept_frames(),
                end: buddy.end().0,
            }
        })
}

/// Sets the allocator up over its metadata. Once.
pub(super) fn init(metadata: &'static mut [FrameMeta]) {
    *FRAMES.lock() = Some(Buddy::new(Frame(0), metadata));
}

/// Gives frames to the allocator.
pub(super) fn add(start: Frame, end: Frame) {
    if let Some(buddy) = FRAMES.lock().as_mut() {
        let added = buddy.add_range(start, end.0 - start.0);
        assert!(
            added.is_ok(),
            "frames {start:?} to {end:?} were given to the allocator twice"
        );
    }
}

#[inline]
fn allocate() -> Result<Frame, OutOfMemory> {
    if failures::must_fail() {
        return Err(OutOfMemory);
    }
    if let Some(frame) = take_free() {
        return Ok(frame);
    }
    match kernel_stack::kept_frames() > 0 && kernel_stack::give_back_kept() {
        true => take_free().ok_or(OutOfMemory),
        false => Err(OutOfMemory),
    }
}

/// The first of 2^`order` single frames in a row; `None`: there is no such row.
pub(super) fn allocate_row(order: usize) -> Result<Option<Frame>, OutOfMemory> {
    if failures::must_fail() {
        return Err(OutOfMemory);
    }
    let mut frames = FRAMES.lock();
    Ok(frames.as_mut().and_then(|buddy| buddy.allocate_row(order)))
}

#[inline]
fn take_free() -> Option<Frame> {
    let mut frames = FRAMES.lock();
    frames.as_mut().and_then(|buddy| buddy.allocate(0))
}

fn free(frame: Frame) {
    let freed = FRAMES.lock().as_mut().map(|buddy| buddy.free(frame, 0));
    assert!(
        matches!(freed, Some(Ok(()))),
        "{frame:?} was freed but not allocated"
    );
}

/// Where a frame is in the direct map.
pub(super) fn pointer(frame: Frame) -> *mut u8 {
    (DIRECT_MAP + frame.address()) as *mut u8
}

/// A frame that belongs to one holder, who may write it.
#[derive(Debug)]
pub struct OwnedFrame(Frame);

impl OwnedFrame {
    /// A frame full of zeros.
    pub fn zeroed() -> Result<Self, OutOfMemory> {
        let mut frame = Self(allocate()?);
        if guards::ZEROING {
            frame.bytes_mut().fill(0);
        }
        Ok(frame)
    }

    /// A frame with whatever it had: nobody may see that.
    pub(super) fn unfilled() -> Result<Self, OutOfMemory> {
        allocate().map(Self)
    }

    /// A page table without entries.
    #[inline]
    pub(super) fn empty_table() -> Result<Self, OutOfMemory> {
        let mut frame = Self(allocate()?);
        frame.bytes_mut().fill(0);
        Ok(frame)
    }

    /// A frame with a copy of `bytes`.
    pub fn copy_of(bytes: &[u8; PAGE_BYTES]) -> Result<Self, OutOfMemory> {
        let mut frame = Self(allocate()?);
        frame.bytes_mut().copy_from_slice(bytes);
        Ok(frame)
    }

    /// A frame with a copy of another's content.
    pub(super) fn copy_of_frame(other: Frame) -> Result<Self, OutOfMemory> {
        let mut frame = Self(allocate()?);
        common_frame::copy_from(other, 0, frame.bytes_mut());
        Ok(frame)
    }

    /// Its content.
    pub fn bytes(&self) -> &[u8; PAGE_BYTES] {
        // SAFETY: the frame is RAM in the direct map and this value's alone.
        unsafe { &*pointer(self.0).cast() }
    }

    /// Its content, to change.
    pub fn bytes_mut(&mut self) -> &mut [u8; PAGE_BYTES] {
        // SAFETY: as in `bytes`, and `&mut self` is exclusive.
        unsafe { &mut *pointer(self.0).cast() }
    }

    /// Its number.
    pub fn frame(&self) -> Frame {
        self.0
    }

    /// Gives the frame away without freeing it: to a page table entry.
    pub(super) fn into_frame(self) -> Frame {
        let frame = self.0;
        forget(self);
        frame
    }

    /// Takes a frame back from a page table entry.
    ///
    /// # Safety
    /// The frame came from `into_frame` and nothing else refers to it.
    pub(super) unsafe fn from_frame(frame: Frame) -> Self {
        Self(frame)
    }

    /// Shares the frame; from now on nobody writes it.
    pub fn share(self) -> SharedFrame {
        SharedFrame(self.into_frame())
    }
}

impl Drop for OwnedFrame {
    fn drop(&mut self) {
        free(self.0);
    }
}

/// A frame with several holders, none of whom writes it.
#[derive(Debug)]
pub struct SharedFrame(Frame);

impl SharedFrame {
    /// Its content.
    pub fn bytes(&self) -> &[u8; PAGE_BYTES] {
        // SAFETY: RAM in the direct map that nobody writes while it is shared.
        unsafe { &*pointer(self.0).cast() }
    }

    /// Its number.
    pub(super) fn frame(&self) -> Frame {
        self.0
    }

    pub(super) fn into_frame(self) -> Frame {
        let frame = self.0;
        forget(self);
        frame
    }

    /// Takes a share back from a page table entry.
    ///
    /// # Safety
    /// The frame came from `into_frame`, once for each value made here.
    pub(super) unsafe fn from_frame(frame: Frame) -> Self {
        Self(frame)
    }
}

impl Clone for SharedFrame {
    #[inline]
    fn clone(&self) -> Self {
        let shared = FRAMES.lock().as_mut().map(|buddy| buddy.share(self.0));
        assert!(
            matches!(shared, Some(Ok(_))),
            "{:?} was shared but not allocated",
            self.0
        );
        Self(self.0)
    }
}

impl Drop for SharedFrame {
    fn drop(&mut self) {
        let last = FRAMES.lock().as_mut().map(|buddy| buddy.release(self.0));
        assert!(
            matches!(last, Some(Ok(_))),
            "{:?} was released but not allocated",
            self.0
        );
    }
}

/// A frame of a boot module: never written, never freed.
#[derive(Clone, Copy, Debug)]
pub struct PermanentFrame(Frame);

impl PermanentFrame {
    /// The frames of a boot module, which starts on a page.
    pub(super) fn of_module(start: u64) -> Self {
        Self(Frame::containing(start))
    }

    /// The frame that holds a page of `bytes`, which must lie in a boot module.
    pub fn holding(bytes: &'static [u8]) -> Option<Self> {
        let address = bytes.as_ptr() as u64;
        let physical = address.checked_sub(DIRECT_MAP)?;
        let is_page = bytes.len() == PAGE_BYTES && physical % PAGE_SIZE == 0;
        (is_page && super::start::is_module_memory(physical, PAGE_SIZE))
            .then(|| Self::of_module(physical))
    }

    pub(super) fn frame(self) -> Frame {
        self.0
    }
}

/// A page that the kernel keeps writing and every process may read.
#[derive(Debug)]
pub struct PublishedPage(Frame);

impl PublishedPage {
    /// A page with this content, published for good.
    pub fn new(content: OwnedFrame) -> Self {
        Self(content.into_frame())
    }

    /// Stores an aligned word; readers see the old or the new one.
    pub fn store(&self, offset: usize, value: u32) {
        assert!(
            offset.is_multiple_of(4) && offset < PAGE_BYTES,
            "offset {offset:#x} names no word of a page"
        );
        // SAFETY: in bounds and aligned; the frame is never freed, and nobody
        // holds a reference into it.
        unsafe {
            pointer(self.0)
                .add(offset)
                .cast::<u32>()
                .write_volatile(value)
        }
    }

    /// The frame as processes are shown it.
    pub fn view(&self) -> PermanentFrame {
        PermanentFrame(self.0)
    }
}
