//! What naming a frame costs: the average over all calls of the kernel.
//!
//! A call has the frame of the function it is in and those of the functions
//! inlined there. Its cost is that of finding them and of putting the text of
//! their names and files together; nothing is printed.

use core::fmt::{self, Write};

use hal::console::Console;
use hal::panic::SymbolTable;
use hal::{probe, time};

use super::expect::{Outcome, fail, holds};

/// Symbolises every call of the kernel's code and prints the average cost of a
/// frame and of a call, which is in instructions under QEMU's `-icount`.
pub(super) fn run() -> Outcome {
    let Some(table) = hal::panic::table() else {
        return fail("this kernel has no symbol table; tools/symtab makes it");
    };
    let empty_cycles = cost(|| {});
    let (mut sites, mut frames, mut cycles, mut most_cycles) = (0, 0, 0, 0);
    for address in probe::code() {
        if !table.frames(address).any(|frame| frame.is_exact) {
            continue;
        }
        let mut text = Counter::default();
        let spent = cost(|| text.symbolise(&table, address)).saturating_sub(empty_cycles);
        holds(
            format_args!("the frames at {address:#x} have names"),
            text.bytes > 0,
        )?;
        sites += 1;
        frames += text.frames;
        cycles += spent;
        most_cycles = most_cycles.max(spent);
    }
    holds("the kernel has calls", sites > 0)?;
    log::info!("{sites} calls have {frames} frames; one call takes at most {most_cycles} cycles");
    // The console takes everything.
    for (id, average) in [
        ("frame_symbolised", cycles / frames),
        ("call_symbolised", cycles / sites),
    ] {
        let _ = writeln!(
            Console,
            "PETREL-BENCH id={id} value={average} unit=instructions"
        );
    }
    Ok(())
}

fn cost(work: impl FnOnce()) -> u64 {
    let before = time::cycles();
    work();
    time::cycles().saturating_sub(before)
}

/// Counts the text of frames instead of printing it.
#[derive(Default)]
struct Counter {
    bytes: usize,
    frames: u64,
}

impl Counter {
    #[inline(never)]
    fn symbolise(&mut self, table: &SymbolTable<'_>, address: u64) {
        for frame in table.frames(address) {
            self.frames += 1;
            // A counter takes everything.
            let _ = frame.name.write_to(self);
            if let Some(file) = frame.file {
                let _ = file.write_to(self);
            }
        }
    }
}

impl Write for Counter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.bytes += text.len();
        Ok(())
    }
}
