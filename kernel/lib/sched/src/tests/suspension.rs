//! Threads that are suspended: before they start, while they run or wait.

use super::world::{SYNCHRONIZATION, World, call};
use crate::thread::{Duty, MOST_SUSPENSIONS, SuspendedTooOften};
use crate::wait::Waited;

#[test]
fn suspensions_are_counted() {
    let mut world = World::new(&[8]);
    let thread = world.threads[0];
    assert_eq!(world.dispatcher.resume(thread), Some(0), "not suspended");
    for before in 0..MOST_SUSPENSIONS {
        assert_eq!(world.dispatcher.suspensions(thread), Some(before));
        assert_eq!(world.dispatcher.suspend(thread), Some(Ok(before)));
    }
    assert_eq!(
        world.dispatcher.suspend(thread),
        Some(Err(SuspendedTooOften))
    );
    assert_eq!(world.dispatcher.suspensions(thread), Some(MOST_SUSPENSIONS));
    for before in (1..=MOST_SUSPENSIONS).rev() {
        assert_eq!(world.dispatcher.resume(thread), Some(before));
    }
    assert_eq!(world.dispatcher.resume(thread), Some(0));
    assert_eq!(world.duty(), Duty::None);
}

#[test]
fn a_running_thread_parks_on_its_way_to_user_mode() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    let _ = world.dispatcher.suspend(thread);
    assert_eq!(world.preempt(), Some(0), "not before");
    assert_eq!(world.duty(), Duty::Park);
    assert_eq!(world.running(), Some(1));
    assert_eq!(world.ticks(50), Some(1));
    assert_eq!(world.dispatcher.resume(thread), Some(1));
    assert_eq!(world.preempt(), Some(0));
    assert_eq!(world.duty(), Duty::None);
}

#[test]
fn only_the_last_resumption_counts() {
    let mut world = World::new(&[8]);
    let thread = world.threads[0];
    for _ in 0..3 {
        let _ = world.dispatcher.suspend(thread);
    }
    assert_eq!(world.duty(), Duty::Park);
    for expected in [None, None, Some(0)] {
        world.dispatcher.resume(thread);
        assert_eq!(world.preempt(), expected);
    }
}

#[test]
fn a_ready_thread_parks_when_its_turn_comes() {
    let mut world = World::new(&[8, 8]);
    let _ = world.dispatcher.suspend(world.threads[1]);
    assert_eq!(world.yield_current(), Some(1));
    assert_eq!(world.duty(), Duty::Park);
    assert_eq!(world.running(), Some(0));
}

#[test]
fn a_suspension_taken_back_in_time_has_no_effect() {
    let mut world = World::new(&[8, 8]);
    let thread = world.threads[0];
    let _ = world.dispatcher.suspend(thread);
    world.dispatcher.resume(thread);
    assert_eq!(world.duty(), Duty::None);
}

#[test]
fn a_wait_outlasts_a_suspension_and_ends_in_it() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(SYNCHRONIZATION);
    let thread = world.threads[0];
    world.wait_any(&[&event]);
    let _ = world.dispatcher.suspend(thread);
    world.dispatcher.resume(thread);
    assert_eq!(world.preempt(), Some(1), "it still waits");
    let _ = world.dispatcher.suspend(thread);
    world.dispatcher.set(&event);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    assert_eq!(world.duty(), Duty::Park, "before it comes to user mode");
    assert_eq!(world.running(), Some(1));
}

#[test]
fn a_thread_can_start_suspended() {
    let mut world = World::new(&[4]);
    let thread = world.add(8);
    let _ = world.dispatcher.suspend(thread);
    world.dispatcher.start(thread);
    assert_eq!(world.preempt(), Some(0));
    world.dispatcher.start(thread);
    assert_eq!(
        world.preempt(),
        Some(0),
        "starting it again is no resumption"
    );
    world.dispatcher.resume(thread);
    assert_eq!(world.preempt(), Some(1));
}

#[test]
fn one_resumed_before_it_starts_does_not_start_by_that() {
    let mut world = World::new(&[4]);
    let thread = world.add(8);
    let _ = world.dispatcher.suspend(thread);
    assert_eq!(world.dispatcher.resume(thread), Some(1));
    assert_eq!(world.preempt(), Some(0));
    world.dispatcher.start(thread);
    assert_eq!(world.preempt(), Some(1));
}

#[test]
fn suspensions_come_before_calls_and_after_the_end() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    world.dispatcher.queue_apc(thread, call(1), true).unwrap();
    let _ = world.dispatcher.suspend(thread);
    assert_eq!(world.duty(), Duty::Park);
    world.dispatcher.resume(thread);
    assert_eq!(world.preempt(), Some(0));
    assert_eq!(world.duty(), Duty::Apc(call(1)));
    let _ = world.dispatcher.suspend(thread);
    world.dispatcher.ask_to_end(thread);
    assert_eq!(world.duty(), Duty::End);
}

#[test]
fn one_can_suspend_itself() {
    let mut world = World::new(&[8]);
    let current = world.dispatcher.current().unwrap();
    assert_eq!(world.dispatcher.suspend(current), Some(Ok(0)));
    assert_eq!(world.duty(), Duty::Park);
    assert_eq!(world.running(), None);
    world.dispatcher.resume(current);
    assert_eq!(world.preempt(), Some(0));
}
