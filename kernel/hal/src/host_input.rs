//! COM2: what the host gives programs to read, when it is asked.

use x86_64::instructions::port::Port;

const COM2: u16 = 0x2f8;
const DATA: u16 = COM2;
const INTERRUPT_ENABLE: u16 = COM2 + 1;
const FIFO_CONTROL: u16 = COM2 + 2;
const LINE_CONTROL: u16 = COM2 + 3;
const MODEM_CONTROL: u16 = COM2 + 4;
const LINE_STATUS: u16 = COM2 + 5;

/// 8 bits, no parity, one stop bit.
const EIGHT_BITS: u8 = 3;
/// On, both sides emptied, full with 14 bytes: QEMU brings so many together.
const FIFO_ON: u8 = 0xc7;
const READY: u8 = 3;
const HAS_DATA: u8 = 1;
const CAN_SEND: u8 = 0x20;
/// What the bus gives where no port is.
const NOTHING: u8 = 0xff;

/// Sets the line up; what was received before is lost. Says whether there is one.
pub fn open() -> bool {
    if status() == NOTHING {
        return false;
    }
    for (register, value) in [
        (LINE_CONTROL, EIGHT_BITS),
        (INTERRUPT_ENABLE, 0),
        (FIFO_CONTROL, FIFO_ON),
        (MODEM_CONTROL, READY),
    ] {
        // SAFETY: COM2 is ours by the PC's layout, and no other driver exists.
        unsafe { Port::new(register).write(value) };
    }
    true
}

/// Sends the host a byte.
pub fn send(byte: u8) {
    while status() & CAN_SEND == 0 {
        core::hint::spin_loop();
    }
    // SAFETY: as above.
    unsafe { Port::new(DATA).write(byte) };
}

/// A byte that has arrived, if any.
pub fn read_byte() -> Option<u8> {
    if status() & HAS_DATA == 0 {
        return None;
    }
    // SAFETY: as above; reading takes the byte out, as it is meant to.
    Some(unsafe { Port::new(DATA).read() })
}

fn status() -> u8 {
    // SAFETY: reading clears notes of errors at most, which nobody reads.
    unsafe { Port::new(LINE_STATUS).read() }
}
