//! Where reports go: text and JSON to the serial line, the top to the screen.

use core::fmt::Write;

use report::{Form, Json, Output, Screen, Style, Terminal, Text};

use crate::console::{self, Serial, Shared, Styled};
use crate::serial;

/// Reports a program's crash: describes it to each form in turn. What the
/// description reads must stay as it is meanwhile.
pub fn show_crash(describe: &dyn Fn(&mut dyn Form)) {
    console::finish_line();
    on_serial_line(&mut Serial, describe);
    let mut screen = Shared::default();
    let (columns, rows) = screen.size();
    if columns > 0 {
        describe(&mut Screen::new(&mut screen, columns, rows));
    }
}

/// Reports a panic: waits for no lock.
pub(super) fn show_panic(describe: &dyn Fn(&mut dyn Form)) {
    let port = &mut serial::Unlocked::new();
    on_serial_line(port, describe);
    let Some(mut screen) = console::try_screen() else {
        return;
    };
    let (columns, rows) = screen.size();
    if columns > 0 {
        screen.clear();
        let mut out = Styled {
            screen: &mut screen,
            style: Style::Plain,
        };
        describe(&mut Screen::new(&mut out, columns, rows));
    }
}

/// The whole report for people, then the same for tools.
fn on_serial_line(port: &mut dyn Write, describe: &dyn Fn(&mut dyn Form)) {
    let line = &mut Terminal::new(port, console::has_colours());
    describe(&mut Text::new(line));
    line.style(Style::Library);
    describe(&mut Json::new(line));
    line.style(Style::Plain);
    // A port takes everything.
    let _ = line.write_str("\n");
}
