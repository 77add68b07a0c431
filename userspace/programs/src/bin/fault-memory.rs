//! Touches memory in the state its argument names, which faults.
#![no_std]
#![no_main]
nt::program!("fault-memory", main);

use abi::memory::{MEM_COMMIT, MEM_DECOMMIT, MEM_RELEASE, MEM_RESERVE};
use abi::memory::{PAGE_GUARD, PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE};
use nt::memory::{allocate, free, protect};

const SIZE: u64 = 0x1_0000;

fn main(program: &nt::Program) {
    let argument = program.arguments().nth(1);
    let kind = argument.as_ref().map_or("", |text| text.as_str());
    let made = match kind {
        "reserved" => allocate(0, SIZE, MEM_RESERVE, PAGE_READWRITE).map(|range| range.base),
        "decommitted" => touched().and_then(|base| {
            // SAFETY: nothing else uses the memory.
            unsafe { free(base, SIZE, MEM_DECOMMIT) }.map(|_| base)
        }),
        "released" => touched().and_then(|base| {
            // SAFETY: as above.
            unsafe { free(base, 0, MEM_RELEASE) }.map(|_| base)
        }),
        "inaccessible" => protected(PAGE_NOACCESS),
        "readonly" => protected(PAGE_READONLY),
        "guard" => protected(PAGE_READWRITE | PAGE_GUARD),
        _ => program.fail(format_args!("unknown kind of memory {kind:?}")),
    };
    match made {
        Ok(base) => write(base),
        Err(status) => program.fail(format_args!("could not make the memory: {status}")),
    }
    program.fail(format_args!("the write did not fault"));
}

/// Memory that has been written to, so that a stale mapping would be noticed.
fn touched() -> Result<u64, nt::NtStatus> {
    let base = allocate(0, SIZE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)?.base;
    write(base);
    Ok(base)
}

fn protected(protection: u32) -> Result<u64, nt::NtStatus> {
    let base = touched()?;
    // SAFETY: nothing else uses the memory.
    unsafe { protect(base, SIZE, protection) }.map(|_| base)
}

fn write(base: u64) {
    // SAFETY: the program's own memory, or the write faults.
    unsafe { (base as *mut u8).write_volatile(1) };
}
