//! The line to the kernel's console: messages there, questions from there.
//!
//! The kernel says with a byte that it listens. A message is its kind, the number of bytes
//! that follow, and these, as `kernel/lib/console` reads them.

use std::io::{self, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::mpsc::{self, Sender};
use std::thread;

use crate::streams;

/// What a message is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Keys = b'k' as isize,
    Input = b'i' as isize,
    Size = b'w' as isize,
    Event = b'c' as isize,
    End = b'e' as isize,
}

/// Sends messages; whoever sends does not wait for the machine.
#[derive(Clone)]
pub(super) struct Line(Sender<Vec<u8>>);

impl Line {
    /// Waits at a socket for the machine, which may ask for input.
    pub(super) fn open(listener: UnixListener, rest: Option<Box<dyn Read + Send>>) -> Self {
        let (messages, sent) = mpsc::channel::<Vec<u8>>();
        let line = Self(messages);
        let answers = line.clone();
        thread::spawn(move || {
            let Ok((mut machine, _)) = listener.accept() else {
                return;
            };
            // What comes before the kernel listens is lost.
            if machine.read_exact(&mut [0]).is_err() {
                return;
            }
            if let (Some(mut rest), Ok(from)) = (rest, machine.try_clone()) {
                thread::spawn(move || {
                    let mut questions = Questions { from, to: answers };
                    // When the machine is gone, nobody asks any more.
                    let _ = streams::answer(&mut rest, &mut questions);
                });
            }
            while let Ok(message) = sent.recv() {
                if machine.write_all(&message).is_err() {
                    return;
                }
            }
        });
        line
    }

    /// Sends bytes, in as many messages as they take.
    pub(super) fn send(&self, kind: Kind, bytes: &[u8]) {
        for message in messages(kind, bytes) {
            // Without a machine nobody needs them.
            let _ = self.0.send(message);
        }
    }

    /// Sends the size of the window.
    pub(super) fn size(&self, columns: u16, rows: u16) {
        let [a, b] = columns.to_le_bytes();
        let [c, d] = rows.to_le_bytes();
        self.send(Kind::Size, &[a, b, c, d]);
    }
}

fn messages(kind: Kind, bytes: &[u8]) -> Vec<Vec<u8>> {
    let kind = u8::try_from(kind as isize).unwrap_or_default();
    let message = |part: &[u8]| {
        let length = u8::try_from(part.len()).unwrap_or_default();
        [&[kind, length], part].concat()
    };
    match bytes {
        [] => vec![message(bytes)],
        _ => bytes.chunks(u8::MAX.into()).map(message).collect(),
    }
}

/// The machine's questions, whose answers are messages among others.
struct Questions {
    from: UnixStream,
    to: Line,
}

impl Read for Questions {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.from.read(to)
    }
}

impl Write for Questions {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !bytes.is_empty() {
            self.to.send(Kind::Input, bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_ones_are_several() {
        let sent = messages(Kind::Keys, &[7; 300]);
        let lengths: Vec<_> = sent.iter().map(Vec::len).collect();
        assert_eq!(lengths, [257, 47]);
        assert_eq!(sent[1][..3], [b'k', 45, 7]);
        assert_eq!(messages(Kind::End, &[]), [[b'e', 0]]);
    }

    #[test]
    fn the_kernel_understands_them() {
        let mut all = messages(Kind::Size, &[80, 0, 25, 0]).concat();
        all.extend(messages(Kind::Event, &[0]).concat());
        all.extend(messages(Kind::Input, b"x").concat());
        let mut channel = console::Channel::new();
        let seen: Vec<_> = all.iter().filter_map(|byte| channel.take(*byte)).collect();
        let size = console::Size {
            columns: 80,
            rows: 25,
        };
        assert_eq!(
            seen,
            [
                console::Message::Size(size),
                console::Message::Event(console::Event::C),
                console::Message::Input(b'x'),
            ]
        );
    }
}
