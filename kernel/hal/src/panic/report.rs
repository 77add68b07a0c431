//! The report: cause, frames with names, registers, context, last events.

use core::arch::asm;
use core::fmt::Write;
use core::panic::PanicInfo;

use super::CONTEXT;
use super::backtrace;
use super::printer::{is_panic_machinery, print_backtrace};
use crate::console::Panicking;
use crate::cpu::{interrupts, local};
use crate::memory::{layout, walk};
use crate::trap::{PageFault, TrapFrame};
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
    let out = &mut Panicking::new();
    // The report goes to the port, which takes everything.
    let _ = write!(out, "\nPANIC: {}\n", info.message());
    if let Some(location) = info.location() {
        let _ = writeln!(out, "  at {location}");
    }
    print_backtrace(out, frame_pointer(), None, is_panic_machinery);
    print_rest(out, None);
    end::after_panic(out)
}

/// Reports a fault of the kernel itself, and ends the machine.
pub(crate) fn kernel_fault(frame: &TrapFrame, fault: Option<PageFault>) -> ! {
    interrupts::disable();
    match local::enter_panic() {
        0 => {}
        1 => raw(),
        _ => end::silently(),
    }
    let out = &mut Panicking::new();
    let name = vector_name(frame.vector);
    let _ = match (overflowed_stack(frame), fault) {
        (Some(stack), _) => writeln!(
            out,
            "\nPANIC: stack overflow: the {stack} reached its guard page ({name})"
        ),
        (None, Some(fault)) => writeln!(
            out,
            "\nPANIC: {name} in the kernel: {fault} ({})",
            Place(fault.address)
        ),
        (None, None) => writeln!(
            out,
            "\nPANIC: {name} in the kernel, error code {:#x}",
            frame.error_code
        ),
    };
    print_backtrace(out, frame.rbp, Some(frame.rip), |_| false);
    print_rest(out, Some(frame));
    end::after_panic(out)
}

/// The stack whose overflow a double fault is: pushing the page fault's frame
/// on the guard page faulted again.
fn overflowed_stack(frame: &TrapFrame) -> Option<&'static str> {
    const DOUBLE_FAULT: u64 = 8;
    let touched = x86_64::registers::control::Cr2::read_raw();
    let is_double = frame.vector == DOUBLE_FAULT;
    is_double.then(|| stacks::guarding(touched).or_else(|| stacks::guarding(frame.rsp)))?
}

/// What lies at an address, in words.
struct Place(u64);

impl core::fmt::Display for Place {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        const NULL_PAGE: u64 = 0x1_0000;
        match self.0 {
            address if address < NULL_PAGE => write!(out, "null + {address:#x}"),
            address if address < layout::LOWER_HALF_END => {
                out.write_str("a user address, touched outside the copy routines")
            }
            address if address < layout::DIRECT_MAP => out.write_str("not a canonical address"),
            address => match stacks::guarding(address) {
                Some(stack) => write!(out, "in the guard page of the {stack}"),
                None if walk::is_mapped(address) => out.write_str("mapped, but not for this"),
                None => out.write_str("not mapped"),
            },
        }
    }
}

fn print_rest(out: &mut Panicking, frame: Option<&TrapFrame>) {
    if let Some(frame) = frame {
        let _ = writeln!(out, "registers:");
        for row in frame.registers().chunks(4) {
            for (name, value) in row {
                let _ = write!(out, "  {name:>6} {value:016x}");
            }
            let _ = writeln!(out);
        }
    }
    if let Some(describe) = CONTEXT.get() {
        describe.current(out);
    }
    let _ = writeln!(out, "last events:");
    log::last_events(|line| out.write_bytes(line));
}

/// The report of a panic in the report: addresses only.
pub(super) fn raw() -> ! {
    let mut port = serial::Unlocked::new();
    port.write(b"\nPANIC while reporting a panic; return addresses:\n");
    let mut rbp = frame_pointer();
    for _ in 0..RAW_FRAMES {
        let (Some(saved), Some(address)) =
            (backtrace::read_word(rbp), backtrace::read_word(rbp + 8))
        else {
            break;
        };
        let mut digits = [0; 17];
        for (index, digit) in digits.iter_mut().take(16).enumerate() {
            let nibble = (address >> (60 - 4 * index) & 15) as u8;
            *digit = if nibble < 10 {
                b'0' + nibble
            } else {
                b'a' + nibble - 10
            };
        }
        digits[16] = b'\n';
        port.write(&digits);
        rbp = saved;
    }
    end::after_nested_panic()
}

/// A vector's name as the manuals give it.
pub(crate) fn vector_name(vector: u64) -> &'static str {
    match vector {
        0 => "divide error",
        1 => "debug exception",
        2 => "NMI",
        3 => "breakpoint",
        4 => "overflow",
        5 => "bound range exceeded",
        6 => "invalid opcode",
        7 => "device not available",
        8 => "double fault",
        10 => "invalid TSS",
        11 => "segment not present",
        12 => "stack-segment fault",
        13 => "general protection fault",
        14 => "page fault",
        16 => "x87 floating-point error",
        17 => "alignment check",
        18 => "machine check",
        19 => "SIMD floating-point exception",
        20 => "virtualization exception",
        21 => "control protection exception",
        0x29 => "fast fail",
        0x2c => "assertion",
        0x2d => "debug service",
        32.. => "interrupt",
        _ => "reserved exception",
    }
}
