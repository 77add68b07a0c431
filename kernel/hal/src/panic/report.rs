//! The report: cause, frames with names, registers, context, last events.

use core::arch::asm;
use core::fmt::Write;
use core::panic::PanicInfo;

use super::CONTEXT;
use super::backtrace::{self, Step};
use super::names::{self, SymbolTable};
use crate::console::Panicking;
use crate::cpu::{interrupts, local};
use crate::memory::{layout, walk};
use crate::trap::{PageFault, SYSTEM_CALL, TrapFrame};
use crate::{end, log, serial, stacks};

/// Frames printed at either end of a chain that is too long to print whole.
const FRAMES_AT_EITHER_END: usize = 16;

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

/// Prints the frames from `rbp` on, first the one that was at `interrupted`;
/// leading functions that `skip` knows are left out.
fn print_backtrace(
    out: &mut Panicking,
    rbp: u64,
    interrupted: Option<u64>,
    skip: fn(&str) -> bool,
) {
    let table = names::parse();
    let _ = match &table {
        Ok(_) => writeln!(out, "backtrace:"),
        Err(error) => writeln!(out, "backtrace without names: {error}"),
    };
    let mut printer = Printer::new(out, table.ok(), skip);
    if let Some(address) = interrupted {
        printer.step(Step::Interrupted(address));
    }
    backtrace::walk(rbp, |step| printer.step(step));
}

/// Functions between the panic and the code that panicked.
fn is_panic_machinery(name: &str) -> bool {
    const MACHINERY: [&str; 6] = [
        "hal::panic::report::",
        "core::panicking::",
        "__rustc::rust_begin_unwind",
        "core::option::expect_failed",
        "core::option::unwrap_failed",
        "core::result::unwrap_failed",
    ];
    MACHINERY.iter().any(|prefix| name.starts_with(prefix))
}

/// Prints frames: recursion folded, of a long chain the first and the last.
struct Printer<'a> {
    out: &'a mut Panicking,
    table: Option<SymbolTable<'static>>,
    skip: Option<fn(&str) -> bool>,
    /// Frames met so far, and groups of them since the last trap.
    frames: usize,
    groups: usize,
    /// The last groups; the first ones are printed when they are complete.
    last: [Group; FRAMES_AT_EITHER_END],
}

/// A frame, and how often its function calls itself above it.
#[derive(Clone, Copy, Default)]
struct Group {
    number: usize,
    address: u64,
    inside: u64,
    function: u64,
    repeats: usize,
}

impl<'a> Printer<'a> {
    fn new(
        out: &'a mut Panicking,
        table: Option<SymbolTable<'static>>,
        skip: fn(&str) -> bool,
    ) -> Self {
        Self {
            out,
            table,
            skip: Some(skip),
            frames: 0,
            groups: 0,
            last: [Group::default(); FRAMES_AT_EITHER_END],
        }
    }

    fn step(&mut self, step: Step<'_>) {
        match step {
            // The call lies before the address at which the function goes on.
            Step::Return(address) => self.frame(address, address.wrapping_sub(1)),
            Step::Interrupted(address) => self.frame(address, address),
            Step::Trap(frame) => {
                self.finish();
                self.trap(frame);
            }
            Step::End(end) => {
                self.finish();
                let _ = writeln!(self.out, "  --- {end}");
            }
        }
    }

    fn frame(&mut self, address: u64, inside: u64) {
        let symbol = self.table.as_ref().and_then(|table| table.lookup(inside));
        if let Some(skip) = self.skip {
            if symbol
                .as_ref()
                .is_some_and(|symbol| skip(Prefix::of(&symbol.name()).text()))
            {
                return;
            }
            self.skip = None;
        }
        let function = symbol.map_or(0, |symbol| symbol.start);
        let number = self.frames;
        self.frames += 1;
        if self.groups > 0 && function != 0 {
            let current = &mut self.last[(self.groups - 1) % FRAMES_AT_EITHER_END];
            if current.function == function {
                current.repeats += 1;
                return;
            }
        }
        if (1..=FRAMES_AT_EITHER_END).contains(&self.groups) {
            self.print(self.groups - 1);
        }
        self.last[self.groups % FRAMES_AT_EITHER_END] = Group {
            number,
            address,
            inside,
            function,
            repeats: 0,
        };
        self.groups += 1;
    }

    fn print(&mut self, group: usize) {
        let group = self.last[group % FRAMES_AT_EITHER_END];
        let table = self.table.as_ref();
        // The report goes to the port, which takes everything.
        let _ = names::write_frame(self.out, table, group.number, group.address, group.inside);
        if group.repeats > 0 {
            let again = group.repeats;
            let _ = writeln!(self.out, "  ... and {again} more of the same function");
        }
    }

    /// Prints what was held back.
    fn finish(&mut self) {
        let printed = self.groups.saturating_sub(1).min(FRAMES_AT_EITHER_END);
        let first = printed.max(self.groups.saturating_sub(FRAMES_AT_EITHER_END));
        if first > printed {
            let _ = writeln!(
                self.out,
                "  ... up to #{}",
                self.last[first % FRAMES_AT_EITHER_END].number
            );
        }
        for group in first..self.groups {
            self.print(group);
        }
        self.groups = 0;
    }

    fn trap(&mut self, frame: &TrapFrame) {
        self.skip = None;
        let mode = if frame.is_user() { "user" } else { "kernel" };
        let _ = match frame.vector {
            SYSTEM_CALL => writeln!(self.out, "  --- system call {:#x}", frame.service_number()),
            vector => writeln!(self.out, "  --- {} in {mode} mode", vector_name(vector)),
        };
        if frame.is_user() {
            let _ = writeln!(
                self.out,
                "      user rip={:#x} rsp={:#x}",
                frame.rip, frame.rsp
            );
            if let Some(describe) = CONTEXT.get() {
                describe.user_frames(self.out, frame);
            }
        }
    }
}

/// The beginning of a name, enough to know it by.
#[derive(Default)]
struct Prefix {
    bytes: [u8; 32],
    length: usize,
}

impl Prefix {
    fn of(name: &impl core::fmt::Display) -> Self {
        let mut prefix = Self::default();
        // What does not fit is cut.
        let _ = write!(prefix, "{name}");
        prefix
    }

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
    for _ in 0..2 * FRAMES_AT_EITHER_END {
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
