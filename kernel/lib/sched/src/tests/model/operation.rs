//! What can be done to a dispatcher.

use std::vec::Vec;

use proptest::prelude::*;

use super::{KEYED, THREADS};
use crate::wait::WaitFor;

/// Threads and objects are named by number; times are from now.
#[derive(Clone, Debug)]
pub(super) enum Operation {
    /// Adds a thread where one has ended.
    Add {
        thread: usize,
        base: u32,
    },
    Start(usize),
    Discard(usize),
    SetBase {
        thread: usize,
        base: u32,
    },
    Suspend(usize),
    Resume(usize),
    AskToEnd(usize),
    EndCurrent,
    Duty,
    Preempt,
    Yield,
    Tick {
        in_user_mode: bool,
    },
    /// Many ticks of programs that compute.
    Compute(u32),
    Advance(u64),
    Wait {
        objects: Vec<usize>,
        wait_for: WaitFor,
        is_alertable: bool,
        lasts: Lasts,
    },
    WaitForToken(Lasts),
    Meet {
        key: u64,
        releases: bool,
        is_alertable: bool,
        lasts: Lasts,
    },
    Set(usize),
    Reset(usize),
    Pulse(usize),
    ReleaseSemaphore(u32),
    ReleaseMutant {
        object: usize,
        thread: usize,
    },
    OwnMutant {
        object: usize,
        thread: usize,
    },
    SetTimer {
        object: usize,
        after: u64,
        period: u64,
        is_of_day: bool,
        calls: Option<(usize, u64)>,
    },
    /// Sets the clock forward by so much.
    SetClock(i64),
    CancelTimer(usize),
    /// Puts a new one in an object's place, if nobody waits for it.
    Replace(usize),
    Alert(usize),
    TestAlert,
    GiveToken(usize),
    Queue {
        thread: usize,
        routine: u64,
        is_special: bool,
    },
}

/// How long a wait lasts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lasts {
    NoTime,
    Time(u64),
    UntilTimeOfDay(u64),
    ForEver,
}

fn thread() -> impl Strategy<Value = usize> {
    0..THREADS
}

fn base() -> impl Strategy<Value = u32> {
    prop_oneof![6 => 6_u32..10, 1 => 0_u32..32]
}

fn lasts() -> impl Strategy<Value = Lasts> {
    prop_oneof![
        1 => Just(Lasts::NoTime),
        2 => (0_u64..40).prop_map(Lasts::Time),
        1 => (0_u64..40).prop_map(Lasts::UntilTimeOfDay),
        3 => Just(Lasts::ForEver),
    ]
}

fn wait_for() -> impl Strategy<Value = WaitFor> {
    prop_oneof![Just(WaitFor::Any), Just(WaitFor::All)]
}

pub(super) fn any_operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        8 => about_threads(),
        10 => about_turns(),
        12 => waits(),
        10 => signals(),
        5 => timers(),
        4 => alerts(),
    ]
}

fn about_threads() -> impl Strategy<Value = Operation> {
    use Operation::*;
    prop_oneof![
        4 => (thread(), base()).prop_map(|(thread, base)| Add { thread, base }),
        6 => thread().prop_map(Start),
        1 => thread().prop_map(Discard),
        2 => (thread(), base()).prop_map(|(thread, base)| SetBase { thread, base }),
        2 => thread().prop_map(Suspend),
        3 => thread().prop_map(Resume),
        1 => thread().prop_map(AskToEnd),
        1 => Just(EndCurrent),
    ]
}

fn about_turns() -> impl Strategy<Value = Operation> {
    use Operation::*;
    prop_oneof![
        6 => Just(Preempt),
        4 => Just(Duty),
        2 => Just(Yield),
        2 => any::<bool>().prop_map(|in_user_mode| Tick { in_user_mode }),
        2 => (1_u32..15).prop_map(Compute),
        1 => (500_u32..2000).prop_map(Compute),
        2 => (0_u64..60).prop_map(Advance),
    ]
}

fn waits() -> impl Strategy<Value = Operation> {
    use Operation::*;
    // Both mutants together are rare otherwise, and have an order of their own.
    let objects = prop_oneof![
        3 => prop::collection::vec(0..KEYED, 0..4),
        1 => prop::collection::vec(3_usize..5, 1..3),
    ];
    let wait = (objects, wait_for(), any::<bool>(), lasts());
    let meet = (0_u64..2, any::<bool>(), any::<bool>(), lasts());
    prop_oneof![
        4 => wait.prop_map(|(objects, wait_for, is_alertable, lasts)| {
            Wait { objects, wait_for, is_alertable, lasts }
        }),
        1 => lasts().prop_map(WaitForToken),
        1 => meet.prop_map(|(key, releases, is_alertable, lasts)| {
            Meet { key, releases, is_alertable, lasts }
        }),
    ]
}

fn signals() -> impl Strategy<Value = Operation> {
    use Operation::*;
    let event = || prop::sample::select(&[0, 1, 5, 6][..]);
    let mutant = || (3_usize..5, thread());
    prop_oneof![
        4 => event().prop_map(Set),
        1 => event().prop_map(Reset),
        2 => event().prop_map(Pulse),
        3 => (0_u32..5).prop_map(ReleaseSemaphore),
        4 => mutant().prop_map(|(object, thread)| ReleaseMutant { object, thread }),
        1 => mutant().prop_map(|(object, thread)| OwnMutant { object, thread }),
        1 => (0..=KEYED).prop_map(Replace),
    ]
}

fn timers() -> impl Strategy<Value = Operation> {
    use Operation::*;
    let calls = prop::option::of((thread(), 100_u64..200));
    let due = (0_u64..60, prop_oneof![Just(0), 1_u64..30], any::<bool>());
    prop_oneof![
        3 => (5_usize..7, due, calls).prop_map(|(object, (after, period, is_of_day), calls)| {
            SetTimer { object, after, period, is_of_day, calls }
        }),
        1 => (5_usize..7).prop_map(CancelTimer),
        1 => (-30_i64..30).prop_map(SetClock),
    ]
}

fn alerts() -> impl Strategy<Value = Operation> {
    use Operation::*;
    let call = (thread(), 0_u64..100, any::<bool>());
    prop_oneof![
        1 => thread().prop_map(Alert),
        1 => Just(TestAlert),
        2 => thread().prop_map(GiveToken),
        3 => call.prop_map(|(thread, routine, is_special)| {
            Queue { thread, routine, is_special }
        }),
    ]
}
