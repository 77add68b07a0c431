//! Symbolic links.

use abi::NtStatus;
use abi::access::SYMBOLIC_LINK_QUERY;
use abi::io::UnicodeString;
use executive::object::{Object, ObjectKind, SymbolicLink};
use hal::user;
use zerocopy::IntoBytes;

use crate::call::{Call, Outcome, probe, refused, violation, write};
use crate::new_handle::read_text;

/// NtCreateSymbolicLinkObject(link, access, attributes, target)
pub(crate) fn nt_create_symbolic_link_object(call: &Call<'_>) -> Outcome {
    let new = call.new_handle(ObjectKind::SymbolicLink)?;
    let target = read_text(call.word(3)?)?;
    if target.is_empty() {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    new.create(call, || {
        let link = SymbolicLink::new(&target).map_err(refused)?;
        Ok(Object::SymbolicLink(link))
    })
}

/// NtOpenSymbolicLinkObject(link, access, attributes)
pub(crate) fn nt_open_symbolic_link_object(call: &Call<'_>) -> Outcome {
    call.new_handle(ObjectKind::SymbolicLink)?.open(call)
}

/// NtQuerySymbolicLinkObject(link, target, return length)
pub(crate) fn nt_query_symbolic_link_object(call: &Call<'_>) -> Outcome {
    let at = call.word(1)?;
    let mut string = probe::<UnicodeString>(at)?;
    let return_length = call.optional_result::<u32>(2)?;
    let link = call.symbolic_link(0, SYMBOLIC_LINK_QUERY)?;
    let target = link.target();
    let bytes = u16::try_from(size_of_val(target)).map_err(|_| NtStatus::NAME_TOO_LONG)?;
    // What is asked for by a place for the length has a terminator.
    return_length.set(&u32::from(bytes).wrapping_add(2))?;
    if bytes > string.maximum_length_bytes {
        return Err(NtStatus::BUFFER_TOO_SMALL);
    }
    user::copy_out(string.buffer, target.as_bytes()).map_err(violation)?;
    string.length_bytes = bytes;
    write(at, &string)?;
    Ok(NtStatus::SUCCESS)
}
