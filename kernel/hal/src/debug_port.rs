//! QEMU's debug consoles: ports that take bytes for the host.
//!
//! They are not always there. [`DUMPS`] is for tools and takes what is too long for the
//! serial line: the host reads a line of text that says what follows, then so many
//! bytes. The others take what programs write to their standard streams, as it is.

use x86_64::instructions::port::Port;

/// What reading any of them gives; without the device the bus gives all ones.
const PRESENT: u8 = 0xe9;

/// isa-debugcon's usual place: minidumps.
pub static DUMPS: DebugPort = DebugPort(0xe9);
/// What programs write to their standard output.
pub static OUTPUT: DebugPort = DebugPort(0xea);
/// What they write to their standard error.
pub static ERRORS: DebugPort = DebugPort(0xeb);

/// A debug console, by the number of its port.
#[derive(Debug)]
pub struct DebugPort(u16);

impl DebugPort {
    /// Whether somebody listens.
    pub fn is_present(&self) -> bool {
        // SAFETY: reading changes nothing, and nothing else is at this port.
        unsafe { Port::<u8>::new(self.0).read() == PRESENT }
    }

    /// Sends bytes; without the device they are lost.
    pub fn write(&self, bytes: &[u8]) {
        // SAFETY: the device takes any byte, without it nothing listens; exactly
        // the slice is read, upwards, as the direction flag is clear in Rust code.
        unsafe {
            core::arch::asm!(
                "rep outsb",
                in("dx") self.0,
                inout("rsi") bytes.as_ptr() => _,
                inout("rcx") bytes.len() => _,
                options(nostack, preserves_flags, readonly),
            );
        }
    }
}

impl core::fmt::Write for &DebugPort {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.write(text.as_bytes());
        Ok(())
    }
}
