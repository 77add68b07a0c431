//! What arguments mean, by their names.

use super::Meaning::{
    self, Bytes, ClientId, Context, Handles, IoStatus, Number, Pointer, Record, Text,
};
use super::Shown::{self, Access, Bool, Decimal, Flags, Handle, Hex, One, Signed, Time};
use crate::display::*;

/// Services that answer in 64 bits how many bytes there are.
const SIZES: &[&str] = &[
    "NtQueryVirtualMemory",
    "NtQuerySection",
    "NtReadVirtualMemory",
    "NtWriteVirtualMemory",
];
const ANY: &[&str] = &[];

/// Names of arguments, of the services where this holds (none: all), and what they
/// mean there. The first that fits counts; what none fits is shown by its kind.
pub(super) const RULES: &[(&str, &[&str], Meaning)] = &[
    // Objects.
    (
        "attributes",
        &["NtQuerySystemEnvironmentValueEx"],
        Pointer(Hex, 4),
    ),
    ("handle_attributes", ANY, Number(Flags(OBJECT_FLAGS))),
    (
        "options",
        &["NtDuplicateObject"],
        Number(Flags(DUPLICATE_FLAGS)),
    ),
    ("target", &["NtDuplicateObject"], Pointer(Handle, 8)),
    ("target", &["NtQuerySymbolicLinkObject"], Text),
    ("context", &["NtQueryDirectoryObject"], Pointer(Decimal, 4)),
    ("reserve_type", ANY, Number(One(RESERVE_TYPES))),
    ("return_length", SIZES, Pointer(Decimal, 8)),
    ("return_length", ANY, Pointer(Decimal, 4)),
    // Waiting.
    ("event_type", ANY, Number(One(EVENT_TYPES))),
    ("timer_type", ANY, Number(One(TIMER_TYPES))),
    ("wait_type", ANY, Number(One(WAIT_TYPES))),
    ("handles", &["NtWaitForMultipleObjects"], Handles("count")),
    ("count", ANY, Number(Decimal)),
    ("count", &["NtGetWriteWatch"], Pointer(Decimal, 8)),
    ("initial_count", ANY, Number(Signed)),
    ("maximum_count", ANY, Number(Signed)),
    ("period", ANY, Number(Decimal)),
    (
        "previous_state",
        &["NtSetThreadExecutionState"],
        Pointer(Flags(EXECUTION_STATES), 4),
    ),
    (
        "previous_state",
        &["NtCancelTimer", "NtSetTimer"],
        Pointer(Bool, 1),
    ),
    ("previous_state", ANY, Pointer(Signed, 4)),
    ("previous_count", ANY, Pointer(Signed, 4)),
    ("thread_id", ANY, Number(Decimal)),
    // Threads and processes.
    (
        "flags",
        &["NtCreateThreadEx"],
        Number(Flags(THREAD_CREATE_FLAGS)),
    ),
    ("thread_flags", ANY, Number(Flags(THREAD_CREATE_FLAGS))),
    ("process_flags", ANY, Number(Flags(PROCESS_CREATE_FLAGS))),
    (
        "state",
        &["NtSetThreadExecutionState"],
        Number(Flags(EXECUTION_STATES)),
    ),
    ("client_id", ANY, ClientId),
    ("context", ANY, Context),
    ("record", ANY, Record),
    // Memory.
    ("base", ANY, Pointer(Hex, 8)),
    ("size", ANY, Pointer(Hex, 8)),
    ("offset", ANY, Pointer(Hex, 8)),
    ("protection", ANY, Number(Flags(PROTECTIONS))),
    ("old_protection", ANY, Pointer(Flags(PROTECTIONS), 4)),
    (
        "allocation_type",
        &["NtMapViewOfSection", "NtMapViewOfSectionEx"],
        Number(Flags(MAP_FLAGS)),
    ),
    ("allocation_type", ANY, Number(Flags(ALLOCATION_FLAGS))),
    ("allocation", ANY, Number(Flags(SECTION_FLAGS))),
    ("free_type", ANY, Number(Flags(FREE_FLAGS))),
    ("map_type", ANY, Number(Flags(LOCK_FLAGS))),
    (
        "flags",
        &["NtUnmapViewOfSectionEx"],
        Number(Flags(UNMAP_FLAGS)),
    ),
    ("inherit", ANY, Number(One(VIEW_INHERITANCE))),
    (
        "buffer",
        &["NtReadVirtualMemory", "NtWriteVirtualMemory"],
        Bytes("size"),
    ),
    // Files.
    (
        "result",
        &["NtAccessCheck", "NtAccessCheckAndAuditAlarm"],
        Pointer(Shown::Status, 4),
    ),
    ("result", &["NtPrivilegeCheck"], Pointer(Bool, 1)),
    ("result", &["NtLoadKeyEx"], Meaning::Address),
    ("result", ANY, IoStatus),
    (
        "key",
        &[
            "NtReadFile",
            "NtReadFileScatter",
            "NtWriteFile",
            "NtWriteFileGather",
        ],
        Pointer(Hex, 4),
    ),
    ("key", &["NtRemoveIoCompletion"], Pointer(Hex, 8)),
    ("value", &["NtRemoveIoCompletion"], Pointer(Hex, 8)),
    ("range_offset", ANY, Pointer(Hex, 8)),
    ("range_length", ANY, Pointer(Hex, 8)),
    ("allocation_size", ANY, Pointer(Hex, 8)),
    ("share", ANY, Number(Flags(SHARE_FLAGS))),
    ("file_attributes", ANY, Number(Flags(FILE_ATTRIBUTES))),
    ("disposition", &["NtCreateFile"], Number(One(DISPOSITIONS))),
    (
        "options",
        &["NtCreateFile", "NtOpenFile"],
        Number(Flags(FILE_OPTIONS)),
    ),
    (
        "filter",
        &["NtNotifyChangeDirectoryFile"],
        Number(Flags(FILE_CHANGE_FILTERS)),
    ),
    ("security_information", ANY, Number(Flags(SECURITY_PARTS))),
    // Keys.
    (
        "options",
        &[
            "NtCreateKey",
            "NtCreateKeyTransacted",
            "NtOpenKeyEx",
            "NtOpenKeyTransactedEx",
        ],
        Number(Flags(KEY_OPTIONS)),
    ),
    (
        "disposition",
        &["NtCreateKey", "NtCreateKeyTransacted"],
        Pointer(One(KEY_DISPOSITIONS), 4),
    ),
    ("value_type", ANY, Number(One(VALUE_TYPES))),
    ("filter", ANY, Number(Flags(CHANGE_FILTERS))),
    (
        "index",
        &["NtEnumerateKey", "NtEnumerateValueKey"],
        Number(Decimal),
    ),
    (
        "buffer_length",
        &["NtQueryMultipleValueKey"],
        Pointer(Decimal, 4),
    ),
    (
        "flags",
        &["NtFlushBuffersFileEx"],
        Number(Flags(FLUSH_FLAGS)),
    ),
    // Tokens.
    ("token_type", ANY, Number(One(TOKEN_TYPES))),
    ("flags", &["NtFilterToken"], Number(Flags(FILTER_FLAGS))),
    ("equal", ANY, Pointer(Bool, 1)),
    ("granted_access", ANY, Pointer(Access(Rights::UNKNOWN), 4)),
    ("privileges_length", ANY, Pointer(Decimal, 4)),
    ("luid", ANY, Pointer(Hex, 8)),
    // The system.
    ("time", &["NtAllocateUuids"], Pointer(Hex, 8)),
    ("time", ANY, Pointer(Time, 8)),
    ("range", ANY, Pointer(Decimal, 4)),
    ("sequence", ANY, Pointer(Decimal, 4)),
    ("coarsest", ANY, Pointer(Decimal, 4)),
    ("finest", ANY, Pointer(Decimal, 4)),
    ("current", ANY, Pointer(Decimal, 4)),
    ("previous_time", ANY, Pointer(Time, 8)),
    ("counter", ANY, Pointer(Decimal, 8)),
    ("frequency", ANY, Pointer(Decimal, 8)),
    ("input", ANY, Bytes("input_length")),
    ("name", &["NtAddAtom", "NtFindAtom"], Bytes("length")),
    ("atom", ANY, Pointer(Hex, 2)),
    ("section_type", ANY, Number(One(NLS_SECTION_TYPES))),
    ("section_id", ANY, Number(Decimal)),
    ("pointer", &["NtGetNlsSectionPtr"], Pointer(Hex, 8)),
    ("casing_size", ANY, Pointer(Hex, 8)),
    ("locale", ANY, Pointer(Hex, 4)),
    ("language", ANY, Pointer(Hex, 2)),
    // What is passed with its length, unless that is elsewhere.
    (
        "buffer",
        &["NtQueryMultipleValueKey", "NtQuerySystemEnvironmentValueEx"],
        Meaning::Address,
    ),
    ("buffer", ANY, Bytes("length")),
];

/// Services with information classes, and the classes.
pub(super) const CLASSES: &[(&str, Names)] = &[
    ("VolumeInformationFile", VOLUME_CLASSES),
    ("InformationFile", FILE_CLASSES),
    ("NtQueryInformationAtom", ATOM_CLASSES),
    ("NtQueryDirectoryFile", FILE_CLASSES),
    ("InformationJobObject", JOB_CLASSES),
    ("NtQueryKey", KEY_CLASSES),
    ("NtEnumerateKey", KEY_CLASSES),
    ("NtSetInformationKey", KEY_SET_CLASSES),
    ("NtQueryValueKey", KEY_VALUE_CLASSES),
    ("NtEnumerateValueKey", KEY_VALUE_CLASSES),
    ("InformationProcess", PROCESS_CLASSES),
    ("InformationThread", THREAD_CLASSES),
    ("InformationToken", TOKEN_CLASSES),
    ("InformationVirtualMemory", VIRTUAL_MEMORY_CLASSES),
    ("NtQueryVirtualMemory", MEMORY_CLASSES),
    ("NtQuerySection", SECTION_CLASSES),
    ("NtQueryObject", OBJECT_CLASSES),
    ("NtSetInformationObject", OBJECT_CLASSES),
    ("NtQueryEvent", EVENT_CLASSES),
    ("NtQueryIoCompletion", IO_COMPLETION_CLASSES),
    ("NtQuerySemaphore", SEMAPHORE_CLASSES),
    ("NtQueryMutant", MUTANT_CLASSES),
    ("NtQueryTimer", TIMER_CLASSES),
    ("NtQuerySystemInformation", SYSTEM_CLASSES),
    ("NtQuerySystemInformationEx", SYSTEM_CLASSES),
    ("NtSetSystemInformation", SYSTEM_CLASSES),
    ("NtPowerInformation", POWER_CLASSES),
    ("NtSystemDebugControl", DEBUG_COMMANDS),
];

/// What a new handle is called in the list, and the rights on it.
pub(super) const RIGHTS: &[(&str, Rights)] = &[
    ("directory", Rights::DIRECTORY),
    ("link", Rights::SYMBOLIC_LINK),
    ("event", Rights::EVENT),
    ("semaphore", Rights::SEMAPHORE),
    ("mutant", Rights::MUTANT),
    ("timer", Rights::TIMER),
    ("section", Rights::SECTION),
    ("file", Rights::FILE),
    ("key", Rights::KEY),
    ("process", Rights::PROCESS),
    ("thread", Rights::THREAD),
    ("job", Rights::JOB),
    ("token", Rights::TOKEN),
    ("new_token", Rights::TOKEN),
];
