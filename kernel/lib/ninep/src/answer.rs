//! Reads answers.

use crate::{HEADER_BYTES, Kind};

/// The kind of an answer that says why there is none.
const ERROR: u8 = 7;

/// An answer is not what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The host says why, by Linux's number.
    Host(u32),
    /// What came is no answer.
    Malformed,
}

impl From<Malformed> for Refusal {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// What stands for a file or directory as long as it is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Qid {
    /// What it is.
    pub kind: u8,
    /// Its number.
    pub number: u64,
}

impl Qid {
    const DIRECTORY: u8 = 0x80;
    const LINK: u8 = 0x02;

    /// Whether it is a directory.
    #[must_use]
    pub const fn is_directory(self) -> bool {
        self.kind & Self::DIRECTORY != 0
    }

    /// Whether it is a symbolic link.
    #[must_use]
    pub const fn is_link(self) -> bool {
        self.kind & Self::LINK != 0
    }
}

/// A time since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time {
    /// Whole seconds; those before 1970 wrap around.
    pub seconds: u64,
    /// The rest.
    pub nanoseconds: u64,
}

impl Time {
    const FROM_1601_TO_1970_SECONDS: u64 = 11_644_473_600;
    const PER_SECOND: u64 = 10_000_000;
    const NS_PER_100NS: u64 = 100;

    /// In 100 ns since 1601; what lies before is that.
    #[must_use]
    pub fn since_1601_100ns(self) -> u64 {
        let seconds = self.seconds.cast_signed();
        let from_1601 = seconds.saturating_add_unsigned(Self::FROM_1601_TO_1970_SECONDS);
        let Ok(from_1601) = u64::try_from(from_1601) else {
            return 0;
        };
        let rest = self
            .nanoseconds
            .min(999_999_999)
            .wrapping_div(Self::NS_PER_100NS);
        let most = i64::MAX.unsigned_abs();
        from_1601
            .saturating_mul(Self::PER_SECOND)
            .saturating_add(rest)
            .min(most)
    }

    /// From that.
    #[must_use]
    pub fn of_1601_100ns(time: u64) -> Self {
        let seconds = time.wrapping_div(Self::PER_SECOND);
        let rest = time.wrapping_rem(Self::PER_SECOND);
        Self {
            seconds: seconds.wrapping_sub(Self::FROM_1601_TO_1970_SECONDS),
            nanoseconds: rest.saturating_mul(Self::NS_PER_100NS),
        }
    }
}

/// What is known of a file or directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// What stands for it.
    pub qid: Qid,
    /// What it is, and what who may do.
    pub mode: u32,
    /// How many names it has.
    pub links: u64,
    /// How long it is.
    pub size_bytes: u64,
    /// How much room it takes, in 512 bytes.
    pub blocks: u64,
    /// When it was read last.
    pub accessed: Time,
    /// When it was written last.
    pub written: Time,
    /// When anything of it changed last.
    pub changed: Time,
}

impl Attributes {
    const KIND: u32 = 0o170_000;
    const DIRECTORY: u32 = 0o040_000;
    const FILE: u32 = 0o100_000;
    /// Who may write it.
    pub const WRITABLE: u32 = 0o222;
    /// All that says what who may do.
    pub const PERMISSIONS: u32 = 0o7777;

    /// Whether it is a directory.
    #[must_use]
    pub const fn is_directory(&self) -> bool {
        self.mode & Self::KIND == Self::DIRECTORY
    }

    /// Whether it is a file with data: no link, device or pipe.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        self.mode & Self::KIND == Self::FILE
    }

    /// Whether nobody may write it.
    #[must_use]
    pub const fn is_read_only(&self) -> bool {
        self.mode & Self::WRITABLE == 0
    }
}

/// How much room the host has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Space {
    /// Bytes of a block.
    pub block_bytes: u32,
    /// All blocks.
    pub blocks: u64,
    /// Those that are free.
    pub free: u64,
    /// Those that whoever shares may use.
    pub available: u64,
}

/// What came back, behind its header.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'bytes> {
    rest: &'bytes [u8],
}

impl<'bytes> Answer<'bytes> {
    /// Reads the header of what came for a request.
    ///
    /// # Errors
    /// [`Refusal::Host`] with the host's reason, [`Refusal::Malformed`] for what
    /// is no answer to it.
    pub fn read(bytes: &'bytes [u8], asked: Kind, tag: u16) -> Result<Self, Refusal> {
        let mut all = Self { rest: bytes };
        let length = usize::try_from(all.u32()?).map_err(|_| Malformed)?;
        let (kind, came_tag) = (all.u8()?, all.u16()?);
        let rest = bytes.get(HEADER_BYTES..length).ok_or(Malformed)?;
        let mut answer = Self { rest };
        if came_tag != tag {
            return Err(Refusal::Malformed);
        }
        match kind {
            ERROR => Err(Refusal::Host(answer.u32()?)),
            kind if kind == (asked as u8).wrapping_add(1) => Ok(answer),
            _ => Err(Refusal::Malformed),
        }
    }

    fn take(&mut self, bytes: usize) -> Result<&'bytes [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(bytes).ok_or(Malformed)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| Malformed)
    }

    fn u8(&mut self) -> Result<u8, Malformed> {
        Ok(u8::from_le_bytes(self.array()?))
    }

    /// Takes a number.
    ///
    /// # Errors
    /// [`Malformed`]: it ends before.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    /// Takes a number.
    ///
    /// # Errors
    /// [`Malformed`]: it ends before.
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// Takes a number.
    ///
    /// # Errors
    /// [`Malformed`]: it ends before.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// Takes a name, which may be anything.
    ///
    /// # Errors
    /// [`Malformed`]: it ends before.
    pub fn name(&mut self) -> Result<&'bytes [u8], Malformed> {
        let length = self.u16()?;
        self.take(length.into())
    }

    /// Takes what stands for a file.
    ///
    /// # Errors
    /// [`Malformed`]: it ends before.
    pub fn qid(&mut self) -> Result<Qid, Malformed> {
        let kind = self.u8()?;
        // Its version says less than the times do.
        let _ = self.u32()?;
        let number = self.u64()?;
        Ok(Qid { kind, number })
    }

    /// Takes data that begins with its length.
    ///
    /// # Errors
    /// [`Malformed`]: it ends before.
    pub fn data(&mut self) -> Result<&'bytes [u8], Malformed> {
        let length = usize::try_from(self.u32()?).map_err(|_| Malformed)?;
        self.take(length)
    }

    /// Takes what is known of a file.
    ///
    /// # Errors
    /// [`Malformed`]: it ends before.
    pub fn attributes(&mut self) -> Result<Attributes, Malformed> {
        let _valid = self.u64()?;
        let qid = self.qid()?;
        let mode = self.u32()?;
        let _owner = self.u64()?;
        let links = self.u64()?;
        let _device = self.u64()?;
        let size_bytes = self.u64()?;
        let _block_bytes = self.u64()?;
        let blocks = self.u64()?;
        Ok(Attributes {
            qid,
            mode,
            links,
            size_bytes,
            blocks,
            accessed: self.time()?,
            written: self.time()?,
            changed: self.time()?,
        })
    }

    fn time(&mut self) -> Result<Time, Malformed> {
        Ok(Time {
            seconds: self.u64()?,
            nanoseconds: self.u64()?,
        })
    }

    /// Takes how much room there is.
    ///
    /// # Errors
    /// [`Malformed`]: it ends before.
    pub fn space(&mut self) -> Result<Space, Malformed> {
        let _kind = self.u32()?;
        Ok(Space {
            block_bytes: self.u32()?,
            blocks: self.u64()?,
            free: self.u64()?,
            available: self.u64()?,
        })
    }

    /// Takes entries of a directory.
    ///
    /// # Errors
    /// [`Malformed`]: it ends before.
    pub fn entries(&mut self) -> Result<Entries<'bytes>, Malformed> {
        let rest = self.data()?;
        Ok(Entries {
            answer: Self { rest },
        })
    }
}

/// Entries of a directory.
#[derive(Clone, Debug)]
pub struct Entries<'bytes> {
    answer: Answer<'bytes>,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'bytes> {
    /// What stands for it.
    pub qid: Qid,
    /// Where the next are asked for.
    pub offset: u64,
    /// Its name, which may be anything.
    pub name: &'bytes [u8],
}

impl<'bytes> Iterator for Entries<'bytes> {
    type Item = Result<Entry<'bytes>, Malformed>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.answer.rest.is_empty() {
            return None;
        }
        let mut read = || {
            let qid = self.answer.qid()?;
            let offset = self.answer.u64()?;
            let _kind = self.answer.u8()?;
            let name = self.answer.name()?;
            Ok(Entry { qid, offset, name })
        };
        let entry = read();
        if entry.is_err() {
            self.answer.rest = &[];
        }
        Some(entry)
    }
}
