//! What is listed of the whole system: processes and handles.

use crate::io::UnicodeString;
use crate::process::IoCounters;
use crate::thread::SystemThreadInformation;

layout! {
    /// `SYSTEM_PROCESS_INFORMATION`; its threads and its name come behind it, then, at
    /// a multiple of 8 bytes, the next one.
    pub struct SystemProcessInformation, size 0x100 {
        /// Bytes from here to the next; 0: this is the last.
        0x00 next_entry_offset: u32,
        /// Threads that have not ended.
        0x04 thread_count: u32,
        /// Private resident memory.
        0x08 private_working_set_bytes: i64,
        /// Faults that took reading.
        0x10 hard_faults: u32,
        /// The most threads so far; not counted.
        0x14 thread_count_peak: u32,
        /// Cycles that its threads used.
        0x18 cycles: u64,
        /// Since 1601.
        0x20 create_time_100ns: i64,
        /// In user mode.
        0x28 user_time_100ns: i64,
        /// In the kernel.
        0x30 kernel_time_100ns: i64,
        /// Its program's file, without folders; the address is in the same buffer.
        0x38 image_name: UnicodeString,
        /// Of its threads.
        0x48 base_priority: i32,
        /// Padding.
        0x4c reserved_4c: u32,
        /// Its number.
        0x50 process_id: u64,
        /// Who created it; 0: the kernel.
        0x58 parent_id: u64,
        /// Its handles.
        0x60 handle_count: u32,
        /// Its session.
        0x64 session_id: u32,
        /// For looking it up; its number here.
        0x68 unique_key: u64,
        /// Most addresses that were taken.
        0x70 peak_virtual_bytes: u64,
        /// Addresses that are taken.
        0x78 virtual_bytes: u64,
        /// Page faults.
        0x80 page_faults: u32,
        /// Padding.
        0x84 reserved_84: u32,
        /// Most resident memory.
        0x88 peak_working_set_bytes: u64,
        /// Resident memory.
        0x90 working_set_bytes: u64,
        /// Shares of the kernel's pools; not charged.
        0x98 pool_usage: [u64; 4],
        /// Promised memory.
        0xb8 pagefile_bytes: u64,
        /// The most that was.
        0xc0 peak_pagefile_bytes: u64,
        /// Promised memory, in pages by name and in bytes by what is in it.
        0xc8 private_bytes: u64,
        /// Requests to files and devices, and the bytes they moved.
        0xd0 io: IoCounters,
    }
}

layout! {
    /// `SYSTEM_EXTENDED_THREAD_INFORMATION`.
    pub struct SystemExtendedThreadInformation, size 0x88 {
        /// What the plain list says.
        0x00 thread: SystemThreadInformation,
        /// Its stack in the kernel: 0, not for programs to know.
        0x50 stack_base: u64,
        /// As before.
        0x58 stack_limit: u64,
        /// Where its program told it to start.
        0x60 win32_start_address: u64,
        /// Its TEB.
        0x68 teb: u64,
        /// For the system.
        0x70 reserved_70: [u64; 3],
    }
}

layout! {
    /// `SYSTEM_HANDLE_TABLE_ENTRY_INFO`.
    pub struct SystemHandleTableEntryInfo, size 0x18 {
        /// Low half of its process's number.
        0x00 process_id: u16,
        /// Who made it; not noted.
        0x02 creator_back_trace: u16,
        /// NT's number of the object's type.
        0x04 object_type_index: u8,
        /// Whether it is inherited and protected.
        0x05 handle_attributes: u8,
        /// Low half of its value.
        0x06 handle: u16,
        /// Where the object is: 0, not for programs to know.
        0x08 object: u64,
        /// What its holder may do.
        0x10 granted_access: u32,
        /// Padding.
        0x14 reserved_14: u32,
    }
}

layout! {
    /// `SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX`.
    pub struct SystemHandleTableEntryInfoEx, size 0x28 {
        /// Where the object is: 0, not for programs to know.
        0x00 object: u64,
        /// Its process's number.
        0x08 process_id: u64,
        /// Its value.
        0x10 handle: u64,
        /// What its holder may do.
        0x18 granted_access: u32,
        /// Who made it; not noted.
        0x1c creator_back_trace: u16,
        /// NT's number of the object's type.
        0x1e object_type_index: u16,
        /// Whether it is inherited and protected.
        0x20 handle_attributes: u32,
        /// Padding.
        0x24 reserved_24: u32,
    }
}
