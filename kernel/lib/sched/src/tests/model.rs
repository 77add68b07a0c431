//! The dispatcher against a model of it, in random sequences of operations.
//!
//! [`state`], [`time`], [`waits`] and [`signals`] are the model: what happens, in the simplest words.
//! [`real`] does the same with a dispatcher; after every operation both have to
//! have answered the same, and to look the same.

mod look;
mod operation;
mod real;
mod signals;
mod state;
mod time;
mod waits;

use proptest::prelude::*;

use operation::{Operation, any_operation};
use real::Real;
use state::Model;

use crate::Signal;

/// Threads there are at any time.
const THREADS: usize = 6;
/// What there is to wait for; a keyed event comes last.
const KINDS: [Kind; 8] = [
    Kind::Plain(super::world::NOTIFICATION),
    Kind::Plain(super::world::SYNCHRONIZATION),
    Kind::Plain(Signal::Semaphore { count: 1, limit: 3 }),
    Kind::Plain(super::world::MUTANT),
    Kind::Plain(super::world::MUTANT),
    Kind::Timer {
        is_notification: true,
    },
    Kind::Timer {
        is_notification: false,
    },
    Kind::Plain(super::world::NOTIFICATION),
];
const KEYED: usize = KINDS.len() - 1;

#[derive(Clone, Copy)]
enum Kind {
    Plain(Signal),
    Timer { is_notification: bool },
}

fn compare(operations: &[Operation]) -> Result<(), TestCaseError> {
    let mut model = Model::new();
    let mut real = Real::new();
    for (number, operation) in operations.iter().enumerate() {
        let expected = model.apply(operation);
        let answer = real.apply(operation);
        prop_assert_eq!(answer, expected, "answer {} to {:?}", number, operation);
        prop_assert_eq!(
            real.look(),
            model.look(),
            "after {}, {:?}",
            number,
            operation
        );
        real.dispatcher.check();
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn they_are_the_same(operations in prop::collection::vec(any_operation(), 1..400)) {
        compare(&operations)?;
    }
}
