//! Exceptions that a program deals with itself, contexts, and APCs.
#![no_std]
#![no_main]
nt::program!("exceptions", main);

mod apcs;
mod contexts;
mod continuing;
mod debug;
mod float;
mod handler;
mod memory;
mod processor;
mod raised;
mod stacks;
mod vectors;

use nt::exception::{self, THIS};
use nt::{NtStatus, Program};

fn main(program: &Program) {
    let queued = exception::queue_apc(THIS, 1, [0; 3]);
    program.check("without a dispatcher", queued, NtStatus::NOT_SUPPORTED);
    let registered = exception::register(handler::on_exception, handler::on_apc);
    program.check("register", registered, NtStatus::SUCCESS);
    if let Some(how) = program.arguments().nth(1) {
        raised::end(program, how.as_str());
    }
    processor::run(program);
    float::run(program);
    memory::run(program);
    stacks::run(program);
    raised::run(program);
    continuing::run(program);
    apcs::run(program);
    contexts::run(program);
    debug::run(program);
    vectors::run(program);
}
