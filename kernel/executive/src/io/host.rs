//! The standard streams of programs as the host has them, byte for byte.
//!
//! What is written leaves by a port of its own. What is read is in the boot image, or
//! asked of the host: for each [`ASK`] it sends the length of a piece, two bytes, the
//! lower one first, and so many bytes; a piece of no bytes is the end.

use core::hint::spin_loop;

use hal::lock::Lock;
use hal::{Ref, debug_port, host_input, user};
use sched::{Deadline, Waited};
use spin::Once;

use super::console::{POLL_100NS, for_each_chunk, write_each};
use super::file::Unopened;
use super::{File, Mode, Target, device};
use crate::{Error, clock, rank, scheduler};

/// What is sent for a piece.
const ASK: u8 = b'?';
/// How often to look for a byte that is on its way before others get their turn, and
/// how long to leave the device alone between two looks, so that it can come.
const LOOKS: u32 = 500;
const PAUSES: u32 = 50;

/// A standard stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// What a program reads.
    Input,
    /// What it writes.
    Output,
    /// What it writes about errors.
    Errors,
}

/// Where input comes from.
struct Source {
    /// What is left of what is in the boot image.
    first: &'static [u8],
    /// The host, behind that, until it says that there is no more.
    rest: Option<Piece>,
}

/// How far the host's answer has come.
#[derive(Clone, Copy)]
enum Piece {
    NotAsked,
    Asked,
    /// The lower byte of the length.
    Length(u8),
    /// How many bytes are to come.
    Bytes(u16),
}

/// What a look for input found.
enum Found {
    /// So many bytes.
    Bytes(usize),
    /// None yet; they are on their way if an answer has begun.
    Nothing {
        has_begun: bool,
    },
    End,
}

static INPUT: Lock<rank::HostInput, Source> = Lock::new(Source {
    first: &[],
    rest: None,
});
static STREAMS: Once<[Ref<File>; 3]> = Once::new();

/// Leads the standard streams of all programs to the host. The first of their input is
/// given; the rest comes from there, unless that is all. False: it has no devices for them. Before the first program.
pub fn connect(first: &'static [u8], is_all: bool) -> Result<bool, Error> {
    let are_there = debug_port::OUTPUT.is_present() && debug_port::ERRORS.is_present();
    if !are_there || !is_all && !host_input::open() {
        return Ok(false);
    }
    *INPUT.lock() = Source {
        first,
        rest: (!is_all).then_some(Piece::NotAsked),
    };
    let mode = Mode {
        is_synchronous: true,
        flags: 0,
    };
    let open = |stream| Ok::<_, Error>(Unopened::new()?.open(Target::Host(stream), mode));
    STREAMS.try_call_once(|| {
        Ok::<_, Error>([
            open(Stream::Input)?,
            open(Stream::Output)?,
            open(Stream::Errors)?,
        ])
    })?;
    Ok(true)
}

/// A standard stream, as every program has it open from its start.
pub fn standard(stream: Stream) -> Result<Ref<File>, Error> {
    let Some([input, output, errors]) = STREAMS.get() else {
        return device::console();
    };
    Ok(match stream {
        Stream::Input => input,
        Stream::Output => output,
        Stream::Errors => errors,
    }
    .clone())
}

/// Writes bytes of the current process: all of them, or none if some cannot be read.
#[cold]
pub(super) fn write_from_user(stream: Stream, from: u64, bytes: u64) -> Result<(), Error> {
    let port = match stream {
        Stream::Input => return Err(Error::InvalidDeviceRequest),
        Stream::Output => &debug_port::OUTPUT,
        Stream::Errors => &debug_port::ERRORS,
    };
    write_each(from, bytes, |chunk| port.write(chunk))
}

/// Waits for at least one byte; how many there were.
#[cold]
pub(super) fn read_to_user(stream: Stream, to: u64, bytes: u64) -> Result<u64, Error> {
    if stream != Stream::Input {
        return Err(Error::InvalidDeviceRequest);
    }
    let mut done = 0_u64;
    let ended = for_each_chunk(to, bytes, |chunk, address| {
        let is_first = done == 0;
        let read = match is_first {
            true => wait(chunk)?,
            false => look(chunk),
        };
        match read {
            Found::Bytes(count) => {
                user::copy_out(address, chunk.get(..count).unwrap_or_default())?;
                done = done.saturating_add(u64::try_from(count).unwrap_or_default());
                match count < chunk.len() {
                    true => Err(Error::EndOfFile),
                    false => Ok(()),
                }
            }
            Found::Nothing { .. } | Found::End => Err(Error::EndOfFile),
        }
    });
    match ended {
        Err(Error::EndOfFile) if done == 0 => Err(pipes::PipeStatus::PipeBroken.into()),
        Ok(()) | Err(Error::EndOfFile) => Ok(done),
        Err(error) => Err(error),
    }
}

/// Waits until there is something, or the end.
fn wait(into: &mut [u8]) -> Result<Found, Error> {
    loop {
        for _ in 0..LOOKS {
            match look(into) {
                Found::Nothing { has_begun: true } => (0..PAUSES).for_each(|_| spin_loop()),
                Found::Nothing { .. } => break,
                found => return Ok(found),
            }
        }
        let later = clock::since_boot_100ns().saturating_add(POLL_100NS);
        match scheduler::delay(Deadline::At(later), false) {
            Ok(Waited::Ending) | Err(_) => return Err(Error::ThreadEnding),
            Ok(_) => {}
        }
    }
}

/// Takes what is there.
fn look(into: &mut [u8]) -> Found {
    INPUT.lock().look(into)
}

impl Source {
    fn look(&mut self, into: &mut [u8]) -> Found {
        let count = into.len().min(self.first.len());
        if count != 0 {
            let (now, later) = self.first.split_at_checked(count).unwrap_or_default();
            into.iter_mut().zip(now).for_each(|(to, from)| *to = *from);
            self.first = later;
            return Found::Bytes(count);
        }
        let found = match &mut self.rest {
            Some(piece) => piece.look(into),
            None => Found::End,
        };
        if let Found::End = found {
            self.rest = None;
        }
        found
    }
}

impl Piece {
    fn look(&mut self, into: &mut [u8]) -> Found {
        if let Self::NotAsked = self {
            host_input::send(ASK);
            *self = Self::Asked;
        }
        let mut count = 0;
        while let Some(place) = into.get_mut(count) {
            if let Self::NotAsked = self {
                break;
            }
            let Some(byte) = host_input::read_byte() else {
                break;
            };
            *self = match *self {
                Self::NotAsked | Self::Asked => Self::Length(byte),
                Self::Length(low) => match u16::from_le_bytes([low, byte]) {
                    0 => return Found::End,
                    length => Self::Bytes(length),
                },
                Self::Bytes(left) => {
                    *place = byte;
                    count = count.saturating_add(1);
                    match left.saturating_sub(1) {
                        0 => Self::NotAsked,
                        left => Self::Bytes(left),
                    }
                }
            };
        }
        match count {
            0 => Found::Nothing {
                has_begun: !matches!(self, Self::NotAsked | Self::Asked),
            },
            _ => Found::Bytes(count),
        }
    }
}
