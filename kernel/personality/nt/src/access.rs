//! Access masks: what each type of object allows, and what generic rights mean.

use abi::access::*;
use executive::object::ObjectKind;

/// What the four generic rights mean for a type.
struct Mapping {
    read: u32,
    write: u32,
    execute: u32,
    all: u32,
}

fn mapping(kind: ObjectKind) -> Mapping {
    const READ: u32 = STANDARD_RIGHTS_READ;
    const WRITE: u32 = STANDARD_RIGHTS_WRITE;
    const EXECUTE: u32 = STANDARD_RIGHTS_EXECUTE;
    match kind {
        ObjectKind::Event => Mapping {
            read: READ | EVENT_QUERY_STATE,
            write: WRITE | EVENT_MODIFY_STATE,
            execute: EXECUTE | SYNCHRONIZE,
            all: EVENT_ALL_ACCESS,
        },
        ObjectKind::Semaphore => Mapping {
            read: READ | SEMAPHORE_QUERY_STATE,
            write: WRITE | SEMAPHORE_MODIFY_STATE,
            execute: EXECUTE | SYNCHRONIZE,
            all: SEMAPHORE_ALL_ACCESS,
        },
        ObjectKind::Mutant => Mapping {
            read: READ | MUTANT_QUERY_STATE,
            write: WRITE,
            execute: EXECUTE | SYNCHRONIZE,
            all: MUTANT_ALL_ACCESS,
        },
        ObjectKind::Timer => Mapping {
            read: READ | TIMER_QUERY_STATE,
            write: WRITE | TIMER_MODIFY_STATE,
            execute: EXECUTE | SYNCHRONIZE,
            all: TIMER_ALL_ACCESS,
        },
        ObjectKind::KeyedEvent => Mapping {
            read: READ | KEYEDEVENT_WAIT,
            write: WRITE | KEYEDEVENT_WAKE,
            execute: EXECUTE,
            all: KEYEDEVENT_ALL_ACCESS,
        },
        ObjectKind::Process => Mapping {
            read: READ | PROCESS_VM_READ | PROCESS_QUERY_INFORMATION,
            write: WRITE
                | PROCESS_CREATE_PROCESS
                | PROCESS_CREATE_THREAD
                | PROCESS_VM_OPERATION
                | PROCESS_VM_WRITE
                | PROCESS_DUP_HANDLE
                | PROCESS_TERMINATE
                | PROCESS_SET_QUOTA
                | PROCESS_SET_INFORMATION
                | PROCESS_SUSPEND_RESUME,
            execute: EXECUTE | SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_TERMINATE,
            all: PROCESS_ALL_ACCESS,
        },
        ObjectKind::Thread => Mapping {
            read: READ | THREAD_GET_CONTEXT | THREAD_QUERY_INFORMATION,
            write: WRITE
                | THREAD_TERMINATE
                | THREAD_SUSPEND_RESUME
                | THREAD_ALERT
                | THREAD_SET_INFORMATION
                | THREAD_SET_CONTEXT
                | THREAD_SET_LIMITED_INFORMATION,
            execute: EXECUTE | SYNCHRONIZE | THREAD_QUERY_LIMITED_INFORMATION | THREAD_RESUME,
            all: THREAD_ALL_ACCESS,
        },
    }
}

/// Everything that can be granted on a type.
pub(crate) fn all(kind: ObjectKind) -> u32 {
    mapping(kind).all
}

/// What a wish for access gives: there are no security descriptors, so all that
/// is asked for and exists.
pub(crate) fn granted(kind: ObjectKind, wanted: u32) -> u32 {
    let mapping = mapping(kind);
    let generic = [
        (GENERIC_READ, mapping.read),
        (GENERIC_WRITE, mapping.write),
        (GENERIC_EXECUTE, mapping.execute),
        (GENERIC_ALL | MAXIMUM_ALLOWED, mapping.all),
    ];
    let mapped = generic
        .iter()
        .filter(|(generic, _)| wanted & generic != 0)
        .fold(wanted, |sum, (_, specific)| sum | specific);
    let granted = mapped & mapping.all;
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
