//! A panic of a program: a message, and a status that says it was a panic.
use crate::{exit, println};
use abi::NtStatus;

/// Exit status after a panic: an error with the bit for statuses not NT's.
pub const PANIC_STATUS: NtStatus = NtStatus(0xE050_414E);

#[panic_handler]
fn panic(information: &core::panic::PanicInfo<'_>) -> ! {
    println!("{information}");
    exit(PANIC_STATUS)
}
