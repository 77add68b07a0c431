//! Jobs in jobs.
use super::{counts, join, member, new, put};
use abi::job::*;
use nt::{NtStatus, Program, job, process, sync};

pub fn all(program: &Program) {
    inner_and_outer(program);
    not_nestable(program);
    limits_of_the_chain(program);
    depth(program);
}

fn inner_and_outer(program: &Program) {
    let (outer, inner) = (new(program), new(program));
    let first = member(program, &outer);
    let second = member(program, &outer);
    put(program, &inner, &first);
    counts(program, &outer, 2, 2, 0);
    counts(program, &inner, 1, 1, 0);
    // Whoever is put into the inner one is in both.
    let third = member(program, &inner);
    counts(program, &outer, 3, 3, 0);
    counts(program, &inner, 2, 2, 0);
    // The outer one has it already.
    put(program, &outer, &third);
    // From the outer one into the inner one.
    put(program, &inner, &second);
    counts(program, &inner, 3, 3, 0);
    job::terminate(&inner, NtStatus(5));
    program.check("the inner", sync::wait(&inner, None), NtStatus::WAIT_0);
    for created in [&first, &second, &third] {
        join(program, "all", &created.process, 5);
    }
    let over = sync::wait(&outer, Some(-super::MILLISECOND));
    program.check("the outer", over, NtStatus::TIMEOUT);
    counts(program, &outer, 3, 0, 0);
    let fourth = member(program, &inner);
    job::terminate(&outer, NtStatus(6));
    join(program, "through the outer", &fourth.process, 6);
    program.check("now too", sync::wait(&outer, None), NtStatus::WAIT_0);
}

fn not_nestable(program: &Program) {
    let (one, other, restricted) = (new(program), new(program), new(program));
    let first = member(program, &one);
    let second = member(program, &other);
    let refused = job::assign(&other, &first.process);
    program.check("not empty", refused, NtStatus::ACCESS_DENIED);
    let set = job::set(&restricted, JOB_OBJECT_BASIC_UI_RESTRICTIONS, &1_u32);
    program.check("restrictions", set, NtStatus::SUCCESS);
    let refused = job::assign(&restricted, &first.process);
    program.check("restricted", refused, NtStatus::ACCESS_DENIED);
    counts(program, &restricted, 0, 0, 0);
    let alone = member(program, &restricted);
    for job in [&one, &other, &restricted] {
        job::terminate(job, NtStatus(7));
    }
    for created in [&first, &second, &alone] {
        join(program, "all", &created.process, 7);
    }
}

fn limits_of_the_chain(program: &Program) {
    let (outer, inner) = (new(program), new(program));
    let set = job::limit(&outer, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS | JOB_OBJECT_LIMIT_BREAKAWAY_OK;
        limits.basic.active_process_limit = 2;
    });
    program.check("two in the outer", set, NtStatus::SUCCESS);
    let first = member(program, &outer);
    put(program, &inner, &first);
    let second = member(program, &inner);
    let born = process::create_in("spin.exe", "spin.exe", 0, &[inner.raw()]);
    program.check("a third", born.err(), Some(NtStatus::QUOTA_EXCEEDED));
    // The refusal has left no trace in the inner one.
    counts(program, &inner, 2, 2, 0);
    counts(program, &outer, 2, 2, 1);
    let set = job::limit(&outer, |limits| {
        limits.basic.limit_flags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    });
    program.check("kill on close", set, NtStatus::SUCCESS);
    drop(outer);
    for created in [&first, &second] {
        join(
            program,
            "closing the outer ends the inner's",
            &created.process,
            0,
        );
    }
    counts(program, &inner, 2, 0, 0);
}

fn depth(program: &Program) {
    let outermost = new(program);
    let created = member(program, &outermost);
    let mut nested = 0;
    let refused = loop {
        // Without a handle, the process keeps the job.
        let job = new(program);
        match job::assign(&job, &created.process) {
            NtStatus::SUCCESS => nested += 1,
            status => break status,
        }
    };
    program.check("too deep", refused, NtStatus::ACCESS_DENIED);
    program.check("jobs in jobs", nested, 15);
    job::terminate(&outermost, NtStatus(10));
    join(program, "all the way down", &created.process, 10);
}
