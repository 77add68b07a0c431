//! Keyed events: waits and releases of a key meet, whichever comes first.

use super::world::{NOTIFICATION, World, call};
use crate::ObjectKey;
use crate::wait::{Begun, Deadline, Waited};

const MET: Begun = Begun::Over(Waited::Satisfied(0));
const KEY: (u64, u64) = (1, 0x1000);

fn meet(world: &mut World, event: &ObjectKey, key: (u64, u64), releases: bool) -> Begun {
    meet_until(world, event, (key, releases), Deadline::Never)
}

fn meet_until(
    world: &mut World,
    event: &ObjectKey,
    (key, releases): ((u64, u64), bool),
    deadline: Deadline,
) -> Begun {
    let begun = world.dispatcher.meet(event, key, releases, false, deadline);
    world.began(begun.unwrap())
}

#[test]
fn either_side_can_come_first() {
    for first_releases in [true, false] {
        let mut world = World::new(&[8, 4]);
        let event = world.object(NOTIFICATION);
        let begun = meet(&mut world, &event, KEY, first_releases);
        assert_eq!(begun, Begun::Waiting);
        assert_eq!(meet(&mut world, &event, KEY, !first_releases), MET);
        world.preempt();
        assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
        assert_eq!(world.priority(0), 9);
        world.block();
        let begun = meet(&mut world, &event, KEY, !first_releases);
        assert_eq!(begun, Begun::Waiting, "nothing is left");
    }
}

#[test]
fn the_same_side_does_not_meet() {
    for releases in [true, false] {
        let mut world = World::new(&[8, 8, 8]);
        let event = world.object(NOTIFICATION);
        for _ in 0..3 {
            assert_eq!(meet(&mut world, &event, KEY, releases), Begun::Waiting);
        }
        assert_eq!(world.running(), None);
    }
}

#[test]
fn other_keys_processes_and_events_do_not_meet() {
    let mut world = World::new(&[8, 8, 8, 8, 4]);
    let [event, other] = [NOTIFICATION; 2].map(|signal| world.object(signal));
    assert_eq!(meet(&mut world, &event, (1, 0x1000), false), Begun::Waiting);
    for (event, key) in [(&event, (1, 0x2000)), (&event, (2, 0x1000)), (&other, KEY)] {
        assert_eq!(meet(&mut world, event, key, true), Begun::Waiting);
    }
    assert_eq!(meet(&mut world, &event, KEY, true), MET);
    world.preempt();
    assert_eq!(world.running(), Some(0));
}

#[test]
fn those_who_came_first_meet_first() {
    let mut world = World::new(&[8, 8, 8, 4]);
    let event = world.object(NOTIFICATION);
    let others = (KEY.0, KEY.1 + 2);
    for key in [KEY, others, KEY] {
        meet(&mut world, &event, key, false);
    }
    for (key, number) in [(KEY, 0), (KEY, 2), (others, 1)] {
        assert_eq!(world.running(), Some(3));
        assert_eq!(meet(&mut world, &event, key, true), MET);
        assert_eq!(world.preempt(), Some(number));
        world.block();
    }
}

#[test]
fn deadlines_end_either_side() {
    for releases in [true, false] {
        let mut world = World::new(&[8, 4]);
        let event = world.object(NOTIFICATION);
        let begun = meet_until(&mut world, &event, (KEY, releases), Deadline::Now);
        assert_eq!(begun, Begun::Over(Waited::TimedOut));
        meet_until(&mut world, &event, (KEY, releases), Deadline::At(100));
        assert_eq!(world.advance(99), Some(1));
        world.advance(100);
        assert_eq!(world.waited(), (0, Waited::TimedOut));
        let begun = meet_until(&mut world, &event, (KEY, !releases), Deadline::Now);
        assert_eq!(begun, Begun::Over(Waited::TimedOut), "nobody is left");
    }
}

#[test]
fn a_poll_meets_who_is_there() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(NOTIFICATION);
    meet(&mut world, &event, KEY, false);
    let begun = meet_until(&mut world, &event, (KEY, true), Deadline::Now);
    assert_eq!(begun, MET);
}

#[test]
fn alerts_and_calls_end_alertable_ones() {
    let alert = |world: &mut World| world.dispatcher.alert(world.threads[0]);
    let queue = |world: &mut World| {
        let thread = world.threads[0];
        world.dispatcher.queue_apc(thread, call(1), false).unwrap();
    };
    let ways: [fn(&mut World); 2] = [alert, queue];
    for (way, expected) in ways.into_iter().zip([Waited::Alerted, Waited::UserApc]) {
        let mut world = World::new(&[8, 4]);
        let event = world.object(NOTIFICATION);
        let never = Deadline::Never;
        let begun = world.dispatcher.meet(&event, KEY, false, true, never);
        assert_eq!(world.began(begun.unwrap()), Begun::Waiting);
        way(&mut world);
        world.preempt();
        assert_eq!(world.waited(), (0, expected));
        let begun = meet_until(&mut world, &event, (KEY, true), Deadline::Now);
        assert_eq!(begun, Begun::Over(Waited::TimedOut), "it waits no more");
        way(&mut world);
        let begun = world.dispatcher.meet(&event, KEY, false, true, never);
        assert_eq!(begun, Ok(Begun::Over(expected)), "and not again");
    }
}

#[test]
fn threads_that_are_to_end_meet_nobody() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(NOTIFICATION);
    let thread = world.threads[0];
    meet(&mut world, &event, KEY, false);
    world.dispatcher.ask_to_end(thread);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Ending));
    assert_eq!(
        meet(&mut world, &event, KEY, false),
        Begun::Over(Waited::Ending)
    );
    world.duty();
    let begun = meet_until(&mut world, &event, (KEY, true), Deadline::Now);
    assert_eq!(begun, Begun::Over(Waited::TimedOut));
}
