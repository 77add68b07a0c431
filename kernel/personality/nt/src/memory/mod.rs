//! Memory: virtual memory, sections, and what is asked about them.

mod other;
mod query;
mod range;
mod section;
mod view;
mod virtual_memory;

pub(crate) use other::*;
pub(crate) use query::*;
pub(crate) use range::*;
pub(crate) use section::*;
pub(crate) use view::*;
pub(crate) use virtual_memory::*;

use abi::NtStatus;
use vm::VmError;
use zerocopy::{Immutable, IntoBytes};

use crate::call::{Call, Outcome, write};
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
}
