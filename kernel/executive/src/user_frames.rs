//! A program's stack, frame by frame, across its images.
//!
//! Works for a program that a fault ends and, in a kernel panic, for the one
//! whose system call panicked: user memory is only copied, and nothing waits
//! for a lock.

use core::fmt;

use hal::Ref;
use hal::trap::TrapFrame;
use pe::unwind::{self, Context, Step, UnwindError};

use crate::memory::Image;
use crate::process::Process;

/// The lines after which a report is cut.
const MOST_LINES: usize = 64;
/// The frames after which a chain is cut, those of recursion included.
const MOST_FRAMES: usize = 32_768;

/// One frame of a program, as a line of a report.
struct Frame<'a> {
    number: usize,
    /// Where the function goes on.
    address: u64,
    /// An address inside the instruction that is being carried out.
    inside: u64,
    image: Option<&'a (Ref<Image>, u64)>,
    /// How the frame was found, if not by unwind information.
    found: Option<Step>,
}

/// Why the frames end.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// The first function of the thread has no caller.
    Complete,
    /// The next address is in no image.
    OutsideImages(u64),
    /// The process's memory is locked by what the report is about.
    Locked,
    /// The images say no more.
    Unwind(UnwindError),
    /// There are more frames than anyone reads.
    TooMany,
}

/// Gives the frames from a trap frame on to `line`, one a line and recursion
/// folded, and says why they end.
pub(crate) fn walk(
    process: &Process,
    trap: &TrapFrame,
    mut line: impl FnMut(fmt::Arguments<'_>),
) -> End {
    let mut context = Context {
        rip: trap.instruction_pointer(),
        registers: trap.numbered_registers(),
        after_call: false,
    };
    let mut read = |address| read_word(process, address);
    let mut found = None;
    let (mut lines, mut repeats, mut last) = (0_usize, 0_usize, None);
    let end = 'chain: {
        for number in 0..MOST_FRAMES {
            let inside = context.rip.wrapping_sub(context.after_call.into());
            let Some(image) = process.memory().try_with(|space| space.image_at(inside)) else {
                break 'chain End::Locked;
            };
            if last.replace(context.rip) == Some(context.rip) {
                repeats = repeats.saturating_add(1);
            } else {
                print_repeats(&mut line, core::mem::take(&mut repeats));
                lines = lines.saturating_add(1);
                if lines > MOST_LINES {
                    break 'chain End::TooMany;
                }
                let frame = Frame {
                    number,
                    address: context.rip,
                    inside,
                    image: image.as_ref(),
                    found,
                };
                line(format_args!("{frame}"));
            }
            let Some((image, base)) = image else {
                break 'chain End::OutsideImages(context.rip);
            };
            match unwind::step(image.view(), base, &mut context, &mut read) {
                Ok(step) => found = Some(step),
                Err(error) => break 'chain End::Unwind(error),
            }
            if context.rip == 0 {
                break 'chain End::Complete;
            }
        }
        End::TooMany
    };
    print_repeats(&mut line, repeats);
    end
}

fn print_repeats(line: &mut impl FnMut(fmt::Arguments<'_>), repeats: usize) {
    if repeats > 0 {
        line(format_args!("... and {repeats} more from the same place"));
    }
}

/// A word of the current process's memory. A kernel panic maps nothing, so pages
/// that the program has not touched are known to be zero rather than read.
fn read_word(process: &Process, address: u64) -> Option<u64> {
    let mut bytes = [0; 8];
    match hal::user::copy_in(&mut bytes, address) {
        Ok(()) => Some(u64::from_le_bytes(bytes)),
        Err(_) => {
            let is_zero = process
                .memory()
                .try_with(|space| space.is_untouched(address))?;
            is_zero.then_some(0)
        }
    }
}

impl fmt::Display for Frame<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "#{:<3} {:#018x}  ", self.number, self.address)?;
        match self.image {
            Some((image, base)) => write!(
                out,
                "{}",
                Place {
                    image,
                    base: *base,
                    address: self.address,
                    inside: self.inside
                }
            )?,
            None => out.write_str("?")?,
        }
        match self.found {
            Some(Step::Leaf) => {
                out.write_str("  [called by a function without unwind information]")
            }
            Some(Step::Epilogue) => out.write_str("  [called by a function that was returning]"),
            Some(Step::MachineFrame) => out.write_str("  [interrupted]"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => out.write_str("end of the stack"),
            Self::OutsideImages(address) => write!(out, "broken: {address:#x} is in no image"),
            Self::Locked => out.write_str("the process's memory is locked"),
            Self::Unwind(error) => write!(out, "broken: {error}"),
            Self::TooMany => out.write_str("cut here: there are more frames than anyone reads"),
        }
    }
}

/// An address in an image: module, offset, and the nearest name.
struct Place<'a> {
    image: &'a Image,
    base: u64,
    address: u64,
    inside: u64,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.address.wrapping_sub(self.base);
        write!(out, "{}+{offset:#x}", self.image.name())?;
        let Ok(rva) = u32::try_from(self.inside.wrapping_sub(self.base)) else {
            return Ok(());
        };
        let view = self.image.view();
        // A name from before the function would be a guess.
        let start = view.function_entry(rva).map_or(0, |entry| entry.begin_rva);
        let fits = |(_, distance): &(pe::Name<'_>, u32)| rva.saturating_sub(*distance) >= start;
        let name = view.nearest_export(rva).filter(fits);
        match name.or_else(|| view.nearest_symbol(rva).filter(fits)) {
            Some((name, distance)) => {
                let distance =
                    u64::from(distance).wrapping_add(self.address.wrapping_sub(self.inside));
                write!(out, " ({name}+{distance:#x})")
            }
            None => Ok(()),
        }
    }
}
