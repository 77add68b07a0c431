//! An image, and the way from a path to a file.

use crate::directory::Entries;
use crate::error::ArchiveError;
use crate::file::File;
use crate::inode::{Inode, NodeKind};
use crate::superblock;

/// Size of a block, the only one that is read.
pub const BLOCK_BYTES: usize = 4096;

/// Whether names must agree in upper and lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// They must.
    Exact,
    /// ASCII letters need not; the first fit in the order of the image counts.
    Ignored,
}

/// A checked image.
#[derive(Debug, Clone, Copy)]
pub struct Volume<'a> {
    /// As long as the superblock says.
    pub(crate) image: &'a [u8],
    /// Where inode number 0 would be.
    pub(crate) inodes_offset: usize,
    root: u64,
    /// Of all that has no time of its own.
    pub(crate) time: (u64, u32),
}

impl<'a> Volume<'a> {
    /// Checks the superblock and the root directory of an image. Bytes behind
    /// the stated end are ignored.
    ///
    /// # Errors
    /// An [`ArchiveError`] that says what is wrong with the image.
    pub fn parse(image: &'a [u8]) -> Result<Self, ArchiveError> {
        let found = superblock::parse(image)?;
        let volume = Self {
            image: found.image,
            inodes_offset: found.inodes_offset,
            root: found.root,
            time: found.time,
        };
        volume.directory(volume.root)?;
        Ok(volume)
    }

    /// Opens a file by its path, like `/programs/hello.exe`.
    ///
    /// The names `.` and `..` are not followed, nor are symbolic links.
    ///
    /// # Errors
    /// [`ArchiveError::NotFound`], [`ArchiveError::NotFile`],
    /// [`ArchiveError::NotDirectory`], or what is wrong with the image.
    pub fn open(&self, path: &str, case: Case) -> Result<File<'a>, ArchiveError> {
        self.file(self.find(path, case)?)
    }

    /// Opens a file by the number of its inode, as an [`Entry`](crate::Entry)
    /// gives it.
    ///
    /// # Errors
    /// [`ArchiveError::NotFile`], or what is wrong with the image.
    pub fn file(&self, number: u64) -> Result<File<'a>, ArchiveError> {
        let inode = Inode::read(self, number)?;
        match inode.kind {
            NodeKind::File => Ok(File::new(self, &inode)),
            kind => Err(ArchiveError::NotFile { kind }),
        }
    }

    /// When a file or directory was last written, by the number of its inode: seconds
    /// since 1970, and nanoseconds.
    ///
    /// # Errors
    /// What is wrong with the image.
    pub fn time(&self, number: u64) -> Result<(u64, u32), ArchiveError> {
        Inode::time(self, number)
    }

    /// How long the image is, without what is behind it.
    #[must_use]
    pub const fn size_bytes(&self) -> usize {
        self.image.len()
    }

    /// The number of the root directory's inode.
    #[must_use]
    pub const fn root(&self) -> u64 {
        self.root
    }

    /// The entries of a directory by its path; `/` is the root.
    ///
    /// # Errors
    /// As for [`Volume::open`].
    pub fn read_dir(&self, path: &str, case: Case) -> Result<Entries<'a>, ArchiveError> {
        self.directory(self.find(path, case)?)
    }

    /// The number of the inode at a path.
    fn find(&self, path: &str, case: Case) -> Result<u64, ArchiveError> {
        let mut current = self.root;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            current = self
                .directory(current)?
                .find(name.as_bytes(), case)?
                .ok_or(ArchiveError::NotFound)?;
        }
        Ok(current)
    }

    /// The entries of a directory by the number of its inode.
    ///
    /// # Errors
    /// [`ArchiveError::NotDirectory`], or what is wrong with the image.
    pub fn directory(&self, number: u64) -> Result<Entries<'a>, ArchiveError> {
        let inode = Inode::read(self, number)?;
        match inode.kind {
            NodeKind::Directory => Ok(Entries::new(*self, number, &inode)),
            _ => Err(ArchiveError::NotDirectory),
        }
    }
}
