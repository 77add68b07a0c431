//! The system: all classes of information, clocks, random numbers, its end.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("system", main);

mod ending;
mod kernel;
mod lists;
mod processors;
mod randoms;
mod refused;
mod shape;
mod times;
mod values;

use nt::Program;

fn main(program: &Program) {
    if program.arguments().nth(1).is_some() {
        ending::shut_down(program)
    }
    shape::check(program);
    values::check(program);
    times::check(program);
    processors::check(program);
    kernel::check(program);
    lists::check(program);
    randoms::check(program);
    refused::check(program);
    ending::check(program);
}
