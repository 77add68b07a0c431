//! Programs whose code can be written.

use abi::memory::PAGE_EXECUTE_WRITECOPY;
use nt::memory::query;

use super::damaged::{FLAGS, SECTIONS, headers};
use super::shown::{information, unmap, view};
use super::*;

/// Of the first section: code, run, read and written.
const WRITABLE_CODE: [u8; 4] = [0x20, 0, 0, 0xE0];

/// It runs, and who writes it has a copy.
pub fn code(program: &Program) {
    copy(program, EXIT, COPY);
    let file = program.done("the copy", open(COPY, READ | WRITE | FILE_EXECUTE));
    let flags = headers(program, &file) + SECTIONS + FLAGS;
    let written = file::write(&file, Some(flags), &WRITABLE_CODE);
    program.check("its flags", written, Ok(WRITABLE_CODE.len()));
    let section = program.done("an image", image(&file));
    drop(file);
    let created = program.done("started", launch(COPY));
    join(program, &created, STATUS);
    let (one, other) = (view(program, COPY), view(program, COPY));
    let entry = information(program, &section).transfer_address;
    let protection = query(entry).map(|found| found.protect);
    program.check("copied", protection, Ok(PAGE_EXECUTE_WRITECOPY));
    for number in 0..200 {
        // SAFETY: of a view that this test has mapped, and does not run otherwise.
        unsafe { (entry as *mut u64).write_volatile(0xC300_0000_00B8 | u64::from(number) << 8) };
        // SAFETY: a function of that type has just been written there.
        let function: extern "system" fn() -> u32 = unsafe { core::mem::transmute(entry) };
        program.check("written and run", function(), number);
    }
    // SAFETY: of a view that this test has mapped.
    let kept = unsafe { ((other + (entry - one)) as *const u64).read_volatile() };
    program.require(
        "the other is as it was",
        kept != 0xC300_0000_00B8 | 199 << 8,
    );
    let created = program.done("started again", launch(COPY));
    join(program, &created, STATUS);
    for base in [one, other] {
        unmap(program, base);
    }
    drop((created, section));
    delete(program, COPY);
}
