//! The console: serial and screen show the same text.

mod framebuffer;
mod glyphs;
mod screen;
mod vga;

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicBool, Ordering};

use bootinfo::{Framebuffer, FramebufferFormat};

use crate::lock::{Guard, Lock, rank};
use crate::memory::kernel_space::DeviceError;
use crate::serial;
use screen::Screen;

/// Whether the next byte begins a line.
static AT_LINE_START: AtomicBool = AtomicBool::new(true);
static SCREEN: Lock<rank::Screen, Screen> = Lock::new(Screen::None);

/// Opens the screen that the boot loader described, or VGA text where there is
/// a VGA. Returns what it is, for the log.
///
/// # Errors
/// When the screen's memory cannot be mapped.
pub fn open_screen(described: Option<&Framebuffer>) -> Result<&'static str, DeviceError> {
    let screen = match described {
        Some(framebuffer) if framebuffer.format != FramebufferFormat::EgaText => {
            framebuffer::Console::open(framebuffer)?.map(Screen::Pixels)
        }
        _ => vga::Console::open()?.map(Screen::Text),
    };
    let screen = screen.unwrap_or(Screen::None);
    let name = screen.name();
    *SCREEN.lock() = screen;
    Ok(name)
}

/// Writes bytes to serial as they are, and to the screen as text.
pub fn write(bytes: &[u8]) {
    if let Some(&last) = bytes.last() {
        AT_LINE_START.store(last == b'\n', Ordering::Relaxed);
    }
    serial::write(bytes);
    SCREEN.lock().write(bytes);
}

/// Ends a line that a program left unfinished.
pub fn finish_line() {
    if !AT_LINE_START.load(Ordering::Relaxed) {
        write(b"\n");
    }
}

/// A byte typed at the console, if one has arrived.
pub fn read_byte() -> Option<u8> {
    serial::read_byte()
}

/// `write!` to the console.
pub struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write(text.as_bytes());
        Ok(())
    }
}

/// The console in a panic: waits for no lock, and leaves out a locked screen.
pub(crate) struct Panicking {
    port: serial::Unlocked,
    screen: Option<Guard<'static, rank::Screen, Screen>>,
}

impl Panicking {
    pub(crate) fn new() -> Self {
        Self {
            port: serial::Unlocked::new(),
            screen: SCREEN.try_lock(),
        }
    }

    pub(crate) fn write_bytes(&mut self, bytes: &[u8]) {
        self.port.write(bytes);
        if let Some(screen) = &mut self.screen {
            screen.write(bytes);
        }
    }
}

impl Write for Panicking {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write_bytes(text.as_bytes());
        Ok(())
    }
}
