//! What a whole report costs, with the port it goes to left out.

use core::fmt::{self, Write};
use core::hint::black_box;

use hal::console::Console;
use hal::time;
use report::{Form, Json, Output, Style, Text};

use super::expect::{Outcome, holds};

/// Frames that the report must have.
const FRAMES: usize = 20;
/// Events that a report shows.
const EVENTS: usize = 32;

/// Describes a panic at least 20 frames deep to text and then to JSON, as a panic
/// does, and prints what each costs, in instructions under QEMU's `-icount`.
pub(super) fn run() -> Outcome {
    for number in 1..=EVENTS {
        log::info!("event {number} of those that the report will show");
    }
    let mut measured = Measured::default();
    level_1(&mut || measured = measure());
    let Measured {
        frames,
        bytes,
        text_cycles,
        json_cycles,
    } = measured;
    holds(
        format_args!("the report has {frames} frames, enough of them"),
        frames >= FRAMES,
    )?;
    log::info!("a report of {frames} frames has {bytes} bytes as text and JSON");
    for (id, cycles) in [
        ("report_20_frames", text_cycles),
        ("report_20_frames.json", json_cycles),
    ] {
        // The console takes everything.
        let _ = writeln!(
            Console,
            "PETREL-BENCH id={id} value={cycles} unit=instructions"
        );
    }
    Ok(())
}

#[derive(Default)]
struct Measured {
    frames: usize,
    bytes: usize,
    text_cycles: u64,
    json_cycles: u64,
}

#[inline(never)]
fn measure() -> Measured {
    let mut sink = Counter::default();
    let text_cycles = cost(&mut Text::new(&mut sink));
    let json_cycles = cost(&mut Json::new(&mut sink));
    let mut shown = Shown::default();
    hal::panic::describe_here(&mut Text::new(&mut shown));
    Measured {
        frames: shown.frames,
        bytes: sink.0,
        text_cycles,
        json_cycles,
    }
}

fn cost(form: &mut dyn Form) -> u64 {
    let before = time::cycles();
    hal::panic::describe_here(form);
    time::cycles().saturating_sub(before)
}

/// Functions that call each other, so that the stack is deep and nothing folds.
macro_rules! levels {
    ($last:ident) => {
        #[inline(never)]
        fn $last(work: &mut dyn FnMut()) {
            work();
            black_box(());
        }
    };
    ($first:ident $second:ident $($rest:ident)*) => {
        #[inline(never)]
        fn $first(work: &mut dyn FnMut()) {
            $second(work);
            black_box(());
        }
        levels!($second $($rest)*);
    };
}

levels!(
    level_1 level_2 level_3 level_4 level_5 level_6 level_7 level_8
    level_9 level_10 level_11 level_12 level_13 level_14
);

/// Takes text and keeps its length.
#[derive(Default)]
struct Counter(usize);

impl Write for Counter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

impl Output for Counter {
    fn style(&mut self, _: Style) {}
}

/// Takes text and counts the frames in it.
#[derive(Default)]
struct Shown {
    frames: usize,
}

impl Write for Shown {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.frames += usize::from(text.starts_with("  #"));
        Ok(())
    }
}

impl Output for Shown {
    fn style(&mut self, _: Style) {}
}
