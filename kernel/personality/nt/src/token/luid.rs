//! Numbers that are given once.

use abi::NtStatus;
use abi::token::Luid;
use executive::luid;

use crate::call::{Call, Outcome, write};

/// NtAllocateLocallyUniqueId(number)
pub(crate) fn nt_allocate_locally_unique_id(call: &Call<'_>) -> Outcome {
    write(call.word(0)?, &luid_of(luid::next()))?;
    Ok(NtStatus::SUCCESS)
}

/// A number in NT's form.
pub(super) fn luid_of(number: u64) -> Luid {
    let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
    Luid {
        low: u32::from_le_bytes([a, b, c, d]),
        high: i32::from_le_bytes([e, f, g, h]),
    }
}

/// The number.
pub(super) fn number_of(luid: Luid) -> u64 {
    let [a, b, c, d] = luid.low.to_le_bytes();
    let [e, f, g, h] = luid.high.to_le_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}
