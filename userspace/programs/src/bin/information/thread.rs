//! What threads say of themselves and each other.
use abi::access::{MAXIMUM_ALLOWED, THREAD_GET_CONTEXT};
use abi::io::CURRENT_THREAD;
use abi::services::numbers;
use abi::teb::TLS_EXPANSION_CELLS;
use abi::thread::*;
use nt::information::{Of, query, query_with, set, set_at, set_execution_state};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, program::teb, thread};

const MILLISECOND: i64 = 10_000;
const STILL_ACTIVE: NtStatus = NtStatus::PENDING;

pub fn check(program: &Program) {
    of_oneself(program);
    of_another(program);
    settings(program);
    cells(program);
    execution_states(program);
}

fn ask<T: zerocopy::FromBytes + zerocopy::IntoBytes>(
    program: &Program,
    handle: u64,
    class: u32,
) -> T {
    program.done("a question", query(Of::Thread, handle, class))
}

fn of_oneself(program: &Program) {
    let basic = ask::<ThreadBasicInformation>(program, CURRENT_THREAD, THREAD_BASIC_INFORMATION);
    program.check("runs", basic.exit_status, STILL_ACTIVE);
    program.check("its TEB", basic.teb, teb().this);
    program.check("its number", basic.client_id.thread, thread::id());
    program.check("its processors", basic.affinity, 1);
    program.check("its increment", basic.base_priority, 0);
    let number = |class| ask::<u32>(program, CURRENT_THREAD, class);
    program.check("is the last one", number(THREAD_AM_I_LAST_THREAD), 1);
    program.check("has not ended", number(THREAD_IS_TERMINATED), 0);
    program.check("waits for no file", number(THREAD_IS_IO_PENDING), 0);
    program.check("is not suspended", number(THREAD_SUSPEND_COUNT), 0);
    program.check(
        "is in no call in which it waits",
        query::<ThreadLastSystemCallInformation>(
            Of::Thread,
            CURRENT_THREAD,
            THREAD_LAST_SYSTEM_CALL,
        )
        .err(),
        Some(NtStatus::UNSUCCESSFUL),
    );
    let system =
        ask::<SystemThreadInformation>(program, CURRENT_THREAD, THREAD_SYSTEM_THREAD_INFORMATION);
    program.check("it runs", system.thread_state, 2);
    program.require("it was switched to", system.context_switches > 0);
    let mut bytes = [0_u64; 2];
    let request = ThreadTebInformation {
        buffer: &raw mut bytes as u64,
        teb_offset: 0x40,
        length_bytes: 16,
    };
    let read = |request| query_with(Of::Thread, CURRENT_THREAD, THREAD_TEB_INFORMATION, request);
    program.done("part of the TEB", read(request));
    program.check(
        "the part",
        core::hint::black_box(bytes),
        [teb().process_id, thread::id()],
    );
    for (teb_offset, length_bytes) in [(0x1838, 1), (0, 0x1839), (u32::MAX, 2), (8, u32::MAX)] {
        let request = ThreadTebInformation {
            teb_offset,
            length_bytes,
            ..request
        };
        program.check(
            "too much",
            read(request).err(),
            Some(NtStatus::INVALID_PARAMETER),
        );
    }
    let nowhere = ThreadTebInformation {
        buffer: 8,
        ..request
    };
    program.check(
        "to nowhere",
        read(nowhere).err(),
        Some(NtStatus::ACCESS_VIOLATION),
    );
}

extern "system" fn wait_for(event: u64) -> ! {
    sync::wait_raw(event, None, false);
    thread::exit(NtStatus(33))
}

fn of_another(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let other = program.done("a thread", thread::spawn_suspended(wait_for, event.raw()));
    let number = |class| ask::<u32>(program, other.raw(), class);
    let state = || {
        let class = THREAD_SYSTEM_THREAD_INFORMATION;
        let system = ask::<SystemThreadInformation>(program, other.raw(), class);
        (system.thread_state, system.wait_reason)
    };
    let start = ask::<u64>(program, other.raw(), THREAD_QUERY_SET_WIN32_START_ADDRESS);
    program.check("where it starts", start, wait_for as *const () as u64);
    program.check("suspended", number(THREAD_SUSPEND_COUNT), 1);
    program.check("stands still", state(), (5, 5));
    program.check(
        "two threads",
        ask::<u32>(program, CURRENT_THREAD, THREAD_AM_I_LAST_THREAD),
        0,
    );
    program.check("resume", thread::resume(&other), Ok(1));
    nt::system::delay(-MILLISECOND);
    program.check("waits", state(), (5, 6));
    let call =
        ask::<ThreadLastSystemCallInformation>(program, other.raw(), THREAD_LAST_SYSTEM_CALL);
    let expected = (numbers::NtWaitForSingleObject as u16, event.raw());
    program.check("in this call", (call.number, call.first_argument), expected);
    let id = program.done("its number", thread::id_of(&other));
    let client_id = ClientId {
        process: 0,
        thread: id,
    };
    let only = nt::information::open(Of::Thread, client_id, THREAD_GET_CONTEXT);
    let only = program.done("a handle", only);
    let refused =
        query::<ThreadLastSystemCallInformation>(Of::Thread, only.raw(), THREAD_LAST_SYSTEM_CALL);
    program.check(
        "half the rights",
        refused.err(),
        Some(NtStatus::ACCESS_DENIED),
    );
    program.check("go on", sync::set(&event), Ok(false));
    program.check("its end", sync::wait(&other, None), NtStatus::WAIT_0);
    ended(program, &other);
}

fn ended(program: &Program, other: &Handle) {
    let basic = program.done("what it left", thread::basic_information(other));
    program.check("its status", basic.exit_status, NtStatus(33));
    let number = |class| ask::<u32>(program, other.raw(), class);
    program.check("it has ended", number(THREAD_IS_TERMINATED), 1);
    let class = THREAD_SYSTEM_THREAD_INFORMATION;
    let system = ask::<SystemThreadInformation>(program, other.raw(), class);
    program.check("it is over", system.thread_state, 4);
    let times = ask::<KernelUserTimes>(program, other.raw(), THREAD_TIMES);
    program.require(
        "it ended after it began",
        times.exit_time_100ns > times.create_time_100ns,
    );
    for class in [THREAD_BASE_PRIORITY, THREAD_PRIORITY_BOOST] {
        let status = set(Of::Thread, other.raw(), class, &1_u32);
        program.check("too late, and no harm", status, NtStatus::SUCCESS);
    }
}

fn settings(program: &Program) {
    let handle = crate::shape::handle(program, Of::Thread, MAXIMUM_ALLOWED);
    let set = |class, value: u32| set(Of::Thread, handle.raw(), class, &value);
    let number = |class| ask::<u32>(program, handle.raw(), class);
    for (class, usual, other, beyond) in [
        (THREAD_IO_PRIORITY, 2, 1, 4),
        (THREAD_PAGE_PRIORITY, 5, 1, 6),
        (THREAD_PRIORITY_BOOST, 0, 1, u32::MAX),
        (THREAD_DYNAMIC_CODE_POLICY, 0, 1, 2),
    ] {
        program.check("as usual", number(class), usual);
        program.check("set", set(class, other), NtStatus::SUCCESS);
        program.check("as it was set", number(class), other);
        if beyond != u32::MAX {
            program.check("beyond", set(class, beyond), NtStatus::INVALID_PARAMETER);
        }
        program.check("set back", set(class, usual), NtStatus::SUCCESS);
    }
    let refused = set(THREAD_BREAK_ON_TERMINATION, 1);
    program.check("not the system's", refused, NtStatus::PRIVILEGE_NOT_HELD);
    program.check("it is not", number(THREAD_BREAK_ON_TERMINATION), 0);
    program.check(
        "whichever processor",
        set(THREAD_IDEAL_PROCESSOR, 64),
        NtStatus::SUCCESS,
    );
    let refused = set(THREAD_IDEAL_PROCESSOR, 1);
    program.check("another processor", refused, NtStatus::INVALID_PARAMETER);
    let own =
        |class, value: &[u8]| nt::information::set_bytes(Of::Thread, handle.raw(), class, value);
    for mask in [0_u64, 2, 3, u64::MAX] {
        let status = own(THREAD_AFFINITY_MASK, &mask.to_le_bytes());
        program.check("other processors", status, NtStatus::INVALID_PARAMETER);
    }
    // The one before is told in the same place.
    let mut processor = [0_u8; 4];
    let at = &raw mut processor as u64;
    let status = set_at(Of::Thread, handle.raw(), THREAD_IDEAL_PROCESSOR_EX, at, 4);
    program.check("the processor", status, NtStatus::SUCCESS);
    program.check("the one before", core::hint::black_box(processor), [0; 4]);
    let status = own(THREAD_IDEAL_PROCESSOR_EX, &[0, 0, 0, 0]);
    program.check("it cannot be told", status, NtStatus::ACCESS_VIOLATION);
    let status = own(THREAD_IDEAL_PROCESSOR_EX, &[1, 0, 0, 0]);
    program.check("another group", status, NtStatus::INVALID_PARAMETER);
    let token = own(THREAD_IMPERSONATION_TOKEN, &handle.raw().to_le_bytes());
    program.check("no token", token, NtStatus::OBJECT_TYPE_MISMATCH);
    let token = own(THREAD_IMPERSONATION_TOKEN, &0xBAD0_u64.to_le_bytes());
    program.check("nothing", token, NtStatus::INVALID_HANDLE);
    for (control, state, expected) in [
        (1_u8, 1_u8, NtStatus::SUCCESS),
        (2, 0, NtStatus::INVALID_PARAMETER),
        (0, 1, NtStatus::INVALID_PARAMETER),
    ] {
        let value = [1, 0, 0, 0, control, 0, 0, 0, state, 0, 0, 0];
        program.check(
            "throttling",
            own(THREAD_POWER_THROTTLING_STATE, &value),
            expected,
        );
    }
}

fn cells(program: &Program) {
    let clear = |handle, cell: u32| set(Of::Thread, handle, THREAD_ZERO_TLS_CELL, &cell);
    (4..=6).for_each(|cell| thread::set_cell(cell, 0xFEED));
    program.check("clear one", clear(CURRENT_THREAD, 5), NtStatus::SUCCESS);
    program.check("this one", [4, 5, 6].map(thread::cell), [0xFEED, 0, 0xFEED]);
    for cell in [0, 63, 64, 64 + TLS_EXPANSION_CELLS - 1] {
        program.check("a cell", clear(CURRENT_THREAD, cell), NtStatus::SUCCESS);
    }
    for cell in [64 + TLS_EXPANSION_CELLS, u32::MAX] {
        program.check(
            "no cell",
            clear(CURRENT_THREAD, cell),
            NtStatus::INVALID_PARAMETER,
        );
    }
    let event = program.done("an event", sync::event(true, false));
    let other = program.done("a thread", thread::spawn(wait_for, event.raw()));
    program.check(
        "another's",
        clear(other.raw(), 0),
        NtStatus::INVALID_PARAMETER,
    );
    program.check("go on", sync::set(&event), Ok(false));
    program.check("its end", sync::wait(&other, None), NtStatus::WAIT_0);
}

fn execution_states(program: &Program) {
    const AWAKE: u32 = ES_CONTINUOUS | ES_SYSTEM_REQUIRED;
    program.check("at first", set_execution_state(AWAKE), Ok(ES_CONTINUOUS));
    program.check("once", set_execution_state(ES_DISPLAY_REQUIRED), Ok(AWAKE));
    program.check("still", set_execution_state(ES_CONTINUOUS), Ok(AWAKE));
    for wrong in [0x8, ES_AWAYMODE_REQUIRED, 0x4000_0000] {
        let refused = set_execution_state(wrong);
        program.check("no state", refused, Err(NtStatus::INVALID_PARAMETER));
    }
    program.check(
        "at last",
        set_execution_state(ES_CONTINUOUS),
        Ok(ES_CONTINUOUS),
    );
}
