//! Asking for many values at once.

use abi::NtStatus;
use abi::access::KEY_QUERY_VALUE;
use abi::registry::{KeyValueEntry, MAXIMUM_VALUES};
use alloc::vec::Vec;
use hal::user;

use super::answer::count;
use crate::call::{Call, Outcome, probe, refused, violation, write};
use crate::new_handle::read_text;

/// Where each value's data begin.
const ALIGNMENT: u32 = 4;
const ENTRY_BYTES: u64 = size_of::<KeyValueEntry>() as u64;

/// A value, as far as there is room.
struct Found {
    kind: u32,
    length: u32,
    /// `None`: they do not fit.
    data: Option<Vec<u8>>,
}

/// NtQueryMultipleValueKey(key, entries, count, buffer, buffer length, needed length)
///
/// From the first value that does not fit on, nothing is given but how much room all
/// of them need.
pub(crate) fn nt_query_multiple_value_key(call: &Call<'_>) -> Outcome {
    let key = call.key(0, KEY_QUERY_VALUE)?;
    let (entries, values) = (call.word(1)?, call.value32(2)?);
    let (buffer, length_at) = (call.word(3)?, call.word(4)?);
    let room = probe::<u32>(length_at)?;
    let needed_at = call.optional_result::<u32>(5)?;
    if values > MAXIMUM_VALUES {
        return Err(NtStatus::INSUFFICIENT_RESOURCES);
    }
    let (mut used, mut needed) = (0_u32, 0_u32);
    let mut status = NtStatus::SUCCESS;
    for number in 0..values {
        let at = entries.wrapping_add(u64::from(number).wrapping_mul(ENTRY_BYTES));
        let mut entry = probe::<KeyValueEntry>(at)?;
        let name = read_text(entry.value_name)?;
        used = used.next_multiple_of(ALIGNMENT);
        let is_full = status != NtStatus::SUCCESS;
        let left = if is_full {
            0
        } else {
            room.saturating_sub(used)
        };
        let found = key.view_value(&name, |view| {
            let length = count(view.data.len());
            let data = match length > left || is_full {
                true => None,
                false => Some(copy(view.data)?),
            };
            Ok::<_, NtStatus>(Found {
                kind: view.kind,
                length,
                data,
            })
        });
        let found = found.map_err(refused)??;
        match found.data {
            Some(data) => {
                let to = buffer.wrapping_add(used.into());
                user::copy_out(to, &data).map_err(violation)?;
                entry.data_length = found.length;
                entry.data_offset = used;
                entry.value_type = found.kind;
                write(at, &entry)?;
                used = used.saturating_add(found.length);
            }
            None => status = NtStatus::BUFFER_OVERFLOW,
        }
        needed = needed
            .checked_next_multiple_of(ALIGNMENT)
            .and_then(|needed| needed.checked_add(found.length))
            .ok_or(NtStatus::INTEGER_OVERFLOW)?;
    }
    write(length_at, &used)?;
    needed_at.set(&needed)?;
    Ok(status)
}

fn copy(data: &[u8]) -> Result<Vec<u8>, NtStatus> {
    let mut copy = Vec::new();
    let reserved = copy.try_reserve_exact(data.len());
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    copy.extend_from_slice(data);
    Ok(copy)
}
