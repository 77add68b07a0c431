//! What can be asked of handles and objects.

use abi::NtStatus;
use abi::io::UnicodeString;
use abi::object::{
    OBJ_EXCLUSIVE, OBJ_INHERIT, OBJ_PERMANENT, OBJ_PROTECT_CLOSE, OBJECT_BASIC_INFORMATION,
    OBJECT_HANDLE_FLAG_INFORMATION, OBJECT_NAME_INFORMATION, OBJECT_TYPE_INFORMATION,
    OBJECT_TYPES_INFORMATION, ObjectBasicInformation, ObjectHandleFlagInformation,
    ObjectNameInformation, ObjectTypeInformation,
};
use abi::user_shared::UNIX_EPOCH_100NS;
use alloc::vec::Vec;
use executive::object::{Found, Object, namespace};
use hal::user;
use zerocopy::{FromZeros, Immutable, IntoBytes};

use super::types;
use crate::call::{Call, Outcome, read, refused, violation, write};
use crate::query::Query;

/// NtQueryObject(handle, class, buffer, length, return length)
pub(crate) fn nt_query_object(call: &Call<'_>) -> Outcome {
    let query = call.query()?;
    match query.class {
        OBJECT_BASIC_INFORMATION => query.answer(|| basic(call)),
        OBJECT_NAME_INFORMATION => {
            let name = name_of(&call.found(0)?.object)?;
            answer_with_text(&query, &name, |name| ObjectNameInformation { name })
        }
        OBJECT_TYPE_INFORMATION => {
            let kind = call.found(0)?.object.kind();
            answer_with_text(&query, &types::name_of(kind), |name| {
                let mut information = types::information(kind);
                information.type_name = name;
                information
            })
        }
        // Of no handle.
        OBJECT_TYPES_INFORMATION => {
            query.answer_all(&types::all(query.buffer)?, NtStatus::INFO_LENGTH_MISMATCH)
        }
        OBJECT_HANDLE_FLAG_INFORMATION => query.answer(|| {
            let (inherit, protect) = flags(call)?;
            let mut information = ObjectHandleFlagInformation::new_zeroed();
            information.is_inherited = inherit.into();
            information.is_protected_from_close = protect.into();
            Ok(information)
        }),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

/// The whole name of an object: files are on devices, and have theirs from there.
fn name_of(object: &Object) -> Result<Vec<u16>, NtStatus> {
    match object {
        Object::File(file) => file.full_name(),
        // Keys have their names elsewhere.
        Object::Key(key) => key.path(),
        object => namespace::path_of(object),
    }
    .map_err(refused)
}

/// Pseudo handles are neither inherited nor protected.
fn flags(call: &Call<'_>) -> Result<(bool, bool), NtStatus> {
    call.found(0)?;
    let flags = call.process().handles().flags(call.word(0)?);
    Ok(flags.unwrap_or((false, false)))
}

fn basic(call: &Call<'_>) -> Result<ObjectBasicInformation, NtStatus> {
    let Found { object, access } = call.found(0)?;
    let (inherit, protect) = flags(call)?;
    let header = object.header();
    let mut information = ObjectBasicInformation::new_zeroed();
    for (is_set, flag) in [
        (inherit, OBJ_INHERIT),
        (protect, OBJ_PROTECT_CLOSE),
        (header.is_permanent(), OBJ_PERMANENT),
        (header.is_exclusive(), OBJ_EXCLUSIVE),
    ] {
        if is_set {
            information.attributes |= flag;
        }
    }
    information.granted_access = access;
    information.handle_count = header.handle_count();
    // The references of the kernel's own are nobody's business but its own.
    information.pointer_count = header.handle_count().saturating_add(1);
    // Files and keys have their names elsewhere.
    let name = namespace::path_of(&object).map_err(refused)?;
    if !name.is_empty() {
        information.name_information_bytes = with_text::<ObjectNameInformation>(name.len());
    }
    let type_units = object.kind().name().len();
    information.type_information_bytes = with_text::<ObjectTypeInformation>(type_units);
    if let Object::SymbolicLink(link) = &object {
        let made_at = link.made_at_100ns().saturating_add(UNIX_EPOCH_100NS);
        information.creation_time = i64::try_from(made_at).unwrap_or(i64::MAX);
    }
    Ok(information)
}

/// Bytes of a structure with characters and their terminator behind it.
fn with_text<T>(units: usize) -> u32 {
    let characters = units.saturating_add(1).saturating_mul(size_of::<u16>());
    u32::try_from(size_of::<T>().saturating_add(characters)).unwrap_or(u32::MAX)
}

/// Answers with a structure and the text it refers to, behind it; without text the
/// structure refers to none.
fn answer_with_text<T: IntoBytes + Immutable>(
    query: &Query,
    text: &[u16],
    structure: impl FnOnce(UnicodeString) -> T,
) -> Outcome {
    let needed = match text.is_empty() {
        true => u32::try_from(size_of::<T>()).unwrap_or(u32::MAX),
        false => with_text::<T>(text.len()),
    };
    query.set_length(needed)?;
    if query.length < needed {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let bytes = u16::try_from(size_of_val(text)).map_err(|_| NtStatus::NAME_TOO_LONG)?;
    let size = u64::try_from(size_of::<T>()).unwrap_or(u64::MAX);
    let characters_at = query.buffer.wrapping_add(size);
    let string = match text.is_empty() {
        true => UnicodeString::new_zeroed(),
        false => UnicodeString {
            length_bytes: bytes,
            maximum_length_bytes: bytes.saturating_add(2),
            reserved_04: 0,
            buffer: characters_at,
        },
    };
    write(query.buffer, &structure(string))?;
    if !text.is_empty() {
        user::copy_out(characters_at, text.as_bytes()).map_err(violation)?;
        write(characters_at.wrapping_add(bytes.into()), &0_u16)?;
    }
    Ok(NtStatus::SUCCESS)
}

/// NtSetInformationObject(handle, class, buffer, length)
pub(crate) fn nt_set_information_object(call: &Call<'_>) -> Outcome {
    let (class, buffer, length) = (call.value32(1)?, call.word(2)?, call.value32(3)?);
    if class != OBJECT_HANDLE_FLAG_INFORMATION {
        return Err(NtStatus::INVALID_INFO_CLASS);
    }
    if usize::try_from(length) != Ok(size_of::<ObjectHandleFlagInformation>()) {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let wanted = read::<ObjectHandleFlagInformation>(buffer)?;
    call.process()
        .handles()
        .set_flags(
            call.word(0)?,
            wanted.is_inherited != 0,
            wanted.is_protected_from_close != 0,
        )
        .map_err(refused)?;
    Ok(NtStatus::SUCCESS)
}
