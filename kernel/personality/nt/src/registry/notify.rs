//! Watching keys.

use abi::NtStatus;
use abi::access::KEY_NOTIFY;
use abi::registry::{REG_LEGAL_CHANGE_FILTER, REG_NOTIFY_THREAD_AGNOSTIC};
use executive::claim::Claim;
use executive::io::Source;
use executive::object::ObjectKind;
use executive::process::IoKind;
use executive::registry::{Key, open};
use hal::Ref;
use registry::Watch;

use super::open::name;
use crate::access;
use crate::call::{Call, Outcome, check_writable, refused};
use crate::file::Operation;
use crate::new_handle::Attributes;

/// Most keys beside the first one.
const MOST_BESIDE: u32 = 1;

/// NtNotifyChangeKey(key, event, apc, context, result, filter, tree, buffer, length,
/// asynchronous)
pub(crate) fn nt_notify_change_key(call: &Call<'_>) -> Outcome {
    notify(call, 1, None)
}

/// NtNotifyChangeMultipleKeys(key, count, others, event, apc, context, result,
/// filter, tree, buffer, length, asynchronous)
pub(crate) fn nt_notify_change_multiple_keys(call: &Call<'_>) -> Outcome {
    let beside = match call.value32(1)? {
        0 => None,
        MOST_BESIDE => Some(call.word(2)?),
        _ => return Err(NtStatus::INVALID_PARAMETER),
    };
    notify(call, 3, beside)
}

/// Waits for a change, with the arguments from the event's number on. Nothing is
/// ever written to the buffer.
fn notify(call: &Call<'_>, first: usize, beside: Option<u64>) -> Outcome {
    let argument = |number| first.saturating_add(number);
    let filter = call.value32(argument(4))?;
    let subtree = call.flag(argument(5))?;
    let (buffer, length) = (call.word(argument(6))?, call.value32(argument(7))?);
    let is_asynchronous = call.flag(argument(8))?;
    if filter & !(REG_LEGAL_CHANGE_FILTER | REG_NOTIFY_THREAD_AGNOSTIC) != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    check_writable(buffer, length)?;
    let key = call.key(0, KEY_NOTIFY)?;
    let result = call.word(argument(3))?;
    let mut operation = Operation::with_result(call, first, result)?;
    if !is_asynchronous {
        // Who waits for the call waits for nothing else.
        operation = operation.without_notice();
    }
    let beside = beside.map(|address| key_beside(call, address));
    let beside = beside.transpose()?;
    let mut asked = operation.ask(call, Source::Key(&key), IoKind::Other, !is_asynchronous)?;
    asked.outlives_thread = filter & REG_NOTIFY_THREAD_AGNOSTIC != 0;
    let watch = Watch {
        filter: filter & REG_LEGAL_CHANGE_FILTER,
        subtree,
    };
    let begun = key.watch(&asked, watch, beside.as_deref());
    let status = operation.end(&asked, &begun.map_err(refused)?, 0)?;
    match is_asynchronous && status != NtStatus::PENDING {
        // What there was to tell is in the result.
        true => Ok(NtStatus::SUCCESS),
        false => Ok(status),
    }
}

/// A key that is named by OBJECT_ATTRIBUTES, and that the program may watch.
fn key_beside(call: &Call<'_>, address: u64) -> Result<Ref<Key>, NtStatus> {
    if address == 0 {
        return Err(NtStatus::ACCESS_VIOLATION);
    }
    let attributes = Attributes::read(address)?;
    if attributes.flags & access::invalid_attributes(ObjectKind::Key) != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let claim = Claim {
        asked: KEY_NOTIFY,
        for_backup: false,
        descriptor: None,
    };
    let name = name(call, &attributes, 0)?;
    let (key, _) = open(name, Some(&claim)).map_err(refused)?;
    Ok(key)
}
