//! What a small block of the heap costs: allocated and freed again.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt::Write;
use core::hint::black_box;

use hal::console::Console;
use hal::memory::heap_counts;
use hal::time;

use super::expect::{Outcome, equal, holds};

const ROUNDS: u64 = 1000;
/// Blocks that are in use meanwhile, with a hole behind each.
const OTHERS: usize = 64;

/// Prints what a block costs, in instructions under QEMU's `-icount`.
pub(super) fn run() -> Outcome {
    let before = heap_counts().used_bytes;
    let mut others = Vec::new();
    let reserved = others.try_reserve_exact(2 * OTHERS).is_ok();
    holds("a list is to be had", reserved)?;
    for _ in 0..2 * OTHERS {
        others.push(block());
    }
    // The heap's own list is then long.
    let mut number = 0;
    others.retain(|_| {
        number += 1;
        number % 2 == 0
    });
    let empty_cycles = cost(|| ());
    drop(block());
    let cycles = cost(|| drop(black_box(block()))).saturating_sub(empty_cycles);
    drop(others);
    equal("used bytes at the end", heap_counts().used_bytes, before)?;
    // The console takes everything.
    let _ = writeln!(
        Console,
        "PETREL-BENCH id=heap_alloc_free value={} unit=instructions",
        cycles / ROUNDS
    );
    Ok(())
}

fn block() -> Box<u64> {
    Box::new(black_box(0))
}

fn cost(mut work: impl FnMut()) -> u64 {
    let before = time::cycles();
    for _ in 0..ROUNDS {
        work();
    }
    time::cycles().saturating_sub(before)
}
