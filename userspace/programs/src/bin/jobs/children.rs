//! Children of processes in jobs, and what the last handle's closing does.
use super::{counts, join, new, put, suspended};
use abi::access::{MAXIMUM_ALLOWED, SYNCHRONIZE};
use abi::job::*;
use abi::process::PROCESS_CREATE_FLAGS_BREAKAWAY;
use nt::process::{self, Created};
use nt::sync::Handle;
use nt::{NtStatus, Program, exit, job};

/// As one of this program's children: starts a child of its own, which stays, and
/// ends with what came of that.
pub fn be_child(program: &Program, mode: &str) -> ! {
    let flags = match mode {
        "stay" => 0,
        "break-away" => PROCESS_CREATE_FLAGS_BREAKAWAY.into(),
        _ => program.fail(format_args!("no such mode: {mode}")),
    };
    let created = process::create("spin.exe", "spin.exe", flags, 0);
    exit(match created {
        // A grandchild that got away is ended by whoever knows of it.
        Ok(created) => match job::is_in(created.process.raw(), 0) {
            NtStatus::PROCESS_NOT_IN_JOB => {
                process::terminate(&created.process, NtStatus::SUCCESS);
                NtStatus::PROCESS_NOT_IN_JOB
            }
            status => status,
        },
        Err(status) => status,
    })
}

fn child(program: &Program, mode: &str) -> Created {
    let command_line = match mode {
        "stay" => "jobs.exe stay",
        _ => "jobs.exe break-away",
    };
    suspended(program, "jobs.exe", command_line)
}

fn run(program: &Program, job: &Handle, mode: &str, status: NtStatus) {
    let child = child(program, mode);
    put(program, job, &child);
    program.check("resumed", nt::thread::resume(&child.thread), Ok(1));
    join(program, mode, &child.process, status.0);
}

pub fn all(program: &Program) {
    stay(program);
    break_away(program);
    at_creation(program);
}

fn flags(program: &Program, job: &Handle, flags: u32) {
    let set = job::limit(job, |limits| limits.basic.limit_flags = flags);
    program.check("flags", set, NtStatus::SUCCESS);
}

/// The first process in the job.
fn first(program: &Program, job: &Handle) -> Handle {
    let [_, id] = program.done(
        "the list",
        job::query::<[u64; 2]>(job.raw(), JOB_OBJECT_BASIC_PROCESS_ID_LIST),
    );
    let access = (MAXIMUM_ALLOWED | SYNCHRONIZE).into();
    program.done("a process by its number", process::open(id, access))
}

fn stay(program: &Program) {
    let job = new(program);
    flags(program, &job, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE);
    run(program, &job, "stay", NtStatus::PROCESS_IN_JOB);
    counts(program, &job, 2, 1, 0);
    let grandchild = first(program, &job);
    let is_in = job::is_in(grandchild.raw(), job.raw());
    program.check("the grandchild", is_in, NtStatus::PROCESS_IN_JOB);
    drop(job);
    join(program, "closing ends it", &grandchild, 0);
}

fn break_away(program: &Program) {
    let job = new(program);
    run(program, &job, "break-away", NtStatus::ACCESS_DENIED);
    flags(program, &job, JOB_OBJECT_LIMIT_BREAKAWAY_OK);
    run(program, &job, "break-away", NtStatus::PROCESS_NOT_IN_JOB);
    run(program, &job, "stay", NtStatus::PROCESS_IN_JOB);
    flags(program, &job, JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK);
    run(program, &job, "stay", NtStatus::PROCESS_NOT_IN_JOB);
    counts(program, &job, 5, 1, 0);
    // Without the flag, closing lets the grandchild be.
    flags(program, &job, 0);
    let grandchild = first(program, &job);
    drop(job);
    let runs = nt::sync::wait(&grandchild, Some(-super::MILLISECOND));
    program.check("it goes on", runs, NtStatus::TIMEOUT);
    let is_in = job::is_in(grandchild.raw(), 0);
    program.check("in a job without handles", is_in, NtStatus::PROCESS_IN_JOB);
    process::terminate(&grandchild, NtStatus(9));
    join(program, "until it is ended", &grandchild, 9);
}

fn at_creation(program: &Program) {
    let (outer, inner) = (new(program), new(program));
    let jobs = [outer.raw(), inner.raw()];
    let created = process::create_in("spin.exe", "spin.exe", 0, &jobs);
    let created = program.done("in two jobs", created);
    for job in jobs {
        let is_in = job::is_in(created.process.raw(), job);
        program.check("in both", is_in, NtStatus::PROCESS_IN_JOB);
    }
    for (jobs, status) in [
        ([outer.raw(), 0x5550], NtStatus::INVALID_HANDLE),
        (
            [outer.raw(), created.process.raw()],
            NtStatus::OBJECT_TYPE_MISMATCH,
        ),
    ] {
        let refused = process::create_in("spin.exe", "spin.exe", 0, &jobs);
        program.check("in no job", refused.err(), Some(status));
    }
    let narrow = job::create_with(JOB_OBJECT_QUERY_ONLY);
    let narrow = program.done("a job that may be asked", narrow);
    let refused = process::create_in("spin.exe", "spin.exe", 0, &[narrow.raw()]);
    program.check("no access", refused.err(), Some(NtStatus::ACCESS_DENIED));
    counts(program, &outer, 1, 1, 0);
    job::terminate(&outer, NtStatus(8));
    join(program, "the outer ends it", &created.process, 8);
}

const JOB_OBJECT_QUERY_ONLY: u64 = abi::access::JOB_OBJECT_QUERY as u64;
