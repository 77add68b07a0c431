//! Extended parameters of the calls that make memory and views.

use abi::NtStatus;
use abi::memory::*;
use abi::token::SE_LOCK_MEMORY_PRIVILEGE;
use vm::{PageRange, Span};

use super::invalid;
use crate::call::{Call, read};
use crate::image::MACHINE;

/// Kinds of parameters there are; each is given once at most.
const KINDS: usize = 7;
/// The attributes that ask for nothing that memory here is not anyway.
const HARMLESS_ATTRIBUTES: u64 = MEM_EXTENDED_PARAMETER_GRAPHICS
    | MEM_EXTENDED_PARAMETER_ZERO_PAGES_OPTIONAL
    | MEM_EXTENDED_PARAMETER_SOFT_FAULT_PAGES;
/// The attributes that need the privilege to lock memory.
const LOCKED_ATTRIBUTES: u64 = MEM_EXTENDED_PARAMETER_NONPAGED
    | MEM_EXTENDED_PARAMETER_NONPAGED_LARGE
    | MEM_EXTENDED_PARAMETER_NONPAGED_HUGE;

/// Where the memory may be, as the parameters from argument `first` on say: their
/// address and their number.
pub(super) fn span(call: &Call<'_>, first: usize, bounds: PageRange) -> Result<Span, NtStatus> {
    const PARAMETER_BYTES: u64 = size_of::<MemoryExtendedParameter>() as u64;
    let (at, count) = (call.word(first)?, call.value32(first.saturating_add(1))?);
    let mut is_given = [false; KINDS];
    let mut span = Span::ALL;
    for number in 0..u64::from(count) {
        let at = at.wrapping_add(number.wrapping_mul(PARAMETER_BYTES));
        let parameter = read::<MemoryExtendedParameter>(at)?;
        let kind = u32::try_from(parameter.kind).unwrap_or(0);
        let given = usize::try_from(kind)
            .ok()
            .and_then(|kind| is_given.get_mut(kind));
        match given {
            Some(given) if kind != 0 && !*given => *given = true,
            _ => return Err(NtStatus::INVALID_PARAMETER),
        }
        if kind == MEM_EXTENDED_PARAMETER_ADDRESS_REQUIREMENTS {
            let asked = read::<MemoryAddressRequirements>(parameter.value)?;
            let (low, high) = (asked.lowest_starting_address, asked.highest_ending_address);
            span =
                Span::of_requirements(low, high, asked.alignment_bytes, bounds).map_err(invalid)?;
        } else {
            check(call, kind, parameter.value)?;
        }
    }
    Ok(span)
}

/// Whether what a parameter asks for is so anyway.
fn check(call: &Call<'_>, kind: u32, value: u64) -> Result<(), NtStatus> {
    const ANY_NODE: u64 = u32::MAX as u64;
    match kind {
        // There is one node.
        MEM_EXTENDED_PARAMETER_NUMA_NODE if value == 0 || value == ANY_NODE => Ok(()),
        MEM_EXTENDED_PARAMETER_ATTRIBUTE_FLAGS if value & LOCKED_ATTRIBUTES != 0 => {
            call.need_privilege(SE_LOCK_MEMORY_PRIVILEGE)?;
            Err(NtStatus::INSUFFICIENT_RESOURCES)
        }
        MEM_EXTENDED_PARAMETER_ATTRIBUTE_FLAGS if value & !HARMLESS_ATTRIBUTES == 0 => Ok(()),
        MEM_EXTENDED_PARAMETER_IMAGE_MACHINE if value == 0 || value == MACHINE.into() => Ok(()),
        // Partitions and physical pages cannot be opened.
        MEM_EXTENDED_PARAMETER_PARTITION_HANDLE | MEM_EXTENDED_PARAMETER_USER_PHYSICAL_HANDLE => {
            Err(NtStatus::INVALID_HANDLE)
        }
        _ => Err(NtStatus::INVALID_PARAMETER),
    }
}

/// A refusal of a parameter by its number, in calls that do not number them.
pub(super) fn unnumbered(status: NtStatus) -> NtStatus {
    match status {
        NtStatus::INVALID_PARAMETER_1
        | NtStatus::INVALID_PARAMETER_2
        | NtStatus::INVALID_PARAMETER_3
        | NtStatus::INVALID_PARAMETER_4
        | NtStatus::INVALID_PARAMETER_5
        | NtStatus::INVALID_PARAMETER_6 => NtStatus::INVALID_PARAMETER,
        status => status,
    }
}
