//! Alerts end alertable waits, the one that is on or the next one.

use super::world::{NOTIFICATION, SYNCHRONIZATION, World, call};
use crate::Signal;
use crate::thread::Duty;
use crate::wait::{Begun, Deadline, Waited};

#[test]
fn an_alert_ends_an_alertable_wait() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(NOTIFICATION);
    world.wait_alertably(&[&event], Deadline::At(100));
    world.dispatcher.alert(world.threads[0]);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Alerted));
    assert!(!world.dispatcher.test_alert(), "it is used up");
    assert_eq!(world.dispatcher.earliest_deadline(), None);
}

#[test]
fn an_alert_is_kept_for_the_next_alertable_wait() {
    for deadline in [Deadline::Now, Deadline::At(9), Deadline::Never] {
        let mut world = World::new(&[8, 4]);
        let thread = world.threads[0];
        world.dispatcher.alert(thread);
        world.dispatcher.alert(thread);
        let begun = world.wait_alertably(&[], deadline);
        assert_eq!(begun, Begun::Over(Waited::Alerted));
        assert!(!world.dispatcher.test_alert(), "two are one");
    }
}

#[test]
fn other_waits_are_not_alerted() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(SYNCHRONIZATION);
    let thread = world.threads[0];
    world.wait_any(&[&event]);
    world.dispatcher.alert(thread);
    assert_eq!(world.preempt(), Some(1));
    world.dispatcher.set(&event);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    assert!(world.dispatcher.test_alert(), "it is kept");
    assert!(!world.dispatcher.test_alert());
}

#[test]
fn what_is_there_comes_before_an_alert_and_that_before_calls() {
    let mut world = World::new(&[8]);
    let event = world.object(Signal::Synchronization { is_set: true });
    let thread = world.threads[0];
    world.dispatcher.queue_apc(thread, call(1), false).unwrap();
    world.dispatcher.alert(thread);
    let expected = [Waited::Satisfied(0), Waited::Alerted, Waited::UserApc];
    for waited in expected {
        let begun = world.wait_alertably(&[&event], Deadline::Now);
        assert_eq!(begun, Begun::Over(waited));
    }
    assert_eq!(world.duty(), Duty::Apc(call(1)));
    let begun = world.wait_alertably(&[&event], Deadline::Now);
    assert_eq!(begun, Begun::Over(Waited::TimedOut));
}

#[test]
fn it_is_asked_for_without_a_wait() {
    let mut world = World::new(&[8]);
    let thread = world.threads[0];
    assert!(!world.dispatcher.test_alert());
    assert_eq!(world.duty(), Duty::None);
    world.dispatcher.alert(thread);
    world.dispatcher.queue_apc(thread, call(1), false).unwrap();
    assert_eq!(world.duty(), Duty::None);
    assert!(world.dispatcher.test_alert());
    assert_eq!(world.duty(), Duty::Apc(call(1)), "it delivers calls too");
}

#[test]
fn the_idle_execution_is_not_alerted() {
    let mut world = World::new(&[]);
    assert!(!world.dispatcher.test_alert());
    assert_eq!(world.dispatcher.duty(), Duty::None);
}

#[test]
fn one_that_has_not_started_keeps_its_alert() {
    let mut world = World::new(&[]);
    let thread = world.add(8);
    world.dispatcher.alert(thread);
    world.dispatcher.start(thread);
    world.preempt();
    assert!(world.dispatcher.test_alert());
}
