//! What jobs refuse: types, access, sizes, classes, values.
use super::{member, new};
use abi::access::*;
use abi::job::*;
use abi::process::PRIORITY_CLASS_REALTIME;
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, job, process};
use zerocopy::FromZeros;

pub fn all(program: &Program) {
    types_and_access(program);
    sizes_and_classes(program);
    values(program);
}

fn types_and_access(program: &Program) {
    let (job, event) = (
        new(program),
        program.done("an event", sync::event(true, false)),
    );
    let child = member(program, &job);
    let mismatch = NtStatus::OBJECT_TYPE_MISMATCH;
    program.check("no job", job::assign(&event, &child.process), mismatch);
    program.check("no process", job::assign(&job, &event), mismatch);
    program.check("no job", job::terminate(&event, NtStatus(1)), mismatch);
    let is_in = job::is_in(child.process.raw(), event.raw());
    program.check("no job", is_in, mismatch);
    program.check("no job", job::accounting(&event).err(), Some(mismatch));
    program.check("no job", job::limit(&event, |_| ()), mismatch);
    let denied = NtStatus::ACCESS_DENIED;
    let with = |access: u32| program.done("a job", job::create_with(access.into()));
    let all = JOB_OBJECT_ALL_ACCESS;
    let assigned = job::assign(&with(all & !JOB_OBJECT_ASSIGN_PROCESS), &child.process);
    program.check("may not assign", assigned, denied);
    let ended = job::terminate(&with(all & !JOB_OBJECT_TERMINATE), NtStatus(1));
    program.check("may not end", ended, denied);
    let set = job::limit(&with(all & !JOB_OBJECT_SET_ATTRIBUTES), |_| ());
    program.check("may not set", set, denied);
    let silent = with(all & !JOB_OBJECT_QUERY);
    program.check("may not ask", job::accounting(&silent).err(), Some(denied));
    let is_in = job::is_in(child.process.raw(), silent.raw());
    program.check("may not ask", is_in, denied);
    let id = child.client_id.process;
    for missing in [PROCESS_TERMINATE, PROCESS_SET_QUOTA] {
        let access = PROCESS_ALL_ACCESS & !missing;
        let narrow = program.done("a process", process::open(id, access.into()));
        program.check("no right to it", job::assign(&job, &narrow), denied);
    }
    let own = job::query::<JobBasicAccounting>(0, JOB_OBJECT_BASIC_ACCOUNTING_INFORMATION);
    program.check("no job of our own", own.err(), Some(denied));
    process::terminate(&child.process, NtStatus(1));
}

fn sizes_and_classes(program: &Program) {
    let job = new(program);
    let mismatch = Some(NtStatus::INFO_LENGTH_MISMATCH);
    for class in [1, 2, 3, 6, 8, 9, 10, 12, 13, 14, 28, 32, 33, 34] {
        let asked = job::query::<[u8; 7]>(job.raw(), class);
        program.check("an odd size", asked.err(), mismatch);
    }
    for class in [2, 4, 6, 7, 9, 11, 12, 14, 15, 32, 33] {
        let set = job::set(&job, class, &[0_u8; 7]);
        program.check("an odd size", Some(set), mismatch);
    }
    let unknown = NtStatus::INVALID_INFO_CLASS;
    for class in [0, 5, 16, 99, u32::MAX] {
        let asked = job::query::<u64>(job.raw(), class);
        program.check("no such class", asked.err(), Some(unknown));
        let set = job::set(&job, class, &0_u64);
        program.check("no such class", set, unknown);
    }
    for class in [1, 3, 8, 10, 13, 28, 34] {
        let set = job::set(&job, class, &[0_u64; 6]);
        program.check("cannot be set", set, unknown);
    }
    let port = JobCompletionPort {
        completion_key: 1,
        completion_port: job.raw(),
    };
    let set = job::set(&job, JOB_OBJECT_ASSOCIATE_COMPLETION_PORT, &port);
    program.check("no completion port", set, NtStatus::OBJECT_TYPE_MISMATCH);
}

fn values(program: &Program) {
    let job = new(program);
    let refuse = |status, change: fn(&mut JobExtendedLimit)| {
        program.check("a limit that cannot be", job::limit(&job, change), status);
    };
    let invalid = NtStatus::INVALID_PARAMETER;
    refuse(invalid, |limits| limits.basic.limit_flags = 0x8000);
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
    });
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_AFFINITY;
        limits.basic.affinity = 2;
    });
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_SUBSET_AFFINITY;
    });
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_PRIORITY_CLASS;
        limits.basic.priority_class = 7;
    });
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_SCHEDULING_CLASS;
        limits.basic.scheduling_class = 10;
    });
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_WORKINGSET;
        limits.basic.maximum_working_set_bytes = 0x1000;
    });
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_PROCESS_TIME;
        limits.basic.per_process_user_time_limit_100ns = -1;
    });
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_JOB_TIME | JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME;
    });
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_PROCESS_MEMORY;
        limits.process_memory_limit_bytes = 0xFFF;
    });
    refuse(invalid, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_JOB_MEMORY;
    });
    let unprivileged = NtStatus::PRIVILEGE_NOT_HELD;
    refuse(unprivileged, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_PRIORITY_CLASS;
        limits.basic.priority_class = PRIORITY_CLASS_REALTIME;
    });
    refuse(unprivileged, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_SCHEDULING_CLASS;
        limits.basic.scheduling_class = 6;
    });
    let mut basic = JobBasicLimit::new_zeroed();
    basic.limit_flags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    let set = job::set(&job, JOB_OBJECT_BASIC_LIMIT_INFORMATION, &basic);
    program.check("not a basic limit", set, invalid);
    number(program, &job, JOB_OBJECT_BASIC_UI_RESTRICTIONS, 0x100);
    number(program, &job, JOB_OBJECT_END_OF_JOB_TIME_INFORMATION, 2);
    let set = job::set(&job, JOB_OBJECT_GROUP_INFORMATION, &1_u16);
    program.check("another group", set, invalid);
    let found = program.done("limits", job::limits(&job));
    program.check("nothing of it was set", found.basic.limit_flags, 0);
}

fn number(program: &Program, job: &Handle, class: u32, value: u32) {
    let set = job::set(job, class, &value);
    program.check("a value", set, NtStatus::INVALID_PARAMETER);
}
