//! What a process and its threads begin with.

use abi::context::{CONTEXT_FULL, Context};
use abi::entry::{
    HOME_SPACE_BYTES, INITIAL_MXCSR, INITIAL_X87_CONTROL, RETURN_ADDRESS_BYTES, USER_CODE_SELECTOR,
    USER_DATA_SELECTOR,
};
use abi::memory::PAGE_SIZE;
use arrayvec::ArrayVec;
use config::{CHANNELS_MAX, ChannelRecord};
use executive::Error;
use executive::memory::Space;
use executive::process::{EntryPoint, Process};
use hal::trap::UserStart;
use spin::Once;
use vm::Protection;
use zerocopy::{FromZeros, IntoBytes};

use super::unix_call::{NTDLL_LIBRARY, THUNK_ADDRESS};
use super::{HOST, USER_FOLDER, Userland};
use crate::layout::Placed;

/// What the session's manager gives to all (W 3.17).
const ENVIRONMENT: [(&str, &str); 22] = [
    ("ALLUSERSPROFILE", "C:\\ProgramData"),
    ("APPDATA", "C:\\users\\petrel\\AppData\\Roaming"),
    ("CommonProgramFiles", "C:\\Program Files\\Common Files"),
    ("COMPUTERNAME", HOST),
    ("ComSpec", "C:\\windows\\system32\\cmd.exe"),
    ("HOMEDRIVE", "C:"),
    ("HOMEPATH", "\\users\\petrel"),
    ("LOCALAPPDATA", "C:\\users\\petrel\\AppData\\Local"),
    ("NUMBER_OF_PROCESSORS", "1"),
    ("OS", "Windows_NT"),
    ("PATH", "C:\\windows\\system32;C:\\windows"),
    ("PATHEXT", ".COM;.EXE;.BAT;.CMD"),
    ("PROCESSOR_ARCHITECTURE", "AMD64"),
    ("ProgramData", "C:\\ProgramData"),
    ("ProgramFiles", "C:\\Program Files"),
    ("PUBLIC", "C:\\users\\Public"),
    ("TEMP", "C:\\windows\\temp"),
    ("TMP", "C:\\windows\\temp"),
    ("USERNAME", "petrel"),
    ("USERPROFILE", USER_FOLDER),
    ("windir", "C:\\windows"),
    // GetUserName reads it there.
    ("WINEUSERNAME", "petrel"),
];
/// Where the DLLs find which of their messages to developers are wanted (W 3.5).
const CHANNELS_OFFSET: u64 = 0x2000;
static CHANNELS: Once<ArrayVec<ChannelRecord, { CHANNELS_MAX + 1 }>> = Once::new();
/// EFLAGS of a thread that begins: IF.
const FLAGS: u32 = 0x200;

/// Chooses which messages the DLLs print. Before the first program.
pub fn choose_debug_channels(records: ArrayVec<ChannelRecord, { CHANNELS_MAX + 1 }>) {
    CHANNELS.call_once(|| records);
}

/// Tells the DLLs of a process which messages they are to print.
pub(crate) fn place_channels(space: &mut Space, block: u64) -> Result<(), Error> {
    let records = CHANNELS
        .get()
        .map_or(&[][..], |records| records.as_flattened());
    space.fill(block.wrapping_add(CHANNELS_OFFSET), records)
}

/// Names and values that a process finds in its environment.
pub(crate) fn environment() -> &'static [(&'static str, &'static str)] {
    &ENVIRONMENT
}

/// Puts ntdll, what the kernel writes into it and the page for unix calls into a
/// process's memory; where the table of API sets is.
pub(crate) fn place(
    userland: &Userland,
    space: &mut Space,
    process: &Process,
) -> Result<u64, Error> {
    let base = space.place_image(&userland.ntdll)?;
    userland.set_entry_points(process, base);
    let code = Protection::EXECUTE_READ;
    space.place_published(THUNK_ADDRESS, userland.thunk(), code)?;
    for (rva, value) in [
        (userland.places.unix_call_dispatcher, THUNK_ADDRESS),
        (userland.places.unix_library_handle, NTDLL_LIBRARY),
    ] {
        set(space, base.wrapping_add(rva.into()), &value.to_le_bytes())?;
    }
    let sets = space.place_image(&userland.api_sets)?;
    Ok(sets.wrapping_add(userland.api_set_rva.into()))
}

/// Where a thread begins, whose first function is to be called with an argument: the
/// loader goes on with the context at the top of its stack (W 3.8).
pub(crate) fn context_for(
    process: &Process,
    space: &mut Space,
    placed: &Placed,
    function: u64,
    argument: u64,
) -> Result<UserStart, Error> {
    let below = HOME_SPACE_BYTES.wrapping_add(RETURN_ADDRESS_BYTES);
    let stack = placed.stack.end.address().wrapping_sub(below);
    let mut context = Context::new_zeroed();
    context.context_flags = CONTEXT_FULL;
    context.rip = process.entry_point(EntryPoint::ThreadStart);
    context.rcx = function;
    context.rdx = argument;
    context.rsp = stack;
    context.cs = USER_CODE_SELECTOR;
    (context.ss, context.ds, context.es) =
        (USER_DATA_SELECTOR, USER_DATA_SELECTOR, USER_DATA_SELECTOR);
    (context.fs, context.gs) = (USER_DATA_SELECTOR, USER_DATA_SELECTOR);
    context.eflags = FLAGS;
    context.mxcsr = INITIAL_MXCSR;
    context.flt_save.control_word = INITIAL_X87_CONTROL;
    context.flt_save.mxcsr = INITIAL_MXCSR;
    let bytes = context.as_bytes();
    let size = u64::try_from(bytes.len()).unwrap_or(PAGE_SIZE);
    let at = (stack & !0xF).wrapping_sub(size);
    set(space, at, bytes)?;
    Ok(UserStart {
        instruction: process.entry_point(EntryPoint::ThreadInit),
        stack: at.wrapping_sub(RETURN_ADDRESS_BYTES),
        argument: at,
        gs_base: placed.teb,
    })
}

fn set(space: &mut Space, address: u64, bytes: &[u8]) -> Result<(), Error> {
    match space.write(address, bytes) == bytes.len() {
        true => Ok(()),
        false => Err(Error::OutOfMemory),
    }
}
