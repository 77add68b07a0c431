//! Why an archive or a path is refused, in sentences.

use core::fmt;

use crate::inode::NodeKind;
use crate::volume::BLOCK_BYTES;

/// A fault of the image, or a path that leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArchiveError {
    /// There is no room for a superblock.
    TooShort {
        /// How long the image is.
        size_bytes: usize,
    },
    /// It is no EROFS image.
    Magic {
        /// What stands in place of the magic number.
        found: u32,
    },
    /// The superblock's checksum is wrong.
    Checksum {
        /// What the superblock says.
        stated: u32,
        /// What its bytes give.
        computed: u32,
    },
    /// Its blocks are not of 4 KiB.
    BlockSize {
        /// The size's logarithm.
        bits: u8,
    },
    /// It needs features that are not there: compression, chunks, devices.
    Features {
        /// The bits of the superblock's incompatible features.
        features: u32,
    },
    /// The image ends too early.
    Cut {
        /// What the superblock says.
        stated_blocks: u32,
        /// How long the image is.
        size_bytes: usize,
    },
    /// An inode lies outside the image.
    Inode {
        /// The inode's number.
        number: u64,
    },
    /// A file is compressed or in chunks.
    Layout {
        /// The inode's number.
        number: u64,
        /// The layout's number.
        layout: u16,
    },
    /// A file's bytes lie outside the image.
    Content {
        /// The inode's number.
        number: u64,
    },
    /// A directory's entries make no sense.
    Directory {
        /// The directory's inode number.
        number: u64,
    },
    /// A name is not UTF-8.
    Name {
        /// The inode's number.
        number: u64,
    },
    /// Nothing has that path.
    NotFound,
    /// The path leads through something that is no directory.
    NotDirectory,
    /// The path leads to something that is no file.
    NotFile {
        /// What it is.
        kind: NodeKind,
    },
}

/// What to do about an image that this kernel does not read.
const REMAKE: &str = "make it with mkfs.erofs -E noinline_data, without -z or --chunksize";

impl fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooShort { size_bytes } => write!(
                f,
                "the boot archive has {size_bytes} bytes, too few for an EROFS image; {REMAKE}"
            ),
            Self::Magic { found } => write!(
                f,
                "the boot archive is no EROFS image (magic number {found:#010x} instead of \
                 0xe0f5e1e2); {REMAKE}"
            ),
            Self::Checksum { stated, computed } => write!(
                f,
                "the boot archive's superblock was damaged after it was made (checksum \
                 {computed:#010x} instead of {stated:#010x}); copy or make it again"
            ),
            Self::BlockSize { bits } => write!(
                f,
                "the boot archive has blocks of 2 to the power of {bits} bytes, and this kernel \
                 reads {BLOCK_BYTES}; make it with mkfs.erofs on a machine with 4 KiB pages"
            ),
            Self::Features { features } => write!(
                f,
                "the boot archive uses EROFS features {features:#x} that this kernel does not \
                 read (compression, chunks or more devices); {REMAKE}"
            ),
            Self::Cut {
                stated_blocks,
                size_bytes,
            } => write!(
                f,
                "the boot archive has {size_bytes} bytes, fewer than its {stated_blocks} blocks \
                 of {BLOCK_BYTES}; it was cut off on the way: copy or make it again"
            ),
            Self::Inode { number } => write!(
                f,
                "inode {number} of the boot archive lies outside it; it was damaged: make it again"
            ),
            Self::Layout { number, layout } => write!(
                f,
                "inode {number} of the boot archive has layout {layout}, compressed or in chunks, \
                 which this kernel does not read; {REMAKE}"
            ),
            Self::Content { number } => write!(
                f,
                "the bytes of inode {number} of the boot archive lie outside it; it was damaged: \
                 make it again"
            ),
            Self::Directory { number } => write!(
                f,
                "the directory at inode {number} of the boot archive is damaged; make it again"
            ),
            Self::Name { number } => write!(
                f,
                "the name of inode {number} of the boot archive is not UTF-8; rename the file and \
                 make the archive again"
            ),
            Self::NotFound => f.write_str(
                "no file in the boot archive has that path; list what is there with dump.erofs \
                 --ls, or add the file and make the boot image again",
            ),
            Self::NotDirectory => f.write_str(
                "that path of the boot archive leads through something that is no directory; \
                 correct the path",
            ),
            Self::NotFile { kind } => write!(
                f,
                "that path of the boot archive is {} and no file; give a file's path",
                match kind {
                    NodeKind::Directory => "a directory",
                    NodeKind::SymbolicLink => "a symbolic link, which is not followed,",
                    NodeKind::File | NodeKind::Special => "a device, pipe or socket",
                }
            ),
        }
    }
}

impl core::error::Error for ArchiveError {}
