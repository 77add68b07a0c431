//! The log: to serial and screen, and the last events in a ring for panics.

use core::fmt::{self, Write};

use log::{Level, LevelFilter, Log, Metadata, Record};
use spin::Once;

use crate::console;
use crate::lock::{Lock, rank};
use crate::time;

/// How many events the ring keeps.
pub(crate) const RING_EVENTS: usize = 32;
const LINE_BYTES: usize = 200;

/// Whether a line of a module and level is wanted.
pub type Filter = fn(&str, Level) -> bool;

static FILTER: Once<Filter> = Once::new();
static RING: Lock<rank::LogRing, Ring> = Lock::new(Ring::new());

/// Connects the `log` crate. Once.
pub(crate) fn init() {
    // The first call is the only one, so there is no logger to collide with.
    let _ = log::set_logger(&KernelLog);
    log::set_max_level(LevelFilter::Info);
}

/// Sets what is wanted; `most_detailed` cuts off cheaply. Once.
pub fn set_filter(most_detailed: LevelFilter, filter: Filter) {
    FILTER.call_once(|| filter);
    log::set_max_level(most_detailed);
}

struct KernelLog;

impl Log for KernelLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        FILTER
            .get()
            .is_none_or(|filter| filter(metadata.target(), metadata.level()))
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let level = level_name(record.level());
        let line = Line::of(format_args!(
            "{}{level} {}: {}",
            Stamp::now(),
            record.target(),
            record.args()
        ));
        RING.lock().push(&line);
        console::finish_line();
        console::write(line.bytes());
    }

    fn flush(&self) {}
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warn => "warn ",
        Level::Info => "info ",
        Level::Debug => "debug",
        Level::Trace => "trace",
    }
}

/// The time since the start, as a line begins with it.
struct Stamp {
    micros: u64,
}

impl Stamp {
    fn now() -> Self {
        Self {
            micros: time::since_start_ns() / 1000,
        }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, micros) = (self.micros / 1_000_000, self.micros % 1_000_000);
        write!(f, "[{seconds:5}.{micros:06}] ")
    }
}

/// An event that may take a while, and its place in the ring.
pub struct Event(usize);

/// Notes an event that begins: reports have it, the log not yet.
pub fn begin_event(text: fmt::Arguments<'_>) -> Event {
    let line = Line::of(format_args!("{}{text}", Stamp::now()));
    Event(RING.lock().push(&line))
}

/// Writes how an event went on to serial, however long that is; reports then have
/// this instead of how it began.
pub fn write_event(event: &Event, text: fmt::Arguments<'_>) {
    let stamp = Stamp::now();
    let line = Line::of(format_args!("{stamp}{text}"));
    RING.lock().replace(event.0, &line);
    console::finish_line();
    // Serial does not fail.
    let _ = writeln!(console::Serial, "{stamp}{text}");
}

/// Writes a line for tools to serial, piece by piece: the log's events and the
/// screen do not have it.
pub fn write_record(write: impl FnOnce(&mut dyn Write)) {
    console::finish_line();
    write(&mut console::Serial);
    // Serial does not fail.
    let _ = console::Serial.write_char('\n');
}

/// One line of bounded length, with its newline.
#[derive(Clone, Copy)]
struct Line {
    bytes: [u8; LINE_BYTES],
    length: usize,
}

impl Line {
    const fn new() -> Self {
        Self {
            bytes: [0; LINE_BYTES],
            length: 0,
        }
    }

    fn of(text: fmt::Arguments<'_>) -> Self {
        let mut line = Self::new();
        // A line never fails: what does not fit is cut and marked.
        let _ = line.write_fmt(text);
        line.end();
        line
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// The line without its end.
    fn text(&self) -> &[u8] {
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        bytes.strip_suffix(b"\n").unwrap_or(bytes)
    }

    /// Ends the line; one that was cut ends in "...".
    fn end(&mut self) {
        if self.length == LINE_BYTES {
            self.bytes[LINE_BYTES - 4..].copy_from_slice(b"...\n");
        } else {
            self.bytes[self.length] = b'\n';
            self.length += 1;
        }
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = &mut self.bytes[self.length..];
        let taken = text.len().min(room.len());
        room[..taken].copy_from_slice(&text.as_bytes()[..taken]);
        self.length += taken;
        Ok(())
    }
}

/// The last events, oldest first when read.
struct Ring {
    lines: [Line; RING_EVENTS],
    written: usize,
}

impl Ring {
    const fn new() -> Self {
        Self {
            lines: [Line::new(); RING_EVENTS],
            written: 0,
        }
    }

    /// Adds a line; its number.
    fn push(&mut self, line: &Line) -> usize {
        let number = self.written;
        self.lines[number % RING_EVENTS] = *line;
        self.written += 1;
        number
    }

    /// Puts a line in the place of another, if that is still kept; else adds it.
    fn replace(&mut self, number: usize, line: &Line) {
        match number + RING_EVENTS >= self.written {
            true => self.lines[number % RING_EVENTS] = *line,
            false => _ = self.push(line),
        }
    }

    /// The event so many after the oldest one kept.
    fn after_oldest(&self, place: usize) -> Option<&Line> {
        let number = self.written.saturating_sub(RING_EVENTS) + place;
        (number < self.written).then(|| &self.lines[number % RING_EVENTS])
    }
}

/// Runs `use_it` while the ring is locked: provokes the panic of that name.
pub(crate) fn while_locked(use_it: impl FnOnce()) {
    let _ring = RING.lock();
    use_it();
}

/// Gives the last events, without their ends of line, the oldest first.
pub fn events(mut give: impl FnMut(&[u8])) {
    for place in 0..RING_EVENTS {
        // Copied, so that whoever is given it may take locks.
        let line = RING.lock().after_oldest(place).copied();
        if let Some(line) = line {
            give(line.text());
        }
    }
}

/// The same for a panic report, locked or not.
pub(crate) fn last_events(mut give: impl FnMut(&[u8])) {
    // SAFETY: the caller, a report, is the only thing that runs; a half-written
    // line is bytes.
    let ring = unsafe { RING.bypass() };
    (0..RING_EVENTS)
        .filter_map(|place| ring.after_oldest(place))
        .for_each(|line| give(line.text()));
}
