//! Linked for the shared page's address without relocations; must be refused.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("based-fixed", main);

fn main(program: &nt::Program) {
    program.fail(format_args!(
        "started at {:#x}",
        nt::program::peb().image_base
    ));
}
