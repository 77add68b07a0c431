//! One call, with its allocations failing in turn until it needs no more.
use nt::failures::{InUse, fail, has_failed, in_use};
use nt::{NtStatus, Program};

/// More allocations than any call needs.
const MOST: u64 = 1000;
/// Calls that fill what is kept for later.
const FIRST_CALLS: u32 = 3;
/// A page or a block that was missing, or commitment; the volume's room is memory too.
const OUT_OF_MEMORY: [NtStatus; 4] = [
    NtStatus::DISK_FULL,
    NtStatus::NO_MEMORY,
    NtStatus::INSUFFICIENT_RESOURCES,
    NtStatus::COMMITMENT_LIMIT,
];

/// Calls that do with less: that enter pages ahead of their use, or answer with
/// fewer entries.
const DO_WITH_LESS: [&str; 5] = [
    "list",
    "lock",
    "process",
    "process with handles",
    "process in jobs",
];

/// How often the same failure is ignored: the heap may have grown by less than it
/// wanted, which was enough.
pub const MOST_IGNORED: u32 = 3;

/// What there is to do with a call.
pub struct Walk<'a, T> {
    /// Makes it.
    pub call: &'a mut dyn FnMut() -> Result<T, NtStatus>,
    /// Takes back what a successful one did.
    pub undo: &'a mut dyn FnMut(T),
    /// Checks that one that failed did nothing.
    pub untouched: &'a mut dyn FnMut(),
}

/// Walks a call that gives something to be dropped.
pub fn walk<T>(program: &Program, what: &str, mut call: impl FnMut() -> Result<T, NtStatus>) {
    walk_and_undo(program, what, &mut call, |value| drop(value));
}

/// Walks a call of which something has to be taken back.
pub fn walk_and_undo<T>(
    program: &Program,
    what: &str,
    mut call: impl FnMut() -> Result<T, NtStatus>,
    mut undo: impl FnMut(T),
) {
    let steps = Walk {
        call: &mut call,
        undo: &mut undo,
        untouched: &mut || (),
    };
    steps.run(program, what);
}

/// A status as a result.
pub fn done(status: NtStatus) -> Result<(), NtStatus> {
    status.is_success().then_some(()).ok_or(status)
}

/// Whether a status says that there was no memory.
pub fn is_out_of_memory(status: NtStatus) -> bool {
    OUT_OF_MEMORY.contains(&status)
}

impl<T> Walk<'_, T> {
    /// Has one allocation after the other fail.
    pub fn run(mut self, program: &Program, what: &str) {
        let mut expected = None;
        for _ in 0..FIRST_CALLS {
            let result = (self.call)();
            expected = self.once(result);
        }
        let (mut number, mut is_again, mut ignored) = (1, false, 0);
        loop {
            let before = used(program);
            program.check("arm", fail(number), NtStatus::SUCCESS);
            let result = (self.call)();
            let has_failed = program.done("what failed", has_failed());
            program.check("disarm", fail(0), NtStatus::SUCCESS);
            let status = self.once(result);
            if !has_failed {
                program.check(what, status, expected);
                return self.finish(program, what, number, before);
            }
            let is_expected = status == expected || status.is_some_and(is_out_of_memory);
            if !is_expected {
                program.fail(format_args!(
                    "{what}, allocation {number} failed: {status:?}, without {expected:?}"
                ));
            }
            match status {
                Some(_) => (self.untouched)(),
                None if ignored < MOST_IGNORED => {
                    ignored += 1;
                    continue;
                }
                None => check_all_the_same(program, what, number),
            }
            // What is filled on the way is kept, once.
            let now = used(program);
            if now != before && !is_again {
                is_again = true;
                continue;
            }
            check_used(program, what, number, before);
            (is_again, ignored) = (false, 0);
            number += 1;
            if number > MOST {
                program.fail(format_args!("{what}: more than {MOST} allocations"));
            }
        }
    }

    /// Takes back a call; the status it failed with.
    fn once(&mut self, result: Result<T, NtStatus>) -> Option<NtStatus> {
        match result {
            Ok(value) => {
                (self.undo)(value);
                None
            }
            Err(status) => Some(status),
        }
    }

    fn finish(&self, program: &Program, what: &str, number: u64, before: InUse) {
        check_used(program, what, number, before);
        nt::println!("{what}: {} allocations", number - 1);
    }
}

/// What succeeds although an allocation failed must be known to do without.
pub fn check_all_the_same(program: &Program, what: &str, number: u64) {
    if !DO_WITH_LESS.contains(&what) {
        program.fail(format_args!(
            "{what}: allocation {number} failed, and nothing came of it"
        ));
    }
}

pub fn used(program: &Program) -> InUse {
    program.done("what is in use", in_use())
}

pub fn check_used(program: &Program, what: &str, number: u64, before: InUse) {
    let now = used(program);
    if now != before {
        program.fail(format_args!(
            "{what}, after allocation {number}: {now:?}, not {before:?}"
        ));
    }
}
