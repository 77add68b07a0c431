//! Tables: what paths lead to, who shares files, what becomes of deleted ones.
#![no_std]
#![no_main]
nt::program!("paths", main);

mod names;
mod pending;
mod rows;
mod shares;
mod shown;

use abi::access::DELETE;
use abi::file::*;
use abi::object::OBJ_CASE_INSENSITIVE;
use nt::file::name;
use nt::file::{self, How};
use nt::object::Name;
use nt::sync::Handle;
use nt::{NtStatus, Program};

const READ: u32 = FILE_READ_DATA | FILE_READ_ATTRIBUTES;
const ALL: u32 = READ | FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES | DELETE;
const SHARE_ALL: u32 = FILE_SHARE_VALID_FLAGS;
/// Where everything is.
const PLACE: &str = "\\??\\C:\\paths";

fn main(program: &Program) {
    let place = make(program, PLACE, FILE_DIRECTORY_FILE);
    drop(place);
    rows::all(program);
    names::all(program);
    shares::all(program);
    pending::all(program);
    shown::all(program);
    delete(program, PLACE);
}

fn make(program: &Program, path: &str, options: u32) -> Handle {
    let how = How::open(ALL, SHARE_ALL).disposed(FILE_CREATE);
    program
        .done(path, file::create(&name(path), how.with(options)))
        .0
}

fn open(path: &str, access: u32) -> Result<Handle, NtStatus> {
    Ok(file::create(&name(path), How::open(access, SHARE_ALL))?.0)
}

fn delete(program: &Program, path: &str) {
    program.check(path, file::delete(&name(path)), NtStatus::SUCCESS);
}

/// How a call ended.
fn status_of<T>(result: Result<T, NtStatus>) -> NtStatus {
    result.err().unwrap_or(NtStatus::SUCCESS)
}
