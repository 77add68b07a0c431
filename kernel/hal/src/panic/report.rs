//! The report: cause, frames with names, registers, context, last events.

use core::arch::asm;
use core::fmt::Write;
use core::panic::PanicInfo;

use super::backtrace::{self, Step};
use super::{CONTEXT, names};
use crate::console::Panicking;
use crate::cpu::{interrupts, local};
use crate::memory::{layout, walk};
use crate::trap::{PageFault, SYSTEM_CALL, TrapFrame};
use crate::{end, log, serial, stacks};

/// Frames printed at either end of a chain that is too long to print whole.
const FRAMES_AT_EITHER_END: usize = 32;

#[inline(always)]
fn frame_pointer() -> u64 {
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
    print_backtrace(out, frame_pointer(), is_panic_machinery);
    print_rest(out, None);
    end::after_panic()
}

/// Reports a fault of the kernel itself, and ends the machine.
pub(crate) fn kernel_fault(frame: &TrapFrame, fault: Option<PageFault>) -> ! {
    interrupts::disable();
    match local::enter_panic() {
        0 => {}
        1 => raw(),
        _ => interrupts::halt_forever(),
    }
    let out = &mut Panicking::new();
    let _ = write!(out, "\nPANIC: {} in the kernel", vector_name(frame.vector));
    let _ = match fault {
        Some(fault) => writeln!(out, ": {fault}: {}", Place(fault.address)),
        None => writeln!(out, ", error code {:#x}{}", frame.error_code, overflow(frame)),
    };
    print_header(out);
    let mut printer = Printer::new(out);
    printer.frame(frame.rip, frame.rip, "");
    backtrace::walk(frame.rbp, |step| printer.step(step, &|_| false));
    printer.finish();
    print_rest(out, Some(frame));
    end::after_panic()
}

/// A double fault on a stack's guard page is a stack overflow, and says so.
fn overflow(frame: &TrapFrame) -> Place {
    let rsp = frame.rsp;
    let touched = x86_64::registers::control::Cr2::read_raw();
    match frame.vector == 8 && (stacks::guarding(rsp).is_some() || stacks::guarding(touched).is_some()) {
        true => Place(if stacks::guarding(touched).is_some() { touched } else { rsp }),
        false => Place(u64::MAX),
    }
}

/// What lies at an address, in words.
struct Place(u64);

impl core::fmt::Display for Place {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        const NULL_PAGE: u64 = 0x1_0000;
        match self.0 {
            u64::MAX => Ok(()),
            address if stacks::guarding(address).is_some() => {
                let stack = stacks::guarding(address).unwrap_or_default();
                write!(out, " stack overflow: {address:#x} is in the guard page of the {stack}")
            }
            address if address < NULL_PAGE => write!(out, "null + {address:#x}"),
            address if address < layout::LOWER_HALF_END => {
                out.write_str("a user address, touched outside the copy routines")
            }
            address if address < layout::DIRECT_MAP => out.write_str("not a canonical address"),
            address if walk::is_mapped(address) => out.write_str("mapped, but not for this"),
            _ => out.write_str("not mapped"),
        }
    }
}

fn print_backtrace(out: &mut Panicking, rbp: u64, skip: fn(&str) -> bool) {
    print_header(out);
    let mut printer = Printer::new(out);
    backtrace::walk(rbp, |step| printer.step(step, &skip));
    printer.finish();
}

fn print_header(out: &mut Panicking) {
    let _ = match names::table() {
        Some(_) => writeln!(out, "backtrace:"),
        None => writeln!(out, "backtrace (no symbol table in this kernel):"),
    };
}

/// Functions between the panic and the code that panicked.
fn is_panic_machinery(name: &str) -> bool {
    const MACHINERY: [&str; 4] =
        ["hal::panic::", "core::panicking::", "__rustc::rust_begin_unwind", "core::option::expect_failed"];
    MACHINERY.iter().any(|prefix| name.starts_with(prefix)) && !name.starts_with("hal::panic::provoke")
        || name.starts_with("core::result::unwrap_failed")
        || name.starts_with("core::option::unwrap_failed")
}

/// Prints frames; of a long chain the first and the last ones.
struct Printer<'a> {
    out: &'a mut Panicking,
    number: usize,
    skipping: bool,
    /// The last frames beyond the first, waiting for the end.
    late: [(u64, u64); FRAMES_AT_EITHER_END],
}

impl<'a> Printer<'a> {
    fn new(out: &'a mut Panicking) -> Self {
        Self { out, number: 0, skipping: true, late: [(0, 0); FRAMES_AT_EITHER_END] }
    }

    fn step(&mut self, step: Step<'_>, skip: &dyn Fn(&str) -> bool) {
        match step {
            Step::Return(address) => {
                // The call lies before the address at which the function goes on.
                self.function(address, address.wrapping_sub(1), skip);
            }
            Step::Interrupted(address) => self.function(address, address, &|_| false),
            Step::Trap(frame) => {
                self.skipping = false;
                self.flush();
                self.trap(frame);
            }
            Step::End(end) => {
                self.flush();
                let _ = writeln!(self.out, "  --- {end}");
            }
        }
    }

    fn function(&mut self, address: u64, inside: u64, skip: &dyn Fn(&str) -> bool) {
        if self.skipping && is_skipped(inside, skip) {
            return;
        }
        self.skipping = false;
        self.frame(address, inside, "");
    }

    fn frame(&mut self, address: u64, inside: u64, _note: &str) {
        if self.number < FRAMES_AT_EITHER_END {
            print_frame(self.out, self.number, address, inside);
        } else {
            self.late[self.number % FRAMES_AT_EITHER_END] = (address, inside);
        }
        self.number += 1;
    }

    /// Prints the frames held back.
    fn flush(&mut self) {
        let first = FRAMES_AT_EITHER_END.max(self.number.saturating_sub(FRAMES_AT_EITHER_END));
        if first > FRAMES_AT_EITHER_END {
            let _ = writeln!(self.out, "  ... {} frames left out", first - FRAMES_AT_EITHER_END);
        }
        for number in first..self.number {
            let (address, inside) = self.late[number % FRAMES_AT_EITHER_END];
            print_frame(self.out, number, address, inside);
        }
    }

    fn trap(&mut self, frame: &TrapFrame) {
        let mode = if frame.is_user() { "user" } else { "kernel" };
        let _ = match frame.vector {
            SYSTEM_CALL => writeln!(self.out, "  --- system call {:#x}", frame.service_number()),
            vector => writeln!(self.out, "  --- {} in {mode} mode", vector_name(vector)),
        };
        if frame.is_user() {
            let _ = writeln!(self.out, "      user rip={:#x} rsp={:#x}", frame.rip, frame.rsp);
        }
    }

    fn finish(self) {}
}

fn is_skipped(inside: u64, skip: &dyn Fn(&str) -> bool) -> bool {
    let Some(symbol) = names::table().and_then(|table| table.lookup(inside)) else { return false };
    let mut name = Prefix::default();
    let _ = write!(name, "{}", symbol.name());
    skip(name.text())
}

/// The beginning of a name, enough to know it by.
#[derive(Default)]
struct Prefix {
    bytes: [u8; 32],
    length: usize,
}

impl Prefix {
    fn text(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

impl Write for Prefix {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let taken = text.len().min(self.bytes.len() - self.length);
        self.bytes[self.length..self.length + taken].copy_from_slice(&text.as_bytes()[..taken]);
        self.length += taken;
        Ok(())
    }
}

fn print_frame(out: &mut Panicking, number: usize, address: u64, inside: u64) {
    let _ = match names::table().and_then(|table| table.lookup(inside)) {
        Some(symbol) => {
            writeln!(out, "  #{number:<3} {address:#018x}  {}+{:#x}", symbol.name(), address - symbol.start)
        }
        None => writeln!(out, "  #{number:<3} {address:#018x}  ?"),
    };
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
        describe(out);
    }
    let _ = writeln!(out, "last events:");
    log::last_events(|line| out.write_bytes(line));
}

/// The report of a panic in the report: addresses only.
pub(super) fn raw() -> ! {
    let mut port = serial::Unlocked::new();
    port.write(b"\nPANIC while reporting a panic; return addresses:\n");
    let mut rbp = frame_pointer();
    for _ in 0..FRAMES_AT_EITHER_END {
        let (Some(saved), Some(address)) = (backtrace::read_word(rbp), backtrace::read_word(rbp + 8)) else {
            break;
        };
        let mut digits = [0; 17];
        for (index, digit) in digits.iter_mut().take(16).enumerate() {
            let nibble = (address >> (60 - 4 * index) & 15) as u8;
            *digit = if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
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
