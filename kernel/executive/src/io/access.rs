//! Who may open, make and move files of the volume that have descriptors.
//!
//! A directory says something of what is in it, as on NTFS: who may delete in it
//! may delete that, who may list it may ask for its attributes. One without a
//! descriptor lets everyone.

use files::{NodeId, Walked, access as right};
use hal::Ref;
use security::Descriptor;

use super::volume::Files;
use super::{Disposition, Request};
use crate::Error;
use crate::claim::{self, Claim, FILES};

const LIST_DIRECTORY: u32 = right::READ_DATA;
const ADD_FILE: u32 = right::WRITE_DATA;
const ADD_SUBDIRECTORY: u32 = right::APPEND_DATA;
const TRAVERSE: u32 = right::EXECUTE;
const WRITE_EA: u32 = 0x10;
const DELETE_CHILD: u32 = 0x40;
const READ_ATTRIBUTES: u32 = 0x80;
const WRITE_ATTRIBUTES: u32 = 0x100;

/// Whether whoever asks may go through the directories that were walked through.
#[cold]
pub(super) fn check_way(
    tree: &Files,
    start: NodeId,
    walked: &Walked<'_>,
    request: &Request<'_>,
) -> Result<(), Error> {
    let Some(claim) = &request.claim else {
        return Ok(());
    };
    let mut next = match *walked {
        Walked::Found { node, .. } if node != start => tree.parent_of(node)?,
        Walked::Missing { parent, .. } => Some(parent),
        _ => return Ok(()),
    };
    if claim::goes_anywhere()? {
        return Ok(());
    }
    while let Some(directory) = next {
        if let Some(descriptor) = tree.security(directory)? {
            claim.need(&FILES, descriptor, TRAVERSE)?;
        }
        next = match directory == start {
            true => None,
            false => tree.parent_of(directory)?,
        };
    }
    Ok(())
}

/// The access that opening something gives.
#[cold]
pub(super) fn granted(tree: &Files, id: NodeId, request: &Request<'_>) -> Result<u32, Error> {
    let (Some(claim), Some(descriptor)) = (&request.claim, tree.security(id)?) else {
        return Ok(request.intent.access);
    };
    let needed = match request.disposition {
        Disposition::Open | Disposition::OpenIf | Disposition::Create => 0,
        Disposition::Overwrite | Disposition::OverwriteIf => {
            right::WRITE_DATA | WRITE_EA | WRITE_ATTRIBUTES
        }
        Disposition::Supersede => right::DELETE,
    };
    claim.granted(&FILES, descriptor, needed, by_directory(tree, id)?)
}

/// What the directory that something is in grants on it.
fn by_directory(tree: &Files, id: NodeId) -> Result<u32, Error> {
    let Some(directory) = tree.parent_of(id)? else {
        return Ok(0);
    };
    let held = match tree.security(directory)? {
        Some(descriptor) => claim::all_granted(&FILES, descriptor)?,
        None => FILES.mapping.all,
    };
    let mut given = 0;
    if held & DELETE_CHILD != 0 {
        given |= right::DELETE;
    }
    if held & LIST_DIRECTORY != 0 {
        given |= READ_ATTRIBUTES;
    }
    Ok(given)
}

/// What something new is to have, and how many bytes that takes, if it may be made
/// in a directory.
pub(super) fn of_new(
    tree: &Files,
    directory: NodeId,
    is_directory: bool,
    request: &Request<'_>,
) -> Result<Option<(Ref<Descriptor>, u32)>, Error> {
    match &request.claim {
        Some(claim) if claim.descriptor.is_some() || tree.is_any_secured() => {
            of_described(tree, directory, is_directory, claim)
        }
        _ => Ok(None),
    }
}

#[cold]
fn of_described(
    tree: &Files,
    directory: NodeId,
    is_directory: bool,
    claim: &Claim<'_>,
) -> Result<Option<(Ref<Descriptor>, u32)>, Error> {
    let parent = tree.security(directory)?.map(|parent| &**parent);
    if let Some(parent) = parent {
        claim.need(&FILES, parent, to_add(is_directory))?;
    }
    if parent.is_none() && claim.descriptor.is_none() {
        return Ok(None);
    }
    let new = claim.new_descriptor(&FILES, parent, is_directory)?;
    Ok(Some(new))
}

/// Whether something may be moved to a directory, where it perhaps takes the place
/// of something else.
pub(super) fn check_move(
    tree: &Files,
    directory: NodeId,
    is_directory: bool,
    replaced: Option<NodeId>,
) -> Result<(), Error> {
    const CLAIM: Claim<'_> = Claim {
        asked: 0,
        for_backup: false,
        descriptor: None,
    };
    if !tree.is_any_secured() {
        return Ok(());
    }
    if let Some(descriptor) = tree.security(directory)? {
        CLAIM.need(&FILES, descriptor, to_add(is_directory))?;
    }
    if let Some(replaced) = replaced
        && let Some(descriptor) = tree.security(replaced)?
    {
        let needed = right::DELETE & !by_directory(tree, replaced)?;
        CLAIM.need(&FILES, descriptor, needed)?;
    }
    Ok(())
}

/// What it takes to add something to a directory.
const fn to_add(is_directory: bool) -> u32 {
    match is_directory {
        true => ADD_SUBDIRECTORY,
        false => ADD_FILE,
    }
}
