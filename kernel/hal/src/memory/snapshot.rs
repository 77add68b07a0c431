//! Bytes that were copied once and are never written again.
//!
//! A snapshot lies in frames of its own that the kernel sees in a row, so that
//! what is in it can be referred to; programs may be shown the same frames.

use vm::{NoPlace, PAGE_SIZE, Page, PageRange, Places};

use super::frames::{OwnedFrame, SharedFrame};
use super::{kernel_space, layout};
use crate::OutOfMemory;
use crate::lock::{Lock, rank};

const PAGE_BYTES: usize = PAGE_SIZE as usize;

static PLACES: Lock<rank::Snapshots, Places> = Lock::new(Places::new(PageRange::new(
    Page::containing(layout::SNAPSHOTS),
    Page::containing(layout::SNAPSHOTS + layout::SNAPSHOTS_LIMIT),
)));

/// A copy of some bytes.
#[derive(Debug)]
pub struct Snapshot {
    pages: PageRange,
    bytes: usize,
}

impl Snapshot {
    /// One of so many bytes. `fill` is given each page in turn, full of zeros, and
    /// what it says ends the making.
    pub fn new<E: From<OutOfMemory>>(
        bytes: usize,
        mut fill: impl FnMut(u64, &mut [u8; PAGE_BYTES]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let size_pages = bytes.div_ceil(PAGE_BYTES) as u64;
        let taken = PLACES.lock().take(size_pages);
        let pages = taken.map_err(|NoPlace| OutOfMemory)?;
        // Dropped on failure, with as many pages as it has by then.
        let snapshot = Self { pages, bytes };
        for (number, page) in (0..).zip(pages.pages()) {
            let mut frame = OwnedFrame::zeroed()?;
            fill(number, frame.bytes_mut())?;
            kernel_space::map_read_only(page, frame.share())?;
        }
        Ok(snapshot)
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        let start = self.pages.start.address() as *const u8;
        // SAFETY: `new` has mapped the pages, which stay until this value is
        // dropped, and nobody writes a shared frame.
        unsafe { core::slice::from_raw_parts(start, self.bytes) }
    }

    /// The frame of one of its pages.
    pub fn frame(&self, number: u64) -> Option<SharedFrame> {
        let page = self.pages.start.plus(number);
        let is_inside = number < self.pages.size_pages();
        is_inside.then(|| kernel_space::read_only_frame(page))?
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        kernel_space::unmap_read_only(self.pages);
        let was_taken = PLACES.lock().give_back(self.pages.start);
        assert!(was_taken, "a snapshot's addresses were given back twice");
    }
}

/// What borrows from bytes.
pub trait Borrows {
    /// It, while the bytes last.
    type From<'bytes>;

    /// The same for a shorter time: it must not be able to tell.
    fn shortened<'short, 'bytes: 'short>(
        this: &'short Self::From<'bytes>,
    ) -> &'short Self::From<'short>;
}

/// Bytes, and what was made of them once and borrows from them.
pub struct Borrowed<B: Borrows> {
    made: B::From<'static>,
    /// Goes last, as fields do that are declared last.
    snapshot: Option<Snapshot>,
}

impl<B: Borrows> Borrowed<B> {
    /// What was made of bytes that last forever.
    pub fn of_static(made: B::From<'static>) -> Self {
        Self {
            made,
            snapshot: None,
        }
    }

    /// What is made of a snapshot's bytes.
    pub fn of_snapshot<E>(
        snapshot: Snapshot,
        make: impl for<'bytes> FnOnce(&'bytes [u8]) -> Result<B::From<'bytes>, E>,
    ) -> Result<Self, E> {
        let bytes = &raw const *snapshot.bytes();
        // SAFETY: the bytes last as long as the snapshot, which this value keeps
        // until what was made of them is gone. `make` takes bytes of any lifetime,
        // so it puts them nowhere else, and `get` shortens the lifetime again.
        let made = make(unsafe { &*bytes })?;
        Ok(Self {
            made,
            snapshot: Some(snapshot),
        })
    }

    /// What was made.
    pub fn get(&self) -> &B::From<'_> {
        B::shortened(&self.made)
    }

    /// The bytes, if they do not last forever.
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_ref()
    }
}
