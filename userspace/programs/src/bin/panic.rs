//! Panics, which ends it with a status that says so.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("panic", main);

fn main(_program: &nt::Program) {
    panic!("on purpose");
}
