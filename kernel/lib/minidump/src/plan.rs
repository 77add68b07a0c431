//! Where each part of the file begins, known from counts and lengths alone.
//!
//! In this order, each at a multiple of 16 bytes (as CONTEXT demands):
//!
//! 1. header and stream directory;
//! 2. the streams: system, misc, threads, modules, memory, exception;
//! 3. a CONTEXT for each thread, then the exception's;
//! 4. strings: the service pack (empty), then a name for each module;
//! 5. the modules' CodeView records;
//! 6. memory: the threads' stacks, then the further ranges.

use core::fmt;

use crate::context::CONTEXT_BYTES;
use crate::dump::Dump;
use crate::format::{
    DirectoryEntry, ExceptionStream, Header, Location, MemoryDescriptor, MiscInfo, ModuleRecord,
    SystemInfo, ThreadRecord,
};
use crate::memory::MemoryRange;
use crate::text;

/// How many streams there are.
pub(crate) const STREAM_COUNT: u32 = 6;

/// The name of the service pack: there is none.
pub(crate) const SERVICE_PACK: &str = "";

const ALIGNMENT: u64 = 16;
const COUNT_BYTES: u64 = 4;

/// The dump would be larger than the 4 GiB that its format has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the minidump would be larger than 4 GiB; give it less memory")
    }
}

impl core::error::Error for TooLarge {}

/// The parts' places, in bytes from the start of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub directory_rva: u32,
    pub system: Part,
    pub misc: Part,
    pub threads: Part,
    pub modules: Part,
    pub memory_list: Part,
    pub exception: Part,
    pub contexts: Part,
    pub strings: Part,
    pub code_views: Part,
    pub memory: Part,
    pub total_bytes: u32,
}

/// A part of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub rva: u32,
    pub bytes: u32,
}

impl Part {
    pub(crate) fn location(self) -> Location {
        Location {
            bytes: self.bytes.into(),
            rva: self.rva.into(),
        }
    }
}

impl Plan {
    pub(crate) fn new(dump: &Dump<'_>) -> Result<Self, TooLarge> {
        Self::checked(dump).ok_or(TooLarge)
    }

    fn checked(dump: &Dump<'_>) -> Option<Self> {
        let threads = dump.threads.len();
        let range_count = ranges(dump).filter(is_listed).count();
        let mut end = 0;
        let mut part = |bytes: u64| part(&mut end, bytes);

        part(size_of::<Header>() as u64)?;
        let directory_bytes = list_bytes::<DirectoryEntry>(STREAM_COUNT as usize)?;
        Some(Self {
            directory_rva: part(directory_bytes)?.rva,
            system: part(size_of::<SystemInfo>() as u64)?,
            misc: part(size_of::<MiscInfo>() as u64)?,
            threads: part(counted_bytes::<ThreadRecord>(threads)?)?,
            modules: part(counted_bytes::<ModuleRecord>(dump.modules.len())?)?,
            memory_list: part(counted_bytes::<MemoryDescriptor>(range_count)?)?,
            exception: part(size_of::<ExceptionStream>() as u64)?,
            contexts: part(
                (threads as u64)
                    .checked_add(1)?
                    .checked_mul(CONTEXT_BYTES.into())?,
            )?,
            strings: part(sum(names(dump).map(text::string_bytes))?)?,
            code_views: part(sum(dump.modules.iter().map(text::code_view_space))?)?,
            memory: part(sum(ranges(dump).map(|range| range.bytes_in_space()))?)?,
            total_bytes: part(0)?.rva,
        })
    }
}

/// The memory that is put in, in order.
pub(crate) fn ranges(dump: &Dump<'_>) -> impl Iterator<Item = MemoryRange> {
    let stacks = dump.threads.iter().map(|thread| thread.stack);
    stacks.chain(dump.ranges.iter().copied())
}

/// Whether a range appears in the list of memory: not if it is empty.
pub(crate) fn is_listed(range: &MemoryRange) -> bool {
    range.bytes_in_space() > 0
}

/// The strings, in order.
pub(crate) fn names<'a>(dump: &Dump<'a>) -> impl Iterator<Item = &'a str> {
    let modules = dump.modules.iter().map(|module| module.name);
    core::iter::once(SERVICE_PACK).chain(modules)
}

/// The next part, `bytes` long; the one after it begins aligned.
fn part(end: &mut u64, bytes: u64) -> Option<Part> {
    let rva = *end;
    *end = rva
        .checked_add(bytes)?
        .checked_next_multiple_of(ALIGNMENT)?;
    Some(Part {
        rva: u32::try_from(rva).ok()?,
        bytes: u32::try_from(bytes).ok()?,
    })
}

/// Bytes of a list with its count in front.
fn counted_bytes<T>(count: usize) -> Option<u64> {
    list_bytes::<T>(count)?.checked_add(COUNT_BYTES)
}

fn sum(mut sizes: impl Iterator<Item = u64>) -> Option<u64> {
    sizes.try_fold(0, u64::checked_add)
}

fn list_bytes<T>(count: usize) -> Option<u64> {
    (count as u64).checked_mul(size_of::<T>() as u64)
}
