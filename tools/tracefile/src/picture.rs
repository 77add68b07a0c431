//! The trace as a picture: a row for the processor, and rows for all threads.

mod canvas;
mod colours;
mod layout;

use canvas::{Canvas, TEXT_HEIGHT, text_width};
use colours::{Colour, Theme};
use layout::{Axis, Row, rows};

use crate::record::Fault;
use crate::trace::{Call, Slice, Span, Trace, What};

const WIDTH: usize = 1600;
const MARGIN: usize = 16;
/// Where names of rows end and time begins.
const NAMES_WIDTH: usize = 250;
const HEAD_HEIGHT: usize = 64;
const LEGEND_HEIGHT: usize = 76;

/// Draws a part of a trace, all of it without bounds; they are in microseconds.
pub(crate) fn draw(
    trace: &Trace,
    from_us: Option<f64>,
    to_us: Option<f64>,
) -> Result<Canvas, String> {
    let to_ns = |us: f64| (us * 1000.0).round() as u64;
    let span = Span {
        begin_ns: from_us.map_or(0, to_ns),
        end_ns: to_us.map_or(trace.end_ns, to_ns),
    };
    if span.length_ns() == 0 {
        return Err("there is nothing in that part of the trace to draw".into());
    }
    let (rows, bottom) = rows(trace, span, HEAD_HEIGHT);
    let height = bottom + LEGEND_HEIGHT;
    let painter = Painter {
        trace,
        axis: Axis {
            span,
            left: MARGIN + NAMES_WIDTH,
            width: WIDTH - 2 * MARGIN - NAMES_WIDTH,
        },
        canvas: Canvas::new(WIDTH, height, Theme::PAPER),
    };
    Ok(painter.paint(&rows, bottom))
}

struct Painter<'a> {
    trace: &'a Trace,
    axis: Axis,
    canvas: Canvas,
}

impl Painter<'_> {
    fn paint(mut self, rows: &[Row], bottom: usize) -> Canvas {
        self.paint_head(bottom);
        for row in rows {
            match *row {
                Row::Processor { top } => self.paint_processor(top),
                Row::Process { process, top } => self.paint_process(process, top),
                Row::Thread { thread, top } => self.paint_thread(thread, top),
                Row::More { threads, top } => {
                    let text = format!("and {threads} more threads");
                    self.canvas.text(MARGIN, top, &text, Theme::FAINT);
                }
            }
        }
        self.paint_legend(bottom);
        self.canvas
    }

    /// The title, the axis, and its lines down the rows.
    fn paint_head(&mut self, bottom: usize) {
        let programs: Vec<&str> = self
            .trace
            .processes
            .iter()
            .map(|process| &*process.program)
            .collect();
        let (step_ns, unit, unit_ns) = self.axis.step();
        let version = &self.trace.version;
        let own = match self.trace.with_own_time {
            true => "the trace's own time included",
            false => "the trace's own time left out",
        };
        let title = format!("{}: trace of Petrel {version}, {own}", shortened(&programs));
        self.canvas.text(MARGIN, 8, &title, Theme::INK);
        let axis_top = HEAD_HEIGHT - 12;
        let mut at = self.axis.span.begin_ns.next_multiple_of(step_ns);
        while at <= self.axis.span.end_ns {
            let x = self.axis.x(at);
            self.canvas
                .fill(x, axis_top, 1, bottom - axis_top, Theme::GRID);
            let number = at as f64 / unit_ns as f64;
            let text = format!("{number} {unit}");
            let half = text_width(&text) / 2;
            let left = (x - half).min(WIDTH - MARGIN - 2 * half);
            self.canvas
                .text(left, axis_top - TEXT_HEIGHT - 2, &text, Theme::FAINT);
            at += step_ns;
        }
    }

    fn paint_processor(&mut self, top: usize) {
        self.canvas.text(MARGIN, top + 4, "CPU 0", Theme::INK);
        let (left, width) = (self.axis.left, self.axis.width);
        self.canvas
            .fill(left, top, width, layout::PROCESSOR_HEIGHT, Theme::IDLE);
        for run in &self.trace.runs {
            let thread = &self.trace.threads[run.thread];
            let colour = Theme::of_process(thread.process);
            let text = format!("{}", thread.id);
            self.bar(run.span, top, layout::PROCESSOR_HEIGHT, colour, &text);
        }
    }

    fn paint_process(&mut self, place: usize, top: usize) {
        let process = &self.trace.processes[place];
        self.canvas
            .fill(MARGIN, top + 3, 10, 10, Theme::of_process(place));
        let text = format!("{} (process {})", process.program, process.id);
        self.canvas.text(MARGIN + 16, top, &text, Theme::INK);
        self.bar(process.span, top + 7, 2, Theme::of_process(place), "");
    }

    /// Three bands: its calls, when it runs, and its page faults.
    fn paint_thread(&mut self, place: usize, top: usize) {
        let thread = &self.trace.threads[place];
        let name = self.trace.thread_name(thread);
        self.canvas.text(MARGIN + 16, top, &name, Theme::FAINT);
        self.bar(thread.span, top, layout::CALLS_HEIGHT, Theme::ALIVE, "");
        let own = |slice: &&Slice| slice.thread == place;
        for slice in self.trace.slices.iter().filter(own) {
            if let What::Call(call) = &slice.what {
                let colour = Theme::of_family(call.family.as_deref());
                self.bar(slice.span, top, layout::CALLS_HEIGHT, colour, label(call));
            }
        }
        let runs_top = top + layout::CALLS_HEIGHT + 1;
        for run in self.trace.runs.iter().filter(|run| run.thread == place) {
            let colour = Theme::of_process(thread.process);
            self.bar(run.span, runs_top, layout::RUNS_HEIGHT, colour, "");
        }
        let faults_top = runs_top + layout::RUNS_HEIGHT + 1;
        for slice in self.trace.slices.iter().filter(own) {
            if let What::Fault(fault) = &slice.what {
                self.mark(slice.span, faults_top, fault);
            }
        }
    }

    /// A bar from when to when, at least a pixel wide, with a text if that fits.
    fn bar(&mut self, span: Span, top: usize, height: usize, colour: Colour, text: &str) {
        let Some((left, width)) = self.axis.part(span) else {
            return;
        };
        self.canvas.fill(left, top, width, height, colour);
        if width > 3 {
            // A gap, so that bars side by side are told apart.
            self.canvas
                .fill(left + width - 1, top, 1, height, Theme::PAPER);
        }
        if height >= TEXT_HEIGHT {
            let down = (height - TEXT_HEIGHT) / 2;
            let shown = fitting(text, width.saturating_sub(5));
            self.canvas
                .text(left + 3, top + down, &shown, Theme::on(colour));
        }
    }

    fn mark(&mut self, span: Span, top: usize, fault: &Fault) {
        if let Some((left, width)) = self.axis.part(span) {
            let colour = Theme::of_fault(&fault.by);
            let height = layout::FAULTS_HEIGHT;
            self.canvas.fill(left, top, width.max(2), height, colour);
        }
    }

    /// What the colours stand for.
    fn paint_legend(&mut self, bottom: usize) {
        let mut top = bottom + 10;
        for (title, entries) in [
            ("system calls", Theme::families()),
            ("page faults", Theme::faults()),
        ] {
            self.canvas.text(MARGIN, top, title, Theme::INK);
            let mut left = MARGIN + 130;
            for (name, colour) in entries {
                self.canvas.fill(left, top + 3, 12, 10, colour);
                self.canvas.text(left + 17, top, name, Theme::INK);
                left += 17 + text_width(name) + 18;
            }
            top += TEXT_HEIGHT + 4;
        }
        let text = "Below a thread's calls: when it has the processor, in its process's colour; \
                    below that, its page faults. Grey in the row of calls: it makes none.";
        self.canvas.text(MARGIN, top, text, Theme::FAINT);
    }
}

/// What is written into a call's bar.
fn label(call: &Call) -> &str {
    call.name.strip_prefix("Nt").unwrap_or(&call.name)
}

/// A text as far as there is room for it; nothing if that says nothing.
fn fitting(text: &str, width: usize) -> String {
    const LEAST: usize = 4;
    const DOTS: &str = "..";
    if text_width(text) <= width {
        return text.into();
    }
    let room = width / text_width("x");
    match room.checked_sub(DOTS.len()) {
        Some(letters) if letters >= LEAST => {
            text.chars().take(letters).chain(DOTS.chars()).collect()
        }
        _ => String::new(),
    }
}

/// The names of programs, each once, as far as there is room.
fn shortened(programs: &[&str]) -> String {
    const MOST: usize = 4;
    let mut names: Vec<&str> = Vec::new();
    for program in programs {
        if !names.contains(program) {
            names.push(program);
        }
    }
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    match more {
        0 => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    }
}
