//! All processes, with their threads and names.

use abi::NtStatus;
use abi::io::UnicodeString;
use abi::system::*;
use executive::process::{Process, Thread};
use executive::totals::totals;
use zerocopy::FromZeros;

use super::list::{Bytes, for_each_process};
use crate::call::{Outcome, refused};
use crate::process::{SESSION, io_counters, vm_counters};
use crate::query::Query;
use crate::thread::system_thread_information;
use crate::usage::kernel_user_times;

/// Answers with the list. Its first entry is what idles, as NT has it.
pub(super) fn processes(query: &Query) -> Outcome {
    let mut list = List {
        bytes: Bytes::new(),
        last: 0,
        buffer: query.buffer,
        is_extended: query.class == SYSTEM_EXTENDED_PROCESS_INFORMATION,
    };
    list.begin(&idle())?;
    for_each_process(|process| list.add(process))?;
    query.answer_all(&list.bytes.0, NtStatus::INFO_LENGTH_MISMATCH)
}

/// What nobody else does.
fn idle() -> SystemProcessInformation {
    let totals = totals();
    let mut information = SystemProcessInformation::new_zeroed();
    information.cycles = totals.idle_cycles;
    information.kernel_time_100ns = i64::try_from(totals.idle_100ns).unwrap_or(i64::MAX);
    information
}

struct List {
    bytes: Bytes,
    /// Where the last entry begins.
    last: usize,
    /// Where all of it will be.
    buffer: u64,
    is_extended: bool,
}

impl List {
    /// Begins another entry.
    fn begin(&mut self, information: &SystemProcessInformation) -> Result<(), NtStatus> {
        self.bytes.align()?;
        let start = self.bytes.0.len();
        if start > 0 {
            let offset = start.saturating_sub(self.last);
            let offset = u32::try_from(offset).map_err(|_| NtStatus::INSUFFICIENT_RESOURCES)?;
            // It is what an entry begins with.
            self.bytes.replace(self.last, &offset);
        }
        self.last = start;
        self.bytes.put(information)
    }

    fn add(&mut self, process: &Process) -> Result<(), NtStatus> {
        let threads = process.threads().map_err(refused)?;
        let mut information = information(process);
        information.thread_count = u32::try_from(threads.len()).unwrap_or(u32::MAX);
        self.begin(&information)?;
        for thread in &threads {
            match self.is_extended {
                true => self.bytes.put(&extended(thread))?,
                false => self.bytes.put(&system_thread_information(thread))?,
            }
        }
        self.put_name(information, process.name())
    }

    /// Puts the name behind the threads, with a terminator.
    fn put_name(
        &mut self,
        mut information: SystemProcessInformation,
        name: &str,
    ) -> Result<(), NtStatus> {
        let start = self.bytes.0.len();
        let file = name.rsplit('/').next().unwrap_or(name);
        for unit in file.encode_utf16() {
            self.bytes.put(&unit)?;
        }
        let bytes = self.bytes.0.len().saturating_sub(start);
        self.bytes.put(&0_u16)?;
        let length_bytes = u16::try_from(bytes).map_err(|_| NtStatus::NAME_TOO_LONG)?;
        let offset = u64::try_from(start).unwrap_or(u64::MAX);
        information.image_name = UnicodeString {
            length_bytes,
            maximum_length_bytes: length_bytes.saturating_add(2),
            reserved_04: 0,
            buffer: self.buffer.wrapping_add(offset),
        };
        self.bytes.replace(self.last, &information);
        Ok(())
    }
}

fn information(process: &Process) -> SystemProcessInformation {
    let times = kernel_user_times(process.times(), process.used());
    let all = vm_counters(process);
    let memory = all.counters.counters;
    let mut information = SystemProcessInformation::new_zeroed();
    information.private_working_set_bytes =
        i64::try_from(all.private_working_set_bytes).unwrap_or(i64::MAX);
    information.cycles = process.used().cycles();
    information.create_time_100ns = times.create_time_100ns;
    information.user_time_100ns = times.user_time_100ns;
    information.kernel_time_100ns = times.kernel_time_100ns;
    information.base_priority = process.base_priority().level().into();
    information.process_id = process.id();
    information.parent_id = process.parent_id();
    information.handle_count = process.handles().count();
    information.session_id = SESSION;
    information.unique_key = process.id();
    information.peak_virtual_bytes = memory.peak_virtual_bytes;
    information.virtual_bytes = memory.virtual_bytes;
    information.page_faults = memory.page_faults;
    information.peak_working_set_bytes = memory.peak_working_set_bytes;
    information.working_set_bytes = memory.working_set_bytes;
    information.pagefile_bytes = memory.pagefile_bytes;
    information.peak_pagefile_bytes = memory.peak_pagefile_bytes;
    information.private_bytes = all.counters.private_bytes;
    information.io = io_counters(process.io_counts());
    information
}

fn extended(thread: &Thread) -> SystemExtendedThreadInformation {
    let mut information = SystemExtendedThreadInformation::new_zeroed();
    information.thread = system_thread_information(thread);
    information.win32_start_address = thread.settings().start_address.get();
    information.teb = thread.environment_block();
    information
}
