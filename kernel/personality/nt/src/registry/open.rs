//! Making and opening keys.

use abi::NtStatus;
use abi::object::OBJ_OPENLINK;
use abi::registry::*;
use executive::claim::Claim;
use executive::object::{Object, ObjectKind};
use executive::registry::{self, Kind, Made, Name};

use crate::call::{Call, Outcome, refused};
use crate::new_handle::{Attributes, NewHandle, read_text};

/// NtCreateKey(key, access, attributes, title index, class, options, disposition)
pub(crate) fn nt_create_key(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::Key)?;
    let class = match call.word(4)? {
        0 => None,
        address => Some(read_text(address)?),
    };
    let options = call.value32(5)?;
    let disposition = call.optional_result::<u32>(6)?;
    if options & !REG_LEGAL_OPTION != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let kind = Kind {
        class: class.as_deref().unwrap_or_default(),
        is_volatile: options & REG_OPTION_VOLATILE != 0,
        is_link: options & REG_OPTION_CREATE_LINK != 0,
    };
    let name = wanted_name(call, &new, options)?;
    let notes = call.notes(new.asked())?;
    let claim = claim(&new, options);
    let (key, made) = registry::create(name, &kind, Some(&claim)).map_err(refused)?;
    let access = match made {
        Made::Opened(Some(granted)) => granted,
        _ => new.access(),
    };
    let given = new.give_as(call, Object::Key(key), access | notes);
    let done = match (given, made) {
        (Ok(_), Made::Created(creation)) => {
            creation.tell();
            REG_CREATED_NEW_KEY
        }
        (Ok(_), Made::Opened(_)) => REG_OPENED_EXISTING_KEY,
        (Err(status), Made::Created(creation)) => {
            creation.undo();
            return Err(status);
        }
        (Err(status), Made::Opened(_)) => return Err(status),
    };
    disposition.set(&done)?;
    Ok(NtStatus::SUCCESS)
}

/// NtOpenKey(key, access, attributes)
pub(crate) fn nt_open_key(call: &Call<'_>) -> Outcome {
    open(call, 0)
}

/// NtOpenKeyEx(key, access, attributes, options)
pub(crate) fn nt_open_key_ex(call: &Call<'_>) -> Outcome {
    open(call, call.value32(3)?)
}

/// NtCreateKeyTransacted(key, access, attributes, title index, class, options,
/// transaction, disposition)
pub(crate) fn nt_create_key_transacted(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Key)?;
    if call.word(4)? != 0 {
        read_text(call.word(4)?)?;
    }
    call.optional_result::<u32>(7)?;
    no_transaction(call, 6)
}

/// NtOpenKeyTransacted(key, access, attributes, transaction)
pub(crate) fn nt_open_key_transacted(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Key)?;
    no_transaction(call, 3)
}

/// NtOpenKeyTransactedEx(key, access, attributes, options, transaction)
pub(crate) fn nt_open_key_transacted_ex(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::Key)?;
    no_transaction(call, 4)
}

/// There are no transactions: whatever the handle stands for, it is none of one.
fn no_transaction(call: &Call<'_>, number: usize) -> Outcome {
    call.found(number)?;
    Err(NtStatus::OBJECT_TYPE_MISMATCH)
}

fn open(call: &Call<'_>, options: u32) -> Outcome {
    let new = call.new_handle(ObjectKind::Key)?;
    if options & !REG_OPEN_LEGAL_OPTION != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let name = wanted_name(call, &new, options)?;
    let notes = call.notes(new.asked())?;
    let claim = claim(&new, options);
    let (key, granted) = registry::open(name, Some(&claim)).map_err(refused)?;
    let access = granted.unwrap_or(new.access());
    new.give_as(call, Object::Key(key), access | notes)?;
    Ok(NtStatus::SUCCESS)
}

/// What a program wants of a key.
fn claim(new: &NewHandle, options: u32) -> Claim<'_> {
    Claim {
        asked: new.asked(),
        for_backup: options & REG_OPTION_BACKUP_RESTORE != 0,
        descriptor: new.attributes.descriptor(),
    }
}

/// The key that is named, by a program that wants to do something with it.
#[inline]
fn wanted_name<'a>(
    call: &Call<'_>,
    new: &'a NewHandle,
    options: u32,
) -> Result<Name<'a>, NtStatus> {
    match new.asked() {
        0 => Err(NtStatus::ACCESS_DENIED),
        _ => name(call, &new.attributes, options),
    }
}

/// The key that is named.
#[inline]
pub(super) fn name<'a>(
    call: &Call<'_>,
    attributes: &'a Attributes,
    options: u32,
) -> Result<Name<'a>, NtStatus> {
    let root = attributes.root(call)?;
    let path = match (attributes.name(), &root) {
        (Some(name), _) => name,
        (None, Some(_)) => &[],
        (None, None) => return Err(NtStatus::OBJECT_PATH_SYNTAX_BAD),
    };
    let is_link_meant = options & REG_OPTION_OPEN_LINK != 0 || attributes.flags & OBJ_OPENLINK != 0;
    Ok(Name {
        root,
        path,
        links: attributes.walk().links,
        opens_link: is_link_meant,
    })
}
