//! What is inherited from what something is made in (MS-DTYP 2.5.3.4).
//!
//! An entry says itself whether it goes on to what is made inside: to containers, to
//! others, on and on or once. What it says of the creator is then about whoever
//! makes the new object, and generic rights become those of its type; where it also
//! goes on from a container, it stays as it was for that.

use alloc::vec::Vec;

use crate::{Acl, Descriptor, DescriptorError, Identity, Mapping, Sid, control};

const OBJECT_INHERIT: u8 = 0x1;
const CONTAINER_INHERIT: u8 = 0x2;
const NO_PROPAGATE: u8 = 0x4;
const INHERIT_ONLY: u8 = 0x8;
const INHERITED: u8 = 0x10;
/// Whether an audit is of success, of failure.
const AUDITS: u8 = 0xC0;

const HEADER_BYTES: usize = 4;
const MASK_END: usize = 8;

/// What kind of object is made.
#[derive(Clone, Copy, Debug)]
pub struct Child {
    /// Whether others are made in it.
    pub is_container: bool,
    /// What generic rights mean for it.
    pub mapping: Mapping,
}

/// Who makes it, by the names that entries have for them.
struct Creator {
    owner: Sid,
    group: Sid,
}

impl Descriptor {
    /// That of an object that an identity makes in another: what is `given`, what is
    /// inherited from the parent, and what is missing by default.
    ///
    /// # Errors
    /// [`DescriptorError`].
    pub fn for_child(
        given: Option<&Self>,
        parent: Option<&Self>,
        child: &Child,
        identity: &Identity,
    ) -> Result<Self, DescriptorError> {
        let mut new = match given {
            Some(given) => given.for_new(identity)?,
            None => Self::of_maker(identity)?,
        };
        let Some(parent) = parent else {
            return Ok(new);
        };
        let creator = Creator {
            owner: new.owner.unwrap_or(*identity.owner()),
            group: new.group.unwrap_or(*identity.primary_group()),
        };
        let bits = given.map_or(0, |given| given.control);
        if bits & control::DACL_PROTECTED == 0 {
            let is_given = bits & control::DACL_PRESENT != 0;
            let list = parent.dacl.as_deref();
            if let Some(list) = merged(list, new.dacl.as_deref(), is_given, child, &creator)? {
                new.dacl = Some(list);
                new.control |= control::DACL_PRESENT | control::DACL_AUTO_INHERITED;
            }
        }
        if bits & control::SACL_PROTECTED == 0 {
            let is_given = bits & control::SACL_PRESENT != 0;
            let list = parent.sacl.as_deref();
            if let Some(list) = merged(list, new.sacl.as_deref(), is_given, child, &creator)? {
                new.sacl = Some(list);
                new.control |= control::SACL_PRESENT | control::SACL_AUTO_INHERITED;
            }
        }
        Ok(new)
    }
}

/// What is inherited from a list, behind what a program has given; `None`: nothing
/// is.
fn merged(
    parent: Option<&[u8]>,
    own: Option<&[u8]>,
    is_given: bool,
    child: &Child,
    creator: &Creator,
) -> Result<Option<Vec<u8>>, DescriptorError> {
    // No list at all grants everything, and goes on so.
    let (Some(parent), false) = (parent, is_given && own.is_none()) else {
        return Ok(None);
    };
    let own = own.filter(|_| is_given).unwrap_or_default();
    let revision = parent.first().max(own.first()).copied().unwrap_or_default();
    let mut list = Entries::new(revision)?;
    for entry in raw_entries(own) {
        if entry.get(1).is_some_and(|flags| flags & INHERITED == 0) {
            list.push(entry)?;
        }
    }
    let given = list.count;
    for entry in raw_entries(parent) {
        list.inherit(entry, child, creator)?;
    }
    match list.count == given {
        true => Ok(None),
        false => Ok(Some(list.finish()?)),
    }
}

/// A list that is being put together.
struct Entries {
    bytes: Vec<u8>,
    count: u16,
}

impl Entries {
    fn new(revision: u8) -> Result<Self, DescriptorError> {
        let mut bytes = Vec::new();
        let header = [revision, 0, 0, 0, 0, 0, 0, 0];
        bytes.try_reserve(header.len()).map_err(no_memory)?;
        bytes.extend_from_slice(&header);
        Ok(Self { bytes, count: 0 })
    }

    fn push(&mut self, entry: &[u8]) -> Result<(), DescriptorError> {
        self.bytes.try_reserve(entry.len()).map_err(no_memory)?;
        self.bytes.extend_from_slice(entry);
        self.count = self.count.saturating_add(1);
        Ok(())
    }

    /// Adds an entry with other flags.
    fn push_with(&mut self, entry: &[u8], flags: u8) -> Result<(), DescriptorError> {
        let place = self.bytes.len().saturating_add(1);
        self.push(entry)?;
        if let Some(place) = self.bytes.get_mut(place) {
            *place = flags;
        }
        Ok(())
    }

    /// Adds what becomes of an entry of the parent's.
    fn inherit(
        &mut self,
        entry: &[u8],
        child: &Child,
        creator: &Creator,
    ) -> Result<(), DescriptorError> {
        let [kind, flags, ..] = *entry else {
            return Ok(());
        };
        let goes_on = match flags & NO_PROPAGATE {
            0 if child.is_container => flags & (OBJECT_INHERIT | CONTAINER_INHERIT),
            _ => 0,
        };
        let counts = match child.is_container {
            true => flags & CONTAINER_INHERIT != 0,
            false => flags & OBJECT_INHERIT != 0,
        };
        if !counts && goes_on == 0 || is_of_type(kind, entry) {
            return Ok(());
        }
        let kept = flags & AUDITS | INHERITED;
        let own = match counts {
            true => creator.replaced(kind, entry, child)?,
            false => None,
        };
        match (&own, counts) {
            (None, true) => return self.push_with(entry, kept | goes_on),
            (Some(own), _) => self.push_with(own, kept)?,
            (None, false) => {}
        }
        match goes_on {
            0 => Ok(()),
            goes_on => self.push_with(entry, kept | goes_on | INHERIT_ONLY),
        }
    }

    /// The list with its size and count.
    fn finish(mut self) -> Result<Vec<u8>, DescriptorError> {
        let size = u16::try_from(self.bytes.len()).map_err(|_| DescriptorError::Inheritance)?;
        let [low, high] = size.to_le_bytes();
        let [count_low, count_high] = self.count.to_le_bytes();
        if let Some(place) = self.bytes.get_mut(2..6) {
            place.copy_from_slice(&[low, high, count_low, count_high]);
        }
        Ok(self.bytes)
    }
}

impl Creator {
    /// An entry about whoever makes something, and with the rights of its type;
    /// `None`: it is the same.
    fn replaced(
        &self,
        kind: u8,
        entry: &[u8],
        child: &Child,
    ) -> Result<Option<Vec<u8>>, DescriptorError> {
        const CREATOR: u8 = 3;
        let Some(sid_at) = sid_place(kind, entry) else {
            return Ok(None);
        };
        let mask = entry.get(HEADER_BYTES..MASK_END);
        let (Some(mask), Some((before, behind))) = (
            mask.and_then(|mask| mask.first_chunk().copied()),
            entry.split_at_checked(sid_at),
        ) else {
            return Ok(None);
        };
        let Some(sid) = Sid::parse(behind) else {
            return Ok(None);
        };
        let mask = u32::from_le_bytes(mask);
        let mapped = child.mapping.apply(mask);
        let new = match sid {
            sid if sid == Sid::new(CREATOR, &[0]) => self.owner,
            sid if sid == Sid::new(CREATOR, &[1]) => self.group,
            sid => sid,
        };
        if new == sid && mapped == mask {
            return Ok(None);
        }
        let rest = behind.get(sid.size_bytes()..).unwrap_or_default();
        let mut bytes = Vec::new();
        let size = before
            .len()
            .saturating_add(new.size_bytes())
            .saturating_add(rest.len());
        bytes.try_reserve_exact(size).map_err(no_memory)?;
        bytes.extend_from_slice(before);
        bytes.extend_from_slice(new.as_bytes());
        bytes.extend_from_slice(rest);
        let size = u16::try_from(size).map_err(|_| DescriptorError::Inheritance)?;
        if let Some(place) = bytes.get_mut(2..MASK_END) {
            let (size_at, mask_at) = place.split_at_mut(2);
            size_at.copy_from_slice(&size.to_le_bytes());
            mask_at.copy_from_slice(&mapped.to_le_bytes());
        }
        Ok(Some(bytes))
    }
}

/// The entries of a valid list, as they lie there.
fn raw_entries(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let count = Acl::parse(list).map_or(0, |list| list.entries().count());
    let mut rest = list.get(Acl::HEADER_BYTES..).unwrap_or_default();
    (0..count).map_while(move |_| {
        let [_, _, low, high] = *rest.first_chunk()?;
        let size = usize::from(u16::from_le_bytes([low, high]));
        let (entry, behind) = rest.split_at_checked(size)?;
        rest = behind;
        Some(entry)
    })
}

/// Whether the entry is inherited only by what is of a type: nothing here is.
fn is_of_type(kind: u8, entry: &[u8]) -> bool {
    const INHERITED_TYPE: u8 = 2;
    let flags = entry.get(MASK_END).copied().unwrap_or(0);
    has_types(kind) && flags & INHERITED_TYPE != 0
}

/// Where an entry says whom it is about; `None`: about nobody in particular.
fn sid_place(kind: u8, entry: &[u8]) -> Option<usize> {
    const FLAGS_BYTES: usize = 4;
    const TYPE_BYTES: usize = 16;
    match kind {
        0..=3 | 9 | 10 | 13 | 14 => Some(MASK_END),
        _ if has_types(kind) => {
            let flags = *entry.get(MASK_END)?;
            let types = usize::from(flags & 1).saturating_add(usize::from(flags >> 1 & 1));
            let skipped = types.saturating_mul(TYPE_BYTES).saturating_add(FLAGS_BYTES);
            Some(MASK_END.saturating_add(skipped))
        }
        _ => None,
    }
}

/// Whether entries of a kind may be about objects of a type (`*_OBJECT_ACE_TYPE`).
const fn has_types(kind: u8) -> bool {
    matches!(kind, 5..=8 | 11 | 12 | 15 | 16)
}

fn no_memory(_: alloc::collections::TryReserveError) -> DescriptorError {
    DescriptorError::NoMemory
}
