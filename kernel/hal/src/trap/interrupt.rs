//! Interrupts from devices: the timer, and those nobody asked for.

use core::sync::atomic::{AtomicU64, Ordering};

use super::HANDLERS;
use super::frame::TrapFrame;
use crate::time;

static UNEXPECTED: AtomicU64 = AtomicU64::new(0);

/// Counts an interrupt that nobody handles.
pub(crate) fn note_unexpected() {
    UNEXPECTED.fetch_add(1, Ordering::Relaxed);
}

/// How many interrupts came that nobody handles, NMIs included.
pub fn unexpected() -> u64 {
    UNEXPECTED.load(Ordering::Relaxed)
}

pub(crate) fn dispatch(frame: &TrapFrame, vector: u8) {
    if vector != time::TIMER_VECTOR && vector != time::LEGACY_TIMER_VECTOR {
        // Spurious ones, by the 8259's or the local APIC's design, are not in
        // service and get no end-of-interrupt.
        time::acknowledge_unexpected(vector);
        note_unexpected();
        return;
    }
    time::acknowledge(vector);
    time::note_tick();
    if let Some(handlers) = HANDLERS.get() {
        handlers.tick(frame.is_user());
    }
}
