//! Walks the chain of frame pointers, through trap frames, believing nothing.
//!
//! Every word is read only inside a known stack and from a mapped page. A chain
//! that breaks ends with its reason.

use core::fmt;

use crate::memory::walk;
use crate::stacks;
use crate::trap::{self, TrapFrame};

/// The frames after which a chain is cut.
const MOST_FRAMES: usize = 4096;
const WORD: u64 = 8;

/// One step of a backtrace.
pub(super) enum Step<'a> {
    /// A function, by the address at which it goes on after a call.
    Return(u64),
    /// A function, by the address at which it was interrupted.
    Interrupted(u64),
    /// A trap or system call came in between.
    Trap(&'a TrapFrame),
    /// No more frames.
    End(End),
}

/// Why a backtrace ended.
#[derive(Clone, Copy)]
pub(super) enum End {
    /// At the first frame of the stack.
    Complete,
    /// At user mode.
    User,
    /// A frame pointer leads out of every known stack.
    OffStack(u64),
    /// A frame pointer is not aligned.
    Misaligned(u64),
    /// The page of a frame is not mapped.
    Unmapped(u64),
    /// A frame pointer does not lead up its stack.
    Backwards(u64),
    /// A return address is not in the kernel's code.
    NotCode(u64),
    /// There are more frames than anyone reads.
    TooMany,
}

impl fmt::Display for End {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => out.write_str("end of the stack"),
            Self::User => out.write_str("user mode"),
            Self::OffStack(rbp) => {
                write!(out, "broken: frame pointer {rbp:#x} is in no kernel stack")
            }
            Self::Misaligned(rbp) => write!(out, "broken: frame pointer {rbp:#x} is not aligned"),
            Self::Unmapped(rbp) => write!(out, "broken: frame {rbp:#x} is not mapped"),
            Self::Backwards(rbp) => {
                write!(out, "broken: frame pointer {rbp:#x} leads down the stack")
            }
            Self::NotCode(rip) => write!(out, "broken: return address {rip:#x} is not kernel code"),
            Self::TooMany => write!(out, "cut after {MOST_FRAMES} frames"),
        }
    }
}

/// A word of a kernel stack, if it can be read.
pub(super) fn read_word(address: u64) -> Option<u64> {
    let is_stack = stacks::containing(address)?
        .0
        .contains(&address.wrapping_add(WORD - 1));
    if !is_stack || !address.is_multiple_of(WORD) || !walk::is_mapped(address) {
        return None;
    }
    // SAFETY: an aligned word on a mapped page of a kernel stack; nothing else
    // runs during a report.
    Some(unsafe { (address as *const u64).read_volatile() })
}

/// Walks from a frame pointer on, giving each step to `visit`, the end included.
pub(super) fn walk(rbp: u64, mut visit: impl FnMut(Step<'_>)) {
    let mut rbp = rbp;
    for _ in 0..MOST_FRAMES {
        let (saved, return_address) = match frame_at(rbp) {
            Ok(frame) => frame,
            Err(end) => return visit(Step::End(end)),
        };
        if return_address == 0 {
            return visit(Step::End(End::Complete));
        }
        let next = if trap::is_entry_code(return_address) {
            let trap = match trap_frame_at(saved) {
                // thread_start calls with rbp = 0: the first frame of a thread.
                Err(_) if saved == 0 => return visit(Step::End(End::Complete)),
                Err(end) => return visit(Step::End(end)),
                Ok(trap) => trap,
            };
            visit(Step::Trap(trap));
            if trap.is_user() {
                return visit(Step::End(End::User));
            }
            visit(Step::Interrupted(trap.rip));
            // A stack switch may lead anywhere; within a stack, only up.
            (trap.rbp, false)
        } else {
            if !super::names::is_code(return_address) {
                return visit(Step::End(End::NotCode(return_address)));
            }
            visit(Step::Return(return_address));
            (saved, true)
        };
        let (saved, must_rise) = next;
        if saved == 0 {
            return visit(Step::End(End::Complete));
        }
        if must_rise && saved <= rbp && same_stack(saved, rbp) {
            return visit(Step::End(End::Backwards(saved)));
        }
        rbp = saved;
    }
    visit(Step::End(End::TooMany));
}

fn same_stack(one: u64, other: u64) -> bool {
    stacks::containing(one).is_some_and(|(stack, _)| stack.contains(&other))
}

/// The saved frame pointer and return address of the frame at `rbp`.
fn frame_at(rbp: u64) -> Result<(u64, u64), End> {
    check(rbp, 2 * WORD)?;
    match (read_word(rbp), read_word(rbp + WORD)) {
        (Some(saved), Some(address)) => Ok((saved, address)),
        _ => Err(End::Unmapped(rbp)),
    }
}

fn trap_frame_at<'a>(address: u64) -> Result<&'a TrapFrame, End> {
    let size = size_of::<TrapFrame>() as u64;
    check(address, size)?;
    if !walk::is_mapped(address) || !walk::is_mapped(address + size - 1) {
        return Err(End::Unmapped(address));
    }
    // SAFETY: an aligned, mapped range of a kernel stack, any bytes of which are
    // a valid `TrapFrame`; nothing else runs during a report.
    Ok(unsafe { &*(address as *const TrapFrame) })
}

fn check(address: u64, size: u64) -> Result<(), End> {
    if !address.is_multiple_of(WORD) {
        return Err(End::Misaligned(address));
    }
    match stacks::containing(address) {
        Some((stack, _)) if stack.end - address >= size => Ok(()),
        _ => Err(End::OffStack(address)),
    }
}
