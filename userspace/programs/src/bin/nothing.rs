//! Ends at once: what a process costs.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("nothing", main);

fn main(_program: &nt::Program) {
    nt::exit(nt::NtStatus::SUCCESS)
}
