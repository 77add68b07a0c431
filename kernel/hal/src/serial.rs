//! COM1: the log, the programs' console and the final record.

use core::fmt::{self, Write};

use uart_16550::backend::PioBackend;
use uart_16550::{BaudRate, Config, Uart16550};

use crate::lock::{Lock, rank};

const COM1: u16 = 0x3f8;

static PORT: Lock<rank::Serial, Option<Uart16550<PioBackend>>> = Lock::new(None);

/// Opens the port; without one, output is dropped and input is empty.
pub(crate) fn init() {
    *PORT.lock() = open();
}

fn open() -> Option<Uart16550<PioBackend>> {
    // SAFETY: COM1 is ours by the PC's layout, and no other driver exists.
    let mut port = unsafe { Uart16550::new_port(COM1) }.ok()?;
    // The line control must be set: Bochs sends garbage otherwise.
    port.init(Config { baud_rate: BaudRate::Baud115200, ..Config::DEFAULT }).ok()?;
    Some(port)
}

/// Sends all bytes as they are.
pub fn write(bytes: &[u8]) {
    if let Some(port) = PORT.lock().as_mut() {
        port.send_bytes_exact(bytes);
    }
}

/// A byte that has arrived, if any.
pub fn read_byte() -> Option<u8> {
    PORT.lock().as_mut()?.try_receive_byte().ok()
}

/// Writes past the lock and past any state: for panics.
pub(crate) struct Unlocked(Option<Uart16550<PioBackend>>);

impl Unlocked {
    pub(crate) fn new() -> Self {
        // SAFETY: in a panic no other code runs again; the port's registers
        // take a second writer, at worst one byte is lost.
        Self(unsafe { Uart16550::new_port(COM1) }.ok())
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        if let Some(port) = &mut self.0 {
            port.send_bytes_exact(bytes);
        }
    }
}

impl Write for Unlocked {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write(text.as_bytes());
        Ok(())
    }
}
