//! Time: the TSC measured against the PIT, and the tick that drives the rest.
//!
//! Everything here follows the instruction count under QEMU's `-icount`.

mod apic;
mod pit;
mod real_time;

use core::sync::atomic::{AtomicU64, Ordering};

use crate::memory::kernel_space::DeviceError;

/// The vector of the local APIC's timer.
pub(crate) const TIMER_VECTOR: u8 = 0x40;
/// The vector of the PIT through the 8259, where there is no local APIC.
pub(crate) const LEGACY_TIMER_VECTOR: u8 = pit::FIRST_VECTOR;
/// How often the timer ticks.
pub const TICKS_PER_SECOND: u64 = 1000;

const NS_PER_SECOND: u64 = 1_000_000_000;
/// How often a frequency is measured; the least disturbed result counts.
const MEASUREMENTS: usize = 4;
/// Where it cannot be measured, the TSC is taken to count nanoseconds.
const ASSUMED_HZ: u64 = NS_PER_SECOND;
/// Fixed point of nanoseconds per TSC cycle.
const SHIFT: u32 = 32;

static START: AtomicU64 = AtomicU64::new(0);
static NS_PER_CYCLE: AtomicU64 = AtomicU64::new((NS_PER_SECOND / ASSUMED_HZ) << SHIFT);
static FIRST_USER: AtomicU64 = AtomicU64::new(0);
static TICKS: AtomicU64 = AtomicU64::new(0);

/// The processor's time stamp counter.
pub fn cycles() -> u64 {
    // SAFETY: RDTSC has no preconditions in ring 0.
    unsafe { core::arch::x86_64::_rdtsc() }
}

/// Takes the time stamp at which the kernel was entered, from where time counts,
/// and measures the TSC.
pub(crate) fn start_of_kernel(entry_cycles: u64) {
    START.store(entry_cycles, Ordering::Relaxed);
    pit::mask_legacy_interrupts();
    // Whatever disturbs a measurement makes its cycles too many.
    let measured = (0..MEASUREMENTS).filter_map(|_| {
        let before = cycles();
        let ns = pit::wait_quarter_millisecond()?;
        let elapsed = (cycles() - before).max(1);
        Some(((u128::from(ns) << SHIFT) / u128::from(elapsed)) as u64)
    });
    if let Some(per_cycle) = measured.max() {
        NS_PER_CYCLE.store(per_cycle, Ordering::Relaxed);
    }
}

/// The time stamp after a device was asked, which takes a while that nobody knows
/// exactly.
pub(crate) fn uncertain_cycles() -> u64 {
    u64::from(pit::counter()) << 48 ^ cycles()
}

/// Cycles since the kernel was entered.
pub fn cycles_since_start() -> u64 {
    cycles().saturating_sub(START.load(Ordering::Relaxed))
}

/// Cycles since the machine was switched on, as it counts them.
pub fn cycles_since_power_on() -> u64 {
    cycles()
}

/// Notes that user mode is about to be entered; the first time counts.
pub(crate) fn note_user_mode() {
    // Losing a race would mean that another processor was first.
    let _ = FIRST_USER.compare_exchange(
        0,
        cycles_since_start(),
        Ordering::Relaxed,
        Ordering::Relaxed,
    );
}

/// Cycles from the kernel's entry to the first instruction in user mode.
pub fn cycles_to_first_user_mode() -> Option<u64> {
    Some(FIRST_USER.load(Ordering::Relaxed)).filter(|&cycles| cycles != 0)
}

/// Nanoseconds since the kernel was entered; never goes back.
pub fn since_start_ns() -> u64 {
    cycles_to_ns(cycles_since_start())
}

/// The frequency of the time stamp counter, as it was measured.
pub fn cycles_per_second() -> u64 {
    let per_cycle = NS_PER_CYCLE.load(Ordering::Relaxed).max(1);
    ((u128::from(NS_PER_SECOND) << SHIFT) / u128::from(per_cycle)) as u64
}

/// How long so many cycles take, in nanoseconds.
pub fn cycles_to_ns(cycles: u64) -> u64 {
    let product = u128::from(cycles) * u128::from(NS_PER_CYCLE.load(Ordering::Relaxed));
    (product >> SHIFT) as u64
}

/// How the time is kept, for the log.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The measured frequency of the TSC.
    pub tsc_hz: u64,
    /// Which timer ticks.
    pub timer: &'static str,
}

/// Seconds since 1970 UTC by the real-time clock, which is taken to keep UTC;
/// `None` where there is no such clock. Reading it takes as long as it updates itself,
/// about two milliseconds, at most.
pub fn seconds_since_1970() -> Option<u64> {
    real_time::read()?.seconds_since_1970()
}

/// Starts the tick. Interrupts must be off.
///
/// # Errors
/// When the local APIC cannot be mapped.
pub fn init() -> Result<Clock, DeviceError> {
    let tsc_hz = cycles_per_second();
    let Some(apic) = apic::LocalApic::open()? else {
        pit::start_tick();
        return Ok(Clock {
            tsc_hz,
            timer: "PIT",
        });
    };
    // Here a disturbance between the two clocks makes the counts too few.
    let period = (0..MEASUREMENTS).map(|_| apic_counts(&apic)).max();
    let period = period.unwrap_or(1);
    apic.start_tick(u32::try_from(period).unwrap_or(u32::MAX));
    Ok(Clock {
        tsc_hz,
        timer: "local APIC",
    })
}

/// How far the local APIC's timer counts in a tick.
fn apic_counts(apic: &apic::LocalApic) -> u64 {
    const MEASURED_NS: u64 = 25_000;
    let start = since_start_ns();
    let from = apic.start_counting();
    while since_start_ns() - start < MEASURED_NS {}
    let counted = u64::from(apic.counted(from));
    counted * (NS_PER_SECOND / TICKS_PER_SECOND) / (since_start_ns() - start)
}

/// Counts a tick.
pub(crate) fn note_tick() {
    TICKS.fetch_add(1, Ordering::Relaxed);
}

/// How many ticks there were.
pub fn ticks() -> u64 {
    TICKS.load(Ordering::Relaxed)
}

/// The same for an interrupt that nobody asked for.
pub(crate) fn acknowledge_unexpected(vector: u8) {
    apic::acknowledge_if_in_service(vector);
}

/// Tells the interrupt's source that it was handled.
pub(crate) fn acknowledge(vector: u8) {
    if vector == TIMER_VECTOR {
        apic::acknowledge();
    } else {
        pit::acknowledge();
    }
}
