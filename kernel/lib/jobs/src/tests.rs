//! Jobs from outside.

use super::{Accounting, Breakaway, JobState, JoinError, Limits};

fn limited(most: u32) -> JobState {
    let mut job = JobState::new();
    job.set_limits(Limits {
        active_processes: Some(most),
        ..Limits::default()
    });
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
    job.set_limits(*limited(1).limits());
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
