//! Standard input: what is at hand, and the host's answers.

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use hal::host_input;

/// What is sent for a piece.
const ASK: u8 = b'?';
/// How much is held for those who only look.
const HELD_BYTES: usize = 512;

/// Where input comes from.
pub(super) struct Source {
    /// What is left of what is at hand.
    first: &'static [u8],
    /// What somebody looked at, behind that.
    held: Vec<u8>,
    /// The host, behind that, until it says that there is no more.
    rest: Option<Piece>,
    /// What has come of its answers; `None`: nobody sorts what comes.
    arrived: Option<VecDeque<u8>>,
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
pub(super) enum Found {
    /// So many bytes.
    Bytes(usize),
    /// None yet; they are on their way if an answer has begun.
    Nothing {
        has_begun: bool,
    },
    End,
}

impl Source {
    /// Nothing, and its end.
    pub(super) const fn none() -> Self {
        Self {
            first: &[],
            held: Vec::new(),
            rest: None,
            arrived: None,
        }
    }

    /// These bytes, and behind them what the host has, unless they are all; its answers
    /// arrive by [`Self::arrive`] if somebody sorts what it sends.
    pub(super) fn new(first: &'static [u8], is_all: bool, is_sorted: bool) -> Self {
        Self {
            first,
            rest: (!is_all).then_some(Piece::NotAsked),
            arrived: is_sorted.then(VecDeque::new),
            ..Self::none()
        }
    }

    /// A byte of an answer has come.
    pub(super) fn arrive(&mut self, byte: u8) {
        if let Some(arrived) = &mut self.arrived
            && arrived.try_reserve(1).is_ok()
        {
            arrived.push_back(byte);
        }
    }

    /// Asks for some, so that there is something to look at; how much there is. `None`:
    /// nothing any more.
    pub(super) fn pull(&mut self) -> Option<usize> {
        if self.first.is_empty() && self.held.is_empty() {
            let mut chunk = [0; HELD_BYTES];
            // What could not be held would be lost.
            if self.held.try_reserve_exact(chunk.len()).is_err() {
                return Some(0);
            }
            match self.look(&mut chunk) {
                Found::Bytes(count) => {
                    self.held
                        .extend_from_slice(chunk.get(..count).unwrap_or_default());
                }
                Found::End => return None,
                Found::Nothing { .. } => {}
            }
        }
        Some(self.first.len().saturating_add(self.held.len()))
    }

    /// What is there, in its order.
    pub(super) fn bytes(&self) -> impl Iterator<Item = u8> {
        self.first.iter().chain(&self.held).copied()
    }

    /// Takes what is there.
    pub(super) fn look(&mut self, into: &mut [u8]) -> Found {
        let count = into.len().min(self.first.len());
        if count != 0 {
            let (now, later) = self.first.split_at_checked(count).unwrap_or_default();
            into.iter_mut().zip(now).for_each(|(to, from)| *to = *from);
            self.first = later;
            return Found::Bytes(count);
        }
        if !self.held.is_empty() {
            let count = into.len().min(self.held.len());
            into.iter_mut()
                .zip(self.held.drain(..count))
                .for_each(|(to, from)| *to = from);
            return Found::Bytes(count);
        }
        let found = match &mut self.rest {
            Some(piece) => piece.look(into, self.arrived.as_mut()),
            None => Found::End,
        };
        if let Found::End = found {
            self.rest = None;
        }
        found
    }
}

impl Piece {
    fn look(&mut self, into: &mut [u8], mut arrived: Option<&mut VecDeque<u8>>) -> Found {
        if let Self::NotAsked = self {
            host_input::send(ASK);
            *self = Self::Asked;
        }
        let mut count = 0;
        while let Some(place) = into.get_mut(count) {
            if let Self::NotAsked = self {
                break;
            }
            let next = match &mut arrived {
                Some(arrived) => arrived.pop_front(),
                None => host_input::read_byte(),
            };
            let Some(byte) = next else {
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
