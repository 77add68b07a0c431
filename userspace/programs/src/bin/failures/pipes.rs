//! Pipes and completion ports: made, connected, asked, told.
use abi::access::{FILE_GENERIC_READ, FILE_GENERIC_WRITE, SYNCHRONIZE};
use abi::file::*;
use nt::completion::{port, put, take};
use nt::file;
use nt::object::Name;
use nt::pipe::{self, NewPipe, Operation};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, exception};

use crate::grow::grow;
use crate::walk::{Walk, done, walk, walk_and_undo};

const PATH: &str = "\\??\\PIPE\\failing";
const ACCESS: u32 = FILE_GENERIC_READ | FILE_GENERIC_WRITE | SYNCHRONIZE;
/// More than a pipe holds.
const MUCH: [u8; 5000] = [7; 5000];
const PACKET: (u64, u64, NtStatus, u64) = (1, 2, NtStatus::SUCCESS, 3);

pub fn all(program: &Program) {
    made(program);
    let status = exception::register_for_nothing();
    program.check("dispatchers", status, NtStatus::SUCCESS);
    asked(program);
    at_once(program);
    program.check("none", exception::forget(), NtStatus::SUCCESS);
    ports(program);
}

fn server(new: &NewPipe) -> Result<Handle, NtStatus> {
    Ok(pipe::create(&Name::new(PATH), new)?.0)
}

fn client(options: u32) -> Result<Handle, NtStatus> {
    file::open(&Name::new(PATH), ACCESS, FILE_SHARE_VALID_FLAGS, options)
}

fn pair(new: &NewPipe) -> Result<(Handle, Handle), NtStatus> {
    let server = server(new)?;
    Ok((server, client(FILE_SYNCHRONOUS_IO_NONALERT)?))
}

fn made(program: &Program) {
    walk(program, "a pipe", || server(&NewPipe::BYTES));
    walk(program, "a pipe and its client", || pair(&NewPipe::BYTES));
    let first = program.done("a pipe", server(&NewPipe::BYTES));
    walk(program, "another instance", || server(&NewPipe::BYTES));
    grow(program, "many instances", 64, |_| server(&NewPipe::BYTES));
    drop(first);
    let root = file::open(
        &Name::new("\\Device\\NamedPipe\\"),
        SYNCHRONIZE | FILE_READ_ATTRIBUTES,
        FILE_SHARE_VALID_FLAGS,
        FILE_SYNCHRONOUS_IO_NONALERT,
    );
    let root = program.done("the directory of pipes", root);
    walk(program, "a pipe without a name", || {
        let none = Name::with("", root.raw(), 0);
        let (server, _) = pipe::create(&none, &NewPipe::BYTES)?;
        let of = Name::with("", server.raw(), 0);
        let client = file::open(&of, ACCESS, FILE_SHARE_VALID_FLAGS, 0)?;
        Ok((server, client))
    });
}

/// What waits, whoever is told of it, and is cancelled.
fn asked(program: &Program) {
    const READ: u32 = 0;
    const WRITE: u32 = 1;
    let new = NewPipe::MESSAGES.overlapped();
    let event = program.done("an event", sync::event(true, false));
    for (what, code) in [
        ("a listen waits", FSCTL_PIPE_LISTEN),
        ("a read waits", READ),
        ("a write waits", WRITE),
        ("a transaction waits", FSCTL_PIPE_TRANSCEIVE),
    ] {
        for (event, apc, has_port) in [
            (0, 0, false),
            (event.raw(), 0, false),
            (0, 1, false),
            (event.raw(), 0, true),
        ] {
            let server = program.done("a server", server(&new));
            let client = (code != FSCTL_PIPE_LISTEN).then(|| client(0));
            let port = program.done("a port", port());
            if has_port {
                associate(program, &server, &port);
            }
            let (mut operation, mut buffer) = (Operation::new(), [0; 16]);
            (operation.event, operation.apc, operation.context) = (event, apc, 5);
            let operation = core::cell::RefCell::new(operation);
            let steps = Walk {
                call: &mut || {
                    let mut asked = operation.borrow_mut();
                    // SAFETY: all stay until it is cancelled.
                    let status = unsafe {
                        match code {
                            READ => asked.read(&server, buffer.as_mut_ptr(), 16),
                            WRITE => asked.write(&server, &MUCH),
                            _ => asked.control(&server, code, b"ask", buffer.as_mut_ptr(), 16),
                        }
                    };
                    match status {
                        NtStatus::PENDING => Ok(()),
                        status => Err(status),
                    }
                },
                undo: &mut |()| {
                    let mut asked = operation.borrow_mut();
                    program.check("cancel", asked.cancel(&server), NtStatus::SUCCESS);
                    let status = asked.result().0;
                    program.check("cancelled", status, NtStatus::CANCELLED);
                    let status = exception::test_alert();
                    program.check("its call", status, NtStatus::SUCCESS);
                    if has_port {
                        let packet = Ok((1, 5, NtStatus::CANCELLED, 0));
                        program.check("its packet", take(&port, Some(0)), packet);
                    }
                    if let (FSCTL_PIPE_TRANSCEIVE, Some(Ok(client))) = (code, &client) {
                        forget_message(program, client);
                    }
                },
                untouched: &mut || {
                    let status = operation.borrow_mut().cancel(&server);
                    program.check("nothing waits", status, NtStatus::NOT_FOUND);
                },
            };
            steps.run(program, what);
        }
    }
}

fn forget_message(program: &Program, client: &Handle) {
    let (mut operation, mut buffer) = (Operation::new(), [0; 16]);
    // SAFETY: it is over at once.
    let status = unsafe { operation.read(client, buffer.as_mut_ptr(), 16) };
    program.check("the message", status, NtStatus::SUCCESS);
}

fn associate(program: &Program, file: &Handle, port: &Handle) {
    let association = FileCompletionInformation {
        port: port.raw(),
        key: 1,
    };
    let status = file::set(file, FILE_COMPLETION_INFORMATION, &association);
    program.check("its port", status, NtStatus::SUCCESS);
}

/// What is over at once, after which everybody is told.
fn at_once(program: &Program) {
    let (server, client) = program.done("ends", pair(&NewPipe::BYTES.overlapped()));
    let port = program.done("a port", port());
    associate(program, &server, &port);
    let data = |program: &Program| {
        let mut buffer = [0; 16];
        program.check("data", file::read(&client, None, &mut buffer), Ok(4));
    };
    let steps = Walk {
        call: &mut || file::write_with(&server, 0, 9, b"data"),
        undo: &mut |_| {
            data(program);
            let packet = Ok((1, 9, NtStatus::SUCCESS, 4));
            program.check("told", take(&port, Some(0)), packet);
        },
        untouched: &mut || {
            let told = take(&port, Some(0));
            program.check("not told", told, Err(NtStatus::TIMEOUT));
        },
    };
    steps.run(program, "a write that tells a port");
    // What was to be read is there still, whatever was missing.
    let (mut operation, mut buffer) = (Operation::new(), [0; 16]);
    (operation.apc, operation.context) = (1, 2);
    let fill = || program.check("fill", file::write(&server, None, b"data"), Ok(4));
    fill();
    let steps = Walk {
        call: &mut || {
            // SAFETY: it is over at once.
            let status = unsafe { operation.read(&client, buffer.as_mut_ptr(), 16) };
            done(status)
        },
        undo: &mut |()| {
            let status = exception::test_alert();
            program.check("its call", status, NtStatus::SUCCESS);
            fill();
        },
        untouched: &mut || (),
    };
    steps.run(program, "a read with a call");
    let mut peeked = [0; 64];
    walk(program, "a look", || {
        pipe::control(&client, FSCTL_PIPE_PEEK, &[], &mut peeked)
    });
    data(program);
}

fn ports(program: &Program) {
    walk(program, "a port", port);
    let kept = program.done("a port", port());
    walk_and_undo(
        program,
        "a packet",
        || done(put(&kept, PACKET)),
        |()| program.check("the packet", take(&kept, Some(0)), Ok(PACKET)),
    );
    walk(program, "a new port's first packets", || {
        let port = port()?;
        for _ in 0..10 {
            done(put(&port, PACKET))?;
        }
        Ok(port)
    });
    walk(program, "a file with a port", || {
        let file = server(&NewPipe::BYTES.overlapped())?;
        let association = FileCompletionInformation {
            port: kept.raw(),
            key: 1,
        };
        done(file::set(&file, FILE_COMPLETION_INFORMATION, &association))?;
        Ok(file)
    });
}
