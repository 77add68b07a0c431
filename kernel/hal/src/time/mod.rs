//! Time: the TSC measured against the PIT, and the tick that drives the rest.
//!
//! Everything here follows the instruction count under QEMU's `-icount`.

mod apic;
mod pit;

use core::sync::atomic::{AtomicU64, Ordering};

use crate::memory::kernel_space::DeviceError;

/// The vector of the local APIC's timer.
pub(crate) const TIMER_VECTOR: u8 = 0x40;
/// The vector of the PIT through the 8259, where there is no local APIC.
pub(crate) const LEGACY_TIMER_VECTOR: u8 = pit::FIRST_VECTOR;
/// How often the timer ticks.
pub const TICKS_PER_SECOND: u64 = 1000;

const NS_PER_SECOND: u64 = 1_000_000_000;
/// The TSC frequency until it is measured, and where it cannot be.
const ASSUMED_HZ: u64 = NS_PER_SECOND;
/// Fixed point of nanoseconds per TSC cycle.
const SHIFT: u32 = 32;

static START: AtomicU64 = AtomicU64::new(0);
static NS_PER_CYCLE: AtomicU64 = AtomicU64::new((NS_PER_SECOND / ASSUMED_HZ) << SHIFT);
static TICKS: AtomicU64 = AtomicU64::new(0);

/// The processor's time stamp counter.
pub fn cycles() -> u64 {
    // SAFETY: RDTSC has no preconditions in ring 0.
    unsafe { core::arch::x86_64::_rdtsc() }
}

/// Notes when the kernel began: time counts from here.
pub(crate) fn start_of_kernel() {
    START.store(cycles(), Ordering::Relaxed);
}

/// Cycles since the kernel was entered.
pub fn cycles_since_start() -> u64 {
    cycles().saturating_sub(START.load(Ordering::Relaxed))
}

/// Nanoseconds since the kernel was entered; never goes back.
pub fn since_start_ns() -> u64 {
    let product = u128::from(cycles_since_start()) * u128::from(NS_PER_CYCLE.load(Ordering::Relaxed));
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

/// Measures the TSC and starts the tick. Interrupts must be off.
///
/// # Errors
/// When the local APIC cannot be mapped.
pub fn init() -> Result<Clock, DeviceError> {
    pit::mask_legacy_interrupts();
    let local_apic = apic::LocalApic::open()?;
    let apic_ticks = local_apic.as_ref().map(|apic| apic.start_counting());
    let start = cycles();
    let measured = pit::wait_one_millisecond();
    let elapsed = cycles() - start;
    let tsc_hz = if measured { elapsed * 1000 } else { ASSUMED_HZ };
    let per_cycle = (u128::from(NS_PER_SECOND) << SHIFT) / u128::from(tsc_hz.max(1));
    NS_PER_CYCLE.store(per_cycle as u64, Ordering::Relaxed);
    let timer = match (local_apic, apic_ticks, measured) {
        (Some(apic), Some(from), true) => {
            let counted = apic.counted(from);
            apic.start_tick(counted);
            "local APIC"
        }
        _ => {
            pit::start_tick();
            "PIT"
        }
    };
    Ok(Clock { tsc_hz, timer })
}

/// Counts a tick.
pub(crate) fn note_tick() {
    TICKS.fetch_add(1, Ordering::Relaxed);
}

/// How many ticks there were.
pub fn ticks() -> u64 {
    TICKS.load(Ordering::Relaxed)
}

/// Tells the interrupt's source that it was handled.
pub(crate) fn acknowledge(vector: u8) {
    if vector == TIMER_VECTOR {
        apic::acknowledge();
    } else {
        pit::acknowledge();
    }
}
