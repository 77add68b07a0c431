//! What is at addresses of a process.

use abi::NtStatus;
use abi::access::PROCESS_QUERY_INFORMATION;
use abi::memory::{
    MEMORY_BASIC_INFORMATION, MEMORY_IMAGE_INFORMATION, MEMORY_MAPPED_FILENAME_INFORMATION,
    MEMORY_PRIVILEGED_BASIC_INFORMATION, MEMORY_REGION_INFORMATION, MEMORY_REGION_INFORMATION_EX,
    MEMORY_SHARED_COMMIT_INFORMATION, MEMORY_WINE_UNIX_FUNCTIONS,
    MEMORY_WORKING_SET_EX_INFORMATION, MEMORY_WORKING_SET_INFORMATION, MemoryBasicInformation,
    MemoryImageInformation, MemoryRegionInformation, REGION_MAPPED_AWE, REGION_MAPPED_IMAGE,
    REGION_MAPPED_PAGE_FILE, REGION_PLACEHOLDER, REGION_PRIVATE, REGION_WRITE_WATCH,
};
use alloc::vec::Vec;
use executive::io::name;
use executive::memory::Space;
use executive::memory::mapped::Mapped;
use vm::Kind;
use zerocopy::FromZeros;

use super::{WideQuery, working_set};
use crate::call::{Call, Outcome, refused};
use crate::win32;

/// MEMORY_REGION_INFORMATION of older and of newer programs.
const REGION_SIZES: [usize; 3] = [0x18, 0x20, size_of::<MemoryRegionInformation>()];

/// NtQueryVirtualMemory(process, base, class, buffer, length, return length)
pub(crate) fn nt_query_virtual_memory(call: &Call<'_>) -> Outcome {
    let address = call.word(1)?;
    let query = WideQuery::read(call, 2)?;
    let process = || call.process_of(0, PROCESS_QUERY_INFORMATION);
    match query.class {
        MEMORY_BASIC_INFORMATION | MEMORY_PRIVILEGED_BASIC_INFORMATION => query.answer(|| {
            let process = process()?;
            process.memory().with(|space| basic(space, address))
        }),
        MEMORY_MAPPED_FILENAME_INFORMATION => query.answer_text(&file_name(call, address)?),
        MEMORY_REGION_INFORMATION | MEMORY_REGION_INFORMATION_EX => {
            query.answer_start(&REGION_SIZES, || {
                let process = process()?;
                process.memory().with(|space| region(space, address))
            })
        }
        MEMORY_IMAGE_INFORMATION => query.answer(|| {
            let process = process()?;
            process.memory().with(|space| image(space, address))
        }),
        MEMORY_SHARED_COMMIT_INFORMATION => query.answer(|| {
            let process = process()?;
            let pages = process
                .memory()
                .with(|space| space.shared_committed_pages());
            Ok(pages.saturating_mul(vm::PAGE_SIZE))
        }),
        MEMORY_WORKING_SET_INFORMATION => working_set::list(call, &query),
        MEMORY_WORKING_SET_EX_INFORMATION => working_set::of_addresses(call, &query),
        MEMORY_WINE_UNIX_FUNCTIONS => query.answer(|| {
            let process = process()?;
            process
                .memory()
                .with(|space| win32::library_handle(space, address))
        }),
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
        Kind::Watched => REGION_PRIVATE | REGION_WRITE_WATCH,
        Kind::Window => REGION_PRIVATE | REGION_MAPPED_AWE,
        Kind::Placeholder => REGION_PRIVATE | REGION_PLACEHOLDER,
        Kind::Image { .. } => REGION_MAPPED_IMAGE,
        Kind::Mapped { .. } => REGION_MAPPED_PAGE_FILE,
    };
    information.region_size_bytes = whole.range.size_bytes();
    information.commit_size_bytes = whole.committed_pages.saturating_mul(vm::PAGE_SIZE);
    Ok(information)
}

/// The name of the file that the view at an address shows.
fn file_name(call: &Call<'_>, address: u64) -> Result<Vec<u16>, NtStatus> {
    let process = call.process_of(0, PROCESS_QUERY_INFORMATION)?;
    let mapped = process.memory().with(|space| space.mapped_at(address));
    // The volume is asked when the address space is let go of.
    match mapped.ok_or(NtStatus::INVALID_ADDRESS)? {
        Mapped::Image(image) => name::of_image(&image),
        Mapped::Data(section) => {
            let file = section.data_file();
            name::of_data(file.ok_or(NtStatus::FILE_INVALID)?)
        }
    }
    .map_err(refused)
}

fn image(space: &mut Space, address: u64) -> Result<MemoryImageInformation, NtStatus> {
    let view = space.image_at(address).ok_or(NtStatus::INVALID_ADDRESS)?;
    let mut information = MemoryImageInformation::new_zeroed();
    information.image_base = view.base;
    information.image_bytes = view.image.view().size_of_image().into();
    Ok(information)
}
