//! The chain of frame pointers holds through code of the core library.
//!
//! That is compiled elsewhere: if it kept no frame pointers, the function that
//! called into it would be missing from every backtrace.

use core::fmt::{self, Write};
use core::hint::black_box;

use super::expect::{Outcome, equal, fail, holds};
use super::symbols::name_at;

/// What a look at the callers found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    /// Whether the function that called into core was among them.
    caller: bool,
    /// How many functions of core were.
    core: u32,
    /// Whether the chain reached its end.
    is_complete: bool,
}

pub(super) fn run() -> Outcome {
    check("sorting", sorting_caller(), false)?;
    check("formatting", formatting_caller(), true)?;
    check("alternate formatting", nested_formatting_caller(), true)
}

fn check(what: &str, seen: Option<Seen>, needs_core: bool) -> Outcome {
    let Some(seen) = seen else {
        return fail(format_args!("{what}: never called back"));
    };
    equal(
        format_args!("{what}: chain complete"),
        seen.is_complete,
        true,
    )?;
    equal(
        format_args!("{what}: caller in the chain"),
        seen.caller,
        true,
    )?;
    // Where there is no table, `caller` has failed before.
    holds(
        format_args!("{what}: functions of core in the chain"),
        !needs_core || seen.core > 0,
    )
}

/// Looks for a function among those that led here.
#[inline(never)]
fn look(name: &str) -> Seen {
    let mut seen = Seen::default();
    let table = hal::panic::table();
    seen.is_complete = hal::panic::callers(|address| {
        let found = table.as_ref().and_then(|table| name_at(table, address - 1));
        let found = found.as_deref().unwrap_or_default();
        seen.caller |= found.ends_with(name);
        seen.core += u32::from(found.contains("core::fmt"));
    });
    seen
}

#[inline(never)]
fn sorting_caller() -> Option<Seen> {
    let mut seen = None;
    let mut numbers: [u32; 64] = core::array::from_fn(|index| (index as u32 * 37) % 64);
    black_box(&mut numbers).sort_unstable_by(|one, other| {
        seen.get_or_insert_with(|| look("chain::sorting_caller"));
        one.cmp(other)
    });
    black_box(numbers);
    seen
}

/// Looks when it is written to.
struct Looker {
    name: &'static str,
    seen: Option<Seen>,
}

impl Write for Looker {
    #[inline(never)]
    fn write_str(&mut self, _: &str) -> fmt::Result {
        self.seen.get_or_insert_with(|| look(self.name));
        Ok(())
    }
}

#[inline(never)]
fn formatting_caller() -> Option<Seen> {
    let mut looker = Looker {
        name: "chain::formatting_caller",
        seen: None,
    };
    let written = write!(looker, "{:>8}", black_box(7_u64));
    black_box(written).ok()?;
    looker.seen
}

#[inline(never)]
fn nested_formatting_caller() -> Option<Seen> {
    let mut looker = Looker {
        name: "chain::nested_formatting_caller",
        seen: None,
    };
    let written = write!(looker, "{:#x?}", black_box(Some(Seen::default())));
    black_box(written).ok()?;
    looker.seen
}
