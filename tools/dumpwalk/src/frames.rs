//! Walks the stack of the thread that crashed, by the images' unwind tables.

use std::fmt;

use framehop::x86_64::{CacheX86_64, Reg, UnwindRegsX86_64, UnwinderX86_64};
use framehop::{FrameAddress, Module, Unwinder};
use minidump::format::CONTEXT_AMD64;

use crate::dump::Dump;
use crate::image::Shared;
use crate::images::Images;
use crate::unwind_info;

/// Frames after which a chain is cut: more than a stack of 1 MiB holds.
const MOST_FRAMES: usize = 1 << 17;

/// Why the frames end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The first function of the thread has no caller.
    Complete,
    /// The next address is in no module.
    OutsideModules(u64),
    /// The module's file was not given.
    NoImage(String),
    /// The image says nothing that can be followed.
    BadUnwindInfo(String, u32),
    /// The next word is not in the dump.
    NoMemory(u64),
    /// The unwinder gave up.
    Unwinder(framehop::Error),
    /// There are more than anyone reads.
    TooMany,
}

/// The frames' addresses, the innermost first: where the crash was, then where
/// each caller goes on.
pub(crate) fn walk(dump: &Dump<'_>, images: &Images) -> (Vec<u64>, End) {
    let mut unwinder = UnwinderX86_64::new();
    for (base, image) in images.iter() {
        let range = base..base.saturating_add(image.memory.len() as u64);
        unwinder.add_module(Module::new(String::new(), range, base, image.clone()));
    }
    let mut registers = registers(&dump.context);
    let mut frames = vec![dump.context.rip];
    let mut address = FrameAddress::from_instruction_pointer(dump.context.rip);
    while frames.len() < MOST_FRAMES {
        match step(dump, images, &unwinder, address, &mut registers) {
            Err(end) => return (frames, end),
            Ok(caller) => match FrameAddress::from_return_address(caller) {
                None => return (frames, End::Complete),
                Some(next) => {
                    frames.push(caller);
                    address = next;
                }
            },
        }
    }
    (frames, End::TooMany)
}

/// The address that the function at `address` returns to, 0 if to nowhere.
fn step(
    dump: &Dump<'_>,
    images: &Images,
    unwinder: &UnwinderX86_64<Shared>,
    address: FrameAddress,
    registers: &mut UnwindRegsX86_64,
) -> Result<u64, End> {
    let inside = address.address_for_lookup();
    let (module, rva) = dump
        .module_at(inside)
        .ok_or(End::OutsideModules(address.address()))?;
    let image = images
        .get(module.base)
        .ok_or_else(|| End::NoImage(module.name().into()))?;
    if !unwind_info::is_sound(image, rva) {
        return Err(End::BadUnwindInfo(module.name().into(), rva));
    }
    // Rules are kept by address, and those of a stopped function differ from
    // those of one that waits for a call; so none are kept.
    let mut cache = CacheX86_64::new();
    let mut missing = None;
    let mut read = |address| {
        dump.word(address).ok_or_else(|| {
            missing.get_or_insert(address);
        })
    };
    let caller = unwinder.unwind_frame(address, registers, &mut cache, &mut read);
    // What the unwinder does without a word it asked for would be a guess.
    match (missing, caller) {
        (Some(address), _) => Err(End::NoMemory(address)),
        (None, Ok(caller)) => Ok(caller.unwrap_or(0)),
        (None, Err(error)) => Err(End::Unwinder(error)),
    }
}

fn registers(context: &CONTEXT_AMD64) -> UnwindRegsX86_64 {
    let mut registers = UnwindRegsX86_64::new(context.rip, context.rsp, context.rbp);
    for (register, value) in [
        (Reg::RAX, context.rax),
        (Reg::RCX, context.rcx),
        (Reg::RDX, context.rdx),
        (Reg::RBX, context.rbx),
        (Reg::RSI, context.rsi),
        (Reg::RDI, context.rdi),
        (Reg::R8, context.r8),
        (Reg::R9, context.r9),
        (Reg::R10, context.r10),
        (Reg::R11, context.r11),
        (Reg::R12, context.r12),
        (Reg::R13, context.r13),
        (Reg::R14, context.r14),
        (Reg::R15, context.r15),
    ] {
        registers.set(register, value);
    }
    registers
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => f.write_str("end of the stack"),
            Self::OutsideModules(address) => write!(f, "broken: {address:#x} is in no module"),
            Self::NoImage(name) => write!(
                f,
                "the file of {} was not given (--images)",
                name.escape_debug()
            ),
            Self::BadUnwindInfo(name, rva) => write!(
                f,
                "broken: {} has damaged unwind information for {rva:#x}",
                name.escape_debug()
            ),
            Self::NoMemory(address) => write!(f, "broken: {address:#x} is not in the dump"),
            Self::Unwinder(error) => {
                write!(f, "broken: the stack cannot be followed: {error}")
            }
            Self::TooMany => f.write_str("cut here: there are more frames than anyone reads"),
        }
    }
}
