//! Probes for self-tests: touches that may fault, and the processor's state.
//!
//! A probe does what kernel code must not be able to do, with interrupts off, and
//! says which exception that raised. Outside a probe nothing here has an effect.

use core::arch::global_asm;
use core::ops::Range;
use core::sync::atomic::{AtomicU64, Ordering};

use raw_cpuid::CpuId;
use vm::{Page, Rights};
use x86_64::registers::control::{Cr0, Cr0Flags, Cr4, Cr4Flags, Efer, EferFlags};
use x86_64::registers::model_specific::SFMask;

use crate::memory::address_space::Backing;
use crate::memory::{OwnedFrame, kernel_space, layout};
use crate::trap::TrapFrame;
use crate::{AddressSpace, OutOfMemory, stacks};

global_asm!(include_str!("probe.s"));

/// `ret`.
const RETURN: u8 = 0xc3;

unsafe extern "C" {
    static __text_start: u8;
    static __text_end: u8;
    static probe_landing: u8;
    fn probe_touch(address: u64, kind: u64) -> u64;
}

/// The stack of the probe that runs, else 0.
#[unsafe(no_mangle)]
static PROBE_STACK: AtomicU64 = AtomicU64::new(0);

/// What a probe does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// Reads a byte.
    Read(u64),
    /// Writes a byte that stays as it is.
    Write(u64),
    /// Executes a breakpoint.
    Breakpoint,
    /// Executes what is no instruction.
    UndefinedInstruction,
    /// Divides by zero.
    DivisionByZero,
    /// Raises an interrupt that nobody handles.
    UnexpectedInterrupt,
}

/// Does it; returns the vector of the exception that came.
pub fn touch(touch: Touch) -> Option<u8> {
    let (kind, address) = match touch {
        Touch::Read(address) => (0, address),
        Touch::Write(address) => (1, address),
        Touch::Breakpoint => (3, 0),
        Touch::UndefinedInstruction => (4, 0),
        Touch::DivisionByZero => (5, 0),
        Touch::UnexpectedInterrupt => (6, 0),
    };
    run(address, kind)
}

fn call(address: u64) -> Option<u8> {
    const CALL: u64 = 2;
    run(address, CALL)
}

fn run(address: u64, kind: u64) -> Option<u8> {
    // SAFETY: the routine reads a byte or sets no bit of one, which harms no
    // memory, or calls the RETURN that `call`'s callers put there; `caught` lets
    // it go on after an exception.
    let answer = unsafe { probe_touch(address, kind) };
    answer.checked_sub(1).map(|vector| vector as u8)
}

/// Whether an exception in the kernel was a probe's; its frame then goes on there.
pub(crate) fn caught(frame: &mut TrapFrame) -> bool {
    let stack = PROBE_STACK.swap(0, Ordering::Relaxed);
    if stack == 0 {
        return false;
    }
    frame.rsp = stack;
    frame.rip = (&raw const probe_landing) as u64;
    frame.rax = frame.vector + 1;
    true
}

/// Executes kernel data; returns the vector of the exception that came.
pub fn execute_data() -> Result<Option<u8>, OutOfMemory> {
    let frame = page_of_returns()?;
    Ok(call(frame.bytes().as_ptr() as u64))
}

/// Executes a program's page in the kernel; returns the vector that came.
pub fn execute_user_page() -> Result<Option<u8>, OutOfMemory> {
    let page = Page::containing(layout::USER_START);
    let mut space = AddressSpace::new()?;
    let rights = Rights {
        read: true,
        write: false,
        execute: true,
    };
    space.map(page, Backing::Private(page_of_returns()?), rights)?;
    Ok(in_space(&space, || call(page.address())))
}

fn page_of_returns() -> Result<OwnedFrame, OutOfMemory> {
    let mut frame = OwnedFrame::zeroed()?;
    frame.bytes_mut().fill(RETURN);
    Ok(frame)
}

/// Runs `use_it` in an address space; for the first execution, which has none.
pub fn in_space<T>(space: &AddressSpace, use_it: impl FnOnce() -> T) -> T {
    let root = space.root();
    root.activate();
    let result = use_it();
    kernel_space::activate();
    result
}

/// The kernel's code.
pub fn code() -> Range<u64> {
    (&raw const __text_start) as u64..(&raw const __text_end) as u64
}

/// The pages in the kernel image that must not be mapped.
pub fn guard_pages() -> impl Iterator<Item = u64> {
    stacks::guard_pages()
}

/// A protection of the processor: what CPUID and what the control registers say.
#[derive(Clone, Copy, Debug)]
pub struct Protection {
    /// Its name in the manuals.
    pub name: &'static str,
    /// Whether this processor has it.
    pub is_offered: bool,
    /// Whether it is on.
    pub is_on: bool,
}

/// The protections, read anew from the processor.
pub fn protections() -> [Protection; 5] {
    let cpuid = CpuId::new();
    let features = cpuid.get_extended_feature_info();
    let offers = |has: fn(&raw_cpuid::ExtendedFeatures) -> bool| features.as_ref().is_some_and(has);
    let has_nx = cpuid
        .get_extended_processor_and_feature_identifiers()
        .is_some_and(|identifiers| identifiers.has_execute_disable());
    let (cr0, cr4, efer) = (Cr0::read(), Cr4::read(), Efer::read());
    [
        ("NX", has_nx, efer.contains(EferFlags::NO_EXECUTE_ENABLE)),
        ("WP", true, cr0.contains(Cr0Flags::WRITE_PROTECT)),
        (
            "SMEP",
            offers(raw_cpuid::ExtendedFeatures::has_smep),
            cr4.contains(Cr4Flags::SUPERVISOR_MODE_EXECUTION_PROTECTION),
        ),
        (
            "SMAP",
            offers(raw_cpuid::ExtendedFeatures::has_smap),
            cr4.contains(Cr4Flags::SUPERVISOR_MODE_ACCESS_PREVENTION),
        ),
        (
            "UMIP",
            offers(raw_cpuid::ExtendedFeatures::has_umip),
            cr4.contains(Cr4Flags::USER_MODE_INSTRUCTION_PREVENTION),
        ),
    ]
    .map(|(name, is_offered, is_on)| Protection {
        name,
        is_offered,
        is_on,
    })
}

/// The flags that SYSCALL clears.
pub fn flags_cleared_by_system_call() -> u64 {
    SFMask::read().bits()
}
