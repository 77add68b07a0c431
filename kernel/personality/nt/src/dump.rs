//! A minidump of a program that a fault ends, for the host's debuggers.
//!
//! It goes over the debug port: a line `PETREL-MINIDUMP process=N bytes=N
//! name=NAME`, then the file. Where nobody listens nothing is done.

use core::fmt::Write;

use alloc::vec::Vec;
use executive::exception::Cause;
use executive::memory::views::View;
use executive::process::{Process, Thread};
use executive::{Error, clock};
use hal::debug_port::DUMPS;
use hal::trap::TrapFrame;
use hal::user;
use minidump::{CodeView, Context, Dump, Exception, MemoryRange, Module, Segments, System};

use crate::{fault, shared_data};

/// The most of a stack that is sent: bytes from the stack pointer on.
const STACK_MAX_BYTES: u64 = 0x4_0000;
/// Code sent from around the instruction, so that it can be disassembled.
const CODE_BYTES: u64 = 256;
const PER_SECOND: u64 = 10_000_000;

/// Sends the dump of a process, if somebody listens.
#[inline(never)]
pub(crate) fn send(thread: &Thread, frame: &TrapFrame, cause: &Cause, status: u32) {
    if !DUMPS.is_present() {
        return;
    }
    if let Err(error) = try_send(thread, frame, cause, status) {
        log::warn!("{} leaves no minidump: {error}", thread.process().name());
    }
}

fn try_send(thread: &Thread, frame: &TrapFrame, cause: &Cause, status: u32) -> Result<(), Error> {
    let process = thread.process();
    let views = views(process)?;
    let mut modules = Vec::new();
    modules.try_reserve_exact(views.len())?;
    modules.extend(views.iter().map(module));

    let fxsave = hal::thread::fxsave();
    let segments = frame.segments();
    let context = Context {
        registers: frame.numbered_registers(),
        rip: frame.instruction_pointer(),
        rflags: frame.flags(),
        segments: Segments {
            cs: segments.code,
            ss: segments.stack,
            ds: segments.data,
            es: segments.extra,
            fs: segments.fs,
            gs: segments.gs,
        },
        fxsave: Some(&fxsave),
    };
    let id = number(thread.id());
    let threads = [minidump::Thread {
        id,
        teb: thread.environment_block(),
        context,
        stack: stack(process, frame.stack_pointer()),
    }];
    let (parameters, count) = fault::parameters(cause, frame);
    let dump = Dump {
        time_s: number(clock::since_1970_100ns().wrapping_div(PER_SECOND)),
        process_id: number(process.id()),
        system: system(),
        threads: &threads,
        exception: Exception {
            thread_id: id,
            code: status,
            flags: fault::flags(cause),
            address: context.rip,
            parameters: parameters.get(..count).unwrap_or_default(),
            context,
        },
        modules: &modules,
        ranges: &[code(process, context.rip)],
    };
    let bytes = dump.total_bytes().map_err(|_| Error::TooLong)?;
    // The port takes everything.
    let _ = writeln!(
        &DUMPS,
        "PETREL-MINIDUMP process={} bytes={bytes} name={}",
        process.id(),
        process.name(),
    );
    let mut read = |address: u64, to: &mut [u8]| user::copy_in(to, address).is_ok();
    dump.write(&mut read, &mut |bytes| DUMPS.write(bytes))
        .map_err(|_| Error::TooLong)
}

/// The images, copied out, so that user memory can be read meanwhile.
fn views(process: &Process) -> Result<Vec<View>, Error> {
    let mut views = Vec::new();
    let mut number = 0_u32;
    while let Some((at, view)) = process.memory().with(|space| {
        let (at, view) = space.first_view_from(number)?;
        Some((at, view.clone()))
    }) {
        views.try_reserve(1)?;
        views.push(view);
        number = at.saturating_add(1);
    }
    Ok(views)
}

fn module(view: &View) -> Module<'_> {
    let image = view.image.view();
    Module {
        base: view.base,
        size_bytes: image.size_of_image(),
        timestamp: image.time_stamp(),
        checksum: image.check_sum(),
        name: view.image.name(),
        code_view: image.code_view().map(|record| CodeView {
            guid: record.guid,
            age: record.age,
            pdb_name: record.pdb_name.as_bytes(),
        }),
    }
}

fn system() -> System {
    const WORD_BITS: usize = 64;
    let mut features = [0_u64; 2];
    for feature in shared_data::processor_features() {
        let (word, bit) = (feature.div_euclid(WORD_BITS), feature.rem_euclid(WORD_BITS));
        if let Some(word) = features.get_mut(word) {
            *word |= 1 << bit;
        }
    }
    System {
        major_version: shared_data::MAJOR_VERSION,
        minor_version: 0,
        build: abi::user_shared::BUILD_NUMBER,
        processor_count: 1,
        processor_signature: hal::cpu::features::signature(),
        processor_features: features,
    }
}

/// The used part of the stack, or what there is of it.
fn stack(process: &Process, stack_pointer: u64) -> MemoryRange {
    let end = end_of_equal(process, stack_pointer).unwrap_or(stack_pointer);
    MemoryRange {
        start: stack_pointer,
        bytes: end.saturating_sub(stack_pointer).min(STACK_MAX_BYTES),
    }
}

/// The code around an instruction, if it is in an image.
fn code(process: &Process, instruction: u64) -> MemoryRange {
    let is_code = process
        .memory()
        .with(|space| space.image_at(instruction).is_some());
    let start = instruction.saturating_sub(CODE_BYTES.wrapping_div(2));
    MemoryRange {
        start,
        bytes: if is_code { CODE_BYTES } else { 0 },
    }
}

/// Where the pages end that are like that of an address; none if it is free.
fn end_of_equal(process: &Process, address: u64) -> Option<u64> {
    let info = process.memory().with(|space| space.query(address)).ok()?;
    let is_free = info.allocation_base == 0;
    (!is_free).then(|| info.base_address.saturating_add(info.region_size_bytes))
}

/// A number as dumps have it; ours stay far below 2^32.
fn number(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
