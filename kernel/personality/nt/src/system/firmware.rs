//! Tables of the firmware, as every machine shows them to programs.
//!
//! What the machine is must not change what a program prints, so that it is told
//! of Petrel's own table of the system and of none of the machine's.

use abi::NtStatus;
use abi::system::*;

use super::list::Bytes;
use crate::call::{Outcome, write};
use crate::query::Query;

/// `RSMB`: what System Management BIOS says.
const SMBIOS: u32 = u32::from_be_bytes(*b"RSMB");
/// `ACPI`
const ACPI: u32 = u32::from_be_bytes(*b"ACPI");
const LIST: u32 = 0;
const GET: u32 = 1;

/// DMTF DSP0134, 7.2: a system's maker, product and version; the other texts and
/// the UUID are not given. 6.1.2: its texts, each of which ends with a zero, as they
/// all do. 7.45: the end.
const SYSTEM: &[u8] = concat!(
    "\x01\x1b\0\0\x01\x02\x03\0",
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    "\0\0\0",
    "Petrel\0Petrel\0",
    env!("CARGO_PKG_VERSION"),
    "\0\0",
    "\x7f\x04\x01\0\0\0"
)
.as_bytes();
/// 2.8 is the first version whose system's information has that length.
const SMBIOS_VERSION: [u8; 2] = [2, 8];

pub(super) fn table(query: &Query) -> Outcome {
    let mut asked = query.request_beginning::<SystemFirmwareTableInformation>()?;
    let mut answer = Bytes::new();
    match (asked.provider, asked.action) {
        (SMBIOS, LIST) => answer.put(&0_u32)?,
        (SMBIOS, GET) => {
            let [major, minor] = SMBIOS_VERSION;
            let length = u32::try_from(SYSTEM.len()).unwrap_or(u32::MAX);
            answer.put(&[0, major, minor, 0])?;
            answer.put(&length)?;
            answer.put(SYSTEM)?;
        }
        // There is none.
        (ACPI, LIST) => {}
        (ACPI, GET) => return Err(NtStatus::NOT_FOUND),
        (SMBIOS | ACPI, _) => return Err(NtStatus::INVALID_PARAMETER),
        _ => return Err(NtStatus::NOT_IMPLEMENTED),
    }
    asked.table_bytes = u32::try_from(answer.0.len()).unwrap_or(u32::MAX);
    let mut whole = Bytes::new();
    whole.put(&asked)?;
    whole.put(answer.0.as_slice())?;
    if usize::try_from(query.length).is_ok_and(|length| length < whole.0.len()) {
        write(query.buffer, &asked)?;
    }
    query.answer_all(&whole.0, NtStatus::BUFFER_TOO_SMALL)
}
