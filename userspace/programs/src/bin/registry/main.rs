//! The registry: keys, values, links, and what is asked of them.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("registry", main);

mod deleted;
mod keys;
mod links;
mod names;
mod queries;
mod refused;
mod start;
mod values;
mod watches;

use abi::access::KEY_ALL_ACCESS;
use abi::registry::{REG_CREATED_NEW_KEY, REG_OPTION_VOLATILE};
use nt::object::Name;
use nt::sync::Handle;
use nt::{NtStatus, Program, registry};

/// How many keys the user has from the start.
const USERS_KEYS: u32 = 2;
/// The key of the user, where programs may do as they like.
const USER: &str = "\\Registry\\User\\S-1-5-21-0-0-0-1000";

fn main(program: &Program) {
    start::all(program);
    names::all(program);
    keys::all(program);
    queries::all(program);
    values::all(program);
    links::all(program);
    deleted::all(program);
    refused::all(program);
    watches::all(program);
    nothing_is_left(program);
    watches::left_behind(program);
}

fn user(program: &Program) -> Handle {
    open(program, USER)
}

fn open(program: &Program, path: &str) -> Handle {
    program.done(path, registry::open(&Name::new(path), KEY_ALL_ACCESS, 0))
}

/// A new key in a key.
fn new(program: &Program, parent: &Handle, name: &str) -> Handle {
    new_with(program, parent, name, "", 0)
}

fn new_with(program: &Program, parent: &Handle, name: &str, class: &str, options: u32) -> Handle {
    let at = Name::with(name, parent.raw(), 0);
    let created = registry::create(&at, KEY_ALL_ACCESS, class, options);
    let (key, done) = program.done(name, created);
    program.check("it is new", done, REG_CREATED_NEW_KEY);
    key
}

fn remove(program: &Program, key: &Handle) {
    program.check("deleted", registry::delete(key.raw()), NtStatus::SUCCESS);
}

/// The status of opening what a key has by a name.
fn status_of(parent: &Handle, name: &str) -> NtStatus {
    let at = Name::with(name, parent.raw(), 0);
    let opened = registry::open(&at, KEY_ALL_ACCESS, 0);
    opened.err().unwrap_or(NtStatus::SUCCESS)
}

/// A number in an answer.
fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn wide(bytes: &[u8], at: usize) -> u64 {
    u64::from(word(bytes, at)) | u64::from(word(bytes, at + 4)) << 32
}

/// Whether a text is in an answer.
fn is_text(bytes: &[u8], expected: &str) -> bool {
    let units = bytes
        .chunks(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    expected.encode_utf16().eq(units)
}

/// Whatever was made here is gone, so that this can run again.
fn nothing_is_left(program: &Program) {
    let user = user(program);
    let mut buffer = [0; 64];
    let (status, _) = registry::enumerate(user.raw(), USERS_KEYS, 0, &mut buffer, 64);
    program.check("keys", status, NtStatus::NO_MORE_ENTRIES);
    let (status, _) = registry::enumerate_value(user.raw(), 0, 0, &mut buffer, 64);
    program.check("values", status, NtStatus::NO_MORE_ENTRIES);
    let volatile = new_with(program, &user, "Last", "", REG_OPTION_VOLATILE);
    remove(program, &volatile);
}
