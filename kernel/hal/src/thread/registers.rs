//! The registers of a program's thread: one that waits, or the current one.

use core::sync::atomic::Ordering;

use super::debug::DebugRegisters;
use super::extended::{self, AVX_BYTES, ExtendedRegisters, FXSAVE_BYTES};
use super::{EXAMINED, Execution, KernelStack, WAITING};
use crate::Ref;
use crate::cpu::local;
use crate::trap::TrapFrame;

/// The registers with which a program's thread that does not run will go on.
pub struct WaitingRegisters<'a> {
    frame: &'a mut TrapFrame,
    extended: &'a mut ExtendedRegisters,
    debug: &'a mut DebugRegisters,
}

impl WaitingRegisters<'_> {
    /// The general ones.
    pub fn frame(&mut self) -> &mut TrapFrame {
        self.frame
    }

    /// The x87 and SSE registers as FXSAVE stores them.
    pub fn fxsave(&self) -> [u8; FXSAVE_BYTES] {
        self.extended.fxsave()
    }

    /// Sets the x87 and SSE registers. Bits of MXCSR that the processor does not
    /// have are left out; the upper halves of AVX registers stay as they are.
    pub fn set_fxsave(&mut self, image: &[u8; FXSAVE_BYTES]) {
        self.extended.set_fxsave(image);
    }

    /// The upper halves of the AVX registers, if there are such.
    pub fn avx(&self) -> Option<[u8; AVX_BYTES]> {
        self.extended.avx()
    }

    /// Sets them.
    pub fn set_avx(&mut self, halves: &[u8; AVX_BYTES]) {
        self.extended.set_avx(halves);
    }

    /// The debug registers.
    pub fn debug_registers(&self) -> DebugRegisters {
        *self.debug
    }

    /// Sets the debug registers, without what a program may not have.
    pub fn set_debug_registers(&mut self, registers: DebugRegisters) {
        *self.debug = registers.for_a_program();
    }
}

impl Execution {
    /// Lets `use_them` see and change the registers of a program's thread that does
    /// not run, and that must not be switched to meanwhile. `None`: it runs, has
    /// ended, or is the kernel's own.
    pub fn with_user_registers<T>(
        &self,
        use_them: impl FnOnce(&mut WaitingRegisters<'_>) -> T,
    ) -> Option<T> {
        let stack = self.stack.as_ref().filter(|_| self.is_user)?;
        self.state
            .compare_exchange(WAITING, EXAMINED, Ordering::Acquire, Ordering::Relaxed)
            .ok()?;
        // SAFETY: state EXAMINED keeps everybody else from the registers, and the
        // thread's stack has its frame at the top, as `is_user` says. What its own
        // code holds to the frame is used again only when it runs, and expects
        // changes (see `TrapFrame`).
        let mut registers = unsafe {
            WaitingRegisters {
                frame: &mut *TrapFrame::at_top_of(KernelStack::top(stack)),
                extended: &mut *self.extended.get(),
                debug: &mut *self.debug.get(),
            }
        };
        let answer = use_them(&mut registers);
        self.state.store(WAITING, Ordering::Release);
        Some(answer)
    }
}

/// The execution that runs now, once there is one.
pub fn current() -> Option<Ref<Execution>> {
    local::current()
}

/// Sets the x87 and SSE registers of the current program's thread. Bits of MXCSR
/// that the processor does not have are left out; the upper halves of AVX
/// registers stay as they are.
pub fn set_fxsave(image: &[u8; FXSAVE_BYTES]) {
    extended::load_fxsave(image);
}

/// Sets the upper halves of the AVX registers of the current program's thread, if
/// there are such.
pub fn set_avx(halves: &[u8; AVX_BYTES]) {
    extended::load_avx(halves);
}

/// The debug registers of the current execution.
pub fn debug_registers() -> DebugRegisters {
    with_debug_registers(|registers| *registers)
}

/// Sets the debug registers of the current execution, without what a program may
/// not have.
pub fn set_debug_registers(registers: DebugRegisters) {
    with_debug_registers(|current| {
        *current = registers.for_a_program();
        current.load();
    });
}

/// Notes what a debug exception of the current execution was for.
pub(crate) fn note_debug_status(status: u64) {
    with_debug_registers(|registers| registers.status = status);
}

fn with_debug_registers<T>(use_them: impl FnOnce(&mut DebugRegisters) -> T) -> T {
    local::with_current(|current| match current {
        // SAFETY: the execution runs here, so nobody else touches its registers.
        Some(current) => use_them(unsafe { &mut *current.debug.get() }),
        // Before there are threads nobody has breakpoints.
        None => use_them(&mut DebugRegisters::new()),
    })
}
