//! Ends with the status given as its argument.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("exit", main);

fn main(program: &nt::Program) {
    let status = program.arguments().nth(1).and_then(|text| text.number());
    match status.and_then(|number| u32::try_from(number).ok()) {
        Some(status) => nt::exit(nt::NtStatus(status)),
        None => program.fail(format_args!("usage: exit.exe STATUS, of 32 bits")),
    }
}
