//! Limits that are kept: of processes, of memory, of priority.
use super::{counts, join, member, new, put, suspended};
use abi::job::*;
use abi::process::PRIORITY_CLASS_IDLE;
use nt::memory::Memory;
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, job, process, thread};

const MIB: u64 = 0x10_0000;

pub fn all(program: &Program) {
    processes(program);
    memory_of_each(program);
    memory_of_all(program);
    priority(program);
}

fn processes(program: &Program) {
    let job = new(program);
    let set = job::limit(&job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
        limits.basic.active_process_limit = 1;
    });
    program.check("one process", set, NtStatus::SUCCESS);
    let first = member(program, &job);
    let second = suspended(program, "spin.exe", "spin.exe");
    let refused = job::assign(&job, &second.process);
    program.check("a second", refused, NtStatus::QUOTA_EXCEEDED);
    join(program, "is ended", &second.process, ERROR_NOT_ENOUGH_QUOTA);
    counts(program, &job, 1, 1, 1);
    let born = process::create_in("spin.exe", "spin.exe", 0, &[job.raw()]);
    program.check("nor born", born.err(), Some(NtStatus::QUOTA_EXCEEDED));
    counts(program, &job, 1, 1, 2);
    job::terminate(&job, NtStatus(1));
    join(program, "the first", &first.process, 1);
    // A process of the job that starts another is refused that.
    let parent = suspended(program, "jobs.exe", "jobs.exe stay");
    put(program, &job, &parent);
    program.check("resumed", thread::resume(&parent.thread), Ok(1));
    let status = NtStatus::QUOTA_EXCEEDED.0;
    join(program, "a child of one", &parent.process, status);
}

fn run_greedy(program: &Program, job: &Handle) {
    let greedy = suspended(program, "greedy.exe", "greedy.exe");
    put(program, job, &greedy);
    // The neighbour's memory is there all the while.
    let mut memory = program.done("memory", Memory::reserve(64 * MIB));
    program.check("resumed", thread::resume(&greedy.thread), Ok(1));
    for offset in (0..64 * MIB).step_by(MIB as usize) {
        program.done("the neighbour's memory", memory.commit(offset, MIB));
        memory.write(offset, 1);
        if sync::wait(&greedy.process, Some(0)) == NtStatus::TIMEOUT {
            nt::system::yield_execution();
        }
    }
    join(program, "refused in good order", &greedy.process, 0);
    program.done("release", memory.release());
}

fn memory_of_each(program: &Program) {
    let job = new(program);
    let limit = 8 * MIB;
    let set = job::limit(&job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_PROCESS_MEMORY;
        limits.process_memory_limit_bytes = limit;
    });
    program.check("8 MiB each", set, NtStatus::SUCCESS);
    run_greedy(program, &job);
    let seen = program.done("limits", job::limits(&job));
    let peak = seen.peak_process_memory_bytes;
    program.require("it came near", peak > limit - 2 * MIB && peak <= limit);
    program.check("the job's", seen.peak_job_memory_bytes, peak);
    let counts = program.done("accounting", job::accounting(&job));
    // Pages touched in a row are entered several at once.
    program.require("faults were counted", counts.total_page_faults > 300);
    let time = counts.total_user_time_100ns + counts.total_kernel_time_100ns;
    program.require("time was counted", time > 0);
}

fn memory_of_all(program: &Program) {
    let job = new(program);
    let limit = 6 * MIB;
    let set = job::limit(&job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_JOB_MEMORY;
        limits.job_memory_limit_bytes = limit;
    });
    program.check("6 MiB together", set, NtStatus::SUCCESS);
    let other = member(program, &job);
    run_greedy(program, &job);
    let seen = program.done("limits", job::limits(&job));
    let (one, all) = (seen.peak_process_memory_bytes, seen.peak_job_memory_bytes);
    program.require("two share it", one < all && all <= limit);
    // What ended gave its share back.
    run_greedy(program, &job);
    let set = job::limit(&job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_JOB_MEMORY;
        limits.job_memory_limit_bytes = 0x1000;
    });
    program.check("less than there is", set, NtStatus::SUCCESS);
    let born = process::create_in("spin.exe", "spin.exe", 0, &[job.raw()]);
    program.check("no birth", born.err(), Some(NtStatus::COMMITMENT_LIMIT));
    counts(program, &job, 4, 1, 0);
    job::terminate(&job, NtStatus(3));
    join(program, "the other", &other.process, 3);
}

fn priority(program: &Program) {
    let job = new(program);
    let base = |thread: &Handle| {
        program
            .done("a thread", thread::basic_information(thread))
            .priority
    };
    let before = member(program, &job);
    program.check("an ordinary one", base(&before.thread), 8);
    let set = job::limit(&job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_PRIORITY_CLASS;
        limits.basic.priority_class = PRIORITY_CLASS_IDLE;
    });
    program.check("idle", set, NtStatus::SUCCESS);
    let after = member(program, &job);
    for created in [&before, &after] {
        program.check("an idle one", base(&created.thread), 4);
    }
    job::terminate(&job, NtStatus(4));
    join(program, "both end", &after.process, 4);
}
