//! An open file.

use core::ops::Range;

use crate::inode::Inode;
use crate::volume::Volume;

/// A file whose bytes are all known to lie in the image.
#[derive(Debug, Clone)]
pub struct File<'a> {
    image: &'a [u8],
    blocks: Range<usize>,
    tail: Range<usize>,
}

impl<'a> File<'a> {
    pub(crate) fn new(volume: &Volume<'a>, inode: &Inode) -> Self {
        Self {
            image: volume.image,
            blocks: inode.blocks.clone(),
            tail: inode.tail.clone(),
        }
    }

    /// Size in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.blocks.len().saturating_add(self.tail.len())
    }

    /// The byte range of the image that is the whole file, when it is one run;
    /// `0..0` for an empty file. It starts at a multiple of
    /// [`crate::BLOCK_BYTES`] unless the file is a tail behind its inode.
    #[must_use]
    pub fn contiguous(&self) -> Option<Range<usize>> {
        if self.tail.is_empty() {
            Some(self.blocks.clone())
        } else if self.blocks.is_empty() {
            Some(self.tail.clone())
        } else {
            None
        }
    }

    /// The bytes of the whole file, when it is one run.
    #[must_use]
    pub fn bytes(&self) -> Option<&'a [u8]> {
        self.image.get(self.contiguous()?)
    }

    /// Copies bytes from `offset` on and returns how many there were: fewer
    /// than `buffer` holds only at the end of the file.
    pub fn read(&self, offset: usize, buffer: &mut [u8]) -> usize {
        let (from_blocks, from_tail) = self.parts();
        let copied = copy(from_blocks, offset, buffer);
        let rest = buffer.get_mut(copied..).unwrap_or_default();
        let tail_offset = offset.saturating_sub(from_blocks.len());
        copied.saturating_add(copy(from_tail, tail_offset, rest))
    }

    fn parts(&self) -> (&'a [u8], &'a [u8]) {
        let part = |range: &Range<usize>| self.image.get(range.clone()).unwrap_or_default();
        (part(&self.blocks), part(&self.tail))
    }
}

fn copy(source: &[u8], offset: usize, target: &mut [u8]) -> usize {
    let source = source.get(offset..).unwrap_or_default();
    for (to, from) in target.iter_mut().zip(source) {
        *to = *from;
    }
    source.len().min(target.len())
}
