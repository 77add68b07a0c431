//! Memory: virtual memory, sections, and what is asked about them.

mod extended;
mod other;
mod query;
mod range;
mod same;
mod section;
mod set;
mod view;
mod virtual_memory;
mod watch;
mod working_set;

pub(crate) use other::*;
pub(crate) use query::*;
pub(crate) use range::*;
pub(crate) use same::*;
pub(crate) use section::*;
pub(crate) use set::*;
pub(crate) use view::*;
pub(crate) use virtual_memory::*;
pub(crate) use watch::*;

use abi::NtStatus;
use abi::io::UnicodeString;
use hal::user;
use vm::VmError;
use zerocopy::{Immutable, IntoBytes};

use crate::call::{Call, Outcome, violation, write};
use crate::wait::OptionalResult;

/// What a number that a program passed is refused with.
fn invalid(error: VmError) -> NtStatus {
    NtStatus(error.status_code())
}

/// A query whose lengths have 64 bits.
struct WideQuery {
    class: u32,
    buffer: u64,
    length: u64,
    return_length: OptionalResult,
}

impl WideQuery {
    /// Its arguments, from number `first` on: class, buffer, length, return length.
    #[inline]
    fn read(call: &Call<'_>, first: usize) -> Result<Self, NtStatus> {
        let number = |place: usize| first.saturating_add(place);
        Ok(Self {
            class: call.value32(first)?,
            buffer: call.word(number(1))?,
            length: call.word(number(2))?,
            return_length: call.optional_result::<u64>(number(3))?,
        })
    }

    /// Answers with a structure, for which the buffer may be larger.
    fn answer<T: IntoBytes + Immutable>(
        &self,
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        let size = u64::try_from(size_of::<T>()).unwrap_or(u64::MAX);
        if self.length < size {
            return Err(NtStatus::INFO_LENGTH_MISMATCH);
        }
        write(self.buffer, &information()?)?;
        self.return_length.set(&size)?;
        Ok(NtStatus::SUCCESS)
    }

    /// Answers with a UNICODE_STRING and the text behind it, terminated.
    fn answer_text(&self, text: &[u16]) -> Outcome {
        let bytes = crate::query::text_at(self.buffer, text, true)?;
        let needed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.length < needed {
            self.return_length.set(&needed)?;
            return Err(match self.length < size_of::<UnicodeString>() as u64 {
                true => NtStatus::INFO_LENGTH_MISMATCH,
                false => NtStatus::BUFFER_OVERFLOW,
            });
        }
        user::copy_out(self.buffer, &bytes).map_err(violation)?;
        self.return_length.set(&needed)?;
        Ok(NtStatus::SUCCESS)
    }

    /// Answers with a structure of which older programs know the first bytes: as
    /// many as one of the sizes says that fits.
    fn answer_start<T: IntoBytes + Immutable>(
        &self,
        sizes_bytes: &[usize],
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        let room = usize::try_from(self.length).unwrap_or(usize::MAX);
        let fitting = sizes_bytes.iter().filter(|&&size| size <= room).max();
        let size = *fitting.ok_or(NtStatus::INFO_LENGTH_MISMATCH)?;
        let information = information()?;
        let start = information.as_bytes().get(..size).unwrap_or_default();
        user::copy_out(self.buffer, start).map_err(violation)?;
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        self.return_length.set(&size)?;
        Ok(NtStatus::SUCCESS)
    }
}
