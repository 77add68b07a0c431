//! CONTEXT: a thread's registers, taken from it and given to it.

use abi::NtStatus;
use abi::context::{
    CONTEXT_AMD64, CONTEXT_CONTROL, CONTEXT_DEBUG_REGISTERS, CONTEXT_FLOATING_POINT,
    CONTEXT_INTEGER, CONTEXT_SEGMENTS, Context, XsaveFormat,
};
use hal::thread::{self, DebugRegisters, WaitingRegisters};
use hal::trap::{TrapFrame, UserRegisters};
use zerocopy::{FromBytes, FromZeros, IntoBytes};

use crate::call::read;
use crate::extended_context::{Halves, Place};

/// What the context of an exception or an APC says it has (Wine contract, 5.1). The
/// debug registers are in it, too, so that a handler knows which breakpoint it met;
/// going on with it does not set them.
pub(crate) const CONTEXT_EXCEPTION: u32 =
    CONTEXT_CONTROL | CONTEXT_INTEGER | CONTEXT_SEGMENTS | CONTEXT_FLOATING_POINT;
const DATA_SELECTOR: u16 = abi::entry::USER_DATA_SELECTOR;
const FXSAVE_BYTES: usize = size_of::<XsaveFormat>();

/// Where a thread's registers are.
pub(crate) enum Source<'a, 'b> {
    /// The current thread's, and its frame.
    Current(&'a mut TrapFrame),
    /// Those of a thread that waits.
    Waiting(&'a mut WaitingRegisters<'b>),
}

impl Source<'_, '_> {
    fn frame(&mut self) -> &mut TrapFrame {
        match self {
            Self::Current(frame) => frame,
            Self::Waiting(registers) => registers.frame(),
        }
    }

    fn fxsave(&self) -> [u8; FXSAVE_BYTES] {
        match self {
            Self::Current(_) => thread::fxsave(),
            Self::Waiting(registers) => registers.fxsave(),
        }
    }

    fn set_fxsave(&mut self, image: &[u8; FXSAVE_BYTES]) {
        match self {
            Self::Current(_) => thread::set_fxsave(image),
            Self::Waiting(registers) => registers.set_fxsave(image),
        }
    }

    /// The upper halves of the AVX registers, if there are such.
    pub(crate) fn avx(&self) -> Option<Halves> {
        match self {
            Self::Current(_) => thread::avx(),
            Self::Waiting(registers) => registers.avx(),
        }
    }

    fn set_avx(&mut self, halves: &Halves) {
        match self {
            Self::Current(_) => thread::set_avx(halves),
            Self::Waiting(registers) => registers.set_avx(halves),
        }
    }

    fn debug(&self) -> DebugRegisters {
        match self {
            Self::Current(_) => thread::debug_registers(),
            Self::Waiting(registers) => registers.debug_registers(),
        }
    }

    fn set_debug(&mut self, wanted: DebugRegisters) {
        match self {
            Self::Current(_) => thread::set_debug_registers(wanted),
            Self::Waiting(registers) => registers.set_debug_registers(wanted),
        }
    }
}

/// A context that a thread is to have.
pub(crate) struct Wanted {
    pub(crate) context: Context,
    avx: Option<Halves>,
}

impl Wanted {
    /// The one at an address.
    pub(crate) fn read(address: u64) -> Result<Self, NtStatus> {
        let context = read::<Context>(address)?;
        if !is_valid(context.context_flags) {
            return Err(NtStatus::INVALID_PARAMETER);
        }
        let place = Place::find(address, context.context_flags)?;
        let avx = place.map(|place| place.read()).transpose()?;
        Ok(Self { context, avx })
    }

    /// Gives it to a thread.
    pub(crate) fn give(&self, source: &mut Source<'_, '_>) {
        give(source, &self.context);
        if let Some(halves) = &self.avx {
            source.set_avx(halves);
        }
    }
}

/// Whether a context is one of this processor's at all.
pub(crate) fn is_valid(flags: u32) -> bool {
    flags & CONTEXT_AMD64 != 0
}

fn names(flags: u32, part: u32) -> bool {
    flags & part == part
}

/// Takes the parts that `flags` name.
pub(crate) fn take(source: &mut Source<'_, '_>, flags: u32, context: &mut Context) {
    let registers = source.frame().user_registers();
    context.context_flags = flags;
    if names(flags, CONTEXT_CONTROL) {
        context.rip = registers.rip;
        context.rsp = registers.rsp;
        // The upper half of RFLAGS is reserved.
        context.eflags = low_half(registers.flags);
        context.cs = registers.code_segment;
        context.ss = registers.stack_segment;
    }
    if names(flags, CONTEXT_INTEGER) {
        take_integers(&registers, context);
    }
    if names(flags, CONTEXT_SEGMENTS) {
        context.ds = DATA_SELECTOR;
        context.es = DATA_SELECTOR;
        context.fs = DATA_SELECTOR;
        context.gs = DATA_SELECTOR;
    }
    if names(flags, CONTEXT_FLOATING_POINT) {
        if let Ok(image) = XsaveFormat::read_from_bytes(&source.fxsave()) {
            context.flt_save = image;
        }
        context.mxcsr = context.flt_save.mxcsr;
    }
    if names(flags, CONTEXT_DEBUG_REGISTERS) {
        let debug = source.debug();
        [context.dr0, context.dr1, context.dr2, context.dr3] = debug.addresses;
        context.dr6 = debug.status;
        context.dr7 = debug.control;
    }
}

fn low_half(value: u64) -> u32 {
    let [a, b, c, d, ..] = value.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

fn take_integers(registers: &UserRegisters, context: &mut Context) {
    context.rax = registers.rax;
    context.rcx = registers.rcx;
    context.rdx = registers.rdx;
    context.rbx = registers.rbx;
    context.rbp = registers.rbp;
    context.rsi = registers.rsi;
    context.rdi = registers.rdi;
    context.r8 = registers.r8;
    context.r9 = registers.r9;
    context.r10 = registers.r10;
    context.r11 = registers.r11;
    context.r12 = registers.r12;
    context.r13 = registers.r13;
    context.r14 = registers.r14;
    context.r15 = registers.r15;
}

/// Gives a thread the parts that the context's flags name; what a program may not
/// have of them hal leaves out.
fn give(source: &mut Source<'_, '_>, context: &Context) {
    let flags = context.context_flags;
    let frame = source.frame();
    let mut registers = frame.user_registers();
    if names(flags, CONTEXT_CONTROL) {
        registers.rip = context.rip;
        registers.rsp = context.rsp;
        registers.flags = context.eflags.into();
    }
    if names(flags, CONTEXT_INTEGER) {
        registers.rax = context.rax;
        registers.rcx = context.rcx;
        registers.rdx = context.rdx;
        registers.rbx = context.rbx;
        registers.rbp = context.rbp;
        registers.rsi = context.rsi;
        registers.rdi = context.rdi;
        registers.r8 = context.r8;
        registers.r9 = context.r9;
        registers.r10 = context.r10;
        registers.r11 = context.r11;
        registers.r12 = context.r12;
        registers.r13 = context.r13;
        registers.r14 = context.r14;
        registers.r15 = context.r15;
    }
    frame.set_user_registers(&registers);
    if names(flags, CONTEXT_INTEGER) && matches!(source, Source::Waiting(_)) {
        // The call that the thread waits in has no result then.
        source.frame().keep_rax();
    }
    if names(flags, CONTEXT_FLOATING_POINT) {
        let mut image = [0; FXSAVE_BYTES];
        image.copy_from_slice(context.flt_save.as_bytes());
        source.set_fxsave(&image);
    }
    if names(flags, CONTEXT_DEBUG_REGISTERS) {
        source.set_debug(DebugRegisters {
            addresses: [context.dr0, context.dr1, context.dr2, context.dr3],
            status: context.dr6,
            control: context.dr7,
        });
    }
}

/// All of the current thread's context that an exception or an APC is shown.
pub(crate) fn of_current(frame: &mut TrapFrame) -> Context {
    let mut context = Context::new_zeroed();
    let parts = CONTEXT_EXCEPTION | CONTEXT_DEBUG_REGISTERS;
    take(&mut Source::Current(frame), parts, &mut context);
    context.context_flags = CONTEXT_EXCEPTION;
    context
}
