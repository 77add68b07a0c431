//! Reads lines from the console and prints them back, until `quit`.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("echo", main);

use nt::NtStatus;

fn main(program: &nt::Program) {
    nt::println!("echo: type lines, `quit` ends");
    let mut line = [0_u8; 128];
    let mut used = 0;
    loop {
        let mut byte = [0_u8];
        let (status, count) = nt::console::read(&mut byte);
        if status == NtStatus::END_OF_FILE {
            return;
        }
        program.check("status of NtReadFile", status, NtStatus::SUCCESS);
        program.check("bytes read", count, 1);
        if !matches!(byte[0], b'\r' | b'\n') {
            if used < line.len() {
                line[used] = byte[0];
                used += 1;
            }
            continue;
        }
        match core::str::from_utf8(&line[..used]) {
            Ok("") => {}
            Ok("quit") => return,
            Ok(text) => nt::println!("you typed: {text}"),
            Err(_) => nt::println!("that was not UTF-8"),
        }
        used = 0;
    }
}
