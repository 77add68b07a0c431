//! Interrupts from devices: the timer, and those nobody asked for.

use core::sync::atomic::{AtomicU64, Ordering};

use spin::Once;

use super::frame::TrapFrame;
use super::handlers;
use crate::time;

static UNEXPECTED: AtomicU64 = AtomicU64::new(0);

static ON_NMI: Once<fn()> = Once::new();

/// Calls something on every NMI from now on: how `panic=nmi` gets into one.
pub(crate) fn on_nmi(provoke: fn()) {
    ON_NMI.call_once(|| provoke);
}

/// An NMI can hit while any lock is held, the log's included: it is only counted.
pub(super) fn non_maskable() {
    if let Some(provoke) = ON_NMI.get() {
        provoke();
    }
    note_unexpected();
}

/// Counts an interrupt that nobody handles.
pub(crate) fn note_unexpected() {
    UNEXPECTED.fetch_add(1, Ordering::Relaxed);
}

/// How many interrupts came that nobody handles, NMIs included.
pub fn unexpected() -> u64 {
    UNEXPECTED.load(Ordering::Relaxed)
}

pub(crate) fn dispatch(frame: &mut TrapFrame, vector: u8) {
    if vector != time::TIMER_VECTOR && vector != time::LEGACY_TIMER_VECTOR {
        // Spurious ones, by the 8259's or the local APIC's design, are not in
        // service and get no end-of-interrupt.
        time::acknowledge_unexpected(vector);
        note_unexpected();
        return;
    }
    time::acknowledge(vector);
    time::note_tick();
    if let Some(handlers) = handlers() {
        handlers.tick(frame.is_user().then_some(frame));
    }
}
