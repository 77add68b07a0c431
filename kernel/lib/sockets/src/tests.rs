//! Tests of the network as a whole.

mod model;

use alloc::vec;
use alloc::vec::Vec;

use crate::{
    Address, Brought, Dial, Directions, Ended, Entry, Family, Ip, Key, Kind, Named, Network,
    Outcomes, Receive, Request, SendTo, Setting, SocketStatus, Started, event,
};

/// What became of requests and events.
#[derive(Default)]
struct Seen {
    over: Vec<(u32, Ended)>,
    signalled: Vec<Key>,
    meant: Option<u32>,
}

impl Outcomes for Seen {
    fn complete(&mut self, request: Request, ended: Ended) {
        self.over.push((request.0, ended));
    }

    fn signal(&mut self, key: Key) {
        self.signalled.push(key);
    }

    fn is_meant(&self, request: Request) -> bool {
        self.meant == Some(request.0)
    }
}

fn named(family: Family, kind: Kind) -> Named {
    Named {
        family,
        kind,
        protocol: 0,
    }
}

fn socket(network: &mut Network, family: Family, kind: Kind) -> Key {
    let key = network.open().unwrap();
    network.name(key, named(family, kind)).unwrap();
    key
}

fn listener(network: &mut Network) -> (Key, Address) {
    let key = socket(network, Family::V4, Kind::Stream);
    let address = network.bind(key, Address::of(Ip::LOOPBACK_V4, 0)).unwrap();
    network.listen(key, 5).unwrap();
    (key, address)
}

/// Two ends of a connection.
fn pair(network: &mut Network, seen: &mut Seen) -> (Key, Key) {
    let (server, address) = listener(network);
    let client = socket(network, Family::V4, Kind::Stream);
    network
        .connect(client, Dial::to(address), Vec::new(), seen)
        .unwrap();
    let accepted = accepted(network.accept(server, None, seen));
    network.close(server, seen);
    (client, accepted)
}

fn accepted(started: Started) -> Key {
    match started {
        Started::Done(
            Ended {
                brought: Brought::Connection(key),
                ..
            },
            _,
        ) => key,
        other => panic!("{other:?}"),
    }
}

fn send(network: &mut Network, seen: &mut Seen, key: Key, data: &[u8]) -> Ended {
    match network.send(key, &mut data.to_vec(), SendTo::default(), None, seen) {
        Started::Done(ended, None) => ended,
        other => panic!("{other:?}"),
    }
}

fn receive(network: &mut Network, seen: &mut Seen, key: Key, most: usize) -> Ended {
    match network.receive(key, Receive::of(most), None, seen) {
        Started::Done(ended, None) => ended,
        other => panic!("{other:?}"),
    }
}

fn data(ended: Ended) -> Vec<u8> {
    assert_eq!(ended.status, SocketStatus::Success);
    match ended.brought {
        Brought::Data(data, _) => data,
        other => panic!("{other:?}"),
    }
}

#[test]
fn bytes_arrive_in_order_and_in_pieces() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (a, b) = pair(&mut network, &mut seen);
    for part in [b"one ".as_slice(), b"two ", b"three"] {
        assert_eq!(send(&mut network, &mut seen, a, part).bytes, part.len());
    }
    assert_eq!(network.held(), 13);
    assert_eq!(data(receive(&mut network, &mut seen, b, 6)), b"one tw");
    let peek = Receive {
        peeks: true,
        ..Receive::of(3)
    };
    let Started::Done(peeked, _) = network.receive(b, peek, None, &mut seen) else {
        panic!();
    };
    assert_eq!(data(peeked), b"o t");
    assert_eq!(data(receive(&mut network, &mut seen, b, 100)), b"o three");
    assert!(matches!(
        network.receive(b, Receive::of(1), None, &mut seen),
        Started::Waits
    ));
    network.close(a, &mut seen);
    assert_eq!(data(receive(&mut network, &mut seen, b, 9)), b"");
    network.close(b, &mut seen);
    assert!(network.is_empty());
}

#[test]
fn a_read_that_waits_gets_what_is_sent() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (a, b) = pair(&mut network, &mut seen);
    let waits = network.receive(b, Receive::of(4), Some(Request(7)), &mut seen);
    assert!(matches!(waits, Started::Queued));
    send(&mut network, &mut seen, a, b"hello");
    let (request, ended) = seen.over.pop().unwrap();
    assert_eq!((request, data(ended).as_slice()), (7, b"hell".as_slice()));
    assert_eq!(data(receive(&mut network, &mut seen, b, 4)), b"o");
}

#[test]
fn who_sends_waits_while_much_is_unread() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (a, b) = pair(&mut network, &mut seen);
    send(&mut network, &mut seen, a, &vec![1; 0x1_0000]);
    let mut more = vec![2; 10];
    let how = SendTo::default();
    assert!(matches!(
        network.send(a, &mut more, how, None, &mut seen),
        Started::Waits
    ));
    let queued = network.send(a, &mut more, how, Some(Request(1)), &mut seen);
    assert!(matches!(queued, Started::Queued));
    network.set_does_not_wait(a, true).unwrap();
    let mut third = vec![3; 10];
    let Started::Done(refused, _) = network.send(a, &mut third, how, None, &mut seen) else {
        panic!();
    };
    assert_eq!(refused.status, SocketStatus::WouldBlock);
    // What is shut down is so only behind what waits.
    network.shut_down(a, Directions::Send, &mut seen).unwrap();
    assert_eq!(receive(&mut network, &mut seen, b, 1).bytes, 1);
    assert_eq!(seen.over.len(), 1);
    assert_eq!(
        receive(&mut network, &mut seen, b, 0x2_0000).bytes,
        0xFFFF + 10
    );
    assert_eq!(receive(&mut network, &mut seen, b, 1).bytes, 0);
}

#[test]
fn many_that_wait_end_without_deep_calls() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (a, b) = pair(&mut network, &mut seen);
    for number in 0..20_000 {
        let _ = network.receive(b, Receive::of(1), Some(Request(number)), &mut seen);
    }
    network.shut_down(a, Directions::Send, &mut seen).unwrap();
    assert_eq!(seen.over.len(), 20_000);
}

#[test]
fn nobody_listens_and_nothing_leads_there() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let key = socket(&mut network, Family::V4, Kind::Stream);
    let mut dial = |ip, port| {
        let to = Dial::to(Address::of(Ip::V4(ip), port));
        network.connect(key, to, Vec::new(), &mut seen)
    };
    assert_eq!(
        dial([127, 0, 0, 1], 9),
        Err(SocketStatus::ConnectionRefused)
    );
    assert_eq!(
        dial([8, 8, 8, 8], 53),
        Err(SocketStatus::NetworkUnreachable)
    );
    assert_eq!(dial([255; 4], 1), Err(SocketStatus::AccessDenied));
    assert_eq!(network.error(key), Ok(SocketStatus::ConnectionRefused));
}

#[test]
fn who_does_not_wait_is_told_later() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (_, address) = listener(&mut network);
    let key = socket(&mut network, Family::V4, Kind::Stream);
    network
        .select(key, event::CONNECT | event::CONNECT_ERROR, &mut seen)
        .unwrap();
    let dial = Dial {
        may_be_told_later: true,
        ..Dial::to(Address::of(Ip::LOOPBACK_V4, 9))
    };
    let connected = network.connect(key, dial, Vec::new(), &mut seen);
    assert_eq!(connected, Err(SocketStatus::WouldBlock));
    assert_eq!(seen.signalled, [key]);
    let happened = network.take_events(key).unwrap();
    assert_eq!(happened.events, event::CONNECT_ERROR);
    assert_eq!(happened.connect_error, SocketStatus::ConnectionRefused);
    let dial = Dial { address, ..dial };
    let connected = network.connect(key, dial, Vec::new(), &mut seen);
    assert_eq!(connected, Err(SocketStatus::WouldBlock));
    assert_eq!(network.take_events(key).unwrap().events, event::CONNECT);
    let connected = network.connect(key, dial, Vec::new(), &mut seen);
    assert_eq!(connected, Err(SocketStatus::AlreadyConnected));
}

#[test]
fn unread_data_reset_a_connection() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (a, b) = pair(&mut network, &mut seen);
    send(&mut network, &mut seen, a, b"unread");
    network.close(b, &mut seen);
    assert_eq!(
        receive(&mut network, &mut seen, a, 1).status,
        SocketStatus::ConnectionReset
    );
    let (a, b) = pair(&mut network, &mut seen);
    network.set(a, Setting::Linger, 1).unwrap();
    network.close(a, &mut seen);
    assert_eq!(
        receive(&mut network, &mut seen, b, 1).status,
        SocketStatus::ConnectionReset
    );
    // Who sends to nobody learns so from what comes back.
    let (a, b) = pair(&mut network, &mut seen);
    network.close(a, &mut seen);
    assert_eq!(
        send(&mut network, &mut seen, b, b"x").status,
        SocketStatus::Success
    );
    assert_eq!(
        send(&mut network, &mut seen, b, b"x").status,
        SocketStatus::ConnectionReset
    );
}

#[test]
fn addresses_are_somebodys() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (server, address) = listener(&mut network);
    let key = socket(&mut network, Family::V4, Kind::Stream);
    assert_eq!(network.bind(key, address), Err(SocketStatus::AddressInUse));
    network.set(key, Setting::ReuseAddress, 1).unwrap();
    assert_eq!(network.bind(key, address), Err(SocketStatus::AccessDenied));
    let far = Address::of(Ip::V4([10, 0, 0, 1]), 0);
    assert_eq!(
        network.bind(key, far),
        Err(SocketStatus::AddressNotAvailable)
    );
    network.close(server, &mut seen);
    assert_eq!(network.bind(key, address), Ok(address));
    assert_eq!(network.bind(key, address), Err(SocketStatus::AlreadyBound));
    let datagrams = socket(&mut network, Family::V4, Kind::Datagram);
    assert_eq!(network.bind(datagrams, address), Ok(address));
}

#[test]
fn sixteen_bytes_carry_four() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let server = socket(&mut network, Family::V6, Kind::Stream);
    network.set(server, Setting::V6Only, 0).unwrap();
    let address = network
        .bind(server, Address::of(Family::V6.any(), 0))
        .unwrap();
    network.listen(server, 1).unwrap();
    let client = socket(&mut network, Family::V4, Kind::Stream);
    let to = Address::of(Ip::LOOPBACK_V4, address.port);
    network
        .connect(client, Dial::to(to), Vec::new(), &mut seen)
        .unwrap();
    let end = accepted(network.accept(server, None, &mut seen));
    assert_eq!(
        network.peer(end).unwrap().ip,
        Ip::LOOPBACK_V4.shown_by(Family::V6)
    );
    let other = socket(&mut network, Family::V4, Kind::Stream);
    let taken = network.bind(other, Address::of(Family::V4.any(), address.port));
    assert_eq!(taken, Err(SocketStatus::AddressInUse));
    for ip in [Ip::LOOPBACK_V4, Ip::LOOPBACK_V6] {
        let address = Address::of(ip, 0x1234);
        let (bytes, length) = address.write();
        assert_eq!(Address::read(&bytes[..length]), Ok(address));
        assert!(Address::read(&bytes[..length - 1]).is_err());
    }
}

#[test]
fn a_connected_sender_learns_that_nobody_is_there() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let a = socket(&mut network, Family::V4, Kind::Datagram);
    let b = socket(&mut network, Family::V4, Kind::Datagram);
    let gone = network.bind(a, Address::of(Ip::LOOPBACK_V4, 0)).unwrap();
    network.close(a, &mut seen);
    let to = SendTo {
        to: Some(gone),
        ..SendTo::default()
    };
    let mut send = |network: &mut Network, how| {
        let sent = network.send(b, &mut b"x".to_vec(), how, None, &mut seen);
        assert!(matches!(sent, Started::Done(Ended { bytes: 1, .. }, _)));
        network.readable(b)
    };
    // By one that is connected to nobody it is not seen.
    assert_eq!(send(&mut network, to), Ok(0));
    assert_eq!(network.held(), 0);
    let connected = network.connect(b, Dial::to(gone), Vec::new(), &mut Seen::default());
    assert_eq!(connected, Ok(0));
    send(&mut network, SendTo::default()).unwrap();
    assert!(network.held() != 0);
    let ended = receive(&mut network, &mut seen, b, 3);
    assert_eq!(ended.status, SocketStatus::ConnectionReset);
    assert_eq!(network.held(), 0);
}

#[test]
fn datagrams_keep_their_bounds() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let a = socket(&mut network, Family::V4, Kind::Datagram);
    let b = socket(&mut network, Family::V4, Kind::Datagram);
    let to = network.bind(a, Address::of(Ip::LOOPBACK_V4, 0)).unwrap();
    let how = SendTo {
        to: Some(to),
        ..SendTo::default()
    };
    for part in [b"first".as_slice(), b""] {
        let sent = network.send(b, &mut part.to_vec(), how, None, &mut seen);
        assert!(matches!(
            sent,
            Started::Done(
                Ended {
                    status: SocketStatus::Success,
                    ..
                },
                _
            )
        ));
    }
    let ended = receive(&mut network, &mut seen, a, 3);
    assert_eq!((ended.status, ended.bytes), (SocketStatus::TooLong, 3));
    let ended = receive(&mut network, &mut seen, a, 3);
    let Brought::Data(empty, Some(from)) = ended.brought else {
        panic!();
    };
    assert_eq!(
        (empty.len(), from.port),
        (0, network.local(b).unwrap().port)
    );
    let sent = network.send(b, &mut vec![0; 70_000], how, None, &mut seen);
    assert!(matches!(
        sent,
        Started::Done(
            Ended {
                status: SocketStatus::TooLong,
                ..
            },
            _
        )
    ));
}

#[test]
fn a_socket_becomes_the_end_of_a_connection() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (server, address) = listener(&mut network);
    let end = socket(&mut network, Family::V4, Kind::Stream);
    let queued = network.accept_into(server, end, 8, Request(3), &mut seen);
    assert!(matches!(queued, Started::Queued));
    let client = socket(&mut network, Family::V4, Kind::Stream);
    network
        .connect(client, Dial::to(address), b"first".to_vec(), &mut seen)
        .unwrap();
    let (request, ended) = seen.over.pop().unwrap();
    let Brought::First(first, own, other) = ended.brought else {
        panic!();
    };
    assert_eq!(
        (request, first.as_slice(), own),
        (3, b"first".as_slice(), address)
    );
    assert_eq!(other, network.local(client).unwrap());
    send(&mut network, &mut seen, end, b"back");
    assert_eq!(data(receive(&mut network, &mut seen, client, 9)), b"back");
    // One that goes before takes its request with it.
    let end = socket(&mut network, Family::V4, Kind::Stream);
    let _ = network.accept_into(server, end, 0, Request(4), &mut seen);
    network.close(end, &mut seen);
    assert_eq!(seen.over.pop().unwrap().1.status, SocketStatus::Cancelled);
}

#[test]
fn polls_end_when_something_is_ready() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (a, b) = pair(&mut network, &mut seen);
    let entry = |key, mask| Entry {
        key,
        handle: 1,
        mask,
        ready: 0,
        status: SocketStatus::Success,
    };
    let base = network.open().unwrap();
    let entries = vec![entry(b, event::READ | event::HANG_UP)];
    let queued = network.poll(base, entries.clone(), true, Some(Request(1)), &mut seen);
    assert!(matches!(queued, Started::Queued));
    // Another that wants to be the only one ends it.
    let _ = network.poll(base, entries.clone(), true, Some(Request(2)), &mut seen);
    let (request, ended) = seen.over.pop().unwrap();
    assert!(request == 1 && matches!(ended.brought, Brought::Ready(ready) if ready.is_empty()));
    send(&mut network, &mut seen, a, b"x");
    let (request, ended) = seen.over.pop().unwrap();
    let Brought::Ready(ready) = ended.brought else {
        panic!();
    };
    assert_eq!((request, ready[0].ready), (2, event::READ));
    let writable = vec![entry(b, event::WRITE)];
    let now = network.poll(base, writable, false, None, &mut seen);
    assert!(matches!(now, Started::Done(..)));
    receive(&mut network, &mut seen, b, 1);
    let _ = network.poll(base, entries.clone(), false, Some(Request(3)), &mut seen);
    seen.meant = Some(3);
    assert_eq!(network.cancel(base, &mut seen), 1);
    let _ = network.poll(base, entries, false, Some(Request(4)), &mut seen);
    network.close(b, &mut seen);
    let Brought::Ready(ready) = seen.over.pop().unwrap().1.brought else {
        panic!();
    };
    assert_eq!(ready[0].ready, event::CLOSE);
}

#[test]
fn events_are_told_once_until_they_can_happen_again() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (a, b) = pair(&mut network, &mut seen);
    network
        .select(b, event::READ | event::HANG_UP, &mut seen)
        .unwrap();
    send(&mut network, &mut seen, a, b"xy");
    send(&mut network, &mut seen, a, b"z");
    assert_eq!(seen.signalled.len(), 1);
    assert_eq!(network.take_events(b).unwrap().events, event::READ);
    assert_eq!(network.take_events(b).unwrap().events, 0);
    receive(&mut network, &mut seen, b, 1);
    assert_eq!(network.take_events(b).unwrap().events, event::READ);
    receive(&mut network, &mut seen, b, 9);
    network.close(a, &mut seen);
    assert_eq!(network.take_events(b).unwrap().events, event::HANG_UP);
}

#[test]
fn out_of_band_is_apart_or_inline() {
    let (mut network, mut seen) = (Network::new(), Seen::default());
    let (a, b) = pair(&mut network, &mut seen);
    let urgent = SendTo {
        is_urgent: true,
        ..SendTo::default()
    };
    let _ = network.send(a, &mut b"ab!".to_vec(), urgent, None, &mut seen);
    assert_eq!(network.is_at_mark(b), Ok(false));
    let what = Receive {
        is_urgent: true,
        ..Receive::of(1)
    };
    let Started::Done(ended, _) = network.receive(b, what, None, &mut seen) else {
        panic!();
    };
    assert_eq!(data(ended), b"!");
    assert_eq!(data(receive(&mut network, &mut seen, b, 9)), b"ab");
    network.set(b, Setting::OutOfBandInline, 1).unwrap();
    let _ = network.send(a, &mut b"cd!".to_vec(), urgent, None, &mut seen);
    assert_eq!(data(receive(&mut network, &mut seen, b, 9)), b"cd!");
}
