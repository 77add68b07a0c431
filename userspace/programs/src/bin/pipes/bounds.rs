//! How much one program can have the kernel keep, and what bad buffers lose.
use abi::file::*;
use abi::io::IoStatusBlock;
use abi::memory::{MEM_COMMIT, MEM_RELEASE, MEM_RESERVE, PAGE_NOACCESS, PAGE_READONLY, PAGE_SIZE};
use core::cell::UnsafeCell;
use nt::file;
use nt::pipe::{self, NewPipe, Operation};
use nt::sync::Handle;
use nt::{NtStatus, Program, call, memory, process, sync};
use zerocopy::FromZeros;

use crate::{connect, name, read, written};

/// More than any share of a small machine's memory.
const MOST: usize = 1 << 19;

static MUCH: [u8; 0x1_0000] = [7; 0x1_0000];
/// Where results go that nobody looks at.
static IGNORED: Ignored<Operation> = Ignored(UnsafeCell::new(Operation::new()));
static BUFFER: Ignored<[u8; 64]> = Ignored(UnsafeCell::new([0; 64]));

struct Ignored<T>(UnsafeCell<T>);

// SAFETY: one thread uses it, and the kernel.
unsafe impl<T> Sync for Ignored<T> {}

impl<T> Ignored<T> {
    fn get(&self) -> *mut T {
        self.0.get()
    }
}

pub fn test(program: &Program) {
    buffers(program);
    longest(program);
    // What is refused once is so again, and all was given back in between.
    for _ in 0..2 {
        endless_writes(program);
        endless_reads(program);
        endless_messages(program);
        endless_quota(program);
    }
}

fn pair(program: &Program, new: NewPipe) -> (Handle, Handle) {
    let (server, _) = program.done("a server", pipe::create(&name("bounds"), &new));
    let client = connect("bounds", FILE_SYNCHRONOUS_IO_NONALERT);
    (server, program.done("a client", client))
}

/// Goes on until it is refused, and then asks whether others can still work.
fn until_refused(program: &Program, what: &str, mut next: impl FnMut() -> NtStatus) {
    for number in 0..MOST {
        match next() {
            NtStatus::SUCCESS | NtStatus::PENDING => {}
            status => {
                program.check(what, status, NtStatus::INSUFFICIENT_RESOURCES);
                program.require(what, number > 50);
                neighbour(program);
                return;
            }
        }
    }
    program.fail(format_args!("{what}: never refused"));
}

/// Another process uses pipes of its own.
fn neighbour(program: &Program) {
    let child = program.done(
        "a neighbour",
        process::spawn("pipes.exe", "pipes.exe streams"),
    );
    let ended = sync::wait(&child.process, None);
    program.check("its end", ended, NtStatus::WAIT_0);
    let left = process::basic_information(child.process.raw());
    let left = program.done("what it left", left);
    program.check("it worked", left.exit_status, NtStatus::SUCCESS);
}

fn begin_write(end: &Handle, bytes: &[u8]) -> NtStatus {
    // SAFETY: nobody reads what the kernel writes there.
    unsafe { (*IGNORED.get()).write(end, bytes) }
}

fn endless_writes(program: &Program) {
    let (server, client) = pair(program, NewPipe::BYTES.overlapped());
    until_refused(program, "endless writes", || begin_write(&server, &MUCH));
    read(
        program,
        "the first are there",
        &client,
        0x2000,
        &MUCH[..0x2000],
    );
    drop(server);
    drop(client);
    let (server, client) = pair(program, NewPipe::BYTES);
    written(program, "then again", &server, b"again");
    read(program, "then again", &client, 16, b"again");
}

fn endless_reads(program: &Program) {
    let (server, _client) = pair(program, NewPipe::BYTES.overlapped());
    until_refused(program, "endless reads", || {
        // SAFETY: nobody reads what the kernel writes there.
        unsafe { (*IGNORED.get()).read(&server, BUFFER.get().cast(), 64) }
    });
}

/// Messages of nothing use nothing of a quota.
fn endless_messages(program: &Program) {
    let (server, client) = pair(program, NewPipe::MESSAGES.overlapped());
    until_refused(program, "endless messages", || begin_write(&server, &[]));
    read(program, "the first is there", &client, 16, &[]);
}

/// A quota is only a wish.
fn endless_quota(program: &Program) {
    let new = NewPipe {
        quota: u32::MAX,
        ..NewPipe::BYTES.overlapped()
    };
    let (server, client) = pair(program, new);
    until_refused(program, "a great quota", || begin_write(&server, &MUCH));
    read(
        program,
        "the first are there",
        &client,
        0x2000,
        &MUCH[..0x2000],
    );
}

/// One write of more than there can be, from memory that is only promised.
fn longest(program: &Program) {
    let (server, _client) = pair(program, NewPipe::BYTES.overlapped());
    let mut block = IoStatusBlock::new_zeroed();
    // SAFETY: writes the result only, as it is refused.
    let status = unsafe {
        call::nt_write_file(
            server.raw(),
            0,
            0,
            0,
            &raw mut block as u64,
            MUCH.as_ptr() as u64,
            u32::MAX.into(),
            0,
            0,
        )
    };
    program.check("4 GiB", status, NtStatus::INSUFFICIENT_RESOURCES);
}

/// A buffer that cannot be written costs no data.
fn buffers(program: &Program) {
    let (server, client) = pair(program, NewPipe::BYTES);
    let bytes = 2 * PAGE_SIZE;
    let range = memory::allocate(0, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    let only_read = program.done("memory", range).base;
    let range = memory::allocate(0, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);
    let closed = program.done("memory", range).base;
    written(program, "written", &server, b"kept");
    for (address, length) in [
        (only_read, 16),
        (only_read + PAGE_SIZE - 4, 8),
        (closed, 1),
        (0, 16),
        (u64::MAX - 8, 16),
        (0x7FFF_FFFE_FFF8, 16),
        (0xFFFF_8000_0000_0000, 16),
    ] {
        let mut operation = Operation::new();
        // SAFETY: nothing can be written there.
        let status = unsafe { operation.read(&client, address as *mut u8, length) };
        program.check("a bad buffer", status, NtStatus::ACCESS_VIOLATION);
        // SAFETY: as above.
        let status = unsafe {
            operation.control(
                &client,
                FSCTL_PIPE_PEEK,
                &[],
                address as *mut u8,
                length + 16,
            )
        };
        program.check("a bad buffer", status, NtStatus::ACCESS_VIOLATION);
    }
    read(program, "nothing is lost", &client, 16, b"kept");
    for base in [only_read, closed] {
        // SAFETY: nothing of the program's is there.
        let released = unsafe { memory::free(base, 0, MEM_RELEASE) };
        program.done("release", released);
    }
    // Nor is it from one that goes away while the read waits: its result tells.
    let (server, client) = pair(program, NewPipe::BYTES.overlapped());
    let range = memory::allocate(
        0,
        bytes,
        MEM_RESERVE | MEM_COMMIT,
        abi::memory::PAGE_READWRITE,
    );
    let base = program.done("memory", range).base;
    let mut operation = Operation::new();
    // SAFETY: nothing of the program's is there.
    let status = unsafe { operation.read(&server, base as *mut u8, 16) };
    program.check("it waits", status, NtStatus::PENDING);
    // SAFETY: as above.
    program.done("release", unsafe { memory::free(base, 0, MEM_RELEASE) });
    written(program, "written", &client, b"lost");
    let expected = (NtStatus::ACCESS_VIOLATION, 0);
    program.check("its result", operation.result(), expected);
    let gone = file::write(&client, None, b"next");
    program.check("it goes on", gone, Ok(4));
}
