//! What the kernel says of itself: its module, flags, pools and devices.

use abi::NtStatus;
use abi::system::*;
use executive::ids;
use executive::io::name;
use executive::object::Object;
use hal::user;
use zerocopy::{FromZeros, IntoBytes};

use crate::call::{Outcome, probe_bytes, refused, violation, write};
use crate::query::Query;

/// The kernel is one module. Where it lies is no program's business.
pub(super) fn modules(query: &Query) -> Outcome {
    const PATH: &[u8] = b"\\petrel.elf";
    let mut modules = RtlProcessModules::new_zeroed();
    modules.count = 1;
    modules.only.load_count = 1;
    modules.only.file_name_offset = 1;
    if let Some(start) = modules.only.full_path_name.get_mut(..PATH.len()) {
        start.copy_from_slice(PATH);
    }
    query.answer_within(|| Ok(modules))
}

/// Blocks of the kernel's memory have no tags: a list of none.
pub(super) fn pool_tags(query: &Query) -> Outcome {
    query.answer_within(|| Ok(0_u64))
}

/// There is one node of memory.
pub(super) fn numa(query: &Query) -> Outcome {
    const HEADER_AND_ONE: usize = 0x18;
    let mut information = SystemNumaInformation::new_zeroed();
    information.affinity.mask = crate::thread::ALL_PROCESSORS;
    query.answer_from(HEADER_AND_ONE, || Ok(information))
}

/// The path of a process's program, by its number; nobody needs a right for that.
pub(super) fn path_of_process(query: &Query) -> Outcome {
    let mut asked = query.request::<SystemProcessIdInformation>()?;
    query.set_length(query.length)?;
    let name = asked.image_name;
    if name.length_bytes != 0 || !name.maximum_length_bytes.is_multiple_of(2) {
        return Err(NtStatus::INVALID_PARAMETER);
    }
    probe_bytes(name.buffer, name.maximum_length_bytes.into())?;
    let Some(Object::Process(process)) = ids::find(asked.process_id) else {
        return Err(NtStatus::INVALID_CID);
    };
    let mut path = name::of_image(process.image()).map_err(refused)?;
    path.try_reserve_exact(1).map_err(|_| NtStatus::NO_MEMORY)?;
    path.push(0);
    let bytes = path.as_bytes();
    let needed = u16::try_from(bytes.len()).map_err(|_| NtStatus::NAME_TOO_LONG)?;
    let is_too_short = name.maximum_length_bytes < needed;
    asked.image_name.maximum_length_bytes = needed;
    if is_too_short {
        write(query.buffer, &asked)?;
        return Err(NtStatus::INFO_LENGTH_MISMATCH);
    }
    user::copy_out(name.buffer, bytes).map_err(violation)?;
    asked.image_name.length_bytes = needed.saturating_sub(2);
    write(query.buffer, &asked)?;
    Ok(NtStatus::SUCCESS)
}
