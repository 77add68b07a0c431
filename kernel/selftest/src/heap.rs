//! The kernel heap: sizes, alignments, growth, refusals, and nothing lost.

use alloc::vec::Vec;
use core::hint::black_box;

use hal::memory::{HeapCounts, frame_counts, heap_counts, layout};

use super::expect::{Outcome, done, equal, holds};

const SIZES: [usize; 16] = [
    1, 2, 3, 7, 8, 9, 16, 31, 64, 100, 255, 1000, 4095, 4096, 20_000, 65_537,
];
const ROUNDS: usize = 8;

#[derive(Clone, Copy, PartialEq)]
#[repr(align(64))]
struct Line(u8);

#[derive(Clone, Copy, PartialEq)]
#[repr(align(2048))]
struct Page(u8);

pub(super) fn run() -> Outcome {
    let before = heap_counts();
    sizes()?;
    alignments()?;
    grows()?;
    let after = heap_counts();
    equal("used bytes at the end", after.used_bytes, before.used_bytes)
}

/// Blocks of many sizes do not overlap, and are given back in another order.
fn sizes() -> Outcome {
    let mut blocks: Vec<(u8, Vec<u8>)> = Vec::new();
    done("a list", blocks.try_reserve_exact(SIZES.len() * ROUNDS))?;
    let before = heap_counts().used_bytes;
    for number in 0..SIZES.len() * ROUNDS {
        let size = SIZES[number % SIZES.len()];
        let mut block = Vec::new();
        done(format_args!("{size} bytes"), block.try_reserve_exact(size))?;
        block.resize(size, number as u8);
        blocks.push((number as u8, block));
    }
    holds("blocks count as used", heap_counts().used_bytes > before)?;
    while !blocks.is_empty() {
        let (mark, block) = blocks.swap_remove(blocks.len() / 2);
        holds(
            "a block keeps its bytes",
            block.iter().all(|&byte| byte == mark),
        )?;
    }
    equal(
        "used bytes without the blocks",
        heap_counts().used_bytes,
        before,
    )
}

fn alignments() -> Outcome {
    for count in 1..=ROUNDS {
        aligned(count, 1_u8)?;
        aligned(count, 2_u16)?;
        aligned(count, 8_u64)?;
        aligned(count, 16_u128)?;
        aligned(count, Line(64))?;
        aligned(count, Page(96))?;
    }
    Ok(())
}

fn aligned<T: Copy + PartialEq>(count: usize, value: T) -> Outcome {
    let mut block = Vec::new();
    done("an aligned block", block.try_reserve_exact(count))?;
    block.resize(count, value);
    holds(
        "an aligned block keeps its values",
        block.iter().all(|kept| *kept == value),
    )?;
    equal(
        format_args!("remainder of a block aligned to {}", align_of::<T>()),
        block.as_ptr() as usize % align_of::<T>(),
        0,
    )
}

/// A block larger than what is mapped makes the heap grow.
fn grows() -> Outcome {
    let HeapCounts { size_bytes, .. } = heap_counts();
    let mut block: Vec<u8> = Vec::new();
    done(
        "a block larger than the heap",
        block.try_reserve_exact(size_bytes + 1),
    )?;
    block.resize(size_bytes + 1, 1);
    holds("the heap grew", heap_counts().size_bytes > size_bytes)
}

/// What cannot be had is an error, and costs nothing but page tables, once.
pub(super) fn refuses() -> Outcome {
    const PAGES_PER_TABLE: u64 = 512;
    const UPPER_TABLES: u64 = 3;
    let all_memory = frame_counts().total as usize * 4096;
    for size in [
        isize::MAX as usize,
        layout::HEAP_LIMIT as usize + 1,
        all_memory,
    ] {
        let before = frame_counts();
        refuse(size)?;
        let kept = before.free - frame_counts().free;
        holds(
            format_args!("{kept} frames, kept after {size:#x} bytes were refused, are tables"),
            kept <= before.total / PAGES_PER_TABLE + UPPER_TABLES,
        )?;
        let before = (heap_counts(), frame_counts().free);
        refuse(size)?;
        let after = (heap_counts(), frame_counts().free);
        let what = format_args!("heap, free frames after {size:#x} bytes were refused again");
        equal(what, after, before)?;
    }
    Ok(())
}

fn refuse(size_bytes: usize) -> Outcome {
    let mut block: Vec<u8> = Vec::new();
    let result = block.try_reserve_exact(size_bytes);
    // Nobody uses the block: without this it might not even be asked for.
    black_box(&mut block);
    holds(
        format_args!("{size_bytes:#x} bytes are refused"),
        result.is_err(),
    )
}
