//! What a new process finds in its memory: PEB, parameter block, first thread.
//!
//! The layouts are `abi`'s; the values are those of the Wine contract, 3.3-3.6.

use abi::memory::PAGE_SIZE;
use abi::peb::{CRITICAL_SECTION_TIMEOUT_100NS, PEB_COMMIT_BYTES, Peb};
use abi::user_shared::{BUILD_NUMBER, USER_SHARED_DATA};
use executive::Error;
use executive::memory::Space;
use executive::process::Process;
use executive::process::personality::{NewProcess, Start};
use pe::PeView;
use vm::Protection;
use zerocopy::{FromZeros, IntoBytes};

use crate::layout::{self, StackSize};
use crate::parameters::Parameters;
use crate::{shared_data, win32};

/// Lays everything out for a process that the kernel starts; the image is already
/// in view.
pub(crate) fn set_up(new: &NewProcess<'_>) -> Result<Start, Error> {
    let parameters = Parameters::for_start(new)?;
    lay_out(new.process, new.image_base, new.thread_id, parameters)
}

/// Lays everything out for a process whose image is in view.
pub(crate) fn lay_out(
    process: &Process,
    image_base: u64,
    thread_id: u64,
    mut parameters: Parameters,
) -> Result<Start, Error> {
    parameters.set_group(process.id());
    let published = shared_data::view()?;
    let view = process.image().view();
    let userland = win32::of(process.image())?;
    process.memory().with(|space| {
        space.place_published(USER_SHARED_DATA, published, Protection::READ_ONLY)?;
        let parameters = parameters.place(space)?;
        let mut peb = peb_of(view, image_base, parameters);
        if let Some(userland) = userland {
            peb.api_set_map = win32::place(userland, space, process)?;
        }
        let block = place_peb(space, &peb)?;
        if userland.is_some() {
            win32::place_channels(space, block)?;
        }
        process.set_block(block);
        let size = StackSize::new(process, 0, 0);
        let placed = layout::place_thread(space, process, thread_id, size)?;
        let entry = image_base.wrapping_add(view.entry_point_rva().into());
        Ok(Start {
            user: layout::start(process, space, &placed, entry, block)?,
            stack: placed.stack.start.address(),
        })
    })
}

fn peb_of(view: &PeView<'_>, image_base: u64, parameters: u64) -> Peb {
    let (subsystem_major, subsystem_minor) = view.subsystem_version();
    let mut peb = Peb::new_zeroed();
    peb.mutant = u64::MAX;
    peb.image_base = image_base;
    peb.process_parameters = parameters;
    peb.number_of_processors = 1;
    peb.critical_section_timeout_100ns = CRITICAL_SECTION_TIMEOUT_100NS;
    peb.heap_segment_reserve_bytes = 0x10_0000;
    peb.heap_segment_commit_bytes = 0x1_0000;
    peb.heap_decommit_total_free_bytes = 0x1_0000;
    peb.heap_decommit_free_block_bytes = 0x1000;
    peb.os_major_version = 10;
    peb.os_build_number = u16::try_from(BUILD_NUMBER).unwrap_or(u16::MAX);
    peb.os_platform_id = 2;
    peb.image_subsystem = view.subsystem().into();
    peb.image_subsystem_major_version = subsystem_major.into();
    peb.image_subsystem_minor_version = subsystem_minor.into();
    peb.session_id = 1;
    peb
}

fn place_peb(space: &mut Space, peb: &Peb) -> Result<u64, Error> {
    let range = space.place_fixed(PEB_COMMIT_BYTES.div_ceil(PAGE_SIZE))?;
    let address = range.start.address();
    space.fill(address, peb.as_bytes())?;
    Ok(address)
}
