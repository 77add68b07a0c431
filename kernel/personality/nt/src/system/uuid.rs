//! What version 1 UUIDs are made of: stretches of time that nobody else gets.

use abi::NtStatus;
use executive::uuid;

use crate::call::{Call, Outcome, probe, write};

/// NtAllocateUuids(time, range, sequence, seed)
pub(crate) fn nt_allocate_uuids(call: &Call<'_>) -> Outcome {
    let (time, range) = (call.word(0)?, call.word(1)?);
    let (sequence, seed) = (call.word(2)?, call.word(3)?);
    probe::<u64>(time)?;
    probe::<u32>(range)?;
    probe::<u32>(sequence)?;
    probe::<[u8; 6]>(seed)?;
    let stretch = uuid::next_stretch().ok_or(NtStatus::RETRY)?;
    let machine = uuid::machine();
    write(time, &stretch.start_100ns)?;
    write(range, &stretch.length_100ns)?;
    write(sequence, &machine.sequence)?;
    write(seed, &machine.node)?;
    Ok(NtStatus::SUCCESS)
}
