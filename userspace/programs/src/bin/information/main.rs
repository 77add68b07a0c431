//! Information of threads and processes: every class, its sizes, its rights.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("information", main);

mod classes;
mod io;
mod priorities;
mod process;
mod shape;
mod text;
mod thread;
mod times;

use nt::Program;

fn main(program: &Program) {
    shape::check(program);
    thread::check(program);
    process::check(program);
    io::check(program);
    priorities::check(program);
    times::check(program);
    text::check(program);
}
