//! The switch from one execution to another.

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU8, Ordering};

use x86_64::VirtAddr;
use x86_64::registers::model_specific::KernelGsBase;

use super::extended::ExtendedRegisters;
use super::{DebugRegisters, ENDED, Execution, RUNNING, WAITING, debug};
use crate::cpu::{descriptors, local};
use crate::memory::kernel_space;
use crate::{OutOfMemory, Ref, trap};

/// Makes what runs now, on the boot stack, the first execution. Once.
pub fn adopt_boot() -> Result<Ref<Execution>, OutOfMemory> {
    debug::disarm();
    let execution = Ref::try_new(Execution {
        stack: None,
        state: AtomicU8::new(RUNNING),
        saved_rsp: UnsafeCell::new(0),
        extended: UnsafeCell::new(ExtendedRegisters::new()?),
        debug: UnsafeCell::new(DebugRegisters::new()),
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
    local::assert_no_locks("switched");
    let claimed =
        next.state
            .compare_exchange(WAITING, RUNNING, Ordering::Acquire, Ordering::Relaxed);
    assert!(
        claimed.is_ok(),
        "switched to an execution that is running, is being examined or has ended"
    );

    descriptors::set_kernel_stack(next.stack_top());
    match &next.root {
        Some(root) => root.activate(),
        None => kernel_space::activate(),
    }
    let load = next.saved_rsp.get();
    let user_gs = next.user_gs;
    let (restore, breakpoints) = (next.extended.get(), next.debug.get());
    // From here on the per-CPU block keeps both: this stack may never be run
    // again, so it holds no reference.
    let previous = local::replace_current(next);
    let previous = previous.expect("adopt_boot comes before the first switch");
    // SAFETY: `previous` runs here and `next` was claimed above, so nobody else
    // touches their registers.
    unsafe {
        (*previous.extended.get()).save();
        (*restore).restore();
        (*breakpoints).load();
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
pub(super) fn finish_switch() {
    drop(local::take_left());
}
