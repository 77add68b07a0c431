//! COM1: the log, the programs' console and the final record.

use core::fmt::{self, Write};

use uart_16550::Uart16550;
use uart_16550::backend::PioBackend;
use uart_16550::spec::registers::{LCR, MCR, WordLength};
use x86_64::instructions::port::Port;

use crate::lock::{Lock, rank};

const COM1: u16 = 0x3f8;
const INTERRUPT_ENABLE: u16 = COM1 + 1;
const DIVISOR_LOW: u16 = COM1;
const DIVISOR_HIGH: u16 = COM1 + 1;
const LINE_CONTROL: u16 = COM1 + 3;
const MODEM_CONTROL: u16 = COM1 + 4;

static PORT: Lock<rank::Serial, Option<Uart16550<PioBackend>>> = Lock::new(None);

/// Opens the port; without one, output is dropped and input is empty.
pub(crate) fn init() {
    *PORT.lock() = open();
}

/// Sets the line up. The crate's own set-up throws received bytes away, and
/// with them the start of input that was there before the kernel.
fn open() -> Option<Uart16550<PioBackend>> {
    // SAFETY: COM1 is ours by the PC's layout, and no other driver exists.
    let mut port = unsafe { Uart16550::new_port(COM1) }.ok()?;
    if !port.check_present() {
        return None;
    }
    let registers = [
        (INTERRUPT_ENABLE, 0),
        (LINE_CONTROL, LCR::DLAB.bits()),
        (DIVISOR_LOW, 1), // 115,200 baud
        (DIVISOR_HIGH, 0),
        // Bochs sends garbage unless this is set: 8 bits, no parity, one stop bit.
        (
            LINE_CONTROL,
            LCR::from_bits_retain(0)
                .set_word_length(WordLength::EightBits)
                .bits(),
        ),
        (MODEM_CONTROL, (MCR::DTR | MCR::RTS).bits()),
    ];
    for (register, value) in registers {
        // SAFETY: as above.
        unsafe { Port::new(register).write(value) };
    }
    Some(port)
}

/// Sends bytes one at a time: whether the FIFO is on is the firmware's choice.
fn send(port: &mut Uart16550<PioBackend>, bytes: &[u8]) {
    for &byte in bytes {
        while port.try_send_byte(byte).is_err() {
            core::hint::spin_loop();
        }
    }
}

/// Sends all bytes as they are.
pub fn write(bytes: &[u8]) {
    if let Some(port) = PORT.lock().as_mut() {
        send(port, bytes);
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
            send(port, bytes);
        }
    }
}

impl Write for Unlocked {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write(text.as_bytes());
        Ok(())
    }
}
