//! The token each thread has one of: given by others, taken by a wait.

use super::world::{World, call};
use crate::wait::{Begun, Deadline, Waited};

const TAKEN: Begun = Begun::Over(Waited::Alerted);

fn wait(world: &mut World, deadline: Deadline) -> Begun {
    let begun = world
        .dispatcher
        .wait_for_token(crate::Token::Alert, false, deadline);
    world.began(begun)
}

#[test]
fn a_token_given_before_is_taken_at_once() {
    for deadline in [Deadline::Now, Deadline::At(5), Deadline::Never] {
        let mut world = World::new(&[8]);
        let thread = world.threads[0];
        assert!(world.dispatcher.give_token(thread, crate::Token::Alert));
        assert!(world.dispatcher.give_token(thread, crate::Token::Alert));
        assert_eq!(wait(&mut world, deadline), TAKEN);
        let begun = wait(&mut world, Deadline::Now);
        assert_eq!(begun, Begun::Over(Waited::TimedOut), "there is only one");
    }
}

#[test]
fn a_token_given_later_ends_the_wait() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    assert_eq!(wait(&mut world, Deadline::At(100)), Begun::Waiting);
    assert!(world.dispatcher.give_token(thread, crate::Token::Alert));
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Alerted));
    assert_eq!(world.priority(0), 9);
    assert_eq!(world.dispatcher.earliest_deadline(), None);
    assert_eq!(wait(&mut world, Deadline::Never), Begun::Waiting);
}

#[test]
fn two_given_while_it_waits_are_one_for_now_and_one_for_later() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    wait(&mut world, Deadline::Never);
    world.dispatcher.give_token(thread, crate::Token::Alert);
    world.dispatcher.give_token(thread, crate::Token::Alert);
    world.preempt();
    assert_eq!(wait(&mut world, Deadline::Never), TAKEN);
}

#[test]
fn time_ends_the_wait() {
    let mut world = World::new(&[8, 4]);
    wait(&mut world, Deadline::At(100));
    assert_eq!(world.advance(99), Some(1));
    world.advance(100);
    assert_eq!(world.waited(), (0, Waited::TimedOut));
}

#[test]
fn tokens_and_other_ends_of_waits_have_nothing_to_do_with_each_other() {
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    assert_eq!(wait(&mut world, Deadline::Never), Begun::Waiting);
    world.dispatcher.alert(thread);
    world.dispatcher.queue_apc(thread, call(1), false).unwrap();
    world.dispatcher.queue_apc(thread, call(2), true).unwrap();
    assert_eq!(world.preempt(), Some(1));
    world.dispatcher.give_token(thread, crate::Token::Alert);
    world.preempt();
    assert!(world.dispatcher.test_alert());
    world.block();
    assert!(world.dispatcher.give_token(thread, crate::Token::Alert));
    assert_eq!(world.preempt(), Some(1), "another wait");
}

#[test]
fn only_threads_that_are_there_have_one() {
    let mut world = World::new(&[8, 4]);
    let ended = world.threads[0];
    world.dispatcher.end_current();
    world.dispatcher.run_next();
    assert!(!world.dispatcher.give_token(ended, crate::Token::Alert));
    let new = world.add(8);
    assert!(
        world.dispatcher.give_token(new, crate::Token::Alert),
        "also before they start"
    );
    world.dispatcher.start(new);
    world.preempt();
    assert_eq!(wait(&mut world, Deadline::Never), TAKEN);
}

#[test]
fn a_token_of_one_kind_is_none_of_the_other() {
    use crate::Token::{Alert, Answer};
    let mut world = World::new(&[8, 4]);
    let thread = world.threads[0];
    world.dispatcher.give_token(thread, Alert);
    let begun = world
        .dispatcher
        .wait_for_token(Answer, true, Deadline::At(9));
    assert_eq!(world.began(begun), Begun::Waiting);
    world.dispatcher.give_token(thread, Answer);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    assert_eq!(world.dispatcher.earliest_deadline(), None);
    assert!(world.dispatcher.take_token(Alert), "it is there still");
    assert!(!world.dispatcher.take_token(Answer), "the wait took it");
    let begun = world
        .dispatcher
        .wait_for_token(Answer, true, Deadline::Never);
    assert_eq!(world.began(begun), Begun::Waiting);
    let queued = world.dispatcher.queue_apc(thread, call(1), false);
    assert_eq!(queued, Ok(()));
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::UserApc), "it waited alertably");
}
