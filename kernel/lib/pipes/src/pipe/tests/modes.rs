//! Directions, ends that do not wait, transactions, what an end is told.

use super::*;

const NOWAIT: CompletionMode = CompletionMode::Complete;

#[test]
fn data_go_where_the_configuration_says() {
    // Whether the server reads, and whether it writes.
    for (share, reads, writes) in [(1, false, true), (2, true, false), (3, true, true)] {
        let mut pipe = Pipe::new(&Settings {
            configuration: Configuration::from_share(share).unwrap(),
            ..settings(PipeType::Byte, ReadMode::Byte, 10)
        });
        let client = connect(&mut pipe);
        for (end, reads, writes) in [(End::Server, reads, writes), (client, writes, reads)] {
            let expected = if writes { Success } else { InvalidParameter };
            let written = pipe.write(end, vec![1], 1, &mut |_| ());
            assert_eq!(status(written), Some(expected));
            let expected = if reads { None } else { Some(InvalidParameter) };
            let read = status(pipe.read(end, 1, 1, &mut |_| ()));
            assert!(read == expected || (reads && read == Some(Success)));
            assert_eq!(pipe.peek(end, &mut []).map(|_| ()), Ok(()));
        }
    }
    for share in [0, 4, 5, 7, 8] {
        assert_eq!(Configuration::from_share(share), Err(InvalidParameter));
    }
}

/// A pipe whose client does not wait, and the client.
fn nowait(pipe_type: PipeType) -> (Pipe<u32>, End) {
    let mut pipe = Pipe::new(&settings(pipe_type, ReadMode::Byte, 10));
    let client = connect(&mut pipe);
    let modes = Modes {
        read: ReadMode::Byte,
        completion: NOWAIT,
    };
    pipe.set_modes(client, modes).unwrap();
    (pipe, client)
}

#[test]
fn what_does_not_wait_is_left_out() {
    for pipe_type in [PipeType::Byte, PipeType::Message] {
        let (mut pipe, client) = nowait(pipe_type);
        let read = pipe.read(client, 1, 1, &mut |_| ());
        assert_eq!(status(read), Some(PipeEmpty));
        let mut written = |len, list: &mut Vec<Over>| match pipe.write(
            client,
            vec![7; len],
            2,
            &mut over(list),
        ) {
            Started::Done(done) => (done.status, done.bytes),
            Started::Queued => panic!(),
        };
        let mut list = vec![];
        assert_eq!(written(11, &mut list), (Success, 0));
        assert_eq!(written(10, &mut list), (Success, 10));
        assert_eq!(written(1, &mut list), (Success, 0));
        assert_eq!(list, []);
        // Reads that wait count as room; of bytes they take what they can.
        let taken = pipe.read(End::Server, 10, 3, &mut |_| ());
        assert_eq!(status(taken), Some(Success));
        assert_eq!(status(pipe.read(End::Server, 5, 4, &mut |_| ())), None);
        let written = pipe.write(client, vec![7; 16], 5, &mut over(&mut list));
        let given = if pipe_type == PipeType::Byte { 5 } else { 0 };
        assert!(matches!(written, Started::Done(done) if done.bytes == given));
        assert_eq!(list.len(), usize::from(pipe_type == PipeType::Byte));
    }
}

#[test]
fn transactions() {
    let mut pipe = message_pipe();
    let client = connect(&mut pipe);
    let mut list = vec![];
    let mut transceive = |pipe: &mut Pipe<u32>, end, request| {
        status(pipe.transceive(end, vec![1, 2, 3], 2, request, &mut over(&mut list)))
    };
    assert_eq!(transceive(&mut pipe, client, 1), None);
    // It waits to read, and the other end has unread data.
    assert_eq!(transceive(&mut pipe, client, 2), Some(PipeBusy));
    assert_eq!(transceive(&mut pipe, End::Server, 3), Some(PipeBusy));
    let question = pipe.read(End::Server, 9, 4, &mut |_| ());
    assert!(matches!(question, Started::Done(read) if read.data.bytes() == [1, 2, 3]));
    // The answer to the first is the question of another.
    assert_eq!(transceive(&mut pipe, End::Server, 5), None);
    assert_eq!(list, [(1, BufferOverflow, vec![1, 2])]);

    let mut bytes = Pipe::new(&settings(PipeType::Message, ReadMode::Byte, 10));
    let client = connect(&mut bytes);
    let refused = bytes.transceive(client, vec![1], 1, 1, &mut |_| ());
    assert_eq!(status(refused), Some(InvalidPipeState));
    let mut inbound = Pipe::new(&Settings {
        configuration: Configuration::Inbound,
        ..settings(PipeType::Message, ReadMode::Message, 10)
    });
    let client = connect(&mut inbound);
    let refused = inbound.transceive(client, vec![1], 1, 1, &mut |_| ());
    assert_eq!(status(refused), Some(InvalidPipeState));
}

#[test]
fn a_transaction_does_not_wait_for_room() {
    let mut pipe = Pipe::new(&settings(PipeType::Message, ReadMode::Message, 2));
    let client = connect(&mut pipe);
    let mut none = |_| panic!();
    let started = pipe.transceive(client, vec![1; 9], 5, 1, &mut none);
    assert_eq!(status(started), None);
    // It used none of the quota.
    let written = pipe.write(client, vec![2; 2], 2, &mut none);
    assert_eq!(status(written), Some(Success));
    let mut list = vec![];
    let answered = pipe.write(End::Server, vec![3; 5], 3, &mut over(&mut list));
    assert_eq!(status(answered), Some(Success));
    assert_eq!(list, [(1, Success, vec![3; 5])]);
    let read = pipe.read(End::Server, 9, 4, &mut |_| panic!());
    assert!(matches!(read, Started::Done(read) if read.bytes == 9));
}

#[test]
fn what_an_end_is_told() {
    let mut pipe = Pipe::new(&Settings {
        inbound_quota: 100,
        outbound_quota: 200,
        ..settings(PipeType::Message, ReadMode::Message, 0)
    });
    let server = pipe.information(End::Server).unwrap();
    assert_eq!((server.inbound_quota, server.outbound_quota), (100, 200));
    assert_eq!((server.write_quota_available, server.end), (200, 1));
    assert_eq!(server.state, State::Listening);

    let client = connect(&mut pipe);
    assert_eq!(pipe.information(client).unwrap().write_quota_available, 100);
    assert_eq!(pipe.information(client).unwrap().end, 0);
    let written = pipe.write(client, vec![1; 30], 1, &mut |_| ());
    assert_eq!(status(written), Some(Success));
    assert_eq!(pipe.information(client).unwrap().write_quota_available, 70);
    assert_eq!(
        pipe.information(End::Server).unwrap().read_data_available,
        30
    );
    // A read that waits uses the quota of the other end.
    assert_eq!(status(pipe.read(client, 150, 2, &mut |_| ())), None);
    let server = pipe.information(End::Server).unwrap();
    assert_eq!(server.write_quota_available, 50);
    assert_eq!(status(pipe.read(client, 150, 3, &mut |_| ())), None);
    let server = pipe.information(End::Server).unwrap();
    assert_eq!(server.write_quota_available, 0);
}

#[test]
fn modes_change_while_nothing_waits() {
    let mut pipe = message_pipe();
    let client = End::Client(pipe.connect_client(&mut |_| ()).unwrap());
    assert_eq!(pipe.modes(client), Ok(Modes::CLIENT));
    let waits = Modes {
        read: ReadMode::Message,
        completion: CompletionMode::Queue,
    };
    let does_not = Modes {
        completion: NOWAIT,
        ..waits
    };
    assert_eq!(status(pipe.read(client, 1, 1, &mut |_| ())), None);
    assert_eq!(pipe.set_modes(client, does_not), Err(PipeBusy));
    assert_eq!(pipe.set_modes(client, waits), Ok(()));
    let written = pipe.write(End::Server, vec![1], 2, &mut |_| ());
    assert_eq!(status(written), Some(Success));
    assert_eq!(pipe.set_modes(client, does_not), Ok(()));
    let written = pipe.write(End::Server, vec![1], 2, &mut |_| ());
    assert_eq!(status(written), Some(Success));
    assert_eq!(pipe.set_modes(End::Server, does_not), Err(PipeBusy));
    assert_eq!(pipe.modes(client), Ok(does_not));

    let mut bytes = Pipe::<u32>::new(&settings(PipeType::Byte, ReadMode::Byte, 1));
    assert_eq!(bytes.set_modes(End::Server, waits), Err(InvalidParameter));
    assert_eq!(ReadMode::try_from(2), Err(InvalidParameter));
    assert_eq!(CompletionMode::try_from(1), Ok(NOWAIT));
    assert_eq!(PipeType::try_from(1), Ok(PipeType::Message));
}
