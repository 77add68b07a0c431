//! `panic=KIND`: breaks the kernel on purpose, to show that it explains it.

use alloc::vec::Vec;
use core::fmt;
use core::hint::black_box;
use core::sync::atomic::{AtomicBool, Ordering};

use config::{Config, PanicKind};
use hal::cpu::interrupts;
use hal::panic::provoke;

/// Panics in the way the command line asks for, if it does.
pub(crate) fn if_asked(config: &Config) {
    let Some(kind) = config.panic() else { return };
    log::info!("panic={} was asked for", kind.name());
    match kind {
        PanicKind::Nested => nested_outer(3),
        PanicKind::PageFault => provoke::page_fault(),
        PanicKind::ReadOnly => provoke::write_to_code(),
        PanicKind::Syscall => executive::provoke_in_next_call(provoke::page_fault),
        PanicKind::ThreadStack => executive::provoke_in_next_call(overflow_stack),
        PanicKind::Stack => overflow_stack(),
        PanicKind::Lock => provoke::with_log_locked(),
        PanicKind::Display => in_display(),
        PanicKind::Interrupt => in_interrupt(),
        PanicKind::UserMode => executive::clock::on_user_ticks(failing_handler),
        PanicKind::Nmi => provoke::in_nmi(failing_handler),
        PanicKind::CopyFault => executive::provoke_in_next_copy_fault(failing_handler),
        PanicKind::Closure => in_closure(&[1, 2, 3]),
        PanicKind::Generic => in_generic(Unprintable),
        PanicKind::Assembly => provoke::in_assembly(),
        PanicKind::OutOfMemory => out_of_memory(),
        PanicKind::FrameChain => provoke::with_corrupt_frame_pointer(),
        PanicKind::Double => in_panic(),
    }
}

#[inline(never)]
fn overflow_stack() {
    provoke::stack_overflow(0);
}

#[inline(never)]
fn nested_outer(value: u32) {
    black_box(nested_middle(value) + 1);
}

#[inline(never)]
fn nested_middle(value: u32) -> u32 {
    black_box(nested_inner(value * 2)) + 1
}

#[inline(never)]
fn nested_inner(value: u32) -> u32 {
    assert!(
        black_box(value) == 0,
        "provoked: nested calls, value {value}"
    );
    value
}

struct Unprintable;

impl fmt::Display for Unprintable {
    #[inline(never)]
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("provoked: inside a Display implementation")
    }
}

#[inline(never)]
fn in_display() {
    log::info!("{Unprintable}");
}

/// Panics while the first panic is being reported.
#[inline(never)]
fn in_panic() {
    panic!("provoked: this message cannot be printed: {Unprintable}")
}

static ASSERTED: AtomicBool = AtomicBool::new(false);

/// Lets interrupts in until a handler's assertion fails.
#[inline(never)]
fn in_interrupt() {
    executive::clock::on_ticks(failing_handler);
    while !ASSERTED.load(Ordering::Relaxed) {
        interrupts::let_pending_in();
    }
}

#[inline(never)]
fn failing_handler() {
    assert!(
        ASSERTED.load(Ordering::Relaxed),
        "provoked: an assertion in an interrupt handler"
    );
}

/// Panics in a closure that has no frame of its own.
#[inline(never)]
fn in_closure(values: &[u32]) {
    values.iter().for_each(|value| {
        assert!(
            black_box(*value) < 3,
            "provoked: in a closure, value {value}"
        )
    });
}

/// Panics in one of the functions that a generic one is compiled to.
#[inline(never)]
fn in_generic<T>(value: T) {
    let size = size_of_val(&black_box(value));
    assert!(size != 0, "provoked: in a generic function");
}

/// Takes kernel memory until an allocation that cannot fail fails.
#[inline(never)]
fn out_of_memory() {
    const BLOCK_BYTES: usize = 0x10_0000;
    let mut blocks = Vec::new();
    loop {
        blocks.push(black_box(Vec::<u8>::with_capacity(BLOCK_BYTES)));
    }
}
