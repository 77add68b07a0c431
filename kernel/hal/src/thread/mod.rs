//! Executions: what the processor runs, and the switch from one to another.
//!
//! An execution owns its kernel stack and its saved registers, and keeps the
//! root of its address space. Whoever runs is kept by the per-CPU block, so a
//! stack is never freed under its own feet.

mod extended;

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use x86_64::VirtAddr;
use x86_64::registers::model_specific::KernelGsBase;

use crate::cpu::interrupts::Masked;
use crate::cpu::{descriptors, local};
use crate::memory::address_space::Root;
use crate::memory::kernel_space::{self, KernelStack};
use crate::memory::layout;
use crate::trap::{self, TrapFrame};
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
    user_gs: AtomicU64,
    root: Option<Ref<Root>>,
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
    /// A new execution that will run `main(data)` once switched to, in the
    /// address space of `root` or, without one, in the kernel's.
    pub fn new<T: Send + Sync + 'static>(
        root: Option<Ref<Root>>,
        data: Ref<T>,
        main: fn(Ref<T>) -> !,
    ) -> Result<Ref<Self>, OutOfMemory> {
        let stack = KernelStack::new()?;
        let extended = ExtendedRegisters::new()?;
        // The top is kept free for the trap frame with which user mode is entered.
        let below = stack.top() - size_of::<TrapFrame>() as u64;
        let rsp = below - size_of::<FirstFrame>() as u64;
        let execution = Ref::try_new(Self {
            state: AtomicU8::new(WAITING),
            saved_rsp: UnsafeCell::new(rsp),
            extended: UnsafeCell::new(extended),
            user_gs: AtomicU64::new(0),
            root,
            stack: Some(stack),
        })?;
        let first = FirstFrame {
            r15: 0,
            r14: 0,
            r13: main as usize as u64,
            r12: begin::<T> as *const () as u64,
            rbp: 0,
            rbx: data.into_raw() as u64,
            return_address: (&raw const trap::thread_start) as u64,
        };
        // SAFETY: the new stack is mapped and nobody uses it yet.
        unsafe { (rsp as *mut FirstFrame).write(first) };
        Ok(execution)
    }

    fn stack_top(&self) -> u64 {
        // The boot execution never enters user mode.
        self.stack.as_ref().map_or(0, KernelStack::top)
    }
}

/// The first Rust code of an execution.
extern "C" fn begin<T>(data: *const T, main: *const ()) -> ! {
    finish_switch();
    // SAFETY: `Execution::new` gave the reference away to here, and put the
    // function of this type into the first frame.
    let (data, main) = unsafe {
        (
            Ref::from_raw(data),
            core::mem::transmute::<*const (), fn(Ref<T>) -> !>(main),
        )
    };
    main(data)
}

/// Makes what runs now, on the boot stack, the first execution. Once.
pub fn adopt_boot() -> Result<Ref<Execution>, OutOfMemory> {
    let execution = Ref::try_new(Execution {
        stack: None,
        state: AtomicU8::new(RUNNING),
        saved_rsp: UnsafeCell::new(0),
        extended: UnsafeCell::new(ExtendedRegisters::new()?),
        user_gs: AtomicU64::new(0),
        root: None,
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
    let user_gs = next.user_gs.load(Ordering::Relaxed);
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
    previous
        .user_gs
        .store(KernelGsBase::read().as_u64(), Ordering::Relaxed);
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

/// Leaves the kernel for user mode with `gs` as the user's gs base: the TEB.
pub fn enter_user(start: trap::UserStart, gs: u64) -> ! {
    // The entries tell the kernel's gs from the user's by its sign.
    assert!(
        gs < layout::LOWER_HALF_END,
        "{gs:#x} cannot be a user's gs base"
    );
    let is_thread = local::kernel_stack_top() != 0;
    assert!(is_thread, "user mode entered without a thread");
    crate::cpu::interrupts::disable();
    KernelGsBase::write(VirtAddr::new_truncate(gs));
    trap::enter_user(start)
}
