//! Limits that end processes or are told: of time, memory, input and output.
use super::{counts, join, member, new, put, suspended};
use abi::job::*;
use abi::process::{ProcessJobMemory, QuotaLimits};
use nt::completion::{port, take};
use nt::information::{self, Of};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, job, thread};
use zerocopy::{FromZeros, IntoBytes};

const LONG: Option<i64> = Some(-20_000 * super::MILLISECOND);
const TIME: i64 = 30 * super::MILLISECOND;

pub fn all(program: &Program) {
    time_of_each(program);
    time_of_all(program);
    time_is_told(program);
    memory_is_told(program);
    working_sets(program);
    notices(program);
    rates(program);
}

fn with_port(program: &Program) -> (Handle, Handle) {
    let (job, port) = (new(program), program.done("a port", port()));
    let wanted = JobCompletionPort {
        completion_key: 7,
        completion_port: port.raw(),
    };
    let set = job::set(&job, JOB_OBJECT_ASSOCIATE_COMPLETION_PORT, &wanted);
    program.check("a port", set, NtStatus::SUCCESS);
    (job, port)
}

/// Waits for a message, whatever others come before it; what it is about.
fn told(program: &Program, port: &Handle, message: u32) -> u64 {
    loop {
        let (_, about, _, found) = program.done("a message", take(port, LONG));
        if found == u64::from(message) {
            return about;
        }
    }
}

fn resume(program: &Program, thread: &Handle) {
    program.check("resumed", thread::resume(thread), Ok(1));
}

fn time_of_each(program: &Program) {
    let (job, port) = with_port(program);
    let set = job::limit(&job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_PROCESS_TIME;
        limits.basic.per_process_user_time_limit_100ns = TIME;
    });
    program.check("little time each", set, NtStatus::SUCCESS);
    let (idle, busy) = (member(program, &job), member(program, &job));
    resume(program, &busy.thread);
    join(program, "its time", &busy.process, ERROR_NOT_ENOUGH_QUOTA);
    let about = told(program, &port, JOB_OBJECT_MSG_END_OF_PROCESS_TIME);
    program.check("whose", about, busy.client_id.process);
    counts(program, &job, 2, 1, 1);
    job::terminate(&job, NtStatus(1));
    join(program, "the other", &idle.process, 1);
}

fn limit_time(program: &Program, job: &Handle) {
    let set = job::limit(job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_JOB_TIME;
        limits.basic.per_job_user_time_limit_100ns = TIME;
    });
    program.check("little time together", set, NtStatus::SUCCESS);
    let accounting = program.done("accounting", job::accounting(job));
    let period = accounting.this_period_total_user_time_100ns;
    program.check("a period begins", period < super::MILLISECOND, true);
}

fn time_of_all(program: &Program) {
    let job = new(program);
    for round in 0..2 {
        limit_time(program, &job);
        let running = sync::wait(&job, Some(0));
        program.check("not over", running, NtStatus::TIMEOUT);
        let (idle, busy) = (member(program, &job), member(program, &job));
        resume(program, &busy.thread);
        for created in [&idle, &busy] {
            join(program, "all end", &created.process, ERROR_NOT_ENOUGH_QUOTA);
        }
        program.check("over", sync::wait(&job, LONG), NtStatus::WAIT_0);
        let late = suspended(program, "spin.exe", "spin.exe");
        let refused = job::assign(&job, &late.process);
        program.check("nobody any more", refused, NtStatus::QUOTA_EXCEEDED);
        join(program, "is ended", &late.process, ERROR_NOT_ENOUGH_QUOTA);
        counts(program, &job, 2 * (round + 1), 0, 3 * (round + 1));
    }
}

fn time_is_told(program: &Program) {
    let (job, port) = with_port(program);
    let posts = JOB_OBJECT_POST_AT_END_OF_JOB;
    let set = job::set(&job, JOB_OBJECT_END_OF_JOB_TIME_INFORMATION, &posts);
    program.check("it is to be told", set, NtStatus::SUCCESS);
    limit_time(program, &job);
    let busy = member(program, &job);
    resume(program, &busy.thread);
    let about = told(program, &port, JOB_OBJECT_MSG_END_OF_JOB_TIME);
    program.check("about all", about, 0);
    let runs = sync::wait(&busy.process, Some(-super::MILLISECOND));
    program.check("it goes on", runs, NtStatus::TIMEOUT);
    let limits = program.done("limits", job::limits(&job)).basic;
    program.check("no limit any more", limits.limit_flags, 0);
    job::terminate(&job, NtStatus(2));
    join(program, "it ends", &busy.process, 2);
}

fn memory_is_told(program: &Program) {
    for (flag, message) in [
        (
            JOB_OBJECT_LIMIT_PROCESS_MEMORY,
            JOB_OBJECT_MSG_PROCESS_MEMORY_LIMIT,
        ),
        (JOB_OBJECT_LIMIT_JOB_MEMORY, JOB_OBJECT_MSG_JOB_MEMORY_LIMIT),
    ] {
        let (job, port) = with_port(program);
        let set = job::limit(&job, |limits| {
            limits.basic.limit_flags = flag;
            limits.process_memory_limit_bytes = 0x80_0000;
            limits.job_memory_limit_bytes = 0x80_0000;
        });
        program.check("little memory", set, NtStatus::SUCCESS);
        let greedy = suspended(program, "greedy.exe", "greedy.exe");
        put(program, &job, &greedy);
        resume(program, &greedy.thread);
        let about = told(program, &port, message);
        program.check("who wanted more", about, greedy.client_id.process);
        sync::wait(&greedy.process, None);
        job::terminate(&job, NtStatus(2));
    }
}

fn working_sets(program: &Program) {
    let job = new(program);
    let created = member(program, &job);
    let set = job::limit(&job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_WORKINGSET;
        limits.basic.minimum_working_set_bytes = 0x2_0000;
        limits.basic.maximum_working_set_bytes = 0x20_0000;
    });
    program.check("working sets", set, NtStatus::SUCCESS);
    let quota = |raw| {
        let class = abi::process::PROCESS_QUOTA_LIMITS;
        let quota = information::query::<QuotaLimits>(Of::Process, raw, class);
        let quota = program.done("a working set", quota);
        (
            quota.minimum_working_set_bytes,
            quota.maximum_working_set_bytes,
        )
    };
    let wanted = (0x2_0000, 0x20_0000);
    program.check("who was there", quota(created.process.raw()), wanted);
    let second = member(program, &job);
    program.check("who comes", quota(second.process.raw()), wanted);
    job::terminate(&job, NtStatus(2));
}

fn violation(program: &Program, job: &Handle) -> JobLimitViolation2 {
    let found = job::query(job.raw(), JOB_OBJECT_LIMIT_VIOLATION_INFORMATION_2);
    program.done("violations", found)
}

fn notices(program: &Program) {
    let (job, port) = with_port(program);
    let none = violation(program, &job).plain;
    program.check("none", (none.limit_flags, none.violation_flags), (0, 0));
    let mut wanted = JobNotificationLimit2::new_zeroed();
    wanted.plain.written_bytes = 1;
    wanted.plain.user_time_100ns = TIME;
    wanted.plain.memory_bytes = 0x4000_0000;
    wanted.plain.cpu_tolerance = 2;
    wanted.plain.cpu_interval = 3;
    wanted.plain.limit_flags = JOB_OBJECT_LIMIT_JOB_WRITE_BYTES
        | JOB_OBJECT_LIMIT_JOB_TIME
        | JOB_OBJECT_LIMIT_JOB_MEMORY
        | JOB_OBJECT_LIMIT_CPU_RATE_CONTROL;
    let class = JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION;
    let set = job::set(&job, class, &wanted.plain);
    program.check("limits", set, NtStatus::SUCCESS);
    let found = job::query::<JobNotificationLimit>(job.raw(), class);
    let found = program.done("limits", found);
    program.check("come back", found.as_bytes(), wanted.plain.as_bytes());
    let writer = suspended(program, "hello.exe", "hello.exe");
    put(program, &job, &writer);
    resume(program, &writer.thread);
    join(program, "it says hello", &writer.process, 0);
    let message = JOB_OBJECT_MSG_NOTIFICATION_LIMIT;
    let about = told(program, &port, message);
    program.check("who wrote", about, writer.client_id.process);
    let passed = violation(program, &job).plain;
    let wrote = JOB_OBJECT_LIMIT_JOB_WRITE_BYTES;
    program.check("what it passed", passed.violation_flags, wrote);
    program.check("its limit", passed.written_limit_bytes, 1);
    program.require("it wrote", passed.written_bytes > 1);
    let busy = member(program, &job);
    resume(program, &busy.thread);
    let about = told(program, &port, message);
    program.check("who ran", about, busy.client_id.process);
    let (of, raw) = (Of::Process, busy.process.raw());
    let class = abi::process::PROCESS_JOB_MEMORY_INFORMATION;
    let memory = information::query::<ProcessJobMemory>(of, raw, class);
    let memory = program.done("its job's memory", memory);
    program.require("there is some", memory.private_commit_bytes > 0);
    let passed = violation(program, &job).plain;
    let both = JOB_OBJECT_LIMIT_JOB_WRITE_BYTES | JOB_OBJECT_LIMIT_JOB_TIME;
    program.check("both", passed.violation_flags, both);
    program.require("it has memory", passed.memory_bytes > 0);
    job::terminate(&job, NtStatus(3));
    join(program, "it goes on till then", &busy.process, 3);
    refused(program, &job, &wanted);
}

fn refused(program: &Program, job: &Handle, before: &JobNotificationLimit2) {
    let refuse = |change: fn(&mut JobNotificationLimit2)| {
        let mut wanted = JobNotificationLimit2::new_zeroed();
        change(&mut wanted);
        let set = job::set(job, JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION_2, &wanted);
        program.check("refused", set, NtStatus::INVALID_PARAMETER);
    };
    refuse(|wanted| wanted.plain.limit_flags = 1);
    refuse(|wanted| wanted.plain.limit_flags = JOB_OBJECT_LIMIT_JOB_READ_BYTES);
    refuse(|wanted| wanted.plain.limit_flags = JOB_OBJECT_LIMIT_NET_RATE_CONTROL);
    refuse(|wanted| {
        wanted.plain.limit_flags = JOB_OBJECT_LIMIT_JOB_TIME;
        wanted.plain.user_time_100ns = -1;
    });
    refuse(|wanted| {
        wanted.plain.limit_flags = JOB_OBJECT_LIMIT_JOB_MEMORY | JOB_OBJECT_LIMIT_JOB_MEMORY_LOW;
        wanted.plain.memory_bytes = 0x1000;
        wanted.low_memory_bytes = 0x2000;
    });
    let mut low = JobNotificationLimit::new_zeroed();
    low.limit_flags = JOB_OBJECT_LIMIT_JOB_MEMORY_LOW;
    let set = job::set(job, JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION, &low);
    program.check("of the other", set, NtStatus::INVALID_PARAMETER);
    let class = JOB_OBJECT_NOTIFICATION_LIMIT_INFORMATION_2;
    let found: JobNotificationLimit2 = program.done("limits", job::query(job.raw(), class));
    let flags = (found.plain.limit_flags, before.plain.limit_flags);
    program.check("nothing was set", flags.0, flags.1);
}

fn rates(program: &Program) {
    let job = new(program);
    let class = JOB_OBJECT_CPU_RATE_CONTROL_INFORMATION;
    let set = |flags, rate| job::set(&job, class, &JobCpuRateControl { flags, rate });
    for (flags, rate) in [
        (0x20, 1),
        (4, 5000),
        (1, 0),
        (1, 10_001),
        (3, 10),
        (3, 0),
        (7, 5),
        (0x15, 5000),
        (0x11, 0x1000_2000),
    ] {
        let refused = NtStatus::INVALID_PARAMETER;
        program.check("no such rate", set(flags, rate), refused);
    }
    program.check("a weight", set(3, 9), NtStatus::NOT_SUPPORTED);
    for (flags, rate) in [(0x11, 0x2000_1000), (5, 1000)] {
        program.check("a rate", set(flags, rate), NtStatus::SUCCESS);
        let found = program.done("it", job::query::<JobCpuRateControl>(job.raw(), class));
        program.check("comes back", (found.flags, found.rate), (flags, rate));
    }
    // A tenth of the processor. A busy host makes it look like more, but not like most.
    let busy = member(program, &job);
    let counter = || program.done("a clock", nt::system::performance_counter()).0;
    let start = counter();
    resume(program, &busy.thread);
    nt::system::delay(-1000 * super::MILLISECOND);
    let passed = counter() - start;
    let used = program.done("accounting", job::accounting(&job));
    let used = used.total_user_time_100ns;
    program.require("some", used > 0);
    program.require("not much more", used < passed / 2);
    program.check("none", set(0, 0), NtStatus::SUCCESS);
    job::terminate(&job, NtStatus(4));
    join(program, "it ends", &busy.process, 4);
    let class = JOB_OBJECT_NET_RATE_CONTROL_INFORMATION;
    let mut net: JobNetRateControl = program.done("none", job::query(job.raw(), class));
    program.check("none", net.flags, 0);
    program.check("none", job::set(&job, class, &net), NtStatus::SUCCESS);
    net.flags = 3;
    let set = job::set(&job, class, &net);
    program.check("no bandwidth", set, NtStatus::INVALID_PARAMETER);
    net.max_bandwidth = 1000;
    let set = job::set(&job, class, &net);
    program.check("no network", set, NtStatus::NOT_SUPPORTED);
    let usage = job::query::<JobMemoryUsage>(job.raw(), JOB_OBJECT_MEMORY_USAGE_INFORMATION);
    let usage = program.done("memory", usage);
    program.check("given back", usage.memory_bytes, 0);
    program.require("it had some", usage.peak_memory_bytes > 0);
}
