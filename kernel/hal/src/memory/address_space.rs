//! The user half of a process's address space, page by page.
//!
//! Every mapped frame belongs to its entry: private ones are freed, shared ones
//! released when the entry goes. A page without any right keeps its frame. What was
//! written the processor notes in the entries (SDM vol. 3, 4.8); for watched memory
//! that is kept when the frame goes.

use vm::{Frame, Page, PageRange, Rights};
use x86_64::instructions::tlb;
use x86_64::registers::control::Cr3;
use x86_64::structures::paging::PageTableFlags;
use x86_64::structures::paging::page_table::PageTableEntry;
use x86_64::{PhysAddr, VirtAddr};

use super::common_frame::{self, CommonFrame};
use super::frames::{OwnedFrame, PermanentFrame, SharedFrame};
use super::residency::Residency;
pub use super::tables::Search;
use super::{kernel_space, layout, tables};
use crate::{OutOfMemory, Ref};

/// Available to software: the frame is the entry's own.
const PRIVATE: PageTableFlags = PageTableFlags::BIT_9;
/// Available to software: the frame is one share.
const SHARED: PageTableFlags = PageTableFlags::BIT_10;
/// Available to software, with [`SHARED`]: its holders may write it.
const COMMON: PageTableFlags = PageTableFlags::BIT_11;
/// An entry without a frame, of a page that was written when it had one. Every
/// entry with a frame is open to users, whatever its rights.
const WRITTEN: PageTableFlags = PageTableFlags::BIT_11;
/// What the processor sets when it writes.
const DIRTY: PageTableFlags = PageTableFlags::DIRTY;

/// Whose frame a page shows.
#[derive(Debug)]
pub enum Backing {
    /// This address space's alone.
    Private(OwnedFrame),
    /// Shared with others; never writable.
    Shared(SharedFrame),
    /// Shared with others; whoever has the right writes it.
    Common(CommonFrame),
    /// Of a boot module; never writable.
    Permanent(PermanentFrame),
}

/// What a page shows now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What may be done to it.
    pub rights: Rights,
    /// Whether the frame is this address space's alone.
    pub is_private: bool,
}

/// The root table of an address space; whoever runs on it keeps it.
#[derive(Debug)]
pub struct Root(Frame);

impl Root {
    fn new() -> Result<Self, OutOfMemory> {
        let frame = OwnedFrame::empty_table()?;
        let root = Self(frame.into_frame());
        kernel_space::copy_kernel_half(root.0);
        Ok(root)
    }

    /// Makes this the processor's address space.
    pub(crate) fn activate(&self) {
        let (current, flags) = Cr3::read();
        let wanted = PhysAddr::new(self.0.address());
        if current.start_address() != wanted {
            let frame = x86_64::structures::paging::PhysFrame::containing_address(wanted);
            // SAFETY: every root has the same kernel half, so the kernel goes on;
            // the caller keeps the root while it is active.
            unsafe { Cr3::write(frame, flags) };
        }
    }

    #[inline]
    fn is_active(&self) -> bool {
        Cr3::read().0.start_address().as_u64() == self.0.address()
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        assert!(
            !self.is_active(),
            "the root table of the active address space was dropped"
        );
        // SAFETY: nothing refers to the root any more; `AddressSpace::drop` has
        // emptied its user half.
        drop(unsafe { OwnedFrame::from_frame(self.0) });
    }
}

/// The user half of one address space.
#[derive(Debug)]
pub struct AddressSpace {
    root: Ref<Root>,
    residency: Residency,
}

impl core::fmt::Debug for Ref<Root> {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        (**self).fmt(out)
    }
}

impl AddressSpace {
    /// An empty one.
    pub fn new() -> Result<Self, OutOfMemory> {
        Ok(Self {
            root: Ref::try_new(Root::new()?)?,
            residency: Residency::default(),
        })
    }

    /// How many pages show something.
    pub fn residency(&self) -> Residency {
        self.residency
    }

    /// What an execution needs to run in it.
    pub fn root(&self) -> Ref<Root> {
        self.root.clone()
    }

    /// Whether it is the one in use.
    pub(super) fn is_active(&self) -> bool {
        self.root.is_active()
    }

    fn frame(&self) -> Frame {
        self.root.0
    }

    /// Shows a frame at `page`, instead of what was there. Write is ignored for
    /// frames that others see.
    pub fn map(&mut self, page: Page, backing: Backing, rights: Rights) -> Result<(), OutOfMemory> {
        assert_user(page);
        // SAFETY: `&mut self`: nobody else changes the user half.
        let entry = unsafe { tables::entry_or_new(self.frame(), page, 0) }?;
        let before = core::mem::replace(entry, PageTableEntry::new());
        let written = match before.flags() == WRITTEN {
            true => DIRTY,
            false => PageTableFlags::empty(),
        };
        let (frame, kind) = taken(backing);
        tables::set(entry, frame, flags(kind, rights) | written);
        if shows(&before) {
            self.flush(page);
            self.residency.remove(is_private(&before));
            release(&before);
        }
        self.residency.add(kind.contains(PRIVATE));
        Ok(())
    }

    /// Shows frames at those pages of a range that were never used, as they are chosen.
    /// The range lies in one page table.
    pub fn map_unused(
        &mut self,
        range: PageRange,
        mut choose: impl FnMut(Page) -> Option<(Backing, Rights)>,
    ) -> Result<(), OutOfMemory> {
        assert_user_range(range);
        // SAFETY: `&mut self`: nobody else changes the user half.
        for (page, entry) in unsafe { tables::leaves_or_new(self.frame(), range) }? {
            if entry.is_unused()
                && let Some((backing, rights)) = choose(page)
            {
                let (frame, kind) = taken(backing);
                tables::set(entry, frame, flags(kind, rights));
                self.residency.add(kind.contains(PRIVATE));
            }
        }
        Ok(())
    }

    /// What `page` shows, if anything.
    #[inline]
    pub fn shown(&self, page: Page) -> Option<Shown> {
        // SAFETY: `&self`: nobody changes the user half.
        let entry = unsafe { tables::leaf(self.frame(), page) }?;
        shows(entry).then(|| Shown {
            rights: rights(entry),
            is_private: is_private(entry),
        })
    }

    /// Replaces what `page` shows by a private copy. False: it shows nothing.
    pub fn make_private(&mut self, page: Page, rights: Rights) -> Result<bool, OutOfMemory> {
        assert_user(page);
        // SAFETY: `&mut self`: nobody else changes the user half.
        let Some(entry) =
            (unsafe { tables::leaf(self.frame(), page) }).filter(|entry| shows(entry))
        else {
            return Ok(false);
        };
        if is_private(entry) {
            let frame = tables::frame_of(entry);
            tables::set(entry, frame, flags(PRIVATE, rights));
            self.flush(page);
            return Ok(true);
        }
        let copy = OwnedFrame::copy_of_frame(tables::frame_of(entry))?;
        let before = core::mem::replace(entry, PageTableEntry::new());
        tables::set(entry, copy.into_frame(), flags(PRIVATE, rights));
        self.flush(page);
        self.residency.own();
        release(&before);
        Ok(true)
    }

    /// Copies from what `page` shows, from an offset on; false: it shows nothing
    /// that may be read.
    pub fn read(&self, page: Page, offset: usize, to: &mut [u8]) -> bool {
        assert_user(page);
        // SAFETY: `&self`: nobody changes the user half.
        let entry = unsafe { tables::leaf(self.frame(), page) };
        let Some(entry) = entry.filter(|entry| rights(entry).read) else {
            return false;
        };
        common_frame::copy_from(tables::frame_of(entry), offset, to);
        true
    }

    /// Copies to what `page` shows, from an offset on; false: it shows nothing
    /// that may be written.
    pub fn write(&mut self, page: Page, offset: usize, from: &[u8]) -> bool {
        assert_user(page);
        // SAFETY: `&mut self`: nobody else changes the user half.
        let entry = unsafe { tables::leaf(self.frame(), page) };
        let Some(entry) = entry.filter(|entry| rights(entry).write) else {
            return false;
        };
        // SAFETY: only private and common frames are entered as writable, and
        // the kernel refers to the content of neither.
        unsafe { common_frame::copy_to(tables::frame_of(entry), offset, from) };
        tables::set(entry, tables::frame_of(entry), entry.flags() | DIRTY);
        true
    }

    /// Gives the pages that show something new rights, chosen for each.
    pub fn protect(&mut self, range: PageRange, mut choose: impl FnMut(Page, Shown) -> Rights) {
        assert_user_range(range);
        let root = &self.root;
        // SAFETY: `&mut self`: nobody else changes the user half.
        unsafe {
            tables::visit(root.0, range, &mut |page, entry| {
                if !shows(entry) {
                    return;
                }
                let now = Shown {
                    rights: rights(entry),
                    is_private: is_private(entry),
                };
                let frame = tables::frame_of(entry);
                let kind = entry.flags() & (PRIVATE | SHARED | COMMON | DIRTY);
                tables::set(entry, frame, flags(kind, choose(page, now)));
                flush_if(root, page);
            });
        }
    }

    /// Takes away what the range shows.
    #[inline]
    pub fn unmap(&mut self, range: PageRange) {
        self.unmap_noting(range, false);
    }

    /// The same, but [`Self::next_written`] still finds the pages that were written.
    pub fn unmap_watched(&mut self, range: PageRange) {
        self.unmap_noting(range, true);
    }

    #[inline]
    fn unmap_noting(&mut self, range: PageRange, keeps_writes: bool) {
        assert_user_range(range);
        let (root, residency) = (&self.root, &mut self.residency);
        // SAFETY: `&mut self`: nobody else changes the user half.
        unsafe {
            tables::visit(root.0, range, &mut |page, entry| {
                let after = match keeps_writes && was_written(entry) {
                    true => mark(),
                    false => PageTableEntry::new(),
                };
                let before = core::mem::replace(entry, after);
                if shows(&before) {
                    flush_if(root, page);
                    residency.remove(is_private(&before));
                    release(&before);
                }
            });
        }
    }

    /// Searches a range for a page that was written since that was forgotten.
    pub fn next_written(&self, range: PageRange) -> Search {
        assert_user_range(range);
        // SAFETY: `&self`: nobody changes the user half.
        unsafe { tables::find(self.frame(), range, &mut |entry| was_written(entry)) }
    }

    /// Searches a range for a page that shows something.
    pub fn next_shown(&self, range: PageRange) -> Search {
        assert_user_range(range);
        // SAFETY: `&self`: nobody changes the user half.
        unsafe { tables::find(self.frame(), range, &mut |entry| shows(entry)) }
    }

    /// Forgets that a page was written.
    pub fn forget_write(&mut self, page: Page) {
        assert_user(page);
        // SAFETY: `&mut self`: nobody else changes the user half.
        let Some(entry) = (unsafe { tables::leaf(self.frame(), page) }) else {
            return;
        };
        if shows(entry) {
            let flags = entry.flags().difference(DIRTY);
            tables::set(entry, tables::frame_of(entry), flags);
            self.flush(page);
        } else {
            entry.set_unused();
        }
    }

    fn flush(&self, page: Page) {
        flush_if(&self.root, page);
    }
}

/// The frame of a backing, and what an entry says of its owner.
fn taken(backing: Backing) -> (Frame, PageTableFlags) {
    match backing {
        Backing::Private(frame) => (frame.into_frame(), PRIVATE),
        Backing::Shared(frame) => (frame.into_frame(), SHARED),
        Backing::Common(frame) => (frame.into_frame(), SHARED | COMMON),
        Backing::Permanent(frame) => (frame.frame(), PageTableFlags::empty()),
    }
}

impl Drop for AddressSpace {
    fn drop(&mut self) {
        self.clear();
    }
}

impl AddressSpace {
    /// Shows nothing any more, and gives the tables back.
    pub fn clear(&mut self) {
        self.unmap(PageRange::new(
            Page::containing(layout::USER_START),
            Page::containing(layout::USER_END),
        ));
        // SAFETY: the leaves are empty; on this one processor nothing walks the
        // user half meanwhile, and the flush below forgets it.
        unsafe { tables::free_lower_half(self.frame()) };
        if self.root.is_active() {
            tlb::flush_all();
        }
    }
}

#[inline]
fn flush_if(root: &Root, page: Page) {
    if root.is_active() {
        tlb::flush(VirtAddr::new_truncate(page.address()));
    }
}

/// Frees or releases the frame of an entry that no longer shows it.
fn release(entry: &PageTableEntry) {
    let frame = tables::frame_of(entry);
    if entry.flags().contains(PRIVATE) {
        // SAFETY: the entry owned it and is gone.
        drop(unsafe { OwnedFrame::from_frame(frame) });
    } else if entry.flags().contains(SHARED) {
        // SAFETY: the entry was one share and is gone.
        drop(unsafe { SharedFrame::from_frame(frame) });
    }
}

/// Whether an entry has a frame.
fn shows(entry: &PageTableEntry) -> bool {
    entry.flags().contains(PageTableFlags::USER_ACCESSIBLE)
}

/// Whether an entry's page was written, even if it has no frame any more.
fn was_written(entry: &PageTableEntry) -> bool {
    entry.flags() == WRITTEN || shows(entry) && entry.flags().contains(DIRTY)
}

/// The entry of a page that was written, and has no frame any more.
fn mark() -> PageTableEntry {
    let mut entry = PageTableEntry::new();
    entry.set_flags(WRITTEN);
    entry
}

fn is_private(entry: &PageTableEntry) -> bool {
    entry.flags().contains(PRIVATE)
}

/// The flags of a leaf entry: never both writable and executable, but for what
/// `both` does.
fn flags(kind: PageTableFlags, rights: Rights) -> PageTableFlags {
    let mut flags = kind | PageTableFlags::USER_ACCESSIBLE;
    if rights.read || rights.execute {
        flags |= PageTableFlags::PRESENT;
    }
    if rights.write && kind.intersects(PRIVATE | COMMON) {
        flags |= PageTableFlags::PRESENT | PageTableFlags::WRITABLE;
    }
    if !rights.execute || flags.contains(PageTableFlags::WRITABLE) {
        flags |= kernel_space::no_execute();
    }
    flags
}

fn rights(entry: &PageTableEntry) -> Rights {
    let flags = entry.flags();
    let read = flags.contains(PageTableFlags::PRESENT);
    Rights {
        read,
        write: read && flags.contains(PageTableFlags::WRITABLE),
        execute: read && !flags.contains(PageTableFlags::NO_EXECUTE),
    }
}

fn assert_user(page: Page) {
    assert_user_range(PageRange::sized(page, 1));
}

fn assert_user_range(range: PageRange) {
    assert!(
        range.end.address() <= layout::USER_END,
        "{range:?} is not in the user half"
    );
}
