//! QEMU's debug console: a port that takes bytes for the host, if it is there.
//!
//! It carries what is for tools and too long for the serial line. The host reads
//! a line of text that says what follows, then so many bytes.

use x86_64::instructions::port::Port;

/// isa-debugcon's usual place.
const PORT: u16 = 0xe9;
/// What reading it gives; without the device the bus gives all ones.
const PRESENT: u8 = 0xe9;

/// Whether somebody listens.
pub fn is_present() -> bool {
    // SAFETY: reading changes nothing, and nothing else is at this port.
    unsafe { Port::<u8>::new(PORT).read() == PRESENT }
}

/// Sends bytes; without the device they are lost.
pub fn write(bytes: &[u8]) {
    let mut port = Port::<u8>::new(PORT);
    for &byte in bytes {
        // SAFETY: the device takes any byte; without it nothing listens.
        unsafe { port.write(byte) };
    }
}

/// `write!` to the port.
pub struct DebugPort;

impl core::fmt::Write for DebugPort {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        write(text.as_bytes());
        Ok(())
    }
}
