//! What can be asked of keys.

use abi::NtStatus;
use abi::access::{KEY_ENUMERATE_SUB_KEYS, KEY_QUERY_VALUE};
use abi::registry::*;
use executive::registry::KeyView;
use zerocopy::{FromZeros, IntoBytes};

use super::answer::{Answer, Target, count};
use crate::call::{Call, Outcome, refused};

/// NtQueryKey(key, class, buffer, length, return length)
pub(crate) fn nt_query_key(call: &Call<'_>) -> Outcome {
    let class = call.value32(1)?;
    let target = Target::read(call, 2)?;
    let needed = match class {
        // Whoever has a handle may ask.
        KEY_NAME_INFORMATION | KEY_HANDLE_TAGS_INFORMATION => 0,
        _ => KEY_QUERY_VALUE,
    };
    let key = call.key(0, needed)?;
    let answer = match class {
        KEY_NAME_INFORMATION => {
            let path = key.path().map_err(refused)?;
            let name = path.as_bytes();
            let structure = KeyNameInformation {
                name_length: count(name.len()),
            };
            target.answer(structure.as_bytes(), &[(size_of_val(&structure), name)])
        }
        KEY_HANDLE_TAGS_INFORMATION => {
            key.view(|_| ()).map_err(refused)?;
            target.answer(key.tags().as_bytes(), &[])
        }
        _ => key
            .view(|view| whole(view, class, &target))
            .map_err(refused)?,
    };
    target.give(&answer?)
}

/// NtEnumerateKey(key, index, class, buffer, length, return length)
pub(crate) fn nt_enumerate_key(call: &Call<'_>) -> Outcome {
    let (index, class) = (call.value32(1)?, call.value32(2)?);
    let target = Target::read(call, 3)?;
    let key = call.key(0, KEY_ENUMERATE_SUB_KEYS)?;
    let answer = key
        .view_subkey(index, |view| listed(view, class, &target))
        .map_err(refused)?;
    target.give(&answer?)
}

/// What is told of a key in a list.
fn listed(view: &KeyView<'_>, class: u32, target: &Target) -> Result<Answer, NtStatus> {
    let (name, of) = (view.name().as_bytes(), view.class().as_bytes());
    let last_write_time = view.last_write().cast_signed();
    match class {
        KEY_BASIC_INFORMATION => {
            let structure = KeyBasicInformation {
                last_write_time,
                title_index: 0,
                name_length: count(name.len()),
            };
            target.answer(structure.as_bytes(), &[(size_of_val(&structure), name)])
        }
        KEY_NODE_INFORMATION => {
            let name_at = size_of::<KeyNodeInformation>();
            let class_at = name_at.saturating_add(name.len());
            let structure = KeyNodeInformation {
                last_write_time,
                title_index: 0,
                class_offset: offset(class_at, of),
                class_length: count(of.len()),
                name_length: count(name.len()),
            };
            target.answer(structure.as_bytes(), &[(name_at, name), (class_at, of)])
        }
        KEY_FULL_INFORMATION => {
            let class_at = usize::try_from(KEY_FULL_INFORMATION_CLASS).unwrap_or_default();
            let longest = view.longest();
            let structure = KeyFullInformation {
                last_write_time,
                title_index: 0,
                class_offset: offset(class_at, of),
                class_length: count(of.len()),
                sub_keys: count(view.keys()),
                max_name_length: count(longest.name),
                max_class_length: count(longest.class),
                values: count(view.values()),
                max_value_name_length: count(longest.value_name),
                max_value_data_length: count(longest.value_data),
                class: 0,
            };
            let structure = structure.as_bytes().get(..class_at).unwrap_or_default();
            target.answer(structure, &[(class_at, of)])
        }
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// What is told of an open key.
fn whole(view: &KeyView<'_>, class: u32, target: &Target) -> Result<Answer, NtStatus> {
    match class {
        KEY_CACHED_INFORMATION => {
            let longest = view.longest();
            let mut structure = KeyCachedInformation::new_zeroed();
            structure.last_write_time = view.last_write().cast_signed();
            structure.sub_keys = count(view.keys());
            structure.max_name_length = count(longest.name);
            structure.values = count(view.values());
            structure.max_value_name_length = count(longest.value_name);
            structure.max_value_data_length = count(longest.value_data);
            structure.name_length = count(size_of_val(view.name()));
            target.answer(structure.as_bytes(), &[])
        }
        KEY_FLAGS_INFORMATION => {
            let flag = |is_set, flag| if is_set { flag } else { 0 };
            let structure = KeyFlagsInformation {
                wow64_flags: view.user_flags(),
                key_flags: flag(view.is_volatile(), REG_FLAG_VOLATILE)
                    | flag(view.is_link(), REG_FLAG_LINK),
                control_flags: view.control_flags(),
            };
            target.answer(structure.as_bytes(), &[])
        }
        // Nothing is virtualized but what programs say of it.
        KEY_VIRTUALIZATION_INFORMATION => {
            let flags = view.virtual_flags() << KEY_VIRTUAL_FLAGS_SHIFT;
            target.answer(flags.as_bytes(), &[])
        }
        // What is there is the kernel's own, and in one layer.
        KEY_TRUST_INFORMATION => target.answer(KEY_IS_TRUSTED.as_bytes(), &[]),
        KEY_LAYER_INFORMATION => target.answer(0_u32.as_bytes(), &[]),
        class => listed(view, class, target),
    }
}

/// Where something begins that may be empty.
fn offset(at: usize, of: &[u8]) -> u32 {
    match of {
        [] => NO_OFFSET,
        _ => count(at),
    }
}
