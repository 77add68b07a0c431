//! Access masks (NT `winnt.h`): what a handle allows.

/// Wait for the object.
pub const SYNCHRONIZE: u32 = 0x0010_0000;
/// Everything that can be granted.
pub const MAXIMUM_ALLOWED: u32 = 0x0200_0000;
/// All of the type's rights.
pub const GENERIC_ALL: u32 = 0x1000_0000;
/// The type's rights to execute.
pub const GENERIC_EXECUTE: u32 = 0x2000_0000;
/// The type's rights to write.
pub const GENERIC_WRITE: u32 = 0x4000_0000;
/// The type's rights to read.
pub const GENERIC_READ: u32 = 0x8000_0000;
/// Standard rights to read.
pub const STANDARD_RIGHTS_READ: u32 = 0x0002_0000;
/// Standard rights to write.
pub const STANDARD_RIGHTS_WRITE: u32 = 0x0002_0000;
/// Standard rights to execute.
pub const STANDARD_RIGHTS_EXECUTE: u32 = 0x0002_0000;
pub const EVENT_QUERY_STATE: u32 = 1;
pub const EVENT_MODIFY_STATE: u32 = 2;
pub const EVENT_ALL_ACCESS: u32 = 0x1F_0003;
pub const SEMAPHORE_QUERY_STATE: u32 = 1;
pub const SEMAPHORE_MODIFY_STATE: u32 = 2;
pub const SEMAPHORE_ALL_ACCESS: u32 = 0x1F_0003;
pub const MUTANT_QUERY_STATE: u32 = 1;
pub const MUTANT_ALL_ACCESS: u32 = 0x1F_0001;
pub const TIMER_QUERY_STATE: u32 = 1;
pub const TIMER_MODIFY_STATE: u32 = 2;
pub const TIMER_ALL_ACCESS: u32 = 0x1F_0003;
pub const KEYEDEVENT_WAIT: u32 = 1;
pub const KEYEDEVENT_WAKE: u32 = 2;
pub const KEYEDEVENT_ALL_ACCESS: u32 = 0xF_0003;
pub const PROCESS_TERMINATE: u32 = 0x0001;
pub const PROCESS_CREATE_THREAD: u32 = 0x0002;
pub const PROCESS_VM_OPERATION: u32 = 0x0008;
pub const PROCESS_VM_READ: u32 = 0x0010;
pub const PROCESS_VM_WRITE: u32 = 0x0020;
pub const PROCESS_DUP_HANDLE: u32 = 0x0040;
pub const PROCESS_CREATE_PROCESS: u32 = 0x0080;
pub const PROCESS_SET_QUOTA: u32 = 0x0100;
pub const PROCESS_SET_INFORMATION: u32 = 0x0200;
pub const PROCESS_QUERY_INFORMATION: u32 = 0x0400;
pub const PROCESS_SUSPEND_RESUME: u32 = 0x0800;
pub const PROCESS_QUERY_LIMITED_INFORMATION: u32 = 0x1000;
pub const PROCESS_ALL_ACCESS: u32 = 0x1F_FFFF;
pub const THREAD_TERMINATE: u32 = 0x0001;
pub const THREAD_SUSPEND_RESUME: u32 = 0x0002;
pub const THREAD_ALERT: u32 = 0x0004;
pub const THREAD_GET_CONTEXT: u32 = 0x0008;
pub const THREAD_SET_CONTEXT: u32 = 0x0010;
pub const THREAD_SET_INFORMATION: u32 = 0x0020;
pub const THREAD_QUERY_INFORMATION: u32 = 0x0040;
pub const THREAD_SET_LIMITED_INFORMATION: u32 = 0x0400;
pub const THREAD_QUERY_LIMITED_INFORMATION: u32 = 0x0800;
pub const THREAD_RESUME: u32 = 0x1000;
pub const THREAD_ALL_ACCESS: u32 = 0x1F_FFFF;
