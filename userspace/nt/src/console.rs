//! Reading and writing the console, by way of the handles in the parameters.
use crate::{call, program};
use abi::{NtStatus, io::IoStatusBlock};
use core::fmt;
use zerocopy::FromZeros;

/// Prints formatted text in one call to the system.
#[macro_export]
macro_rules! print {
    ($($argument:tt)*) => {
        $crate::console::print(format_args!($($argument)*))
    };
}

/// Prints formatted text and the end of the line in one call to the system.
#[macro_export]
macro_rules! println {
    ($($argument:tt)*) => {
        $crate::console::print(format_args!("{}\n", format_args!($($argument)*)))
    };
}

/// Prints; what the console refuses is lost.
pub fn print(arguments: fmt::Arguments<'_>) {
    let mut buffer = Buffer {
        bytes: [0; 256],
        used: 0,
    };
    // An error could only come from a value's own formatting.
    let _ = fmt::write(&mut buffer, arguments);
    buffer.flush();
}

/// Writes bytes to standard output; returns the status and the bytes written.
pub fn write(bytes: &[u8]) -> (NtStatus, u64) {
    let mut result = IoStatusBlock::new_zeroed();
    let file = program::parameters().standard_output;
    let (buffer, length) = (bytes.as_ptr() as u64, bytes.len() as u64);
    let result_address = &raw mut result as u64;
    // SAFETY: the call writes `result` and nothing else.
    let status =
        unsafe { call::nt_write_file(file, 0, 0, 0, result_address, buffer, length, 0, 0) };
    (status, result.information)
}

/// Reads what there is, at least one byte; returns the status and the count.
pub fn read(bytes: &mut [u8]) -> (NtStatus, usize) {
    let mut result = IoStatusBlock::new_zeroed();
    let file = program::parameters().standard_input;
    let (buffer, length) = (bytes.as_mut_ptr() as u64, bytes.len() as u64);
    let result_address = &raw mut result as u64;
    // SAFETY: the call writes `result` and the buffer, both borrowed mutably.
    let status = unsafe { call::nt_read_file(file, 0, 0, 0, result_address, buffer, length, 0, 0) };
    (status, result.information as usize)
}

/// Gathers a line so that two programs do not mix theirs.
struct Buffer {
    bytes: [u8; 256],
    used: usize,
}

impl Buffer {
    fn flush(&mut self) {
        write(&self.bytes[..self.used]);
        self.used = 0;
    }
}

impl fmt::Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if self.used == self.bytes.len() {
                self.flush();
            }
            self.bytes[self.used] = byte;
            self.used += 1;
        }
        Ok(())
    }
}
