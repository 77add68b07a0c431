//! Executions: what the processor runs, and the switch from one to another.
//!
//! An execution owns its kernel stack and its saved registers, and keeps the
//! root of its address space. Whoever runs is kept by the per-CPU block, so a
//! stack is never freed under its own feet.
//!
//! The registers of a program's thread are a `TrapFrame` at the very top of its
//! stack whenever it is in the kernel, also before it first runs.

mod extended;

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU8, Ordering};

use x86_64::VirtAddr;
use x86_64::registers::model_specific::KernelGsBase;

use crate::cpu::interrupts::Masked;
use crate::cpu::{descriptors, local};
use crate::memory::address_space::Root;
use crate::memory::kernel_space::{self, KernelStack};
use crate::memory::layout;
use crate::trap::{self, TrapFrame, UserStart};
use crate::{OutOfMemory, Ref};
use extended::ExtendedRegisters;
pub use extended::{fxsave, mxcsr, x87_control_and_status};

const WAITING: u8 = 0;
const RUNNING: u8 = 1;
const ENDED: u8 = 2;

/// One flow of control with its kernel stack.
pub struct Execution {
    /// `None` for the first, which runs on the boot stack.
    stack: Option<KernelStack>,
    state: AtomicU8,
    saved_rsp: UnsafeCell<u64>,
    extended: UnsafeCell<ExtendedRegisters>,
    /// The user's gs base: the TEB.
    user_gs: u64,
    root: Option<Ref<Root>>,
    /// Whether there is a user's frame at the top of the stack.
    is_user: bool,
}

// SAFETY: `saved_rsp` and `extended` are touched only by `switch_to`, which
// holds the execution in state RUNNING on one processor.
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

/// Makes what runs now, on the boot stack, the first execution. Once.
pub fn adopt_boot() -> Result<Ref<Execution>, OutOfMemory> {
    let execution = Ref::try_new(Execution {
        stack: None,
        state: AtomicU8::new(RUNNING),
        saved_rsp: UnsafeCell::new(0),
        extended: UnsafeCell::new(ExtendedRegisters::new()?),
        user_gs: 0,
        root: None,
        is_user: false,
    })?;
    let before = local::replace_current(execution.clone());
    assert!(before.is_none(), "the boot execution was adopted twice");
    Ok(execution)
}

/// Runs `next` and comes back when something switches to the current one again.
pub fn switch_to(next: Ref<Execution>) {
    switch(next, WAITING);
}

/// Runs `next` and never comes back: the current execution has ended. What its
/// stack still holds is never dropped.
pub fn end_and_switch_to(next: Ref<Execution>) -> ! {
    switch(next, ENDED);
    unreachable!("an ended execution was switched to")
}

fn switch(next: Ref<Execution>, leave_as: u8) {
    let _masked = Masked::new();
    local::assert_no_locks("switched");
    let claimed =
        next.state
            .compare_exchange(WAITING, RUNNING, Ordering::Acquire, Ordering::Relaxed);
    assert!(
        claimed.is_ok(),
        "switched to an execution that is running or has ended"
    );

    descriptors::set_kernel_stack(next.stack_top());
    match &next.root {
        Some(root) => root.activate(),
        None => kernel_space::activate(),
    }
    let load = next.saved_rsp.get();
    let user_gs = next.user_gs;
    let restore = next.extended.get();
    // From here on the per-CPU block keeps both: this stack may never be run
    // again, so it holds no reference.
    let previous = local::replace_current(next);
    let previous = previous.expect("adopt_boot comes before the first switch");
    // SAFETY: `previous` runs here and `next` was claimed above, so nobody else
    // touches their registers.
    unsafe {
        (*previous.extended.get()).save();
        (*restore).restore();
    }
    descriptors::forget_user_selectors();
    KernelGsBase::write(VirtAddr::new_truncate(user_gs));
    let save = previous.saved_rsp.get();
    previous.state.store(leave_as, Ordering::Release);
    local::keep_until_switched(previous);
    // SAFETY: `load` is where `next` saved its registers or where `new` laid the
    // first ones out; the previous one is kept until `finish_switch`.
    unsafe { trap::switch_stacks(save, *load) };
    finish_switch();
}

/// On the new stack: lets go of the execution that was left.
fn finish_switch() {
    drop(local::take_left());
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
