//! Memory that a device reads and writes: frames in a row, kept for good.

use core::ptr::NonNull;

use vm::{Frame, PAGE_SIZE};

use super::frames::{allocate_row, pointer};
use crate::OutOfMemory;

/// Frames in a row, which are never given back: a device that has failed may write
/// to them at any time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeviceMemory {
    first: Frame,
    bytes: usize,
}

impl DeviceMemory {
    /// 2^`order` frames of zeros.
    pub(crate) fn zeroed(order: usize) -> Result<Self, OutOfMemory> {
        let first = allocate_row(order)?.ok_or(OutOfMemory)?;
        let bytes = (PAGE_SIZE as usize) << order;
        // SAFETY: the frames lie in the direct map one behind the other and are
        // this function's alone.
        unsafe { pointer(first).write_bytes(0, bytes) };
        Ok(Self { first, bytes })
    }

    /// Where the device finds it.
    pub(crate) fn physical(self) -> u64 {
        self.first.address()
    }

    /// Where the kernel finds it.
    pub(crate) fn start(self) -> NonNull<u8> {
        NonNull::new(pointer(self.first)).expect("the direct map does not begin at zero")
    }

    /// How long it is.
    pub(crate) fn bytes(self) -> usize {
        self.bytes
    }
}
