//! Atoms: numbers for names, which all programs share.

use abi::NtStatus;
use abi::atom::{
    ATOM_BASIC_INFORMATION, ATOM_TABLE_INFORMATION, AtomBasicInformation, AtomTableInformation,
    RTL_ATOM_PINNED,
};
use alloc::vec::Vec;
use arrayvec::ArrayVec;
use core::fmt::Write;
use executive::atoms;
use hal::user;
use objects::{AtomError, AtomName, Atoms, Deleted, MAX_ATOM_UNITS};
use zerocopy::IntoBytes;

use crate::call::{Call, Outcome, probe, violation, write};
use crate::query::Query;

/// A name in user memory: what is there up to a zero.
type Name = ArrayVec<u16, MAX_ATOM_UNITS>;

/// NtAddAtom(name, length, atom)
pub(crate) fn nt_add_atom(call: &Call<'_>) -> Outcome {
    of_name(call, Atoms::add)
}

/// NtFindAtom(name, length, atom)
pub(crate) fn nt_find_atom(call: &Call<'_>) -> Outcome {
    of_name(call, |atoms, name| atoms.find(name))
}

fn of_name(
    call: &Call<'_>,
    get: impl FnOnce(&mut Atoms, &[u16]) -> Result<u16, AtomError>,
) -> Outcome {
    let (name, length, atom_at) = (call.word(0)?, call.value32(1)?, call.word(2)?);
    let name = name_at(name, length)?;
    if atom_at != 0 {
        probe::<u16>(atom_at)?;
    }
    let atom = atoms::with(|atoms| get(atoms, &name)).map_err(refused)?;
    if atom_at != 0 {
        write(atom_at, &atom)?;
    }
    Ok(NtStatus::SUCCESS)
}

fn name_at(address: u64, length_bytes: u32) -> Result<Name, NtStatus> {
    // An address is no number here: who has one need not ask.
    if address == 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let count = usize::try_from(length_bytes >> 1).unwrap_or(usize::MAX);
    let mut units = [0; MAX_ATOM_UNITS];
    let place = match units.get_mut(..count) {
        Some(place) if length_bytes <= MOST_BYTES => place,
        _ => return Err(NtStatus::INVALID_PARAMETER),
    };
    user::copy_in(place.as_mut_bytes(), address).map_err(violation)?;
    let name = place.iter().copied().take_while(|unit| *unit != 0);
    Ok(name.collect())
}

const MOST_BYTES: u32 = 2 * MAX_ATOM_UNITS as u32;

fn refused(error: AtomError) -> NtStatus {
    NtStatus(error.status_code())
}

/// NtDeleteAtom(atom)
pub(crate) fn nt_delete_atom(call: &Call<'_>) -> Outcome {
    let atom = atom_of(call)?;
    match atoms::with(|atoms| atoms.delete(atom)).map_err(refused)? {
        Deleted::Done => Ok(NtStatus::SUCCESS),
        Deleted::Pinned => Ok(NtStatus::WAS_LOCKED),
    }
}

fn atom_of(call: &Call<'_>) -> Result<u16, NtStatus> {
    let [low, high, ..] = call.word(0)?.to_le_bytes();
    Ok(u16::from_le_bytes([low, high]))
}

/// NtQueryInformationAtom(atom, class, buffer, length, return length)
pub(crate) fn nt_query_information_atom(call: &Call<'_>) -> Outcome {
    let atom = atom_of(call)?;
    let query = call.query()?;
    match query.class {
        ATOM_BASIC_INFORMATION => basic(&query, atom),
        ATOM_TABLE_INFORMATION => table(&query),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

/// Answers with as much of the name as there is room for, and a zero if there is.
fn basic(query: &Query, atom: u16) -> Outcome {
    const HEADER_BYTES: u32 = size_of::<AtomBasicInformation>() as u32;
    const UNIT_BYTES: usize = size_of::<u16>();
    let room = query.length.checked_sub(HEADER_BYTES);
    let room = room.ok_or(NtStatus::INFO_LENGTH_MISMATCH)?;
    let room = usize::try_from(room)
        .unwrap_or(usize::MAX)
        .wrapping_div(UNIT_BYTES);
    let mut name = Name::new();
    let (count, is_pinned) = atoms::with(|atoms| {
        let found = atoms.information(atom).map_err(refused)?;
        match found.name {
            AtomName::Number(number) => put_number(&mut name, number),
            // No name that is kept is longer.
            AtomName::Kept(units) => name.extend(units.iter().copied().take(MAX_ATOM_UNITS)),
        }
        Ok::<_, NtStatus>((found.count, found.is_pinned))
    })?;
    let shown = match name.len() <= room {
        true => name.len(),
        false => room.saturating_sub(1),
    };
    if shown == 0 {
        let needed = name.len().saturating_mul(UNIT_BYTES);
        let needed = u32::try_from(needed).unwrap_or(u32::MAX);
        query.set_length(needed.saturating_add(HEADER_BYTES).saturating_add(2))?;
        return Err(NtStatus::BUFFER_TOO_SMALL);
    }
    let bytes = u16::try_from(shown.saturating_mul(UNIT_BYTES)).unwrap_or(u16::MAX);
    let header = AtomBasicInformation {
        usage_count: count,
        flags: if is_pinned { RTL_ATOM_PINNED } else { 0 },
        name_length_bytes: bytes,
    };
    name.truncate(shown);
    if shown < room {
        // There is room: a name is never longer than that.
        let _ = name.try_push(0);
    }
    write(query.buffer, &header)?;
    let name_at = query.buffer.wrapping_add(HEADER_BYTES.into());
    user::copy_out(name_at, name.as_slice().as_bytes()).map_err(violation)?;
    // A zero is counted, whether there is room for it or not.
    query.set_length(HEADER_BYTES.saturating_add(bytes.into()).saturating_add(2))?;
    Ok(NtStatus::SUCCESS)
}

fn put_number(name: &mut Name, number: u16) {
    let mut text = arrayvec::ArrayString::<8>::new();
    // Six characters at most.
    let _ = write!(text, "#{number}");
    name.extend(text.encode_utf16());
}

/// Answers with all atoms of names, or says how many there are.
fn table(query: &Query) -> Outcome {
    const HEADER_BYTES: u32 = size_of::<AtomTableInformation>() as u32;
    const WHOLE_BYTES: u32 = 8;
    if query.length < WHOLE_BYTES {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let room = query.length.saturating_sub(HEADER_BYTES) >> 1;
    let mut answer: Vec<u16> = Vec::new();
    let all = atoms::with(|atoms| {
        let fits = usize::try_from(room).is_ok_and(|room| atoms.len() <= room);
        if fits {
            answer
                .try_reserve_exact(atoms.len())
                .map_err(|_| NtStatus::NO_MEMORY)?;
            answer.extend(atoms.iter());
        }
        Ok::<_, NtStatus>((atoms.len(), fits))
    });
    let (count, fits) = all?;
    let atom_count = u32::try_from(count).unwrap_or(u32::MAX);
    write(query.buffer, &AtomTableInformation { atom_count })?;
    query.set_length(atom_count.saturating_mul(2).saturating_add(HEADER_BYTES))?;
    if !fits {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    let atoms_at = query.buffer.wrapping_add(HEADER_BYTES.into());
    user::copy_out(atoms_at, answer.as_slice().as_bytes()).map_err(violation)?;
    Ok(NtStatus::SUCCESS)
}
