//! Where things are in the picture: rows down, time across.

use super::canvas::TEXT_HEIGHT;
use crate::trace::{Span, Trace};

pub(crate) const PROCESSOR_HEIGHT: usize = 24;
pub(crate) const CALLS_HEIGHT: usize = TEXT_HEIGHT + 2;
pub(crate) const RUNS_HEIGHT: usize = 4;
pub(crate) const FAULTS_HEIGHT: usize = 8;
const THREAD_HEIGHT: usize = CALLS_HEIGHT + 1 + RUNS_HEIGHT + 1 + FAULTS_HEIGHT;
const GAP: usize = 6;
/// More threads are only counted.
const THREADS_MAX: usize = 60;
/// A line of the axis about every so many pixels.
const STEP_WIDTH: usize = 120;

/// A row of the picture, and how far down it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Row {
    Processor { top: usize },
    Process { process: usize, top: usize },
    Thread { thread: usize, top: usize },
    More { threads: usize, top: usize },
}

/// The rows of what lives in a time, and how far down the last one ends.
pub(crate) fn rows(trace: &Trace, span: Span, top: usize) -> (Vec<Row>, usize) {
    let mut rows = vec![Row::Processor { top }];
    let mut top = top + PROCESSOR_HEIGHT + GAP;
    let lives = |one: Span| one.begin_ns <= span.end_ns && one.end_ns >= span.begin_ns;
    let (mut shown, mut left_out) = (0, 0);
    for (process, one) in trace.processes.iter().enumerate() {
        if !lives(one.span) {
            continue;
        }
        if shown < THREADS_MAX {
            rows.push(Row::Process { process, top });
            top += TEXT_HEIGHT + 2;
        }
        for (thread, one) in trace.threads.iter().enumerate() {
            if one.process != process || !lives(one.span) {
                continue;
            }
            if shown == THREADS_MAX {
                left_out += 1;
                continue;
            }
            shown += 1;
            rows.push(Row::Thread { thread, top });
            top += THREAD_HEIGHT + GAP;
        }
    }
    if left_out > 0 {
        let threads = left_out;
        rows.push(Row::More { threads, top });
        top += TEXT_HEIGHT + GAP;
    }
    (rows, top)
}

/// Time across the picture.
pub(crate) struct Axis {
    pub(crate) span: Span,
    pub(crate) left: usize,
    pub(crate) width: usize,
}

impl Axis {
    /// Where a time is; those outside are at the edges.
    pub(crate) fn x(&self, at_ns: u64) -> usize {
        let at = at_ns.clamp(self.span.begin_ns, self.span.end_ns) - self.span.begin_ns;
        let across = u128::from(at) * self.width as u128 / u128::from(self.span.length_ns());
        // No more than the width.
        self.left + across as usize
    }

    /// Left edge and width of what is seen of a time, at least a pixel.
    pub(crate) fn part(&self, span: Span) -> Option<(usize, usize)> {
        let is_seen = span.begin_ns < self.span.end_ns && span.end_ns >= self.span.begin_ns;
        let (left, right) = (self.x(span.begin_ns), self.x(span.end_ns));
        is_seen.then(|| (left, (right - left).max(1)))
    }

    /// How far apart lines are, and the unit and its length that they are told in.
    pub(crate) fn step(&self) -> (u64, &'static str, u64) {
        let lines = (self.width / STEP_WIDTH) as u64;
        let least = self.span.length_ns().div_ceil(lines).max(1);
        let power = 10_u64.pow(least.ilog10());
        let step = [power, 2 * power, 5 * power];
        let step = step.into_iter().find(|step| *step >= least);
        let step = step.unwrap_or(10 * power);
        match step {
            0..1_000 => (step, "ns", 1),
            1_000..1_000_000 => (step, "us", 1_000),
            1_000_000..1_000_000_000 => (step, "ms", 1_000_000),
            _ => (step, "s", 1_000_000_000),
        }
    }
}
