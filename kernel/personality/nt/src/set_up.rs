//! What a new process finds in its memory: PEB, parameter block, first thread.
//!
//! The layouts are `abi`'s; the values are those of the Wine contract, 3.3-3.6.

use abi::entry::{HOME_SPACE_BYTES, RETURN_ADDRESS_BYTES};
use abi::memory::PAGE_SIZE;
use abi::peb::{CRITICAL_SECTION_TIMEOUT_100NS, PEB_COMMIT_BYTES, Peb};
use abi::user_shared::{BUILD_NUMBER, USER_SHARED_DATA};
use executive::Error;
use executive::memory::Space;
use executive::process::Process;
use executive::process::personality::{NewProcess, Start};
use hal::trap::UserStart;
use pe::PeView;
use zerocopy::{FromZeros, IntoBytes};

use crate::layout::{self, StackSize};
use crate::parameters::Parameters;
use crate::shared_data;

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
    parameters: Parameters,
) -> Result<Start, Error> {
    let published = shared_data::view()?;
    let view = process.image().view();
    process.memory().with(|space| {
        space.place_published(USER_SHARED_DATA, published)?;
        let parameters = parameters.place(space)?;
        let peb = place_peb(space, view, image_base, parameters)?;
        process.set_block(peb);
        let placed = layout::place_thread(space, process, thread_id, StackSize::new(view, 0, 0))?;
        let top = placed.stack.end.address();
        Ok(Start {
            user: UserStart {
                instruction: image_base.wrapping_add(view.entry_point_rva().into()),
                stack: top.wrapping_sub(HOME_SPACE_BYTES.wrapping_add(RETURN_ADDRESS_BYTES)),
                argument: peb,
                gs_base: placed.teb,
            },
            stack: placed.stack.start.address(),
        })
    })
}

fn place_peb(
    space: &mut Space,
    view: &PeView<'_>,
    image_base: u64,
    parameters: u64,
) -> Result<u64, Error> {
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
    let range = space.place_fixed(PEB_COMMIT_BYTES.div_ceil(PAGE_SIZE))?;
    let address = range.start.address();
    space.fill(address, peb.as_bytes())?;
    Ok(address)
}
