//! Asynchronous procedure calls: which, in what order, and when.

use super::world::{SYNCHRONIZATION, World, call};
use crate::apc::QueueError;
use crate::thread::Duty;
use crate::wait::{Begun, Deadline, Waited};

fn queue(world: &mut World, routine: u64) {
    let thread = world.threads[0];
    let queued = world.dispatcher.queue_apc(thread, call(routine), false);
    assert_eq!(queued, Ok(()));
}

fn queue_special(world: &mut World, routine: u64) {
    let thread = world.threads[0];
    let queued = world.dispatcher.queue_apc(thread, call(routine), true);
    assert_eq!(queued, Ok(()));
}

#[test]
fn a_call_waits_for_an_alertable_wait() {
    let mut world = World::new(&[8, 4]);
    queue(&mut world, 1);
    assert_eq!(world.duty(), Duty::None);
    world.wait_any(&[]);
    assert_eq!(world.preempt(), Some(1), "that one is not alertable");
    queue(&mut world, 2);
    assert_eq!(world.preempt(), Some(1));
}

#[test]
fn a_call_ends_an_alertable_wait() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(SYNCHRONIZATION);
    world.wait_alertably(&[&event], Deadline::At(100));
    queue(&mut world, 1);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::UserApc));
    assert_eq!(world.duty(), Duty::Apc(call(1)));
    assert_eq!(world.duty(), Duty::None);
    assert_eq!(world.dispatcher.earliest_deadline(), None);
}

#[test]
fn queued_calls_end_an_alertable_wait_before_it_begins() {
    for deadline in [Deadline::Now, Deadline::At(3), Deadline::Never] {
        let mut world = World::new(&[8, 4]);
        queue(&mut world, 1);
        let begun = world.wait_alertably(&[], deadline);
        assert_eq!(begun, Begun::Over(Waited::UserApc));
        assert_eq!(world.duty(), Duty::Apc(call(1)));
    }
}

#[test]
fn calls_are_made_in_their_order_one_at_a_time() {
    let mut world = World::new(&[8, 4]);
    for routine in 0..5 {
        queue(&mut world, routine);
    }
    world.wait_alertably(&[], Deadline::Never);
    for routine in 0..5 {
        assert_eq!(world.duty(), Duty::Apc(call(routine)));
        assert_eq!(world.duty(), Duty::None, "until it asks for more");
        world.dispatcher.test_alert();
    }
    assert_eq!(world.duty(), Duty::None);
}

#[test]
fn several_that_come_while_it_waits_end_one_wait() {
    let mut world = World::new(&[8, 4]);
    world.wait_alertably(&[], Deadline::Never);
    queue(&mut world, 1);
    queue(&mut world, 2);
    world.preempt();
    assert_eq!(world.duty(), Duty::Apc(call(1)));
    let begun = world.wait_alertably(&[], Deadline::Never);
    assert_eq!(begun, Begun::Over(Waited::UserApc));
    assert_eq!(world.duty(), Duty::Apc(call(2)));
}

#[test]
fn a_special_call_is_made_without_a_wait() {
    let mut world = World::new(&[8, 4]);
    queue_special(&mut world, 1);
    assert_eq!(world.duty(), Duty::Apc(call(1)));
    assert_eq!(world.duty(), Duty::None);
}

#[test]
fn a_special_call_does_not_end_a_wait_that_is_not_alertable() {
    let mut world = World::new(&[8, 4]);
    let event = world.object(SYNCHRONIZATION);
    world.wait_any(&[&event]);
    queue_special(&mut world, 1);
    assert_eq!(world.preempt(), Some(1));
    world.dispatcher.set(&event);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    assert_eq!(world.duty(), Duty::Apc(call(1)), "but is made after it");
}

#[test]
fn a_special_call_ends_an_alertable_wait() {
    let mut world = World::new(&[8, 4]);
    world.wait_alertably(&[], Deadline::Never);
    queue_special(&mut world, 1);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::UserApc));
    assert_eq!(world.duty(), Duty::Apc(call(1)));
}

#[test]
fn threads_that_have_not_started_have_a_queue() {
    let mut world = World::new(&[]);
    world.add(8);
    queue(&mut world, 1);
    queue_special(&mut world, 2);
    world.dispatcher.start(world.threads[0]);
    world.preempt();
    assert!(matches!(world.duty(), Duty::Apc(_)));
    world.dispatcher.test_alert();
    assert!(matches!(world.duty(), Duty::Apc(_)));
    assert_eq!(world.duty(), Duty::None);
}

#[test]
fn threads_that_end_take_no_calls() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    queue(&mut world, 1);
    world.dispatcher.ask_to_end(thread);
    let queued = world.dispatcher.queue_apc(thread, call(2), false);
    assert_eq!(queued, Err(QueueError::Ending));
    assert_eq!(world.duty(), Duty::End, "and make none");
    let queued = world.dispatcher.queue_apc(thread, call(3), true);
    assert_eq!(queued, Err(QueueError::Ending));
}

#[test]
fn one_can_queue_calls_for_itself() {
    let mut world = World::new(&[8]);
    let current = world.dispatcher.current().unwrap();
    world.dispatcher.queue_apc(current, call(1), false).unwrap();
    let begun = world.wait_alertably(&[], Deadline::At(9));
    assert_eq!(begun, Begun::Over(Waited::UserApc));
    assert_eq!(world.duty(), Duty::Apc(call(1)));
}

#[test]
fn special_calls_do_not_take_others_with_them() {
    let mut world = World::new(&[8, 4]);
    queue(&mut world, 1);
    queue_special(&mut world, 2);
    queue(&mut world, 3);
    queue_special(&mut world, 4);
    assert_eq!(world.duty(), Duty::Apc(call(2)));
    assert_eq!(world.duty(), Duty::Apc(call(4)), "each in its turn");
    assert_eq!(
        world.duty(),
        Duty::None,
        "the others need an alertable wait"
    );
    for routine in [1, 3] {
        let begun = world.wait_alertably(&[], Deadline::Never);
        assert_eq!(begun, Begun::Over(Waited::UserApc));
        assert_eq!(world.duty(), Duty::Apc(call(routine)));
    }
}

#[test]
fn a_special_call_that_ended_a_wait_leaves_nothing_due() {
    let mut world = World::new(&[8, 4]);
    world.wait_alertably(&[], Deadline::Never);
    queue_special(&mut world, 1);
    queue(&mut world, 2);
    world.preempt();
    assert_eq!(world.duty(), Duty::Apc(call(1)));
    assert_eq!(world.duty(), Duty::None);
    queue_special(&mut world, 3);
    let begun = world.wait_alertably(&[], Deadline::Never);
    assert_eq!(begun, Begun::Over(Waited::UserApc));
    assert_eq!(world.duty(), Duty::Apc(call(3)));
    assert_eq!(world.duty(), Duty::Apc(call(2)));
}

#[test]
fn a_prepared_call_is_queued_without_memory_or_given_up() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    let prepare = |world: &mut World, routine| {
        let prepared = world.dispatcher.prepare_apc(thread, call(routine));
        prepared.unwrap_or_else(|_| panic!("there is memory"))
    };
    let first = prepare(&mut world, 1);
    let second = prepare(&mut world, 2);
    assert_eq!(world.duty(), Duty::None, "nothing is queued yet");
    world.wait_alertably(&[], Deadline::Never);
    world.dispatcher.queue_prepared(second);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::UserApc));
    assert_eq!(world.duty(), Duty::Apc(call(2)));
    world.dispatcher.give_up_apc(first);
    world.dispatcher.test_alert();
    assert_eq!(world.duty(), Duty::None);
    let late = prepare(&mut world, 3);
    world.dispatcher.ask_to_end(thread);
    world.dispatcher.queue_prepared(late);
    assert_eq!(
        world.dispatcher.apcs.len(),
        0,
        "a thread that ends calls nothing"
    );
}

#[test]
fn reserved_room_takes_one_call_at_a_time() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    let Ok(room) = world.dispatcher.reserve_apc() else {
        panic!("there is memory");
    };
    let make = |world: &mut World, routine| {
        world.wait_alertably(&[], Deadline::Now);
        assert_eq!(world.duty(), Duty::Apc(call(routine)));
        assert_eq!(world.duty(), Duty::None);
    };
    for routine in 1..4 {
        let queue = |world: &mut World, routine| {
            let dispatcher = &mut world.dispatcher;
            dispatcher.queue_reserved(thread, &room, call(routine))
        };
        assert_eq!(queue(&mut world, routine), Ok(()));
        assert_eq!(queue(&mut world, 9), Err(QueueError::InUse));
        world.dispatcher.check();
        make(&mut world, routine);
    }
    // What is queued outlives the room.
    let queued = world.dispatcher.queue_reserved(thread, &room, call(4));
    assert_eq!(queued, Ok(()));
    world.dispatcher.give_up_reserved(room);
    world.dispatcher.check();
    make(&mut world, 4);
    assert_eq!(world.dispatcher.apcs.len(), 0);
}

#[test]
fn a_thread_that_ends_leaves_reserved_room() {
    let mut world = World::new(&[8, 4]);
    let (thread, other) = (world.threads[0], world.threads[1]);
    let Ok(room) = world.dispatcher.reserve_apc() else {
        panic!("there is memory");
    };
    let queued = world.dispatcher.queue_reserved(thread, &room, call(1));
    assert_eq!(queued, Ok(()));
    world.dispatcher.ask_to_end(thread);
    assert_eq!(world.duty(), Duty::End);
    let queued = world.dispatcher.queue_reserved(thread, &room, call(1));
    assert_eq!(queued, Err(QueueError::Ending));
    let queued = world.dispatcher.queue_reserved(other, &room, call(2));
    assert_eq!(queued, Ok(()));
    world.dispatcher.give_up_reserved(room);
    world.dispatcher.check();
}
