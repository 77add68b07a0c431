//! The smallest program: a line of text.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("hello", main);

fn main(_program: &nt::Program) {
    nt::println!("Hello from a PE program in user mode.");
}
