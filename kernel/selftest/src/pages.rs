//! The kernel's page tables: what may be read, written and executed.

use core::sync::atomic::AtomicU64;

use hal::memory::layout;
use hal::probe::{self, Touch};

use super::expect::{Outcome, done, equal, holds};

const PAGE: u64 = 4096;
const PAGE_FAULT: Option<u8> = Some(14);
const GENERAL_PROTECTION: Option<u8> = Some(13);
const STACKS: u64 = 8;

static CONSTANT: [u64; 4] = [1, 2, 3, 4];
static DATA: AtomicU64 = AtomicU64::new(1);

pub(super) fn run() -> Outcome {
    let pages = hal::memory::check_write_xor_execute();
    holds("there are pages", done("the walk of all pages", pages)? > 0)?;
    without_identity_map()?;
    image()?;
    guards()?;
    equal(
        "execution of data",
        done("a page", probe::execute_data())?,
        protected("NX"),
    )
}

/// A page fault where the processor has the protection, else nothing.
pub(super) fn protected(name: &str) -> Option<u8> {
    let has_it = |protection: &probe::Protection| protection.name == name && protection.is_offered;
    probe::protections().iter().any(has_it).then_some(14)
}

fn read(address: u64, expected: Option<u8>) -> Outcome {
    let what = format_args!("read of {address:#x}: exception");
    equal(what, probe::touch(Touch::Read(address)), expected)
}

fn write(address: u64, expected: Option<u8>) -> Outcome {
    let what = format_args!("write to {address:#x}: exception");
    equal(what, probe::touch(Touch::Write(address)), expected)
}

/// The boot page tables' map of low memory is gone.
fn without_identity_map() -> Outcome {
    for address in [
        0,
        8,
        PAGE,
        0x7c00,
        0xb_8000,
        0x10_0000,
        0x20_0000,
        0x7fff_ffff,
        0xffff_ffff,
    ] {
        read(address, PAGE_FAULT)?;
        write(address, PAGE_FAULT)?;
    }
    read(1 << 32, PAGE_FAULT)?;
    read(layout::LOWER_HALF_END - 1, PAGE_FAULT)?;
    read(layout::LOWER_HALF_END, GENERAL_PROTECTION)?;
    read(layout::DIRECT_MAP - 1, GENERAL_PROTECTION)
}

/// Code and constants are read-only, at their own address and in the map of
/// all memory; data is not.
fn image() -> Outcome {
    let code = run as *const () as u64;
    let last = probe::code().end - 1;
    let constant = (&raw const CONSTANT) as u64;
    for address in [code, probe::code().start, last, constant] {
        for place in [address, alias(address)] {
            read(place, None)?;
            write(place, PAGE_FAULT)?;
        }
    }
    let data = (&raw const DATA) as u64;
    write(data, None)?;
    write(alias(data), None)
}

/// Where the direct map shows a byte of the kernel image.
fn alias(address: u64) -> u64 {
    address - layout::KERNEL_IMAGE + layout::DIRECT_MAP
}

/// Below every stack is a page that is not there.
fn guards() -> Outcome {
    for page in probe::guard_pages() {
        read(page, PAGE_FAULT)?;
        write(page + PAGE - 1, PAGE_FAULT)?;
        read(page + PAGE, None)?;
    }
    for slot in 0..STACKS {
        let stack = layout::kernel_stack(slot);
        write(stack.start - 1, PAGE_FAULT)?;
        write(stack.end, PAGE_FAULT)?;
    }
    Ok(())
}
