//! Page tables of four levels: finding, making and visiting entries.
//!
//! Intel SDM vol. 3, 4.5. Tables are reached through the direct map.

use vm::{Frame, Page, PageRange};
use x86_64::PhysAddr;
use x86_64::structures::paging::page_table::PageTableEntry;
use x86_64::structures::paging::{PageTable, PageTableFlags};

use super::frames::{self, OwnedFrame};
use crate::OutOfMemory;

/// Entries in a table.
pub(super) const ENTRIES: usize = 512;
const INDEX_BITS: u32 = 9;
/// The level of the root; the leaves are level 0.
pub(super) const ROOT_LEVEL: u32 = 3;
/// Flags of an entry that leads to another table: the leaves decide.
const TO_TABLE: PageTableFlags = PageTableFlags::PRESENT
    .union(PageTableFlags::WRITABLE)
    .union(PageTableFlags::USER_ACCESSIBLE);

/// The table in a frame.
///
/// # Safety
/// `frame` holds a page table that nothing else refers to meanwhile.
pub(super) unsafe fn table<'a>(frame: Frame) -> &'a mut PageTable {
    // SAFETY: the caller vouches for it; the direct map covers every table.
    unsafe { &mut *frames::pointer(frame).cast() }
}

pub(super) fn index(page: Page, level: u32) -> usize {
    (page.0 >> (INDEX_BITS * level)) as usize % ENTRIES
}

/// The frame an entry points to.
pub(super) fn frame_of(entry: &PageTableEntry) -> Frame {
    Frame::containing(entry.addr().as_u64())
}

/// Points an entry at a frame.
pub(super) fn set(entry: &mut PageTableEntry, frame: Frame, flags: PageTableFlags) {
    entry.set_addr(PhysAddr::new(frame.address()), flags);
}

/// The leaf entry of `page`, if the tables down to it exist.
///
/// # Safety
/// `root` is a page table that is not changed by anyone else meanwhile.
#[inline]
pub(super) unsafe fn leaf<'a>(root: Frame, page: Page) -> Option<&'a mut PageTableEntry> {
    let mut frame = root;
    for level in (1..=ROOT_LEVEL).rev() {
        // SAFETY: the caller vouches for the root, and entries without the
        // huge-page flag lead to tables.
        let entry = unsafe { &mut table(frame)[index(page, level)] };
        if !entry.flags().contains(PageTableFlags::PRESENT)
            || entry.flags().contains(PageTableFlags::HUGE_PAGE)
        {
            return None;
        }
        frame = frame_of(entry);
    }
    // SAFETY: as above.
    Some(unsafe { &mut table(frame)[index(page, 0)] })
}

/// The entry of `page` at `level`, making the tables down to it.
///
/// # Safety
/// As for `leaf`, and no larger page covers `page`.
pub(super) unsafe fn entry_or_new<'a>(
    root: Frame,
    page: Page,
    level: u32,
) -> Result<&'a mut PageTableEntry, OutOfMemory> {
    let mut frame = root;
    for above in (level + 1..=ROOT_LEVEL).rev() {
        // SAFETY: as in `leaf`.
        let entry = unsafe { &mut table(frame)[index(page, above)] };
        if entry.is_unused() {
            set(entry, OwnedFrame::empty_table()?.into_frame(), TO_TABLE);
        }
        assert!(
            !entry.flags().contains(PageTableFlags::HUGE_PAGE),
            "{page:?} is inside a large page"
        );
        frame = frame_of(entry);
    }
    // SAFETY: as in `leaf`.
    Ok(unsafe { &mut table(frame)[index(page, level)] })
}

/// The leaf entries of those pages of a range that one table has.
///
/// # Safety
/// `frame` holds a table of level 0 that covers the range's first page, and nothing else
/// refers to it meanwhile.
unsafe fn leaves<'a>(
    frame: Frame,
    range: PageRange,
) -> impl Iterator<Item = (Page, &'a mut PageTableEntry)> {
    let first = index(range.start, 0);
    let count = (range.size_pages() as usize).min(ENTRIES - first);
    // SAFETY: the caller vouches for it.
    let entries = unsafe { table(frame) }.iter_mut().skip(first).take(count);
    (range.start.0..).map(Page).zip(entries)
}

/// The leaf entries of a range that lies in one table, which is made if need be.
///
/// # Safety
/// As for `entry_or_new`.
pub(super) unsafe fn leaves_or_new<'a>(
    root: Frame,
    range: PageRange,
) -> Result<impl Iterator<Item = (Page, &'a mut PageTableEntry)>, OutOfMemory> {
    // SAFETY: the caller vouches for the root; an entry of level 1 leads to a table.
    unsafe {
        let above = entry_or_new(root, range.start, 1)?;
        if above.is_unused() {
            set(above, OwnedFrame::empty_table()?.into_frame(), TO_TABLE);
        }
        Ok(leaves(frame_of(above), range))
    }
}

/// Visits the used leaf entries of a range, skipping what has no tables.
///
/// # Safety
/// As for `leaf`; the range holds no large pages.
pub(super) unsafe fn visit(
    root: Frame,
    range: PageRange,
    visit: &mut dyn FnMut(Page, &mut PageTableEntry),
) {
    // SAFETY: the caller vouches for the root.
    unsafe { visit_level(root, ROOT_LEVEL, range, visit) }
}

unsafe fn visit_level(
    frame: Frame,
    level: u32,
    range: PageRange,
    visit: &mut dyn FnMut(Page, &mut PageTableEntry),
) {
    if range.start >= range.end {
        return;
    }
    let span = 1 << (INDEX_BITS * level);
    let (start, last) = (range.start.0 / span, (range.end.0 - 1) / span);
    let first = index(range.start, level);
    let end = first + (last - start) as usize + 1;
    // SAFETY: the caller vouches for the table.
    let entries = unsafe { table(frame) };
    let mut from = first;
    while let Some(used) = next_used(entries, from, end) {
        let covered = (start + (used - first) as u64) * span;
        let page = Page(covered).max(range.start);
        if level == 0 {
            visit(page, &mut entries[used]);
        } else {
            let part = PageRange::new(page, Page(covered + span).min(range.end));
            // SAFETY: a used entry above level 0 leads to a table.
            unsafe { visit_level(frame_of(&entries[used]), level - 1, part, visit) };
        }
        from = used + 1;
    }
}

/// The first used entry of a part of a table. Most are nearly empty, so whole blocks are
/// passed over.
fn next_used(entries: &PageTable, from: usize, end: usize) -> Option<usize> {
    const BLOCK: usize = 16;
    // SAFETY: a table is so many entries, each a word.
    let words: &[u64; ENTRIES] = unsafe { &*core::ptr::from_ref(entries).cast() };
    let mut at = from;
    while at < end {
        if at.is_multiple_of(BLOCK)
            && at + BLOCK <= end
            && let Some(block) = words[at..].first_chunk::<BLOCK>()
            && block.iter().fold(0, |all, word| all | word) == 0
        {
            at += BLOCK;
        } else if words[at] != 0 {
            return Some(at);
        } else {
            at += 1;
        }
    }
    None
}

/// Entries that one search looks at.
const SEARCH_ENTRIES: u32 = 0x4000;

/// How far a search came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// To a page that is wanted.
    Found(Page),
    /// So far without finding one: it can go on there.
    GoesOn(Page),
    /// To the end.
    Nothing,
}

/// Searches a range for a used leaf entry that is wanted, skipping what has no
/// tables; a long search has to be taken up again.
///
/// # Safety
/// As for `visit`.
pub(super) unsafe fn find(
    root: Frame,
    range: PageRange,
    is_wanted: &mut dyn FnMut(&PageTableEntry) -> bool,
) -> Search {
    let mut left = SEARCH_ENTRIES;
    // SAFETY: the caller vouches for the root.
    unsafe { find_in_level(root, ROOT_LEVEL, range, &mut left, is_wanted) }
}

unsafe fn find_in_level(
    frame: Frame,
    level: u32,
    range: PageRange,
    left: &mut u32,
    is_wanted: &mut dyn FnMut(&PageTableEntry) -> bool,
) -> Search {
    let span = 1 << (INDEX_BITS * level);
    let mut page = range.start;
    while page < range.end {
        let next = Page((page.0 / span + 1) * span);
        // SAFETY: the caller vouches for the table.
        let entry = unsafe { &table(frame)[index(page, level)] };
        let found = match level {
            _ if *left == 0 => Search::GoesOn(page),
            _ if entry.is_unused() => Search::Nothing,
            0 if is_wanted(entry) => Search::Found(page),
            0 => Search::Nothing,
            _ => {
                let part = PageRange::new(page, next.min(range.end));
                // SAFETY: a used entry above level 0 leads to a table.
                unsafe { find_in_level(frame_of(entry), level - 1, part, left, is_wanted) }
            }
        };
        if found != Search::Nothing {
            return found;
        }
        *left = left.saturating_sub(1);
        page = next;
    }
    Search::Nothing
}

/// Frees the tables below the lower half of a root, whose leaves are empty.
///
/// # Safety
/// No processor uses the tables, and no leaf owns a frame any more.
pub(super) unsafe fn free_lower_half(root: Frame) {
    // SAFETY: the caller vouches for it.
    unsafe { free_entries(root, ROOT_LEVEL, ENTRIES / 2) };
}

unsafe fn free_entries(frame: Frame, level: u32, count: usize) {
    // SAFETY: the caller vouches for the table.
    let entries = unsafe { table(frame) };
    let mut from = 0;
    while let Some(used) = next_used(entries, from, count) {
        from = used + 1;
        let entry = &mut entries[used];
        let below = frame_of(entry);
        if level > 1 {
            // SAFETY: entries above level 1 lead to tables of tables.
            unsafe { free_entries(below, level - 1, ENTRIES) };
        }
        entry.set_unused();
        // SAFETY: the table came from an owned frame and nothing leads to it now.
        drop(unsafe { OwnedFrame::from_frame(below) });
    }
}
