//! A call repeated until what the kernel keeps must grow, failing on the way.
//!
//! What a walk finds is that a call that needs memory only now and then needs none.
//! Here nothing is taken back until the end, so that tables and lists fill up.
use nt::failures::{fail, has_failed};
use nt::{NtStatus, Program};

use crate::walk::{MOST_IGNORED, check_all_the_same, check_used, is_out_of_memory, used};

/// The most that is kept.
pub const MOST: usize = 600;
/// How often the same failing allocation may leave something: each time another
/// list has grown before it.
const MOST_CHANGES: u32 = 6;
/// More allocations than any of these calls needs.
const MOST_ALLOCATIONS: u64 = 200;

/// What there is to do with a call; each is given the call's number.
pub struct Grow<'a, T> {
    /// Makes it.
    pub call: &'a mut dyn FnMut(usize) -> Result<T, NtStatus>,
    /// Takes back what a successful one did.
    pub undo: &'a mut dyn FnMut(usize, T),
    /// Checks that one that failed did nothing.
    pub untouched: &'a mut dyn FnMut(usize),
}

/// Repeats a call that gives something to be dropped.
pub fn grow<T>(
    program: &Program,
    what: &str,
    count: usize,
    mut call: impl FnMut(usize) -> Result<T, NtStatus>,
) {
    let steps = Grow {
        call: &mut call,
        undo: &mut |_, made| drop(made),
        untouched: &mut |_| (),
    };
    steps.run(program, what, count);
}

impl<T> Grow<'_, T> {
    /// Makes `count` calls, each after each of its allocations has failed. One of
    /// them must have needed one.
    pub fn run(mut self, program: &Program, what: &str, count: usize) {
        let mut kept = [const { None }; MOST];
        let mut failures = 0;
        for (index, place) in kept.iter_mut().take(count).enumerate() {
            let (made, failed) = self.one(program, what, index);
            *place = Some(made);
            failures += failed;
        }
        for (index, made) in kept.into_iter().enumerate() {
            if let Some(made) = made {
                (self.undo)(index, made);
            }
        }
        nt::println!("{what}, {count} times: {failures} failures");
        program.require(what, failures != 0);
    }

    /// One call, until it has all that it needs; how often it had not.
    fn one(&mut self, program: &Program, what: &str, index: usize) -> (T, u64) {
        let (mut number, mut changes, mut failures, mut ignored) = (1, 0, 0, 0);
        loop {
            let before = used(program);
            program.check("arm", fail(number), NtStatus::SUCCESS);
            let result = (self.call)(index);
            let has_failed = program.done("what failed", has_failed());
            program.check("disarm", fail(0), NtStatus::SUCCESS);
            let status = match result {
                Ok(made) if !has_failed => return (made, failures),
                Ok(made) => {
                    (self.undo)(index, made);
                    if ignored < MOST_IGNORED {
                        (ignored, failures) = (ignored + 1, failures + 1);
                        continue;
                    }
                    check_all_the_same(program, what, number);
                    None
                }
                Err(status) => Some(status),
            };
            failures += 1;
            if let Some(status) = status {
                if !has_failed || !is_out_of_memory(status) {
                    program.fail(format_args!(
                        "{what} {index}, allocation {number} failed: {status:?}"
                    ));
                }
                (self.untouched)(index);
            }
            if used(program) != before && changes < MOST_CHANGES {
                changes += 1;
                continue;
            }
            check_used(program, what, number, before);
            (changes, ignored) = (0, 0);
            number += 1;
            if number > MOST_ALLOCATIONS {
                program.fail(format_args!(
                    "{what}: more than {MOST_ALLOCATIONS} allocations"
                ));
            }
        }
    }
}
