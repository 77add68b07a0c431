//! Dies of reading near address 0 in a thread with a name, which reports tell.
#![no_std]
#![no_main]
nt::program!("fault-named", main);

use abi::thread::{THREAD_NAME_INFORMATION, ThreadNameInformation};
use nt::information::{Of, set, string};
use nt::{NtStatus, Program, sync, thread};

fn main(program: &Program) {
    let reader = program.done("a thread", thread::spawn_suspended(read_null, 0));
    let mut units = [0; 10];
    for (place, unit) in units.iter_mut().zip("the reader".encode_utf16()) {
        *place = unit;
    }
    let name = ThreadNameInformation {
        name: string(&units),
    };
    let status = set(Of::Thread, reader.raw(), THREAD_NAME_INFORMATION, &name);
    program.check("its name", status, NtStatus::SUCCESS);
    program.check("go on", thread::resume(&reader), Ok(1));
    sync::wait(&reader, None);
    program.fail(format_args!("the thread ended alone"));
}

extern "system" fn read_null(_: u64) -> ! {
    // SAFETY: there is none; the read must fault, and the program dies of it.
    let value = unsafe { (8 as *const u32).read_volatile() };
    nt::println!("read {value}");
    thread::exit(NtStatus(1))
}
