//! The console: serial and screen show the same text.

mod framebuffer;
mod glyphs;
mod screen;
mod vga;

use core::fmt::{self, Write};
use core::sync::atomic::{AtomicBool, Ordering};

use bootinfo::{Framebuffer, FramebufferFormat};
use report::{Output, Style};

use crate::lock::{Guard, Lock, rank};
use crate::memory::kernel_space::DeviceError;
use crate::serial;
pub(crate) use screen::{Screen, Styled};

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
    SCREEN.lock().write(bytes, Style::Plain);
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

/// A program's report on the serial line.
pub(crate) struct Serial;

impl Write for Serial {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        serial::write(text.as_bytes());
        Ok(())
    }
}

/// A program's report on the screen, locked for each piece of text only: what
/// is reported is being found out meanwhile.
#[derive(Default)]
pub(crate) struct Shared {
    style: Style,
}

impl Shared {
    /// Columns and rows; none of either without a screen.
    pub(crate) fn size(&self) -> (usize, usize) {
        SCREEN.lock().size()
    }
}

impl Write for Shared {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        SCREEN.lock().write(text.as_bytes(), self.style);
        Ok(())
    }
}

impl Output for Shared {
    fn style(&mut self, style: Style) {
        self.style = style;
    }
}

/// The screen in a panic, which waits for no lock: none if it is locked.
pub(crate) fn try_screen() -> Option<Guard<'static, rank::Screen, Screen>> {
    SCREEN.try_lock()
}

/// Whether what reads the serial line is a terminal that shows colours.
static HAS_COLOURS: AtomicBool = AtomicBool::new(false);

/// Says that the serial line's reader shows colours.
pub fn show_colours() {
    HAS_COLOURS.store(true, Ordering::Relaxed);
}

/// Whether reports on the serial line have colours.
pub(crate) fn has_colours() -> bool {
    HAS_COLOURS.load(Ordering::Relaxed)
}
