//! Queries: a class, and a buffer that its answer must fit.

use abi::NtStatus;
use zerocopy::{Immutable, IntoBytes};

use crate::call::{Call, Outcome, write};
use crate::wait::OptionalResult;

/// The arguments of a query: object, class, buffer, length, return length.
pub(crate) struct Query {
    pub(crate) class: u32,
    pub(crate) buffer: u64,
    pub(crate) length: u32,
    return_length: OptionalResult,
}

impl Call<'_> {
    /// The arguments of a query, from the second on.
    pub(crate) fn query(&self) -> Result<Query, NtStatus> {
        Ok(Query {
            class: self.value32(1)?,
            buffer: self.word(2)?,
            length: self.value32(3)?,
            return_length: self.optional_result::<u32>(4)?,
        })
    }

    /// Serves a query that has one class, 0.
    pub(crate) fn answer<T: IntoBytes + Immutable>(
        &self,
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        let query = self.query()?;
        match query.class {
            0 => query.answer(information),
            _ => Err(NtStatus::INVALID_INFO_CLASS),
        }
    }
}

impl Query {
    /// Answers with a structure of a fixed size.
    pub(crate) fn answer<T: IntoBytes + Immutable>(
        &self,
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        if usize::try_from(self.length) != Ok(size_of::<T>()) {
            return Err(NtStatus::INFO_LENGTH_MISMATCH);
        }
        write(self.buffer, &information()?)?;
        self.return_length.set(&self.length)?;
        Ok(NtStatus::SUCCESS)
    }

    /// Says how long the answer is or would be.
    pub(crate) fn set_length(&self, bytes: u32) -> Result<(), NtStatus> {
        self.return_length.set(&bytes)
    }
}
