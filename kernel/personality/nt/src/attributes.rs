//! PS_ATTRIBUTE_LIST: what is added to the creation of a thread or process.

use abi::NtStatus;
use abi::attribute::{
    PS_ATTRIBUTE_CLIENT_ID, PS_ATTRIBUTE_IDEAL_PROCESSOR, PS_ATTRIBUTE_TEB_ADDRESS, PsAttribute,
};
use abi::thread::ClientId;
use arrayvec::ArrayVec;

use crate::call::{probe, read, write};

/// More attributes than there are kinds make no sense.
const MOST: usize = 32;
const HEADER_BYTES: u64 = 8;
const ATTRIBUTE_BYTES: u64 = size_of::<PsAttribute>() as u64;

/// A list as its caller gave it.
pub(crate) struct AttributeList(ArrayVec<PsAttribute, MOST>);

/// What the creator of a thread wants to know of it.
#[derive(Default)]
pub(crate) struct ThreadResults {
    client_id: Option<PsAttribute>,
    teb: Option<PsAttribute>,
}

impl AttributeList {
    /// Reads the list at an address, or none at 0.
    pub(crate) fn read(address: u64) -> Result<Self, NtStatus> {
        let mut list = ArrayVec::new();
        if address == 0 {
            return Ok(Self(list));
        }
        let total_bytes = read::<u64>(address)?;
        let bytes = total_bytes
            .checked_sub(HEADER_BYTES)
            .ok_or(NtStatus::INVALID_PARAMETER)?;
        let count = bytes.wrapping_div(ATTRIBUTE_BYTES);
        if count.wrapping_mul(ATTRIBUTE_BYTES) != bytes {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        for number in 0..count {
            let offset = number.wrapping_mul(ATTRIBUTE_BYTES);
            let at = address.wrapping_add(HEADER_BYTES).wrapping_add(offset);
            let attribute = read::<PsAttribute>(at)?;
            list.try_push(attribute)
                .map_err(|_| NtStatus::INVALID_PARAMETER)?;
        }
        Ok(Self(list))
    }

    /// All attributes in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &PsAttribute> {
        self.0.iter()
    }

    /// The attributes of a new thread; the places for results are checked.
    pub(crate) fn for_thread(&self) -> Result<ThreadResults, NtStatus> {
        let mut results = ThreadResults::default();
        for attribute in self.iter() {
            if !results.take(attribute)? {
                match attribute.attribute {
                    // There is one processor.
                    PS_ATTRIBUTE_IDEAL_PROCESSOR => {}
                    _ => return Err(NtStatus::INVALID_PARAMETER),
                }
            }
        }
        Ok(results)
    }
}

impl ThreadResults {
    /// Takes an attribute that asks for a result; false: it does not.
    pub(crate) fn take(&mut self, attribute: &PsAttribute) -> Result<bool, NtStatus> {
        match attribute.attribute {
            PS_ATTRIBUTE_CLIENT_ID => {
                check::<ClientId>(attribute)?;
                self.client_id = Some(*attribute);
            }
            PS_ATTRIBUTE_TEB_ADDRESS => {
                check::<u64>(attribute)?;
                self.teb = Some(*attribute);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Tells the creator.
    pub(crate) fn set(&self, client_id: ClientId, teb: u64) -> Result<(), NtStatus> {
        set(self.client_id.as_ref(), &client_id)?;
        set(self.teb.as_ref(), &teb)
    }
}

/// Checks that a result of this type fits and can be written.
pub(crate) fn check<T: zerocopy::FromBytes + zerocopy::IntoBytes + zerocopy::Immutable>(
    attribute: &PsAttribute,
) -> Result<(), NtStatus> {
    if usize::try_from(attribute.size_bytes) != Ok(size_of::<T>()) {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    probe::<T>(attribute.value)?;
    if attribute.return_length != 0 {
        probe::<u64>(attribute.return_length)?;
    }
    Ok(())
}

/// Writes a result where an attribute asks for it.
pub(crate) fn set<T: zerocopy::IntoBytes + zerocopy::Immutable>(
    attribute: Option<&PsAttribute>,
    value: &T,
) -> Result<(), NtStatus> {
    let Some(attribute) = attribute else {
        return Ok(());
    };
    write(attribute.value, value)?;
    match attribute.return_length {
        0 => Ok(()),
        address => write(address, &attribute.size_bytes),
    }
}
