//! The ends of threads, in every state, and what is found of them after it.

use super::world::{MUTANT, SYNCHRONIZATION, World, call, level};
use crate::apc::QueueError;
use crate::thread::Duty;
use crate::wait::{Begun, Deadline, WaitFor, Waited};
use crate::{Due, ThreadKey};

#[test]
fn a_running_or_ready_thread_ends_on_its_way_to_user_mode() {
    let mut world = World::new(&[8, 8]);
    let [first, second] = world.threads[..] else {
        unreachable!()
    };
    assert!(!world.dispatcher.is_ending(first));
    world.dispatcher.ask_to_end(first);
    world.dispatcher.ask_to_end(second);
    assert!(world.dispatcher.is_ending(first));
    assert_eq!(world.preempt(), Some(0), "not before");
    assert_eq!(world.duty(), Duty::End);
    assert_eq!(world.running(), Some(1));
    assert_eq!(world.duty(), Duty::End);
    assert_eq!(world.running(), None);
    assert_eq!(world.dispatcher.thread_count(), 0);
}

#[test]
fn every_wait_ends_with_its_thread() {
    let ways: [fn(&mut World); 5] = [
        |world| {
            world.wait_any(&[]);
        },
        |world| {
            let events = [SYNCHRONIZATION; 2].map(|signal| world.object(signal));
            world.wait(&events.each_ref(), WaitFor::Any, Deadline::At(9));
        },
        |world| {
            let events = [SYNCHRONIZATION; 2].map(|signal| world.object(signal));
            world.wait_all(&events.each_ref());
        },
        |world| {
            let begun =
                world
                    .dispatcher
                    .wait_for_token(crate::Token::Alert, false, Deadline::At(9));
            world.began(begun);
        },
        |world| {
            let event = world.object(SYNCHRONIZATION);
            let begun = world
                .dispatcher
                .meet(&event, (1, 2), true, false, Deadline::Never);
            world.began(begun.unwrap());
        },
    ];
    for way in ways {
        let mut world = World::new(&[8, 4]);
        way(&mut world);
        assert_eq!(world.running(), Some(1));
        world.dispatcher.ask_to_end(world.threads[0]);
        world.preempt();
        assert_eq!(world.waited(), (0, Waited::Ending));
        assert_eq!(world.dispatcher.earliest_deadline(), None);
        way(&mut world);
        assert_eq!(world.running(), Some(0), "nor does another one begin");
        assert_eq!(world.duty(), Duty::End);
        assert_eq!(world.running(), Some(1));
    }
}

#[test]
fn one_that_is_to_end_uses_up_nothing() {
    let mut world = World::new(&[8]);
    let set = crate::Signal::Synchronization { is_set: true };
    let event = world.object(set);
    world.dispatcher.ask_to_end(world.threads[0]);
    assert_eq!(world.wait_any(&[&event]), Begun::Over(Waited::Ending));
    assert_eq!(world.dispatcher.signal(&event), set);
}

#[test]
fn a_parked_thread_ends() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    let _ = world.dispatcher.suspend(thread);
    world.duty();
    world.dispatcher.ask_to_end(thread);
    assert_eq!(world.preempt(), Some(0));
    assert_eq!(world.duty(), Duty::End);
}

#[test]
fn a_new_thread_ends_once_started_even_if_suspended() {
    for is_suspended in [false, true] {
        let mut world = World::new(&[4]);
        let thread = world.add(8);
        if is_suspended {
            let _ = world.dispatcher.suspend(thread);
        }
        world.dispatcher.ask_to_end(thread);
        assert_eq!(world.preempt(), Some(0));
        world.dispatcher.start(thread);
        assert_eq!(world.preempt(), Some(1));
        assert_eq!(world.duty(), Duty::End);
    }
}

#[test]
fn a_new_thread_can_be_taken_back() {
    let mut world = World::new(&[8]);
    let new = world.add(9);
    world.dispatcher.queue_apc(new, call(1), false).unwrap();
    assert_eq!(world.dispatcher.discard_thread(new), Some(1));
    assert_eq!(world.dispatcher.discard_thread(new), None);
    assert_eq!(world.running(), Some(0));
    assert_eq!(world.dispatcher.discard_thread(world.threads[0]), None);
    assert_eq!(world.dispatcher.thread_count(), 1);
}

#[test]
fn asking_twice_is_asking_once() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    world.block();
    world.dispatcher.ask_to_end(thread);
    world.dispatcher.ask_to_end(thread);
    assert_eq!(world.preempt(), Some(0));
    assert_eq!(world.duty(), Duty::End);
    world.dispatcher.ask_to_end(thread);
    assert_eq!(world.running(), Some(1));
}

/// Nothing is found by a key, and nothing happens by it.
fn assert_gone(world: &mut World, gone: ThreadKey) {
    let mutant = world.object(MUTANT);
    let dispatcher = &mut world.dispatcher;
    let (count, runs) = (dispatcher.thread_count(), dispatcher.current());
    assert_eq!(dispatcher.payload(gone), None);
    assert_eq!(dispatcher.suspend(gone), None);
    assert_eq!(dispatcher.resume(gone), None);
    assert_eq!(dispatcher.suspensions(gone), None);
    assert_eq!(dispatcher.priorities(gone), None);
    assert!(dispatcher.is_ending(gone));
    assert!(!dispatcher.give_token(gone, crate::Token::Alert));
    assert_eq!(dispatcher.discard_thread(gone), None);
    let queued = dispatcher.queue_apc(gone, call(1), true);
    assert_eq!(queued, Err(QueueError::Ending));
    dispatcher.start(gone);
    dispatcher.set_base_priority(gone, level(31));
    dispatcher.ask_to_end(gone);
    dispatcher.alert(gone);
    dispatcher.own_mutant(&mutant, gone);
    assert_eq!(dispatcher.signal(&mutant), MUTANT);
    assert!(dispatcher.release_mutant(&mutant, gone).is_err());
    assert_eq!(dispatcher.preempt(), None);
    assert_eq!(dispatcher.thread_count(), count);
    assert_eq!(dispatcher.current(), runs);
}

#[test]
fn of_an_ended_thread_nothing_is_found() {
    let mut world = World::new(&[9, 8]);
    let ended = world.threads[0];
    world.dispatcher.end_current();
    world.dispatcher.run_next();
    assert_gone(&mut world, ended);
    let next = world.add(8);
    assert_ne!(ended, next, "though it is kept at the same place");
    assert_gone(&mut world, ended);
    assert_eq!(world.running(), Some(1));
    assert!(!world.dispatcher.is_ending(next));
    assert_eq!(world.dispatcher.suspensions(next), Some(0));
}

#[test]
fn memory_of_ended_threads_is_used_again() {
    let mut world = World::new(&[4]);
    let slots = |world: &World| world.dispatcher.threads.indexes().len();
    for _ in 0..100 {
        let thread = world.add(8);
        world.dispatcher.start(thread);
        world.preempt();
        assert_eq!(thread.0.index, 1);
        world.dispatcher.end_current();
        world.dispatcher.run_next();
        assert_eq!(world.running(), Some(0));
        assert_eq!(slots(&world), 1);
    }
}

#[test]
fn a_thread_that_ends_stops_the_timers_it_was_to_call_for() {
    let due = Due {
        at: 10,
        period: 10,
        is_of_day: false,
    };
    let mut world = World::new(&[8, 4]);
    let [caller, other] = world.threads[..] else {
        unreachable!()
    };
    let apcs = [Some(caller), Some(other), None, Some(caller)].map(|thread| {
        let apc = thread.map(|thread| (thread, call(1)));
        (world.dispatcher.add_timer(true).unwrap(), apc)
    });
    for (timer, apc) in &apcs {
        world.dispatcher.set_timer(timer, due, *apc, 0).unwrap();
    }
    world.advance(10);
    world.dispatcher.end_current();
    world.dispatcher.run_next();
    world.running();
    for ((timer, _), next) in apcs.iter().zip([None, Some(20), Some(20), None]) {
        let due = world.dispatcher.timer_due(timer).map(|due| due.at);
        assert_eq!(due, next);
        assert!(world.dispatcher.reset(timer), "its signal stays");
    }
    world.advance(20);
    let [(timer, _), ..] = apcs;
    let apc = Some((caller, call(2)));
    world.dispatcher.set_timer(&timer, due, apc, 20).unwrap();
    assert!(world.dispatcher.reset(&timer), "a timer without a call");
    world.dispatcher.remove_object(timer);
    world.running();
}
