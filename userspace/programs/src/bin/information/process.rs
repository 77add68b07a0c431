//! What processes say of themselves and each other.
use abi::access::MAXIMUM_ALLOWED;
use abi::io::CURRENT_PROCESS;
use abi::process::*;
use abi::section::SectionImageInformation;
use abi::thread::GroupAffinity;
use nt::information::{Of, query, query_bytes, query_with, set, set_bytes};
use nt::memory::Memory;
use nt::process::{self, spawn};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program};

pub fn check(program: &Program) {
    of_oneself(program);
    of_another(program);
    counters(program);
    handles(program);
    policies(program);
    settings(program);
    what_there_is_not(program);
    window(program);
}

fn ask<T: zerocopy::FromBytes + zerocopy::IntoBytes>(program: &Program, class: u32) -> T {
    program.done("a question", query(Of::Process, CURRENT_PROCESS, class))
}

fn of_oneself(program: &Program) {
    let peb = nt::program::peb();
    let basic = ask::<ProcessBasicInformation>(program, PROCESS_BASIC_INFORMATION);
    program.check("its PEB", basic.peb, nt::program::teb().peb);
    program.check("its base priority", basic.base_priority, 8);
    let mut request = abi::process::ProcessExtendedBasicInformation {
        length_bytes: 0x40,
        basic,
        flags: u32::MAX,
        reserved_3c: 0,
    };
    let extended = |request| {
        query_with::<ProcessExtendedBasicInformation>(
            Of::Process,
            CURRENT_PROCESS,
            PROCESS_BASIC_INFORMATION,
            request,
        )
    };
    let answer = program.done("extended", extended(request));
    program.check("the same", answer.basic.process_id, basic.process_id);
    program.check("no flags", answer.flags, 0);
    request.length_bytes = 0x3F;
    let refused = extended(request).err();
    program.check(
        "another structure",
        refused,
        Some(NtStatus::INVALID_PARAMETER),
    );
    program.check("no debugger", ask::<u64>(program, PROCESS_DEBUG_PORT), 0);
    let mut handle = [0xA5; 8];
    let (status, _) = query_bytes(
        Of::Process,
        CURRENT_PROCESS,
        PROCESS_DEBUG_OBJECT_HANDLE,
        &mut handle,
    );
    program.check(
        "no debug object",
        (status, handle),
        (NtStatus::PORT_NOT_SET, [0; 8]),
    );
    program.check("not debugged", ask::<u32>(program, PROCESS_DEBUG_FLAGS), 1);
    program.check(
        "its session",
        ask::<u32>(program, PROCESS_SESSION_INFORMATION),
        peb.session_id,
    );
    program.check("64 bits", ask::<u64>(program, PROCESS_WOW64_INFORMATION), 0);
    let cookie = ask::<u32>(program, PROCESS_COOKIE);
    program.check("its cookie", ask::<u32>(program, PROCESS_COOKIE), cookie);
    let affinity = ask::<GroupAffinity>(program, PROCESS_AFFINITY_MASK);
    program.check("its processors", (affinity.mask, affinity.group), (1, 0));
    let mut groups = [0xA5; 4];
    let answer = query_bytes(
        Of::Process,
        CURRENT_PROCESS,
        PROCESS_GROUP_INFORMATION,
        &mut groups,
    );
    program.check(
        "its group",
        (answer, groups),
        ((NtStatus::SUCCESS, 2), [0, 0, 0xA5, 0xA5]),
    );
    let image = ask::<SectionImageInformation>(program, PROCESS_IMAGE_INFORMATION);
    program.check("its machine", image.machine, 0x8664);
    program.check("its subsystem", image.subsystem, peb.image_subsystem);
    program.require("its entry", image.transfer_address > peb.image_base);
    for class in [PROCESS_DEFAULT_CPU_SETS, PROCESS_ALLOWED_CPU_SETS] {
        let answer = query_bytes(Of::Process, CURRENT_PROCESS, class, &mut []);
        program.check("no sets", answer, (NtStatus::SUCCESS, 0));
    }
}

fn of_another(program: &Program) {
    let made = process::create("exit.exe", "exit.exe 7", 0, process::SUSPENDED);
    let created = program.done("a process", made);
    let other = created.process.raw();
    let cookie = query::<u32>(Of::Process, other, PROCESS_COOKIE);
    program.check(
        "its cookie is its own",
        cookie,
        Err(NtStatus::INVALID_PARAMETER),
    );
    let vm = program.done("its memory", query::<VmCounters>(Of::Process, other, 3));
    program.require(
        "it has some",
        vm.working_set_bytes > 0 && vm.pagefile_bytes > 0,
    );
    program.check("go on", nt::thread::resume(&created.thread), Ok(1));
    program.check(
        "its end",
        sync::wait(&created.process, None),
        NtStatus::WAIT_0,
    );
    let vm = program.done("what is left", query::<VmCounters>(Of::Process, other, 3));
    let left = [vm.working_set_bytes, vm.pagefile_bytes, vm.virtual_bytes];
    program.check("nothing", left, [0; 3]);
    program.require("but its peaks", vm.peak_working_set_bytes > 0);
    program.require("both", vm.peak_pagefile_bytes > 0);
    let handles = query::<ProcessHandleCount>(Of::Process, other, PROCESS_HANDLE_COUNT);
    let handles = program.done("its handles", handles);
    program.check("are closed", handles.count, 0);
    let basic = program.done("what it left", process::basic_information(other));
    program.check("its status", basic.exit_status, NtStatus(7));
    let line = query_bytes(
        Of::Process,
        other,
        PROCESS_COMMAND_LINE_INFORMATION,
        &mut [0; 64],
    )
    .0;
    program.check("its command line is gone", line, NtStatus::PARTIAL_COPY);
}

fn counters(program: &Program) {
    const BYTES: u64 = 0x10_0000;
    let before = ask::<VmCountersEx2>(program, PROCESS_VM_COUNTERS);
    let mut memory = program.done("memory", Memory::committed(BYTES));
    memory.write(0, 1);
    memory.write(0x5000, 1);
    let after = ask::<VmCountersEx2>(program, PROCESS_VM_COUNTERS);
    let (one, other) = (before.counters.counters, after.counters.counters);
    program.check("addresses", other.virtual_bytes - one.virtual_bytes, BYTES);
    program.check(
        "commitment",
        other.pagefile_bytes - one.pagefile_bytes,
        BYTES,
    );
    program.check(
        "private",
        after.counters.private_bytes,
        other.pagefile_bytes,
    );
    program.require(
        "resident",
        other.working_set_bytes >= one.working_set_bytes + 0x2000,
    );
    let private = after.private_working_set_bytes - before.private_working_set_bytes;
    program.check("of its own", private, 0x2000);
    program.require("faults", other.page_faults >= one.page_faults + 2);
    program.require("peak", other.peak_pagefile_bytes >= other.pagefile_bytes);
    program.done("give it back", memory.release());
    let last = ask::<VmCounters>(program, PROCESS_VM_COUNTERS);
    program.check("as before", last.virtual_bytes, one.virtual_bytes);
    program.require(
        "its peak",
        last.peak_virtual_bytes >= one.virtual_bytes + BYTES,
    );
    program.check("as before", last.pagefile_bytes, one.pagefile_bytes);
    // Code that runs for the first time makes its own pages resident meanwhile.
    program.require(
        "less resident",
        last.working_set_bytes < other.working_set_bytes,
    );
    program.check(
        "the peak stays",
        last.peak_pagefile_bytes,
        other.peak_pagefile_bytes,
    );
    let pools = ask::<PooledUsageAndLimits>(program, PROCESS_POOLED_USAGE_AND_LIMITS);
    program.check(
        "the same commitment",
        pools.pagefile_bytes,
        last.pagefile_bytes,
    );
}

fn handles(program: &Program) {
    let count = || ask::<ProcessHandleCount>(program, PROCESS_HANDLE_COUNT);
    let before = count();
    program.check(
        "in short",
        ask::<u32>(program, PROCESS_HANDLE_COUNT),
        before.count,
    );
    let event = program.done("an event", sync::event(false, false));
    let more: [Handle; 3] = [(); 3].map(|()| program.done("a semaphore", sync::semaphore(1, 1)));
    program.check("four more", count().count, before.count + 4);
    let mut buffer = [0; 0x10 + 64 * 0x28];
    let (status, returned) = query_bytes(
        Of::Process,
        CURRENT_PROCESS,
        PROCESS_HANDLE_INFORMATION,
        &mut buffer,
    );
    let entries = count().count as usize;
    program.check("all of them", status, NtStatus::SUCCESS);
    program.check("their size", returned as usize, 0x10 + entries * 0x28);
    program.check("their number", word(&buffer, 0), entries as u64);
    let found = (0..entries).map(|number| 0x10 + number * 0x28);
    let found = found.filter(|at| word(&buffer, *at) == event.raw()).count();
    program.check("the event is among them", found, 1);
    let mut small = [0; 0x10];
    let (status, needed) = query_bytes(
        Of::Process,
        CURRENT_PROCESS,
        PROCESS_HANDLE_INFORMATION,
        &mut small,
    );
    program.check(
        "too short",
        (status, needed),
        (NtStatus::INFO_LENGTH_MISMATCH, returned),
    );
    let (status, returned) = query_bytes(
        Of::Process,
        CURRENT_PROCESS,
        PROCESS_HANDLE_TABLE,
        &mut buffer,
    );
    program.check(
        "their values",
        (status, returned),
        (NtStatus::SUCCESS, 4 * entries as u32),
    );
    let (status, _) = query_bytes(Of::Process, CURRENT_PROCESS, PROCESS_HANDLE_TABLE, &mut []);
    program.check("no room", status, NtStatus::BUFFER_TOO_SMALL);
    drop((event, more));
    let after = count();
    program.check("as before", after.count, before.count);
    program.require("the most", after.count_max >= before.count + 4);
}

fn word(bytes: &[u8], at: usize) -> u64 {
    let word = bytes[at..at + 8].try_into();
    word.map_or(u64::MAX, u64::from_le_bytes)
}

fn policies(program: &Program) {
    const CLASS: u32 = PROCESS_MITIGATION_POLICY;
    let flags = |policy: u32| {
        query_with::<[u32; 2]>(Of::Process, CURRENT_PROCESS, CLASS, [policy, u32::MAX])
    };
    program.check("data is not executed", flags(0), Ok([0, 3]));
    for policy in 1..18 {
        program.check("others are off", flags(policy), Ok([policy, 0]));
    }
    for policy in [18, u32::MAX] {
        program.check("no policy", flags(policy), Err(NtStatus::INVALID_PARAMETER));
    }
    let set = |policy: u32, flags: u32| set(Of::Process, CURRENT_PROCESS, CLASS, &[policy, flags]);
    program.check("as it is", set(0, 1), NtStatus::SUCCESS);
    program.check("no such promise", set(2, 1), NtStatus::NOT_SUPPORTED);
    program.check("no policy", set(18, 0), NtStatus::INVALID_PARAMETER);
}

fn settings(program: &Program) {
    let handle = crate::shape::handle(program, Of::Process, MAXIMUM_ALLOWED);
    let set = |class, value: u32| set(Of::Process, handle.raw(), class, &value);
    let number = |class| ask::<u32>(program, class);
    for (class, usual, other, beyond) in [
        (PROCESS_DEFAULT_HARD_ERROR_MODE, 0, 0x8003, None),
        (PROCESS_IO_PRIORITY, 2, 0, Some(4)),
        (PROCESS_PAGE_PRIORITY, 5, 2, Some(6)),
        (PROCESS_DEBUG_FLAGS, 1, 0, Some(2)),
        (PROCESS_PRIORITY_BOOST, 0, 1, None),
    ] {
        program.check("as usual", number(class), usual);
        program.check("set", set(class, other), NtStatus::SUCCESS);
        program.check("as it was set", number(class), other);
        if let Some(beyond) = beyond {
            program.check("beyond", set(class, beyond), NtStatus::INVALID_PARAMETER);
        }
        program.check("set back", set(class, usual), NtStatus::SUCCESS);
    }
    for (class, value, expected) in [
        (
            PROCESS_BREAK_ON_TERMINATION,
            1,
            NtStatus::PRIVILEGE_NOT_HELD,
        ),
        (PROCESS_SESSION_INFORMATION, 2, NtStatus::PRIVILEGE_NOT_HELD),
        (PROCESS_EXECUTE_FLAGS, 2, NtStatus::ACCESS_DENIED),
    ] {
        program.check("refused", (class, set(class, value)), (class, expected));
    }
    let own = |class, value: &[u8]| set_bytes(Of::Process, handle.raw(), class, value);
    for mask in [0_u64, 2, u64::MAX] {
        let status = own(PROCESS_AFFINITY_MASK, &mask.to_le_bytes());
        program.check("other processors", status, NtStatus::INVALID_PARAMETER);
    }
    error_mode_is_inherited(program, &set);
    working_set(program);
    let throttled = [1, 4, 4];
    let status = nt::information::set(Of::Process, CURRENT_PROCESS, 77, &throttled);
    program.check("throttling", status, NtStatus::SUCCESS);
    program.check("as it was set", ask::<[u32; 3]>(program, 77), throttled);
    for wrong in [[2_u32, 0, 0], [1, 8, 0], [1, 1, 2]] {
        let status = nt::information::set(Of::Process, CURRENT_PROCESS, 77, &wrong);
        program.check("no throttling", status, NtStatus::INVALID_PARAMETER);
    }
}

fn error_mode_is_inherited(program: &Program, set: &dyn Fn(u32, u32) -> NtStatus) {
    const CLASS: u32 = PROCESS_DEFAULT_HARD_ERROR_MODE;
    program.check("set", set(CLASS, 1), NtStatus::SUCCESS);
    let child = program.done("a process", spawn("nothing.exe", "nothing.exe"));
    let mode = query::<u32>(Of::Process, child.process.raw(), CLASS);
    program.check("the child's", mode, Ok(1));
    program.check("set back", set(CLASS, 0), NtStatus::SUCCESS);
    program.check(
        "its end",
        sync::wait(&child.process, None),
        NtStatus::WAIT_0,
    );
}

fn working_set(program: &Program) {
    let mut limits = ask::<QuotaLimits>(program, PROCESS_QUOTA_LIMITS);
    let change = |limits: &QuotaLimits| {
        nt::information::set(Of::Process, CURRENT_PROCESS, PROCESS_QUOTA_LIMITS, limits)
    };
    limits.minimum_working_set_bytes = 0x5_0000;
    limits.maximum_working_set_bytes = 0x50_0000;
    program.check("set", change(&limits), NtStatus::SUCCESS);
    let after = ask::<QuotaLimits>(program, PROCESS_QUOTA_LIMITS);
    program.check("the least", after.minimum_working_set_bytes, 0x5_0000);
    program.check("the most", after.maximum_working_set_bytes, 0x50_0000);
    limits.minimum_working_set_bytes = 0x51_0000;
    program.check(
        "turned round",
        change(&limits),
        NtStatus::BAD_WORKING_SET_LIMIT,
    );
    limits.minimum_working_set_bytes = u64::MAX;
    limits.maximum_working_set_bytes = u64::MAX;
    program.check("empty it", change(&limits), NtStatus::SUCCESS);
    let after = ask::<QuotaLimits>(program, PROCESS_QUOTA_LIMITS);
    program.check("the most stays", after.maximum_working_set_bytes, 0x50_0000);
}

/// Classes of what nobody asked for or may have.
fn what_there_is_not(program: &Program) {
    for (class, status) in [
        (PROCESS_LDT_INFORMATION, NtStatus::NOT_IMPLEMENTED),
        (PROCESS_WORKING_SET_WATCH, NtStatus::UNSUCCESSFUL),
        (PROCESS_WORKING_SET_WATCH_EX, NtStatus::UNSUCCESSFUL),
        (PROCESS_HANDLE_TRACING, NtStatus::INVALID_PARAMETER),
    ] {
        let (asked, _) = query_bytes(Of::Process, CURRENT_PROCESS, class, &mut [0; 16]);
        program.check("what there is not", asked, status);
    }
    let unprivileged = NtStatus::PRIVILEGE_NOT_HELD;
    for (class, bytes, status) in [
        (PROCESS_EXCEPTION_PORT, &[0; 8][..], unprivileged),
        (PROCESS_ACCESS_TOKEN, &[0; 16], unprivileged),
        (PROCESS_USER_MODE_IOPL, &[], unprivileged),
        (PROCESS_LDT_SIZE, &[0; 4], NtStatus::NOT_IMPLEMENTED),
        (
            PROCESS_EXCEPTION_PORT,
            &[0; 7],
            NtStatus::INFO_LENGTH_MISMATCH,
        ),
        (
            PROCESS_ACCESS_TOKEN,
            &[0; 8],
            NtStatus::INFO_LENGTH_MISMATCH,
        ),
    ] {
        let set = set_bytes(Of::Process, CURRENT_PROCESS, class, bytes);
        program.check("what nobody may", set, status);
    }
    let job =
        query::<ProcessJobMemory>(Of::Process, CURRENT_PROCESS, PROCESS_JOB_MEMORY_INFORMATION);
    program.check("no job", job.err(), Some(NtStatus::NOT_FOUND));
    let drives = ask::<ProcessDeviceMap>(program, PROCESS_DEVICE_MAP);
    program.check("C:", (drives.drives, drives.types[2]), (4, DRIVE_FIXED));
}

fn window(program: &Program) {
    let mut answer = [0xA5; 8];
    let class = PROCESS_WINDOW_INFORMATION;
    let (status, length) = query_bytes(Of::Process, CURRENT_PROCESS, class, &mut answer);
    program.check("no title", (status, length), (NtStatus::SUCCESS, 8));
    program.check("no flags", answer, [0; 8]);
    let (status, length) = query_bytes(Of::Process, CURRENT_PROCESS, class, &mut answer[..7]);
    let short = (NtStatus::INFO_LENGTH_MISMATCH, 8);
    program.check("too short", (status, length), short);
}
