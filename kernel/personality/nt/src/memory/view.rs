//! Views of sections.

use abi::NtStatus;
use abi::access::{PROCESS_VM_OPERATION, SECTION_MAP_EXECUTE, SECTION_MAP_READ, SECTION_MAP_WRITE};
use abi::memory::{
    HIGHEST_USER_ADDRESS, MEM_DIFFERENT_IMAGE_BASE_OK, MEM_PRESERVE_PLACEHOLDER,
    MEM_REPLACE_PLACEHOLDER, MEM_RESERVE, MEM_TOP_DOWN, MEM_UNMAP_WITH_TRANSIENT_BOOST,
};
use abi::section::{SEC_NO_CHANGE, VIEW_SHARE, VIEW_UNMAP};
use executive::memory::Space;
use executive::memory::views::ViewRequest;
use vm::{PageRange, Protection, Span};

use super::extended::span;
use super::invalid;
use crate::call::{Call, Outcome, probe, refused, write};

/// Where a view's arguments stand in the two calls that make one.
struct Places {
    base_at: u64,
    span: Span,
    offset_at: u64,
    size_at: u64,
    allocation_type: u32,
    protection: u32,
}

/// NtMapViewOfSection(section, process, base, zero bits, commit size, offset, size,
/// inherit, allocation type, protection)
///
/// Pages are made when they are touched, so the commit size only has to be one.
pub(crate) fn nt_map_view_of_section(call: &Call<'_>) -> Outcome {
    let inherit = call.value32(7)?;
    if inherit != VIEW_SHARE && inherit != VIEW_UNMAP {
        return Err(NtStatus::INVALID_PARAMETER_8);
    }
    let harmless = MEM_TOP_DOWN | MEM_RESERVE | MEM_DIFFERENT_IMAGE_BASE_OK | SEC_NO_CHANGE;
    if call.value32(8)? & !harmless != 0 {
        return Err(NtStatus::INVALID_PARAMETER_9);
    }
    if !is_possible(probe(call.word(2)?)?, probe(call.word(6)?)?) {
        return Err(NtStatus::INVALID_PARAMETER_3);
    }
    map(
        call,
        &Places {
            base_at: call.word(2)?,
            span: Span::of_zero_bits(call.word(3)?).map_err(|_| NtStatus::INVALID_PARAMETER_4)?,
            offset_at: call.word(5)?,
            size_at: call.word(6)?,
            allocation_type: call.value32(8)?,
            protection: call.value32(9)?,
        },
    )
}

/// NtMapViewOfSectionEx(section, process, base, offset, size, allocation type,
/// protection, parameters, parameter count)
pub(crate) fn nt_map_view_of_section_ex(call: &Call<'_>) -> Outcome {
    let known = MEM_TOP_DOWN | MEM_RESERVE | MEM_DIFFERENT_IMAGE_BASE_OK | MEM_REPLACE_PLACEHOLDER;
    if call.value32(5)? & !known != 0 {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    let bounds = call.process().memory().with(|space| space.bounds());
    let span = span(call, 7, bounds)?;
    let base = probe::<u64>(call.word(2)?)?;
    if span.is_limited() && base != 0 || !is_possible(base, probe(call.word(4)?)?) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    map(
        call,
        &Places {
            base_at: call.word(2)?,
            span,
            offset_at: call.word(3)?,
            size_at: call.word(4)?,
            allocation_type: call.value32(5)?,
            protection: call.value32(6)?,
        },
    )
}

/// Whether a view of that size could be there at all.
fn is_possible(base: u64, size_bytes: u64) -> bool {
    let end = base.checked_add(size_bytes.max(1));
    base == 0 || end.is_some_and(|end| end.saturating_sub(1) <= HIGHEST_USER_ADDRESS)
}

fn map(call: &Call<'_>, places: &Places) -> Outcome {
    let (base_at, size_at) = (places.base_at, places.size_at);
    let (address, size_bytes) = (probe::<u64>(base_at)?, probe::<u64>(size_at)?);
    let offset_bytes = match places.offset_at {
        0 => 0,
        at => probe::<u64>(at)?,
    };
    // A view of a reserved section is reserved anyway.
    let asks = |flag| places.allocation_type & flag != 0;
    let protection = Protection::from_nt(places.protection).map_err(invalid)?;
    let section = call.section(0, access_for(protection))?;
    let process = call.process_of(1, PROCESS_VM_OPERATION)?;
    let request = ViewRequest {
        address,
        span: places.span,
        top_down: asks(MEM_TOP_DOWN),
        replaces_placeholder: asks(MEM_REPLACE_PLACEHOLDER),
        is_sealed: asks(SEC_NO_CHANGE),
        offset_bytes,
        size_bytes,
        protection,
    };
    let viewed = process
        .memory()
        .with(|space| space.map_section(&section, &request))
        .map_err(refused)?;
    write(base_at, &viewed.range.start.address())?;
    write(size_at, &viewed.range.size_bytes())?;
    match viewed.is_moved && !asks(MEM_DIFFERENT_IMAGE_BASE_OK) {
        true => Ok(NtStatus::IMAGE_NOT_AT_BASE),
        false => Ok(NtStatus::SUCCESS),
    }
}

/// What the holder of a section must be allowed to see it like that.
fn access_for(protection: Protection) -> u32 {
    let rights = protection.rights();
    let mut access = SECTION_MAP_READ;
    if rights.write && !protection.is_copy_on_write() {
        access |= SECTION_MAP_WRITE;
    }
    if rights.execute {
        access |= SECTION_MAP_EXECUTE;
    }
    access
}

/// NtUnmapViewOfSection(process, base)
pub(crate) fn nt_unmap_view_of_section(call: &Call<'_>) -> Outcome {
    unmap(call, Space::unmap_view)
}

fn unmap(
    call: &Call<'_>,
    operate: impl FnOnce(&mut Space, u64) -> Result<PageRange, executive::Error>,
) -> Outcome {
    let address = call.word(1)?;
    let process = call.process_of(0, PROCESS_VM_OPERATION)?;
    process
        .memory()
        .with(|space| operate(space, address))
        .map_err(refused)?;
    executive::io::settle();
    Ok(NtStatus::SUCCESS)
}

/// NtUnmapViewOfSectionEx(process, base, flags)
pub(crate) fn nt_unmap_view_of_section_ex(call: &Call<'_>) -> Outcome {
    match call.value32(2)? {
        0 | MEM_UNMAP_WITH_TRANSIENT_BOOST => nt_unmap_view_of_section(call),
        MEM_PRESERVE_PLACEHOLDER => unmap(call, Space::unmap_view_to_placeholder),
        _ => Err(NtStatus::INVALID_PARAMETER_3),
    }
}
