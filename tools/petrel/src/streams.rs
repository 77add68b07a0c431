//! Standard streams, relayed byte for byte.

use std::fs::metadata;
use std::io::{self, ErrorKind, IsTerminal, Read, Write};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How much is taken over at once.
const CHUNK_BYTES: usize = 1 << 16;
/// The machine sends single bytes: after such a pause there are some together.
const PAUSE: Duration = Duration::from_micros(300);
/// The most that answers one question for input; the kernel takes up to 65,535.
const PIECE_BYTES: usize = 4096;
/// The number of the null device.
const NULL_DEVICE: u64 = 0x103;

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

/// What standard input has, where it is all there already; `None`: it comes bit by bit.
pub(crate) fn input_at_once(must_be: bool) -> io::Result<Option<Vec<u8>>> {
    let mut input = io::stdin().lock();
    let is_there = !input.is_terminal()
        && metadata("/dev/stdin").is_ok_and(|what| {
            let is_null = what.file_type().is_char_device() && what.rdev() == NULL_DEVICE;
            what.is_file() || is_null
        });
    if !must_be && !is_there {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

/// Waits for the machine at a socket, and answers its questions for standard input.
pub(crate) fn serve_input(socket: &Path) -> io::Result<()> {
    let listener = UnixListener::bind(socket)?;
    thread::spawn(move || {
        if let Ok((mut machine, _)) = listener.accept() {
            // When the machine is gone, nobody asks any more.
            let _ = answer(&mut io::stdin().lock(), &mut machine);
        }
    });
    Ok(())
}

/// For each byte that asks: a length, two bytes, the lower one first, and so many
/// bytes. The end, and an error, is a piece of none.
fn answer(input: &mut impl Read, machine: &mut (impl Read + Write)) -> io::Result<()> {
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
