//! Frames: all of them can be taken, come zeroed, and come back.

use alloc::vec::Vec;

use hal::AddressSpace;
use hal::memory::{OwnedFrame, frame_counts};

use super::expect::{Outcome, done, equal, holds};

const DIRT: u8 = 0xa5;
const ZEROS: [u8; 4096] = [0; 4096];

pub(super) fn run() -> Outcome {
    one()?;
    shared()?;
    // The second time, every frame was used before.
    all()?;
    all()
}

fn one() -> Outcome {
    let before = frame_counts();
    let frame = done("a frame", OwnedFrame::zeroed())?;
    equal(
        "free frames with one taken",
        frame_counts().free,
        before.free - 1,
    )?;
    let copy = done("a copy", OwnedFrame::copy_of(frame.bytes()))?;
    holds("two frames differ", frame.frame() != copy.frame())?;
    drop((frame, copy));
    equal("frames after both were dropped", frame_counts(), before)
}

fn shared() -> Outcome {
    let before = frame_counts().free;
    let mut frame = done("a frame", OwnedFrame::zeroed())?;
    frame.bytes_mut().fill(DIRT);
    let first = frame.share();
    let second = first.clone();
    equal(
        "free frames with one shared",
        frame_counts().free,
        before - 1,
    )?;
    drop(first);
    equal(
        "free frames with one share left",
        frame_counts().free,
        before - 1,
    )?;
    holds(
        "a share keeps its bytes",
        second.bytes().iter().all(|&byte| byte == DIRT),
    )?;
    drop(second);
    equal(
        "free frames after the last share",
        frame_counts().free,
        before,
    )
}

/// Takes all frames, marks each with its number, and gives them back.
fn all() -> Outcome {
    let mut taken = Vec::new();
    done(
        "room for all frames",
        taken.try_reserve_exact(frame_counts().free as usize),
    )?;
    let before = frame_counts();
    while taken.len() < taken.capacity()
        && let Ok(mut frame) = OwnedFrame::zeroed()
    {
        holds(
            format_args!("{:x?} comes zeroed", frame.frame()),
            *frame.bytes() == ZEROS,
        )?;
        frame.bytes_mut().fill(DIRT);
        let number = frame.frame().0.to_le_bytes();
        frame.bytes_mut()[..8].copy_from_slice(&number);
        taken.push(frame);
    }
    equal("frames taken", taken.len() as u64, before.free)?;
    equal("free frames then", frame_counts().free, 0)?;
    holds("one more frame is refused", OwnedFrame::zeroed().is_err())?;
    holds("an address space is refused", AddressSpace::new().is_err())?;
    for frame in &taken {
        let mark = u64::from_le_bytes(*frame.bytes().first_chunk().unwrap_or(&[0; 8]));
        equal("the mark in a frame", mark, frame.frame().0)?;
        holds("a frame keeps its last byte", frame.bytes()[4095] == DIRT)?;
    }
    taken.clear();
    equal("frames after all came back", frame_counts(), before)
}
