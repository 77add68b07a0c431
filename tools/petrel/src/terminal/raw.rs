//! The terminal's own settings: raw mode, and back; its size.

use std::io;
use std::sync::Mutex;

use rustix::process::getpgrp;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr};

/// As they were, while they are not.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// Whether petrel may read the terminal and change it; one that controls nobody it may.
pub(super) fn is_foreground() -> bool {
    tcgetpgrp(io::stdin()).map_or(true, |group| group == getpgrp())
}

/// Has the terminal pass on every key as it is typed, and show bytes as they are.
pub(super) fn enter() {
    let Ok(mut before) = BEFORE.lock() else {
        return;
    };
    if before.is_some() || !is_foreground() {
        return;
    }
    let Ok(now) = tcgetattr(io::stdin()) else {
        return;
    };
    let mut raw = now.clone();
    raw.make_raw();
    if tcsetattr(io::stdin(), OptionalActions::Now, &raw).is_ok() {
        *before = Some(now);
    }
}

/// The terminal is as it was.
pub(crate) fn restore() {
    // Whoever panicked while changing it has not changed it.
    let mut before = BEFORE
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(settings) = before.take()
        && is_foreground()
    {
        // A terminal that is gone needs nothing.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &settings);
    }
}

/// Columns and rows, 0 where no terminal says.
pub(super) fn size() -> (u16, u16) {
    let found = tcgetwinsize(io::stdout())
        .or_else(|_| tcgetwinsize(io::stderr()))
        .or_else(|_| tcgetwinsize(io::stdin()));
    found.map_or((0, 0), |size| (size.ws_col, size.ws_row))
}
