//! Imports a DLL that a freestanding program cannot have; must be refused.
#![no_std]
#![no_main]
nt::program!("imports", main);

#[link(name = "kernel32", kind = "raw-dylib")]
unsafe extern "system" {
    fn GetTickCount() -> u32;
}

fn main(program: &nt::Program) {
    // SAFETY: never reached: the kernel must not start the program.
    let ticks = unsafe { GetTickCount() };
    program.fail(format_args!("started, with {ticks} ticks"));
}
