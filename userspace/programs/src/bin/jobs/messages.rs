//! What a completion port is told of a job's processes.
use super::{join, member, new, put, suspended};
use abi::job::*;
use nt::completion::{port, take};
use nt::process::Created;
use nt::sync::Handle;
use nt::{NtStatus, Program, job, thread};

const KEY: u64 = 0xFEED;
const SOON: Option<i64> = Some(-1000 * super::MILLISECOND);

pub fn all(program: &Program) {
    refused(program);
    lives(program);
    limited(program);
    nested(program);
}

fn set_port(job: &Handle, port: u64, key: u64) -> NtStatus {
    let wanted = JobCompletionPort {
        completion_key: key,
        completion_port: port,
    };
    job::set(job, JOB_OBJECT_ASSOCIATE_COMPLETION_PORT, &wanted)
}

fn told(program: &Program, what: &str, port: &Handle, key: u64, message: u32, about: u64) {
    let packet = Ok((key, about, NtStatus::SUCCESS, message.into()));
    program.check(what, take(port, SOON), packet);
}

fn nothing(program: &Program, port: &Handle) {
    let none = Err(NtStatus::TIMEOUT);
    program.check("no more", take(port, Some(0)), none);
}

fn refused(program: &Program) {
    let job = new(program);
    let invalid = NtStatus::INVALID_HANDLE;
    program.check("no port", set_port(&job, 0, KEY), invalid);
    let status = set_port(&job, job.raw(), KEY);
    program.check("a job", status, NtStatus::OBJECT_TYPE_MISMATCH);
    let port = program.done("a port", port());
    program.check("a port", set_port(&job, port.raw(), KEY), NtStatus::SUCCESS);
    let again = set_port(&job, port.raw(), KEY);
    program.check("once", again, NtStatus::INVALID_PARAMETER);
    // A port that is gone costs no process anything.
    drop(port);
    let first = member(program, &job);
    job::terminate(&job, NtStatus(5));
    join(program, "its end", &first.process, 5);
}

fn id(created: &Created) -> u64 {
    created.client_id.process
}

fn lives(program: &Program) {
    let (job, port) = (new(program), program.done("a port", port()));
    let first = member(program, &job);
    program.check("a port", set_port(&job, port.raw(), KEY), NtStatus::SUCCESS);
    let is_new = JOB_OBJECT_MSG_NEW_PROCESS;
    told(program, "who is there", &port, KEY, is_new, id(&first));
    let second = suspended(program, "exit.exe", "exit.exe 3");
    put(program, &job, &second);
    put(program, &job, &second);
    told(program, "who comes", &port, KEY, is_new, id(&second));
    nothing(program, &port);
    let crashing = suspended(program, "fault-null.exe", "fault-null.exe");
    put(program, &job, &crashing);
    told(program, "who comes", &port, KEY, is_new, id(&crashing));
    program.done("resume", thread::resume(&second.thread));
    let ended = JOB_OBJECT_MSG_EXIT_PROCESS;
    told(program, "who ends", &port, KEY, ended, id(&second));
    join(program, "its end", &second.process, 3);
    program.done("resume", thread::resume(&crashing.thread));
    let crashed = JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS;
    told(program, "who crashes", &port, KEY, crashed, id(&crashing));
    nothing(program, &port);
    job::terminate(&job, NtStatus(4));
    told(program, "the last", &port, KEY, ended, id(&first));
    let zero = JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO;
    told(program, "nobody", &port, KEY, zero, 0);
    nothing(program, &port);
    join(program, "its end", &first.process, 4);
    join(program, "its end", &crashing.process, 0xC000_0005);
}

fn limited(program: &Program) {
    let (job, port) = (new(program), program.done("a port", port()));
    program.check("a port", set_port(&job, port.raw(), KEY), NtStatus::SUCCESS);
    let status = job::limit(&job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
        limits.basic.active_process_limit = 1;
    });
    program.check("one process", status, NtStatus::SUCCESS);
    let first = member(program, &job);
    let is_new = JOB_OBJECT_MSG_NEW_PROCESS;
    told(program, "the one", &port, KEY, is_new, id(&first));
    let second = suspended(program, "spin.exe", "spin.exe");
    let status = job::assign(&job, &second.process);
    program.check("no other", status, NtStatus::QUOTA_EXCEEDED);
    let limit = JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT;
    told(program, "the limit", &port, KEY, limit, 0);
    nothing(program, &port);
    job::terminate(&job, NtStatus(4));
    let ended = JOB_OBJECT_MSG_EXIT_PROCESS;
    told(program, "the one", &port, KEY, ended, id(&first));
    let zero = JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO;
    told(program, "nobody", &port, KEY, zero, 0);
    join(program, "its end", &first.process, 4);
    join(program, "its end", &second.process, ERROR_NOT_ENOUGH_QUOTA);
}

/// Each job of a chain tells of its own processes, the inner one first.
fn nested(program: &Program) {
    let (outer, inner) = (new(program), new(program));
    let port = program.done("a port", port());
    for (job, key) in [(&outer, 1), (&inner, 2)] {
        let status = set_port(job, port.raw(), key);
        program.check("a port", status, NtStatus::SUCCESS);
    }
    let first = member(program, &outer);
    let is_new = JOB_OBJECT_MSG_NEW_PROCESS;
    told(program, "the outer", &port, 1, is_new, id(&first));
    put(program, &inner, &first);
    told(program, "the inner", &port, 2, is_new, id(&first));
    let second = member(program, &inner);
    told(program, "the inner", &port, 2, is_new, id(&second));
    told(program, "the outer", &port, 1, is_new, id(&second));
    nothing(program, &port);
    job::terminate(&outer, NtStatus(6));
    for created in [&first, &second] {
        join(program, "its end", &created.process, 6);
    }
    let mut zeros = 0;
    let mut ends = 0;
    while let Ok((_, _, _, message)) = take(&port, Some(0)) {
        match u32::try_from(message) {
            Ok(JOB_OBJECT_MSG_EXIT_PROCESS) => ends += 1,
            Ok(JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO) => zeros += 1,
            _ => program.fail(format_args!("message {message}")),
        }
    }
    program.check("ends", (ends, zeros), (4, 2));
}
