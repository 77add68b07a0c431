//! What the network has: one interface, by which a machine speaks to itself.

use abi::NtStatus;
use abi::nsi::*;
use alloc::vec::Vec;
use executive::io::Answer;
use zerocopy::{FromZeros, IntoBytes};

use super::super::control::Control;
use super::with_capacity;

/// The four parts of a row.
type Parts<'a> = [&'a [u8]; 4];
type Use<'a> = dyn FnMut(&Parts<'_>) -> Result<Answer, NtStatus> + 'a;

/// Its number.
const INDEX: u32 = 1;
/// More bytes nobody needs for a table of one row.
const MOST_BYTES: usize = 0x10_0000;
/// What is always preferred, and always valid.
const FOREVER: u32 = u32::MAX;

/// Does what a code says.
#[cold]
#[inline(never)]
pub(super) fn control(control: &Control) -> Result<Answer, NtStatus> {
    let invalid = NtStatus::INVALID_PARAMETER;
    match control.code {
        IOCTL_NSI_ENUMERATE_ALL => {
            let asked = control.input_of::<NsiEnumerateAll>(invalid)?;
            with_row(asked.module, asked.table, &mut |row| {
                all(control, &asked, row)
            })
        }
        IOCTL_NSI_GET_ALL_PARAMETERS => {
            let asked = control.input_of::<NsiGetAllParameters>(invalid)?;
            let [key_bytes, ..] = asked.part_bytes;
            with_row(asked.module, asked.table, &mut |row| {
                check_key(control, size_of_val(&asked), key_bytes, row)?;
                let mut bytes = Vec::new();
                for (part, length) in row.iter().zip(asked.part_bytes).skip(1) {
                    append(&mut bytes, first(part, length)?)?;
                }
                control.answer_bytes(&bytes)
            })
        }
        _ => {
            let asked = control.input_of::<NsiGetParameter>(invalid)?;
            with_row(asked.module, asked.table, &mut |row| {
                check_key(control, size_of_val(&asked), asked.key_bytes, row)?;
                let part = size(asked.part).checked_add(1);
                let part = part.and_then(|part| row.get(part)).ok_or(invalid)?;
                let from = part.get(size(asked.offset)..).ok_or(invalid)?;
                control.answer_bytes(from.get(..control.output_length).ok_or(invalid)?)
            })
        }
    }
}

/// All rows of a table: the only one, none if that is empty.
fn all(control: &Control, asked: &NsiEnumerateAll, row: &Parts<'_>) -> Result<Answer, NtStatus> {
    let is_empty = row.iter().all(|part| part.is_empty());
    let is_counted = asked.part_bytes == [0; 4];
    let count = u32::from(!is_empty && (is_counted || asked.count != 0));
    let mut bytes = with_capacity(control.output_length.min(MOST_BYTES))?;
    bytes.extend_from_slice(count.as_bytes());
    for (part, length) in row.iter().zip(asked.part_bytes) {
        let start = bytes.len();
        if count != 0 {
            append(&mut bytes, first(part, length)?)?;
        }
        let end = size(length).saturating_mul(size(asked.count));
        let end = start.saturating_add(end);
        if end > control.output_length.min(MOST_BYTES) {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        bytes.resize(end.max(bytes.len()), 0);
    }
    let mut answer = control.answer_bytes(&bytes)?;
    if !is_empty && count == 0 {
        answer.status = NtStatus::BUFFER_OVERFLOW.0;
    }
    Ok(answer)
}

/// Whether the row of a key is asked for, which is behind what says so.
fn check_key(
    control: &Control,
    start: usize,
    length: u32,
    [key, ..]: &Parts<'_>,
) -> Result<(), NtStatus> {
    let asked = control.input.get(start..).unwrap_or_default();
    let asked = asked
        .get(..size(length))
        .ok_or(NtStatus::INVALID_PARAMETER)?;
    match asked == *key && !key.is_empty() {
        true => Ok(()),
        false => Err(NtStatus::NOT_FOUND),
    }
}

/// Gives the row of a table, empty parts if it has none.
fn with_row(module: u32, table: u32, give: &mut Use<'_>) -> Result<Answer, NtStatus> {
    match (module, table) {
        (MODULE_NDIS, TABLE_INTERFACES) => {
            let (mut interface, mut kind) = (NsiInterface::new_zeroed(), kind());
            interface.is_up = 1;
            put(&mut interface.name, "Loopback Pseudo-Interface 1");
            put(&mut kind.description, "Software Loopback Interface 1");
            let mut state = NsiInterfaceState::new_zeroed();
            (state.is_up, state.is_connected, state.most_bytes) = (1, 1, u32::MAX);
            state.bits_per_second = [1 << 30; 2];
            let parts = [interface.as_bytes(), state.as_bytes(), kind.as_bytes()];
            let [interface, state, kind] = parts;
            give(&[LUID_LOOPBACK.as_bytes(), interface, state, kind])
        }
        (MODULE_NDIS, TABLE_INDICES) => {
            give(&[INDEX.as_bytes(), &[], &[], LUID_LOOPBACK.as_bytes()])
        }
        (MODULE_IPV4, TABLE_UNICAST) => {
            let mut key = NsiAddressV4::new_zeroed();
            (key.luid, key.address) = (LUID_LOOPBACK, [127, 0, 0, 1]);
            give_address(key.as_bytes(), 8, give)
        }
        (MODULE_IPV6, TABLE_UNICAST) => {
            let key = NsiAddressV6 {
                luid: LUID_LOOPBACK,
                address: 1_u128.to_be_bytes(),
            };
            give_address(key.as_bytes(), 128, give)
        }
        (MODULE_IPV4 | MODULE_IPV6, TABLE_NEIGHBOURS | TABLE_ROUTES) => give(&[&[]; 4]),
        _ => Err(NtStatus::NOT_SUPPORTED),
    }
}

fn give_address(key: &[u8], prefix_bits: u32, give: &mut Use<'_>) -> Result<Answer, NtStatus> {
    /// `IpPrefixOriginWellKnown`, `IpSuffixOriginWellKnown`
    const WELL_KNOWN: u32 = 2;
    /// No scope, and `IpDadStatePreferred`.
    const PREFERRED: [u32; 2] = [0, 4];
    let mut of_use = NsiAddressUse::new_zeroed();
    of_use.lifetimes = [FOREVER; 2];
    of_use.origins = [WELL_KNOWN; 2];
    of_use.prefix_bits = prefix_bits;
    let (created, state) = (0_u64, PREFERRED);
    give(&[key, of_use.as_bytes(), state.as_bytes(), created.as_bytes()])
}

fn kind() -> NsiInterfaceKind {
    /// `IF_TYPE_SOFTWARE_LOOPBACK`
    const SOFTWARE_LOOPBACK: u32 = 24;
    /// `NET_IF_ACCESS_LOOPBACK`
    const ACCESS_LOOPBACK: u32 = 1;
    /// `NET_IF_CONNECTION_DEDICATED`
    const DEDICATED: u32 = 1;
    /// `NdisMediumLoopback`
    const MEDIUM_LOOPBACK: u32 = 17;
    let mut kind = NsiInterfaceKind::new_zeroed();
    kind.index = INDEX;
    kind.kind = SOFTWARE_LOOPBACK;
    kind.access = ACCESS_LOOPBACK;
    kind.connection = DEDICATED;
    kind.medium = MEDIUM_LOOPBACK;
    kind.guid = *b"Petrel.loopback\x80";
    kind
}

fn put(place: &mut NsiText, text: &str) {
    // It is ASCII.
    for (to, from) in place.units.iter_mut().zip(text.bytes()) {
        *to = from.into();
    }
    place.length_bytes = u16::try_from(text.len().saturating_mul(2)).unwrap_or(0);
}

/// The beginning of a part, which has to be that long.
fn first(part: &[u8], length: u32) -> Result<&[u8], NtStatus> {
    let found = part.get(..size(length));
    found.ok_or(NtStatus::INVALID_PARAMETER)
}

fn append(bytes: &mut Vec<u8>, part: &[u8]) -> Result<(), NtStatus> {
    let reserved = bytes.try_reserve(part.len());
    reserved.map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
    bytes.extend_from_slice(part);
    Ok(())
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
