//! Measures calls in instructions; meant for `-icount shift=0`.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("bench", main);

mod files;

use abi::access::{FILE_GENERIC_READ, FILE_GENERIC_WRITE};
use abi::memory::PAGE_SIZE;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::object::Name;
use nt::sync::{self, Handle};
use nt::{NtStatus, exception, file, memory::Memory, pipe, process, system::time_stamp, thread};

/// A multiple of 4, as handles are, that is none.
const BAD_HANDLE: u64 = 0x00DE_AD00;
const TOUCHED_BYTES: u64 = 0x10_0000;

fn main(program: &nt::Program) {
    row("null_syscall", 10_000, || {
        program.check(
            "a bad handle",
            nt::system::close(BAD_HANDLE),
            NtStatus::INVALID_HANDLE,
        );
    });
    row("commit_4k_free", 1_000, || {
        let freed = Memory::committed(PAGE_SIZE).and_then(Memory::release);
        let size = freed.map(|range| range.size_bytes);
        program.check("commit and free", size, Ok(PAGE_SIZE));
    });
    row("touch_1mib", 10, || {
        let freed = Memory::committed(TOUCHED_BYTES).and_then(|mut memory| {
            for page in 0..TOUCHED_BYTES / PAGE_SIZE {
                memory.write(page * PAGE_SIZE, 1);
            }
            memory.release()
        });
        let size = freed.map(|range| range.size_bytes);
        program.check("touch and free", size, Ok(TOUCHED_BYTES));
    });
    row("event_create_close", 1_000, || {
        drop(program.done("an event", sync::event(false, false)));
    });
    let event = program.done("an event", sync::event(false, false));
    row("event_set_wait", 1_000, || {
        program.check("set", sync::signal(&event), NtStatus::SUCCESS);
        program.check("wait", sync::wait(&event, None), NtStatus::WAIT_0);
    });
    event_pingpong(program);
    alert_pingpong(program);
    pipe_pingpong(program);
    exceptions(program);
    files::all(program);
    row("thread_create_join", 200, || {
        let thread = program.done("a thread", thread::spawn(end_at_once, 0));
        program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
    });
    row("process_create_wait.freestanding", 50, || {
        let created = program.done("a process", process::spawn("nothing.exe", "nothing.exe"));
        program.check(
            "its end",
            sync::wait(&created.process, None),
            NtStatus::WAIT_0,
        );
    });
}

/// An exception dealt with, and a call made, both by going on at once.
fn exceptions(program: &nt::Program) {
    let registered = exception::register_for_nothing();
    program.check("dispatchers", registered, NtStatus::SUCCESS);
    row("exception_continue", 1_000, exception::breakpoint);
    row("apc_queue_call", 1_000, || {
        let queued = exception::queue_apc(exception::THIS, 1, [0; 3]);
        program.check("queue", queued, NtStatus::SUCCESS);
        program.check("call", exception::test_alert(), NtStatus::SUCCESS);
    });
    program.check("no dispatchers", exception::forget(), NtStatus::SUCCESS);
}

const TURNS: u64 = 1_000;
/// The events of the two players, or their numbers.
static PLAYERS: [AtomicU64; 2] = [const { AtomicU64::new(0) }; 2];

extern "system" fn end_at_once(_: u64) -> ! {
    thread::exit(NtStatus::SUCCESS)
}

extern "system" fn answer_events(_: u64) -> ! {
    let [ours, theirs] = PLAYERS.each_ref().map(|event| event.load(SeqCst));
    // One turn more: the row warms up.
    for _ in 0..=TURNS {
        sync::wait_raw(ours, None, false);
        sync::signal_raw(theirs);
    }
    thread::exit(NtStatus::SUCCESS)
}

fn event_pingpong(program: &nt::Program) {
    let [theirs, ours] = [(); 2].map(|()| program.done("an event", sync::event(false, false)));
    PLAYERS[0].store(theirs.raw(), SeqCst);
    PLAYERS[1].store(ours.raw(), SeqCst);
    let thread = program.done("a thread", thread::spawn(answer_events, 0));
    row("event_pingpong", TURNS, || {
        sync::signal(&theirs);
        sync::wait(&ours, None);
    });
    join(program, &thread);
}

extern "system" fn answer_through_pipe(_: u64) -> ! {
    let client = Handle::from_raw(PLAYERS[0].load(SeqCst));
    let mut byte = [0];
    for _ in 0..=TURNS {
        let _ = file::read(&client, None, &mut byte);
        let _ = file::write(&client, None, &byte);
    }
    core::mem::forget(client);
    thread::exit(NtStatus::SUCCESS)
}

fn pipe_pingpong(program: &nt::Program) {
    let name = Name::new("\\??\\PIPE\\bench");
    let (server, _) = program.done("a pipe", pipe::create(&name, &pipe::NewPipe::BYTES));
    let how = file::How::open(FILE_GENERIC_READ | FILE_GENERIC_WRITE, 0);
    let (client, _) = program.done("its client", file::create(&name, how));
    PLAYERS[0].store(client.raw(), SeqCst);
    let thread = program.done("a thread", thread::spawn(answer_through_pipe, 0));
    let mut byte = [7];
    row("pipe_pingpong", TURNS, || {
        program.check("there", file::write(&server, None, &byte), Ok(1));
        program.check("and back", file::read(&server, None, &mut byte), Ok(1));
    });
    join(program, &thread);
}

extern "system" fn answer_alerts(_: u64) -> ! {
    let theirs = PLAYERS[1].load(SeqCst);
    for _ in 0..=TURNS {
        sync::wait_for_alert(None);
        sync::alert(theirs);
    }
    thread::exit(NtStatus::SUCCESS)
}

fn alert_pingpong(program: &nt::Program) {
    PLAYERS[1].store(thread::id(), SeqCst);
    let thread = program.done("a thread", thread::spawn(answer_alerts, 0));
    let theirs = program.done("its number", thread::id_of(&thread));
    row("alert_pingpong", TURNS, || {
        sync::alert(theirs);
        sync::wait_for_alert(None);
    });
    join(program, &thread);
}

fn join(program: &nt::Program, thread: &Handle) {
    program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
}

/// Runs it once to warm up, then `times` times, and prints the mean.
fn row(id: &str, times: u64, mut operation: impl FnMut()) {
    operation();
    let all = cost(|| (0..times).for_each(|_| operation()));
    print(id, all / times, "instructions");
}

/// What it takes.
fn cost(operation: impl FnOnce()) -> u64 {
    let start = time_stamp();
    operation();
    time_stamp() - start
}

fn print(id: &str, value: u64, unit: &str) {
    nt::println!("PETREL-BENCH id={id} value={value} unit={unit}");
}
