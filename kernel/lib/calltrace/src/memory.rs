//! Numbers and structures in the caller's memory.

use zerocopy::{FromBytes, IntoBytes};

use crate::caller::Caller;

/// Reads a structure.
pub(crate) fn read<T: FromBytes + IntoBytes>(caller: &dyn Caller, address: u64) -> Option<T> {
    let mut value = T::new_zeroed();
    caller.read(address, value.as_mut_bytes()).then_some(value)
}

/// Reads a number of so many bytes, at most 8.
pub(crate) fn number(caller: &dyn Caller, address: u64, bytes: usize) -> Option<u64> {
    let mut number = [0; 8];
    let place = number.get_mut(..bytes)?;
    caller
        .read(address, place)
        .then(|| u64::from_le_bytes(number))
}
