//! What connecting, disconnecting and closing do to requests that wait.

use super::*;

/// Something that happens to a pipe.
type Change = fn(&mut Pipe<u32>, &mut Vec<Over>);

#[test]
fn a_listen_ends_as_the_pipe_does() {
    let ends: [(Change, PipeStatus); 4] = [
        (
            |pipe, list| {
                pipe.connect_client(&mut over(list)).unwrap();
            },
            Success,
        ),
        (
            |pipe, list| pipe.disconnect(End::Server, &mut over(list)).unwrap(),
            PipeDisconnected,
        ),
        (
            |pipe, list| pipe.close(End::Server, &mut over(list)),
            PipeBroken,
        ),
        (
            |pipe, list| {
                assert_eq!(pipe.cancel(End::Server, |_| true, &mut over(list)), 2);
                assert_eq!(pipe.state(), State::Listening);
            },
            Cancelled,
        ),
    ];
    for (end, expected) in ends {
        let mut pipe = message_pipe();
        assert_eq!(status(pipe.listen(End::Server, 1)), None);
        assert_eq!(status(pipe.listen(End::Server, 2)), None);
        let mut list = vec![];
        end(&mut pipe, &mut list);
        assert_eq!(list, [(1, expected, vec![]), (2, expected, vec![])]);
    }
}

#[test]
fn a_server_that_does_not_wait_listens_all_the_same() {
    let mut pipe = message_pipe();
    pipe.server.completion = CompletionMode::Complete;
    connect(&mut pipe);
    pipe.disconnect(End::Server, &mut |_| ()).unwrap();
    assert_eq!(
        pipe.connect_client(&mut |_| ()).map(|_| ()),
        Err(PipeNotAvailable)
    );
    assert_eq!(status(pipe.listen(End::Server, 1)), Some(PipeListening));
    assert_eq!(status(pipe.listen(End::Server, 1)), Some(PipeListening));
    assert!(pipe.connect_client(&mut |_| ()).is_ok());
}

#[test]
fn what_waits_ends_when_an_end_goes() {
    // The server waits to read; the client has written more than fits, and
    // flushes.
    let pipe = || {
        let mut pipe = message_pipe();
        let client = connect(&mut pipe);
        let mut none = |_| ();
        assert_eq!(status(pipe.read(client, 5, 1, &mut none)), None);
        assert_eq!(status(pipe.write(client, vec![0; 101], 2, &mut none)), None);
        assert_eq!(status(pipe.flush(client, 3)), None);
        (pipe, client)
    };
    let all = |status| {
        [
            (2, status, vec![]),
            (3, status, vec![]),
            (1, status, vec![]),
        ]
    };

    let (mut disconnected, _) = pipe();
    let mut list = vec![];
    disconnected
        .disconnect(End::Server, &mut over(&mut list))
        .unwrap();
    assert_eq!(list, all(PipeDisconnected));

    let (mut server_closed, client) = pipe();
    let mut list = vec![];
    server_closed.close(End::Server, &mut over(&mut list));
    assert_eq!(list, all(PipeBroken));
    assert!(!server_closed.is_over());
    server_closed.close(client, &mut |_| panic!());
    assert!(server_closed.is_over());

    // What the client wrote stays for the server.
    let (mut client_closed, client) = pipe();
    let mut list = vec![];
    client_closed.close(client, &mut over(&mut list));
    assert_eq!(list, [(1, PipeBroken, vec![])]);
    let mut list = vec![];
    let read = client_closed.read(End::Server, 200, 4, &mut over(&mut list));
    assert!(matches!(read, Started::Done(read) if read.bytes == 101));
    assert_eq!(list, [(2, Success, vec![]), (3, Success, vec![])]);
    let read = client_closed.read(End::Server, 200, 4, &mut |_| panic!());
    assert_eq!(status(read), Some(PipeBroken));
}

#[test]
fn a_client_sent_away_does_not_touch_the_next() {
    let (mut pipe, old) = pipe_in(Way::Replaced, false);
    let mut none = |_| ();
    assert_eq!(status(pipe.read(End::Server, 5, 1, &mut none)), None);
    assert_eq!(pipe.hand_over(old, 1), None);
    assert_eq!(pipe.cancel(old, |_| true, &mut |_| panic!()), 0);
    pipe.close(old, &mut |_| panic!());
    assert_eq!(pipe.state(), State::Connected);
}
