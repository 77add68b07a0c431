//! Boosts and how they are lost, priorities that are set, and starvation.

use super::world::{SYNCHRONIZATION, World, level};
use crate::run::{QUANTUM_TICKS, TICKS_BEFORE_RESCUE};
use crate::thread::{Priority, State};

#[test]
fn levels_are_below_32() {
    assert_eq!(Priority::new(31).map(Priority::level), Some(31));
    assert_eq!(Priority::new(32), None);
    assert_eq!(Priority::new(u32::MAX), None);
}

/// A thread of some base, woken by an event while one at 0 ran.
fn woken(base: u32) -> World {
    let mut world = World::new(&[base, 0]);
    let event = world.object(SYNCHRONIZATION);
    if base == 0 {
        assert_eq!(world.running(), Some(0));
    }
    world.wait_any(&[&event]);
    world.dispatcher.set(&event);
    assert_eq!(world.preempt(), Some(0));
    world
}

#[test]
fn the_end_of_a_wait_boosts_up_to_15() {
    for (base, boosted) in [
        (0, 1),
        (1, 2),
        (8, 9),
        (14, 15),
        (15, 15),
        (16, 16),
        (31, 31),
    ] {
        assert_eq!(u32::from(woken(base).priority(0)), boosted, "from {base}");
    }
}

#[test]
fn a_boost_is_lost_with_the_quantum() {
    for base in [0, 8, 14] {
        let mut world = woken(base);
        world.ticks(QUANTUM_TICKS - 1);
        assert_eq!(u32::from(world.priority(0)), base + 1);
        world.ticks(1);
        assert_eq!(u32::from(world.priority(0)), base);
        world.ticks(3 * QUANTUM_TICKS);
        assert_eq!(u32::from(world.priority(0)), base, "and no more than it");
    }
}

#[test]
fn boosts_do_not_add_up() {
    let mut world = World::new(&[8, 0]);
    let event = world.object(SYNCHRONIZATION);
    for _ in 0..5 {
        world.wait_any(&[&event]);
        world.dispatcher.set(&event);
        assert_eq!(world.preempt(), Some(0));
        assert_eq!(world.priority(0), 9);
    }
}

#[test]
fn time_does_not_boost() {
    let mut world = World::new(&[8]);
    let timer = world.dispatcher.add_timer(false).unwrap();
    let due = crate::Due {
        at: 20,
        period: 0,
        is_of_day: false,
    };
    world.dispatcher.set_timer(&timer, due, None, 0).unwrap();
    for (objects, at) in [(&[][..], 10), (&[&timer], 20)] {
        let deadline = crate::Deadline::At(at + 1);
        world.wait(objects, crate::WaitFor::Any, deadline);
        assert_eq!(world.advance(at + 1), Some(0));
        assert_eq!(world.priority(0), 8);
    }
}

#[test]
fn a_boosted_thread_decays_below_those_it_had_passed() {
    let mut world = World::new(&[8, 8]);
    let event = world.object(SYNCHRONIZATION);
    world.wait_any(&[&event]);
    world.dispatcher.set(&event);
    assert_eq!(world.preempt(), Some(0), "9 before 8");
    assert_eq!(world.ticks(QUANTUM_TICKS), Some(1), "8 after 8");
}

#[test]
fn a_base_that_is_set_takes_effect_in_every_state() {
    let mut world = World::new(&[8, 8, 8]);
    let [first, second, third] = world.threads[..] else {
        unreachable!()
    };
    world.dispatcher.set_base_priority(third, level(12));
    assert_eq!(world.preempt(), Some(2), "ready");
    world.dispatcher.set_base_priority(third, level(4));
    assert_eq!(world.preempt(), Some(0), "running");
    world.block();
    world.dispatcher.set_base_priority(first, level(31));
    assert_eq!(world.priority(0), 31, "waiting");
    assert_eq!(world.running(), Some(1));
    world.dispatcher.alert(first);
    world.dispatcher.set_base_priority(second, level(3));
    assert_eq!(world.preempt(), Some(2));
    let new = world.add(8);
    world.dispatcher.set_base_priority(new, level(20));
    world.dispatcher.start(new);
    assert_eq!(world.preempt(), Some(3), "new");
    assert_eq!(
        world.dispatcher.priorities(new),
        Some((level(20), level(20)))
    );
}

#[test]
fn a_base_that_is_set_ends_boosts() {
    let mut world = woken(8);
    world
        .dispatcher
        .set_base_priority(world.threads[0], level(8));
    assert_eq!(world.priority(0), 8);
}

#[test]
fn one_who_starves_runs_for_a_quantum_at_15() {
    for base in [0, 7] {
        let mut world = World::new(&[8, base]);
        let mut waited = 0;
        while world.ticks(1) == Some(0) {
            waited += 1;
            assert!(waited < 2 * TICKS_BEFORE_RESCUE, "never rescued");
        }
        assert!(waited >= TICKS_BEFORE_RESCUE - 1, "rescued early");
        assert_eq!(world.priority(1), 15);
        assert_eq!(world.ticks(QUANTUM_TICKS - 1), Some(1));
        assert_eq!(world.ticks(1), Some(0));
        assert_eq!(
            u32::from(world.priority(1)),
            base,
            "at once, not step by step"
        );
    }
}

#[test]
fn nobody_is_rescued_from_real_time_threads_or_at_their_levels() {
    for levels in [[16, 8], [31, 16], [31, 15]] {
        let mut world = World::new(&levels);
        for _ in 0..10_000 {
            assert_eq!(world.ticks(1), Some(0), "of {levels:?}");
        }
    }
}

#[test]
fn one_who_is_rescued_when_nobody_is_in_its_way_only_waited() {
    // The thread at 15 is not lifted, and runs when its turn comes.
    let mut world = World::new(&[15, 15]);
    for _ in 0..10 {
        assert_eq!(world.ticks(QUANTUM_TICKS), Some(1));
        assert_eq!(world.ticks(QUANTUM_TICKS), Some(0));
    }
}

#[test]
fn many_who_starve_are_rescued_a_few_at_a_time() {
    let mut levels = std::vec![3_u32; 40];
    levels.push(8);
    let mut world = World::new(&levels);
    let mut has_run = [false; 41];
    for _ in 0..(TICKS_BEFORE_RESCUE + 3 * 1000 + 1000) {
        has_run[world.ticks(1).unwrap()] = true;
        let lifted = (0..40).filter(|&number| world.priority(number) == 15);
        assert!(lifted.count() <= 16);
    }
    assert_eq!(has_run, [true; 41]);
}

#[test]
fn one_who_is_preempted_again_and_again_does_not_hide_who_starves_behind_it() {
    let mut world = World::new(&[4, 4]);
    for now in 0..2 * TICKS_BEFORE_RESCUE {
        // A better one runs at each tick, and the head is put back.
        let thread = world.add(8);
        world.dispatcher.start(thread);
        world.dispatcher.preempt();
        world.dispatcher.tick(now, false);
        world.dispatcher.preempt();
        if world.dispatcher.current() == Some(world.threads[1]) {
            return;
        }
        world.dispatcher.end_current();
        assert_eq!(world.dispatcher.run_next(), Some(world.threads[0]));
    }
    panic!("the second was never rescued");
}

#[test]
fn a_yield_shrinks_a_boost() {
    // Two who were boosted yield to each other for ever; the one of their base
    // may hold what they are waiting for.
    let mut world = World::new(&[8, 8, 8]);
    let event = world.object(crate::Signal::Notification { is_set: false });
    for _ in 0..2 {
        world.wait_any(&[&event]);
    }
    world.dispatcher.set(&event);
    assert_eq!(world.preempt(), Some(0));
    for number in [1, 2, 0, 1, 2] {
        assert_eq!(world.yield_current(), Some(number));
    }
}

#[test]
fn a_yield_to_nobody_changes_nothing() {
    let mut world = woken(8);
    assert_eq!(world.yield_current(), Some(0));
    assert_eq!(world.priority(0), 9);
    world.ticks(QUANTUM_TICKS - 1);
    world.yield_current();
    world.ticks(1);
    assert_eq!(world.priority(0), 8);
}

#[test]
fn a_current_priority_that_is_set_shrinks_to_the_base() {
    let mut world = World::new(&[8]);
    world
        .dispatcher
        .set_current_priority(world.threads[0], level(11));
    for expected in [11, 10, 9, 8, 8] {
        assert_eq!(world.priority(0), expected);
        world.ticks(QUANTUM_TICKS);
    }
}

#[test]
fn whoever_is_boosted_over_the_running_one_runs() {
    let mut world = World::new(&[8, 6]);
    world.dispatcher.boost(world.threads[1], 2);
    assert_eq!((world.priority(1), world.preempt()), (8, Some(0)));
    world.dispatcher.boost(world.threads[1], 3);
    assert_eq!((world.priority(1), world.preempt()), (9, Some(1)));
    world.dispatcher.boost(world.threads[1], 1);
    assert_eq!(world.priority(1), 9, "a smaller boost takes nothing away");
    world.dispatcher.boost(world.threads[1], u8::MAX);
    assert_eq!(world.priority(1), 15, "no boost goes beyond 15");
}

#[test]
fn a_thread_without_boosts_stays_at_its_base() {
    let mut world = World::new(&[8, 0]);
    let event = world.object(SYNCHRONIZATION);
    let thread = world.threads[0];
    world.dispatcher.allow_boosts(thread, false);
    assert_eq!(world.dispatcher.allows_boosts(thread), Some(false));
    world.wait_any(&[&event]);
    world.dispatcher.set(&event);
    world.dispatcher.boost(thread, 5);
    assert_eq!((world.preempt(), world.priority(0)), (Some(0), 8));
    world.dispatcher.allow_boosts(thread, true);
    world.dispatcher.boost(thread, 5);
    assert_eq!(world.priority(0), 13);
}

#[test]
fn what_a_thread_is_doing_can_be_asked() {
    let mut world = World::new(&[8, 8]);
    let new = world.add(8);
    let (first, second) = (world.threads[0], world.threads[1]);
    let state = |world: &World, thread| world.dispatcher.state(thread);
    assert_eq!(state(&world, new), Some(State::New));
    assert_eq!(state(&world, first), Some(State::Running));
    assert_eq!(state(&world, second), Some(State::Ready));
    world.block();
    assert_eq!(state(&world, first), Some(State::Waiting));
    world.dispatcher.suspend(second);
    world.duty();
    assert_eq!(state(&world, second), Some(State::Parked));
    world.dispatcher.ask_to_end(second);
    world.preempt();
    world.duty();
    assert_eq!(state(&world, second), None);
}
