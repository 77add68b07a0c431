//! Jobs from outside.

use super::{Accounting, Breakaway, JobState, JoinError, Limits, Measured, NoticeLimits, Passed};

fn limited(most: u32) -> JobState {
    let mut job = JobState::new();
    let limits = Limits {
        active_processes: Some(most),
        ..Limits::default()
    };
    job.set_limits(limits, None);
    job
}

#[test]
fn a_new_job_has_no_limits() {
    assert_eq!(*JobState::new().limits(), Limits::default());
    assert!(JobState::new().is_empty());
}

#[test]
fn a_refused_join_changes_nothing() {
    let mut job = limited(2);
    assert_eq!(job.join(4), Ok(()));
    assert_eq!(job.join(12), Ok(()));
    assert_eq!(job.join(8), Err(JoinError::TooMany));
    let accounting = Accounting {
        total: 2,
        active: 2,
        terminated: 0,
    };
    assert_eq!(job.accounting(), accounting);
    assert!(!job.has(8));
}

#[test]
fn joining_twice_counts_once_even_at_the_limit() {
    let mut job = limited(1);
    assert_eq!(job.join(4), Ok(()));
    assert_eq!(job.join(4), Ok(()));
    assert_eq!(job.accounting().total, 1);
}

#[test]
fn what_left_counts_as_having_been_and_what_withdrew_does_not() {
    let mut job = limited(1);
    job.join(4).unwrap();
    assert!(!job.leave(4));
    job.join(8).unwrap();
    job.withdraw(8);
    job.withdraw(8);
    assert_eq!(job.accounting().total, 1);
    assert_eq!(job.accounting().active, 0);
    assert_eq!(job.join(12), Ok(()));
}

#[test]
fn processes_are_listed_in_order_while_they_come_and_go() {
    let mut job = JobState::new();
    for process in [20, 8, 12] {
        job.join(process).unwrap();
    }
    assert_eq!(job.next_after(0), Some(8));
    job.leave(12);
    assert_eq!(job.next_after(8), Some(20));
    assert_eq!(job.next_after(20), None);
}

#[test]
fn it_is_over_when_the_last_one_leaves_after_the_end_began() {
    let mut job = JobState::new();
    job.join(4).unwrap();
    assert!(!job.leave(4));
    job.join(8).unwrap();
    job.join(12).unwrap();
    assert!(!job.begin_end());
    assert!(!job.leave(8));
    assert!(!job.leave(8));
    assert!(job.leave(12));
}

#[test]
fn an_empty_job_is_over_at_once() {
    assert!(JobState::new().begin_end());
}

#[test]
fn a_lower_limit_lets_the_processes_stay() {
    let mut job = JobState::new();
    job.join(4).unwrap();
    job.join(8).unwrap();
    job.set_limits(*limited(1).limits(), None);
    assert_eq!(job.accounting().active, 2);
    job.leave(4);
    assert_eq!(job.join(12), Err(JoinError::TooMany));
}

#[test]
fn breaking_away_needs_leave_and_a_wish_or_a_silent_job() {
    let on_request = Breakaway {
        on_request: true,
        always: false,
    };
    let always = Breakaway {
        on_request: false,
        always: true,
    };
    assert!(on_request.lets_go(true) && !on_request.lets_go(false));
    assert!(always.lets_go(true) && always.lets_go(false));
    assert!(!Breakaway::default().lets_go(true));
}

fn timed(job: &mut JobState, limit: u64, before: u64) -> bool {
    let limits = Limits {
        job_time_100ns: Some(limit),
        ..Limits::default()
    };
    job.set_limits(limits, Some((before, 0)))
}

fn after(user_time_100ns: u64) -> Measured {
    Measured {
        user_time_100ns,
        ..Measured::default()
    }
}

#[test]
fn the_time_of_a_job_counts_from_where_its_limit_was_set() {
    let mut job = JobState::new();
    assert!(!timed(&mut job, 10, 100));
    assert!(!job.review(&after(109)).is_time_over);
    assert!(job.review(&after(110)).is_time_over);
    assert!(!job.review(&after(111)).is_time_over, "told once");
    assert_eq!(job.join(4), Err(JoinError::TimeIsOver));
    assert!(timed(&mut job, 10, 111), "it was over");
    assert_eq!(job.join(4), Ok(()));
    assert!(!job.review(&after(120)).is_time_over);
    assert!(job.review(&after(121)).is_time_over);
    job.forget_time();
    assert_eq!(job.join(8), Ok(()));
    assert!(!job.review(&after(500)).is_time_over);
}

#[test]
fn keeping_the_time_begins_no_period() {
    let mut job = JobState::new();
    timed(&mut job, 10, 0);
    job.review(&after(10));
    let kept = *job.limits();
    assert!(!job.set_limits(kept, None));
    assert_eq!(job.join(4), Err(JoinError::TimeIsOver));
    assert!(job.set_limits(Limits::default(), None));
    assert_eq!(job.join(4), Ok(()));
}

#[test]
fn each_limit_is_told_once_until_it_is_set_again() {
    let limits = NoticeLimits {
        read_bytes: Some(10),
        written_bytes: Some(20),
        user_time_100ns: Some(30),
        most_memory_bytes: Some(40),
        ..NoticeLimits::default()
    };
    let mut job = JobState::new();
    let mut now = after(1000);
    job.set_notices(limits, &now);
    now = Measured {
        read_bytes: 10,
        written_bytes: 20,
        user_time_100ns: 1030,
        memory_bytes: 40,
    };
    assert!(!job.review(&now).is_notice_due);
    now.read_bytes = 11;
    assert!(job.review(&now).is_notice_due);
    assert!(!job.review(&now).is_notice_due);
    now.memory_bytes = 41;
    now.user_time_100ns = 1031;
    assert!(job.review(&now).is_notice_due);
    now.memory_bytes = 0;
    assert!(!job.review(&now).is_notice_due);
    let passed = Passed {
        reads: true,
        time: true,
        most_memory: true,
        ..Passed::default()
    };
    assert_eq!(job.notices().passed(), passed);
    job.set_notices(limits, &now);
    assert_eq!(job.notices().passed(), Passed::default());
    assert!(job.review(&now).is_notice_due, "read too much still");
}

#[test]
fn the_least_commitment_is_missed_once_it_was_there() {
    let mut job = JobState::new();
    let memory = |memory_bytes| Measured {
        memory_bytes,
        ..Measured::default()
    };
    let limits = NoticeLimits {
        least_memory_bytes: Some(10),
        ..NoticeLimits::default()
    };
    job.set_notices(limits, &memory(0));
    assert!(!job.review(&memory(9)).is_notice_due);
    assert!(!job.review(&memory(10)).is_notice_due);
    assert!(job.review(&memory(9)).is_notice_due);
    assert!(!job.review(&memory(8)).is_notice_due);
}
