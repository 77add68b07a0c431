//! All processes and threads, and all handles.
use abi::access::{EVENT_ALL_ACCESS, EVENT_QUERY_STATE};
use abi::object::OBJ_INHERIT;
use abi::system::*;
use abi::thread::SystemThreadInformation;
use nt::machine::query_into;
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, Text, program, thread};
use zerocopy::FromBytes;

/// Room for all lists of this test.
const MOST_BYTES: usize = 0x2000;
const PROCESS_BYTES: usize = size_of::<SystemProcessInformation>();
/// Suspended: waiting, for that reason.
const SUSPENDED: (u32, u32) = (5, 5);
const RUNNING: u32 = 2;

pub fn check(program: &Program) {
    let suspended = program.done("a thread", thread::spawn_suspended(never, 0x1234));
    let id = program.done("its number", thread::id_of(&suspended));
    plain(program, id);
    extended(program, id);
    program.check(
        "ended",
        thread::terminate(&suspended, NtStatus::SUCCESS),
        NtStatus::SUCCESS,
    );
    handles(program);
}

extern "system" fn never(_: u64) -> ! {
    thread::exit(NtStatus::UNSUCCESSFUL)
}

/// The list in a buffer that is as long as it has to be.
fn list(program: &Program, class: u32, buffer: &mut [u8]) -> usize {
    let (status, needed) = query_into(class, &mut []);
    program.check("no room", status, NtStatus::INFO_LENGTH_MISMATCH);
    let needed = needed as usize;
    let short = query_into(class, &mut buffer[..needed - 1]);
    program.check(
        "too little room",
        short,
        (NtStatus::INFO_LENGTH_MISMATCH, needed as u32),
    );
    buffer.fill(0xA5);
    let (status, length) = query_into(class, &mut buffer[..needed + 8]);
    program.check(
        "the list",
        (class, status, length as usize),
        (class, NtStatus::SUCCESS, needed),
    );
    program.require(
        "nothing behind it",
        buffer[needed..].iter().all(|byte| *byte == 0xA5),
    );
    needed
}

fn value<T: FromBytes>(program: &Program, bytes: &[u8], at: usize) -> T {
    match bytes.get(at..).map(T::read_from_prefix) {
        Some(Ok((value, _))) => value,
        _ => program.fail(format_args!("the list ends at {at:#x}")),
    }
}

/// Where the entry of this process is, and how many entries there are.
fn own_entry(program: &Program, bytes: &[u8]) -> (usize, usize) {
    let own = program::teb().process_id;
    let (mut at, mut found, mut entries, mut last_id) = (0, None, 0, None);
    loop {
        program.check("alignment", at % 8, 0);
        let entry = value::<SystemProcessInformation>(program, bytes, at);
        program.require("in order", last_id < Some(entry.process_id));
        last_id = Some(entry.process_id);
        if entry.process_id == own {
            found = Some(at);
        }
        entries += 1;
        match entry.next_entry_offset as usize {
            0 => break,
            next => at += next,
        }
    }
    match found {
        Some(at) => (at, entries),
        None => program.fail(format_args!("the own process is not listed")),
    }
}

fn plain(program: &Program, suspended: u64) {
    let mut buffer = [0; MOST_BYTES];
    let length = list(program, SYSTEM_PROCESS_INFORMATION, &mut buffer);
    let bytes = &buffer[..length];
    let idle = value::<SystemProcessInformation>(program, bytes, 0);
    program.check(
        "the first is what idles",
        (idle.process_id, idle.image_name.length_bytes),
        (0, 0),
    );
    program.require("it idled", idle.kernel_time_100ns > 0);
    let (at, entries) = own_entry(program, bytes);
    program.require("it and this process at least", entries >= 2);
    let own = value::<SystemProcessInformation>(program, bytes, at);
    program.check("threads", own.thread_count, 2);
    program.check(
        "session and parent",
        (own.session_id, own.parent_id),
        (1, 0),
    );
    program.require(
        "memory and faults",
        own.working_set_bytes > 0 && own.virtual_bytes > 0 && own.page_faults > 0,
    );
    program.require("handles", own.handle_count > 0);
    program.require("when it began", own.create_time_100ns > 0);
    name(program, &buffer, &own);
    let mut seen = 0;
    for number in 0..own.thread_count as usize {
        let size = size_of::<SystemThreadInformation>();
        let thread =
            value::<SystemThreadInformation>(program, &buffer, at + PROCESS_BYTES + number * size);
        seen += check_thread(program, &thread, suspended);
    }
    program.check("both threads", seen, 3);
}

/// The name in the buffer, with a terminator.
fn name(program: &Program, buffer: &[u8], own: &SystemProcessInformation) {
    let name = own.image_name;
    let at = name.buffer - buffer.as_ptr() as u64;
    let unit = |number: u16| {
        let at = at as usize + usize::from(number) * 2;
        value::<u16>(program, buffer, at)
    };
    let units = name.length_bytes / 2;
    let text = Text::new((0..units).map(unit));
    program.check("the name", text.as_str(), "system.exe");
    program.check("its terminator", unit(units), 0);
    program.check(
        "with the terminator",
        name.maximum_length_bytes,
        name.length_bytes + 2,
    );
}

/// 1: the calling thread, 2: the suspended one.
fn check_thread(program: &Program, thread: &SystemThreadInformation, suspended: u64) -> u32 {
    program.check(
        "its process",
        thread.client_id.process,
        program::teb().process_id,
    );
    let id = thread.client_id.thread;
    if id == suspended {
        let state = (thread.thread_state, thread.wait_reason);
        program.check("suspended", state, SUSPENDED);
        return 2;
    }
    program.check("this thread", id, thread::id());
    program.check("running", thread.thread_state, RUNNING);
    program.require("it was switched to", thread.context_switches > 0);
    1
}

fn extended(program: &Program, suspended: u64) {
    let mut buffer = [0; MOST_BYTES];
    let length = list(program, SYSTEM_EXTENDED_PROCESS_INFORMATION, &mut buffer);
    let (at, _) = own_entry(program, &buffer[..length]);
    let own = value::<SystemProcessInformation>(program, &buffer, at);
    name(program, &buffer, &own);
    let mut seen = 0;
    for number in 0..own.thread_count as usize {
        let size = size_of::<SystemExtendedThreadInformation>();
        let at = at + PROCESS_BYTES + number * size;
        let thread = value::<SystemExtendedThreadInformation>(program, &buffer, at);
        seen += check_thread(program, &thread.thread, suspended);
        program.check(
            "nothing of the kernel's",
            (thread.stack_base, thread.stack_limit),
            (0, 0),
        );
        program.require("a TEB", thread.teb != 0 && thread.teb < 1 << 47);
        if thread.thread.client_id.thread == thread::id() {
            let own = program::teb() as *const _ as u64;
            program.check("this TEB", thread.teb, own);
        }
    }
    program.check("both threads", seen, 3);
}

fn handles(program: &Program) {
    let event = program.done("an event", sync::event(true, false));
    let weak = program.done("a weaker handle", weaker(&event));
    let mut buffer = [0; MOST_BYTES];
    let own = program::teb().process_id;

    let length = list(program, SYSTEM_EXTENDED_HANDLE_INFORMATION, &mut buffer);
    let count = value::<u64>(program, &buffer, 0) as usize;
    let size = size_of::<SystemHandleTableEntryInfoEx>();
    program.check("length", length, 16 + count * size);
    let entries = |handle: u64| {
        let entry = |number| value(program, &buffer, 16 + number * size);
        (0..count)
            .map(entry)
            .find(|one: &SystemHandleTableEntryInfoEx| {
                one.process_id == own && one.handle == handle
            })
    };
    let (Some(first), Some(second)) = (entries(event.raw()), entries(weak.raw())) else {
        program.fail(format_args!("a handle is not listed"))
    };
    program.check(
        "rights",
        (first.granted_access, second.granted_access),
        (EVENT_ALL_ACCESS, EVENT_QUERY_STATE),
    );
    program.check(
        "inheritance",
        (first.handle_attributes, second.handle_attributes),
        (0, OBJ_INHERIT),
    );
    program.check(
        "one type",
        first.object_type_index,
        second.object_type_index,
    );
    program.check("no address", (first.object, second.object), (0, 0));

    let length = list(program, SYSTEM_HANDLE_INFORMATION, &mut buffer);
    let short_size = size_of::<SystemHandleTableEntryInfo>();
    let short_count = value::<u64>(program, &buffer, 0) as usize;
    program.check("length", length, 8 + short_count * short_size);
    program.check("as many", short_count, count);
    let entry = |number| value(program, &buffer, 8 + number * short_size);
    let found = (0..count)
        .map(entry)
        .find(|one: &SystemHandleTableEntryInfo| {
            u64::from(one.process_id) == own & 0xFFFF
                && u64::from(one.handle) == weak.raw() & 0xFFFF
        });
    let found = found.map(|one| (one.granted_access, u32::from(one.handle_attributes)));
    program.check(
        "the same in short",
        found,
        Some((EVENT_QUERY_STATE, OBJ_INHERIT)),
    );
}

/// A handle of the same event that may only be asked, and is inherited.
fn weaker(event: &Handle) -> Result<Handle, NtStatus> {
    nt::object::duplicate(event.raw(), EVENT_QUERY_STATE.into(), OBJ_INHERIT, 0)
}
