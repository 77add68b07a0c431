//! Jobs: who is in one, what it limits, how it ends.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]
nt::program!("jobs", main);

mod children;
mod information;
mod limits;
mod messages;
mod nesting;
mod refused;
mod reported;

use abi::io::CURRENT_PROCESS;
use nt::process::{self, Created};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, job};

const MILLISECOND: i64 = 10_000;

fn main(program: &Program) {
    if let Some(mode) = program.arguments().nth(1) {
        children::be_child(program, mode.as_str());
    }
    membership(program);
    ended(program);
    information::all(program);
    refused::all(program);
    limits::all(program);
    children::all(program);
    nesting::all(program);
    messages::all(program);
    reported::all(program);
    memory_comes_back(program);
}

fn new(program: &Program) -> Handle {
    program.done("a job", job::create())
}

/// A program that does not run yet.
fn suspended(program: &Program, file: &str, command_line: &str) -> Created {
    let made = process::create(file, command_line, 0, process::SUSPENDED);
    program.done(command_line, made)
}

fn put(program: &Program, job: &Handle, created: &Created) {
    let assigned = job::assign(job, &created.process);
    program.check("a place in the job", assigned, NtStatus::SUCCESS);
}

/// A process in the job that does not run yet.
fn member(program: &Program, job: &Handle) -> Created {
    let created = suspended(program, "spin.exe", "spin.exe");
    put(program, job, &created);
    created
}

fn join(program: &Program, what: &str, process: &Handle, status: u32) {
    program.check(what, sync::wait(process, None), NtStatus::WAIT_0);
    let left = program.done(what, process::basic_information(process.raw()));
    program.check(what, left.exit_status, NtStatus(status));
}

fn counts(program: &Program, job: &Handle, total: u32, active: u32, terminated: u32) {
    let counts = program.done("accounting", job::accounting(job));
    let counts = (
        counts.total_processes,
        counts.active_processes,
        counts.total_terminated_processes,
    );
    program.check("processes", counts, (total, active, terminated));
}

fn membership(program: &Program) {
    let (job, other) = (new(program), new(program));
    let none = NtStatus::PROCESS_NOT_IN_JOB;
    program.check("in none", job::is_in(CURRENT_PROCESS, 0), none);
    let child = suspended(program, "exit.exe", "exit.exe 5");
    let raw = child.process.raw();
    program.check("not yet", job::is_in(raw, job.raw()), none);
    put(program, &job, &child);
    put(program, &job, &child);
    for (in_job, status) in [
        (0, NtStatus::PROCESS_IN_JOB),
        (job.raw(), NtStatus::PROCESS_IN_JOB),
        (other.raw(), none),
    ] {
        program.check("where it is", job::is_in(raw, in_job), status);
    }
    program.check("we are not", job::is_in(CURRENT_PROCESS, job.raw()), none);
    counts(program, &job, 1, 1, 0);
    program.check("resumed", nt::thread::resume(&child.thread), Ok(1));
    join(program, "it runs to its end", &child.process, 5);
    counts(program, &job, 1, 0, 0);
    program.check("in none any more", job::is_in(raw, 0), none);
    let late = job::assign(&job, &child.process);
    program.check("too late", late, NtStatus::PROCESS_IS_TERMINATING);
    let over = sync::wait(&job, Some(-MILLISECOND));
    program.check("not signalled by that", over, NtStatus::TIMEOUT);
}

fn ended(program: &Program) {
    let job = new(program);
    let (first, second) = (member(program, &job), member(program, &job));
    program.check("resumed", nt::thread::resume(&second.thread), Ok(1));
    nt::system::delay(-2 * MILLISECOND);
    let ended = job::terminate(&job, NtStatus(66));
    program.check("end all", ended, NtStatus::SUCCESS);
    program.check("signalled", sync::wait(&job, None), NtStatus::WAIT_0);
    join(program, "one that never ran", &first.process, 66);
    join(program, "one that ran", &second.process, 66);
    counts(program, &job, 2, 0, 0);
    let empty = new(program);
    job::terminate(&empty, NtStatus(67));
    let over = sync::wait(&empty, Some(0));
    program.check("an empty one is over", over, NtStatus::WAIT_0);
}

fn memory_comes_back(program: &Program) {
    let mut free = 0;
    for turn in 0..40 {
        let (outer, inner) = (new(program), new(program));
        let created = member(program, &outer);
        put(program, &inner, &created);
        job::terminate(&outer, NtStatus(11));
        join(program, "a short life", &created.process, 11);
        program.check(
            "and thread",
            sync::wait(&created.thread, None),
            NtStatus::WAIT_0,
        );
        drop((outer, inner, created));
        let now = program.done("free memory", nt::system::available_pages());
        // The first turns fill what is kept for later.
        if turn < 10 {
            free = now;
        }
        program.check("free pages", now, free);
    }
}
