//! Waits for any of several objects of every kind, polls, and deadlines.

use super::world::{MUTANT, NOTIFICATION, SYNCHRONIZATION, World, semaphore};
use crate::wait::{Begun, Deadline, MOST_OBJECTS, WaitFor, Waited};
use crate::{ObjectKey, Signal};

/// One of every kind, free or not.
fn of_every_kind(world: &mut World, is_set: bool) -> [ObjectKey; 4] {
    let signals = [
        Signal::Notification { is_set },
        Signal::Synchronization { is_set },
        semaphore(is_set.into(), 2),
        MUTANT,
    ];
    let objects = signals.map(|signal| world.object(signal));
    if !is_set {
        let other = *world.threads.last().unwrap();
        world.dispatcher.own_mutant(&objects[3], other);
    }
    objects
}

/// Signals an object by its place in [`of_every_kind`].
fn signal(world: &mut World, objects: &[ObjectKey; 4], kind: usize) {
    let other = *world.threads.last().unwrap();
    let object = &objects[kind];
    match kind {
        0 | 1 => assert!(!world.dispatcher.set(object)),
        2 => assert_eq!(world.dispatcher.release_semaphore(object, 1), Ok(0)),
        _ => assert_eq!(world.dispatcher.release_mutant(object, other), Ok(1)),
    }
}

fn is_free(signal: Signal) -> bool {
    match signal {
        Signal::Notification { is_set } | Signal::Synchronization { is_set } => is_set,
        Signal::Semaphore { count, .. } => count > 0,
        Signal::Mutant { owner, .. } => owner.is_none(),
    }
}

#[test]
fn a_free_object_ends_a_wait_at_once_and_all_but_notifications_are_used_up() {
    for deadline in [Deadline::Now, Deadline::At(5), Deadline::Never] {
        for kind in 0..4 {
            let mut world = World::new(&[8, 8]);
            let objects = of_every_kind(&mut world, true);
            let begun = world.wait(&[&objects[kind]], WaitFor::Any, deadline);
            assert_eq!(begun, Begun::Over(Waited::Satisfied(0)));
            for (other, object) in objects.iter().enumerate() {
                let is_left = other != kind || kind == 0;
                assert_eq!(is_free(world.dispatcher.signal(object)), is_left);
            }
        }
    }
}

#[test]
fn a_signal_ends_a_wait_for_it_and_is_used_up_by_it() {
    for kind in 0..4 {
        let mut world = World::new(&[8, 4]);
        let objects = of_every_kind(&mut world, false);
        let all = objects.each_ref();
        assert_eq!(world.wait_any(&all), Begun::Waiting);
        assert_eq!(world.running(), Some(1));
        signal(&mut world, &objects, kind);
        world.preempt();
        let number = u16::try_from(kind).unwrap();
        assert_eq!(world.waited(), (0, Waited::Satisfied(number)));
        assert_eq!(is_free(world.dispatcher.signal(&objects[kind])), kind == 0);
    }
}

#[test]
fn of_several_free_objects_the_first_counts() {
    let mut world = World::new(&[8]);
    let unset = world.object(NOTIFICATION);
    let [first, second, third, fourth] = of_every_kind(&mut world, true);
    let begun = world.wait_any(&[&unset, &third, &second, &first]);
    assert_eq!(begun, Begun::Over(Waited::Satisfied(1)));
    let begun = world.wait_any(&[&unset, &third, &fourth, &second]);
    assert_eq!(begun, Begun::Over(Waited::Satisfied(2)));
    let signal = world.dispatcher.signal(&second);
    assert_eq!(signal, Signal::Synchronization { is_set: true });
}

#[test]
fn the_number_is_that_of_the_place_in_the_wait() {
    let mut world = World::new(&[8, 4]);
    let events: std::vec::Vec<ObjectKey> = (0..MOST_OBJECTS)
        .map(|_| world.object(SYNCHRONIZATION))
        .collect();
    let all: std::vec::Vec<&ObjectKey> = events.iter().collect();
    for (number, event) in (0_u16..).zip(&events) {
        assert_eq!(world.wait_any(&all), Begun::Waiting);
        world.dispatcher.set(event);
        world.preempt();
        assert_eq!(world.waited(), (0, Waited::Satisfied(number)));
    }
}

#[test]
fn an_object_named_twice_counts_once_and_first() {
    let mut world = World::new(&[8, 4]);
    let other = world.object(NOTIFICATION);
    let twice = world.object(semaphore(0, 9));
    assert_eq!(
        world.wait_any(&[&other, &twice, &twice, &twice]),
        Begun::Waiting
    );
    world.dispatcher.release_semaphore(&twice, 2).unwrap();
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(1)));
    assert_eq!(world.dispatcher.signal(&twice), semaphore(1, 9));
    let begun = world.wait_any(&[&other, &twice, &twice]);
    assert_eq!(begun, Begun::Over(Waited::Satisfied(1)));
    assert_eq!(world.dispatcher.signal(&twice), semaphore(0, 9));
}

#[test]
fn one_named_twice_by_several_wakes_each_once() {
    let mut world = World::new(&[8, 8, 8, 4]);
    let event = world.object(NOTIFICATION);
    for _ in 0..3 {
        assert_eq!(world.wait_any(&[&event, &event]), Begun::Waiting);
    }
    world.dispatcher.set(&event);
    world.preempt();
    for number in 0..3 {
        assert_eq!(world.waited(), (number, Waited::Satisfied(0)));
        world.block();
    }
}

#[test]
fn those_who_waited_first_are_served_first_whatever_their_priority() {
    let mut world = World::new(&[8, 8, 8, 8]);
    let semaphore = world.object(semaphore(0, 9));
    for _ in 0..3 {
        world.wait_any(&[&semaphore]);
    }
    world
        .dispatcher
        .set_base_priority(world.threads[2], super::world::level(20));
    world.dispatcher.release_semaphore(&semaphore, 2).unwrap();
    assert_eq!(world.preempt(), Some(0));
    world.block();
    assert_eq!(world.running(), Some(1));
    world.block();
    assert_eq!(world.running(), Some(3), "the third still waits");
}

#[test]
fn a_poll_does_not_wait() {
    let mut world = World::new(&[8, 8]);
    let objects = of_every_kind(&mut world, false);
    for object in &objects {
        for wait_for in [WaitFor::Any, WaitFor::All] {
            let begun = world.wait(&[object], wait_for, Deadline::Now);
            assert_eq!(begun, Begun::Over(Waited::TimedOut));
        }
    }
    let begun = world.wait(&[], WaitFor::Any, Deadline::Now);
    assert_eq!(begun, Begun::Over(Waited::TimedOut));
    assert_eq!(world.running(), Some(0));
}

#[test]
fn a_wait_ends_at_its_deadline_and_not_before() {
    for wait_for in [WaitFor::Any, WaitFor::All] {
        let mut world = World::new(&[8, 4]);
        let objects = of_every_kind(&mut world, false);
        let all = objects.each_ref();
        assert_eq!(
            world.wait(&all, wait_for, Deadline::At(100)),
            Begun::Waiting
        );
        assert_eq!(world.dispatcher.earliest_deadline(), Some(100));
        assert_eq!(world.advance(99), Some(1));
        assert_eq!(world.advance(100), Some(0));
        assert_eq!(world.waited(), (0, Waited::TimedOut));
        assert_eq!(world.dispatcher.earliest_deadline(), None);
        signal(&mut world, &objects, 1);
        let signal = world.dispatcher.signal(&objects[1]);
        assert_eq!(
            signal,
            Signal::Synchronization { is_set: true },
            "nobody waits"
        );
    }
}

#[test]
fn a_wait_that_ended_has_no_deadline_any_more() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(SYNCHRONIZATION);
    world.wait(&[&event], WaitFor::Any, Deadline::At(100));
    world.dispatcher.set(&event);
    world.preempt();
    assert_eq!(world.dispatcher.earliest_deadline(), None);
    world.block();
    assert_eq!(world.advance(1000), Some(1));
}

#[test]
fn deadlines_are_kept_in_their_order_and_equal_ones_in_that_of_the_waits() {
    let dues = [30_u64, 10, 20, 10, 30, 20, 10];
    let mut world = World::new(&[8; 7]);
    for due in dues {
        world.wait(&[], WaitFor::Any, Deadline::At(due));
    }
    assert_eq!(world.advance(1000), Some(1));
    for number in [1, 3, 6, 2, 5, 0, 4] {
        assert_eq!(world.waited(), (number, Waited::TimedOut));
        world.block();
    }
}

#[test]
fn a_deadline_that_has_passed_ends_the_wait_at_the_next_look() {
    let mut world = World::new(&[8]);
    world.advance(50);
    assert_eq!(
        world.wait(&[], WaitFor::Any, Deadline::At(50)),
        Begun::Waiting
    );
    assert_eq!(world.running(), None);
    assert_eq!(world.advance(50), Some(0));
}
