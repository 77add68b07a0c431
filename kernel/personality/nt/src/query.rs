//! Information: a class, and a buffer that answer or new value must fit.

use abi::NtStatus;
use abi::io::UnicodeString;
use alloc::vec::Vec;
use hal::user;
use zerocopy::{FromBytes, Immutable, IntoBytes};

use crate::call::{Call, Outcome, read, violation, write};
use crate::wait::OptionalResult;

/// The arguments of a query: object, class, buffer, length, return length.
pub(crate) struct Query {
    pub(crate) class: u32,
    pub(crate) buffer: u64,
    pub(crate) length: u32,
    return_length: OptionalResult,
}

/// The arguments of a change: object, class, buffer, length.
pub(crate) struct Change {
    pub(crate) class: u32,
    pub(crate) buffer: u64,
    pub(crate) length: u32,
}

impl Call<'_> {
    /// The arguments of a query, from the second on.
    pub(crate) fn query(&self) -> Result<Query, NtStatus> {
        self.query_in([1, 2, 3, 4])
    }

    /// The arguments of a query: class, buffer, length and return length have these
    /// numbers.
    pub(crate) fn query_in(&self, numbers: [usize; 4]) -> Result<Query, NtStatus> {
        let [class, buffer, length, return_length] = numbers;
        Ok(Query {
            class: self.value32(class)?,
            buffer: self.word(buffer)?,
            length: self.value32(length)?,
            return_length: self.optional_result::<u32>(return_length)?,
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

    /// The arguments of a change, from the second on.
    pub(crate) fn change(&self) -> Result<Change, NtStatus> {
        Ok(Change {
            class: self.value32(1)?,
            buffer: self.word(2)?,
            length: self.value32(3)?,
        })
    }
}

impl Query {
    /// Answers with a structure of a fixed size.
    pub(crate) fn answer<T: IntoBytes + Immutable>(
        &self,
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        self.check_length(size_of::<T>())?;
        write(self.buffer, &information()?)?;
        self.return_length.set(&self.length)?;
        Ok(NtStatus::SUCCESS)
    }

    /// The same, where a buffer of another size is told the right one.
    pub(crate) fn answer_exactly<T: IntoBytes + Immutable>(
        &self,
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        if self.check_length(size_of::<T>()).is_err() {
            self.set_length(u32::try_from(size_of::<T>()).unwrap_or(u32::MAX))?;
            return Err(NtStatus::INFO_LENGTH_MISMATCH);
        }
        self.answer(information)
    }

    /// Answers with a structure that a longer buffer may hold too; a shorter one is
    /// told how long it is.
    pub(crate) fn answer_within<T: IntoBytes + Immutable>(
        &self,
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        self.answer_all(information()?.as_bytes(), NtStatus::INFO_LENGTH_MISMATCH)
    }

    /// Answers with as much of a structure as fits; less than so many bytes do not do.
    pub(crate) fn answer_from<T: IntoBytes + Immutable>(
        &self,
        least: usize,
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        if length < least {
            self.set_length(u32::try_from(size_of::<T>()).unwrap_or(u32::MAX))?;
            return Err(NtStatus::INFO_LENGTH_MISMATCH);
        }
        let information = information()?;
        let bytes = information.as_bytes();
        let beginning = bytes.get(..length.min(bytes.len())).unwrap_or_default();
        self.answer_all(beginning, NtStatus::INFO_LENGTH_MISMATCH)
    }

    /// Says how long the answer is or would be.
    pub(crate) fn set_length(&self, bytes: u32) -> Result<(), NtStatus> {
        self.return_length.set(&bytes)
    }

    /// Answers with the beginning of a structure that is known in several sizes.
    pub(crate) fn answer_beginning<T: IntoBytes + Immutable>(
        &self,
        sizes: &[usize],
        information: impl FnOnce() -> Result<T, NtStatus>,
    ) -> Outcome {
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        if !sizes.contains(&length) {
            return Err(NtStatus::INFO_LENGTH_MISMATCH);
        }
        let information = information()?;
        let beginning = information.as_bytes().get(..length).unwrap_or_default();
        user::copy_out(self.buffer, beginning).map_err(violation)?;
        self.return_length.set(&self.length)?;
        Ok(NtStatus::SUCCESS)
    }

    /// Answers with as many bytes as there are; the caller is told how many, and
    /// `too_short` if its buffer does not hold them.
    pub(crate) fn answer_all(&self, bytes: &[u8], too_short: NtStatus) -> Outcome {
        let needed = u32::try_from(bytes.len()).map_err(|_| NtStatus::INTEGER_OVERFLOW)?;
        if self.length < needed {
            self.return_length.set(&needed)?;
            return Err(too_short);
        }
        user::copy_out(self.buffer, bytes).map_err(violation)?;
        self.return_length.set(&needed)?;
        Ok(NtStatus::SUCCESS)
    }

    /// Answers with a UNICODE_STRING and the text behind it, with a terminator or
    /// without.
    pub(crate) fn answer_text(
        &self,
        text: &[u16],
        is_terminated: bool,
        too_short: NtStatus,
    ) -> Outcome {
        self.answer_all(&text_at(self.buffer, text, is_terminated)?, too_short)
    }

    /// What the caller put into the buffer of that size, to say what it asks for.
    pub(crate) fn request<T: FromBytes + IntoBytes>(&self) -> Result<T, NtStatus> {
        self.check_length(size_of::<T>())?;
        read(self.buffer)
    }

    /// The same of what a longer buffer begins with.
    pub(crate) fn request_beginning<T: FromBytes + IntoBytes>(&self) -> Result<T, NtStatus> {
        match usize::try_from(self.length).is_ok_and(|length| length < size_of::<T>()) {
            true => Err(NtStatus::INFO_LENGTH_MISMATCH),
            false => read(self.buffer),
        }
    }

    fn check_length(&self, size: usize) -> Result<(), NtStatus> {
        check_length(self.length, size)
    }
}

impl Change {
    /// The new value, of a fixed size.
    pub(crate) fn value<T: FromBytes + IntoBytes>(&self) -> Result<T, NtStatus> {
        check_length(self.length, size_of::<T>())?;
        read(self.buffer)
    }

    /// Refuses a value where there is none.
    pub(crate) fn nothing(&self) -> Result<(), NtStatus> {
        check_length(self.length, 0)
    }

    /// A flag of 32 bits.
    pub(crate) fn flag(&self) -> Result<bool, NtStatus> {
        Ok(self.value::<u32>()? != 0)
    }
}

/// A UNICODE_STRING that is to stand at an address, and the text behind it.
pub(crate) fn text_at(buffer: u64, text: &[u16], is_terminated: bool) -> Result<Vec<u8>, NtStatus> {
    const HEADER_BYTES: usize = size_of::<UnicodeString>();
    let terminator: &[u16] = if is_terminated { &[0] } else { &[] };
    let bytes = |units: &[u16]| u16::try_from(size_of_val(units));
    let (Ok(length_bytes), Ok(terminator_bytes)) = (bytes(text), bytes(terminator)) else {
        return Err(NtStatus::NAME_TOO_LONG);
    };
    let header = UnicodeString {
        length_bytes,
        maximum_length_bytes: length_bytes.saturating_add(terminator_bytes),
        reserved_04: 0,
        buffer: buffer.wrapping_add(HEADER_BYTES as u64),
    };
    joined(&[header.as_bytes(), text.as_bytes(), terminator.as_bytes()])
}

/// Parts of an answer, one behind the other.
pub(crate) fn joined(parts: &[&[u8]]) -> Result<Vec<u8>, NtStatus> {
    let mut answer = Vec::new();
    let size = parts.iter().map(|part| part.len()).sum();
    answer
        .try_reserve_exact(size)
        .map_err(|_| NtStatus::NO_MEMORY)?;
    parts.iter().for_each(|part| answer.extend_from_slice(part));
    Ok(answer)
}

fn check_length(length: u32, size: usize) -> Result<(), NtStatus> {
    match usize::try_from(length) == Ok(size) {
        true => Ok(()),
        false => Err(NtStatus::INFO_LENGTH_MISMATCH),
    }
}
