//! Standard streams, relayed byte for byte.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;
use std::vec::IntoIter;

use crate::terminal::Terminal;

/// How much is taken over at once.
const CHUNK_BYTES: usize = 1 << 16;
/// The machine sends single bytes: after such a pause there are some together.
const PAUSE: Duration = Duration::from_micros(300);
/// The most that answers one question for input; the kernel takes up to 65,535.
const PIECE_BYTES: usize = 4096;
/// How long to wait for more input before the machine starts: what is in its image
/// reaches the program much faster than what comes later.
const PATIENCE: Duration = Duration::from_millis(20);
/// The most of it that is waited for.
const MOST_FIRST_BYTES: usize = 64 << 20;

/// Copies all that comes, as it comes, and says at each piece that it came.
pub(crate) fn relay(
    from: &mut impl Read,
    to: &mut impl Write,
    mut came: impl FnMut(),
) -> io::Result<()> {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let length = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        came();
        to.write_all(buffer.get(..length).unwrap_or_default())?;
        to.flush()?;
        if length < buffer.len() {
            thread::sleep(PAUSE);
        }
    }
}

/// Standard input, as far as it is there before the machine starts.
pub(crate) struct Input {
    /// The first of it.
    pub(crate) first: Vec<u8>,
    /// Whether it is the null device.
    pub(crate) is_null: bool,
    /// Whether it is a terminal, which has a way of its own.
    pub(crate) is_terminal: bool,
    /// What follows, if anything may.
    rest: Option<Box<dyn Read + Send>>,
}

impl Input {
    /// Takes what is there; all of it, however long it takes, if it must be.
    pub(crate) fn take(must_be_all: bool, terminal: Option<Terminal>) -> Self {
        let input = io::stdin();
        let is_null = is_null(&input);
        let is_terminal = terminal.is_some_and(|terminal| terminal.input);
        if is_null || is_terminal {
            return Self {
                first: Vec::new(),
                is_null,
                is_terminal,
                rest: None,
            };
        }
        Self::of(input, must_be_all)
    }

    pub(crate) fn of(mut input: impl Read + Send + 'static, must_be_all: bool) -> Self {
        let (pieces, come) = mpsc::sync_channel(0);
        thread::spawn(move || {
            let mut buffer = vec![0; CHUNK_BYTES];
            loop {
                match input.read(&mut buffer) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    // An error is the end, too.
                    Ok(0) | Err(_) => return,
                    Ok(length) => {
                        let piece = buffer.get(..length).unwrap_or_default();
                        if pieces.send(piece.to_vec()).is_err() {
                            return;
                        }
                    }
                }
            }
        });
        let mut first = Vec::new();
        loop {
            let patience = match must_be_all {
                true => Duration::MAX,
                false => PATIENCE,
            };
            let is_enough = !must_be_all && first.len() >= MOST_FIRST_BYTES;
            match come.recv_timeout(patience) {
                Ok(piece) => first.extend(piece),
                Err(RecvTimeoutError::Disconnected) => {
                    return Self {
                        first,
                        is_null: false,
                        is_terminal: false,
                        rest: None,
                    };
                }
                Err(RecvTimeoutError::Timeout) => break,
            }
            if is_enough {
                break;
            }
        }
        let rest = Box::new(Rest {
            come,
            piece: Vec::new().into_iter(),
        });
        Self {
            first,
            is_null: false,
            is_terminal: false,
            rest: Some(rest),
        }
    }

    /// Whether nothing follows.
    pub(crate) fn is_all(&self) -> bool {
        self.rest.is_none() && !self.is_terminal
    }

    /// What follows, for somebody else to give.
    pub(crate) fn take_rest(&mut self) -> Option<Box<dyn Read + Send>> {
        self.rest.take()
    }

    /// Waits for the machine at a socket, and answers its questions for the rest.
    pub(crate) fn serve(&mut self, socket: &Path) -> io::Result<()> {
        let Some(mut rest) = self.rest.take() else {
            return Ok(());
        };
        let listener = UnixListener::bind(socket)?;
        thread::spawn(move || {
            if let Ok((mut machine, _)) = listener.accept() {
                // When the machine is gone, nobody asks any more.
                let _ = answer(&mut rest, &mut machine);
            }
        });
        Ok(())
    }
}

/// Programs tell it from a pipe or a file without content.
fn is_null(input: &io::Stdin) -> bool {
    let is_one = || {
        let file = File::from(input.as_fd().try_clone_to_owned().ok()?);
        let (own, null) = (file.metadata().ok()?, fs::metadata("/dev/null").ok()?);
        Some(own.file_type().is_char_device() && own.rdev() == null.rdev())
    };
    is_one().unwrap_or(false)
}

/// What comes later, piece by piece.
struct Rest {
    come: Receiver<Vec<u8>>,
    piece: IntoIter<u8>,
}

impl Read for Rest {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.piece.len() == 0 {
            match self.come.recv() {
                Ok(piece) => self.piece = piece.into_iter(),
                Err(_) => return Ok(0),
            }
        }
        self.piece.by_ref().as_slice().read(to).inspect(|&length| {
            if length > 0 {
                self.piece.nth(length - 1);
            }
        })
    }
}

/// For each byte that asks: a length, two bytes, the lower one first, and so many
/// bytes. The end, and an error, is a piece of none.
pub(crate) fn answer(input: &mut impl Read, machine: &mut (impl Read + Write)) -> io::Result<()> {
    let mut buffer = [0; PIECE_BYTES];
    let mut question = [0];
    loop {
        machine.read_exact(&mut question)?;
        let length = loop {
            match input.read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read.unwrap_or(0),
            }
        };
        let piece = buffer.get(..length).unwrap_or_default();
        let length = u16::try_from(piece.len()).unwrap_or_default();
        machine.write_all(&length.to_le_bytes())?;
        machine.write_all(piece)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_are_relayed() {
        let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let (mut to, mut pieces) = (Vec::new(), 0);
        relay(&mut &bytes[..], &mut to, || pieces += 1).unwrap();
        assert_eq!(to, bytes);
        assert_eq!(pieces, 5);
    }

    #[test]
    fn input_that_ends_is_all() {
        let bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
        let input = Input::of(io::Cursor::new(bytes.clone()), false);
        assert!(input.is_all());
        assert_eq!(input.first, bytes);
    }

    #[test]
    fn input_that_goes_on_is_not() {
        let (from, mut to) = io::pipe().unwrap();
        to.write_all(b"first").unwrap();
        let input = Input::of(from, false);
        assert_eq!(input.first, b"first");
        let mut rest = input.rest.unwrap();
        to.write_all(b"more").unwrap();
        drop(to);
        let mut more = Vec::new();
        rest.read_to_end(&mut more).unwrap();
        assert_eq!(more, b"more");
    }

    /// Asks as often as there are questions, and keeps what is answered.
    struct Machine {
        questions: usize,
        answers: Vec<u8>,
    }

    impl Read for Machine {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            self.questions = self
                .questions
                .checked_sub(1)
                .ok_or(ErrorKind::UnexpectedEof)?;
            to[0] = b'?';
            Ok(1)
        }
    }

    impl Write for Machine {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.answers.extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn input_comes_when_it_is_asked_for() {
        let mut machine = Machine {
            questions: 4,
            answers: Vec::new(),
        };
        let input = vec![7; PIECE_BYTES + 2];
        assert!(answer(&mut &input[..], &mut machine).is_err());
        let expected = [
            &[0, 0x10][..],
            &[7; PIECE_BYTES],
            &[2, 0, 7, 7],
            &[0, 0],
            &[0, 0],
        ];
        assert_eq!(machine.answers, expected.concat());
    }
}
