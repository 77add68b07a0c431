//! The local APIC's timer: Intel SDM vol. 3, chapter 11.

use core::ptr::NonNull;

use bitflags::bitflags;
use raw_cpuid::CpuId;
use spin::Once;
use x86_64::registers::model_specific::Msr;

use super::TIMER_VECTOR;
use crate::memory::kernel_space::{self, DeviceError};

const APIC_BASE: u32 = 0x1b;
const GLOBAL_ENABLE: u64 = 1 << 11;
const X2APIC: u64 = 1 << 10;
const ADDRESS_MASK: u64 = 0xf_ffff_ffff_f000;

const TASK_PRIORITY: usize = 0x80;
const END_OF_INTERRUPT: usize = 0xb0;
const IN_SERVICE: usize = 0x100;
const SPURIOUS: usize = 0xf0;
const TIMER: usize = 0x320;
const INITIAL_COUNT: usize = 0x380;
const CURRENT_COUNT: usize = 0x390;
const DIVIDE: usize = 0x3e0;

const SOFTWARE_ENABLE: u32 = 0x100;
const SPURIOUS_VECTOR: u32 = 0xff;
const DIVIDE_BY_1: u32 = 0b1011;

bitflags! {
    /// How the timer's entry of the local vector table interrupts.
    struct TimerMode: u32 {
        const MASKED = 1 << 16;
        const PERIODIC = 1 << 17;
    }
}

/// The mapped registers of this processor's local APIC.
#[derive(Clone, Copy)]
pub(super) struct LocalApic {
    registers: NonNull<u32>,
}

// SAFETY: the registers are at the same address on every processor and each
// access is one aligned 32-bit load or store.
unsafe impl Send for LocalApic {}
// SAFETY: as above.
unsafe impl Sync for LocalApic {}

static APIC: Once<LocalApic> = Once::new();

impl LocalApic {
    /// Maps and enables it, if the processor has one.
    pub(super) fn open() -> Result<Option<Self>, DeviceError> {
        if !CpuId::new()
            .get_feature_info()
            .is_some_and(|features| features.has_apic())
        {
            return Ok(None);
        }
        let mut base = Msr::new(APIC_BASE);
        // SAFETY: CPUID says that the register exists.
        let value = unsafe { base.read() };
        // SAFETY: x2APIC mode can only be left through the disabled state; then
        // the registers are in memory.
        unsafe {
            if value & X2APIC != 0 {
                base.write(value & !(GLOBAL_ENABLE | X2APIC));
            }
            base.write(value & !X2APIC | GLOBAL_ENABLE);
        }
        let registers = kernel_space::map_device(value & ADDRESS_MASK, 4096)?.cast();
        let apic = *APIC.call_once(|| Self { registers });
        apic.write(TASK_PRIORITY, 0);
        apic.write(SPURIOUS, SOFTWARE_ENABLE | SPURIOUS_VECTOR);
        apic.write(TIMER, TimerMode::MASKED.bits());
        apic.write(DIVIDE, DIVIDE_BY_1);
        Ok(Some(apic))
    }

    fn write(self, register: usize, value: u32) {
        // SAFETY: `registers` maps the whole page and callers name registers.
        unsafe { self.registers.byte_add(register).write_volatile(value) }
    }

    fn read(self, register: usize) -> u32 {
        // SAFETY: as in `write`.
        unsafe { self.registers.byte_add(register).read_volatile() }
    }

    /// Starts counting down without interrupting; returns where it starts.
    pub(super) fn start_counting(self) -> u32 {
        self.write(INITIAL_COUNT, u32::MAX);
        self.read(CURRENT_COUNT)
    }

    /// How far it has counted since `from`.
    pub(super) fn counted(self, from: u32) -> u32 {
        from.wrapping_sub(self.read(CURRENT_COUNT))
    }

    /// Interrupts from now on once every `period` counts.
    pub(super) fn start_tick(self, period: u32) {
        self.write(TIMER, TimerMode::PERIODIC.bits() | u32::from(TIMER_VECTOR));
        self.write(INITIAL_COUNT, period.max(1));
    }
}

/// Ends the timer's interrupt.
pub(super) fn acknowledge() {
    if let Some(apic) = APIC.get() {
        apic.write(END_OF_INTERRUPT, 0);
    }
}

/// Ends an interrupt that nobody asked for, if it came through the local APIC.
pub(super) fn acknowledge_if_in_service(vector: u8) {
    let Some(apic) = APIC.get() else { return };
    let register = IN_SERVICE + usize::from(vector / 32) * 0x10;
    if apic.read(register) & 1 << (vector % 32) != 0 {
        apic.write(END_OF_INTERRUPT, 0);
    }
}
