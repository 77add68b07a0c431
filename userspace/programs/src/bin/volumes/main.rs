//! Names and numbers of files, locks on them, and what is told of volumes.
#![no_std]
#![no_main]
nt::program!("volumes", main);

mod classes;
mod full;
mod locks;
mod renames;
mod volume;

use abi::access::DELETE;
use abi::file::*;
use nt::file::name;
use nt::file::{self, How};
use nt::sync::Handle;
use nt::{NtStatus, Program};

const READ: u32 = FILE_READ_DATA | FILE_READ_ATTRIBUTES;
const WRITE: u32 = FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES;
const ALL: u32 = READ | WRITE | DELETE;
const SHARE_ALL: u32 = FILE_SHARE_VALID_FLAGS;

fn main(program: &Program) {
    renames::all(program);
    classes::all(program);
    volume::all(program);
    locks::all(program);
    full::all(program);
}

fn open(path: &str, access: u32) -> Result<Handle, NtStatus> {
    Ok(file::create(&name(path), How::open(access, SHARE_ALL))?.0)
}

fn make(program: &Program, path: &str) -> Handle {
    let how = How::open(ALL, SHARE_ALL).disposed(FILE_CREATE);
    program.done(path, file::create(&name(path), how)).0
}

fn make_directory(program: &Program, path: &str) -> Handle {
    let how = How::open(READ | DELETE, SHARE_ALL)
        .disposed(FILE_CREATE)
        .with(FILE_DIRECTORY_FILE);
    program.done(path, file::create(&name(path), how)).0
}

fn delete(program: &Program, path: &str) {
    program.check(path, file::delete(&name(path)), NtStatus::SUCCESS);
}

/// Whether a path leads to something.
fn is_there(path: &str) -> bool {
    open(path, FILE_READ_ATTRIBUTES).is_ok()
}
