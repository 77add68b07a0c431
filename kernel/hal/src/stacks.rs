//! Every stack the kernel runs on: where they lie, which one an address is in.

use core::ops::Range;

use crate::cpu::local;
use crate::memory::layout;

/// How many interrupt stacks the linker script reserves.
pub(crate) const INTERRUPT_STACKS: usize = 4;
const INTERRUPT_STACK_SIZE: u64 = 16 * 1024;
const GUARD_SIZE: u64 = 4096;
const NAMES: [&str; INTERRUPT_STACKS] = [
    "double fault stack",
    "NMI stack",
    "machine check stack",
    "debug exception stack",
];
const CURRENT_STACK: &str = "kernel stack of the current thread";
const THREAD_STACK: &str = "kernel stack of another thread";

unsafe extern "C" {
    static __boot_stack_bottom: u8;
    static __boot_stack_top: u8;
    static __interrupt_stacks: u8;
}

/// The stack of start-up and of the first thread.
pub(crate) fn boot_stack() -> Range<u64> {
    (&raw const __boot_stack_bottom) as u64..(&raw const __boot_stack_top) as u64
}

/// The stack of one of the vectors that have their own.
pub(crate) fn interrupt_stack(index: usize) -> Range<u64> {
    let slot =
        (&raw const __interrupt_stacks) as u64 + index as u64 * (GUARD_SIZE + INTERRUPT_STACK_SIZE);
    slot + GUARD_SIZE..slot + GUARD_SIZE + INTERRUPT_STACK_SIZE
}

/// The guard pages inside the kernel image, which the final tables leave out.
pub(crate) fn guard_pages() -> impl Iterator<Item = u64> {
    let interrupt = (0..INTERRUPT_STACKS).map(|index| interrupt_stack(index).start - GUARD_SIZE);
    core::iter::once(boot_stack().start - GUARD_SIZE).chain(interrupt)
}

/// The stack that holds `address`, with its name.
pub(crate) fn containing(address: u64) -> Option<(Range<u64>, &'static str)> {
    let thread =
        layout::kernel_stack_containing(address).map(|stack| (stack, "kernel stack of a thread"));
    named()
        .chain(thread)
        .find(|(stack, _)| stack.contains(&address))
}

/// The stack whose guard page holds `address`.
pub(crate) fn guarding(address: u64) -> Option<&'static str> {
    let thread = layout::kernel_stack_containing(address);
    if let Some(stack) = thread.filter(|stack| address < stack.start) {
        return Some(match stack.end == local::kernel_stack_top() {
            true => CURRENT_STACK,
            false => THREAD_STACK,
        });
    }
    named()
        .find(|(stack, _)| (stack.start - GUARD_SIZE..stack.start).contains(&address))
        .map(|(_, name)| name)
}

fn named() -> impl Iterator<Item = (Range<u64>, &'static str)> {
    let interrupt = NAMES
        .iter()
        .enumerate()
        .map(|(index, name)| (interrupt_stack(index), *name));
    core::iter::once((boot_stack(), "boot stack")).chain(interrupt)
}
