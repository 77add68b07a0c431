//! Semaphores: they count, up to their limit.

use super::world::{World, semaphore};
use crate::OverLimit;
use crate::wait::{Begun, Deadline, WaitFor, Waited};

#[test]
fn releases_count_up_to_the_limit() {
    // The count, its limit, what is added, and what comes of it.
    let cases = [
        (0, 1, 1, Ok(0), 1),
        (0, 1, 2, Err(OverLimit), 0),
        (1, 1, 1, Err(OverLimit), 1),
        (2, 5, 3, Ok(2), 5),
        (2, 5, 4, Err(OverLimit), 2),
        (5, 5, 0, Ok(5), 5),
        (1, u32::MAX, u32::MAX, Err(OverLimit), 1),
        (1, u32::MAX, u32::MAX - 1, Ok(1), u32::MAX),
    ];
    for (count, limit, more, before, after) in cases {
        let mut world = World::new(&[8]);
        let object = world.object(semaphore(count, limit));
        let released = world.dispatcher.release_semaphore(&object, more);
        assert_eq!(released, before, "{count} of {limit}, {more} more");
        assert_eq!(world.dispatcher.signal(&object), semaphore(after, limit));
    }
}

#[test]
fn each_wait_takes_one() {
    let mut world = World::new(&[8]);
    let object = world.object(semaphore(3, 3));
    for left in [2, 1, 0] {
        let begun = world.wait(&[&object], WaitFor::Any, Deadline::Now);
        assert_eq!(begun, Begun::Over(Waited::Satisfied(0)));
        assert_eq!(world.dispatcher.signal(&object), semaphore(left, 3));
    }
    let begun = world.wait(&[&object], WaitFor::Any, Deadline::Now);
    assert_eq!(begun, Begun::Over(Waited::TimedOut));
}

#[test]
fn a_release_wakes_as_many_as_it_adds() {
    for more in 1..=6 {
        let mut world = World::new(&[8, 8, 8, 8, 4]);
        let object = world.object(semaphore(0, 9));
        for _ in 0..4 {
            world.wait_any(&[&object]);
        }
        assert_eq!(world.dispatcher.release_semaphore(&object, more), Ok(0));
        world.preempt();
        for number in 0..4.min(more) {
            let number = usize::try_from(number).unwrap();
            assert_eq!(world.waited(), (number, Waited::Satisfied(0)));
            world.block();
        }
        assert_eq!(world.running(), Some(4));
        let left = semaphore(more.saturating_sub(4), 9);
        assert_eq!(world.dispatcher.signal(&object), left);
    }
}

#[test]
fn those_who_need_more_are_passed_over() {
    let mut world = World::new(&[8, 8, 8, 4]);
    let [object, missing] = [semaphore(0, 9), semaphore(0, 9)].map(|signal| world.object(signal));
    world.wait_any(&[&object]);
    world.wait_all(&[&object, &missing]);
    world.wait_any(&[&object]);
    world.dispatcher.release_semaphore(&object, 3).unwrap();
    world.preempt();
    for number in [0, 2, 3] {
        assert_eq!(world.running(), Some(number));
        if number < 3 {
            world.block();
        }
    }
    assert_eq!(world.dispatcher.signal(&object), semaphore(1, 9));
    world.dispatcher.release_semaphore(&missing, 1).unwrap();
    world.preempt();
    assert_eq!(world.waited(), (1, Waited::Satisfied(0)));
    assert_eq!(world.dispatcher.signal(&object), semaphore(0, 9));
}

#[test]
fn a_release_over_the_limit_wakes_nobody() {
    let mut world = World::new(&[8, 4]);
    let object = world.object(semaphore(0, 2));
    world.wait_any(&[&object]);
    let released = world.dispatcher.release_semaphore(&object, 3);
    assert_eq!(released, Err(OverLimit));
    assert_eq!(world.preempt(), Some(1));
}
