//! Which of their messages the Win32 DLLs print, in Wine's own words for it.
//!
//! `+loaddll,-module,warn+file,err+all`: channels of messages are turned on and off, in
//! one class of messages or in all four, one after the other; `all` is every channel
//! that is not named.

use arrayvec::ArrayVec;

use crate::error::{ConfigError, Problem};

/// How many channels can be named.
pub const CHANNELS_MAX: usize = 64;
/// Flags, and a name with a NUL behind it.
const RECORD_BYTES: usize = 16;
/// The classes by their bits, from the lowest on.
const CLASSES: [&str; 4] = ["fixme", "err", "warn", "trace"];
const ALL_CLASSES: u8 = 0xF;
const ALL: &str = "all";
/// What is on without a word: why a DLL cannot be loaded.
const ALWAYS: (&str, u8) = ("module", 1 << 1);

/// The words, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channels<'a>(&'a str);

/// A record as the DLLs read it.
pub type ChannelRecord = [u8; RECORD_BYTES];

/// One of the words: what it turns, and whether on.
struct Word<'a> {
    channel: &'a str,
    classes: u8,
    is_on: bool,
}

impl<'a> Channels<'a> {
    /// Nothing is said.
    pub const NONE: Channels<'static> = Channels("");

    pub(crate) fn parse(value: &'a str) -> Result<Self, ConfigError> {
        let bad = |problem| ConfigError::new("wine", value, problem);
        let mut count = 0_usize;
        for word in value.split(',') {
            Word::parse(word).ok_or(bad(Problem::Channel))?;
            count = count.saturating_add(1);
        }
        match count < CHANNELS_MAX {
            true => Ok(Self(value)),
            false => Err(bad(Problem::TooMany {
                most: CHANNELS_MAX - 1,
            })),
        }
    }

    /// The same of what was parsed before.
    pub(crate) const fn checked(value: &'a str) -> Self {
        Self(value)
    }

    /// The records, sorted by name, and one without a name for all others.
    #[must_use]
    pub fn records(&self) -> ArrayVec<ChannelRecord, { CHANNELS_MAX + 1 }> {
        let mut named = ArrayVec::<(&str, u8), CHANNELS_MAX>::new();
        let mut others = 0;
        let _ = named.try_push(ALWAYS);
        for word in self.0.split(',').filter_map(Word::parse) {
            if word.channel == ALL {
                others = word.turned(others);
            }
            let mut is_found = false;
            for (name, flags) in &mut named {
                if *name == word.channel || word.channel == ALL {
                    *flags = word.turned(*flags);
                    is_found |= *name == word.channel;
                }
            }
            if !is_found && word.channel != ALL {
                let _ = named.try_push((word.channel, word.turned(others)));
            }
        }
        named.sort_unstable();
        let last = [("", others)];
        named.iter().chain(&last).map(record).collect()
    }
}

fn record(channel: &(&str, u8)) -> ChannelRecord {
    let (name, flags) = *channel;
    let mut record = [0; RECORD_BYTES];
    for (place, byte) in record
        .iter_mut()
        .zip([flags].into_iter().chain(name.bytes()))
    {
        *place = byte;
    }
    record
}

impl<'a> Word<'a> {
    fn parse(word: &'a str) -> Option<Self> {
        let (class, sign, channel) = match word.split_once('+') {
            Some((class, channel)) => (class, true, channel),
            None => word
                .split_once('-')
                .map(|(class, channel)| (class, false, channel))?,
        };
        let classes = match CLASSES.iter().position(|name| *name == class) {
            Some(bit) => 1 << bit,
            None if class.is_empty() => ALL_CLASSES,
            None => return None,
        };
        let is_name = !channel.is_empty()
            && channel.len() < RECORD_BYTES - 1
            && channel
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_name.then_some(Self {
            channel,
            classes,
            is_on: sign,
        })
    }

    const fn turned(&self, flags: u8) -> u8 {
        match self.is_on {
            true => flags | self.classes,
            false => flags & !self.classes,
        }
    }
}
