//! What is set of a job comes back, byte for byte.
use super::{join, member, new};
use abi::job::*;
use abi::process::{PRIORITY_CLASS_BELOW_NORMAL, PRIORITY_CLASS_HIGH};
use abi::thread::GroupAffinity;
use nt::{NtStatus, Program, job};
use zerocopy::{FromZeros, IntoBytes};

pub fn all(program: &Program) {
    new_one(program);
    counts_files(program);
    round_trip(program);
    basic_keeps_extended(program);
    list(program);
}

fn new_one(program: &Program) {
    let job = new(program);
    let limits = program.done("limits", job::limits(&job));
    program.check("none", limits.as_bytes(), [0_u8; 0x90].as_slice());
    let accounting = program.done("accounting", job::accounting(&job));
    program.check("nothing", accounting.as_bytes(), [0_u8; 0x30].as_slice());
    let both = job::query::<JobBasicAndIoAccounting>(job.raw(), JOB_OBJECT_BASIC_AND_IO_ACCOUNTING);
    let both = program.done("with input and output", both);
    program.check("nothing", both.as_bytes(), [0_u8; 0x60].as_slice());
    for (class, value) in [
        (JOB_OBJECT_BASIC_UI_RESTRICTIONS, 0),
        (
            JOB_OBJECT_END_OF_JOB_TIME_INFORMATION,
            JOB_OBJECT_TERMINATE_AT_END_OF_JOB,
        ),
        (JOB_OBJECT_JOB_SET_INFORMATION, 0),
    ] {
        program.check("a number", job::query::<u32>(job.raw(), class), Ok(value));
    }
    let group = job::query::<u16>(job.raw(), JOB_OBJECT_GROUP_INFORMATION);
    program.check("its group", group, Ok(0));
    let group = job::query::<GroupAffinity>(job.raw(), JOB_OBJECT_GROUP_INFORMATION_EX);
    let group = program.done("its group", group);
    program.check("its processors", (group.mask, group.group), (1, 0));
    let rate = job::query::<JobCpuRateControl>(job.raw(), JOB_OBJECT_CPU_RATE_CONTROL_INFORMATION);
    let rate = program.done("its rate", rate);
    program.check("no control", (rate.flags, rate.rate), (0, 0));
}

/// What a process wrote that has ended counts as long as its job.
fn counts_files(program: &Program) {
    let job = new(program);
    let child = super::suspended(program, "hello.exe", "hello.exe");
    super::put(program, &job, &child);
    program.check("resumed", nt::thread::resume(&child.thread), Ok(1));
    super::join(program, "it says hello", &child.process, 0);
    let both = job::query::<JobBasicAndIoAccounting>(job.raw(), JOB_OBJECT_BASIC_AND_IO_ACCOUNTING);
    let io = program.done("its output", both).io;
    let is_counted = io.write_operations > 0 && io.write_bytes > io.write_operations;
    program.check("is counted", is_counted, true);
    program.check("no input", (io.read_operations, io.read_bytes), (0, 0));
}

fn round_trip(program: &Program) {
    let job = new(program);
    let mut limits = JobExtendedLimit::new_zeroed();
    limits.basic.per_process_user_time_limit_100ns = 0x1_2345_6789;
    limits.basic.per_job_user_time_limit_100ns = 0x2_3456_789A;
    limits.basic.limit_flags =
        JOB_OBJECT_EXTENDED_LIMIT_VALID_FLAGS & !JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME;
    limits.basic.minimum_working_set_bytes = 0x1_0000;
    limits.basic.maximum_working_set_bytes = 0x10_0000;
    limits.basic.active_process_limit = 7;
    limits.basic.affinity = 1;
    limits.basic.priority_class = PRIORITY_CLASS_BELOW_NORMAL;
    limits.basic.scheduling_class = 5;
    limits.process_memory_limit_bytes = 0x100_0001;
    limits.job_memory_limit_bytes = 0x200_0002;
    let set = job::set(&job, JOB_OBJECT_EXTENDED_LIMIT_INFORMATION, &limits);
    program.check("all limits", set, NtStatus::SUCCESS);
    let found = program.done("limits", job::limits(&job));
    program.check("come back", found.as_bytes(), limits.as_bytes());
    // The job's time stays, whatever else is set.
    let kept = JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME;
    let set = job::limit(&job, |limits| limits.basic.limit_flags = kept);
    program.check("nothing but the time", set, NtStatus::SUCCESS);
    let found = program.done("limits", job::limits(&job)).basic;
    program.check("flags", found.limit_flags, JOB_OBJECT_LIMIT_JOB_TIME);
    program.check(
        "the time",
        found.per_job_user_time_limit_100ns,
        0x2_3456_789A,
    );
    for (class, value) in [
        (JOB_OBJECT_BASIC_UI_RESTRICTIONS, 0xFF),
        (
            JOB_OBJECT_END_OF_JOB_TIME_INFORMATION,
            JOB_OBJECT_POST_AT_END_OF_JOB,
        ),
    ] {
        let set = job::set::<u32>(&job, class, &value);
        program.check("a number", set, NtStatus::SUCCESS);
        program.check("back", job::query::<u32>(job.raw(), class), Ok(value));
    }
    let group = job::set(&job, JOB_OBJECT_GROUP_INFORMATION, &0_u16);
    program.check("the only group", group, NtStatus::SUCCESS);
}

fn basic_keeps_extended(program: &Program) {
    let job = new(program);
    let set = job::limit(&job, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
            | JOB_OBJECT_LIMIT_JOB_MEMORY
            | JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
        limits.basic.active_process_limit = 3;
        limits.job_memory_limit_bytes = 0x100_0000;
    });
    program.check("limits", set, NtStatus::SUCCESS);
    let mut basic = JobBasicLimit::new_zeroed();
    basic.limit_flags = JOB_OBJECT_LIMIT_PRIORITY_CLASS;
    basic.priority_class = PRIORITY_CLASS_HIGH;
    let set = job::set(&job, JOB_OBJECT_BASIC_LIMIT_INFORMATION, &basic);
    program.check("basic ones", set, NtStatus::SUCCESS);
    let found = job::query::<JobBasicLimit>(job.raw(), JOB_OBJECT_BASIC_LIMIT_INFORMATION);
    let found = program.done("basic ones", found);
    program.check("come back", found.as_bytes(), basic.as_bytes());
    let all = program.done("limits", job::limits(&job));
    program.check(
        "the others stay",
        all.basic.limit_flags,
        JOB_OBJECT_LIMIT_PRIORITY_CLASS
            | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION
            | JOB_OBJECT_LIMIT_JOB_MEMORY,
    );
}

fn list(program: &Program) {
    let job = new(program);
    let class = JOB_OBJECT_BASIC_PROCESS_ID_LIST;
    let mut answer = [u64::MAX; 2];
    let asked = job::query_into(job.raw(), class, &mut answer);
    program.check("an empty list", asked, (NtStatus::SUCCESS, 8));
    program.check("its header", answer, [0, u64::MAX]);
    let (first, second) = (member(program, &job), member(program, &job));
    let ids = [first.client_id.process, second.client_id.process];
    let asked = job::query_into(job.raw(), class, &mut answer);
    program.check("too short", asked, (NtStatus::BUFFER_OVERFLOW, 16));
    program.check("as far as it goes", answer, [2 | 1 << 32, ids[0]]);
    let mut answer = [u64::MAX; 4];
    let asked = job::query_into(job.raw(), class, &mut answer);
    program.check("long enough", asked, (NtStatus::SUCCESS, 24));
    program.check("both", answer, [2 | 2 << 32, ids[0], ids[1], u64::MAX]);
    job::terminate(&job, NtStatus(2));
    for created in [&first, &second] {
        join(program, "both end", &created.process, 2);
    }
}
