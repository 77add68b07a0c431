//! What NT tells of its types of objects, one of them or all.

use abi::NtStatus;
use abi::io::UnicodeString;
use abi::object::{
    NON_PAGED_POOL_NX, OBJECT_TYPES_INFORMATION_ALIGNMENT, ObjectTypeInformation,
    ObjectTypesInformation, PAGED_POOL,
};
use alloc::vec::Vec;
use executive::object::ObjectKind;
use zerocopy::{FromZeros, IntoBytes};

use crate::access;

/// Units of the longest name of a type, and more.
const MOST_UNITS: usize = 32;

/// The name of a type.
pub(super) fn name_of(kind: ObjectKind) -> arrayvec::ArrayVec<u16, MOST_UNITS> {
    kind.name().encode_utf16().take(MOST_UNITS).collect()
}

/// NT's number of a type.
pub(crate) fn type_index(kind: ObjectKind) -> u8 {
    // Lower numbers stand for none.
    const FIRST: u8 = 2;
    FIRST.saturating_add(kind as u8)
}

/// All of a type but its name.
pub(super) fn information(kind: ObjectKind) -> ObjectTypeInformation {
    let (objects, handles) = (kind.objects(), kind.handles());
    let mapping = access::mapping(kind);
    let mut information = ObjectTypeInformation::new_zeroed();
    information.object_count = objects.now;
    information.object_count_max = objects.most;
    information.handle_count = handles.now;
    information.handle_count_max = handles.most;
    information.invalid_attributes = access::invalid_attributes(kind);
    information.generic_mapping = mapping;
    information.valid_access = access::valid(kind);
    information.is_security_required = has_descriptor_without_name(kind).into();
    information.type_index = type_index(kind);
    information.pool_type = pool(kind);
    information
}

/// All types: a header, and each with its name behind it, aligned to 8 bytes. The
/// addresses in it hold for a buffer at that address.
pub(super) fn all(buffer: u64) -> Result<Vec<u8>, NtStatus> {
    let mut answer = Answer(Vec::new());
    let mut header = ObjectTypesInformation::new_zeroed();
    header.number_of_types = u32::try_from(ObjectKind::ALL.len()).unwrap_or(u32::MAX);
    answer.put(header.as_bytes())?;
    for kind in ObjectKind::ALL {
        answer.align()?;
        let name = name_of(kind);
        let characters = answer
            .0
            .len()
            .saturating_add(size_of::<ObjectTypeInformation>());
        let characters = u64::try_from(characters).map_err(|_| NtStatus::NO_MEMORY)?;
        let bytes = u16::try_from(size_of_val(name.as_slice()));
        let length_bytes = bytes.map_err(|_| NtStatus::NAME_TOO_LONG)?;
        let mut entry = information(kind);
        entry.type_name = UnicodeString {
            length_bytes,
            maximum_length_bytes: length_bytes.saturating_add(2),
            reserved_04: 0,
            buffer: buffer.wrapping_add(characters),
        };
        answer.put(entry.as_bytes())?;
        answer.put(name.as_slice().as_bytes())?;
        answer.put(0_u16.as_bytes())?;
    }
    // The last one's name too: the next would begin there.
    answer.align()?;
    Ok(answer.0)
}

struct Answer(Vec<u8>);

impl Answer {
    fn put(&mut self, bytes: &[u8]) -> Result<(), NtStatus> {
        let reserved = self.0.try_reserve(bytes.len());
        reserved.map_err(|_| NtStatus::NO_MEMORY)?;
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn align(&mut self) -> Result<(), NtStatus> {
        while !self
            .0
            .len()
            .is_multiple_of(OBJECT_TYPES_INFORMATION_ALIGNMENT)
        {
            self.put(&[0])?;
        }
        Ok(())
    }
}

/// Whether objects of the type are of use to others without a name too: then NT gives
/// them a security descriptor.
fn has_descriptor_without_name(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Directory
            | ObjectKind::SymbolicLink
            | ObjectKind::Token
            | ObjectKind::Job
            | ObjectKind::Process
            | ObjectKind::Thread
            | ObjectKind::Key
    )
}

/// Where NT has objects of the type: what is waited for is never paged out.
fn pool(kind: ObjectKind) -> u32 {
    match kind {
        ObjectKind::Directory
        | ObjectKind::SymbolicLink
        | ObjectKind::Token
        | ObjectKind::KeyedEvent
        | ObjectKind::Section
        | ObjectKind::Key => PAGED_POOL,
        _ => NON_PAGED_POOL_NX,
    }
}
