//! What a thread has in its process's memory: a stack and a TEB.
//!
//! The layouts are `abi`'s; the values are those of the Wine contract, 3.4.

use abi::entry::{HOME_SPACE_BYTES, RETURN_ADDRESS_BYTES};
use abi::io::UnicodeString;
use abi::memory::{ALLOCATION_GRANULARITY, PAGE_SIZE};
use abi::teb::{
    ACTIVATION_CONTEXT_STACK, ACTIVATION_FRAME_LIST, STATIC_UNICODE_BUFFER, STATIC_UNICODE_BYTES,
    TEB_COMMIT_BYTES, Teb,
};
use executive::Error;
use executive::memory::Space;
use executive::process::{Process, Thread};
use hal::trap::UserStart;
use pe::PeView;
use vm::PageRange;
use zerocopy::{FromZeros, IntoBytes};

use crate::win32;

/// The least a stack reserves.
const LEAST_STACK_BYTES: u64 = 0x1_0000;
/// Pages of a stack that are never committed: its guard and its end.
const STACK_OVERHEAD_BYTES: u64 = 2 * PAGE_SIZE;

/// How large a stack is.
#[derive(Clone, Copy)]
pub(crate) struct StackSize {
    reserved_bytes: u64,
    committed_bytes: u64,
}

impl StackSize {
    /// The same for a program whose loader clears much of a stack from below: all of
    /// it is committed, and the most of what is asked for and 1 MiB reserved (W 3.8).
    fn whole(image: &PeView<'_>, reserve_bytes: u64) -> Self {
        const LEAST_WHOLE_BYTES: u64 = 0x10_0000;
        let asked = match reserve_bytes {
            0 => image.stack_reserve_bytes(),
            bytes => bytes,
        };
        let reserved_bytes = asked
            .max(LEAST_WHOLE_BYTES)
            .checked_next_multiple_of(ALLOCATION_GRANULARITY)
            .unwrap_or(u64::MAX);
        Self {
            reserved_bytes,
            committed_bytes: reserved_bytes.saturating_sub(STACK_OVERHEAD_BYTES),
        }
    }

    /// What is asked for in a process; 0: what its image's headers say.
    pub(crate) fn new(process: &Process, reserve_bytes: u64, commit_bytes: u64) -> Self {
        let image = process.image().view();
        match win32::is_for(process.image()) {
            true => Self::whole(image, reserve_bytes),
            false => Self::growing(image, reserve_bytes, commit_bytes),
        }
    }

    fn growing(image: &PeView<'_>, reserve_bytes: u64, commit_bytes: u64) -> Self {
        let or_default = |bytes, default| if bytes == 0 { default } else { bytes };
        let reserved_bytes =
            or_default(reserve_bytes, image.stack_reserve_bytes()).max(LEAST_STACK_BYTES);
        let most = reserved_bytes.saturating_sub(STACK_OVERHEAD_BYTES);
        let committed_bytes = or_default(commit_bytes, image.stack_commit_bytes());
        Self {
            reserved_bytes,
            committed_bytes: committed_bytes.clamp(PAGE_SIZE, most),
        }
    }
}

/// Where a thread's parts are.
pub(crate) struct Placed {
    pub(crate) stack: PageRange,
    pub(crate) teb: u64,
}

/// Where a thread begins that is laid out: at a function, which gets an argument.
pub(crate) fn start(
    process: &Process,
    space: &mut Space,
    placed: &Placed,
    function: u64,
    argument: u64,
) -> Result<UserStart, Error> {
    if win32::is_for(process.image()) {
        return win32::context_for(process, space, placed, function, argument);
    }
    let below = HOME_SPACE_BYTES.wrapping_add(RETURN_ADDRESS_BYTES);
    Ok(UserStart {
        instruction: function,
        stack: placed.stack.end.address().wrapping_sub(below),
        argument,
        gs_base: placed.teb,
    })
}

/// Lays out stack and TEB of a thread.
pub(crate) fn place_thread(
    space: &mut Space,
    process: &Process,
    thread_id: u64,
    size: StackSize,
) -> Result<Placed, Error> {
    let stack = space.place_stack(size.reserved_bytes, size.committed_bytes)?;
    match place_teb(space, process, thread_id, size, stack) {
        Ok(teb) => Ok(Placed { stack, teb }),
        Err(error) => {
            space.remove(stack.start.address());
            Err(error)
        }
    }
}

fn place_teb(
    space: &mut Space,
    process: &Process,
    thread_id: u64,
    size: StackSize,
    stack: PageRange,
) -> Result<u64, Error> {
    let range = space.place_fixed(TEB_COMMIT_BYTES.div_ceil(PAGE_SIZE))?;
    let address = range.start.address();
    let mut teb = Teb::new_zeroed();
    teb.stack_base = stack.end.address();
    let committed_bytes = size.committed_bytes.next_multiple_of(PAGE_SIZE);
    teb.stack_limit = stack.end.address().wrapping_sub(committed_bytes);
    teb.deallocation_stack = stack.start.address();
    teb.this = address;
    teb.peb = process.block();
    teb.process_id = process.id();
    teb.thread_id = thread_id;
    teb.real_process_id = process.id();
    teb.real_thread_id = thread_id;
    teb.activation_frame_list = [address.wrapping_add(ACTIVATION_FRAME_LIST); 2];
    teb.activation_context_stack = address.wrapping_add(ACTIVATION_CONTEXT_STACK);
    teb.static_unicode_string = UnicodeString {
        length_bytes: 0,
        maximum_length_bytes: STATIC_UNICODE_BYTES,
        reserved_04: 0,
        buffer: address.wrapping_add(STATIC_UNICODE_BUFFER),
    };
    if let Err(error) = space.fill(address, teb.as_bytes()) {
        space.remove(address);
        return Err(error);
    }
    Ok(address)
}

/// Takes a thread's parts out of its process's memory.
pub(crate) fn remove_thread(process: &Process, stack: u64, teb: u64) {
    process.memory().with(|space| {
        // The program may have freed its stack itself.
        space.remove(stack);
        space.remove(teb);
    });
}

/// What a thread has asked to be left of its stack at its end, in bytes, or what
/// everyone is left: exceptions are dealt with there.
pub(crate) fn stack_guarantee(thread: &Thread) -> u64 {
    const LEAST_BYTES: u64 = 2 * PAGE_SIZE;
    const GUARANTEED: u64 = core::mem::offset_of!(Teb, guaranteed_stack_bytes) as u64;
    let mut bytes = [0; 4];
    let address = thread.environment_block().wrapping_add(GUARANTEED);
    // The TEB may be inaccessible, which is its thread's own matter.
    let _ = hal::user::copy_in(&mut bytes, address);
    u64::from(u32::from_le_bytes(bytes)).max(LEAST_BYTES)
}

/// Tells a thread that its stack now reaches down to `limit`.
pub(crate) fn note_stack_limit(thread: &Thread, limit: u64) {
    const STACK_LIMIT: u64 = core::mem::offset_of!(Teb, stack_limit) as u64;
    let address = thread.environment_block().wrapping_add(STACK_LIMIT);
    if hal::user::copy_out(address, &limit.to_le_bytes()).is_err() {
        // The program made its own TEB inaccessible; it is the one who reads it.
        log::debug!(
            "thread {} has no TEB to note its stack's limit in",
            thread.id()
        );
    }
}
