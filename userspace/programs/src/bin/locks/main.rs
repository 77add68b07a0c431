//! Locks on ranges of files that are waited for, and when they are released.
#![no_std]
#![no_main]
nt::program!("locks", main);

mod children;
mod closing;
mod waits;

use abi::access::{DELETE, SYNCHRONIZE};
use abi::file::*;
use nt::file::{self, How};
use nt::object::Name;
use nt::pipe::Operation;
use nt::sync::Handle;
use nt::volume::lock;
use nt::{NtStatus, Program};

/// Rights of who locks.
pub const ACCESS: u32 = FILE_READ_DATA | FILE_WRITE_DATA | DELETE | SYNCHRONIZE;
/// The file that all is about.
pub const PATH: &str = "\\??\\C:\\locked";
/// Waits for a lock for itself alone.
pub const ALONE: (bool, bool) = (false, true);
/// The same with others.
pub const SHARED: (bool, bool) = (false, false);
/// Does not wait.
pub const AT_ONCE: (bool, bool) = (true, true);
/// In time's units.
pub const MILLISECOND: i64 = 10_000;
/// Waits for nothing.
pub const NOW: Option<i64> = Some(0);
/// What is locked.
pub const RANGE: (u64, u64) = (0, 10);

fn main(program: &Program) {
    if program.arguments().nth(1).is_some() {
        return children::be_child(program);
    }
    let how = How::open(ACCESS, FILE_SHARE_VALID_FLAGS).disposed(FILE_CREATE);
    let (file, _) = program.done("a file", file::create(&Name::new(PATH), how));
    waits::test(program, &file);
    closing::test(program);
    children::test(program);
    drop(file);
    let deleted = file::delete(&Name::new(PATH));
    program.check("delete", deleted, NtStatus::SUCCESS);
}

/// Opens the file once more; its calls wait or do not.
pub fn open(program: &Program, options: u32) -> Handle {
    let opened = file::open(&Name::new(PATH), ACCESS, FILE_SHARE_VALID_FLAGS, options);
    program.done("the file", opened)
}

/// Whether nobody has the range.
pub fn is_free(program: &Program, file: &Handle) -> bool {
    let status = lock(file, RANGE, 99, AT_ONCE);
    if status == NtStatus::SUCCESS {
        let status = nt::volume::unlock(file, RANGE, 99);
        program.check("unlock", status, NtStatus::SUCCESS);
        return true;
    }
    program.check("it is locked", status, NtStatus::LOCK_NOT_GRANTED);
    false
}

/// Asks for the range, which another has.
pub fn wait_for(program: &Program, operation: &mut Operation, file: &Handle, how: (bool, bool)) {
    // SAFETY: the callers' operations stay until they are over.
    let status = unsafe { operation.lock(file, RANGE, 0, how) };
    program.check("it is locked", status, NtStatus::PENDING);
    program.check("no result", operation.result().0, NtStatus::PENDING);
}
