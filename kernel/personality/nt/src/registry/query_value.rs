//! What can be asked of values.

use abi::NtStatus;
use abi::access::KEY_QUERY_VALUE;
use abi::registry::*;
use registry::ValueView;
use zerocopy::IntoBytes;

use super::answer::{Answer, Target, count};
use crate::call::{Call, Outcome, refused};

/// Where data begin that follow a name.
const ALIGNMENT: usize = 4;
const WIDE_ALIGNMENT: usize = 8;

/// NtQueryValueKey(key, name, class, buffer, length, return length)
pub(crate) fn nt_query_value_key(call: &Call<'_>) -> Outcome {
    let class = call.value32(2)?;
    let target = Target::read(call, 3)?;
    let key = call.key(0, KEY_QUERY_VALUE)?;
    let name = call.key_text(1)?;
    if class > KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let answer = key
        .view_value(&name, |view| told(view, class, &target))
        .map_err(refused)?;
    target.give(&answer?)
}

/// NtEnumerateValueKey(key, index, class, buffer, length, return length)
pub(crate) fn nt_enumerate_value_key(call: &Call<'_>) -> Outcome {
    let (index, class) = (call.value32(1)?, call.value32(2)?);
    let target = Target::read(call, 3)?;
    let key = call.key(0, KEY_QUERY_VALUE)?;
    if class > KEY_VALUE_PARTIAL_INFORMATION {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let answer = key
        .view_value_at(index, |view| told(view, class, &target))
        .map_err(refused)?;
    target.give(&answer?)
}

/// What is told of a value.
fn told(view: &ValueView<'_>, class: u32, target: &Target) -> Result<Answer, NtStatus> {
    let (name, data) = (view.name.as_bytes(), view.data);
    match class {
        KEY_VALUE_BASIC_INFORMATION => {
            let structure = KeyValueBasicInformation {
                title_index: 0,
                value_type: view.kind,
                name_length: count(name.len()),
            };
            target.answer(structure.as_bytes(), &[(size_of_val(&structure), name)])
        }
        KEY_VALUE_FULL_INFORMATION => full(view, ALIGNMENT, target),
        KEY_VALUE_FULL_INFORMATION_ALIGN64 => full(view, WIDE_ALIGNMENT, target),
        KEY_VALUE_PARTIAL_INFORMATION => {
            let structure = KeyValuePartialInformation {
                title_index: 0,
                value_type: view.kind,
                data_length: count(data.len()),
            };
            target.answer(structure.as_bytes(), &[(size_of_val(&structure), data)])
        }
        KEY_VALUE_PARTIAL_INFORMATION_ALIGN64 => {
            let structure = KeyValuePartialInformationAlign64 {
                value_type: view.kind,
                data_length: count(data.len()),
            };
            target.answer(structure.as_bytes(), &[(size_of_val(&structure), data)])
        }
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// Everything, with the data at a multiple of so many bytes.
fn full(view: &ValueView<'_>, alignment: usize, target: &Target) -> Result<Answer, NtStatus> {
    let (name, data) = (view.name.as_bytes(), view.data);
    let name_at = size_of::<KeyValueFullInformation>();
    let name_end = name_at.saturating_add(name.len());
    let (data_at, data_offset) = match data {
        [] => (name_end, NO_OFFSET),
        _ => {
            let at = name_end.next_multiple_of(alignment);
            (at, count(at))
        }
    };
    let structure = KeyValueFullInformation {
        title_index: 0,
        value_type: view.kind,
        data_offset,
        data_length: count(data.len()),
        name_length: count(name.len()),
    };
    target.answer(structure.as_bytes(), &[(name_at, name), (data_at, data)])
}
