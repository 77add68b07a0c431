//! Which console a new process has, and its standard handles.

use core::mem::offset_of;

use abi::NtStatus;
use abi::access::{FILE_GENERIC_READ, FILE_GENERIC_WRITE};
use abi::parameters::ProcessParameters;
use abi::peb::Peb;
use executive::io::{File, terminal};
use executive::object::{Object, Opened};
use executive::process::Process;
use hal::Ref;

use crate::call::refused;
use crate::parameters::{Asked, NO_CONSOLE};

/// `IMAGE_SUBSYSTEM_WINDOWS_CUI`
const CONSOLE_SUBSYSTEM: u16 = 3;
/// All that can be done with a part of a console.
const ALL: u32 = FILE_GENERIC_READ | FILE_GENERIC_WRITE;

/// Gives a new process what its creator's parameters say of its console and its
/// standard handles, whose values are the creator's.
pub(super) fn pass(parent: &Process, process: &Process, asked: &Asked) -> Result<(), NtStatus> {
    let is_there = terminal::is_there();
    let is_for_console = process.image().view().subsystem() == CONSOLE_SUBSYSTEM;
    if !is_there && (asked.uses_own || !is_for_console) {
        return Ok(());
    }
    let mut given = *asked;
    let console = match asked.console {
        0 | NO_CONSOLE => asked.console,
        _ if !is_there => NO_CONSOLE,
        // Nobody would see what is shown there.
        CONSOLE_NO_WINDOW | CONSOLE_SHELL if terminal::is_shown() => NO_CONSOLE,
        CONSOLE_SHELL.. => give(process, terminal::reference().map_err(refused)?)?,
        handle => copy(parent, process, handle)?,
    };
    given.console = console;
    if asked.console == CONSOLE_ALLOC && is_there {
        let [input, output, errors] = &mut given.standard;
        for place in [input, output, errors].into_iter().enumerate() {
            if let (number, place @ 0) = place {
                let file = match number {
                    0 => terminal::standard_input(),
                    _ => terminal::standard_output(),
                };
                *place = give(process, file.map_err(refused)?)?;
            }
        }
    } else if is_for_console && !asked.uses_own {
        for handle in &mut given.standard {
            *handle = copy(parent, process, *handle)?;
        }
    }
    match given == *asked {
        true => Ok(()),
        false => tell(process, &given),
    }
}

/// `CREATE_NEW_CONSOLE`, `CREATE_NO_WINDOW`, and a console of a Unix terminal (W 6.1).
const CONSOLE_ALLOC: u64 = u64::MAX;
const CONSOLE_NO_WINDOW: u64 = u64::MAX - 1;
const CONSOLE_SHELL: u64 = u64::MAX - 2;

/// Whether a value stands for a console that is to be made.
pub(crate) fn is_to_be_made(console: u64) -> bool {
    console >= CONSOLE_SHELL
}

/// A handle of the creator's for the new process, which may have it already; 0: the
/// creator has none of this value.
fn copy(parent: &Process, process: &Process, handle: u64) -> Result<u64, NtStatus> {
    let Some(found) = parent.handles().find(handle) else {
        // Those that stand for something everywhere, or none.
        return Ok(match handle.cast_signed() < 0 {
            true => handle,
            false => 0,
        });
    };
    if process.handles().find(handle).is_some() {
        return Ok(handle);
    }
    match &found.object {
        Object::File(file) => add(process, file.clone(), found.access),
        _ => Ok(0),
    }
}

fn give(process: &Process, file: Ref<File>) -> Result<u64, NtStatus> {
    add(process, file, ALL)
}

fn add(process: &Process, file: Ref<File>, access: u32) -> Result<u64, NtStatus> {
    let opened = Opened {
        object: Object::File(file),
        access,
        inherit: true,
        protect_from_close: false,
        alone: false,
    };
    process.handles().add(opened).map_err(refused)
}

/// Writes the values into the parameters of a process that has not run.
fn tell(process: &Process, given: &Asked) -> Result<(), NtStatus> {
    let [input, output, errors] = given.standard;
    let places = [
        (offset_of!(ProcessParameters, console_handle), given.console),
        (offset_of!(ProcessParameters, standard_input), input),
        (offset_of!(ProcessParameters, standard_output), output),
        (offset_of!(ProcessParameters, standard_error), errors),
    ];
    let at = |start: u64, offset: usize| start.wrapping_add(u64::try_from(offset).unwrap_or(0));
    let mut start = [0; size_of::<u64>()];
    process.memory().with(|space| {
        let place = at(process.block(), offset_of!(Peb, process_parameters));
        let mut is_done = space.read(place, &mut start) == start.len();
        for (offset, value) in places {
            let bytes = value.to_le_bytes();
            let place = at(u64::from_le_bytes(start), offset);
            is_done &= space.write(place, &bytes) == bytes.len();
        }
        match is_done {
            true => Ok(()),
            false => Err(NtStatus::NO_MEMORY),
        }
    })
}
