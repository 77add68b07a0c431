//! Directories that are watched: what is told of changes, and to whom.
#![no_std]
#![no_main]
nt::program!("watching", main);

mod changes;
mod waits;
mod watcher;

use abi::access::{DELETE, SYNCHRONIZE};
use abi::file::*;
pub use nt::file::name;
use nt::file::{self, How};
use nt::sync::Handle;
use nt::{NtStatus, Program};

/// The directory that all is about.
pub const DIRECTORY: &str = "\\??\\C:\\watched";
/// Waits for nothing.
pub const NOW: Option<i64> = Some(0);
/// In time's units.
pub const MILLISECOND: i64 = 10_000;

const ACCESS: u32 = FILE_READ_DATA
    | FILE_WRITE_DATA
    | FILE_READ_ATTRIBUTES
    | FILE_WRITE_ATTRIBUTES
    | DELETE
    | SYNCHRONIZE;

fn main(program: &Program) {
    drop(make(program, DIRECTORY, FILE_DIRECTORY_FILE));
    let directory = open(program, DIRECTORY, FILE_SYNCHRONOUS_IO_NONALERT);
    changes::test(program);
    waits::test(program, &directory);
    drop(directory);
    delete(program, DIRECTORY);
}

/// Makes a file or a directory.
pub fn make(program: &Program, path: &str, options: u32) -> Handle {
    let how = How::open(ACCESS, FILE_SHARE_VALID_FLAGS)
        .disposed(FILE_CREATE)
        .with(options);
    program.done(path, file::create(&name(path), how)).0
}

/// Deletes one.
pub fn delete(program: &Program, path: &str) {
    program.check(path, file::delete(&name(path)), NtStatus::SUCCESS);
}

/// Opens a directory to watch it; its calls wait or do not.
pub fn open(program: &Program, path: &str, options: u32) -> Handle {
    let (access, share) = (FILE_READ_DATA | SYNCHRONIZE, FILE_SHARE_VALID_FLAGS);
    let opened = file::open(&name(path), access, share, options | FILE_DIRECTORY_FILE);
    program.done(path, opened)
}
