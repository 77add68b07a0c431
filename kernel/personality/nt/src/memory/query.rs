//! What is at addresses of a process.

use abi::NtStatus;
use abi::access::PROCESS_QUERY_INFORMATION;
use abi::memory::{
    MEMORY_BASIC_INFORMATION, MEMORY_IMAGE_INFORMATION, MEMORY_REGION_INFORMATION,
    MEMORY_WORKING_SET_EX_INFORMATION, MemoryBasicInformation, MemoryImageInformation,
    MemoryRegionInformation, MemoryWorkingSetExInformation, PAGE_EXECUTE_READ, PAGE_READONLY,
    PAGE_READWRITE, REGION_MAPPED_IMAGE, REGION_MAPPED_PAGE_FILE, REGION_PRIVATE,
    WORKING_SET_EX_PROTECTION_SHIFT, WORKING_SET_EX_SHARE_COUNT_SHIFT, WORKING_SET_EX_SHARED,
    WORKING_SET_EX_VALID,
};
use executive::memory::Space;
use vm::{Kind, Page, Rights};
use zerocopy::FromZeros;

use super::WideQuery;
use crate::call::{Call, Outcome, read, refused, write};

/// NtQueryVirtualMemory(process, base, class, buffer, length, return length)
pub(crate) fn nt_query_virtual_memory(call: &Call<'_>) -> Outcome {
    let address = call.word(1)?;
    let query = WideQuery::read(call, 2)?;
    let process = || call.process_of(0, PROCESS_QUERY_INFORMATION);
    match query.class {
        MEMORY_BASIC_INFORMATION => query.answer(|| {
            let process = process()?;
            process.memory().with(|space| basic(space, address))
        }),
        MEMORY_REGION_INFORMATION => query.answer(|| {
            let process = process()?;
            process.memory().with(|space| region(space, address))
        }),
        MEMORY_IMAGE_INFORMATION => query.answer(|| {
            let process = process()?;
            process.memory().with(|space| image(space, address))
        }),
        MEMORY_WORKING_SET_EX_INFORMATION => working_set(call, &query),
        _ => Err(NtStatus::INVALID_INFO_CLASS),
    }
}

fn basic(space: &mut Space, address: u64) -> Result<MemoryBasicInformation, NtStatus> {
    let found = space.query(address).map_err(refused)?;
    let mut information = MemoryBasicInformation::new_zeroed();
    information.base_address = found.base_address;
    information.allocation_base = found.allocation_base;
    information.allocation_protect = found.allocation_protect;
    information.region_size_bytes = found.region_size_bytes;
    information.state = found.state;
    information.protect = found.protect;
    information.kind = found.kind;
    Ok(information)
}

fn region(space: &mut Space, address: u64) -> Result<MemoryRegionInformation, NtStatus> {
    let found = space.query(address).map_err(refused)?;
    let whole = space
        .allocation_at(address)
        .ok_or(NtStatus::INVALID_ADDRESS)?;
    let mut information = MemoryRegionInformation::new_zeroed();
    information.allocation_base = whole.range.start.address();
    information.allocation_protect = found.allocation_protect;
    information.region_type = match whole.kind {
        Kind::Private | Kind::Stack | Kind::Fixed => REGION_PRIVATE,
        Kind::Image { .. } => REGION_MAPPED_IMAGE,
        Kind::Mapped { .. } => REGION_MAPPED_PAGE_FILE,
    };
    information.region_size_bytes = whole.range.size_bytes();
    information.commit_size_bytes = whole.committed_pages.saturating_mul(vm::PAGE_SIZE);
    Ok(information)
}

fn image(space: &mut Space, address: u64) -> Result<MemoryImageInformation, NtStatus> {
    let view = space.image_at(address).ok_or(NtStatus::INVALID_ADDRESS)?;
    let mut information = MemoryImageInformation::new_zeroed();
    information.image_base = view.base;
    information.image_bytes = view.image.view().size_of_image().into();
    Ok(information)
}

/// Answers about each of the addresses in the buffer.
fn working_set(call: &Call<'_>, query: &WideQuery) -> Outcome {
    const ENTRY_BYTES: u64 = size_of::<MemoryWorkingSetExInformation>() as u64;
    let process = call.process_of(0, PROCESS_QUERY_INFORMATION)?;
    let count = query.length.wrapping_div(ENTRY_BYTES);
    if count == 0 {
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    for number in 0..count {
        let at = query.buffer.wrapping_add(number.wrapping_mul(ENTRY_BYTES));
        let mut entry = read::<MemoryWorkingSetExInformation>(at)?;
        let page = Page::containing(entry.virtual_address);
        entry.attributes = process.memory().with(|space| attributes(space, page));
        write(at, &entry)?;
        // A long list keeps the clock going.
        hal::cpu::interrupts::let_pending_in();
    }
    query.return_length.set(&count.wrapping_mul(ENTRY_BYTES))?;
    Ok(NtStatus::SUCCESS)
}

fn attributes(space: &Space, page: Page) -> u64 {
    let Some(shown) = space.shown(page) else {
        return 0;
    };
    let protection = match shown.rights {
        Rights { write: true, .. } => PAGE_READWRITE,
        Rights { execute: true, .. } => PAGE_EXECUTE_READ,
        Rights { read: true, .. } => PAGE_READONLY,
        _ => return 0,
    };
    let sharing = match shown.is_private {
        true => 0,
        false => WORKING_SET_EX_SHARED,
    };
    // Who else sees a page is not counted: it is one, at least.
    WORKING_SET_EX_VALID
        | 1 << WORKING_SET_EX_SHARE_COUNT_SHIFT
        | u64::from(protection) << WORKING_SET_EX_PROTECTION_SHIFT
        | sharing
}
