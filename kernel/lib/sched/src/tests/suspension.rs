//! Threads that are suspended: before they start, while they run or wait.

use super::world::{MUTANT, NOTIFICATION, SYNCHRONIZATION, World, call};
use crate::ObjectKey;
use crate::thread::{Duty, MOST_SUSPENSIONS, SuspendedTooOften};
use crate::wait::{Begun, Deadline, WaitFor, Waited};

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

/// A signal is there; whether it still is after somebody else looked.
fn takes(world: &mut World, event: &ObjectKey) -> bool {
    let begun = world.wait(&[event], WaitFor::Any, Deadline::Now);
    begun == Begun::Over(Waited::Satisfied(0))
}

#[test]
fn a_wait_takes_no_signal_while_its_thread_is_suspended() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(SYNCHRONIZATION);
    let thread = world.threads[0];
    world.wait_any(&[&event]);
    let _ = world.dispatcher.suspend(thread);
    world.dispatcher.resume(thread);
    assert_eq!(world.preempt(), Some(1), "it still waits");
    let _ = world.dispatcher.suspend(thread);
    let _ = world.dispatcher.suspend(thread);
    world.dispatcher.set(&event);
    assert_eq!(world.preempt(), Some(1));
    assert!(takes(&mut world, &event), "it is left for others");
    world.dispatcher.set(&event);
    world.dispatcher.resume(thread);
    assert_eq!(world.preempt(), Some(1), "suspended twice");
    world.dispatcher.resume(thread);
    assert_eq!(world.preempt(), Some(0), "still there when it is resumed");
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    assert_eq!(world.duty(), Duty::None);
    world.block();
    assert!(!takes(&mut world, &event), "taken");
}

#[test]
fn a_suspended_wait_for_all_takes_all_when_it_is_resumed() {
    let mut world = World::new(&[8, 4]);
    let (one, other) = (world.object(SYNCHRONIZATION), world.object(MUTANT));
    let thread = world.threads[0];
    world.wait_all(&[&one, &other]);
    let _ = world.dispatcher.suspend(thread);
    world.dispatcher.set(&one);
    assert_eq!(world.preempt(), Some(1));
    let holder = world.threads[1];
    world.dispatcher.own_mutant(&other, holder);
    world.dispatcher.resume(thread);
    assert_eq!(world.preempt(), Some(1), "not all are there");
    world.dispatcher.release_mutant(&other, holder).unwrap();
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
}

#[test]
fn one_that_was_suspended_waits_behind_the_others() {
    let mut world = World::new(&[8, 8, 4]);
    let event = world.object(SYNCHRONIZATION);
    let [first, second, _] = *world.threads else {
        unreachable!()
    };
    world.wait_any(&[&event]);
    world.wait_any(&[&event]);
    let _ = world.dispatcher.suspend(first);
    world.dispatcher.resume(first);
    world.dispatcher.set(&event);
    world.preempt();
    assert_eq!(world.dispatcher.current(), Some(second));
}

#[test]
fn the_time_of_a_wait_goes_on_while_its_thread_is_suspended() {
    for comes_in_time in [false, true] {
        let mut world = World::new(&[8, 4]);
        let event = world.object(SYNCHRONIZATION);
        let thread = world.threads[0];
        world.wait(&[&event], WaitFor::Any, Deadline::At(10));
        let _ = world.dispatcher.suspend(thread);
        assert_eq!(world.advance(11), Some(1));
        if comes_in_time {
            world.dispatcher.set(&event);
        }
        world.dispatcher.resume(thread);
        assert_eq!(world.preempt(), Some(0));
        let waited = match comes_in_time {
            true => Waited::Satisfied(0),
            false => Waited::TimedOut,
        };
        assert_eq!(world.waited(), (0, waited), "a signal comes first");
    }
}

#[test]
fn alerts_calls_and_tokens_wait_for_the_resumption() {
    type Act = fn(&mut World);
    let acts: [(Act, Waited); 4] = [
        (
            |world| world.dispatcher.alert(world.threads[0]),
            Waited::Alerted,
        ),
        (|world| queue(world, false), Waited::UserApc),
        (|world| queue(world, true), Waited::UserApc),
        (
            |world| {
                assert!(
                    world
                        .dispatcher
                        .give_token(world.threads[0], crate::Token::Alert)
                )
            },
            Waited::Alerted,
        ),
    ];
    for (number, (act, expected)) in acts.into_iter().enumerate() {
        let mut world = World::new(&[8, 4]);
        let thread = world.threads[0];
        if number == 3 {
            let begun =
                world
                    .dispatcher
                    .wait_for_token(crate::Token::Alert, false, Deadline::Never);
            world.began(begun);
        } else {
            world.wait_alertably(&[], Deadline::Never);
        }
        let _ = world.dispatcher.suspend(thread);
        act(&mut world);
        assert_eq!(world.preempt(), Some(1), "{number}");
        world.dispatcher.resume(thread);
        world.preempt();
        assert_eq!(world.waited(), (0, expected), "{number}");
    }
}

fn queue(world: &mut World, is_special: bool) {
    let thread = world.threads[0];
    let queued = world.dispatcher.queue_apc(thread, call(1), is_special);
    queued.unwrap();
}

#[test]
fn a_suspended_side_of_a_keyed_event_is_met() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(NOTIFICATION);
    let thread = world.threads[0];
    let meet = |world: &mut World, releases| {
        let begun = world
            .dispatcher
            .meet(&event, (1, 2), releases, false, Deadline::Never);
        world.began(begun.unwrap())
    };
    assert_eq!(meet(&mut world, false), Begun::Waiting);
    let _ = world.dispatcher.suspend(thread);
    let met = meet(&mut world, true);
    assert_eq!(met, Begun::Over(Waited::Satisfied(0)));
    world.preempt();
    assert_eq!(world.duty(), Duty::Park, "before it comes to user mode");
    world.dispatcher.resume(thread);
    world.preempt();
    assert_eq!(world.duty(), Duty::None);
}

#[test]
fn the_end_of_a_suspended_thread_ends_its_wait() {
    let mut world = World::new(&[8, 4]);
    let (one, other) = (world.object(SYNCHRONIZATION), world.object(NOTIFICATION));
    let thread = world.threads[0];
    world.wait_any(&[&one, &other]);
    let _ = world.dispatcher.suspend(thread);
    world.dispatcher.ask_to_end(thread);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Ending));
    assert_eq!(world.duty(), Duty::End);
}

#[test]
fn a_wait_that_begins_suspended_takes_nothing() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(SYNCHRONIZATION);
    let thread = world.threads[0];
    let _ = world.dispatcher.suspend(thread);
    world.wait_any(&[&event]);
    world.dispatcher.set(&event);
    assert_eq!(world.preempt(), Some(1));
    world.dispatcher.resume(thread);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
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
