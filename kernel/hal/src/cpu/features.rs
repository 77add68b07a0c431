//! Protections and register state of the processor: found and switched on.

use arrayvec::ArrayVec;
use raw_cpuid::CpuId;
use spin::Once;
use x86_64::registers::control::{Cr0, Cr0Flags, Cr4, Cr4Flags, Efer, EferFlags};
use x86_64::registers::xcontrol::{XCr0, XCr0Flags};

use crate::memory::kernel_space;
use crate::{guards, user};

/// One protection, and whether this processor has it. What it has is on.
#[derive(Clone, Copy, Debug)]
pub struct Protection {
    /// Its name in the manuals.
    pub name: &'static str,
    /// Whether it is on.
    pub is_on: bool,
}

/// How a thread's floating-point and vector registers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExtendedState {
    /// By FXSAVE: x87 and SSE.
    Legacy,
    /// By XSAVE, with these components.
    Xsave(u64),
}

static EXTENDED: Once<ExtendedState> = Once::new();

/// How register state is kept on this machine.
pub(crate) fn extended_state() -> ExtendedState {
    *EXTENDED.get().unwrap_or(&ExtendedState::Legacy)
}

/// Whether pages can be kept from being executed.
pub fn has_no_execute() -> bool {
    Efer::read().contains(EferFlags::NO_EXECUTE_ENABLE)
}

/// Family, model and stepping, as CPUID leaf 1 has them in eax.
pub fn signature() -> u32 {
    core::arch::x86_64::__cpuid(1).eax
}

/// Switches everything on that is there. Once, before the final page tables.
pub fn enable() -> ArrayVec<Protection, 5> {
    let cpuid = CpuId::new();
    let extended = cpuid.get_extended_feature_info();
    let has_nx = cpuid
        .get_extended_processor_and_feature_identifiers()
        .is_some_and(|features| features.has_execute_disable());
    let has_smep = extended
        .as_ref()
        .is_some_and(|features| features.has_smep());
    let has_smap = guards::SMAP
        && extended
            .as_ref()
            .is_some_and(|features| features.has_smap());
    let has_umip = extended
        .as_ref()
        .is_some_and(|features| features.has_umip());

    // Built from nothing: what the firmware had on is not ours to inherit.
    let basic = cpuid.get_feature_info();
    let has = |feature: fn(&raw_cpuid::FeatureInfo) -> bool| basic.as_ref().is_some_and(feature);
    let mut cr4 =
        Cr4Flags::PHYSICAL_ADDRESS_EXTENSION | Cr4Flags::OSFXSR | Cr4Flags::OSXMMEXCPT_ENABLE;
    cr4.set(Cr4Flags::PAGE_GLOBAL, has(raw_cpuid::FeatureInfo::has_pge));
    cr4.set(
        Cr4Flags::MACHINE_CHECK_EXCEPTION,
        has(raw_cpuid::FeatureInfo::has_mce),
    );
    cr4.set(Cr4Flags::SUPERVISOR_MODE_EXECUTION_PROTECTION, has_smep);
    cr4.set(Cr4Flags::SUPERVISOR_MODE_ACCESS_PREVENTION, has_smap);
    cr4.set(Cr4Flags::USER_MODE_INSTRUCTION_PREVENTION, has_umip);
    let off = Cr0Flags::EMULATE_COPROCESSOR
        | Cr0Flags::TASK_SWITCHED
        | Cr0Flags::NOT_WRITE_THROUGH
        | Cr0Flags::CACHE_DISABLE;
    let cr0 = (Cr0::read() - off)
        | Cr0Flags::WRITE_PROTECT
        // Programs may have their alignment checked; the kernel's never is.
        | Cr0Flags::ALIGNMENT_MASK
        | Cr0Flags::NUMERIC_ERROR
        | Cr0Flags::MONITOR_COPROCESSOR;
    // SAFETY: only features that CPUID reports are switched on; the kernel
    // touches user memory only in the copy routine, which lifts SMAP.
    unsafe {
        if has_nx {
            Efer::update(|flags| *flags |= EferFlags::NO_EXECUTE_ENABLE);
        }
        Cr0::write(cr0);
        Cr4::write(cr4);
    }
    if has_nx {
        kernel_space::use_no_execute();
    }
    if has_smap {
        user::guard_access();
    }
    EXTENDED.call_once(|| choose_extended_state(&cpuid));
    let write_protect = Cr0::read().contains(Cr0Flags::WRITE_PROTECT);
    let all = [
        ("NX", has_nx),
        ("WP", write_protect),
        ("SMEP", has_smep),
        ("SMAP", has_smap),
        ("UMIP", has_umip),
    ];
    all.into_iter()
        .map(|(name, is_on)| Protection { name, is_on })
        .collect()
}

/// XSAVE with what fits a frame, else FXSAVE.
fn choose_extended_state(cpuid: &CpuId<raw_cpuid::CpuIdReaderNative>) -> ExtendedState {
    const AREA_BYTES: u32 = 4096;
    if !cpuid
        .get_feature_info()
        .is_some_and(|features| features.has_xsave())
    {
        return ExtendedState::Legacy;
    }
    let Some(state) = cpuid.get_extended_state_info() else {
        return ExtendedState::Legacy;
    };
    let basic = XCr0Flags::X87 | XCr0Flags::SSE;
    let mut wanted = basic;
    if state.xcr0_supports_avx_256() {
        wanted |= XCr0Flags::AVX;
    }
    // SAFETY: CPUID reports XSAVE and these components.
    unsafe {
        Cr4::update(|flags| flags.insert(Cr4Flags::OSXSAVE));
        XCr0::write(wanted);
    }
    let size = CpuId::new().get_extended_state_info();
    if size.is_none_or(|size| size.xsave_area_size_enabled_features() > AREA_BYTES) {
        wanted = basic;
        // SAFETY: as above, with less.
        unsafe { XCr0::write(wanted) };
    }
    ExtendedState::Xsave(wanted.bits())
}
