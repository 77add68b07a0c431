//! A program's stack, frame by frame, across its images.
//!
//! Works for a program that a fault ends and, in a kernel panic, for the one
//! whose system call panicked: user memory is only copied, and nothing waits
//! for a lock.

use core::cell::Cell;
use core::fmt::{self, Display};

use hal::trap::TrapFrame;
use pe::unwind::{self, Context, Step, UnwindError};
use report::{Form, Frame, Mark, MarkKind, Origin};

use crate::memory::views::View;
use crate::process::Process;

/// The lines after which a report is cut.
const MOST_LINES: usize = 64;
/// The frames after which a chain is cut, those of recursion included.
const MOST_FRAMES: usize = 32_768;

/// The words of a stack after which it is cut: unwind information can ask for
/// thousands a frame.
const MOST_WORDS: usize = 0x4_0000;

/// Why the frames end.
#[derive(Clone, Copy, Debug)]
enum End {
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

/// Gives the frames from a trap frame on, recursion folded, and why they end.
pub(crate) fn give(process: &Process, trap: &TrapFrame, form: &mut dyn Form) {
    let end = walk(process, trap, form);
    let kind = match end {
        End::Complete => MarkKind::End,
        End::TooMany => MarkKind::Skipped,
        _ => MarkKind::Broken,
    };
    form.mark(&Mark { kind, text: &end });
}

fn walk(process: &Process, trap: &TrapFrame, form: &mut dyn Form) -> End {
    let mut context = Context {
        rip: trap.instruction_pointer(),
        registers: trap.numbered_registers(),
        after_call: false,
    };
    let words_read = Cell::new(0_usize);
    let mut read = |address| {
        words_read.set(words_read.get().saturating_add(1));
        read_word(process, address)
    };
    let mut found = None;
    let (mut lines, mut repeats, mut last) = (0_usize, 0_usize, None);
    let end = 'chain: {
        for number in 0..MOST_FRAMES {
            let inside = context.rip.wrapping_sub(context.after_call.into());
            let view = process
                .memory()
                .try_with(|space| space.image_at(inside).cloned());
            let Some(view) = view else {
                break 'chain End::Locked;
            };
            if last.replace(context.rip) == Some(context.rip) {
                repeats = repeats.saturating_add(1);
            } else {
                give_repeats(form, core::mem::take(&mut repeats));
                lines = lines.saturating_add(1);
                if lines > MOST_LINES {
                    break 'chain End::TooMany;
                }
                let frame = Frame {
                    number,
                    address: context.rip,
                    is_call: context.after_call,
                    is_inlined: false,
                    origin: Origin::Program,
                    module: None,
                    function: None,
                    offset: 0,
                    place: None,
                    note: found,
                };
                match &view {
                    Some(view) => give_frames(view, frame, inside, form),
                    None => form.frame(&frame),
                }
            }
            let step = match view {
                Some(View { image, base }) => {
                    unwind::step(image.view(), base, &mut context, &mut read).map_err(End::Unwind)
                }
                None => Err(End::OutsideImages(context.rip)),
            };
            match step {
                Ok(step) => found = note(step),
                // A call of what is no code stops before anything is pushed
                // upon the return address.
                Err(_) if number == 0 && guess_caller(process, &mut context, &mut read) => {
                    found = Some("guessed from the top of the stack");
                }
                Err(end) => break 'chain end,
            }
            if context.rip == 0 {
                break 'chain End::Complete;
            }
            if words_read.get() > MOST_WORDS {
                break 'chain End::TooMany;
            }
        }
        End::TooMany
    };
    give_repeats(form, repeats);
    end
}

fn give_repeats(form: &mut dyn Form, repeats: usize) {
    if repeats > 0 {
        form.mark(&Mark {
            kind: MarkKind::Repeated,
            text: &format_args!("and {repeats} more from the same place"),
        });
    }
}

/// How the frame was found, if not by unwind information.
fn note(step: Step) -> Option<&'static str> {
    match step {
        Step::Leaf => Some("called by a function without unwind information"),
        Step::Epilogue => Some("called by a function that was returning"),
        Step::MachineFrame => Some("interrupted"),
        _ => None,
    }
}

/// Takes the word on top of the stack for a return address if it is one: if a
/// function's code stands before it. False: it does not, nothing has changed.
fn guess_caller(
    process: &Process,
    context: &mut Context,
    read: &mut impl FnMut(u64) -> Option<u64>,
) -> bool {
    const WORD_BYTES: u64 = 8;
    let [_, _, _, _, rsp, ..] = &mut context.registers;
    let Some(address) = read(*rsp) else {
        return false;
    };
    let inside = address.wrapping_sub(1);
    let is_function = |view: &View| {
        let rva = u32::try_from(inside.wrapping_sub(view.base)).ok();
        rva.is_some_and(|rva| view.image.view().function_entry(rva).is_some())
    };
    let is_return = process
        .memory()
        .try_with(|space| space.image_at(inside).is_some_and(is_function))
        .unwrap_or(false);
    if is_return {
        *rsp = rsp.wrapping_add(WORD_BYTES);
        context.rip = address;
        context.after_call = true;
    }
    is_return
}

/// A word of the current process's memory. A kernel panic maps nothing, so pages
/// that the program has not touched are known to be zero rather than read.
fn read_word(process: &Process, address: u64) -> Option<u64> {
    let mut bytes = [0; 8];
    match hal::user::copy_in(&mut bytes, address) {
        Ok(()) => Some(u64::from_le_bytes(bytes)),
        Err(_) => {
            // The word may lie on two pages.
            let last = address.wrapping_add(7);
            let is_zero = process
                .memory()
                .try_with(|space| space.is_untouched(address) && space.is_untouched(last))?;
            is_zero.then_some(0)
        }
    }
}

/// Gives a frame in an image: the functions inlined there and the one that
/// holds it, as its symbol table knows them, else by the nearest name.
fn give_frames(view: &View, frame: Frame<'_>, inside: u64, form: &mut dyn Form) {
    let image = &view.image;
    let offset = frame.address.wrapping_sub(view.base);
    let frame = Frame {
        module: Some((image.name(), offset)),
        ..frame
    };
    let rva = inside.wrapping_sub(view.base);
    let found = image.symbols().map(|table| table.frames(rva));
    if let Some(found) = found
        && let Some(symbol) = found.symbol()
    {
        let frame = Frame {
            offset: offset.wrapping_sub(symbol.start),
            ..frame
        };
        hal::panic::give_functions(form, frame, found, Origin::Program);
        return;
    }
    match nearest_name(view, rva) {
        Some((name, start)) => form.frame(&Frame {
            function: Some(&name),
            offset: offset.wrapping_sub(start),
            ..frame
        }),
        None => form.frame(&frame),
    }
}

/// The nearest name at or before an address, and where it stands: a symbol of
/// the COFF table, else an export.
fn nearest_name(view: &View, rva: u64) -> Option<(impl Display, u64)> {
    let rva = u32::try_from(rva).ok()?;
    let view = view.image.view();
    // A name from before the function would be a guess.
    let start = view.function_entry(rva).map_or(0, |entry| entry.begin_rva);
    let fits = |(_, distance): &(pe::Name<'_>, u32)| rva.saturating_sub(*distance) >= start;
    let name = view.nearest_symbol(rva).filter(fits);
    let (name, distance) = name.or_else(|| view.nearest_export(rva).filter(fits))?;
    Some((name, rva.saturating_sub(distance).into()))
}

impl Display for End {
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
