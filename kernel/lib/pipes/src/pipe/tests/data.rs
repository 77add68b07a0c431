//! Bytes and messages through a pipe, step by step.

use super::*;

/// The kinds of pipes: whether it has messages, whether they are read as such.
const KINDS: [(PipeType, ReadMode); 3] = [
    (PipeType::Byte, ReadMode::Byte),
    (PipeType::Message, ReadMode::Byte),
    (PipeType::Message, ReadMode::Message),
];

/// A client that writes to a server, and what has completed.
struct Line {
    pipe: Pipe<u32>,
    client: End,
    list: Vec<Over>,
}

impl Line {
    fn new(pipe_type: PipeType, read: ReadMode, quota: u32) -> Self {
        let mut pipe = Pipe::new(&settings(pipe_type, read, quota));
        let client = connect(&mut pipe);
        Self {
            pipe,
            client,
            list: vec![],
        }
    }

    /// Writes so many bytes.
    fn write(&mut self, request: u32, len: usize) -> Option<(PipeStatus, usize)> {
        let data = vec![7; len];
        let started = self
            .pipe
            .write(self.client, data, request, &mut over(&mut self.list));
        match started {
            Started::Done(done) => Some((done.status, done.bytes)),
            Started::Queued => None,
        }
    }

    /// Reads, and says how many bytes came.
    fn read(&mut self, request: u32, max: usize) -> Option<(PipeStatus, usize)> {
        let started = self
            .pipe
            .read(End::Server, max, request, &mut over(&mut self.list));
        match started {
            Started::Done(done) => Some((done.status, done.data.bytes().len())),
            Started::Queued => None,
        }
    }

    fn flush(&mut self, request: u32) -> Option<PipeStatus> {
        status(self.pipe.flush(self.client, request))
    }

    /// What has completed since the last time.
    fn over(&mut self) -> Vec<(u32, PipeStatus, usize)> {
        let list = std::mem::take(&mut self.list);
        let lens = list
            .into_iter()
            .map(|(request, status, data)| (request, status, data.len()));
        lens.collect()
    }

    /// What a peek copies, what there is, and the length of the first message.
    fn peek(&self) -> (usize, u32, u32) {
        let peeked = self.pipe.peek(End::Server, &mut [0; 1000]).unwrap();
        (
            peeked.bytes,
            peeked.read_data_available,
            peeked.message_length,
        )
    }
}

#[test]
fn writes_wait_for_reads_and_reads_for_writes() {
    for (pipe_type, mode) in KINDS {
        let has_messages = pipe_type == PipeType::Message;
        let reads_messages = mode == ReadMode::Message;
        let cut = if reads_messages {
            BufferOverflow
        } else {
            Success
        };
        let mut line = Line::new(pipe_type, mode, 50);

        // More than the read takes: the rest waits in the pipe.
        assert_eq!(line.read(1, 10), None);
        assert_eq!(line.flush(2), Some(Success));
        assert_eq!(line.write(3, 40), Some((Success, 40)));
        assert_eq!(line.over(), [(1, cut, 10)]);
        assert_eq!(line.peek(), (30, 30, if has_messages { 30 } else { 0 }));

        // Beyond the quota writes wait, empty ones do not.
        assert_eq!(line.write(4, 50), None);
        assert_eq!(line.write(5, 1), None);
        assert_eq!(line.flush(6), None);
        assert_eq!(line.write(7, 0), Some((Success, 0)));
        assert_eq!(
            line.peek(),
            if has_messages {
                (30, 81, 30)
            } else {
                (81, 81, 0)
            }
        );

        // The quota goes to the first that waits, then to the next.
        assert_eq!(line.read(8, 30), Some((Success, 30)));
        assert_eq!(line.over(), [(4, Success, 0)]);
        assert_eq!(line.read(9, 1), Some((cut, 1)));
        assert_eq!(line.over(), [(5, Success, 0)]);
        let rest = if reads_messages { 49 } else { 50 };
        assert_eq!(line.read(10, 50), Some((Success, rest)));
        if reads_messages {
            assert_eq!(line.over(), []);
            assert_eq!(line.read(11, 50), Some((Success, 1)));
        }
        assert_eq!(line.over(), [(6, Success, 0)]);
        if has_messages {
            assert_eq!(line.read(12, 50), Some((Success, 0)));
        }

        // Reads without room learn that there is something.
        assert_eq!(line.read(13, 0), None);
        assert_eq!(line.read(14, 10), None);
        assert_eq!(line.write(15, 1), Some((Success, 1)));
        assert_eq!(line.over(), [(13, cut, 0), (14, Success, 1)]);

        // An empty write ends one read where it is a message.
        assert_eq!(line.read(16, 0), None);
        assert_eq!(line.read(17, 1), None);
        assert_eq!(line.write(18, 0), Some((Success, 0)));
        if has_messages {
            assert_eq!(line.over(), [(16, Success, 0)]);
        } else {
            assert_eq!(line.over(), []);
        }
        assert_eq!(line.write(19, 1), Some((Success, 1)));
        assert_eq!(line.over().last(), Some(&(17, Success, 1)));
        assert_eq!(line.peek(), (0, 0, 0));

        // What is there already does not make a read without room wait.
        assert_eq!(line.write(40, 3), Some((Success, 3)));
        assert_eq!(line.read(41, 0), Some((cut, 0)));
        assert_eq!(line.read(42, 3), Some((Success, 3)));
        assert_eq!(line.write(43, 0), Some((Success, 0)));
        if has_messages {
            assert_eq!(line.read(44, 0), Some((Success, 0)));
        }
        assert_eq!(line.peek(), (0, 0, 0));

        // Longer than the quota: over when the rest fits.
        assert_eq!(line.write(20, 70), None);
        assert_eq!(line.read(21, 19), Some((cut, 19)));
        assert_eq!(line.over(), []);
        assert_eq!(line.read(22, 1), Some((cut, 1)));
        assert_eq!(line.over(), [(20, Success, 0)]);
        assert_eq!(line.read(23, 0), Some((cut, 0)));
        assert_eq!(line.read(24, 51), Some((Success, 50)));
    }
}

#[test]
fn cancelled_writes_take_their_data_along() {
    for (pipe_type, mode) in KINDS {
        for read in [0, 10] {
            let mut line = Line::new(pipe_type, mode, 50);
            assert_eq!(line.write(1, 70), None);
            assert_eq!(line.flush(2), None);
            assert_eq!(line.write(3, 1), None);
            if read > 0 {
                line.read(4, read).unwrap();
            }
            let cancelled = line.pipe.cancel(
                line.client,
                |request| *request == 1,
                &mut over(&mut line.list),
            );
            assert_eq!(cancelled, 1);
            let expected = [(1, Cancelled, 0), (2, Success, 0), (3, Success, 0)];
            assert_eq!(line.over(), expected);
            assert_eq!(line.read(5, 100), Some((Success, 1)));
            assert_eq!(line.peek().1, 0);
        }
    }
}

#[test]
fn an_end_cancels_its_own() {
    let mut line = Line::new(PipeType::Byte, ReadMode::Byte, 50);
    for request in 1..4 {
        assert_eq!(line.read(request, 5), None);
    }
    let mut list = vec![];
    assert_eq!(
        line.pipe
            .cancel(line.client, |_| true, &mut over(&mut list)),
        0
    );
    let is_second = |request: &u32| *request == 2;
    assert_eq!(
        line.pipe
            .cancel(End::Server, is_second, &mut over(&mut list)),
        1
    );
    assert_eq!(
        line.pipe
            .cancel(End::Server, is_second, &mut over(&mut list)),
        0
    );
    assert_eq!(list, [(2, Cancelled, vec![])]);
    assert_eq!(line.write(4, 10), Some((Success, 10)));
    assert_eq!(line.over(), [(1, Success, 5), (3, Success, 5)]);
}

#[test]
fn nothing_fits_a_quota_of_none() {
    let mut line = Line::new(PipeType::Message, ReadMode::Message, 0);
    assert_eq!(line.write(1, 1), None);
    assert_eq!(line.write(2, 0), Some((Success, 0)));
    assert_eq!(line.read(3, 5), Some((Success, 1)));
    assert_eq!(line.over(), [(1, Success, 0)]);
}

#[test]
fn data_are_handed_over_without_copies() {
    let mut pipe = message_pipe();
    let client = connect(&mut pipe);
    let data = b"ping".to_vec();
    let place = data.as_ptr();
    assert_eq!(status(pipe.read(End::Server, 9, 1, &mut |_| ())), None);
    let mut same = false;
    let written = pipe.write(client, data, 2, &mut |read| {
        same = read.data.bytes().as_ptr() == place;
    });
    assert_eq!(status(written), Some(Success));
    assert!(same);

    let data = b"ping".to_vec();
    let place = data.as_ptr();
    assert_eq!(
        status(pipe.write(client, data, 3, &mut |_| ())),
        Some(Success)
    );
    let read = pipe.read(End::Server, 4, 4, &mut |_| ());
    assert!(matches!(read, Started::Done(read) if read.data.bytes().as_ptr() == place));
}

#[test]
fn the_caller_can_hand_over_itself() {
    for (pipe_type, mode) in KINDS {
        let mut line = Line::new(pipe_type, mode, 50);
        assert_eq!(line.pipe.waiting_read(line.client), None);
        assert_eq!(line.pipe.hand_over(line.client, 1), None);
        assert_eq!(line.read(1, 4), None);
        assert_eq!(line.read(2, 4), None);
        assert_eq!(line.pipe.waiting_read(line.client), Some((&1, 4)));
        assert_eq!(line.pipe.hand_over(End::Server, 1), None);
        assert_eq!(line.pipe.hand_over(line.client, 5), None);
        assert_eq!(line.pipe.hand_over(line.client, 4), Some(1));
        let empty = line.pipe.hand_over(line.client, 0);
        assert_eq!(empty, (pipe_type == PipeType::Message).then_some(2));
    }
}

#[test]
fn reads_into_a_buffer_are_as_others() {
    for (pipe_type, mode) in KINDS {
        let mut line = Line::new(pipe_type, mode, 50);
        let mut buffer = [0; 8];
        assert_eq!(
            line.pipe.try_read(End::Server, &mut buffer, &mut |_| ()),
            None
        );
        for data in [b"abc".as_slice(), b"defgh", b"ijklm"] {
            let written = line.pipe.write(line.client, data.to_vec(), 1, &mut |_| ());
            assert_eq!(status(written), Some(Success));
        }
        let mut read = |max: usize| {
            let buffer = &mut buffer[..max];
            let ended = line
                .pipe
                .try_read(End::Server, buffer, &mut |_| ())
                .unwrap();
            (ended.status, buffer[..ended.bytes].to_vec())
        };
        if mode == ReadMode::Message {
            assert_eq!(read(8), (Success, b"abc".to_vec()));
            assert_eq!(read(4), (BufferOverflow, b"defg".to_vec()));
            assert_eq!(read(4), (Success, b"h".to_vec()));
        } else {
            assert_eq!(read(4), (Success, b"abcd".to_vec()));
            assert_eq!(read(5), (Success, b"efghi".to_vec()));
        }
        line.pipe.close(line.client, &mut |_| ());
        line.pipe
            .try_read(End::Server, &mut buffer, &mut |_| ())
            .unwrap();
        let broken = line.pipe.try_read(End::Server, &mut buffer, &mut |_| ());
        assert_eq!(broken.map(|ended| ended.status), Some(PipeBroken));
    }
}

#[test]
fn a_peek_leaves_data_there() {
    let mut message = Line::new(PipeType::Message, ReadMode::Byte, 50);
    let mut byte = Line::new(PipeType::Byte, ReadMode::Byte, 50);
    for line in [&mut message, &mut byte] {
        let empty = line.pipe.peek(End::Server, &mut []).unwrap();
        assert_eq!((empty.status, empty.number_of_messages), (Success, 0));
        for len in [0, 3, 4] {
            line.write(1, len).unwrap();
        }
        assert_eq!(line.flush(2), None);
        let nothing = line.pipe.peek(End::Server, &mut []).unwrap();
        assert_eq!(
            (nothing.status, nothing.read_data_available),
            (BufferOverflow, 7)
        );
    }
    // An empty message is first.
    let peeked = message.pipe.peek(End::Server, &mut [0; 2]).unwrap();
    assert_eq!((peeked.status, peeked.bytes), (Success, 0));
    assert_eq!((peeked.number_of_messages, peeked.message_length), (3, 0));
    let mut empty = message.pipe.server;
    empty.read = ReadMode::Message;
    message.pipe.set_modes(End::Server, empty).unwrap();
    assert_eq!(message.read(3, 9), Some((Success, 0)));
    let peeked = message.pipe.peek(End::Server, &mut [0; 2]).unwrap();
    assert_eq!((peeked.status, peeked.bytes), (BufferOverflow, 2));
    assert_eq!((peeked.number_of_messages, peeked.message_length), (2, 3));

    let peeked = byte.pipe.peek(End::Server, &mut [0; 5]).unwrap();
    assert_eq!((peeked.status, peeked.bytes), (Success, 5));
    assert_eq!((peeked.number_of_messages, peeked.message_length), (0, 0));
}
