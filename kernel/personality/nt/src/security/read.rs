//! Descriptors out of user memory.

use abi::NtStatus;
use abi::token::{
    SE_DACL_PRESENT, SE_SACL_PRESENT, SE_SELF_RELATIVE, SecurityDescriptor,
    SecurityDescriptorRelative,
};
use security::{Descriptor, Sid};

use crate::call::read;
use crate::token::{acl_at, sid_at};

/// The descriptor at an address, in either form.
pub(crate) fn descriptor_at(address: u64) -> Result<Descriptor, NtStatus> {
    const REVISION: u8 = 1;
    let [revision, _, low, high] = read::<[u8; 4]>(address)?;
    if revision != REVISION {
        return Err(NtStatus::UNKNOWN_REVISION);
    }
    let control = u16::from_le_bytes([low, high]);
    let [owner, group, sacl, dacl] = match control & SE_SELF_RELATIVE {
        0 => {
            let found = read::<SecurityDescriptor>(address)?;
            [found.owner, found.group, found.sacl, found.dacl]
        }
        _ => {
            let found = read::<SecurityDescriptorRelative>(address)?;
            [
                found.owner_offset,
                found.group_offset,
                found.sacl_offset,
                found.dacl_offset,
            ]
            .map(|offset| match offset {
                0 => 0,
                _ => address.wrapping_add(offset.into()),
            })
        }
    };
    let list = |flag: u16, at: u64| match control & flag != 0 && at != 0 {
        true => acl_at(at).map(Some),
        false => Ok(None),
    };
    Ok(Descriptor {
        owner: optional_sid_at(owner)?,
        group: optional_sid_at(group)?,
        dacl: list(SE_DACL_PRESENT, dacl)?,
        sacl: list(SE_SACL_PRESENT, sacl)?,
        control: control & !SE_SELF_RELATIVE,
    })
}

fn optional_sid_at(address: u64) -> Result<Option<Sid>, NtStatus> {
    match address {
        0 => Ok(None),
        address => sid_at(address).map(Some),
    }
}
