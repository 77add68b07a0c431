//! The report: cause, frames with names, registers, context, last events.

use core::arch::asm;
use core::fmt::Display;
use core::panic::PanicInfo;

use report::{Code, Current, Fault, Form, Head, Kind, is_panic_machinery};

use super::output::show_panic;
use super::place::Place;
use super::printer::give_backtrace;
use super::{CONTEXT, backtrace, names};
use crate::cpu::interrupts;
use crate::cpu::local;
use crate::trap::{self, PageFault, TrapFrame, vector_name};
use crate::{end, log, serial, stacks};

/// Return addresses printed when printing names has failed.
const RAW_FRAMES: usize = 32;

#[inline(always)]
pub(super) fn frame_pointer() -> u64 {
    let rbp: u64;
    // SAFETY: reads a register.
    unsafe { asm!("mov {}, rbp", out(reg) rbp, options(nomem, nostack, preserves_flags)) };
    rbp
}

/// Reports a Rust panic. The frames of the panic machinery are left out.
#[inline(never)]
pub(super) fn of_panic(info: &PanicInfo<'_>) -> ! {
    let rbp = frame_pointer();
    show_panic(&|form| {
        let location = info.location();
        form.head(&Head {
            location: location.as_ref().map(|location| location as &dyn Display),
            ..head(&info.message())
        });
        give_backtrace(form, rbp, None, is_panic_machinery);
        give_rest(form, None);
    });
    end::after_panic()
}

/// Reports a fault of the kernel itself, and ends the machine.
pub(crate) fn kernel_fault(frame: &TrapFrame, fault: Option<PageFault>) -> ! {
    interrupts::disable();
    match local::enter_panic() {
        0 => {}
        1 => raw(),
        _ => end::silently(),
    }
    let overflowed = overflowed_stack(frame);
    show_panic(&|form| {
        let name = vector_name(frame.vector);
        let give = |form: &mut dyn Form, cause: &dyn Display, fault: Option<Fault<'_>>| {
            form.head(&Head {
                fault,
                ..head(cause)
            });
        };
        match (overflowed, fault) {
            (Some(stack), _) => give(
                form,
                &format_args!("stack overflow: the {stack} reached its guard page ({name})"),
                None,
            ),
            (None, Some(fault)) => {
                let place = Place(fault.address);
                let touched = Fault {
                    address: fault.address,
                    access: fault.access(),
                    place: &place,
                };
                let cause = format_args!("{name} in the kernel: {fault} ({place})");
                give(form, &cause, Some(touched));
            }
            (None, None) => {
                let code = frame.error_code;
                let cause = format_args!("{name} in the kernel, error code {code:#x}");
                give(form, &cause, None);
            }
        }
        give_backtrace(form, frame.rbp, Some(frame.rip), |_| false);
        give_rest(form, Some(frame));
    });
    end::after_panic()
}

/// Describes this place to a form as if it had panicked: for measuring reports.
#[inline(never)]
pub fn describe_here(form: &mut dyn Form) {
    form.head(&head(&"nothing is broken"));
    give_backtrace(form, frame_pointer(), None, |_| false);
    give_rest(form, None);
}

/// What every panic says of the kernel.
fn head(cause: &dyn Display) -> Head<'_> {
    let (version, build_id) = super::kernel_identity();
    Head {
        kind: Kind::Panic,
        version,
        build_id,
        cause,
        location: None,
        fault: None,
        ending: None,
    }
}

/// The stack whose overflow a double fault is: pushing the page fault's frame
/// on the guard page faulted again.
fn overflowed_stack(frame: &TrapFrame) -> Option<&'static str> {
    const DOUBLE_FAULT: u64 = 8;
    let touched = x86_64::registers::control::Cr2::read_raw();
    let is_double = frame.vector == DOUBLE_FAULT;
    is_double.then(|| stacks::guarding(touched).or_else(|| stacks::guarding(frame.rsp)))?
}

/// Gives what follows the frames.
fn give_rest(form: &mut dyn Form, frame: Option<&TrapFrame>) {
    if let Some(frame) = frame {
        form.registers(&frame.registers());
        if let Some((start, bytes)) = names::code_around(frame.rip) {
            let at = (frame.rip - start) as usize;
            form.code(&Code { start, bytes, at });
        }
    }
    match CONTEXT.get() {
        Some(describe) => {
            describe.current(form);
            describe.modules(form);
        }
        None => form.current(&Current::Kernel),
    }
    log::last_events(|line| form.event(line));
    form.finish();
}

/// The report of a panic in the report: addresses only.
pub(super) fn raw() -> ! {
    let mut port = serial::Unlocked::new();
    port.write(b"\nPANIC while reporting a panic; return addresses:\n");
    if let Some(id) = names::build_id() {
        port.write(b"build ");
        id.iter().for_each(|&byte| {
            port.write(&[hexadecimal(byte >> 4), hexadecimal(byte & 15)]);
        });
        port.write(b"\n");
    }
    let mut rbp = frame_pointer();
    for _ in 0..RAW_FRAMES {
        // Entry stubs have what they saved in place of a frame.
        let address = backtrace::read_word(rbp.wrapping_add(8));
        let Some(address) = address.filter(|&address| !trap::is_entry_code(address)) else {
            break;
        };
        let Some(saved) = backtrace::read_word(rbp) else {
            break;
        };
        let mut digits = [0; 17];
        for (index, digit) in digits.iter_mut().take(16).enumerate() {
            *digit = hexadecimal((address >> (60 - 4 * index) & 15) as u8);
        }
        digits[16] = b'\n';
        port.write(&digits);
        rbp = saved;
    }
    end::after_nested_panic()
}

fn hexadecimal(digit: u8) -> u8 {
    match digit {
        0..10 => b'0' + digit,
        _ => b'a' + digit - 10,
    }
}
