//! Each operation in each state, and what ends what waits.
use abi::file::*;
use nt::file;
use nt::pipe::{self, NewPipe, Operation};
use nt::sync::Handle;
use nt::{NtStatus, Program};

use crate::{connect, name};

const NAME: &str = "each state";
const UNREAD: &[u8] = b"unread";
/// More than a pipe holds.
static MUCH: [u8; 5000] = [7; 5000];

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Read,
    Write,
    WriteMuch,
    Peek,
    Transceive,
    Listen,
    Disconnect,
    Flush,
    SetMessages,
    Query,
    Cancel,
}

/// Those of the table, in the order of its columns.
const OPS: [Op; 10] = [
    Op::Read,
    Op::Write,
    Op::Peek,
    Op::Transceive,
    Op::Listen,
    Op::Disconnect,
    Op::Flush,
    Op::SetMessages,
    Op::Query,
    Op::Cancel,
];

/// The state an end is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Listening,
    Connected,
    /// The other end has written.
    Unread,
    OtherClosed,
    /// It has written before.
    OtherClosedUnread,
    Disconnected,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Server,
    Client,
}

const DONE: NtStatus = NtStatus::SUCCESS;
const WAITS: NtStatus = NtStatus::PENDING;
const BROKEN: NtStatus = NtStatus::PIPE_BROKEN;
const AWAY: NtStatus = NtStatus::PIPE_DISCONNECTED;
const CLOSING: NtStatus = NtStatus::PIPE_CLOSING;
const LISTENS: NtStatus = NtStatus::PIPE_LISTENING;
const BUSY: NtStatus = NtStatus::PIPE_BUSY;
const STATE: NtStatus = NtStatus::INVALID_PIPE_STATE;
const ILLEGAL: NtStatus = NtStatus::ILLEGAL_FUNCTION;
const NONE: NtStatus = NtStatus::NOT_FOUND;
const HAS_ONE: NtStatus = NtStatus::PIPE_CONNECTED;
const CANCELLED: NtStatus = NtStatus::CANCELLED;

/// What an end of a pipe of messages gets; `WAITS` of those whose calls do not wait.
#[rustfmt::skip]
const TABLE: [(End, State, [NtStatus; OPS.len()]); 11] = [
    (End::Server, State::Listening, [LISTENS, LISTENS, STATE, STATE, WAITS, DONE, DONE, DONE, DONE, NONE]),
    (End::Server, State::Connected, [WAITS, DONE, DONE, WAITS, HAS_ONE, DONE, DONE, DONE, DONE, NONE]),
    (End::Server, State::Unread, [DONE, DONE, DONE, BUSY, HAS_ONE, DONE, DONE, DONE, DONE, NONE]),
    (End::Server, State::OtherClosed, [BROKEN, CLOSING, BROKEN, STATE, CLOSING, DONE, DONE, DONE, DONE, NONE]),
    (End::Server, State::OtherClosedUnread, [DONE, CLOSING, DONE, STATE, CLOSING, DONE, DONE, DONE, DONE, NONE]),
    (End::Server, State::Disconnected, [AWAY, AWAY, STATE, STATE, WAITS, AWAY, DONE, DONE, DONE, NONE]),
    (End::Client, State::Connected, [WAITS, DONE, DONE, WAITS, ILLEGAL, ILLEGAL, DONE, DONE, DONE, NONE]),
    (End::Client, State::Unread, [DONE, DONE, DONE, BUSY, ILLEGAL, ILLEGAL, DONE, DONE, DONE, NONE]),
    (End::Client, State::OtherClosed, [BROKEN, CLOSING, BROKEN, STATE, ILLEGAL, ILLEGAL, DONE, DONE, DONE, NONE]),
    (End::Client, State::OtherClosedUnread, [DONE, CLOSING, DONE, STATE, ILLEGAL, ILLEGAL, DONE, DONE, DONE, NONE]),
    (End::Client, State::Disconnected, [AWAY, AWAY, AWAY, AWAY, ILLEGAL, AWAY, AWAY, AWAY, AWAY, NONE]),
];

/// What can happen to what waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    Served,
    CloseOwn,
    CloseOther,
    Disconnect,
    Cancel,
}

type Ending = (End, Op, [(Event, NtStatus); 5]);

/// What waits, and how it ends by what. What was written stays when its writer
/// closes.
#[rustfmt::skip]
const ENDINGS: [Ending; 5] = [
    (End::Server, Op::Read, [(Event::Served, DONE), (Event::CloseOwn, BROKEN), (Event::CloseOther, BROKEN), (Event::Disconnect, AWAY), (Event::Cancel, CANCELLED)]),
    (End::Client, Op::Read, [(Event::Served, DONE), (Event::CloseOwn, BROKEN), (Event::CloseOther, BROKEN), (Event::Disconnect, AWAY), (Event::Cancel, CANCELLED)]),
    (End::Server, Op::WriteMuch, [(Event::Served, DONE), (Event::CloseOwn, WAITS), (Event::CloseOther, BROKEN), (Event::Disconnect, AWAY), (Event::Cancel, CANCELLED)]),
    (End::Client, Op::WriteMuch, [(Event::Served, DONE), (Event::CloseOwn, WAITS), (Event::CloseOther, BROKEN), (Event::Disconnect, AWAY), (Event::Cancel, CANCELLED)]),
    (End::Server, Op::Listen, [(Event::Served, DONE), (Event::CloseOwn, BROKEN), (Event::CloseOther, WAITS), (Event::Disconnect, AWAY), (Event::Cancel, CANCELLED)]),
];

pub fn test(program: &Program) {
    for new in [NewPipe::BYTES, NewPipe::MESSAGES] {
        for new in [new, new.overlapped()] {
            for (end, state, expected) in TABLE {
                for (op, expected) in OPS.into_iter().zip(expected) {
                    operation(program, &new, end, state, op, expected);
                }
            }
        }
        for (end, op, endings) in ENDINGS {
            for (event, expected) in endings {
                ending(program, &new.overlapped(), end, op, event, expected);
            }
        }
        set_while_waiting(program, &new.overlapped());
    }
}

/// Both ends, as far as they are open.
struct Ends {
    server: Option<Handle>,
    client: Option<Handle>,
}

impl Ends {
    fn new(program: &Program, new: &NewPipe, has_client: bool) -> Self {
        let (server, _) = program.done("a server", pipe::create(&name(NAME), new));
        let client = has_client.then(|| program.done("a client", connect(NAME, new.options)));
        if let Some(client) = &client
            && new.pipe_type == 1
        {
            program.check("its mode", set_messages(client), DONE);
        }
        Self {
            server: Some(server),
            client,
        }
    }

    fn of(&self, end: End) -> Option<&Handle> {
        match end {
            End::Server => self.server.as_ref(),
            End::Client => self.client.as_ref(),
        }
    }

    fn close(&mut self, end: End) {
        match end {
            End::Server => self.server = None,
            End::Client => self.client = None,
        }
    }
}

fn other(end: End) -> End {
    match end {
        End::Server => End::Client,
        End::Client => End::Server,
    }
}

fn set_messages(end: &Handle) -> NtStatus {
    let modes = FilePipeInformation {
        read_mode: 1,
        completion_mode: 0,
    };
    file::set(end, FILE_PIPE_INFORMATION, &modes)
}

/// Does it, or begins it.
fn begin(end: &Handle, op: Op, running: &mut Operation, buffer: &mut [u8]) -> NtStatus {
    let (to, length) = (buffer.as_mut_ptr(), buffer.len());
    let none = core::ptr::null_mut();
    // SAFETY: the callers keep operation and buffer until both ends are closed.
    unsafe {
        match op {
            Op::Read => running.read(end, to, length),
            Op::Write => running.write(end, b"data"),
            Op::WriteMuch => running.write(end, &MUCH),
            Op::Peek => running.control(end, FSCTL_PIPE_PEEK, &[], to, length),
            Op::Transceive => running.control(end, FSCTL_PIPE_TRANSCEIVE, b"ask", to, length),
            Op::Listen => running.control(end, FSCTL_PIPE_LISTEN, &[], none, 0),
            Op::Disconnect => running.control(end, FSCTL_PIPE_DISCONNECT, &[], none, 0),
            Op::Flush => file::flush(end),
            Op::SetMessages => set_messages(end),
            Op::Query => file::query_bytes(end, FILE_PIPE_LOCAL_INFORMATION, buffer).0,
            Op::Cancel => running.cancel(end),
        }
    }
}

fn operation(program: &Program, new: &NewPipe, end: End, state: State, op: Op, expected: NtStatus) {
    let is_bytes = new.pipe_type == 0;
    let expected = match op {
        Op::Transceive if is_bytes && expected != AWAY => STATE,
        Op::SetMessages if is_bytes && expected == DONE => NtStatus::INVALID_PARAMETER,
        _ => expected,
    };
    if expected == WAITS && new.options != 0 {
        return;
    }
    let (mut running, mut buffer) = (Operation::new(), [0; 64]);
    let mut ends = Ends::new(program, new, state != State::Listening);
    if let (State::Unread | State::OtherClosedUnread, Some(writer)) = (state, ends.of(other(end))) {
        let (mut operation, mut none) = (Operation::new(), []);
        let written = match begin(writer, Op::Write, &mut operation, &mut none) {
            NtStatus::SUCCESS => operation.result(),
            status => (status, 0),
        };
        program.check("what is unread", written, (DONE, 4));
    }
    match (state, &ends.server) {
        (State::OtherClosed | State::OtherClosedUnread, _) => ends.close(other(end)),
        (State::Disconnected, Some(server)) => {
            let mut operation = Operation::new();
            let status = begin(server, Op::Disconnect, &mut operation, &mut []);
            program.check("sent away", status, DONE);
        }
        _ => {}
    }
    let Some(handle) = ends.of(end) else {
        program.fail(format_args!("{end:?} has no handle"));
    };
    let status = begin(handle, op, &mut running, &mut buffer);
    if status != expected {
        program.fail(format_args!(
            "{op:?} of {end:?}, {state:?}, {new:?}: {status}, not {expected}"
        ));
    }
}

/// Has something wait, and happen to it.
fn ending(program: &Program, new: &NewPipe, end: End, op: Op, event: Event, expected: NtStatus) {
    let (mut running, mut buffer) = (Operation::new(), [0; 64]);
    let (mut second, mut much) = (Operation::new(), [0; 6000]);
    let mut ends = Ends::new(program, new, op != Op::Listen);
    if let Some(waiting) = ends.of(end) {
        let status = begin(waiting, op, &mut running, &mut buffer);
        program.check("it waits", status, WAITS);
    }
    match event {
        Event::CloseOwn => ends.close(end),
        Event::CloseOther => ends.close(other(end)),
        Event::Disconnect | Event::Cancel => {
            let (of, what) = match event {
                Event::Disconnect => (&ends.server, Op::Disconnect),
                _ if end == End::Server => (&ends.server, Op::Cancel),
                _ => (&ends.client, Op::Cancel),
            };
            let of = program.done("its handle", of.as_ref().ok_or(NONE));
            let by = match what {
                Op::Cancel => &mut running,
                _ => &mut second,
            };
            program.check("it happens", begin(of, what, by, &mut []), DONE);
        }
        Event::Served if op == Op::Listen => {
            ends.client = Some(program.done("a client", connect(NAME, new.options)));
        }
        Event::Served => {
            let by = program.done("its handle", ends.of(other(end)).ok_or(NONE));
            let what = match op {
                Op::Read => Op::Write,
                _ => Op::Read,
            };
            program.check("served", begin(by, what, &mut second, &mut much), DONE);
        }
    }
    let status = running.result().0;
    if status != expected {
        program.fail(format_args!(
            "{op:?} of {end:?} ended by {event:?}, {new:?}: {status}, not {expected}"
        ));
    }
    drop(ends);
    // Nothing waits for longer than there are ends.
    program.require("over", running.result().0 != WAITS);
}

/// An end whose reads wait goes on waiting, and asks nothing else.
fn set_while_waiting(program: &Program, new: &NewPipe) {
    let (mut first, mut second) = (Operation::new(), Operation::new());
    let mut buffers = [[0; 16]; 2];
    let [one, two] = &mut buffers;
    let ends = Ends::new(program, new, true);
    let server = program.done("a server", ends.server.as_ref().ok_or(NONE));
    program.check("it waits", begin(server, Op::Read, &mut first, one), WAITS);
    let complete = FilePipeInformation {
        read_mode: 0,
        completion_mode: 1,
    };
    program.check(
        "not to wait any more",
        file::set(server, FILE_PIPE_INFORMATION, &complete),
        BUSY,
    );
    if new.pipe_type == 1 {
        let status = begin(server, Op::Transceive, &mut second, two);
        program.check("no answer of its own", status, BUSY);
    }
    let status = begin(server, Op::Read, &mut second, two);
    program.check("another waits", status, WAITS);
    let client = program.done("a client", ends.client.as_ref().ok_or(NONE));
    program.check("written", file::write_with(client, 0, 0, UNREAD), Ok(6));
    program.check("the first", first.result(), (DONE, 6));
    program.check("not the other", second.result().0, WAITS);
    drop(ends);
    program.check("then over", second.result().0, BROKEN);
}
