//! The machine: QEMU, the streams it is connected to, and its end.

use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crate::arguments::Options;
use crate::debugger::{Debugger, Session};
use crate::exit::Failure;
use crate::shares::Share;
use crate::streams;
use crate::terminal::{Terminal, Watched};
use crate::work::Work;

const QEMU: &str = "qemu-system-x86_64";
/// Ends the machine with petrel, however that ends; part of util-linux.
const SETPRIV: &str = "setpriv";
/// As the build's own runs whose time is counted in instructions.
const DETERMINISTIC: [&str; 6] = [
    "-icount",
    "shift=0,sleep=off",
    "-seed",
    "1",
    "-rtc",
    "base=2026-01-01,clock=vm",
];

/// What a run leaves.
pub(crate) struct Ended {
    /// What came over the serial line, and what QEMU had to say.
    pub(crate) log: Vec<u8>,
    /// How QEMU ended; `None`: petrel ended it.
    pub(crate) status: Option<ExitStatus>,
    /// The connection of gdb, which is still to be told.
    pub(crate) session: Option<Session>,
}

/// What the machine is made of.
pub(crate) struct Machine<'a> {
    pub(crate) kernel: &'a Path,
    pub(crate) image: &'a Path,
    /// Where its line to petrel is, if there is one.
    pub(crate) socket: Option<&'a Path>,
    /// Directories here that the program has.
    pub(crate) shares: &'a [Share],
    pub(crate) terminal: Option<Terminal>,
}

/// What threads tell the one that waits for the machine.
pub(crate) enum Event {
    /// The log has ended: QEMU has.
    Over,
    /// What the program prints cannot be written.
    OutputFailed(io::Error),
    /// Somebody insists on the end.
    Interrupted,
    /// gdb has ended the run.
    GdbLeft,
}

/// Runs the machine to its end.
pub(crate) fn run(
    options: &Options,
    (machine, debugger): (&Machine<'_>, Option<Debugger>),
    work: &Arc<Work>,
    (events, told): (Sender<Event>, Receiver<Event>),
) -> Result<Ended, Failure> {
    let start = Instant::now();
    let broken = |error: io::Error| Failure::not_installed(format!("no pipe: {error}"));
    let (mut output, output_end) = io::pipe().map_err(broken)?;
    let (mut errors, errors_end) = io::pipe().map_err(broken)?;
    let (mut serial, serial_end) = io::pipe().map_err(broken)?;
    let gdb = debugger.as_ref().map(|_| work.file("gdb"));
    let words = arguments(options, machine, gdb.as_deref());
    let mut child = spawn(&words, || {
        Ok([
            errors_end.try_clone()?,
            output_end.try_clone()?,
            serial_end.try_clone()?,
        ])
    })?;
    drop((output_end, errors_end, serial_end));
    let relays = [
        relay(work, &events, move |came| {
            streams::relay(&mut output, &mut Watched(io::stdout().lock()), came)
        }),
        relay(work, &events, move |came| {
            streams::relay(&mut errors, &mut Watched(io::stderr().lock()), came)
        }),
    ];
    let session = debugger.zip(gdb).map(|(debugger, path)| {
        let events = events.clone();
        debugger.serve(path, move || {
            // The machine may be over already.
            let _ = events.send(Event::GdbLeft);
        })
    });
    let log = {
        let work = work.clone();
        thread::spawn(move || {
            let mut log = Vec::new();
            // It ends with the machine.
            let _ = streams::relay(&mut serial, &mut log, || work.remove());
            let _ = events.send(Event::Over);
            log
        })
    };
    let limit = options.timeout.filter(|_| session.is_none());
    let event = match limit {
        None => told.recv().map_err(|_| RecvTimeoutError::Disconnected),
        Some(limit) => told.recv_timeout(limit.saturating_sub(start.elapsed())),
    };
    let is_over = matches!(event, Ok(Event::Over));
    if !is_over {
        // It may have ended meanwhile.
        let _ = child.kill();
    }
    let status = child.wait();
    match event {
        Ok(Event::OutputFailed(error)) => return Err(Failure::output(&error)),
        Ok(Event::Interrupted) => return Err(Failure::interrupted()),
        _ => {}
    }
    for thread in relays {
        // A relay that failed has said so.
        let _ = thread.join();
    }
    let log = log.join().unwrap_or_default();
    if let Ok(Event::OutputFailed(error)) = told.try_recv() {
        return Err(Failure::output(&error));
    }
    Ok(Ended {
        log,
        status: status.ok().filter(|_| is_over),
        session,
    })
}

/// A thread that relays a stream of the program's.
fn relay(
    work: &Arc<Work>,
    events: &Sender<Event>,
    relay: impl FnOnce(&mut dyn FnMut()) -> io::Result<()> + Send + 'static,
) -> JoinHandle<()> {
    let (work, events) = (work.clone(), events.clone());
    thread::spawn(move || {
        if let Err(error) = relay(&mut || work.remove()) {
            // Whoever does not listen any more knows.
            let _ = events.send(Event::OutputFailed(error));
        }
    })
}

/// Starts QEMU with the ends of three pipes as its standard streams.
fn spawn(
    arguments: &[String],
    ends: impl Fn() -> io::Result<[io::PipeWriter; 3]>,
) -> Result<Child, Failure> {
    let mut last = None;
    for program in [&[SETPRIV, "--pdeathsig", "KILL", QEMU][..], &[QEMU]] {
        let mut command = Command::new(program.first().copied().unwrap_or(QEMU));
        command.args(program.iter().skip(1)).args(arguments);
        let [first, second, third] =
            ends().map_err(|error| Failure::not_installed(format!("no pipe: {error}")))?;
        // Standard input is one more that can be written to.
        command.stdin(first).stdout(second).stderr(third);
        match command.spawn() {
            Ok(child) => return Ok(child),
            Err(error) => last = Some(error),
        }
    }
    let why = last.map_or_else(String::new, |error| error.to_string());
    Err(Failure::not_installed(format!(
        "{QEMU} cannot be run ({why}); install it with `tools/setup scons petrel`"
    )))
}

/// The machine: the smallest there is, and the fastest to boot.
fn arguments(options: &Options, machine: &Machine<'_>, gdb: Option<&Path>) -> Vec<String> {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let path = |path: &Path| path.display().to_string();
    // Commas of a path are doubled in QEMU's options.
    let socket_path = |socket: &Path| path(socket).replace(',', ",,");
    let mut all = words(
        "-no-user-config -nodefaults -no-reboot -accel tcg -cpu max \
         -M microvm,isa-serial=on,pit=on,pic=on,rtc=on -display none -nic none -monitor none \
         -device isa-debug-exit,iobase=0xf4,iosize=0x04 \
         -chardev file,id=log,path=/dev/fd/2 -serial chardev:log \
         -chardev file,id=output,path=/dev/fd/1 \
         -device isa-debugcon,iobase=0xea,chardev=output \
         -chardev file,id=errors,path=/dev/fd/0 \
         -device isa-debugcon,iobase=0xeb,chardev=errors",
    );
    if let Some(socket) = machine.socket {
        let socket = socket_path(socket);
        all.push("-chardev".into());
        all.push(format!("socket,id=input,path={socket}"));
        all.extend(words(
            "-device isa-serial,index=1,iobase=0x2f8,irq=3,chardev=input",
        ));
    }
    if let Some(socket) = gdb {
        let socket = socket_path(socket);
        all.push("-chardev".into());
        all.push(format!("socket,id=gdb,path={socket},server=on,wait=off"));
        all.extend(words("-gdb chardev:gdb -S"));
    }
    all.push("-m".into());
    all.push(options.memory_mib.to_string());
    all.extend([
        "-kernel".into(),
        path(machine.kernel),
        "-initrd".into(),
        path(machine.image),
    ]);
    let trace = match options.trace {
        Some(_) => " trace=json",
        None => "",
    };
    let terminal = machine.terminal.map_or(String::new(), Terminal::option);
    let mut append = format!("stdio=host{terminal}{trace}");
    if !machine.shares.is_empty() {
        // As the standard has it, not as it was before.
        all.extend(words("-global virtio-mmio.force-legacy=false"));
    }
    for (slot, share) in machine.shares.iter().enumerate() {
        all.extend(share.devices(slot));
        append.push(' ');
        append.push_str(&share.kernel_option(slot));
    }
    all.extend(["-append".into(), append]);
    if options.is_deterministic {
        all.extend(DETERMINISTIC.map(String::from));
    }
    all
}
