//! Waits and timers.
use nt::sync::{self, Handle, event, keyed_event, mutant, timer};
use nt::{NtStatus, Program, call, system};

use crate::walk::{done, walk, walk_and_undo};

/// Soon, from now on.
const SOON_100NS: i64 = -10;
const LATER_100NS: i64 = -1_000_000_000;

pub fn all(program: &Program) {
    let made = [event(true, false), event(true, false), mutant(false)];
    let [first, second, mutant] = made.map(|made| program.done("an object", made));
    let timeout = |status: NtStatus| {
        program.check(
            "timed out",
            status == NtStatus::TIMEOUT || !status.is_success(),
            true,
        );
        done(status)
    };
    walk(program, "wait", || {
        timeout(sync::wait(&first, Some(SOON_100NS)))
    });
    walk(program, "wait for several", || {
        timeout(sync::wait_several(
            &[&first, &second],
            true,
            Some(SOON_100NS),
        ))
    });
    walk_and_undo(
        program,
        "take a mutant",
        || done(sync::wait(&mutant, None)),
        |()| {
            program.done("release", sync::release_mutant(&mutant));
        },
    );
    walk(program, "delay", || done(system::delay(SOON_100NS)));
    walk(program, "wait for an alert", || {
        timeout(sync::wait_for_alert(Some(SOON_100NS)))
    });
    signal_and_wait(program, &first, &second);
    keyed(program);
    timers(program);
}

/// A call that fails has not signalled.
fn signal_and_wait(program: &Program, first: &Handle, second: &Handle) {
    let due = SOON_100NS;
    let due = &raw const due as u64;
    let (signal, wait) = (first.raw(), second.raw());
    walk_and_undo(
        program,
        "signal and wait",
        || {
            // SAFETY: reads the time only.
            let call = unsafe { call::nt_signal_and_wait_for_single_object(signal, wait, 0, due) };
            let is_set = program.done("reset", sync::reset(first));
            program.check("signalled", is_set, call.is_success());
            done(call)
        },
        |()| (),
    );
}

fn keyed(program: &Program) {
    let made = program.done("a keyed event", keyed_event());
    let due = SOON_100NS;
    let due = &raw const due as u64;
    // SAFETY: reads the time only.
    let wait = || done(unsafe { call::nt_wait_for_keyed_event(made.raw(), 2, 0, due) });
    walk(program, "wait for a key", wait);
    // SAFETY: reads the time only.
    let release = || done(unsafe { call::nt_release_keyed_event(made.raw(), 2, 0, due) });
    walk(program, "release a key", release);
}

fn timers(program: &Program) {
    let made = program.done("a timer", timer(true));
    for (what, routine, period) in [
        ("set a timer", 0, 0),
        ("set a timer with a period", 0, 1000),
        ("set a timer with a call", 0x1_0000, 0),
    ] {
        let due = LATER_100NS;
        let due = &raw const due as u64;
        walk_and_undo(
            program,
            what,
            // SAFETY: reads the time only.
            || done(unsafe { call::nt_set_timer(made.raw(), due, routine, 0, 0, period, 0) }),
            |()| {
                program.done("cancel", sync::cancel_timer(&made));
            },
        );
    }
}
