//! An access mask by the names of its rights.

use core::fmt;

use super::names::{Flags, Names, names};
use crate::access::*;
use crate::file::*;

/// An ACCESS_MASK for objects of a type: all its rights by name.
#[derive(Clone, Copy, Debug)]
pub struct Access(pub u32, pub Rights);

/// The rights that types have of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights(Names);

/// Of any type; those that stand for several rights first.
const COMMON: Names = names! {
    STANDARD_RIGHTS_ALL STANDARD_RIGHTS_REQUIRED
    GENERIC_READ GENERIC_WRITE GENERIC_EXECUTE GENERIC_ALL MAXIMUM_ALLOWED
    ACCESS_SYSTEM_SECURITY SYNCHRONIZE WRITE_OWNER WRITE_DAC READ_CONTROL DELETE
};

impl Rights {
    /// Of a type that is not known.
    pub const UNKNOWN: Self = Self(Names(&[]));
    /// Of directories.
    pub const DIRECTORY: Self = Self(names! {
        DIRECTORY_ALL_ACCESS DIRECTORY_QUERY DIRECTORY_TRAVERSE DIRECTORY_CREATE_OBJECT
        DIRECTORY_CREATE_SUBDIRECTORY
    });
    /// Of symbolic links.
    pub const SYMBOLIC_LINK: Self = Self(names! {
        SYMBOLIC_LINK_ALL_ACCESS_EX SYMBOLIC_LINK_ALL_ACCESS SYMBOLIC_LINK_QUERY SYMBOLIC_LINK_SET
    });
    /// Of events.
    pub const EVENT: Self = Self(names! {
        EVENT_ALL_ACCESS EVENT_QUERY_STATE EVENT_MODIFY_STATE
    });
    /// Of semaphores.
    pub const SEMAPHORE: Self = Self(names! {
        SEMAPHORE_ALL_ACCESS SEMAPHORE_QUERY_STATE SEMAPHORE_MODIFY_STATE
    });
    /// Of mutants.
    pub const MUTANT: Self = Self(names! { MUTANT_ALL_ACCESS MUTANT_QUERY_STATE });
    /// Of timers.
    pub const TIMER: Self = Self(names! {
        TIMER_ALL_ACCESS TIMER_QUERY_STATE TIMER_MODIFY_STATE
    });
    /// Of completion ports.
    pub const IO_COMPLETION: Self = Self(names! {
        IO_COMPLETION_ALL_ACCESS IO_COMPLETION_QUERY_STATE IO_COMPLETION_MODIFY_STATE
    });
    /// Of keyed events.
    pub const KEYED_EVENT: Self = Self(names! {
        KEYEDEVENT_ALL_ACCESS KEYEDEVENT_WAIT KEYEDEVENT_WAKE
    });
    /// Of sections.
    pub const SECTION: Self = Self(names! {
        SECTION_ALL_ACCESS SECTION_QUERY SECTION_MAP_WRITE SECTION_MAP_READ SECTION_MAP_EXECUTE
        SECTION_EXTEND_SIZE SECTION_MAP_EXECUTE_EXPLICIT
    });
    /// Of files.
    pub const FILE: Self = Self(names! {
        FILE_ALL_ACCESS FILE_GENERIC_READ FILE_GENERIC_WRITE FILE_GENERIC_EXECUTE FILE_READ_DATA
        FILE_WRITE_DATA FILE_APPEND_DATA FILE_READ_EA FILE_WRITE_EA FILE_EXECUTE FILE_DELETE_CHILD
        FILE_READ_ATTRIBUTES FILE_WRITE_ATTRIBUTES
    });
    /// Of processes.
    pub const PROCESS: Self = Self(names! {
        PROCESS_ALL_ACCESS PROCESS_TERMINATE PROCESS_CREATE_THREAD PROCESS_SET_SESSIONID
        PROCESS_VM_OPERATION PROCESS_VM_READ PROCESS_VM_WRITE PROCESS_DUP_HANDLE
        PROCESS_CREATE_PROCESS PROCESS_SET_QUOTA PROCESS_SET_INFORMATION PROCESS_QUERY_INFORMATION
        PROCESS_SUSPEND_RESUME PROCESS_QUERY_LIMITED_INFORMATION PROCESS_SET_LIMITED_INFORMATION
    });
    /// Of threads.
    pub const THREAD: Self = Self(names! {
        THREAD_ALL_ACCESS THREAD_TERMINATE THREAD_SUSPEND_RESUME THREAD_ALERT THREAD_GET_CONTEXT
        THREAD_SET_CONTEXT THREAD_SET_INFORMATION THREAD_QUERY_INFORMATION THREAD_SET_THREAD_TOKEN
        THREAD_IMPERSONATE THREAD_DIRECT_IMPERSONATION THREAD_SET_LIMITED_INFORMATION
        THREAD_QUERY_LIMITED_INFORMATION THREAD_RESUME
    });
    /// Of jobs.
    pub const JOB: Self = Self(names! {
        JOB_OBJECT_ALL_ACCESS JOB_OBJECT_ASSIGN_PROCESS JOB_OBJECT_SET_ATTRIBUTES JOB_OBJECT_QUERY
        JOB_OBJECT_TERMINATE JOB_OBJECT_SET_SECURITY_ATTRIBUTES JOB_OBJECT_IMPERSONATE
    });
    /// Of tokens.
    pub const TOKEN: Self = Self(names! {
        TOKEN_ALL_ACCESS TOKEN_ASSIGN_PRIMARY TOKEN_DUPLICATE TOKEN_IMPERSONATE TOKEN_QUERY
        TOKEN_QUERY_SOURCE TOKEN_ADJUST_PRIVILEGES TOKEN_ADJUST_GROUPS TOKEN_ADJUST_DEFAULT
        TOKEN_ADJUST_SESSIONID
    });

    /// Of keys.
    pub const KEY: Self = Self(names! {
        KEY_ALL_ACCESS KEY_READ KEY_WRITE KEY_QUERY_VALUE KEY_SET_VALUE KEY_CREATE_SUB_KEY
        KEY_ENUMERATE_SUB_KEYS KEY_NOTIFY KEY_CREATE_LINK KEY_WOW64_64KEY KEY_WOW64_32KEY
    });

    /// The rights a mask holds by the type's names, and the bits that are left.
    fn take(self, mask: u32) -> (u32, u32) {
        let taken = self.0.0.iter().fold(mask, |left, &(right, _)| {
            if left & right == right {
                left & !right
            } else {
                left
            }
        });
        (mask & !taken, taken)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(mask, rights) = *self;
        match rights.take(mask) {
            (own, 0) => Flags(own, rights.0).fmt(f),
            (0, common) => Flags(common, COMMON).fmt(f),
            (own, common) => write!(f, "{}|{}", Flags(own, rights.0), Flags(common, COMMON)),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{Access, Rights};
    use std::string::ToString;

    #[test]
    fn rights_of_the_type_come_first() {
        for (mask, text) in [
            (0, "0"),
            (0x3, "EVENT_QUERY_STATE|EVENT_MODIFY_STATE"),
            (0x1F_0003, "EVENT_ALL_ACCESS"),
            (0x10_0002, "EVENT_MODIFY_STATE|SYNCHRONIZE"),
            (0x8010_0000, "GENERIC_READ|SYNCHRONIZE"),
            (0x200_0000, "MAXIMUM_ALLOWED"),
            (0x3_0004, "READ_CONTROL|DELETE|0x4"),
            (
                0x100F_0001,
                "EVENT_QUERY_STATE|STANDARD_RIGHTS_REQUIRED|GENERIC_ALL",
            ),
        ] {
            assert_eq!(Access(mask, Rights::EVENT).to_string(), text);
        }
        assert_eq!(
            Access(0x1F_0003, Rights::UNKNOWN).to_string(),
            "STANDARD_RIGHTS_ALL|0x3"
        );
    }
}
