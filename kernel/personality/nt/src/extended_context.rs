//! What stands behind a CONTEXT_EX: registers that XSAVE knows beyond SSE.
//!
//! Of these there are the upper halves of the AVX registers, on processors that
//! have them; on others nobody finds anything here (CONTEXT_XSTATE is left out).

use abi::NtStatus;
use abi::context::{
    CONTEXT_XSTATE, Context, ContextEx, ExtendedState, XSTATE_MASK_GSSE, XsaveAreaHeader,
};
use hal::thread::{self, AVX_BYTES};
use zerocopy::{FromZeros, IntoBytes};

use crate::call::{read, write};

/// The upper halves.
pub(crate) type Halves = [u8; AVX_BYTES];

const HEADER_BYTES: u64 = size_of::<XsaveAreaHeader>() as u64;
const WHOLE_BYTES: u64 = size_of::<ExtendedState>() as u64;

/// The place of a context's extended state in user memory.
pub(crate) struct Place {
    address: u64,
    length_bytes: u64,
    header: XsaveAreaHeader,
}

impl Place {
    /// That of the context at an address, if its flags want one and there is any.
    #[inline]
    pub(crate) fn find(context: u64, flags: u32) -> Result<Option<Self>, NtStatus> {
        if flags & CONTEXT_XSTATE != CONTEXT_XSTATE || !thread::has_avx() {
            return Ok(None);
        }
        let behind = context.wrapping_add(size_of::<Context>() as u64);
        let chunk = read::<ContextEx>(behind)?.xstate;
        let length_bytes = u64::from(chunk.length_bytes);
        if !(HEADER_BYTES..=WHOLE_BYTES).contains(&length_bytes) {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        let address = behind.wrapping_add_signed(chunk.offset.into());
        Ok(Some(Self {
            address,
            length_bytes,
            header: read(address)?,
        }))
    }

    /// The upper halves that a thread is to have: 0 where the header names none.
    pub(crate) fn read(&self) -> Result<Halves, NtStatus> {
        let mut halves = [0; AVX_BYTES];
        if self.header.mask & XSTATE_MASK_GSSE != 0 {
            if self.length_bytes < WHOLE_BYTES {
                return Err(NtStatus::BUFFER_OVERFLOW);
            }
            let state = read::<ExtendedState>(self.address)?;
            halves.copy_from_slice(state.upper_halves.as_bytes());
        }
        Ok(halves)
    }

    /// Says which upper halves a thread has, if the header asks for them: nothing
    /// but that where all are 0.
    pub(crate) fn write(&self, halves: &Halves) -> Result<(), NtStatus> {
        let is_wanted = self.header.mask & XSTATE_MASK_GSSE != 0;
        let mut state = state(halves);
        if !is_wanted || state.header.mask == 0 {
            state.header.mask = 0;
            return write(self.address, &state.header);
        }
        match self.length_bytes < WHOLE_BYTES {
            true => Err(NtStatus::BUFFER_OVERFLOW),
            false => write(self.address, &state),
        }
    }
}

/// What an exception's frame has behind it.
pub(crate) fn state(halves: &Halves) -> ExtendedState {
    let mut state = ExtendedState::new_zeroed();
    if halves.iter().any(|byte| *byte != 0) {
        state.header.mask = XSTATE_MASK_GSSE;
        state.upper_halves.as_mut_bytes().copy_from_slice(halves);
    }
    state
}
