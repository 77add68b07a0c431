//! The standard streams of programs as the host has them, byte for byte.
//!
//! What is written leaves by a port of its own. What is read is in the boot image, or
//! asked of the host: for each [`ASK`] it sends the length of a piece, two bytes, the
//! lower one first, and so many bytes; a piece of no bytes is the end. To programs
//! they are ends of pipes.

mod input;

use alloc::vec::Vec;
use core::hint::spin_loop;
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use hal::lock::Lock;
use hal::{Ref, debug_port, host_input, user};
use input::{Found, Source};
use pipes::{CompletionMode, Configuration, Information, Modes, Peeked, PipeStatus, PipeType};
use pipes::{ReadMode, State};
use sched::{Deadline, Waited};
use spin::Once;

use super::console::{POLL_100NS, for_each_chunk, write_each};
use super::file::Unopened;
use super::{File, Mode, Target, device, terminal};
use crate::{Error, clock, rank, scheduler};

/// How often to look for a byte that is on its way before others get their turn, and
/// how long to leave the device alone between two looks, so that it can come.
const LOOKS: u32 = 500;
const PAUSES: u32 = 50;
/// As of a pipe that a program made without saying a number.
const QUOTA_BYTES: u32 = 4096;

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

/// What was written.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// How many bytes of output.
    pub output: u64,
    /// How many about errors.
    pub errors: u64,
    /// After how many cycles since power-on the first of them was.
    pub first_at: u64,
}

static INPUT: Lock<rank::HostInput, Source> = Lock::new(Source::none());
static INPUT_WAITS: AtomicBool = AtomicBool::new(true);
static OUTPUT_BYTES: AtomicU64 = AtomicU64::new(0);
static ERROR_BYTES: AtomicU64 = AtomicU64::new(0);
static FIRST_AT: AtomicU64 = AtomicU64::new(0);
/// Input, output, errors, and what has no input.
static STREAMS: Once<[Ref<File>; 4]> = Once::new();
static HAS_INPUT: AtomicBool = AtomicBool::new(true);

/// Leads the standard streams of all programs to the host, which is asked for input only
/// if it is meant to be; those that are its terminal are the console. False: it has no
/// devices for them. Before the first program.
pub fn connect(is_asked: bool, terminal: Option<&config::Terminal>) -> Result<bool, Error> {
    let are_there = debug_port::OUTPUT.is_present() && debug_port::ERRORS.is_present();
    // With a terminal the line is open, and what comes on it is sorted.
    if !are_there || is_asked && terminal.is_none() && !host_input::open() {
        return Ok(false);
    }
    set_input(&[], !is_asked);
    let mode = Mode {
        is_synchronous: true,
        flags: 0,
    };
    let open = |target| Ok::<_, Error>(Unopened::new()?.open(target, mode));
    let of_host = |stream, is_terminal| match is_terminal {
        false => open(Target::Host(stream)),
        true if stream == Stream::Input => terminal::standard_input(),
        true => terminal::standard_output(),
    };
    let has = terminal.copied().unwrap_or_default();
    STREAMS.try_call_once(|| {
        Ok::<_, Error>([
            of_host(Stream::Input, has.is_input)?,
            of_host(Stream::Output, has.is_output)?,
            of_host(Stream::Errors, has.is_errors)?,
            open(Target::Null)?,
        ])
    })?;
    Ok(true)
}

/// What is read next: these bytes, and behind them what the host has, unless they are all.
pub fn set_input(first: &'static [u8], is_all: bool) {
    let is_sorted = terminal::is_shown();
    let source = Source::new(first, is_all, is_sorted);
    let before = core::mem::replace(&mut *INPUT.lock(), source);
    // Outside the lock: the heap may have to give memory back.
    drop(before);
    INPUT_WAITS.store(true, Ordering::Relaxed);
    HAS_INPUT.store(true, Ordering::Relaxed);
}

/// A byte of the host's answers has come, where a terminal shares the line with them.
pub(super) fn arrive(byte: u8) {
    INPUT.lock().arrive(byte);
}

/// Programs have the null device to read from next.
pub fn set_no_input() {
    HAS_INPUT.store(false, Ordering::Relaxed);
}

/// What was written since this was last asked, if the host has it.
pub fn take_written() -> Option<Written> {
    STREAMS.get()?;
    let take = |bytes: &AtomicU64| bytes.swap(0, Ordering::Relaxed);
    Some(Written {
        output: take(&OUTPUT_BYTES),
        errors: take(&ERROR_BYTES),
        first_at: take(&FIRST_AT),
    })
}

/// A standard stream, as every program has it open from its start.
pub fn standard(stream: Stream) -> Result<Ref<File>, Error> {
    let Some([input, output, errors, null]) = STREAMS.get() else {
        return device::console();
    };
    Ok(match stream {
        Stream::Input if !HAS_INPUT.load(Ordering::Relaxed) => null,
        Stream::Input => input,
        Stream::Output => output,
        Stream::Errors => errors,
    }
    .clone())
}

/// Writes bytes of the current process: all of them, or none if some cannot be read.
#[cold]
pub(super) fn write_from_user(stream: Stream, from: u64, bytes: u64) -> Result<(), Error> {
    let (port, written) = match stream {
        Stream::Input => return Err(Error::InvalidDeviceRequest),
        Stream::Output => (&debug_port::OUTPUT, &OUTPUT_BYTES),
        Stream::Errors => (&debug_port::ERRORS, &ERROR_BYTES),
    };
    if FIRST_AT.load(Ordering::Relaxed) == 0 {
        FIRST_AT.store(hal::time::cycles_since_power_on(), Ordering::Relaxed);
    }
    write_each(from, bytes, |chunk| {
        port.write(chunk);
        let bytes = u64::try_from(chunk.len()).unwrap_or_default();
        written.fetch_add(bytes, Ordering::Relaxed);
    })
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
            Found::Nothing { .. } if is_first => Err(PipeStatus::PipeEmpty.into()),
            Found::Nothing { .. } | Found::End => Err(Error::EndOfFile),
        }
    });
    match ended {
        Err(Error::EndOfFile) if done == 0 => Err(PipeStatus::PipeBroken.into()),
        Ok(()) | Err(Error::EndOfFile) => Ok(done),
        Err(error) => Err(error),
    }
}

/// Waits until there is something, or the end, unless reads do not wait.
fn wait(into: &mut [u8]) -> Result<Found, Error> {
    loop {
        for _ in 0..LOOKS {
            match look(into) {
                Found::Nothing { has_begun: true } => (0..PAUSES).for_each(|_| spin_loop()),
                Found::Nothing { .. } => break,
                found => return Ok(found),
            }
        }
        if !INPUT_WAITS.load(Ordering::Relaxed) {
            return Ok(Found::Nothing { has_begun: false });
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

impl Stream {
    /// What is known of it as the end of a pipe.
    pub(super) fn information(self) -> Information {
        let is_input = self == Self::Input;
        let there = match is_input {
            true => INPUT.lock().pull().unwrap_or_default(),
            false => 0,
        };
        Information {
            pipe_type: PipeType::Byte,
            configuration: Configuration::Inbound,
            inbound_quota: QUOTA_BYTES,
            read_data_available: u32::try_from(there).unwrap_or(u32::MAX),
            outbound_quota: QUOTA_BYTES,
            write_quota_available: QUOTA_BYTES,
            state: State::Connected,
            // As those of a pipe without a name: its server reads.
            end: is_input.into(),
        }
    }

    /// How it reads, and whether it waits.
    pub(super) fn modes(self) -> Modes {
        let waits = self != Self::Input || INPUT_WAITS.load(Ordering::Relaxed);
        Modes {
            read: ReadMode::Byte,
            completion: match waits {
                true => CompletionMode::Queue,
                false => CompletionMode::Complete,
            },
        }
    }

    /// Changes that: what is written never waits.
    pub(super) fn set_modes(self, modes: Modes) -> Result<(), Error> {
        if modes.read == ReadMode::Message {
            return Err(PipeStatus::InvalidParameter.into());
        }
        if self == Self::Input {
            INPUT_WAITS.store(modes.completion == CompletionMode::Queue, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Looks at what can be read, and copies no more of it than so many bytes.
    pub(super) fn peek(self, most: usize) -> Result<(Peeked, Vec<u8>), Error> {
        if self != Self::Input {
            return Err(PipeStatus::InvalidParameter.into());
        }
        let mut source = INPUT.lock();
        let Some(there) = source.pull() else {
            return Err(PipeStatus::PipeBroken.into());
        };
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(most.min(there))?;
        bytes.extend(source.bytes().take(most));
        let peeked = Peeked {
            status: match bytes.len() < there && most != 0 {
                true => PipeStatus::BufferOverflow,
                false => PipeStatus::Success,
            },
            state: State::Connected,
            read_data_available: u32::try_from(there).unwrap_or(u32::MAX),
            number_of_messages: 0,
            message_length: 0,
            bytes: bytes.len(),
        };
        Ok((peeked, bytes))
    }
}
