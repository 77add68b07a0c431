//! What is asked of files and answered later: locks and changes.
use abi::access::{DELETE, SYNCHRONIZE};
use abi::file::*;
use core::cell::RefCell;
use nt::file::{self, How};
use nt::object::Name;
use nt::pipe::Operation;
use nt::sync::{self, Handle};
use nt::volume::lock;
use nt::{NtStatus, Program};

use crate::walk::Walk;

const PATH: &str = "\\??\\C:\\asked";
const ROOT: &str = "\\??\\C:\\";
const RANGE: (u64, u64) = (0, 10);

pub fn all(program: &Program) {
    let how = How::open(FILE_READ_DATA | DELETE, FILE_SHARE_VALID_FLAGS)
        .disposed(FILE_CREATE)
        .with(FILE_DELETE_ON_CLOSE);
    let (file, _) = program.done("a file", file::create(&Name::new(PATH), how));
    let status = lock(&file, RANGE, 0, (true, true));
    program.check("lock", status, NtStatus::SUCCESS);
    let other = open(program, PATH);
    waits(program, "a lock waits", &other, |asked| {
        // SAFETY: it stays until it is cancelled.
        unsafe { asked.lock(&other, RANGE, 0, (false, true)) }
    });
    let (root, mut buffer) = (open(program, ROOT), [0; 64]);
    waits(program, "a watcher waits", &root, |asked| {
        // SAFETY: both stay until it is cancelled.
        unsafe { asked.watch(&root, buffer.as_mut_ptr(), 64, 1, true) }
    });
}

fn open(program: &Program, path: &str) -> Handle {
    let (access, share) = (FILE_READ_DATA | SYNCHRONIZE, FILE_SHARE_VALID_FLAGS);
    let opened = file::open(&Name::new(path), access, share, 0);
    program.done(path, opened)
}

/// Something waits, and is cancelled.
fn waits(
    program: &Program,
    what: &str,
    file: &Handle,
    mut ask: impl FnMut(&mut Operation) -> NtStatus,
) {
    let event = program.done("an event", sync::event(true, false));
    let operation = RefCell::new(Operation::new());
    operation.borrow_mut().event = event.raw();
    let cancel = || operation.borrow_mut().cancel(file);
    // What the first call makes stays until the file is closed.
    let status = ask(&mut operation.borrow_mut());
    program.check(what, status, NtStatus::PENDING);
    program.check("cancel", cancel(), NtStatus::SUCCESS);
    let steps = Walk {
        call: &mut || match ask(&mut operation.borrow_mut()) {
            NtStatus::PENDING => Ok(()),
            status => Err(status),
        },
        undo: &mut |()| {
            program.check("cancel", cancel(), NtStatus::SUCCESS);
            let status = operation.borrow().result().0;
            program.check("cancelled", status, NtStatus::CANCELLED);
        },
        untouched: &mut || program.check("nothing waits", cancel(), NtStatus::NOT_FOUND),
    };
    steps.run(program, what);
}
