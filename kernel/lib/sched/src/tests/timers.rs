//! Timers: once, again and again, set anew, cancelled, and what they queue.

use super::world::{SYNCHRONIZATION, World, call};
use crate::thread::Duty;
use crate::wait::{Begun, Deadline, WaitFor, Waited};
use crate::{ApcCall, Due, ObjectKey, Signal, ThreadKey};

fn timer(world: &mut World, is_notification: bool) -> ObjectKey {
    world.dispatcher.add_timer(is_notification).unwrap()
}

fn set(world: &mut World, timer: &ObjectKey, at: u64, period: u64) -> bool {
    set_with(world, timer, (at, period), None)
}

fn set_with(
    world: &mut World,
    timer: &ObjectKey,
    (at, period): (u64, u64),
    apc: Option<(ThreadKey, ApcCall)>,
) -> bool {
    let due = Due {
        at,
        period,
        is_of_day: false,
    };
    let now = world.now;
    let was_set = world.dispatcher.set_timer(timer, due, apc, now).unwrap();
    world.running();
    was_set
}

fn is_signalled(world: &World, timer: &ObjectKey) -> bool {
    match world.dispatcher.signal(timer) {
        Signal::Notification { is_set } | Signal::Synchronization { is_set } => is_set,
        other => panic!("{other:?} is no timer"),
    }
}

#[test]
fn one_shots_signal_once() {
    for is_notification in [true, false] {
        let mut world = World::new(&[8]);
        let timer = timer(&mut world, is_notification);
        assert_eq!(world.dispatcher.timer_due(&timer), None);
        assert!(!set(&mut world, &timer, 50, 0));
        let due = Due {
            at: 50,
            period: 0,
            is_of_day: false,
        };
        assert_eq!(world.dispatcher.timer_due(&timer), Some(due));
        assert_eq!(world.dispatcher.earliest_deadline(), Some(50));
        world.advance(49);
        assert!(!is_signalled(&world, &timer));
        world.advance(50);
        assert!(is_signalled(&world, &timer));
        assert_eq!(world.dispatcher.timer_due(&timer), None);
        world.dispatcher.reset(&timer);
        world.advance(500);
        assert!(!is_signalled(&world, &timer));
    }
}

#[test]
fn they_end_waits_like_events() {
    for (is_notification, woken) in [(true, 2), (false, 1)] {
        let mut world = World::new(&[8, 8, 4]);
        let timer = timer(&mut world, is_notification);
        set(&mut world, &timer, 50, 0);
        world.wait_any(&[&timer]);
        world.wait_any(&[&timer]);
        world.advance(60);
        for number in 0..woken {
            assert_eq!(world.waited(), (number, Waited::Satisfied(0)));
            world.block();
        }
        assert_eq!(world.running(), Some(2));
        assert_eq!(is_signalled(&world, &timer), is_notification);
    }
}

#[test]
fn periodic_ones_signal_again_and_again() {
    let mut world = World::new(&[8]);
    let timer = timer(&mut world, false);
    set(&mut world, &timer, 50, 20);
    for due in [50, 70, 90, 110] {
        assert_eq!(world.wait_any(&[&timer]), Begun::Waiting);
        assert_eq!(world.advance(due - 1), None);
        assert_eq!(world.advance(due), Some(0));
        assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    }
    let due = Due {
        at: 130,
        period: 20,
        is_of_day: false,
    };
    assert_eq!(world.dispatcher.timer_due(&timer), Some(due));
}

#[test]
fn missed_periods_are_not_made_up_for() {
    // The clock when it is looked at, and when the timer is due next.
    for (now, next) in [(50, 70), (69, 70), (70, 90), (95, 115), (1000, 1020)] {
        let mut world = World::new(&[8]);
        let timer = timer(&mut world, false);
        set(&mut world, &timer, 50, 20);
        world.advance(now);
        assert!(is_signalled(&world, &timer));
        let due = world.dispatcher.timer_due(&timer).unwrap();
        assert_eq!(due.at, next, "at {now}");
    }
}

#[test]
fn setting_one_anew_replaces_all_of_it() {
    let mut world = World::new(&[8]);
    let timer = timer(&mut world, true);
    set(&mut world, &timer, 50, 20);
    assert!(set(&mut world, &timer, 100, 0));
    world.advance(99);
    assert!(!is_signalled(&world, &timer));
    world.advance(100);
    assert!(is_signalled(&world, &timer));
    assert!(!set(&mut world, &timer, 200, 0), "it was over");
    assert!(!is_signalled(&world, &timer), "its signal is taken away");
}

#[test]
fn one_whose_time_has_passed_signals_at_once() {
    let mut world = World::new(&[8, 4]);
    world.now = 100;
    let timer = timer(&mut world, false);
    set(&mut world, &timer, 100, 0);
    assert!(is_signalled(&world, &timer));
    set(&mut world, &timer, 3, 7);
    assert!(is_signalled(&world, &timer));
    let due = Due {
        at: 107,
        period: 7,
        is_of_day: false,
    };
    assert_eq!(world.dispatcher.timer_due(&timer), Some(due));
    world.dispatcher.reset(&timer);
    world.dispatcher.cancel_timer(&timer);
    world.wait_any(&[&timer]);
    set(&mut world, &timer, 0, 0);
    world.preempt();
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
}

#[test]
fn a_cancelled_one_keeps_its_signal() {
    let mut world = World::new(&[8]);
    let timer = timer(&mut world, true);
    assert!(!world.dispatcher.cancel_timer(&timer));
    set(&mut world, &timer, 50, 10);
    world.advance(50);
    assert!(world.dispatcher.cancel_timer(&timer));
    assert!(is_signalled(&world, &timer));
    assert_eq!(world.dispatcher.timer_due(&timer), None);
    assert_eq!(world.dispatcher.earliest_deadline(), None);
    assert!(!world.dispatcher.cancel_timer(&timer));
    set(&mut world, &timer, 90, 0);
    assert!(world.dispatcher.cancel_timer(&timer));
    world.advance(90);
    assert!(!is_signalled(&world, &timer));
}

#[test]
fn removed_ones_are_not_due() {
    let mut world = World::new(&[8]);
    let [first, second] = [false, true].map(|kind| timer(&mut world, kind));
    set(&mut world, &first, 50, 10);
    set(&mut world, &second, 60, 10);
    world.dispatcher.remove_object(first);
    world.running();
    assert_eq!(world.dispatcher.earliest_deadline(), Some(60));
    world.dispatcher.remove_object(second);
    assert_eq!(world.advance(100), Some(0));
}

#[test]
fn many_are_due_in_their_order() {
    let mut world = World::new(&[8]);
    let timers: std::vec::Vec<ObjectKey> = (0..50).map(|_| timer(&mut world, true)).collect();
    // 37 and 50 have no common divisor: every time once.
    for (place, timer) in (0_u64..).zip(&timers) {
        set(&mut world, timer, 1 + place * 37 % 50, 0);
    }
    for (place, timer) in (0_u64..).zip(&timers).filter(|(place, _)| place % 3 == 0) {
        assert!(world.dispatcher.cancel_timer(timer), "timer {place}");
        world.running();
    }
    for now in 1..=50 {
        world.advance(now);
        for (place, timer) in (0_u64..).zip(&timers) {
            let is_over = place % 3 != 0 && place * 37 % 50 < now;
            assert_eq!(is_signalled(&world, timer), is_over);
        }
    }
}

#[test]
fn their_calls_are_queued_once_however_often_they_are_due() {
    let mut world = World::new(&[8]);
    let timer = timer(&mut world, false);
    let thread = world.threads[0];
    set_with(&mut world, &timer, (10, 10), Some((thread, call(1))));
    for now in [10, 20, 30] {
        world.advance(now);
    }
    let begun = world.wait_alertably(&[], Deadline::Never);
    assert_eq!(begun, Begun::Over(Waited::UserApc));
    assert_eq!(world.duty(), Duty::Apc(call(1)));
    assert_eq!(world.wait_alertably(&[], Deadline::Never), Begun::Waiting);
    assert_eq!(world.advance(40), Some(0));
    assert_eq!(world.waited(), (0, Waited::UserApc));
    assert_eq!(world.duty(), Duty::Apc(call(1)), "the next period's");
    assert_eq!(world.duty(), Duty::None);
}

#[test]
fn a_wait_for_the_timer_itself_ends_by_its_signal() {
    let mut world = World::new(&[8]);
    let timer = timer(&mut world, false);
    let thread = world.threads[0];
    set_with(&mut world, &timer, (10, 0), Some((thread, call(1))));
    assert_eq!(
        world.wait_alertably(&[&timer], Deadline::Never),
        Begun::Waiting
    );
    world.advance(10);
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    assert_eq!(world.duty(), Duty::None, "not alertable any more");
    let begun = world.wait_alertably(&[], Deadline::Never);
    assert_eq!(begun, Begun::Over(Waited::UserApc));
    assert_eq!(world.duty(), Duty::Apc(call(1)));
}

#[test]
fn what_a_timer_queued_goes_with_it() {
    let ways: [fn(&mut World, ObjectKey); 3] = [
        |world, timer| world.dispatcher.remove_object(timer),
        |world, timer| assert!(world.dispatcher.cancel_timer(&timer)),
        |world, timer| assert!(set(world, &timer, 500, 0)),
    ];
    for way in ways {
        let mut world = World::new(&[8]);
        let timer = timer(&mut world, false);
        let thread = world.threads[0];
        world.dispatcher.queue_apc(thread, call(1), false).unwrap();
        set_with(&mut world, &timer, (10, 10), Some((thread, call(2))));
        world.advance(10);
        world.dispatcher.queue_apc(thread, call(3), false).unwrap();
        way(&mut world, timer);
        for expected in [call(1), call(3)] {
            world.dispatcher.test_alert();
            assert_eq!(world.duty(), Duty::Apc(expected));
        }
        world.dispatcher.test_alert();
        assert_eq!(world.duty(), Duty::None);
    }
}

#[test]
fn a_timer_that_is_due_ends_waits_before_later_deadlines_do() {
    let mut world = World::new(&[8]);
    let timer = timer(&mut world, false);
    set(&mut world, &timer, 10, 0);
    world.wait(&[&timer], WaitFor::Any, Deadline::At(11));
    world.advance(20);
    assert_eq!(world.waited(), (0, Waited::Satisfied(0)));
    world
        .dispatcher
        .set_timer(
            &timer,
            Due {
                at: 31,
                period: 0,
                is_of_day: false,
            },
            None,
            20,
        )
        .unwrap();
    world.wait(&[&timer], WaitFor::Any, Deadline::At(30));
    world.advance(40);
    assert_eq!(world.waited(), (0, Waited::TimedOut));
    assert!(is_signalled(&world, &timer));
}

#[test]
fn events_are_not_timers_but_both_can_be_waited_for() {
    let mut world = World::new(&[8]);
    let event = world.object(SYNCHRONIZATION);
    let timer = timer(&mut world, false);
    set(&mut world, &timer, 10, 0);
    assert_eq!(world.wait_all(&[&event, &timer]), Begun::Waiting);
    assert_eq!(world.advance(10), None);
    world.dispatcher.set(&event);
    assert_eq!(world.preempt(), Some(0));
    assert!(!is_signalled(&world, &timer));
}
