//! Tokens: who a process acts for, what it may, what of that can be changed.
#![no_std]
#![no_main]
nt::program!("tokens", main);

mod access;
mod adjust;
mod copies;
mod impersonation;
mod information;
mod refused;
mod sids;

use abi::io::CURRENT_PROCESS;
use abi::token::*;
use nt::sync::{self, Handle};
use nt::token::{self, Privileges, privilege};
use nt::{NtStatus, Program, exit, process};

fn main(program: &Program) {
    if program.arguments().nth(1).is_some() {
        be_child(program);
    }
    unique_numbers(program);
    information::all(program);
    refused::all(program);
    adjust::all(program);
    copies::all(program);
    access::all(program);
    impersonation::all(program);
    children(program);
    children_with_a_token(program);
    memory_comes_back(program);
}

fn own(program: &Program) -> Handle {
    program.done("our token", token::own())
}

/// The attributes of a privilege, if it is there.
fn attributes_of(program: &Program, token: u64, number: u32) -> Option<u32> {
    let held = privileges(program, token);
    let mut entries = held.entries.iter().take(held.count as usize);
    let found = entries.find(|entry| entry[0] == number);
    found.map(|entry| entry[2])
}

/// All privileges of a token.
fn privileges(program: &Program, token: u64) -> Privileges<5> {
    let mut held = Privileges {
        count: 0,
        entries: [privilege(0, 0); 5],
    };
    let (status, length) = token::query_into(token, TOKEN_PRIVILEGES, held.as_mut_bytes());
    program.check("privileges", status, NtStatus::SUCCESS);
    program.check("their length", length, 4 + 12 * held.count);
    held
}

fn one(number: u32, attributes: u32) -> Privileges<1> {
    Privileges {
        count: 1,
        entries: [privilege(number, attributes)],
    }
}

fn unique_numbers(program: &Program) {
    let mut last = 1000;
    for _ in 0..3 {
        let mut luid = [0_u64; 1];
        // SAFETY: writes the number only.
        let status = unsafe { nt::call::nt_allocate_locally_unique_id(luid.as_mut_ptr() as u64) };
        program.check("a number", status, NtStatus::SUCCESS);
        program.require("a new one", luid[0] > last);
        last = luid[0];
    }
}

/// Says whether it may switch the machine off, and lets itself do it.
fn be_child(program: &Program) -> ! {
    let token = own(program);
    let before = attributes_of(program, token.raw(), SE_SHUTDOWN_PRIVILEGE);
    let wanted = one(SE_SHUTDOWN_PRIVILEGE, SE_PRIVILEGE_REMOVED);
    program.check(
        "removed",
        token::adjust(token.raw(), &wanted),
        NtStatus::SUCCESS,
    );
    exit(NtStatus(before.unwrap_or(99)))
}

fn children(program: &Program) {
    let token = own(program);
    for attributes in [0, SE_PRIVILEGE_ENABLED] {
        let wanted = one(SE_SHUTDOWN_PRIVILEGE, attributes);
        program.check(
            "changed",
            token::adjust(token.raw(), &wanted),
            NtStatus::SUCCESS,
        );
        let child = program.done("a child", process::spawn("tokens.exe", "tokens.exe child"));
        let its = program.done("its token", token::open_of(child.process.raw(), 0x8));
        let own_id = token::query::<TokenStatistics>(token.raw(), TOKEN_STATISTICS);
        let its_id = token::query::<TokenStatistics>(its.raw(), TOKEN_STATISTICS);
        let (own_id, its_id) = (program.done("ours", own_id), program.done("its", its_id));
        program.require(
            "a token of its own",
            own_id.token_id.low != its_id.token_id.low,
        );
        let logon = (own_id.authentication_id.low, its_id.authentication_id.low);
        program.check("one logon session", logon.0, logon.1);
        program.check(
            "its end",
            sync::wait(&child.process, None),
            NtStatus::WAIT_0,
        );
        let left = process::basic_information(child.process.raw());
        let left = program.done("what it left", left);
        program.check("inherited", left.exit_status, NtStatus(attributes));
        let now = attributes_of(program, token.raw(), SE_SHUTDOWN_PRIVILEGE);
        program.check("what it does to itself is not ours", now, Some(attributes));
        let gone = attributes_of(program, its.raw(), SE_SHUTDOWN_PRIVILEGE);
        program.check("its token outlives it", gone, None);
    }
}

/// A child gets a copy of the token that its parent names, if it is one for processes.
fn children_with_a_token(program: &Program) {
    const PRIMARY: u32 = 1;
    const IMPERSONATION: u32 = 2;
    let token = own(program);
    let wanted = one(SE_SHUTDOWN_PRIVILEGE, 0);
    program.check(
        "changed",
        token::adjust(token.raw(), &wanted),
        NtStatus::SUCCESS,
    );
    let copy = |access, kind| {
        let copy = token::duplicate(token.raw(), access, 0, false, kind);
        program.done("a copy", copy)
    };
    let other = copy(sync::ALL_ACCESS, PRIMARY);
    let wanted = one(SE_SHUTDOWN_PRIVILEGE, SE_PRIVILEGE_ENABLED);
    program.check(
        "its own",
        token::adjust(other.raw(), &wanted),
        NtStatus::SUCCESS,
    );
    let child = |token| process::create_with_token("tokens.exe", "tokens.exe child", token);
    let made = program.done("a child", child(other.raw()));
    program.check("run", nt::thread::resume(&made.thread), Ok(1));
    program.check("its end", sync::wait(&made.process, None), NtStatus::WAIT_0);
    let left = program.done("left", process::basic_information(made.process.raw()));
    program.check(
        "of the copy",
        left.exit_status,
        NtStatus(SE_PRIVILEGE_ENABLED),
    );
    let refused = child(copy(sync::ALL_ACCESS, IMPERSONATION).raw()).map(|_| ());
    program.check("no primary one", refused, Err(NtStatus::BAD_TOKEN_TYPE));
    let refused = child(copy(0x8, PRIMARY).raw()).map(|_| ());
    program.check("without access", refused, Err(NtStatus::ACCESS_DENIED));
    let refused = child(made.process.raw()).map(|_| ());
    program.check("no token", refused, Err(NtStatus::OBJECT_TYPE_MISMATCH));
}

fn memory_comes_back(program: &Program) {
    let mut free = 0;
    for turn in 0..200 {
        let token = own(program);
        let copy = token::duplicate(token.raw(), 0, 0, false, TOKEN_PRIMARY);
        let copy = program.done("a copy", copy);
        let wanted = one(SE_UNDOCK_PRIVILEGE, SE_PRIVILEGE_ENABLED);
        program.check(
            "changed",
            token::adjust(copy.raw(), &wanted),
            NtStatus::SUCCESS,
        );
        drop((token, copy));
        let now = program.done("free memory", nt::system::available_pages());
        // The first turns fill what is kept for later.
        if turn < 5 {
            free = now;
        }
        program.check("free pages", now, free);
    }
    let again = program.done("our token", token::open_of(CURRENT_PROCESS, 0x8));
    program.require("it is there still", again.raw() != 0);
}
