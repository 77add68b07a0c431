//! Ends in the middle of a line.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("unfinished", main);

fn main(_program: &nt::Program) {
    nt::print!("no end of line");
    nt::exit(nt::NtStatus::SUCCESS);
}
