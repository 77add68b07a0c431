//! Who runs: priorities, turns, preemption, yields, and the idle execution.

use super::world::{SYNCHRONIZATION, World};
use crate::run::QUANTUM_TICKS;
use crate::wait::{Deadline, WaitFor};

#[test]
fn the_highest_priority_runs_first() {
    // Levels of the threads, and the order in which they run.
    let cases: [(&[u32], &[usize]); 7] = [
        (&[8], &[0]),
        (&[8, 8, 8], &[0, 1, 2]),
        (&[4, 8], &[1, 0]),
        (&[0, 1, 31, 15, 16], &[2, 4, 3, 1, 0]),
        (&[8, 9, 8, 9], &[1, 3, 0, 2]),
        (&[0, 0], &[0, 1]),
        (&[31, 30, 31], &[0, 2, 1]),
    ];
    for (levels, order) in cases {
        let mut world = World::new(levels);
        for &number in order {
            assert_eq!(world.running(), Some(number), "of {levels:?}");
            world.block();
        }
        assert_eq!(world.running(), None, "all of {levels:?} wait");
    }
}

#[test]
fn nobody_runs_when_nobody_can() {
    let mut world = World::new(&[]);
    assert_eq!(world.running(), None);
    assert_eq!(world.preempt(), None);
    assert_eq!(world.yield_current(), None);
    assert_eq!(world.ticks(100), None);
    assert!(!world.dispatcher.has_ready());
    assert_eq!(world.dispatcher.current(), None);
    assert_eq!(world.dispatcher.end_current(), None);
    let thread = world.add(0);
    world.dispatcher.start(thread);
    assert!(world.dispatcher.has_ready());
    assert_eq!(
        world.preempt(),
        Some(0),
        "the idle execution gives way to all"
    );
}

#[test]
fn equals_take_turns_of_a_quantum() {
    let mut world = World::new(&[8, 8, 8, 7]);
    for turn in 0..9 {
        assert_eq!(world.running(), Some(turn % 3), "in turn {turn}");
        assert_eq!(world.ticks(QUANTUM_TICKS - 1), Some(turn % 3));
        world.ticks(1);
    }
}

#[test]
fn only_the_programs_own_ticks_shorten_its_quantum() {
    let mut world = World::new(&[8, 8]);
    for now in 0..100 {
        world.dispatcher.tick(now, false);
        assert_eq!(world.preempt(), Some(0));
    }
    assert_eq!(world.ticks(QUANTUM_TICKS), Some(1));
}

#[test]
fn one_who_is_alone_keeps_running() {
    for levels in [&[8_u32][..], &[8, 7, 6]] {
        let mut world = World::new(levels);
        assert_eq!(world.ticks(25), Some(0));
    }
}

#[test]
fn a_preempted_thread_goes_on_before_its_equals() {
    let mut world = World::new(&[8, 8]);
    world.ticks(4);
    let thread = world.add(9);
    world.dispatcher.start(thread);
    assert_eq!(world.running(), Some(0), "nothing happens unasked");
    assert_eq!(world.preempt(), Some(2));
    world.block();
    assert_eq!(world.running(), Some(0), "the head of the queue");
    assert_eq!(world.ticks(QUANTUM_TICKS - 5), Some(0));
    assert_eq!(world.ticks(1), Some(1), "the quantum was not renewed");
}

#[test]
fn one_preempted_at_its_quantums_end_goes_to_the_end() {
    let mut world = World::new(&[8, 8]);
    world.ticks(QUANTUM_TICKS - 1);
    let thread = world.add(9);
    world.dispatcher.start(thread);
    assert_eq!(world.ticks(1), Some(2));
    world.block();
    assert_eq!(world.running(), Some(1));
}

#[test]
fn equals_and_lower_ones_do_not_preempt() {
    for base in [8, 7, 0] {
        let mut world = World::new(&[8]);
        let thread = world.add(base);
        world.dispatcher.start(thread);
        assert_eq!(world.preempt(), Some(0), "by {base}");
    }
}

#[test]
fn a_yield_gives_way_to_equals_only() {
    // Levels, and who runs after each of some yields.
    let cases: [(&[u32], &[usize]); 4] = [
        (&[8], &[0, 0]),
        (&[8, 7], &[0, 0]),
        (&[8, 8], &[1, 0, 1]),
        (&[8, 8, 8, 2], &[1, 2, 0, 1]),
    ];
    for (levels, order) in cases {
        let mut world = World::new(levels);
        for &number in order {
            assert_eq!(world.yield_current(), Some(number), "of {levels:?}");
        }
    }
}

#[test]
fn a_yield_gives_way_to_higher_ones_that_came_meanwhile() {
    let mut world = World::new(&[8, 8]);
    let thread = world.add(9);
    world.dispatcher.start(thread);
    assert_eq!(world.yield_current(), Some(2));
    world.block();
    assert_eq!(world.running(), Some(1), "the one who yielded is last");
}

#[test]
fn whoever_wakes_another_goes_on_unless_that_one_is_higher() {
    for (waker, woken_runs) in [(4, true), (7, true), (8, true), (9, false), (15, false)] {
        let mut world = World::new(&[8, waker]);
        let event = world.object(SYNCHRONIZATION);
        if waker > 8 {
            world
                .dispatcher
                .set_base_priority(world.threads[1], super::world::level(0));
            world.preempt();
        }
        assert_eq!(world.running(), Some(0));
        world.wait(&[&event], WaitFor::Any, Deadline::Never);
        world
            .dispatcher
            .set_base_priority(world.threads[1], super::world::level(waker));
        world.dispatcher.set(&event);
        let expected = if woken_runs { 0 } else { 1 };
        assert_eq!(world.preempt(), Some(expected), "woken at 8 by {waker}");
    }
}

#[test]
fn payloads_are_the_owners() {
    let mut world = World::new(&[8, 8]);
    assert_eq!(world.dispatcher.thread_count(), 2);
    assert_eq!(world.dispatcher.current(), Some(world.threads[0]));
    assert_eq!(world.dispatcher.payload(world.threads[1]), Some(&1));
    assert_eq!(world.dispatcher.end_current(), Some(0));
    assert_eq!(world.dispatcher.payload(world.threads[0]), None);
    assert_eq!(world.dispatcher.thread_count(), 1);
}

#[test]
fn who_yields_gives_its_quantum_up_and_has_a_new_one_then() {
    let mut world = World::new(&[8, 8]);
    world.ticks(QUANTUM_TICKS - 1);
    assert_eq!(world.yield_current(), Some(1));
    assert_eq!(world.ticks(QUANTUM_TICKS), Some(0));
    assert_eq!(world.ticks(QUANTUM_TICKS - 1), Some(0));
    assert_eq!(world.ticks(1), Some(1));
}
