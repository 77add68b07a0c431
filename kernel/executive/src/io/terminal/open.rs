//! The names on the console's device, and what they open.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ::console::{ConsoleStatus, Part};
use hal::Ref;
use objects::{Case, SEPARATOR};
use sched::ObjectKey;

use super::Terminal;
use crate::Error;
use crate::io::file::Unopened;
use crate::io::{Done, File, Mode, Request, Target, Wanted};
use crate::scheduler;

/// What is open of the console.
pub struct ConsoleFile {
    pub(super) what: Opened,
    is_closed: AtomicBool,
}

pub(super) enum Opened {
    /// What is typed.
    Input,
    /// A screen buffer.
    Screen(usize),
    /// The console as such.
    Reference,
    /// That of the process with this number; 0: of none yet.
    Connection(AtomicU64),
}

/// What a name stands for.
#[derive(Clone, Copy)]
enum Name {
    Input,
    Output,
    Either,
    NewScreen,
    Connection,
    Reference,
    Server,
}

const NAMES: [(&str, Name); 9] = [
    ("Input", Name::Input),
    ("CurrentIn", Name::Input),
    ("Output", Name::Output),
    ("CurrentOut", Name::Output),
    ("Console", Name::Either),
    ("ScreenBuffer", Name::NewScreen),
    ("Connection", Name::Connection),
    ("Reference", Name::Reference),
    ("Server", Name::Server),
];

fn name_of(units: &[u16]) -> Option<Name> {
    let is_same = |name: &str| {
        let mut wide = [0; 16];
        let count = wide
            .iter_mut()
            .zip(name.encode_utf16())
            .map(|(to, from)| *to = from)
            .count();
        let wide = wide.get(..count).unwrap_or_default();
        objects::compare(wide, units, Case::Insensitive).is_eq()
    };
    let found = NAMES.iter().find(|(name, _)| is_same(name));
    found.map(|(_, name)| *name)
}

/// The number of the process that asks; 0: the kernel does.
fn asker() -> u64 {
    scheduler::current().map_or(0, |thread| thread.process().id())
}

/// Opens a name on the device.
pub fn open(name: &[u16], request: &Request<'_>) -> Result<(Ref<File>, Done), Error> {
    let Some((&SEPARATOR, name)) = name.split_first() else {
        return opened(Opened::Reference, request.mode);
    };
    let name = name_of(name).ok_or(files::FileError::NameNotFound)?;
    open_name(name, false, request)
}

/// Opens a name relative to something of the console that is open.
pub fn open_in(name: &[u16], request: &Request<'_>) -> Result<(Ref<File>, Done), Error> {
    match name_of(name) {
        Some(name @ (Name::Connection | Name::Reference)) => open_name(name, true, request),
        _ => Err(files::FileError::NameNotFound.into()),
    }
}

fn open_name(
    name: Name,
    is_relative: bool,
    request: &Request<'_>,
) -> Result<(Ref<File>, Done), Error> {
    if request.wanted == Wanted::Directory {
        return Err(files::FileError::NotADirectory.into());
    }
    let terminal = Terminal::get()?;
    let process = asker();
    let writes = request.intent.access & files::access::WRITE_DATA != 0;
    let mut state = terminal.state.lock();
    let has_it = state.attached.has(process);
    let what = match name {
        // Whoever makes a console of its own shows it, too, which nobody does here.
        Name::Server => return Err(Error::AccessDenied),
        Name::Reference => Opened::Reference,
        Name::Connection if is_relative && !has_it => {
            state.attached.add(process)?;
            Opened::Connection(AtomicU64::new(process))
        }
        Name::Connection => Opened::Connection(AtomicU64::new(0)),
        _ if !has_it => return Err(Error::Console(ConsoleStatus::InvalidHandle)),
        Name::Input => Opened::Input,
        Name::Either if !writes => Opened::Input,
        Name::Output | Name::Either => Opened::Screen(state.console.open_active()),
        Name::NewScreen => Opened::Screen(state.console.open_new().map_err(Error::Console)?),
    };
    drop(state);
    opened(what, request.mode)
}

fn opened(what: Opened, mode: Mode) -> Result<(Ref<File>, Done), Error> {
    // Closed again should there be no memory for it.
    let file = ConsoleFile {
        what,
        is_closed: AtomicBool::new(false),
    };
    let file = Unopened::new()?.open(Target::Terminal(file), mode);
    Ok((file, Done::Opened))
}

const WAITING: Mode = Mode {
    is_synchronous: true,
    flags: 0,
};

/// The input, as programs have it from their start.
pub fn standard_input() -> Result<Ref<File>, Error> {
    Ok(opened(Opened::Input, WAITING)?.0)
}

/// The screen buffer that is shown, the same way.
pub fn standard_output() -> Result<Ref<File>, Error> {
    let number = Terminal::get()?.state.lock().console.open_active();
    Ok(opened(Opened::Screen(number), WAITING)?.0)
}

/// The console as such, as the parameters of processes name it.
pub fn reference() -> Result<Ref<File>, Error> {
    Ok(opened(Opened::Reference, WAITING)?.0)
}

impl ConsoleFile {
    /// Which part of the console's it is.
    pub(super) fn part(&self) -> Part {
        match self.what {
            Opened::Screen(number) => Part::Screen(number),
            _ => Part::Input,
        }
    }

    /// What is signalled while there is something to read; `None`: nothing is.
    pub(in crate::io) fn records(&self) -> Option<&'static ObjectKey> {
        match self.what {
            Opened::Input => Some(Terminal::get().ok()?.records.key()),
            _ => None,
        }
    }

    /// The process that has the console by it is of a group.
    pub fn set_group(&self, group: u32) {
        if let (Opened::Connection(process), Ok(terminal)) = (&self.what, Terminal::get()) {
            let process = process.load(Ordering::Relaxed);
            terminal.state.lock().attached.set_group(process, group);
        }
    }

    /// The last handle is closed, or it never had one.
    pub(in crate::io) fn close(&self) {
        if self.is_closed.swap(true, Ordering::Relaxed) {
            return;
        }
        let Ok(terminal) = Terminal::get() else {
            return;
        };
        let mut state = terminal.state.lock();
        match &self.what {
            Opened::Input | Opened::Reference => {}
            Opened::Screen(number) => state.console.close(*number, &mut terminal.sink()),
            Opened::Connection(process) => {
                let process = process.swap(0, Ordering::Relaxed);
                if process != 0 {
                    state.attached.remove(process);
                }
            }
        }
    }

    /// Has the process that asks the console of another.
    pub(super) fn bind(&self, other: u32) -> Result<(), Error> {
        let refused = Error::Console(ConsoleStatus::InvalidHandle);
        let Opened::Connection(own) = &self.what else {
            return Err(refused);
        };
        let thread = scheduler::current().ok_or(Error::InvalidDeviceRequest)?;
        super::attached::bound(other, thread.process().parent_id())?;
        let process = thread.process().id();
        let mut state = Terminal::get()?.state.lock();
        if own.load(Ordering::Relaxed) != 0 || state.attached.has(process) {
            return Err(refused);
        }
        state.attached.add(process)?;
        own.store(process, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for ConsoleFile {
    fn drop(&mut self) {
        self.close();
    }
}
