//! Access masks: the rights of every type of object, and the generic ones.
//!
//! From NT `winnt.h` and `wdm.h`; those of keyed events are in phnt only.
//! A mapping says what the four generic rights are for a type.

use crate::object::GenericMapping;

/// Delete, or make temporary.
pub const DELETE: u32 = 0x1_0000;
/// Read the security descriptor.
pub const READ_CONTROL: u32 = 0x2_0000;
/// Change who may do what.
pub const WRITE_DAC: u32 = 0x4_0000;
/// Change the owner.
pub const WRITE_OWNER: u32 = 0x8_0000;
/// Wait.
pub const SYNCHRONIZE: u32 = 0x10_0000;
/// All of the above but [`SYNCHRONIZE`].
pub const STANDARD_RIGHTS_REQUIRED: u32 = 0xF_0000;
/// All of the above.
pub const STANDARD_RIGHTS_ALL: u32 = 0x1F_0000;
/// Rights whose meaning depends on the type.
pub const SPECIFIC_RIGHTS_ALL: u32 = 0xFFFF;
/// Read and write the audit list.
pub const ACCESS_SYSTEM_SECURITY: u32 = 0x100_0000;
/// As many rights as there are for the caller.
pub const MAXIMUM_ALLOWED: u32 = 0x200_0000;
/// All rights of the type.
pub const GENERIC_ALL: u32 = 0x1000_0000;
/// What the type's mapping says.
pub const GENERIC_EXECUTE: u32 = 0x2000_0000;
/// What the type's mapping says.
pub const GENERIC_WRITE: u32 = 0x4000_0000;
/// What the type's mapping says.
pub const GENERIC_READ: u32 = 0x8000_0000;

/// List a directory.
pub const DIRECTORY_QUERY: u32 = 0x1;
/// Look up names.
pub const DIRECTORY_TRAVERSE: u32 = 0x2;
/// Put objects into it.
pub const DIRECTORY_CREATE_OBJECT: u32 = 0x4;
/// Put directories into it.
pub const DIRECTORY_CREATE_SUBDIRECTORY: u32 = 0x8;
/// All rights.
pub const DIRECTORY_ALL_ACCESS: u32 = 0xF_000F;
/// Of directories.
pub const DIRECTORY_MAPPING: GenericMapping =
    mapping(0x2_0003, 0x2_000C, 0x2_0003, DIRECTORY_ALL_ACCESS);

/// All rights on a type.
pub const TYPE_ALL_ACCESS: u32 = 0xF_0001;
/// Of types.
pub const TYPE_MAPPING: GenericMapping = mapping(0x2_0000, 0x2_0000, 0x2_0000, TYPE_ALL_ACCESS);

/// Read where it leads.
pub const SYMBOLIC_LINK_QUERY: u32 = 0x1;
/// Change where it leads.
pub const SYMBOLIC_LINK_SET: u32 = 0x2;
/// All rights of old.
pub const SYMBOLIC_LINK_ALL_ACCESS: u32 = 0xF_0001;
/// All rights.
pub const SYMBOLIC_LINK_ALL_ACCESS_EX: u32 = 0xF_FFFF;
/// Of symbolic links.
pub const SYMBOLIC_LINK_MAPPING: GenericMapping =
    mapping(0x2_0001, 0x2_0000, 0x2_0001, SYMBOLIC_LINK_ALL_ACCESS);

/// Query.
pub const EVENT_QUERY_STATE: u32 = 0x1;
/// Set, reset, pulse.
pub const EVENT_MODIFY_STATE: u32 = 0x2;
/// All rights.
pub const EVENT_ALL_ACCESS: u32 = 0x1F_0003;
/// Of events.
pub const EVENT_MAPPING: GenericMapping = mapping(0x2_0001, 0x2_0002, 0x12_0000, EVENT_ALL_ACCESS);

/// Query.
pub const SEMAPHORE_QUERY_STATE: u32 = 0x1;
/// Release.
pub const SEMAPHORE_MODIFY_STATE: u32 = 0x2;
/// All rights.
pub const SEMAPHORE_ALL_ACCESS: u32 = 0x1F_0003;
/// Of semaphores.
pub const SEMAPHORE_MAPPING: GenericMapping =
    mapping(0x2_0001, 0x2_0002, 0x12_0000, SEMAPHORE_ALL_ACCESS);

/// Query.
pub const MUTANT_QUERY_STATE: u32 = 0x1;
/// All rights; to release it the caller must own it.
pub const MUTANT_ALL_ACCESS: u32 = 0x1F_0001;
/// Of mutants.
pub const MUTANT_MAPPING: GenericMapping =
    mapping(0x2_0001, 0x2_0000, 0x12_0000, MUTANT_ALL_ACCESS);

/// Query.
pub const TIMER_QUERY_STATE: u32 = 0x1;
/// Set, cancel.
pub const TIMER_MODIFY_STATE: u32 = 0x2;
/// All rights.
pub const TIMER_ALL_ACCESS: u32 = 0x1F_0003;
/// Of timers.
pub const TIMER_MAPPING: GenericMapping = mapping(0x2_0001, 0x2_0002, 0x12_0000, TIMER_ALL_ACCESS);

/// Query how many packets there are.
pub const IO_COMPLETION_QUERY_STATE: u32 = 0x1;
/// Put packets in, take them out, have files tell it.
pub const IO_COMPLETION_MODIFY_STATE: u32 = 0x2;
/// All rights.
pub const IO_COMPLETION_ALL_ACCESS: u32 = 0x1F_0003;
/// Of completion ports.
pub const IO_COMPLETION_MAPPING: GenericMapping =
    mapping(0x2_0001, 0x2_0002, 0x12_0000, IO_COMPLETION_ALL_ACCESS);

/// Query.
pub const MEMORY_RESERVE_QUERY_STATE: u32 = 0x1;
/// Queue something in it.
pub const MEMORY_RESERVE_MODIFY_STATE: u32 = 0x2;
/// All rights.
pub const MEMORY_RESERVE_ALL_ACCESS: u32 = 0xF_0003;
/// Of reserves of both types.
pub const MEMORY_RESERVE_MAPPING: GenericMapping =
    mapping(0x2_0001, 0x2_0002, 0x2_0000, MEMORY_RESERVE_ALL_ACCESS);

/// Wait for a key.
pub const KEYEDEVENT_WAIT: u32 = 0x1;
/// Release a key.
pub const KEYEDEVENT_WAKE: u32 = 0x2;
/// All rights.
pub const KEYEDEVENT_ALL_ACCESS: u32 = 0xF_0003;
/// Of keyed events.
pub const KEYEDEVENT_MAPPING: GenericMapping =
    mapping(0x2_0001, 0x2_0002, 0x2_0000, KEYEDEVENT_ALL_ACCESS);

/// Query.
pub const SECTION_QUERY: u32 = 0x1;
/// Map views that can be written.
pub const SECTION_MAP_WRITE: u32 = 0x2;
/// Map views that can be read.
pub const SECTION_MAP_READ: u32 = 0x4;
/// Map views that can be executed.
pub const SECTION_MAP_EXECUTE: u32 = 0x8;
/// Make it larger.
pub const SECTION_EXTEND_SIZE: u32 = 0x10;
/// Map views that can be executed; not among all rights.
pub const SECTION_MAP_EXECUTE_EXPLICIT: u32 = 0x20;
/// All rights.
pub const SECTION_ALL_ACCESS: u32 = 0xF_001F;
/// Of sections.
pub const SECTION_MAPPING: GenericMapping =
    mapping(0x2_0005, 0x2_0002, 0x2_0008, SECTION_ALL_ACCESS);

/// End it.
pub const PROCESS_TERMINATE: u32 = 0x1;
/// Start threads in it.
pub const PROCESS_CREATE_THREAD: u32 = 0x2;
/// Change its session.
pub const PROCESS_SET_SESSIONID: u32 = 0x4;
/// Allocate, free, protect, lock, map.
pub const PROCESS_VM_OPERATION: u32 = 0x8;
/// Read its memory.
pub const PROCESS_VM_READ: u32 = 0x10;
/// Write its memory; [`PROCESS_VM_OPERATION`] is needed too.
pub const PROCESS_VM_WRITE: u32 = 0x20;
/// Duplicate handles from and to it.
pub const PROCESS_DUP_HANDLE: u32 = 0x40;
/// Be the parent of new processes.
pub const PROCESS_CREATE_PROCESS: u32 = 0x80;
/// Set limits.
pub const PROCESS_SET_QUOTA: u32 = 0x100;
/// Set classes of information.
pub const PROCESS_SET_INFORMATION: u32 = 0x200;
/// Query classes of information.
pub const PROCESS_QUERY_INFORMATION: u32 = 0x400;
/// Suspend and resume; of old, set its ports.
pub const PROCESS_SUSPEND_RESUME: u32 = 0x800;
/// Query harmless classes; comes with [`PROCESS_QUERY_INFORMATION`].
pub const PROCESS_QUERY_LIMITED_INFORMATION: u32 = 0x1000;
/// Set harmless classes; comes with [`PROCESS_SET_INFORMATION`].
pub const PROCESS_SET_LIMITED_INFORMATION: u32 = 0x2000;
/// All rights.
pub const PROCESS_ALL_ACCESS: u32 = 0x1F_FFFF;
/// Of processes.
pub const PROCESS_MAPPING: GenericMapping =
    mapping(0x2_0410, 0x2_0BEA, 0x12_1001, PROCESS_ALL_ACCESS);

/// End it.
pub const THREAD_TERMINATE: u32 = 0x1;
/// Suspend and resume.
pub const THREAD_SUSPEND_RESUME: u32 = 0x2;
/// Alert.
pub const THREAD_ALERT: u32 = 0x4;
/// Read its registers.
pub const THREAD_GET_CONTEXT: u32 = 0x8;
/// Write its registers, queue APCs.
pub const THREAD_SET_CONTEXT: u32 = 0x10;
/// Set classes of information.
pub const THREAD_SET_INFORMATION: u32 = 0x20;
/// Query classes of information.
pub const THREAD_QUERY_INFORMATION: u32 = 0x40;
/// Give it a token.
pub const THREAD_SET_THREAD_TOKEN: u32 = 0x80;
/// Act for it.
pub const THREAD_IMPERSONATE: u32 = 0x100;
/// Let it act for another.
pub const THREAD_DIRECT_IMPERSONATION: u32 = 0x200;
/// Set harmless classes; comes with [`THREAD_SET_INFORMATION`].
pub const THREAD_SET_LIMITED_INFORMATION: u32 = 0x400;
/// Query harmless classes; comes with [`THREAD_QUERY_INFORMATION`].
pub const THREAD_QUERY_LIMITED_INFORMATION: u32 = 0x800;
/// Resume only.
pub const THREAD_RESUME: u32 = 0x1000;
/// All rights.
pub const THREAD_ALL_ACCESS: u32 = 0x1F_FFFF;
/// Of threads.
pub const THREAD_MAPPING: GenericMapping =
    mapping(0x2_0048, 0x2_0437, 0x12_1800, THREAD_ALL_ACCESS);

/// Put processes into it.
pub const JOB_OBJECT_ASSIGN_PROCESS: u32 = 0x1;
/// Set limits.
pub const JOB_OBJECT_SET_ATTRIBUTES: u32 = 0x2;
/// Query.
pub const JOB_OBJECT_QUERY: u32 = 0x4;
/// End all its processes.
pub const JOB_OBJECT_TERMINATE: u32 = 0x8;
/// Of old: set security limits.
pub const JOB_OBJECT_SET_SECURITY_ATTRIBUTES: u32 = 0x10;
/// Act for it.
pub const JOB_OBJECT_IMPERSONATE: u32 = 0x20;
/// All rights.
pub const JOB_OBJECT_ALL_ACCESS: u32 = 0x1F_003F;
/// Of jobs.
pub const JOB_OBJECT_MAPPING: GenericMapping =
    mapping(0x2_0004, 0x2_000B, 0x12_0000, JOB_OBJECT_ALL_ACCESS);

/// Give it to a process.
pub const TOKEN_ASSIGN_PRIMARY: u32 = 0x1;
/// Duplicate.
pub const TOKEN_DUPLICATE: u32 = 0x2;
/// Give it to a thread.
pub const TOKEN_IMPERSONATE: u32 = 0x4;
/// Query.
pub const TOKEN_QUERY: u32 = 0x8;
/// Query where it comes from.
pub const TOKEN_QUERY_SOURCE: u32 = 0x10;
/// Enable and disable privileges.
pub const TOKEN_ADJUST_PRIVILEGES: u32 = 0x20;
/// Enable and disable groups.
pub const TOKEN_ADJUST_GROUPS: u32 = 0x40;
/// Change owner, primary group and default list.
pub const TOKEN_ADJUST_DEFAULT: u32 = 0x80;
/// Change its session.
pub const TOKEN_ADJUST_SESSIONID: u32 = 0x100;
/// All rights.
pub const TOKEN_ALL_ACCESS: u32 = 0xF_01FF;
/// Of tokens.
pub const TOKEN_MAPPING: GenericMapping = mapping(0x2_001A, 0x2_01E0, 0x2_0005, TOKEN_ALL_ACCESS);

/// Reading a file and all about it.
pub const FILE_GENERIC_READ: u32 = 0x12_0089;
/// Writing a file and its attributes.
pub const FILE_GENERIC_WRITE: u32 = 0x12_0116;
/// Running a program file.
pub const FILE_GENERIC_EXECUTE: u32 = 0x12_00A0;
/// All rights of a file.
pub const FILE_ALL_ACCESS: u32 = 0x1F_01FF;
/// Of files, devices among them.
pub const FILE_MAPPING: GenericMapping = mapping(
    FILE_GENERIC_READ,
    FILE_GENERIC_WRITE,
    FILE_GENERIC_EXECUTE,
    FILE_ALL_ACCESS,
);

/// Query the key and its values.
pub const KEY_QUERY_VALUE: u32 = 0x1;
/// Set and delete values.
pub const KEY_SET_VALUE: u32 = 0x2;
/// Make keys in it.
pub const KEY_CREATE_SUB_KEY: u32 = 0x4;
/// List the keys in it.
pub const KEY_ENUMERATE_SUB_KEYS: u32 = 0x8;
/// Be told of changes.
pub const KEY_NOTIFY: u32 = 0x10;
/// Make links in it.
pub const KEY_CREATE_LINK: u32 = 0x20;
/// Of 64-bit programs' keys; not among all rights.
pub const KEY_WOW64_64KEY: u32 = 0x100;
/// Of 32-bit programs' keys; not among all rights.
pub const KEY_WOW64_32KEY: u32 = 0x200;
/// Reading.
pub const KEY_READ: u32 = 0x2_0019;
/// Writing.
pub const KEY_WRITE: u32 = 0x2_0006;
/// All rights.
pub const KEY_ALL_ACCESS: u32 = 0xF_003F;
/// Of keys.
pub const KEY_MAPPING: GenericMapping = mapping(
    KEY_READ,
    KEY_WRITE,
    KEY_READ | KEY_CREATE_LINK,
    KEY_ALL_ACCESS,
);

const fn mapping(read: u32, write: u32, execute: u32, all: u32) -> GenericMapping {
    GenericMapping {
        read,
        write,
        execute,
        all,
    }
}
