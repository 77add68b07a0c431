//! Mutants: owned by one thread, as often as it likes, even past its end.

use super::world::{MUTANT, NOTIFICATION, World};
use crate::wait::{Begun, Deadline, WaitError, WaitFor, Waited};
use crate::{NotOwner, ObjectKey, Signal};

const OVER: Begun = Begun::Over(Waited::Satisfied(0));
const ABANDONED: Signal = Signal::Mutant {
    owner: None,
    acquisitions: 0,
    is_abandoned: true,
};

/// The running thread ends.
fn end_current(world: &mut World) {
    world.dispatcher.end_current();
    world.dispatcher.run_next();
    world.running();
}

#[test]
fn its_owner_acquires_it_again_and_releases_it_as_often() {
    let mut world = World::new(&[8, 8]);
    let mutant = world.object(MUTANT);
    let [owner, other] = world.threads[..] else {
        unreachable!()
    };
    for acquisitions in 1..=5 {
        assert_eq!(world.wait_any(&[&mutant]), OVER);
        let signal = Signal::Mutant {
            owner: Some(owner),
            acquisitions,
            is_abandoned: false,
        };
        assert_eq!(world.dispatcher.signal(&mutant), signal);
    }
    world.yield_current();
    assert_eq!(world.wait_any(&[&mutant]), Begun::Waiting);
    for before in (1..=5).rev() {
        assert_eq!(world.preempt(), Some(0));
        assert_eq!(
            world.dispatcher.release_mutant(&mutant, other),
            Err(NotOwner)
        );
        assert_eq!(world.dispatcher.release_mutant(&mutant, owner), Ok(before));
    }
    assert_eq!(world.preempt(), Some(1));
    assert_eq!(world.waited(), (1, Waited::Satisfied(0)));
    assert_eq!(
        world.dispatcher.release_mutant(&mutant, owner),
        Err(NotOwner)
    );
    assert_eq!(world.dispatcher.release_mutant(&mutant, other), Ok(1));
    assert_eq!(
        world.dispatcher.release_mutant(&mutant, other),
        Err(NotOwner)
    );
}

#[test]
fn it_can_be_owned_from_the_start() {
    let mut world = World::new(&[8, 8]);
    let mutant = world.object(MUTANT);
    world.dispatcher.own_mutant(&mutant, world.threads[0]);
    world.dispatcher.own_mutant(&mutant, world.threads[1]);
    world.running();
    let [owner, other] = [0, 1].map(|number| world.threads[number]);
    assert_eq!(
        world.dispatcher.release_mutant(&mutant, other),
        Err(NotOwner)
    );
    assert_eq!(world.dispatcher.release_mutant(&mutant, owner), Ok(1));
}

#[test]
fn the_end_of_its_owner_abandons_it_to_who_comes_next() {
    for wait_for in [WaitFor::Any, WaitFor::All] {
        let mut world = World::new(&[8, 8]);
        let mutant = world.object(MUTANT);
        world.wait_any(&[&mutant]);
        world.wait_any(&[&mutant]);
        end_current(&mut world);
        assert_eq!(world.dispatcher.signal(&mutant), ABANDONED);
        let thread = world.threads[1];
        let begun = world.dispatcher.release_mutant(&mutant, thread);
        assert_eq!(begun, Err(NotOwner));
        let begun = world.wait(&[&mutant], wait_for, Deadline::Now);
        assert_eq!(begun, Begun::Over(Waited::Abandoned(0)));
        let begun = world.wait(&[&mutant], wait_for, Deadline::Now);
        assert_eq!(begun, OVER, "it is told once");
        assert_eq!(world.dispatcher.release_mutant(&mutant, thread), Ok(2));
    }
}

#[test]
fn the_end_of_its_owner_ends_the_first_wait_for_it() {
    let mut world = World::new(&[8, 8, 8, 4]);
    let event = world.object(NOTIFICATION);
    let mutant = world.object(MUTANT);
    let owner = world.threads[3];
    world.dispatcher.own_mutant(&mutant, owner);
    for _ in 0..3 {
        world.wait_any(&[&event, &mutant]);
    }
    end_current(&mut world);
    assert_eq!(world.waited(), (0, Waited::Abandoned(1)));
    let thread = world.threads[0];
    assert_eq!(world.dispatcher.release_mutant(&mutant, thread), Ok(1));
    assert_eq!(world.preempt(), Some(0), "boosted as well, but first");
    world.block();
    assert_eq!(world.waited(), (1, Waited::Satisfied(1)));
}

#[test]
fn a_wait_for_all_tells_of_an_abandoned_one() {
    // Which of two mutants is abandoned, and which comes last.
    for (abandoned, last) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let mut world = World::new(&[8, 4, 4]);
        let mutants: [ObjectKey; 2] = [MUTANT; 2].map(|signal| world.object(signal));
        let [_, ends, releases] = world.threads[..] else {
            unreachable!()
        };
        world.dispatcher.own_mutant(&mutants[abandoned], ends);
        world
            .dispatcher
            .own_mutant(&mutants[1 - abandoned], releases);
        assert_eq!(world.wait_all(&mutants.each_ref()), Begun::Waiting);
        let release = |world: &mut World| {
            let released = &mutants[1 - abandoned];
            assert_eq!(world.dispatcher.release_mutant(released, releases), Ok(1));
        };
        if last == abandoned {
            release(&mut world);
        }
        assert_eq!(world.preempt(), Some(1));
        end_current(&mut world);
        if last != abandoned {
            release(&mut world);
        }
        world.preempt();
        assert_eq!(world.waited(), (0, Waited::Abandoned(0)));
    }
}

#[test]
fn a_thread_that_ends_abandons_all_of_its_mutants() {
    let mut world = World::new(&[8, 4]);
    let mutants: [ObjectKey; 3] = [MUTANT; 3].map(|signal| world.object(signal));
    for mutant in &mutants {
        world.wait_any(&[mutant]);
    }
    let thread = world.threads[0];
    world
        .dispatcher
        .release_mutant(&mutants[1], thread)
        .unwrap();
    end_current(&mut world);
    let signals = mutants
        .each_ref()
        .map(|mutant| world.dispatcher.signal(mutant));
    assert_eq!(signals, [ABANDONED, MUTANT, ABANDONED]);
}

#[test]
fn an_owned_one_can_be_removed() {
    let mut world = World::new(&[8]);
    let mutants: [ObjectKey; 3] = [MUTANT; 3].map(|signal| world.object(signal));
    for mutant in &mutants {
        world.wait_any(&[mutant]);
    }
    let [first, second, third] = mutants;
    for mutant in [second, first, third] {
        world.dispatcher.remove_object(mutant);
        world.running();
    }
    assert_eq!(world.dispatcher.object_count(), 0);
    end_current(&mut world);
}

#[test]
fn its_owner_can_wait_for_it_and_others() {
    let mut world = World::new(&[8, 4]);
    let mutant = world.object(MUTANT);
    let event = world.object(NOTIFICATION);
    world.wait_any(&[&mutant]);
    assert_eq!(world.wait_all(&[&mutant, &event]), Begun::Waiting);
    world.dispatcher.set(&event);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    let thread = world.threads[0];
    assert_eq!(world.dispatcher.release_mutant(&mutant, thread), Ok(2));
}

#[test]
fn acquisitions_have_a_limit() {
    let mut world = World::new(&[8, 4]);
    let mutant = world.object(MUTANT);
    let event = world.object(Signal::Synchronization { is_set: true });
    world.wait_any(&[&mutant]);
    // Two thousand million waits would come to the same.
    let many = |acquisitions| Signal::Mutant {
        owner: Some(world.threads[0]),
        acquisitions,
        is_abandoned: false,
    };
    world.dispatcher.objects.at_mut(mutant.0.index).signal = many(0x7fff_ffff);
    let most = many(0x8000_0000);
    assert_eq!(world.wait_any(&[&mutant]), OVER);
    assert_eq!(world.dispatcher.signal(&mutant), most);
    let objects = [&event, &mutant];
    let begun = world
        .dispatcher
        .wait(&objects, WaitFor::All, false, Deadline::Never);
    assert_eq!(begun, Err(WaitError::MutantLimit));
    let begun = world
        .dispatcher
        .wait(&objects[1..], WaitFor::Any, false, Deadline::Now);
    assert_eq!(begun, Err(WaitError::MutantLimit));
    assert_eq!(world.dispatcher.signal(&mutant), most);
    assert_eq!(world.wait_any(&objects), OVER, "the event was not used up");
    let thread = world.threads[0];
    assert_eq!(
        world.dispatcher.release_mutant(&mutant, thread),
        Ok(0x8000_0000)
    );
}

#[test]
fn one_that_was_to_own_it_but_never_started_abandons_it() {
    let mut world = World::new(&[8]);
    let mutant = world.object(MUTANT);
    let new = world.add(8);
    world.dispatcher.own_mutant(&mutant, new);
    assert_eq!(world.wait_any(&[&mutant]), Begun::Waiting);
    world.dispatcher.discard_thread(new);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Abandoned(0)));
}

#[test]
fn those_acquired_together_are_abandoned_in_the_order_of_the_wait() {
    for has_waited in [false, true] {
        let mut world = World::new(&[10, 8, 8, 4]);
        let mutants: [ObjectKey; 2] = [MUTANT; 2].map(|signal| world.object(signal));
        let last = world.threads[3];
        if has_waited {
            world.dispatcher.own_mutant(&mutants[0], last);
        }
        let begun = world.wait_all(&mutants.each_ref());
        assert_eq!(begun == Begun::Waiting, has_waited);
        if has_waited {
            world.dispatcher.release_mutant(&mutants[0], last).unwrap();
            assert_eq!(world.preempt(), Some(0));
        }
        world.block();
        for mutant in mutants.iter().rev() {
            world.wait_any(&[mutant]);
        }
        world.dispatcher.ask_to_end(world.threads[0]);
        world.preempt();
        assert_eq!(world.running(), Some(0));
        end_current(&mut world);
        assert_eq!(world.running(), Some(2), "who waited for the first of them");
    }
}
