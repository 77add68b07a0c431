//! Events: set, reset and pulsed, with and without somebody who waits.

use super::world::{NOTIFICATION, SYNCHRONIZATION, World};
use crate::Signal;
use crate::wait::{Begun, Waited};

const EVENTS: [Signal; 2] = [NOTIFICATION, SYNCHRONIZATION];

fn is_set(world: &World, event: &crate::ObjectKey) -> bool {
    match world.dispatcher.signal(event) {
        Signal::Notification { is_set } | Signal::Synchronization { is_set } => is_set,
        other => panic!("{other:?} is no event"),
    }
}

#[test]
fn they_tell_what_they_were_before() {
    for signal in EVENTS {
        let mut world = World::new(&[8]);
        let event = world.object(signal);
        assert!(!world.dispatcher.reset(&event));
        assert!(!world.dispatcher.set(&event));
        assert!(world.dispatcher.set(&event));
        assert!(is_set(&world, &event));
        assert!(world.dispatcher.reset(&event));
        assert!(!world.dispatcher.reset(&event));
        assert!(!is_set(&world, &event));
    }
}

#[test]
fn a_notification_wakes_all_and_a_synchronization_one() {
    for (signal, woken) in [(NOTIFICATION, 3), (SYNCHRONIZATION, 1)] {
        let mut world = World::new(&[8, 8, 8, 4]);
        let event = world.object(signal);
        for _ in 0..3 {
            world.wait_any(&[&event]);
        }
        assert!(!world.dispatcher.set(&event));
        assert_eq!(is_set(&world, &event), signal == NOTIFICATION);
        world.preempt();
        for number in 0..woken {
            assert_eq!(world.waited(), (number, Waited::Satisfied(0)));
            world.block();
        }
        assert_eq!(world.running(), Some(3));
    }
}

#[test]
fn as_many_synchronizations_as_threads_wake_all() {
    let mut world = World::new(&[8, 8, 8, 4]);
    let event = world.object(SYNCHRONIZATION);
    for _ in 0..3 {
        world.wait_any(&[&event]);
    }
    for _ in 0..3 {
        assert!(!world.dispatcher.set(&event));
    }
    assert!(!world.dispatcher.set(&event), "nobody was left to use it");
    assert!(is_set(&world, &event));
}

#[test]
fn a_pulse_wakes_who_waits_now_and_leaves_nothing() {
    for (signal, woken) in [(NOTIFICATION, 2), (SYNCHRONIZATION, 1)] {
        let mut world = World::new(&[8, 8, 4]);
        let event = world.object(signal);
        world.wait_any(&[&event]);
        world.wait_any(&[&event]);
        assert!(!world.dispatcher.pulse(&event));
        assert!(!is_set(&world, &event));
        world.preempt();
        for number in 0..woken {
            assert_eq!(world.waited(), (number, Waited::Satisfied(0)));
            world.block();
        }
        assert_eq!(world.running(), Some(2));
    }
}

#[test]
fn a_pulse_of_a_set_event_resets_it() {
    for signal in EVENTS {
        let mut world = World::new(&[8]);
        let event = world.object(signal);
        assert!(!world.dispatcher.pulse(&event));
        world.dispatcher.set(&event);
        assert!(world.dispatcher.pulse(&event));
        assert!(!is_set(&world, &event));
        assert_eq!(world.wait_any(&[&event]), Begun::Waiting);
    }
}

#[test]
fn a_set_event_that_is_set_again_wakes_nobody_more() {
    let mut world = World::new(&[8, 4]);
    let [event, missing] = [SYNCHRONIZATION; 2].map(|signal| world.object(signal));
    world.wait_all(&[&event, &missing]);
    assert!(!world.dispatcher.set(&event));
    assert!(world.dispatcher.set(&event));
    assert_eq!(world.preempt(), Some(1));
}

#[test]
fn objects_come_and_go_and_come_again() {
    let mut world = World::new(&[8]);
    let mut events = std::vec::Vec::new();
    for round in 0_usize..3 {
        for _ in 0..10 {
            events.push(world.object(NOTIFICATION));
        }
        for _ in 0..5 {
            let event = events.swap_remove(round);
            world.dispatcher.remove_object(event);
        }
        assert_eq!(world.dispatcher.object_count(), events.len());
        for event in &events {
            world.dispatcher.set(event);
        }
        world.running();
    }
}

#[test]
#[should_panic(expected = "while threads wait for it")]
fn one_that_is_waited_for_is_not_removed() {
    let mut world = World::new(&[8]);
    let event = world.object(NOTIFICATION);
    world.wait_any(&[&event]);
    world.dispatcher.remove_object(event);
}
