//! Never ends; for tests of the time limit.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("spin", main);

fn main(_program: &nt::Program) {
    loop {
        core::hint::spin_loop();
    }
}
