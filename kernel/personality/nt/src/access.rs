//! Access masks: what each type allows, and what generic rights mean.

use abi::access::*;
use abi::object::{GenericMapping, OBJ_EXCLUSIVE, OBJ_OPENIF, OBJ_OPENLINK, OBJ_PERMANENT};
use executive::object::ObjectKind;

/// What the generic rights mean for a type.
#[inline]
pub(crate) fn mapping(kind: ObjectKind) -> GenericMapping {
    match kind {
        ObjectKind::Type => TYPE_MAPPING,
        ObjectKind::Directory => DIRECTORY_MAPPING,
        ObjectKind::SymbolicLink => SYMBOLIC_LINK_MAPPING,
        ObjectKind::Event => EVENT_MAPPING,
        ObjectKind::Semaphore => SEMAPHORE_MAPPING,
        ObjectKind::Mutant => MUTANT_MAPPING,
        ObjectKind::Timer => TIMER_MAPPING,
        ObjectKind::KeyedEvent => KEYEDEVENT_MAPPING,
        ObjectKind::Section => SECTION_MAPPING,
        ObjectKind::Job => JOB_OBJECT_MAPPING,
        ObjectKind::Token => TOKEN_MAPPING,
        ObjectKind::Process => PROCESS_MAPPING,
        ObjectKind::Thread => THREAD_MAPPING,
        ObjectKind::Device | ObjectKind::File => FILE_MAPPING,
        ObjectKind::IoCompletion => IO_COMPLETION_MAPPING,
        ObjectKind::UserApcReserve | ObjectKind::IoCompletionReserve => MEMORY_RESERVE_MAPPING,
        ObjectKind::Key => KEY_MAPPING,
    }
}

/// All rights there are on a type; what can be waited for can be for that too.
pub(crate) fn valid(kind: ObjectKind) -> u32 {
    let all = mapping(kind).all;
    match kind {
        ObjectKind::Directory
        | ObjectKind::Token
        | ObjectKind::Type
        | ObjectKind::UserApcReserve
        | ObjectKind::IoCompletionReserve => all,
        // What old programs know to be all of them is less.
        ObjectKind::SymbolicLink => all | SYMBOLIC_LINK_SET,
        _ => all | SYNCHRONIZE,
    }
}

/// What an object that the kernel made, and nobody may remove, lets no program do.
pub(crate) const KEPT_FROM_PROGRAMS: u32 = DELETE | WRITE_DAC | WRITE_OWNER;

/// The attributes that names of a type may not be given with (NT `OBJ_*`).
pub(crate) fn invalid_attributes(kind: ObjectKind) -> u32 {
    match kind {
        // These end by themselves, and are no link.
        ObjectKind::Process | ObjectKind::Thread => OBJ_PERMANENT | OBJ_EXCLUSIVE | OBJ_OPENIF,
        ObjectKind::SymbolicLink | ObjectKind::Job => 0,
        // A link among keys is a key.
        ObjectKind::Key => OBJ_PERMANENT | OBJ_EXCLUSIVE,
        _ => OBJ_OPENLINK,
    }
}

/// Everything that can be granted on a type.
pub(crate) fn all(kind: ObjectKind) -> u32 {
    mapping(kind).all
}

/// What a wish for access gives where no descriptor says otherwise: all that is
/// asked for and exists.
#[inline]
pub(crate) fn granted(kind: ObjectKind, wanted: u32) -> u32 {
    let mapping = mapping(kind);
    // Whoever asks for everything asks for no more.
    let has = |generic| wanted & generic != 0;
    let granted = match has(GENERIC_ALL | MAXIMUM_ALLOWED) {
        true => mapping.all,
        false => {
            let read = if has(GENERIC_READ) { mapping.read } else { 0 };
            let write = if has(GENERIC_WRITE) { mapping.write } else { 0 };
            let execute = if has(GENERIC_EXECUTE) {
                mapping.execute
            } else {
                0
            };
            (wanted | read | write | execute) & mapping.all
        }
    };
    // The limited rights come with the full ones.
    let limited = match kind {
        ObjectKind::Process if granted & PROCESS_QUERY_INFORMATION != 0 => {
            PROCESS_QUERY_LIMITED_INFORMATION
        }
        ObjectKind::Thread => {
            let query = match granted & THREAD_QUERY_INFORMATION != 0 {
                true => THREAD_QUERY_LIMITED_INFORMATION,
                false => 0,
            };
            let set = match granted & THREAD_SET_INFORMATION != 0 {
                true => THREAD_SET_LIMITED_INFORMATION,
                false => 0,
            };
            query | set
        }
        _ => 0,
    };
    granted | limited
}
