//! Processes and threads: made, opened, put into jobs, given names and calls.
use abi::exception::{ApcFrame, ExceptionFrame};
use abi::io::{CURRENT_PROCESS, CURRENT_THREAD};
use abi::thread::{ClientId, THREAD_NAME_INFORMATION, ThreadNameInformation};
use core::cell::RefCell;
use nt::exception::{self, THIS};
use nt::information::{Of, open, set, string};
use nt::process::{self, Created, INHERIT_HANDLES, SUSPENDED};
use nt::sync::{self, ALL_ACCESS, Handle, made};
use nt::{NtStatus, Program, call, job, thread};

use crate::walk::{done, walk, walk_and_undo};

const FILE: &str = "nothing.exe";

pub fn all(program: &Program) {
    threads(program);
    apcs(program);
    names(program);
    opened(program);
    created(program);
    jobs(program);
}

extern "system" fn end(_: u64) -> ! {
    thread::exit(NtStatus::SUCCESS)
}

fn ended(program: &Program, handle: &Handle) {
    program.check("its end", sync::wait(handle, None), NtStatus::WAIT_0);
}

fn threads(program: &Program) {
    let undo = |made: Handle| {
        let status = thread::terminate(&made, NtStatus::SUCCESS);
        program.check("terminate", status, NtStatus::SUCCESS);
        ended(program, &made);
    };
    walk_and_undo(program, "thread", || thread::spawn_suspended(end, 0), undo);
    walk_and_undo(
        program,
        "thread that runs",
        || thread::spawn(end, 0),
        |made| ended(program, &made),
    );
}

fn on_exception(frame: &mut ExceptionFrame) -> ! {
    nt::println!("an exception, {}", frame.record.code);
    nt::exit(NtStatus::UNSUCCESSFUL)
}

fn on_apc(frame: &mut ApcFrame) -> ! {
    // SAFETY: where the call interrupted the program.
    unsafe { exception::go_on(&frame.context, true) }
}

fn apcs(program: &Program) {
    let registered = exception::register(on_exception, on_apc);
    program.check("register", registered, NtStatus::SUCCESS);
    walk_and_undo(
        program,
        "queue a call",
        || done(exception::queue_apc(THIS, 1, [0; 3])),
        |()| program.check("call", exception::test_alert(), NtStatus::SUCCESS),
    );
    program.check("forget", exception::forget(), NtStatus::SUCCESS);
}

fn names(program: &Program) {
    let units = [0x41_u16; 100];
    let name = |length| {
        let name = ThreadNameInformation {
            name: string(&units[..length]),
        };
        done(set(
            Of::Thread,
            CURRENT_THREAD,
            THREAD_NAME_INFORMATION,
            &name,
        ))
    };
    walk_and_undo(
        program,
        "name a thread",
        || name(100),
        |()| {
            program.done("no name", name(0));
        },
    );
}

fn opened(program: &Program) {
    let teb = nt::program::teb();
    let client_id = ClientId {
        process: teb.process_id,
        thread: teb.thread_id,
    };
    for (what, of) in [
        ("open a process", Of::Process),
        ("open a thread", Of::Thread),
    ] {
        walk(program, what, || open(of, client_id, ALL_ACCESS as u32));
    }
    walk(program, "next thread", || {
        // SAFETY: writes the handle only.
        made(|at| unsafe { call::nt_get_next_thread(CURRENT_PROCESS, 0, ALL_ACCESS, 0, 0, at) })
    });
}

fn end_process(program: &Program, created: &Created) {
    let status = process::terminate(&created.process, NtStatus::SUCCESS);
    program.check("terminate", status, NtStatus::SUCCESS);
    ended(program, &created.process);
    ended(program, &created.thread);
}

fn created(program: &Program) {
    let undo = |created: Created| end_process(program, &created);
    walk_and_undo(
        program,
        "process",
        || process::create(FILE, FILE, 0, SUSPENDED),
        undo,
    );
    walk_and_undo(
        program,
        "process with handles",
        || process::create(FILE, FILE, INHERIT_HANDLES, SUSPENDED),
        undo,
    );
    let (outer, inner) = (job::create(), job::create());
    let outer = program.done("a job", outer);
    let inner = program.done("a job", inner);
    walk_and_undo(
        program,
        "process in jobs",
        || process::create_in(FILE, FILE, 0, &[outer.raw(), inner.raw()]),
        undo,
    );
    let accounting = program.done("what they had", job::accounting(&inner));
    program.check("none is left", accounting.active_processes, 0);
}

fn jobs(program: &Program) {
    let suspended = || process::create(FILE, FILE, 0, SUSPENDED);
    let subject = RefCell::new(program.done("a process", suspended()));
    let held = program.done("a job", job::create());
    walk_and_undo(
        program,
        "put into a job",
        || done(job::assign(&held, &subject.borrow().process)),
        |()| {
            end_process(program, &subject.borrow());
            subject.replace(program.done("another", suspended()));
        },
    );
    end_process(program, &subject.borrow());
}
