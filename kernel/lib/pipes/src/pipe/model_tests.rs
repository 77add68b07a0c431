//! A pipe against a simple model, under random operations.
//!
//! The model predicts every answer and every request that completes, with its
//! bytes, which count up so that none can be lost, doubled or out of order.

extern crate std;

mod model;

use std::collections::BTreeSet;
use std::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::ReadMode;
use model::{Answer, Event, Model, QUOTA};

#[derive(Clone, Debug)]
enum Step {
    /// By the server or its client, so many bytes.
    Write(bool, usize),
    HandOver(bool, usize),
    Read(bool, usize),
    TryRead(bool, usize),
    Transceive(bool, usize, usize),
    Flush(bool),
    /// Those requests whose number divided by 3 leaves these rests.
    Cancel(bool, u32),
    /// Whether the end reads messages, and whether it waits.
    SetModes(bool, bool, bool),
    /// Closes the end, then or before the other, and makes another pipe when
    /// both are.
    Close(bool),
    /// Disconnects, listens, connects.
    Reconnect,
}

fn step() -> impl Strategy<Value = Step> {
    let end = any::<bool>;
    prop_oneof![
        12 => (end(), 0usize..14).prop_map(|(end, len)| Step::Write(end, len)),
        3 => (end(), 0usize..14).prop_map(|(end, len)| Step::HandOver(end, len)),
        9 => (end(), 0usize..14).prop_map(|(end, max)| Step::Read(end, max)),
        3 => (end(), 0usize..30).prop_map(|(end, max)| Step::TryRead(end, max)),
        2 => (end(), 0usize..9, 0usize..9)
            .prop_map(|(end, len, max)| Step::Transceive(end, len, max)),
        3 => end().prop_map(Step::Flush),
        4 => (end(), 0u32..8).prop_map(|(end, rests)| Step::Cancel(end, rests)),
        1 => (end(), any::<bool>(), prop::bool::weighted(0.2))
            .prop_map(|(end, messages, nowait)| Step::SetModes(end, messages, nowait)),
        1 => end().prop_map(Step::Close),
        1 => Just(Step::Reconnect),
    ]
}

/// The pipe, the model, and whose requests are not over.
struct Pair {
    pipe: Pipe<u32>,
    client: End,
    model: Model,
    pending: BTreeSet<u32>,
    next_request: u32,
    next_byte: u8,
}

fn new_pipe(pipe_type: PipeType, read: ReadMode) -> (Pipe<u32>, End) {
    let mut pipe = Pipe::new(&tests::settings(pipe_type, read, QUOTA));
    let client = tests::connect(&mut pipe);
    (pipe, client)
}

impl Pair {
    fn new(pipe_type: PipeType, read: ReadMode) -> Self {
        let (pipe, client) = new_pipe(pipe_type, read);
        Self {
            pipe,
            client,
            model: Model::new(pipe_type, read),
            pending: BTreeSet::new(),
            next_request: 0,
            next_byte: 0,
        }
    }

    fn end(&self, is_server: bool) -> End {
        if is_server { End::Server } else { self.client }
    }

    fn request(&mut self) -> u32 {
        self.next_request += 1;
        assert!(self.pending.insert(self.next_request));
        self.next_request
    }

    fn data(&mut self, len: usize) -> Vec<u8> {
        let bytes = (0..len).map(|_| {
            self.next_byte = self.next_byte.wrapping_add(1);
            self.next_byte
        });
        bytes.collect()
    }

    /// Checks what became of a request and of others.
    fn started(&mut self, started: Started<u32>, expected: Answer, request: u32) {
        match (started, expected) {
            (Started::Queued, None) => {}
            (Started::Done(done), Some((status, bytes, data))) => {
                assert_eq!(
                    (done.request, done.status, done.bytes),
                    (request, status, bytes)
                );
                assert_eq!(done.data.bytes(), data);
                assert!(self.pending.remove(&request));
            }
            (started, expected) => panic!("{started:?}, expected {expected:?}"),
        }
    }

    fn completed(&mut self, events: &[Event]) {
        assert_eq!(events, self.model.events);
        for (request, ..) in events {
            assert!(self.pending.remove(request), "{request} is over already");
        }
    }

    fn step(&mut self, step: &Step) {
        self.model.events.clear();
        let mut events = Vec::new();
        let mut complete = |over: Completed<u32>| {
            let data = over.data.bytes().to_vec();
            events.push((over.request, over.status, over.bytes, data));
        };
        match *step {
            Step::Write(is_server, len) => {
                let (request, data, end) = (self.request(), self.data(len), self.end(is_server));
                let expected = self.model.write(is_server, data.clone(), request);
                let waits = self.pipe.write_waits(end, len);
                let started = self.pipe.write(end, data, request, &mut complete);
                assert_eq!(waits, matches!(started, Started::Queued));
                self.started(started, expected, request);
            }
            Step::HandOver(is_server, len) => {
                let end = self.end(is_server);
                let expected = self.model.hand_over(is_server, len);
                assert_eq!(self.pipe.hand_over(end, len), expected);
                if let Some(request) = expected {
                    assert!(self.pending.remove(&request));
                }
            }
            Step::Read(is_server, max) => {
                let (request, end) = (self.request(), self.end(is_server));
                let expected = self.model.read(is_server, max, Some(request));
                let waits = self.pipe.read_waits(end);
                let started = self.pipe.read(end, max, request, &mut complete);
                assert_eq!(waits, matches!(started, Started::Queued));
                self.started(started, expected, request);
            }
            Step::TryRead(is_server, max) => {
                let (mut buffer, end) = (std::vec![0; max], self.end(is_server));
                let expected = self.model.read(is_server, max, None);
                let ended = self.pipe.try_read(end, &mut buffer, &mut complete);
                let ended =
                    ended.map(|ended| (ended.status, ended.bytes, buffer[..ended.bytes].to_vec()));
                assert_eq!(ended, expected);
            }
            Step::Transceive(is_server, len, max) => {
                let (request, data, end) = (self.request(), self.data(len), self.end(is_server));
                let expected = self.model.transceive(is_server, data.clone(), max, request);
                let started = self.pipe.transceive(end, data, max, request, &mut complete);
                self.started(started, expected, request);
            }
            Step::Flush(is_server) => {
                let (request, end) = (self.request(), self.end(is_server));
                let expected = self.model.flush(is_server, request);
                let started = self.pipe.flush(end, request);
                self.started(started, expected, request);
            }
            Step::Cancel(is_server, rests) => {
                let end = self.end(is_server);
                let matches = |request: &u32| rests & (1 << (request % 3)) != 0;
                let expected = self.model.cancel(is_server, matches);
                assert_eq!(self.pipe.cancel(end, matches, &mut complete), expected);
            }
            Step::SetModes(is_server, messages, nowait) => {
                let modes = Modes {
                    read: if messages {
                        ReadMode::Message
                    } else {
                        ReadMode::Byte
                    },
                    completion: if nowait {
                        CompletionMode::Complete
                    } else {
                        CompletionMode::Queue
                    },
                };
                let expected = self.model.set_modes(is_server, modes);
                assert_eq!(
                    self.pipe.set_modes(self.end(is_server), modes).is_ok(),
                    expected
                );
            }
            Step::Close(is_server) => {
                let end = self.end(is_server);
                self.model.close(is_server);
                self.pipe.close(end, &mut complete);
            }
            Step::Reconnect => {
                let expected = self.model.disconnect();
                let result = self.pipe.disconnect(End::Server, &mut complete);
                assert_eq!(result.is_ok(), expected);
            }
        }
        self.completed(&events);
        self.compare();
        self.go_on();
    }

    /// Compares what the ends are told.
    fn compare(&self) {
        for is_server in [false, true] {
            let end = self.end(is_server);
            let Ok(information) = self.pipe.information(end) else {
                continue;
            };
            let unread = self.model.unread(is_server);
            assert_eq!(information.read_data_available as usize, unread.len());
            let mut buffer = [0; 4 * QUOTA as usize];
            if let Ok(peeked) = self.pipe.peek(end, &mut buffer) {
                let copied = &buffer[..peeked.bytes];
                assert!(unread.starts_with(copied));
                assert!(
                    peeked.number_of_messages > 0 || unread.len().min(buffer.len()) == copied.len()
                );
            }
        }
        let pending: BTreeSet<u32> = self.model.pending().collect();
        assert_eq!(pending, self.pending);
    }

    /// Makes another connection or pipe where there is none.
    fn go_on(&mut self) {
        if self.pipe.state() == State::Disconnected && !self.pipe.is_over() {
            let request = self.next_request + 1;
            self.next_request = request;
            assert!(
                matches!(self.pipe.listen(End::Server, request), Started::Queued)
                    || self.model.is_nowait()
            );
            self.client = End::Client(self.pipe.connect_client(&mut |_| ()).unwrap());
            self.model.reconnect();
        } else if self.pipe.is_over() {
            assert!(self.pending.is_empty());
            let (pipe_type, read) = (self.model.pipe_type, self.model.first_read);
            (self.pipe, self.client) = new_pipe(pipe_type, read);
            self.model = Model::new(pipe_type, read);
        }
    }
}

const KINDS: [(PipeType, ReadMode); 3] = [
    (PipeType::Byte, ReadMode::Byte),
    (PipeType::Message, ReadMode::Byte),
    (PipeType::Message, ReadMode::Message),
];

proptest! {
    #[test]
    fn pipe_agrees_with_the_model(
        kind in prop::sample::select(KINDS.to_vec()),
        steps in prop::collection::vec(step(), 1..150),
    ) {
        let mut pair = Pair::new(kind.0, kind.1);
        for step in &steps {
            pair.step(step);
        }
    }
}

/// Requests are cancelled as often as they are made: each is over just once,
/// by the operation that it waited for or by the cancellation.
#[test]
fn cancellation_races_completion() {
    let mut random = 0x5EED_u32;
    let mut next = |below: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 16) % below
    };
    for (pipe_type, read) in KINDS {
        let mut pair = Pair::new(pipe_type, read);
        for _ in 0..10_000 {
            let is_server = next(2) == 0;
            let size = next(14) as usize;
            pair.step(&match next(8) {
                0..=1 => Step::Write(is_server, size),
                2..=3 => Step::Read(is_server, size),
                4 => Step::Flush(is_server),
                _ => Step::Cancel(is_server, 1 + next(7)),
            });
        }
        let waiting = pair.pending.len();
        assert!(pair.next_request > 4_000 && waiting < 200, "{waiting}");
    }
}
