//! Escape sequences that programs write, as far as a screen must know them.

use arrayvec::ArrayVec;

const MOST_NUMBERS: usize = 16;

/// Takes sequences apart, unit by unit.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    state: State,
    sequence: Sequence,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    Escape,
    /// Behind an intermediate letter: one more ends it.
    Last,
    Csi,
    /// A text for the terminal, ended by BEL or `ESC \`.
    Text,
    TextEscape,
}

/// A complete sequence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequence {
    /// Whether `[` followed ESC.
    pub(crate) is_csi: bool,
    /// `?`, `>`, `!` or a space, if there is one; else 0.
    pub(crate) mark: u8,
    /// The letter that ends it.
    pub(crate) letter: u8,
    pub(crate) numbers: ArrayVec<u16, MOST_NUMBERS>,
}

/// What a unit is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// No part of a sequence.
    Plain,
    /// A part of one.
    Inside,
    /// The end of one.
    Over(Sequence),
}

impl Sequence {
    /// One of its numbers; 0 and none count as 1.
    pub(crate) fn count(&self, at: usize) -> u16 {
        self.number(at).max(1)
    }

    pub(crate) fn number(&self, at: usize) -> u16 {
        self.numbers.get(at).copied().unwrap_or(0)
    }
}

impl Parser {
    /// The next unit.
    pub(crate) fn take(&mut self, unit: u16) -> Step {
        let byte = u8::try_from(unit).unwrap_or(0xFF);
        match (self.state, byte) {
            (State::Ground, 0x1B) => self.go(State::Escape),
            (State::Ground, _) => Step::Plain,
            (State::Text, 0x07) => self.go(State::Ground),
            (State::Text, 0x1B) => self.go(State::TextEscape),
            (State::Text, _) => Step::Inside,
            (State::TextEscape, _) => self.go(State::Ground),
            // Cancelled.
            (_, 0x18 | 0x1A) => self.go(State::Ground),
            (_, 0x1B) => self.go(State::Escape),
            (_, 0..0x20) => {
                self.state = State::Ground;
                Step::Plain
            }
            (State::Escape, b'[') => {
                self.sequence = Sequence {
                    is_csi: true,
                    ..Sequence::default()
                };
                self.go(State::Csi)
            }
            (State::Escape, b']' | b'P' | b'X' | b'^' | b'_') => self.go(State::Text),
            (State::Escape, 0x20..=0x2F) => self.go(State::Last),
            (State::Escape, letter) => {
                self.sequence = Sequence::default();
                self.end(letter)
            }
            (State::Last, _) => self.go(State::Ground),
            (State::Csi, digit @ b'0'..=b'9') => {
                if self.sequence.numbers.is_empty() {
                    let _ = self.sequence.numbers.try_push(0);
                }
                if let Some(number) = self.sequence.numbers.last_mut() {
                    let digit = u16::from(digit.saturating_sub(b'0'));
                    *number = number.saturating_mul(10).saturating_add(digit);
                }
                Step::Inside
            }
            (State::Csi, b';' | b':') => {
                if self.sequence.numbers.is_empty() {
                    let _ = self.sequence.numbers.try_push(0);
                }
                // What there is no room for is no number of ours.
                let _ = self.sequence.numbers.try_push(0);
                Step::Inside
            }
            (State::Csi, mark @ (0x20..=0x2F | 0x3C..=0x3F)) => {
                self.sequence.mark = mark;
                Step::Inside
            }
            (State::Csi, letter) => self.end(letter),
        }
    }

    fn go(&mut self, state: State) -> Step {
        self.state = state;
        Step::Inside
    }

    fn end(&mut self, letter: u8) -> Step {
        self.state = State::Ground;
        self.sequence.letter = letter;
        Step::Over(core::mem::take(&mut self.sequence))
    }
}
