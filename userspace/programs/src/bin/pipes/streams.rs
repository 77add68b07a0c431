//! Pipes whose calls wait: bytes and messages, states, peeking, listening.
use abi::access::{FILE_GENERIC_READ, FILE_GENERIC_WRITE};
use abi::file::*;
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::file::{self, How};
use nt::object::Name;
use nt::pipe::{self, NewPipe};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, system, thread};
use zerocopy::{FromBytes, FromZeros, IntoBytes};

use crate::{connect, connect_with, connected, name, not_read, read, written};

const MILLISECOND: i64 = 10_000;

pub fn test(program: &Program) {
    bytes(program);
    messages(program);
    states(program);
    directions(program);
    peeking(program);
    waiting(program);
    nameless(program);
    blocked(program);
}

fn bytes(program: &Program) {
    let (server, client) = connected(program, "bytes", &NewPipe::BYTES);
    written(program, "one", &client, b"one");
    written(program, "two", &client, b"two");
    read(program, "both together", &server, 16, b"onetwo");
    written(program, "back", &server, b"answer");
    read(program, "a part", &client, 3, b"ans");
    read(program, "the rest", &client, 16, b"wer");
    let local: FilePipeLocalInformation = program.done(
        "about the server",
        file::query(&server, FILE_PIPE_LOCAL_INFORMATION),
    );
    let about = (
        local.named_pipe_state,
        local.named_pipe_end,
        local.current_instances,
        local.inbound_quota,
    );
    program.check("its state", about, (3, 1, 1, 4096));
    written(program, "before the end", &client, b"last");
    drop(client);
    read(program, "what was written", &server, 16, b"last");
    not_read(program, "then nothing", &server, NtStatus::PIPE_BROKEN);
    program.check(
        "nobody to write to",
        file::write(&server, None, b"x"),
        Err(NtStatus::PIPE_CLOSING),
    );
}

fn messages(program: &Program) {
    let (server, client) = connected(program, "messages", &NewPipe::MESSAGES);
    for message in [b"first".as_slice(), b"", b"third"] {
        written(program, "a message", &client, message);
    }
    let mut buffer = [0; 16];
    program.check(
        "the beginning of one",
        file::read_status(&server, &mut buffer[..2]),
        (NtStatus::BUFFER_OVERFLOW, 2),
    );
    read(program, "its rest", &server, 16, b"rst");
    read(program, "an empty one", &server, 16, b"");
    read(program, "the third", &server, 16, b"third");
    let modes = FilePipeInformation {
        read_mode: 1,
        completion_mode: 1,
    };
    program.check(
        "not to wait",
        file::set(&client, FILE_PIPE_INFORMATION, &modes),
        NtStatus::SUCCESS,
    );
    not_read(program, "nothing there", &client, NtStatus::PIPE_EMPTY);
}

fn states(program: &Program) {
    let new = NewPipe {
        instances: 1,
        ..NewPipe::BYTES
    };
    program.check(
        "no such pipe",
        connect("states", FILE_SYNCHRONOUS_IO_NONALERT).err(),
        Some(NtStatus::OBJECT_NAME_NOT_FOUND),
    );
    let (server, done) = program.done("a server", pipe::create(&name("states"), &new));
    program.check("the first", done, FILE_CREATED);
    program.check(
        "no more than one",
        pipe::create(&name("states"), &new).err(),
        Some(NtStatus::INSTANCE_NOT_AVAILABLE),
    );
    not_read(program, "no client yet", &server, NtStatus::PIPE_LISTENING);
    let client = program.done("a client", connect("STATES", FILE_SYNCHRONOUS_IO_NONALERT));
    program.check(
        "one client",
        connect("states", FILE_SYNCHRONOUS_IO_NONALERT).err(),
        Some(NtStatus::PIPE_NOT_AVAILABLE),
    );
    program.check(
        "it has one",
        pipe::control(&server, FSCTL_PIPE_LISTEN, &[], &mut []),
        Err(NtStatus::PIPE_CONNECTED),
    );
    written(program, "to be lost", &client, b"lost");
    program.check(
        "sent away",
        pipe::control(&server, FSCTL_PIPE_DISCONNECT, &[], &mut []),
        Ok(0),
    );
    not_read(program, "sent away", &client, NtStatus::PIPE_DISCONNECTED);
    not_read(program, "lost", &server, NtStatus::PIPE_DISCONNECTED);
    program.check(
        "not listening",
        connect("states", FILE_SYNCHRONOUS_IO_NONALERT).err(),
        Some(NtStatus::PIPE_NOT_AVAILABLE),
    );
    drop(client);
    drop(server);
    program.check(
        "gone with its server",
        connect("states", FILE_SYNCHRONOUS_IO_NONALERT).err(),
        Some(NtStatus::OBJECT_NAME_NOT_FOUND),
    );
}

fn directions(program: &Program) {
    let new = NewPipe {
        access: FILE_GENERIC_READ,
        share: FILE_SHARE_WRITE,
        ..NewPipe::BYTES
    };
    let (server, _) = program.done("an inbound pipe", pipe::create(&name("inbound"), &new));
    program.check(
        "not to be read by clients",
        connect_with("inbound", How::open(FILE_GENERIC_READ, 0)).err(),
        Some(NtStatus::ACCESS_DENIED),
    );
    let how = How::open(FILE_GENERIC_WRITE, 0);
    let client = program.done("a client that writes", connect_with("inbound", how));
    written(program, "one way", &client, b"way");
    read(program, "arrives", &server, 16, b"way");
    program.check(
        "the server has no right",
        file::write(&server, None, b"x"),
        Err(NtStatus::ACCESS_DENIED),
    );
}

fn peeking(program: &Program) {
    let (server, client) = connected(program, "peeking", &NewPipe::MESSAGES);
    written(program, "one", &client, b"seven b");
    written(program, "two", &client, b"two");
    let mut output = [0; 0x10 + 4];
    program.check(
        "only a part",
        pipe::control_status(&server, FSCTL_PIPE_PEEK, &[], &mut output),
        (NtStatus::BUFFER_OVERFLOW, 0x14),
    );
    let header = FilePipePeekBuffer::read_from_prefix(&output);
    let header = header.map_err(|_| NtStatus::UNSUCCESSFUL);
    let (header, data) = program.done("a header", header);
    let seen = (
        header.named_pipe_state,
        header.read_data_available,
        header.number_of_messages,
        header.message_length,
    );
    program.check("what is there", seen, (3, 10, 2, 7));
    program.require("its beginning", data == b"seve");
    program.check(
        "no room for the header",
        pipe::control(&server, FSCTL_PIPE_PEEK, &[], &mut [0; 15]),
        Err(NtStatus::INFO_LENGTH_MISMATCH),
    );
    read(program, "it is still there", &server, 16, b"seven b");
    let mut answer = [0; 8];
    program.check(
        "others wait",
        pipe::control(&server, FSCTL_PIPE_TRANSCEIVE, b"question", &mut answer),
        Err(NtStatus::PIPE_BUSY),
    );
}

static PARTNER: AtomicU64 = AtomicU64::new(0);

/// Makes the pipe that another waits for.
extern "system" fn late_server(_: u64) -> ! {
    system::delay(-3 * MILLISECOND);
    let server = Handle::from_raw(PARTNER.load(SeqCst));
    let listened = pipe::control(&server, FSCTL_PIPE_LISTEN, &[], &mut []);
    core::mem::forget(server);
    thread::exit(listened.err().unwrap_or(NtStatus::SUCCESS))
}

fn wait_for(name: &str, timeout: i64) -> Result<usize, NtStatus> {
    let root = file::open(
        &Name::new("\\??\\PIPE\\"),
        abi::access::SYNCHRONIZE | FILE_READ_ATTRIBUTES,
        FILE_SHARE_VALID_FLAGS,
        FILE_SYNCHRONOUS_IO_NONALERT,
    )?;
    let mut input = [0_u8; 0x0E + 64];
    let mut header = FilePipeWaitForBuffer::new_zeroed();
    header.timeout = timeout;
    header.name_length = name.len() as u32 * 2;
    header.timeout_specified = 1;
    input[..0x0E].copy_from_slice(&header.as_bytes()[..0x0E]);
    for (place, unit) in input[0x0E..].chunks_exact_mut(2).zip(name.encode_utf16()) {
        place.copy_from_slice(&unit.to_le_bytes());
    }
    let length = 0x0E + name.len() * 2;
    pipe::control(&root, FSCTL_PIPE_WAIT, &input[..length], &mut [])
}

fn waiting(program: &Program) {
    program.check(
        "no such pipe",
        wait_for("late", -MILLISECOND),
        Err(NtStatus::OBJECT_NAME_NOT_FOUND),
    );
    let (server, client) = connected(program, "late", &NewPipe::BYTES);
    program.check(
        "in vain",
        wait_for("late", -2 * MILLISECOND),
        Err(NtStatus::IO_TIMEOUT),
    );
    drop(client);
    program.check(
        "its client is gone",
        pipe::control(&server, FSCTL_PIPE_DISCONNECT, &[], &mut []),
        Ok(0),
    );
    PARTNER.store(server.raw(), SeqCst);
    let thread = program.done("a thread", thread::spawn(late_server, 0));
    program.check("it listens", wait_for("late", -1000 * MILLISECOND), Ok(0));
    program.done("a client", connect("late", FILE_SYNCHRONOUS_IO_NONALERT));
    program.check("its end", sync::wait(&thread, None), NtStatus::WAIT_0);
    let ended = thread::basic_information(&thread).map(|about| about.exit_status);
    program.check("a client came", ended, Ok(NtStatus::SUCCESS));
}

/// A pipe without a name, as programs make for their children.
fn nameless(program: &Program) {
    let root = program.done(
        "the directory of pipes",
        file::open(
            &Name::new("\\Device\\NamedPipe\\"),
            abi::access::SYNCHRONIZE | FILE_READ_ATTRIBUTES,
            FILE_SHARE_VALID_FLAGS,
            FILE_SYNCHRONOUS_IO_NONALERT,
        ),
    );
    let none = Name::with("", root.raw(), 0);
    let (server, _) = program.done("a server", pipe::create(&none, &NewPipe::BYTES));
    let client = file::open(
        &Name::with("", server.raw(), 0),
        crate::BOTH_WAYS | abi::access::SYNCHRONIZE,
        FILE_SHARE_VALID_FLAGS,
        FILE_SYNCHRONOUS_IO_NONALERT,
    );
    let client = program.done("its client", client);
    written(program, "through it", &server, b"through");
    read(program, "arrives", &client, 16, b"through");
}

/// Reads what the other writes piece by piece, all of it.
extern "system" fn slow_reader(end: u64) -> ! {
    let end = Handle::from_raw(end);
    let mut sum = 0_usize;
    let mut buffer = [0; 1000];
    while let Ok(bytes) = file::read(&end, None, &mut buffer) {
        sum += bytes;
        system::delay(-MILLISECOND / 10);
    }
    core::mem::forget(end);
    PARTNER.store(sum as u64, SeqCst);
    thread::exit(NtStatus::SUCCESS)
}

/// Who writes more than a pipe holds waits for the reader.
fn blocked(program: &Program) {
    let (server, client) = connected(program, "blocked", &NewPipe::BYTES);
    let reader = program.done("a reader", thread::spawn(slow_reader, client.raw()));
    for _ in 0..5 {
        written(program, "more than it holds", &server, &[7; 6000]);
    }
    drop(server);
    program.check("its end", sync::wait(&reader, None), NtStatus::WAIT_0);
    program.check("everything came", PARTNER.load(SeqCst), 30_000);
}
