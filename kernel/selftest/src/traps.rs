//! Exceptions and interrupts in the kernel: each by its vector, all survived.

use hal::probe::{self, Touch};

use super::expect::{Outcome, equal};

const ROUNDS: u32 = 1000;

pub(super) fn run() -> Outcome {
    let before = hal::trap::unexpected_interrupts();
    for _ in 0..ROUNDS {
        vector(Touch::DivisionByZero, Some(0))?;
        vector(Touch::Breakpoint, Some(3))?;
        vector(Touch::UndefinedInstruction, Some(6))?;
        vector(Touch::Read(1 << 63), Some(13))?;
        vector(Touch::Read(0), Some(14))?;
        vector(Touch::UnexpectedInterrupt, None)?;
    }
    let counted = hal::trap::unexpected_interrupts() - before;
    equal("unexpected interrupts", counted, ROUNDS.into())
}

fn vector(touch: Touch, expected: Option<u8>) -> Outcome {
    equal(
        format_args!("exception of {touch:x?}"),
        probe::touch(touch),
        expected,
    )
}
