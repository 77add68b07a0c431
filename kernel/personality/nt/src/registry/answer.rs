//! Answers of the registry: a structure, what is behind it, how much of both.

use abi::NtStatus;
use alloc::vec::Vec;
use hal::user;

use crate::call::{Call, Outcome, probe, violation, write};

/// Where an answer goes.
pub(super) struct Target {
    buffer: u64,
    length: u32,
    return_length: u64,
}

/// An answer, as far as there is room.
pub(super) struct Answer {
    bytes: Vec<u8>,
    needed: u32,
    status: NtStatus,
}

impl Target {
    /// In the arguments from a buffer on: its length, and where to say how much is
    /// needed.
    pub(super) fn read(call: &Call<'_>, first: usize) -> Result<Self, NtStatus> {
        let return_length = call.word(first.saturating_add(2))?;
        probe::<u32>(return_length)?;
        Ok(Self {
            buffer: call.word(first)?,
            length: call.value32(first.saturating_add(1))?,
            return_length,
        })
    }

    /// Puts an answer together: a structure, and parts at offsets into it. Without
    /// room for the structure there is none, without room for all of the parts as
    /// much of them as fits.
    pub(super) fn answer(
        &self,
        structure: &[u8],
        parts: &[(usize, &[u8])],
    ) -> Result<Answer, NtStatus> {
        let end_of = |(at, part): &(usize, &[u8])| at.saturating_add(part.len());
        let ends = parts.iter().map(end_of);
        let needed = ends.fold(structure.len(), usize::max);
        let room = usize::try_from(self.length).unwrap_or(usize::MAX);
        let mut answer = Answer {
            bytes: Vec::new(),
            needed: u32::try_from(needed).map_err(|_| NtStatus::INTEGER_OVERFLOW)?,
            status: NtStatus::SUCCESS,
        };
        if room < structure.len() {
            answer.status = NtStatus::BUFFER_TOO_SMALL;
            return Ok(answer);
        }
        if room < needed {
            answer.status = NtStatus::BUFFER_OVERFLOW;
        }
        let given = needed.min(room);
        let reserved = answer.bytes.try_reserve_exact(given);
        reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
        answer.bytes.resize(given, 0);
        answer.put(0, structure);
        parts.iter().for_each(|(at, part)| answer.put(*at, part));
        Ok(answer)
    }

    /// Gives the program an answer.
    pub(super) fn give(&self, answer: &Answer) -> Outcome {
        write(self.return_length, &answer.needed)?;
        user::copy_out(self.buffer, &answer.bytes).map_err(violation)?;
        Ok(answer.status)
    }
}

impl Answer {
    fn put(&mut self, at: usize, part: &[u8]) {
        let Some(place) = self.bytes.get_mut(at..) else {
            return;
        };
        for (to, from) in place.iter_mut().zip(part) {
            *to = *from;
        }
    }
}

/// A number of bytes or things.
pub(super) fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
