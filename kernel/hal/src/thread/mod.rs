//! Executions: what the processor runs, and the switch from one to another.
//!
//! An execution owns its kernel stack and its saved registers, and keeps the
//! root of its address space. Whoever runs is kept by the per-CPU block, so a
//! stack is never freed under its own feet.
//!
//! The registers of a program's thread are a `TrapFrame` at the very top of its
//! stack whenever it is in the kernel, also before it first runs.

mod debug;
mod extended;
mod registers;
mod switch;

use core::cell::UnsafeCell;
use core::sync::atomic::AtomicU8;

use crate::cpu::local;
use crate::memory::address_space::Root;
use crate::memory::kernel_stack::KernelStack;
use crate::memory::layout;
use crate::trap::{self, TrapFrame, UserStart};
use crate::{OutOfMemory, Ref};
pub use debug::DebugRegisters;
pub(crate) use debug::take_status as take_debug_status;
use extended::ExtendedRegisters;
pub use extended::{AVX_BYTES, avx, fxsave, has_avx, mxcsr, x87_control_and_status};
pub(crate) use registers::note_debug_status;
pub use registers::{
    WaitingRegisters, current, debug_registers, set_avx, set_debug_registers, set_fxsave,
};
use switch::finish_switch;
pub use switch::{adopt_boot, end_and_switch_to, switch_to};

/// The states of an execution. Whoever takes it from WAITING has its registers.
const WAITING: u8 = 0;
const RUNNING: u8 = 1;
const ENDED: u8 = 2;
/// It waits, and somebody looks at its registers.
const EXAMINED: u8 = 3;

/// One flow of control with its kernel stack.
pub struct Execution {
    /// `None` for the first, which runs on the boot stack.
    stack: Option<KernelStack>,
    state: AtomicU8,
    saved_rsp: UnsafeCell<u64>,
    extended: UnsafeCell<ExtendedRegisters>,
    debug: UnsafeCell<DebugRegisters>,
    /// The user's gs base: the TEB.
    user_gs: u64,
    root: Option<Ref<Root>>,
    /// Whether there is a user's frame at the top of the stack.
    is_user: bool,
}

// SAFETY: `saved_rsp`, `extended`, `debug` and the user's frame are touched only
// by whoever took the execution from WAITING to RUNNING or EXAMINED.
unsafe impl Sync for Execution {}
// SAFETY: as above; stack and root may move between processors.
unsafe impl Send for Execution {}

/// What is pushed on a new stack for `switch_stacks` to pop.
#[repr(C)]
struct FirstFrame {
    r15: u64,
    r14: u64,
    r13: u64,
    r12: u64,
    rbp: u64,
    rbx: u64,
    return_address: u64,
}

impl Execution {
    /// A new execution of a program's thread, in the address space of `root`. Once
    /// switched to it runs `main` in the kernel, which ends in `enter_user` unless
    /// it decides otherwise.
    pub fn for_user(
        root: Ref<Root>,
        start: UserStart,
        main: fn() -> !,
    ) -> Result<Ref<Self>, OutOfMemory> {
        let user_gs = start.gs_base;
        // The entries tell the kernel's gs from the user's by its sign.
        assert!(
            user_gs < layout::LOWER_HALF_END,
            "{user_gs:#x} cannot be a user's gs base"
        );
        let stack = KernelStack::new()?;
        let extended = ExtendedRegisters::new()?;
        let frame = TrapFrame::at_top_of(stack.top());
        let rsp = frame as u64 - size_of::<FirstFrame>() as u64;
        let execution = Ref::try_new(Self {
            state: AtomicU8::new(WAITING),
            saved_rsp: UnsafeCell::new(rsp),
            extended: UnsafeCell::new(extended),
            debug: UnsafeCell::new(DebugRegisters::new()),
            user_gs,
            root: Some(root),
            stack: Some(stack),
            is_user: true,
        })?;
        let first = FirstFrame {
            r15: 0,
            r14: 0,
            r13: main as usize as u64,
            r12: begin as *const () as u64,
            rbp: 0,
            rbx: 0,
            return_address: (&raw const trap::thread_start) as u64,
        };
        // SAFETY: the new stack is mapped and nobody uses it yet.
        unsafe {
            (rsp as *mut FirstFrame).write(first);
            frame.write(TrapFrame::for_user(start));
        }
        Ok(execution)
    }

    fn stack_top(&self) -> u64 {
        // The boot execution never enters user mode.
        self.stack.as_ref().map_or(0, KernelStack::top)
    }
}

/// The first Rust code of an execution; the first argument is of no use.
extern "C" fn begin(_: u64, main: *const ()) -> ! {
    finish_switch();
    // SAFETY: `Execution::for_user` put the function into the first frame.
    let main = unsafe { core::mem::transmute::<*const (), fn() -> !>(main) };
    main()
}

/// Leaves the kernel for user mode with the user's registers as they are after
/// `prepare` has had them.
pub fn enter_user(prepare: fn(&mut TrapFrame)) -> ! {
    let is_user = local::with_current(|current| current.is_some_and(|current| current.is_user));
    assert!(is_user, "user mode entered without a program's thread");
    // SAFETY: the current execution was made with a user's frame at the top of
    // its stack, which nobody else touches while it runs.
    prepare(unsafe { &mut *TrapFrame::at_top_of(local::kernel_stack_top()) });
    // SAFETY: as above; only entries from user mode and `TrapFrame`'s methods
    // have written the frame since.
    unsafe { trap::enter_user() }
}
