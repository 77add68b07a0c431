//! What every operation gives in every state.

mod data;
mod life;
mod modes;

extern crate std;

use std::string::String;
use std::vec::Vec;
use std::{format, vec};

use super::*;
use crate::ReadMode;
use PipeStatus::*;

/// A request, and how it ended.
pub(super) type Over = (u32, PipeStatus, Vec<u8>);

pub(super) fn settings(pipe_type: PipeType, read: ReadMode, quota: u32) -> Settings {
    Settings {
        pipe_type,
        configuration: Configuration::FullDuplex,
        server: Modes {
            read,
            completion: CompletionMode::Queue,
        },
        inbound_quota: quota,
        outbound_quota: quota,
    }
}

pub(super) fn message_pipe() -> Pipe<u32> {
    Pipe::new(&settings(PipeType::Message, ReadMode::Message, 100))
}

/// Connects a client that reads as the server does.
pub(super) fn connect(pipe: &mut Pipe<u32>) -> End {
    let client = End::Client(pipe.connect_client(&mut |_| ()).unwrap());
    let modes = Modes {
        read: pipe.server.read,
        ..Modes::CLIENT
    };
    pipe.set_modes(client, modes).unwrap();
    client
}

pub(super) fn over(list: &mut Vec<Over>) -> impl FnMut(Completed<u32>) {
    |over| {
        let data = over.data.bytes().to_vec();
        assert!(data.is_empty() || data.len() == over.bytes);
        list.push((over.request, over.status, data));
    }
}

/// What an operation gives: a status, `None` if its request waits.
pub(super) fn status(started: Started<u32>) -> Option<PipeStatus> {
    match started {
        Started::Done(over) => Some(over.status),
        Started::Queued => None,
    }
}

/// The ways in which an end can be.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Listening,
    Connected,
    /// The other end is closed.
    Closing,
    /// The same, and has left a message.
    ClosingWithData,
    Disconnected,
    /// Disconnected, and another client has connected.
    Replaced,
    /// This end is closed.
    Closed,
}

/// A pipe and one of its ends in a way.
fn pipe_in(way: Way, is_server: bool) -> (Pipe<u32>, End) {
    let mut pipe = message_pipe();
    let mut none = |_| ();
    if way == Way::Listening {
        return (pipe, End::Server);
    }
    let client = connect(&mut pipe);
    let (end, other) = if is_server {
        (End::Server, client)
    } else {
        (client, End::Server)
    };
    match way {
        Way::Listening | Way::Connected => {}
        Way::Closing => pipe.close(other, &mut none),
        Way::ClosingWithData => {
            assert_eq!(
                status(pipe.write(other, vec![1, 2], 0, &mut none)),
                Some(Success)
            );
            pipe.close(other, &mut none);
        }
        Way::Disconnected | Way::Replaced => {
            pipe.disconnect(End::Server, &mut none).unwrap();
            if way == Way::Replaced {
                assert_eq!(status(pipe.listen(End::Server, 0)), None);
                connect(&mut pipe);
            }
        }
        Way::Closed => pipe.close(end, &mut none),
    }
    (pipe, end)
}

/// What the operations give, in this order: listen, read, write, peek, flush,
/// transceive, information, disconnect. Waiting is `None`.
fn answers(way: Way, is_server: bool) -> [Option<PipeStatus>; 8] {
    let mut none = |_| ();
    let ok = |result: Result<(), PipeStatus>| Some(result.err().unwrap_or(Success));
    let pipe = || pipe_in(way, is_server);
    let (mut listening, end) = pipe();
    let transceived = pipe().0.transceive(end, vec![1], 1, 1, &mut none);
    [
        status(listening.listen(end, 1)),
        status(pipe().0.read(end, 2, 1, &mut none)),
        status(pipe().0.write(end, vec![1], 1, &mut none)),
        ok(pipe().0.peek(end, &mut [0; 2]).map(|_| ())),
        status(pipe().0.flush(end, 1)),
        status(transceived),
        ok(pipe().0.information(end).map(|_| ())),
        ok(pipe().0.disconnect(end, &mut none)),
    ]
}

#[test]
fn every_operation_in_every_state() {
    let gone = Some(PipeDisconnected);
    let ok = Some(Success);
    let table = [
        // The server: listen, read, write, peek, flush, transceive,
        // information, disconnect.
        (
            (Way::Listening, true),
            [
                None,
                Some(PipeListening),
                Some(PipeListening),
                Some(InvalidPipeState),
                ok,
                Some(InvalidPipeState),
                ok,
                ok,
            ],
        ),
        (
            (Way::Connected, true),
            [Some(PipeConnected), None, ok, ok, ok, None, ok, ok],
        ),
        (
            (Way::Closing, true),
            [
                Some(PipeClosing),
                Some(PipeBroken),
                Some(PipeClosing),
                Some(PipeBroken),
                ok,
                Some(InvalidPipeState),
                ok,
                ok,
            ],
        ),
        (
            (Way::ClosingWithData, true),
            [
                Some(PipeClosing),
                ok,
                Some(PipeClosing),
                ok,
                ok,
                Some(InvalidPipeState),
                ok,
                ok,
            ],
        ),
        (
            (Way::Disconnected, true),
            [
                None,
                gone,
                gone,
                Some(InvalidPipeState),
                ok,
                Some(InvalidPipeState),
                ok,
                gone,
            ],
        ),
        ((Way::Closed, true), [gone; 8]),
        // The client.
        (
            (Way::Connected, false),
            [
                Some(IllegalFunction),
                None,
                ok,
                ok,
                ok,
                None,
                ok,
                Some(IllegalFunction),
            ],
        ),
        (
            (Way::Closing, false),
            [
                Some(IllegalFunction),
                Some(PipeBroken),
                Some(PipeClosing),
                Some(PipeBroken),
                ok,
                Some(InvalidPipeState),
                ok,
                Some(IllegalFunction),
            ],
        ),
        (
            (Way::ClosingWithData, false),
            [
                Some(IllegalFunction),
                ok,
                Some(PipeClosing),
                ok,
                ok,
                Some(InvalidPipeState),
                ok,
                Some(IllegalFunction),
            ],
        ),
    ];
    for ((way, is_server), expected) in table {
        assert_eq!(answers(way, is_server), expected, "{way:?} {is_server}");
    }
    for way in [Way::Disconnected, Way::Replaced, Way::Closed] {
        let mut expected = [gone; 8];
        expected[0] = Some(IllegalFunction);
        assert_eq!(answers(way, false), expected, "{way:?}");
    }
}

#[test]
fn statuses_are_those_of_nt() {
    let table = [
        (Success, "00000000"),
        (BufferOverflow, "80000005"),
        (InvalidPipeState, "C00000AD"),
        (PipeBusy, "C00000AE"),
        (PipeDisconnected, "C00000B0"),
        (PipeClosing, "C00000B1"),
        (PipeConnected, "C00000B2"),
        (PipeListening, "C00000B3"),
        (PipeEmpty, "C00000D9"),
        (PipeBroken, "C000014B"),
    ];
    for (status, code) in table {
        let name: String = format!("{:08X}", status.status_code());
        assert_eq!(name, code);
    }
}
