//! Completion ports: packets put in and taken out, by one thread and several.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("completion", main);

use abi::access::{DELETE, FILE_GENERIC_READ, FILE_GENERIC_WRITE, MEMORY_RESERVE_ALL_ACCESS};
use abi::file::*;
use abi::object::{IO_COMPLETION_RESERVE, USER_APC_RESERVE};
use core::sync::atomic::{AtomicU64, Ordering::SeqCst};
use nt::completion::{depth, port, put, put_in, take, take_several};
use nt::file::{self, How};
use nt::object::{self, Name};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, system, thread};
use zerocopy::FromZeros;

const MILLISECOND: i64 = 10_000;
const NOW: Option<i64> = Some(0);

fn main(program: &Program) {
    packets(program);
    several(program);
    waiters(program);
    abandoned(program);
    files(program);
    replaced(program);
    reserves(program);
    endless(program);
}

fn packets(program: &Program) {
    let port = program.done("a port", port());
    program.check("empty", depth(&port), Ok(0));
    program.check("nothing", take(&port, NOW), Err(NtStatus::TIMEOUT));
    program.check(
        "nothing in time",
        take(&port, Some(-2 * MILLISECOND)),
        Err(NtStatus::TIMEOUT),
    );
    program.check("not signalled", sync::wait(&port, NOW), NtStatus::TIMEOUT);
    let first = (1, 2, NtStatus::ACCESS_DENIED, u64::MAX);
    let second = (u64::MAX, 0, NtStatus::SUCCESS, 4);
    program.check("put", put(&port, first), NtStatus::SUCCESS);
    program.check("put", put(&port, second), NtStatus::SUCCESS);
    program.check("two", depth(&port), Ok(2));
    program.check("signalled", sync::wait(&port, NOW), NtStatus::WAIT_0);
    program.check("the first", take(&port, None), Ok(first));
    program.check("the second", take(&port, NOW), Ok(second));
    program.check("empty again", depth(&port), Ok(0));
    program.check("and silent", sync::wait(&port, NOW), NtStatus::TIMEOUT);
}

fn several(program: &Program) {
    let port = program.done("a port", port());
    let mut room = [(); 4].map(|()| FileIoCompletionInformation::new_zeroed());
    program.check(
        "room for none",
        take_several(&port, &mut [], NOW, false).0,
        NtStatus::INVALID_PARAMETER,
    );
    program.check(
        "none",
        take_several(&port, &mut room, NOW, false),
        (NtStatus::TIMEOUT, 0),
    );
    for number in 0..6 {
        let packet = (number, number + 10, NtStatus::SUCCESS, number + 20);
        program.check("put", put(&port, packet), NtStatus::SUCCESS);
    }
    for (count, first) in [(4, 0), (2, 4)] {
        program.check(
            "some",
            take_several(&port, &mut room, None, false),
            (NtStatus::SUCCESS, count),
        );
        for (number, packet) in (first..).zip(room.iter().take(count as usize)) {
            let found = (
                packet.key_context,
                packet.apc_context,
                packet.result.information,
            );
            program.check("in order", found, (number, number + 10, number + 20));
        }
    }
    program.check(
        "alerted",
        (
            sync::alert_oneself(),
            take_several(&port, &mut room, None, true),
        ),
        (NtStatus::SUCCESS, (NtStatus::ALERTED, 0)),
    );
}

static TAKEN: AtomicU64 = AtomicU64::new(0);

/// Takes packets until one of key 0 comes, or the port goes.
extern "system" fn taker(port: u64) -> ! {
    let port = Handle::from_raw(port);
    let status = loop {
        match take(&port, None) {
            Ok((0, ..)) => break NtStatus::SUCCESS,
            Ok((key, ..)) => {
                TAKEN.fetch_add(key, SeqCst);
            }
            Err(status) => break status,
        }
    };
    // Whoever started it closes it.
    core::mem::forget(port);
    thread::exit(status)
}

fn waiters(program: &Program) {
    let port = program.done("a port", port());
    let threads = [(); 3].map(|()| program.done("a thread", thread::spawn(taker, port.raw())));
    system::delay(-MILLISECOND);
    for key in 1..=100 {
        program.check(
            "put",
            put(&port, (key, 0, NtStatus::SUCCESS, 0)),
            NtStatus::SUCCESS,
        );
    }
    for _ in &threads {
        program.check(
            "the last",
            put(&port, (0, 0, NtStatus::SUCCESS, 0)),
            NtStatus::SUCCESS,
        );
    }
    for thread in &threads {
        program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
        let ended = thread::basic_information(thread).map(|about| about.exit_status);
        program.check("in good order", ended, Ok(NtStatus::SUCCESS));
    }
    program.check("each packet once", TAKEN.load(SeqCst), 100 * 101 / 2);
}

/// Who waits for a port that is closed is told.
fn abandoned(program: &Program) {
    let port = program.done("a port", port());
    let threads = [(); 2].map(|()| program.done("a thread", thread::spawn(taker, port.raw())));
    system::delay(-2 * MILLISECOND);
    drop(port);
    for thread in &threads {
        program.check("its end", sync::wait(thread, None), NtStatus::WAIT_0);
        let ended = thread::basic_information(thread).map(|about| about.exit_status);
        program.check("abandoned", ended, Ok(NtStatus::ABANDONED_WAIT_0));
    }
}

/// Files whose operations are over at once tell a port all the same.
fn files(program: &Program) {
    let port = program.done("a port", port());
    let association = |key| FileCompletionInformation {
        port: port.raw(),
        key,
    };
    let name = Name::new("\\??\\C:\\completion.tmp");
    let how = How::open(
        FILE_GENERIC_READ | FILE_GENERIC_WRITE,
        FILE_SHARE_VALID_FLAGS,
    )
    .disposed(FILE_CREATE);
    let (waiting, _) = program.done("a file that waits", file::create(&name, how));
    program.check(
        "none for those",
        file::set(&waiting, FILE_COMPLETION_INFORMATION, &association(1)),
        NtStatus::INVALID_PARAMETER,
    );
    let access = FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE;
    let opened = file::open(&name, access, FILE_SHARE_VALID_FLAGS, FILE_DELETE_ON_CLOSE);
    let file = program.done("one that does not", opened);
    program.check(
        "no port",
        file::set(
            &file,
            FILE_COMPLETION_INFORMATION,
            &FileCompletionInformation {
                port: waiting.raw(),
                key: 0,
            },
        ),
        NtStatus::OBJECT_TYPE_MISMATCH,
    );
    program.check(
        "its port",
        file::set(&file, FILE_COMPLETION_INFORMATION, &association(7)),
        NtStatus::SUCCESS,
    );
    program.check(
        "once",
        file::set(&file, FILE_COMPLETION_INFORMATION, &association(8)),
        NtStatus::INVALID_PARAMETER,
    );
    program.check("written", file::write_with(&file, 0, 99, b"hello"), Ok(5));
    program.check("told", take(&port, NOW), Ok((7, 99, NtStatus::SUCCESS, 5)));
    program.check(
        "without a value",
        file::write_with(&file, 0, 0, b"x"),
        Ok(1),
    );
    program.check("not told", take(&port, NOW), Err(NtStatus::TIMEOUT));
    program.check(
        "less is told",
        file::set(&file, FILE_IO_COMPLETION_NOTIFICATION_INFORMATION, &1_u32),
        NtStatus::SUCCESS,
    );
    program.check(
        "bits without meaning",
        file::set(&file, FILE_IO_COMPLETION_NOTIFICATION_INFORMATION, &8_u32),
        NtStatus::INVALID_PARAMETER,
    );
    program.check("written", file::write_with(&file, 0, 99, b"x"), Ok(1));
    program.check("quietly", take(&port, NOW), Err(NtStatus::TIMEOUT));
    program.check(
        "of one that waits",
        replace(&waiting, &port, 1),
        NtStatus::INVALID_PARAMETER,
    );
}

fn replace(file: &Handle, port: &Handle, key: u64) -> NtStatus {
    let port = port.raw();
    let information = FileCompletionInformation { port, key };
    file::set(file, FILE_REPLACE_COMPLETION_INFORMATION, &information)
}

/// One port of a file after another, and none.
fn replaced(program: &Program) {
    let make = || program.done("a port", port());
    let (first, second) = (make(), make());
    let name = Name::new("\\??\\C:\\replaced.tmp");
    let access = FILE_GENERIC_READ | FILE_GENERIC_WRITE | DELETE;
    let how = How::open(access, FILE_SHARE_VALID_FLAGS).disposed(FILE_CREATE);
    program.done("a file", file::create(&name, how));
    let opened = file::open(&name, access, FILE_SHARE_VALID_FLAGS, FILE_DELETE_ON_CLOSE);
    let file = program.done("one that does not wait", opened);
    let write = || program.check("written", file::write_with(&file, 0, 9, b"xy"), Ok(2));
    let told = |port, key| {
        program.check("told", take(port, NOW), Ok((key, 9, NtStatus::SUCCESS, 2)));
    };
    let silent = |port| program.check("not told", take(port, NOW), Err(NtStatus::TIMEOUT));
    let done = NtStatus::SUCCESS;
    program.check("the first one", replace(&file, &first, 1), done);
    write();
    told(&first, 1);
    program.check("another", replace(&file, &second, 2), done);
    write();
    told(&second, 2);
    silent(&first);
    program.check("another key", replace(&file, &second, 3), done);
    write();
    told(&second, 3);
    let event = program.done("an event", sync::event(true, false));
    let mismatch = NtStatus::OBJECT_TYPE_MISMATCH;
    program.check("no port", replace(&file, &event, 4), mismatch);
    let none = Handle::from_raw(0);
    program.check("none", replace(&file, &none, 5), done);
    program.check("none again", replace(&file, &none, 6), done);
    core::mem::forget(none);
    write();
    silent(&first);
    silent(&second);
    // Then it can get one as at first.
    let information = FileCompletionInformation {
        port: first.raw(),
        key: 7,
    };
    let set = file::set(&file, FILE_COMPLETION_INFORMATION, &information);
    program.check("set", set, done);
    write();
    told(&first, 7);
}

/// Packets in reserves keep their place among others.
fn reserves(program: &Program) {
    let reserve = || program.done("a reserve", object::reserve(IO_COMPLETION_RESERVE));
    let (first, second) = (reserve(), reserve());
    let port = program.done("a port", port());
    let packet = |number| (number, number, NtStatus::SUCCESS, number);
    for number in 0..3 {
        let base = 10 * number;
        let done = NtStatus::SUCCESS;
        program.check("put", put(&port, packet(base)), done);
        let reserved = put_in(&port, first.raw(), packet(base + 1));
        program.check("in a reserve", reserved, done);
        let again = put_in(&port, first.raw(), packet(0));
        program.check("in use", again, NtStatus::INVALID_PARAMETER_2);
        let reserved = put_in(&port, second.raw(), packet(base + 2));
        program.check("in another", reserved, done);
        program.check("put", put(&port, packet(base + 3)), done);
        program.check("four", depth(&port), Ok(4));
        program.check("signalled", sync::wait(&port, NOW), NtStatus::WAIT_0);
        for next in base..base + 4 {
            program.check("in order", take(&port, NOW), Ok(packet(next)));
        }
        program.check("empty", depth(&port), Ok(0));
        program.check("silent", sync::wait(&port, NOW), NtStatus::TIMEOUT);
    }
    // Alone, and when its handle is closed.
    let put = put_in(&port, second.raw(), packet(7));
    program.check("alone", put, NtStatus::SUCCESS);
    drop(second);
    program.check("it is there", take(&port, NOW), Ok(packet(7)));
    // One that is left in a port is free when the port goes.
    let chain = [(); 64].map(|()| reserve());
    for reserve in chain.iter().chain([&first]) {
        let put = put_in(&port, reserve.raw(), packet(8));
        program.check("left", put, NtStatus::SUCCESS);
    }
    drop(port);
    let port = program.done("a port", nt::completion::port());
    let put = put_in(&port, first.raw(), packet(9));
    program.check("free again", put, NtStatus::SUCCESS);
    program.check("and taken", take(&port, NOW), Ok(packet(9)));

    let other = program.done("of calls", object::reserve(USER_APC_RESERVE));
    for (handle, status) in [
        (other.raw(), NtStatus::OBJECT_TYPE_MISMATCH),
        (port.raw(), NtStatus::OBJECT_TYPE_MISMATCH),
        (0, NtStatus::INVALID_HANDLE),
    ] {
        program.check("no reserve", put_in(&port, handle, packet(1)), status);
    }
    let weak = object::duplicate(first.raw(), 1, 0, 0);
    let weak = program.done("without the right", weak);
    let put = put_in(&port, weak.raw(), packet(1));
    program.check("the right", put, NtStatus::ACCESS_DENIED);
    program.check("nothing came", take(&port, NOW), Err(NtStatus::TIMEOUT));
    for kind in [2, u32::MAX] {
        let made = object::reserve(kind).err();
        program.check("no type", made, Some(NtStatus::INVALID_PARAMETER));
    }
    let access = object::basic_information(first.raw()).map(|about| about.granted_access);
    program.check("rights", access, Ok(MEMORY_RESERVE_ALL_ACCESS));
}

/// A port takes a share of memory and no more, and gives it back.
fn endless(program: &Program) {
    let packet = (1, 2, NtStatus::SUCCESS, 3);
    let mut first_count = 0;
    for turn in 0..2 {
        let port = program.done("a port", port());
        let status = loop {
            match put(&port, packet) {
                NtStatus::SUCCESS => {}
                status => break status,
            }
        };
        program.check("full", status, NtStatus::INSUFFICIENT_RESOURCES);
        let count = program.done("how many", depth(&port));
        if turn == 0 {
            first_count = count;
        }
        program.require("many", count > 10_000);
        program.check("as many as before", count, first_count);
        program.check("one out", take(&port, NOW), Ok(packet));
        program.check("one in", put(&port, packet), NtStatus::SUCCESS);
        let status = put(&port, packet);
        program.check("full", status, NtStatus::INSUFFICIENT_RESOURCES);
        let other = nt::completion::port();
        let other = program.done("another port", other);
        let status = put(&other, packet);
        program.check("full", status, NtStatus::INSUFFICIENT_RESOURCES);
    }
}
