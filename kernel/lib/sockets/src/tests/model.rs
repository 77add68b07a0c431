//! Whatever is asked in whatever order, each request is over just once.
//!
//! Bytes arrive as they were sent, and nothing is left behind.

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::{Seen, named};
use crate::{
    Address, Brought, Dial, Directions, Entry, Family, Ip, Key, Kind, Network, Receive, Request,
    SendTo, SocketStatus, Started,
};

const SOCKETS: usize = 6;

#[derive(Clone, Debug)]
enum Step {
    Open(usize, bool),
    Bind(usize, u16),
    Listen(usize),
    Connect(usize, u16),
    Accept(usize),
    AcceptInto(usize, usize, usize),
    Send(usize, usize),
    Receive(usize, usize),
    ShutDown(usize, u8),
    Close(usize),
    Poll(usize, u32, bool),
    Select(usize, u32),
    Cancel(usize),
    DoesNotWait(usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..SOCKETS;
    let port = 1_u16..4;
    prop_oneof![
        (at.clone(), any::<bool>()).prop_map(|(a, b)| Step::Open(a, b)),
        (at.clone(), port.clone()).prop_map(|(a, b)| Step::Bind(a, b)),
        at.clone().prop_map(Step::Listen),
        (at.clone(), port).prop_map(|(a, b)| Step::Connect(a, b)),
        at.clone().prop_map(Step::Accept),
        (at.clone(), at.clone(), 0_usize..3).prop_map(|(a, b, c)| Step::AcceptInto(a, b, c)),
        (at.clone(), 0_usize..40_000).prop_map(|(a, b)| Step::Send(a, b)),
        (at.clone(), 0_usize..70_000).prop_map(|(a, b)| Step::Receive(a, b)),
        (at.clone(), 0_u8..3).prop_map(|(a, b)| Step::ShutDown(a, b)),
        at.clone().prop_map(Step::Close),
        (at.clone(), 0_u32..0x200, any::<bool>()).prop_map(|(a, b, c)| Step::Poll(a, b, c)),
        (at.clone(), 0_u32..0x200).prop_map(|(a, b)| Step::Select(a, b)),
        at.clone().prop_map(Step::Cancel),
        (at, any::<bool>()).prop_map(|(a, b)| Step::DoesNotWait(a, b)),
    ]
}

/// What waits, and what was asked so far.
#[derive(Default)]
struct Asked {
    next: u32,
    waiting: BTreeSet<u32>,
}

impl Asked {
    fn new_request(&mut self) -> Request {
        self.next += 1;
        Request(self.next)
    }

    /// Notes what became of it; a connection that came.
    fn note(&mut self, request: Request, started: Started) -> Option<Key> {
        match started {
            Started::Queued => {
                self.waiting.insert(request.0);
                None
            }
            Started::Done(ended, back) => {
                assert_eq!(back, Some(request));
                match ended.brought {
                    Brought::Connection(key) => Some(key),
                    _ => None,
                }
            }
            Started::Waits => panic!("it had a request"),
        }
    }
}

proptest! {
    #[test]
    fn every_request_is_over_once(steps in proptest::collection::vec(step(), 1..120)) {
        let mut network = Network::new();
        let mut asked = Asked::default();
        let mut keys = [None; SOCKETS];
        let mut others = Vec::new();
        for step in steps {
            let mut seen = Seen::default();
            run(&step, &mut network, &mut asked, &mut keys, &mut others, &mut seen);
            settle(&mut asked, &mut others, seen);
        }
        for key in keys.into_iter().flatten() {
            let mut seen = Seen::default();
            network.close(key, &mut seen);
            settle(&mut asked, &mut others, seen);
        }
        while let Some(key) = others.pop() {
            let mut seen = Seen::default();
            network.close(key, &mut seen);
            settle(&mut asked, &mut others, seen);
        }
        prop_assert!(asked.waiting.is_empty());
        prop_assert!(network.is_empty());
    }

    #[test]
    fn bytes_arrive_as_they_were_sent(sizes in proptest::collection::vec((0_usize..9000, 1_usize..9000), 1..60)) {
        let (mut network, mut seen) = (Network::new(), Seen::default());
        let (a, b) = super::pair(&mut network, &mut seen);
        let (mut sent, mut got) = (Vec::new(), Vec::new());
        for (number, (size, most)) in (1..).zip(sizes) {
            let piece: Vec<u8> = (sent.len()..sent.len() + size).map(|byte| byte.to_le_bytes()[0]).collect();
            sent.extend_from_slice(&piece);
            let _ = network.send(a, &mut piece.clone(), SendTo::default(), Some(Request(number)), &mut seen);
            if let Started::Done(ended, None) = network.receive(b, Receive::of(most), None, &mut seen) {
                got.extend(super::data(ended));
            }
        }
        while let Started::Done(ended, None) = network.receive(b, Receive::of(5000), None, &mut seen) {
            got.extend(super::data(ended));
        }
        prop_assert_eq!(sent, got);
        prop_assert_eq!(network.held(), 0);
    }
}

fn settle(asked: &mut Asked, others: &mut Vec<Key>, seen: Seen) {
    for (request, ended) in seen.over {
        assert!(
            asked.waiting.remove(&request),
            "{request} is over twice or never waited"
        );
        if let Brought::Connection(key) = ended.brought {
            others.push(key);
        }
    }
}

fn run(
    step: &Step,
    network: &mut Network,
    asked: &mut Asked,
    keys: &mut [Option<Key>; SOCKETS],
    others: &mut Vec<Key>,
    seen: &mut Seen,
) {
    let at = |port| Address::of(Ip::LOOPBACK_V4, port);
    // A queued request may be over within the same step: it waits before that is seen.
    match *step {
        Step::Open(place, is_stream) => {
            if keys[place].is_none() {
                let key = network.open().unwrap();
                let kind = match is_stream {
                    true => Kind::Stream,
                    false => Kind::Datagram,
                };
                network.name(key, named(Family::V4, kind)).unwrap();
                keys[place] = Some(key);
            }
            return;
        }
        Step::Close(place) => {
            if let Some(key) = keys[place].take() {
                network.close(key, seen);
            }
            return;
        }
        _ => {}
    }
    let (Step::Bind(place, _)
    | Step::Listen(place)
    | Step::Connect(place, _)
    | Step::Accept(place)
    | Step::AcceptInto(place, ..)
    | Step::Send(place, _)
    | Step::Receive(place, _)
    | Step::ShutDown(place, _)
    | Step::Close(place)
    | Step::Poll(place, ..)
    | Step::Select(place, _)
    | Step::Cancel(place)
    | Step::Open(place, _)
    | Step::DoesNotWait(place, _)) = *step;
    let Some(key) = keys[place] else { return };
    let request = asked.new_request();
    match *step {
        Step::Bind(_, port) => drop(network.bind(key, at(port))),
        Step::Listen(_) => drop(network.listen(key, 2)),
        Step::Connect(_, port) => {
            let first = vec![1; 10];
            let _ = network.connect(key, Dial::to(at(port)), first, seen);
        }
        Step::Accept(_) => {
            let started = network.accept(key, Some(request), seen);
            others.extend(asked.note(request, started));
        }
        Step::AcceptInto(_, into, most) => {
            if let Some(into) = keys[into] {
                let started = network.accept_into(key, into, most, request, seen);
                asked.note(request, started);
            }
        }
        Step::Send(_, size) => {
            let how = SendTo {
                to: Some(at(1)),
                ..SendTo::default()
            };
            let started = network.send(key, &mut vec![3; size], how, Some(request), seen);
            asked.note(request, started);
        }
        Step::Receive(_, most) => {
            let started = network.receive(key, Receive::of(most), Some(request), seen);
            asked.note(request, started);
        }
        Step::ShutDown(_, how) => {
            let directions = [Directions::Receive, Directions::Send, Directions::Both];
            let _ = network.shut_down(key, directions[usize::from(how)], seen);
        }
        Step::Poll(_, mask, is_exclusive) => {
            let entries = keys.iter().flatten().map(|key| Entry {
                key: *key,
                handle: 0,
                mask,
                ready: 0,
                status: SocketStatus::Success,
            });
            let started = network.poll(key, entries.collect(), is_exclusive, Some(request), seen);
            asked.note(request, started);
        }
        Step::Select(_, mask) => drop(network.select(key, mask, seen)),
        Step::Cancel(_) => {
            seen.meant = asked.waiting.first().copied();
            network.cancel(key, seen);
        }
        Step::DoesNotWait(_, does_not) => drop(network.set_does_not_wait(key, does_not)),
        Step::Open(..) | Step::Close(_) => {}
    }
}
