//! gdb's connection: petrel hands it on to the machine, and sees how it ends.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::exit::Failure;

/// How often the machine's socket is tried, and how long between.
const TRIES: u32 = 200;
const BETWEEN_TRIES: Duration = Duration::from_millis(20);
/// How long gdb may take to take note of the end.
const PATIENCE: Duration = Duration::from_secs(2);
/// Longer than what is to be known of a packet.
const PACKET_BYTES: usize = 32;

/// Where gdb is waited for.
pub(crate) struct Debugger {
    listener: TcpListener,
    port: u16,
}

/// The connection of gdb, if there is one.
pub(crate) struct Session {
    gdb: Arc<Mutex<Option<TcpStream>>>,
    has_left: Arc<AtomicBool>,
    closed: Receiver<()>,
}

/// The begin of the last packet that gdb sent.
#[derive(Default)]
struct Watch {
    packet: Vec<u8>,
}

impl Debugger {
    /// Waits at a port of this machine; at any if it is 0.
    pub(crate) fn listen(port: u16) -> Result<Self, Failure> {
        let listen = || -> io::Result<Self> {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
            let port = listener.local_addr()?.port();
            Ok(Self { listener, port })
        };
        listen().map_err(|error| {
            Failure::usage(format!(
                "gdb cannot be waited for at port {port}: {error}; --gdb alone takes a free one"
            ))
        })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Hands on what comes to the machine's socket, in threads of its own. `left` is
    /// called when gdb has ended the run.
    pub(crate) fn serve(self, machine: PathBuf, left: impl Fn() + Send + 'static) -> Session {
        let (gdb, has_left) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let (is_closed, closed) = mpsc::channel();
        let session = Session {
            gdb: Arc::clone(&gdb),
            has_left: Arc::clone(&has_left),
            closed,
        };
        thread::spawn(move || {
            for stream in self.listener.incoming() {
                // Whoever was there first is done, or nothing comes through.
                let Ok(stream) = stream else { continue };
                if !hand_on(&stream, &machine, &gdb, &has_left).unwrap_or(false) {
                    has_left.store(true, Ordering::Relaxed);
                    left();
                    break;
                }
            }
            // Whoever does not wait any more has waited enough.
            let _ = is_closed.send(());
        });
        session
    }
}

/// Hands on one connection, to its end; whether the machine is to go on then.
fn hand_on(
    stream: &TcpStream,
    machine: &Path,
    current: &Mutex<Option<TcpStream>>,
    has_left: &AtomicBool,
) -> io::Result<bool> {
    stream.set_nodelay(true)?;
    let machine = connect(machine)?;
    *current.lock().unwrap_or_else(PoisonError::into_inner) = Some(stream.try_clone()?);
    let (mut answers, mut back) = (machine.try_clone()?, stream.try_clone()?);
    // It ends with the machine, or with the connection.
    thread::spawn(move || io::copy(&mut answers, &mut back));
    let mut watch = Watch::default();
    let mut buffer = [0; 4096];
    let (mut from, mut to) = (stream, &machine);
    loop {
        let bytes = match from.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(length) => buffer.get(..length).unwrap_or_default(),
        };
        watch.see(bytes);
        if watch.is(b"k") || watch.is(b"vKill") {
            has_left.store(true, Ordering::Relaxed);
        }
        // The machine may be over: gdb is still to be told.
        let _ = to.write_all(bytes);
    }
    let _ = machine.shutdown(Shutdown::Both);
    Ok(watch.is(b"D"))
}

/// The machine makes its socket when it starts.
fn connect(path: &Path) -> io::Result<UnixStream> {
    let mut tries = 0;
    loop {
        match UnixStream::connect(path) {
            Err(_) if tries < TRIES => thread::sleep(BETWEEN_TRIES),
            connected => return connected,
        }
        tries += 1;
    }
}

impl Session {
    /// Whether it was gdb that ended the run.
    pub(crate) fn has_left(&self) -> bool {
        self.has_left.load(Ordering::Relaxed)
    }

    /// The run is over: tells gdb with which code.
    pub(crate) fn end(self, code: u8) {
        let gdb = self
            .gdb
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(mut gdb) = gdb else { return };
        let told = gdb.write_all(packet(&format!("W{code:02x}")).as_bytes());
        if told.and_then(|()| gdb.shutdown(Shutdown::Write)).is_ok() {
            // It closes its end when it has read that.
            let _ = self.closed.recv_timeout(PATIENCE);
        }
    }
}

/// A packet of gdb's protocol: its bytes, and their sum.
fn packet(text: &str) -> String {
    let sum = text.bytes().fold(0_u8, u8::wrapping_add);
    format!("${text}#{sum:02x}")
}

impl Watch {
    fn see(&mut self, bytes: &[u8]) {
        self.packet.extend(bytes);
        if let Some(start) = self.packet.iter().rposition(|byte| *byte == b'$') {
            self.packet.drain(..start);
        }
        self.packet.truncate(PACKET_BYTES);
    }

    /// Whether the last packet is this command.
    fn is(&self, command: &[u8]) -> bool {
        let rest = self.packet.strip_prefix(b"$");
        let behind = rest.and_then(|rest| rest.strip_prefix(command));
        behind.is_some_and(|behind| matches!(behind.first(), Some(b'#' | b';')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::UnixListener;

    #[test]
    fn packets_of_gdb() {
        assert_eq!(packet("W00"), "$W00#b7");
        let mut watch = Watch::default();
        for (bytes, is_end) in [
            (&b"+$m1000,40#"[..], false),
            (b"8c", false),
            (b"$D", false),
            (b"#44", true),
            (b"+", true),
            (b"$Dx#00", false),
            (b"$g#67+$D;1#b0", true),
        ] {
            watch.see(bytes);
            assert_eq!(watch.is(b"D"), is_end, "{bytes:?}");
        }
        watch.see(&[b'x'; 5000]);
        assert!(watch.packet.len() <= PACKET_BYTES);
        watch.see(b"$vKill;1#6e");
        assert!(watch.is(b"vKill") && !watch.is(b"k"));
    }

    /// What comes of a connection that sends this and closes.
    fn run(name: &str, sent: &[u8]) -> (Vec<u8>, bool) {
        let path = std::env::temp_dir().join(format!("petrel-{name}-{}", std::process::id()));
        let listener = UnixListener::bind(&path).unwrap();
        let debugger = Debugger::listen(0).unwrap();
        let port = debugger.port();
        let (left, told) = mpsc::channel();
        let session = debugger.serve(path.clone(), move || left.send(()).unwrap());
        let mut gdb = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        gdb.write_all(sent).unwrap();
        let (mut machine, _) = listener.accept().unwrap();
        machine.write_all(b"answer").unwrap();
        let mut answer = [0; 6];
        gdb.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"answer");
        drop(gdb);
        let mut came = Vec::new();
        machine.read_to_end(&mut came).unwrap();
        std::fs::remove_file(path).unwrap();
        let has_left = told.recv_timeout(Duration::from_millis(200)).is_ok();
        assert_eq!(session.has_left(), has_left);
        (came, has_left)
    }

    #[test]
    fn a_connection_that_ends() {
        assert_eq!(run("closed", b"$g#67"), (b"$g#67".to_vec(), true));
        assert_eq!(run("detached", b"$D;1#b0"), (b"$D;1#b0".to_vec(), false));
    }

    #[test]
    fn the_end_is_told() {
        let path = std::env::temp_dir().join(format!("petrel-end-{}", std::process::id()));
        let listener = UnixListener::bind(&path).unwrap();
        let debugger = Debugger::listen(0).unwrap();
        let mut gdb = TcpStream::connect((Ipv4Addr::LOCALHOST, debugger.port())).unwrap();
        let session = debugger.serve(path.clone(), || {});
        gdb.write_all(b"$c#63").unwrap();
        let (mut machine, _) = listener.accept().unwrap();
        machine.read_exact(&mut [0; 5]).unwrap();
        drop(machine);
        let reader = thread::spawn(move || {
            let mut all = Vec::new();
            gdb.read_to_end(&mut all).unwrap();
            all
        });
        session.end(7);
        assert_eq!(reader.join().unwrap(), b"$W07#be");
        std::fs::remove_file(path).unwrap();
    }
}
