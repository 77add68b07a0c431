//! All handles of all processes; and an answer that grows.

use abi::NtStatus;
use abi::object::{OBJ_INHERIT, OBJ_PROTECT_CLOSE};
use abi::system::*;
use alloc::vec::Vec;
use executive::ids;
use executive::object::{Listed, Object};
use executive::process::Process;
use hal::Ref;
use zerocopy::{FromZeros, Immutable, IntoBytes};

use crate::call::{Outcome, refused};
use crate::object::type_index;
use crate::query::Query;

/// Bytes of an answer, as many as there is memory for.
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Bytes {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn put(
        &mut self,
        value: &(impl IntoBytes + Immutable + ?Sized),
    ) -> Result<(), NtStatus> {
        let bytes = value.as_bytes();
        self.0
            .try_reserve(bytes.len())
            .map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    /// Changes what was put somewhere.
    pub(super) fn replace(&mut self, at: usize, value: &(impl IntoBytes + Immutable)) {
        let bytes = value.as_bytes();
        let end = at.saturating_add(bytes.len());
        if let Some(place) = self.0.get_mut(at..end) {
            place.copy_from_slice(bytes);
        }
    }

    pub(super) fn align(&mut self) -> Result<(), NtStatus> {
        while !self.0.len().is_multiple_of(8) {
            self.put(&0_u8)?;
        }
        Ok(())
    }
}

/// Does something for every process that there is.
pub(crate) fn for_each_process(
    mut visit: impl FnMut(&Ref<Process>) -> Result<(), NtStatus>,
) -> Result<(), NtStatus> {
    let mut id = 0;
    while let Some(Object::Process(process)) =
        ids::next_after(id, |object| matches!(object, Object::Process(_)))
    {
        id = process.id();
        visit(&process)?;
    }
    Ok(())
}

fn attributes(listed: &Listed) -> u32 {
    let inherit = if listed.inherit { OBJ_INHERIT } else { 0 };
    let protect = match listed.protect_from_close {
        true => OBJ_PROTECT_CLOSE,
        false => 0,
    };
    inherit | protect
}

pub(super) fn handles(query: &Query) -> Outcome {
    every_handle(query, &0_u64, |id, listed| {
        let mut entry = SystemHandleTableEntryInfo::new_zeroed();
        entry.process_id = low(id);
        entry.object_type_index = type_index(listed.kind);
        entry.handle_attributes = attributes(listed).to_le_bytes()[0];
        entry.handle = low(listed.handle);
        entry.granted_access = listed.access;
        entry
    })
}

pub(super) fn extended_handles(query: &Query) -> Outcome {
    every_handle(query, &[0_u64; 2], |id, listed| {
        let mut entry = SystemHandleTableEntryInfoEx::new_zeroed();
        entry.process_id = id;
        entry.handle = listed.handle;
        entry.granted_access = listed.access;
        entry.object_type_index = type_index(listed.kind).into();
        entry.handle_attributes = attributes(listed);
        entry
    })
}

fn low(number: u64) -> u16 {
    let [a, b, ..] = number.to_le_bytes();
    u16::from_le_bytes([a, b])
}

/// A header that begins with how many there are, and an entry for each.
fn every_handle<T: IntoBytes + Immutable>(
    query: &Query,
    header: &(impl IntoBytes + Immutable),
    entry: impl Fn(u64, &Listed) -> T,
) -> Outcome {
    let mut answer = Bytes::new();
    answer.put(header)?;
    let mut count = 0_u32;
    for_each_process(|process| {
        for listed in process.handles().list().map_err(refused)? {
            answer.put(&entry(process.id(), &listed))?;
            count = count.saturating_add(1);
        }
        Ok(())
    })?;
    answer.replace(0, &count);
    query.answer_all(&answer.0, NtStatus::INFO_LENGTH_MISMATCH)
}
