//! Pipes: made, connected, read and written, waited for and not, closed.
#![no_std]
#![no_main]
nt::program!("pipes", main);

mod apcs;
mod bounds;
mod children;
mod overlapped;
mod states;
mod streams;

use abi::access::{FILE_GENERIC_READ, FILE_GENERIC_WRITE};
use abi::file::*;
use nt::file::{self, How};
use nt::object::Name;
use nt::pipe::{self, NewPipe};
use nt::sync::Handle;
use nt::{NtStatus, Program};

/// Rights of who reads and writes.
pub const BOTH_WAYS: u32 = FILE_GENERIC_READ | FILE_GENERIC_WRITE;

fn main(program: &Program) {
    if let Some(what) = program.arguments().nth(1) {
        return match what.as_str() {
            "streams" => streams::test(program),
            what => children::be_child(program, what),
        };
    }
    streams::test(program);
    states::test(program);
    overlapped::test(program);
    apcs::test(program);
    children::test(program);
    bounds::test(program);
}

/// The name of a pipe.
pub fn name(of: &str) -> Name {
    let mut path = [0; 64];
    let path = join("\\??\\PIPE\\", of, &mut path);
    Name::new(path)
}

/// Two strings as one.
pub fn join<'to>(left: &str, right: &str, to: &'to mut [u8]) -> &'to str {
    let length = left.len() + right.len();
    to[..left.len()].copy_from_slice(left.as_bytes());
    to[left.len()..length].copy_from_slice(right.as_bytes());
    core::str::from_utf8(&to[..length]).unwrap_or_default()
}

/// A server and its client.
pub fn connected(program: &Program, of: &str, new: &NewPipe) -> (Handle, Handle) {
    let (server, _) = program.done("a server", pipe::create(&name(of), new));
    let client = program.done("its client", connect(of, new.options));
    (server, client)
}

/// A client's end.
pub fn connect(of: &str, options: u32) -> Result<Handle, NtStatus> {
    let access = BOTH_WAYS | abi::access::SYNCHRONIZE;
    file::open(&name(of), access, FILE_SHARE_VALID_FLAGS, options)
}

/// Opens a client's end as [`How`] says.
pub fn connect_with(of: &str, how: How) -> Result<Handle, NtStatus> {
    Ok(file::create(&name(of), how)?.0)
}

/// Writes, and expects that all of it went.
pub fn written(program: &Program, what: &str, to: &Handle, bytes: &[u8]) {
    program.check(what, file::write(to, None, bytes), Ok(bytes.len()));
}

/// Reads, and expects just that.
pub fn read(program: &Program, what: &str, from: &Handle, room: usize, bytes: &[u8]) {
    let mut buffer = [0; 0x2000];
    let read = file::read(from, None, &mut buffer[..room]);
    program.check(what, read, Ok(bytes.len()));
    program.require(what, buffer[..bytes.len()] == *bytes);
}

/// What cannot be read.
pub fn not_read(program: &Program, what: &str, from: &Handle, status: NtStatus) {
    let read = file::read(from, None, &mut [0; 16]);
    program.check(what, read, Err(status));
}
