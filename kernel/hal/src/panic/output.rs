//! Where reports go: text and JSON to the serial line, the top to the screen.

use report::{Form, Json, Screen, Terminal, Text};

use crate::console::{self, Serial, Shared, Styled};
use crate::serial;

/// Reports a program's crash: describes it to each form in turn. What the
/// description reads must stay as it is meanwhile.
pub fn show_crash(describe: &dyn Fn(&mut dyn Form)) {
    console::finish_line();
    describe(&mut Text::new(&mut Terminal::new(
        &mut Serial,
        console::has_colours(),
    )));
    describe(&mut Json::new(&mut Serial));
    let mut screen = Shared::default();
    let (columns, rows) = screen.size();
    if columns > 0 {
        describe(&mut Screen::new(&mut screen, columns, rows));
    }
}

/// Reports a panic: waits for no lock.
pub(super) fn show_panic(describe: &dyn Fn(&mut dyn Form)) {
    let port = &mut serial::Unlocked::new();
    describe(&mut Text::new(&mut Terminal::new(
        port,
        console::has_colours(),
    )));
    describe(&mut Json::new(port));
    let Some(mut screen) = console::try_screen() else {
        return;
    };
    let (columns, rows) = screen.size();
    if columns > 0 {
        screen.clear();
        let mut out = Styled {
            screen: &mut screen,
            style: report::Style::Plain,
        };
        describe(&mut Screen::new(&mut out, columns, rows));
    }
}
