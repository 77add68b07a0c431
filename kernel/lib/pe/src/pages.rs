//! One page at a time: where its bytes come from, and filling it.

use crate::layout::{Layout, PAGE_BYTES, Page, Protection};

/// How to make one page of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageSource {
    /// Where its bytes begin in the file; meaningless if there are none.
    pub file_offset: u32,
    /// How many bytes come from the file, 0 to 4096; zeros follow.
    pub file_bytes: u32,
    /// Final protection of the page.
    pub protection: Protection,
    /// The page stands in the file exactly as it is to appear, provided that
    /// the file begins on a page boundary and the page has no relocations to
    /// apply: the file's own page can be mapped instead of a copy.
    pub mappable_in_place: bool,
}

impl Layout<'_> {
    #[inline]
    pub fn page_source(&self, page: u32) -> Option<PageSource> {
        let segment = self.segment_at(page)?;
        let start = page
            .checked_sub(segment.first_page)?
            .checked_mul(PAGE_BYTES)?;
        let file_bytes = segment.file_bytes.saturating_sub(start).min(PAGE_BYTES);
        let file_offset = segment.file_offset.wrapping_add(start);
        Some(PageSource {
            file_offset,
            file_bytes,
            protection: segment.protection,
            mappable_in_place: file_bytes == PAGE_BYTES && file_offset.is_multiple_of(PAGE_BYTES),
        })
    }

    /// Writes the page as it is before relocation.
    pub fn copy_page(&self, page: u32, to: &mut Page) -> Option<Protection> {
        let source = self.page_source(page)?;
        to.fill(0);
        let bytes = self.page_bytes(&source);
        for (to, from) in to.iter_mut().zip(bytes) {
            *to = *from;
        }
        Some(source.protection)
    }

    /// The byte at `rva` before relocation; zero outside the file's data.
    pub fn byte_at(&self, rva: u32) -> u8 {
        let find = || {
            let source = self.page_source(rva.div_euclid(PAGE_BYTES))?;
            let index = rva.rem_euclid(PAGE_BYTES) as usize;
            self.page_bytes(&source).get(index).copied()
        };
        find().unwrap_or(0)
    }

    fn page_bytes(&self, source: &PageSource) -> &[u8] {
        let from = self.file.get(source.file_offset as usize..);
        from.and_then(|bytes| bytes.get(..source.file_bytes as usize))
            .unwrap_or(&[])
    }
}
