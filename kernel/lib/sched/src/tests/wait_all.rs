//! Waits for all of several objects: nothing is used up until all are there.

use super::world::{MUTANT, NOTIFICATION, SYNCHRONIZATION, World, semaphore};
use crate::Signal;
use crate::wait::{Begun, Deadline, WaitFor, Waited};

const SET: Signal = Signal::Synchronization { is_set: true };

#[test]
fn all_that_are_there_end_it_at_once() {
    for deadline in [Deadline::Now, Deadline::Never] {
        let mut world = World::new(&[8]);
        let event = world.object(SET);
        let semaphore = world.object(super::world::semaphore(2, 2));
        let mutant = world.object(MUTANT);
        let begun = world.wait(&[&event, &semaphore, &mutant], WaitFor::All, deadline);
        assert_eq!(begun, Begun::Over(Waited::Satisfied(0)));
        assert_eq!(world.dispatcher.signal(&event), SYNCHRONIZATION);
        assert_eq!(
            world.dispatcher.signal(&semaphore),
            super::world::semaphore(1, 2)
        );
        let thread = world.threads[0];
        assert_eq!(world.dispatcher.release_mutant(&mutant, thread), Ok(1));
    }
}

#[test]
fn nothing_is_used_up_before_all_are_there() {
    let mut world = World::new(&[8, 4]);
    let [event, other] = [SET, SYNCHRONIZATION].map(|signal| world.object(signal));
    let count = world.object(semaphore(1, 1));
    assert_eq!(world.wait_all(&[&event, &other, &count]), Begun::Waiting);
    assert_eq!(world.dispatcher.signal(&event), SET);
    assert_eq!(world.dispatcher.signal(&count), semaphore(1, 1));
    let begun = world.wait_any(&[&count]);
    assert_eq!(begun, Begun::Over(Waited::Satisfied(0)), "another takes it");
    world.dispatcher.set(&other);
    assert_eq!(world.preempt(), Some(1));
    assert_eq!(world.dispatcher.signal(&other), SET);
    world.dispatcher.release_semaphore(&count, 1).unwrap();
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    assert_eq!(world.dispatcher.signal(&event), SYNCHRONIZATION);
    assert_eq!(world.dispatcher.signal(&other), SYNCHRONIZATION);
    assert_eq!(world.dispatcher.signal(&count), semaphore(0, 1));
}

#[test]
fn each_object_can_be_the_last() {
    for last in 0..4 {
        let mut world = World::new(&[8, 4]);
        let objects = [NOTIFICATION, SYNCHRONIZATION, semaphore(0, 1), MUTANT]
            .map(|signal| world.object(signal));
        let other = world.threads[1];
        world.dispatcher.own_mutant(&objects[3], other);
        assert_eq!(world.wait_all(&objects.each_ref()), Begun::Waiting);
        for kind in (0..4).filter(|&kind| kind != last).chain([last]) {
            assert_eq!(world.preempt(), Some(1), "before {kind}");
            match kind {
                0 | 1 => assert!(!world.dispatcher.set(&objects[kind])),
                2 => assert!(world.dispatcher.release_semaphore(&objects[2], 1).is_ok()),
                _ => assert!(world.dispatcher.release_mutant(&objects[3], other).is_ok()),
            }
        }
        world.preempt();
        assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    }
}

#[test]
fn one_who_cannot_be_served_does_not_hold_up_those_behind() {
    let mut world = World::new(&[8, 8, 8, 4]);
    let [event, missing] = [SYNCHRONIZATION; 2].map(|signal| world.object(signal));
    assert_eq!(world.wait_all(&[&event, &missing]), Begun::Waiting);
    assert_eq!(world.wait_all(&[&missing, &event]), Begun::Waiting);
    assert_eq!(world.wait_any(&[&event]), Begun::Waiting);
    world.dispatcher.set(&event);
    world.preempt();
    assert_eq!(world.waited(), (2, Waited::Satisfied(0)));
    assert_eq!(world.dispatcher.signal(&event), SYNCHRONIZATION);
    world.dispatcher.set(&event);
    world.dispatcher.set(&missing);
    world.preempt();
    assert_eq!(world.waited(), (2, Waited::Satisfied(0)), "it runs already");
    world.block();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)), "one of the two");
    world.block();
    assert_eq!(world.running(), Some(3), "but not the other");
}

#[test]
fn two_who_need_the_same_do_not_take_half_each() {
    let mut world = World::new(&[8, 8, 4]);
    let [left, right] = [SYNCHRONIZATION; 2].map(|signal| world.object(signal));
    world.wait_all(&[&left, &right]);
    world.wait_all(&[&right, &left]);
    for number in [0, 1] {
        world.dispatcher.set(&left);
        world.dispatcher.set(&right);
        world.preempt();
        assert_eq!(world.waited(), (number, Waited::Satisfied(0)));
        assert_eq!(world.dispatcher.signal(&left), SYNCHRONIZATION);
        assert_eq!(world.dispatcher.signal(&right), SYNCHRONIZATION);
        world.block();
    }
}

#[test]
fn what_is_taken_away_again_does_not_count() {
    let mut world = World::new(&[8, 4]);
    let [left, right] = [NOTIFICATION; 2].map(|signal| world.object(signal));
    world.wait_all(&[&left, &right]);
    world.dispatcher.set(&left);
    assert!(world.dispatcher.reset(&left));
    world.dispatcher.set(&right);
    assert_eq!(world.preempt(), Some(1));
    assert!(!world.dispatcher.pulse(&left));
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)), "a pulse does");
    assert_eq!(world.dispatcher.signal(&left), NOTIFICATION);
}

#[test]
fn time_ends_it_and_uses_up_nothing() {
    let mut world = World::new(&[8, 4]);
    let [event, missing] = [SET, SYNCHRONIZATION].map(|signal| world.object(signal));
    world.wait(&[&event, &missing], WaitFor::All, Deadline::At(9));
    world.advance(9);
    assert_eq!(world.waited(), (0, Waited::TimedOut));
    assert_eq!(world.dispatcher.signal(&event), SET);
}

#[test]
fn one_object_is_all() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(SYNCHRONIZATION);
    assert_eq!(world.wait_all(&[&event]), Begun::Waiting);
    world.dispatcher.set(&event);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    assert_eq!(world.dispatcher.signal(&event), SYNCHRONIZATION);
}

#[test]
fn for_none_only_time_passes() {
    let mut world = World::new(&[8]);
    assert_eq!(
        world.wait(&[], WaitFor::All, Deadline::At(3)),
        Begun::Waiting
    );
    assert_eq!(world.advance(2), None);
    world.advance(3);
    assert_eq!(world.waited(), (0, Waited::TimedOut));
}
