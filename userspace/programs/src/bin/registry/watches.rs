//! Watching keys: who is told of which changes, when, and how.

use abi::access::{KEY_ALL_ACCESS, KEY_NOTIFY};
use abi::registry::*;
use abi::security::DACL_SECURITY_INFORMATION;
use nt::object::{self, Name};
use nt::registry::{Told, Watch};
use nt::sync::{self, Handle};
use nt::{NtStatus, Program, exception, registry, security, system, thread};

use crate::{new, open, remove, user};

const MILLISECOND: i64 = 10_000;
const NOW: Option<i64> = Some(0);
const IN_TIME: Option<i64> = Some(-5_000 * MILLISECOND);
/// Where another hive is.
const SOFTWARE: &str = "\\Registry\\Machine\\Software";

static TOLD: [Told; 4] = [const { Told::new() }; 4];

/// A key that is watched, and an event.
struct Test<'a> {
    program: &'a Program,
    key: Handle,
    event: Handle,
}

pub fn all(program: &Program) {
    let user = user(program);
    let key = new(program, &user, "Watched");
    let event = program.done("an event", sync::event(false, false));
    let test = Test {
        program,
        key,
        event,
    };
    test.names();
    test.values();
    test.attributes();
    test.subtree();
    test.first_counts();
    test.several();
    test.closed();
    test.deleted();
    test.threads();
    test.called();
    test.beside();
    test.refused();
    remove(program, &test.key);
}

impl Test<'_> {
    /// Another opening of the key.
    fn opened(&self) -> Handle {
        let name = Name::with("", self.key.raw(), 0);
        self.program
            .done("opened", registry::open(&name, KEY_NOTIFY, 0))
    }

    /// Changes that the event tells of.
    fn with_event(&self, filter: u32) -> Watch<'static> {
        Watch {
            filter,
            subtree: false,
            waits: false,
            event: self.event.raw(),
            ..Watch::ALL
        }
    }

    fn watch(&self, key: &Handle, how: Watch<'_>, told: &'static Told) {
        told.forget();
        let status = registry::watch(key.raw(), how, told);
        self.program.check("nothing yet", status, NtStatus::PENDING);
        self.silent(told);
    }

    fn silent(&self, told: &'static Told) {
        let program = self.program;
        program.check("not told", told.status(), NtStatus::PENDING);
        let signalled = sync::wait(&self.event, NOW);
        program.check("not signalled", signalled, NtStatus::TIMEOUT);
    }

    fn told_as(&self, told: &'static Told, status: NtStatus) {
        let program = self.program;
        let signalled = sync::wait(&self.event, NOW);
        program.check("signalled", signalled, NtStatus::WAIT_0);
        program.check("told", told.status(), status);
    }

    fn told(&self, told: &'static Told) {
        self.told_as(told, NtStatus::NOTIFY_ENUM_DIR);
    }

    fn set(&self, key: &Handle, data: &[u8]) {
        let status = registry::set_value(key.raw(), "v", REG_BINARY, data);
        self.program.check("set", status, NtStatus::SUCCESS);
    }

    fn names(&self) {
        let program = self.program;
        let (key, told) = (self.opened(), &TOLD[0]);
        let names = self.with_event(REG_NOTIFY_CHANGE_NAME);
        self.watch(&key, names, told);
        self.set(&self.key, &[1]);
        self.silent(told);
        let made = new(program, &self.key, "Made");
        self.told(told);
        self.watch(&key, names, told);
        let same = registry::rename(made.raw(), "Other");
        program.check("renamed", same, NtStatus::SUCCESS);
        self.told(told);
        // Nobody waits, but it watches.
        remove(program, &made);
        told.forget();
        let status = registry::watch(key.raw(), names, told);
        program.check("there was one", status, NtStatus::SUCCESS);
        self.told(told);
        self.watch(&key, names, told);
        // What was there is no change.
        let opened = registry::create(&Name::with("", self.key.raw(), 0), KEY_NOTIFY, "", 0);
        program.done("opened", opened);
        self.silent(told);
        drop(key);
        self.told_as(told, NtStatus::NOTIFY_CLEANUP);
    }

    fn values(&self) {
        let program = self.program;
        let (key, told) = (self.opened(), &TOLD[0]);
        let values = self.with_event(REG_NOTIFY_CHANGE_LAST_SET);
        for data in [&[2][..], &[3], &[3, 3]] {
            self.watch(&key, values, told);
            self.set(&self.key, data);
            self.told(told);
        }
        self.watch(&key, values, told);
        // It is so already.
        self.set(&self.key, &[3, 3]);
        let below = new(program, &self.key, "Below");
        self.set(&below, &[1]);
        remove(program, &below);
        self.silent(told);
        let written = registry::set(self.key.raw(), KEY_WRITE_TIME_INFORMATION, &1_i64);
        program.check("a time", written, NtStatus::SUCCESS);
        self.told(told);
        self.watch(&key, values, told);
        let deleted = registry::delete_value(self.key.raw(), "v");
        program.check("deleted", deleted, NtStatus::SUCCESS);
        self.told(told);
    }

    fn attributes(&self) {
        /// That all may do everything: it has no list.
        const OPEN: [u8; 20] = [
            1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        ];
        let program = self.program;
        let (key, told) = (self.opened(), &TOLD[0]);
        self.watch(&key, self.with_event(REG_NOTIFY_CHANGE_ATTRIBUTES), told);
        let set = registry::set(self.key.raw(), KEY_WOW64_FLAGS_INFORMATION, &1_u32);
        program.check("flags", set, NtStatus::SUCCESS);
        self.told(told);
        let (key, second) = (self.opened(), &TOLD[1]);
        self.watch(&key, self.with_event(REG_NOTIFY_CHANGE_SECURITY), second);
        let set = registry::set(self.key.raw(), KEY_CONTROL_FLAGS_INFORMATION, &2_u32);
        program.check("flags", set, NtStatus::SUCCESS);
        self.silent(second);
        let set = security::set(self.key.raw(), DACL_SECURITY_INFORMATION, &OPEN);
        program.check("security", set, NtStatus::SUCCESS);
        self.told(second);
    }

    fn subtree(&self) {
        let program = self.program;
        let below = new(program, &self.key, "Below");
        let (key, told) = (self.opened(), &TOLD[0]);
        let (flat, second) = (self.opened(), &TOLD[1]);
        let all = self.with_event(REG_LEGAL_CHANGE_FILTER);
        let deep = Watch {
            subtree: true,
            ..all
        };
        self.watch(&flat, all, second);
        self.watch(&key, deep, told);
        let lower = new(program, &below, "Lower");
        self.told(told);
        self.watch(&key, deep, told);
        self.set(&lower, &[1]);
        self.told(told);
        program.check("above", second.status(), NtStatus::PENDING);
        remove(program, &lower);
        remove(program, &below);
        self.told(second);
        self.silent(&TOLD[2]);
    }

    /// How an opening watches its first request says.
    fn first_counts(&self) {
        let program = self.program;
        let (key, told) = (self.opened(), &TOLD[0]);
        let names = self.with_event(REG_NOTIFY_CHANGE_NAME);
        self.watch(&key, names, told);
        let second = &TOLD[1];
        self.watch(&key, self.with_event(REG_LEGAL_CHANGE_FILTER), second);
        self.set(&self.key, &[7]);
        self.silent(second);
        let below = new(program, &self.key, "Below");
        self.told(told);
        program.check("both", second.status(), NtStatus::NOTIFY_ENUM_DIR);
        remove(program, &below);
    }

    /// Handles of one opening watch together, two openings do not.
    fn several(&self) {
        let program = self.program;
        let (first, other) = (self.opened(), self.opened());
        let copy = object::duplicate(first.raw(), 0, 0, abi::object::DUPLICATE_SAME_ACCESS);
        let copy = program.done("a copy", copy);
        let values = self.with_event(REG_NOTIFY_CHANGE_LAST_SET);
        self.watch(&first, values, &TOLD[0]);
        self.watch(&other, values, &TOLD[1]);
        self.set(&self.key, &[8]);
        self.told(&TOLD[0]);
        program.check("all", TOLD[1].status(), NtStatus::NOTIFY_ENUM_DIR);
        self.set(&self.key, &[9]);
        let again = registry::watch(copy.raw(), values, &TOLD[0]);
        program.check("remembered", again, NtStatus::SUCCESS);
        self.told(&TOLD[0]);
        self.watch(&first, values, &TOLD[0]);
        let again = registry::watch(other.raw(), values, &TOLD[1]);
        program.check("by all", again, NtStatus::SUCCESS);
        self.told(&TOLD[1]);
    }

    /// The last handle ends it.
    fn closed(&self) {
        let program = self.program;
        let (key, told) = (self.opened(), &TOLD[0]);
        let copy = object::duplicate(key.raw(), 0, 0, abi::object::DUPLICATE_SAME_ACCESS);
        let copy = program.done("a copy", copy);
        self.watch(&key, self.with_event(REG_LEGAL_CHANGE_FILTER), told);
        drop(key);
        self.silent(told);
        drop(copy);
        self.told_as(told, NtStatus::NOTIFY_CLEANUP);
    }

    fn deleted(&self) {
        let program = self.program;
        let below = new(program, &self.key, "Below");
        let (key, parent) = (self.opened(), &TOLD[1]);
        self.watch(&key, self.with_event(REG_NOTIFY_CHANGE_NAME), parent);
        self.watch(&below, self.with_event(REG_NOTIFY_CHANGE_NAME), &TOLD[0]);
        remove(program, &below);
        self.told_as(&TOLD[0], NtStatus::NOTIFY_CLEANUP);
        program.check("its key", parent.status(), NtStatus::NOTIFY_ENUM_DIR);
        let again = registry::watch(below.raw(), Watch::ALL, &TOLD[0]);
        program.check("gone", again, NtStatus::KEY_DELETED);
    }

    fn threads(&self) {
        let program = self.program;
        // One that waits.
        let key = self.opened();
        TOLD[3].forget();
        let waiter = program.done("a thread", thread::spawn(waiter, key.raw()));
        system::delay(-2 * MILLISECOND);
        program.check("waits", sync::wait(&waiter, NOW), NtStatus::TIMEOUT);
        self.set(&self.key, &[10]);
        self.ended(&waiter, NtStatus::NOTIFY_ENUM_DIR);
        program.check("told", TOLD[3].status(), NtStatus::NOTIFY_ENUM_DIR);
        let waiter = program.done("a thread", thread::spawn(self::waiter, key.raw()));
        system::delay(-2 * MILLISECOND);
        drop(key);
        self.ended(&waiter, NtStatus::NOTIFY_CLEANUP);
        let key = self.opened();
        let waiter = program.done("a thread", thread::spawn(self::waiter, key.raw()));
        system::delay(-2 * MILLISECOND);
        let status = thread::terminate(&waiter, NtStatus::CANCELLED);
        program.check("ended", status, NtStatus::SUCCESS);
        self.ended(&waiter, NtStatus::CANCELLED);

        // One that does not, and ends: with it, or not.
        let agnostic = REG_NOTIFY_THREAD_AGNOSTIC;
        for (entry, at_end) in [
            (watcher as thread::Entry, NtStatus::NOTIFY_CLEANUP),
            (agnostic_watcher, NtStatus::PENDING),
        ] {
            let key = self.opened();
            TOLD[3].forget();
            let watcher = program.done("a thread", thread::spawn(entry, key.raw()));
            self.ended(&watcher, NtStatus::PENDING);
            program.check("its end", TOLD[3].status(), at_end);
            self.set(&self.key, &[11]);
            self.set(&self.key, &[12]);
            let told = match at_end {
                NtStatus::PENDING => NtStatus::NOTIFY_ENUM_DIR,
                ended => ended,
            };
            program.check("told", TOLD[3].status(), told);
        }
        let (key, told) = (self.opened(), &TOLD[0]);
        self.watch(&key, self.with_event(agnostic), told);
        drop(key);
        self.told_as(told, NtStatus::NOTIFY_CLEANUP);
    }

    fn ended(&self, thread: &Handle, status: NtStatus) {
        let program = self.program;
        program.check("its end", sync::wait(thread, IN_TIME), NtStatus::WAIT_0);
        let ended = thread::basic_information(thread).map(|about| about.exit_status);
        program.check("its status", ended, Ok(status));
    }

    fn called(&self) {
        let program = self.program;
        let (key, told) = (self.opened(), &TOLD[0]);
        let with_call = Watch {
            apc: [0x1234, 0x5678],
            ..self.with_event(REG_NOTIFY_CHANGE_LAST_SET)
        };
        let status = registry::watch(key.raw(), with_call, told);
        program.check("nobody would call", status, NtStatus::NOT_SUPPORTED);
        let status = exception::register_for_nothing();
        program.check("its dispatchers", status, NtStatus::SUCCESS);
        self.watch(&key, with_call, told);
        let waited = exception::wait_alertably(-MILLISECOND);
        program.check("no call yet", waited, NtStatus::SUCCESS);
        self.set(&self.key, &[13]);
        self.told(told);
        let waited = exception::wait_alertably(-1000 * MILLISECOND);
        program.check("the call", waited, NtStatus::USER_APC);
        program.check("once", exception::test_alert(), NtStatus::SUCCESS);
        // One that was kept for nothing goes with its key.
        self.watch(&key, with_call, told);
        drop(key);
        self.told_as(told, NtStatus::NOTIFY_CLEANUP);
        let waited = exception::wait_alertably(-1000 * MILLISECOND);
        program.check("the call", waited, NtStatus::USER_APC);
        program.check("none", exception::forget(), NtStatus::SUCCESS);
    }

    /// A key of another hive is watched for one request.
    fn beside(&self) {
        let program = self.program;
        let software = open(program, SOFTWARE);
        let other = new(program, &software, "Beside");
        let (key, told) = (self.opened(), &TOLD[0]);
        let name = Name::with("Beside", software.raw(), 0);
        let both = Watch {
            others: (1, Some(&name)),
            ..self.with_event(REG_NOTIFY_CHANGE_LAST_SET)
        };
        for changed in [&other, &self.key, &other] {
            self.watch(&key, both, told);
            self.set(changed, &changed.raw().to_le_bytes());
            self.told(told);
            self.set(&other, &[0]);
        }
        self.watch(&key, both, told);
        self.set(&self.key, &[15]);
        self.told(told);
        // Both openings of the other are the call's: nothing else closes them.
        self.watch(&key, both, told);
        remove(program, &other);
        self.told_as(told, NtStatus::NOTIFY_CLEANUP);
        let gone = registry::watch(key.raw(), both, told);
        let missing = NtStatus::OBJECT_NAME_NOT_FOUND;
        program.check("the other", gone, missing);
    }

    fn refused(&self) {
        let program = self.program;
        let (key, told) = (self.opened(), &TOLD[0]);
        let good = self.with_event(REG_NOTIFY_CHANGE_NAME);
        let same = Name::with("", self.key.raw(), 0);
        let missing = Name::with("Missing", self.key.raw(), 0);
        let file = Name::new("\\??\\C:\\");
        let beside = |count, other| Watch {
            others: (count, other),
            ..good
        };
        for (how, status) in [
            (
                Watch {
                    filter: 0x10,
                    ..good
                },
                NtStatus::INVALID_PARAMETER,
            ),
            (
                Watch {
                    filter: 1 << 31,
                    ..good
                },
                NtStatus::INVALID_PARAMETER,
            ),
            (
                Watch {
                    event: key.raw(),
                    ..good
                },
                NtStatus::OBJECT_TYPE_MISMATCH,
            ),
            (
                Watch {
                    event: 0x7FF0,
                    ..good
                },
                NtStatus::INVALID_HANDLE,
            ),
            (beside(1, None), NtStatus::ACCESS_VIOLATION),
            (beside(1, Some(&same)), NtStatus::INVALID_PARAMETER),
            (beside(2, Some(&same)), NtStatus::INVALID_PARAMETER),
            (beside(u32::MAX, None), NtStatus::INVALID_PARAMETER),
            (beside(1, Some(&missing)), NtStatus::OBJECT_NAME_NOT_FOUND),
            (beside(1, Some(&file)), NtStatus::OBJECT_TYPE_MISMATCH),
        ] {
            program.check("refused", registry::watch(key.raw(), how, told), status);
        }
        let unable = registry::open(&same, KEY_ALL_ACCESS & !KEY_NOTIFY, 0);
        let unable = program.done("without the right", unable);
        let status = registry::watch(unable.raw(), good, told);
        program.check("the right", status, NtStatus::ACCESS_DENIED);
    }
}

/// Requests that nobody answers before the program ends.
pub fn left_behind(program: &Program) {
    let user = user(program);
    for flag in [0, REG_NOTIFY_THREAD_AGNOSTIC] {
        let name = Name::with("", user.raw(), 0);
        let key = program.done("opened", registry::open(&name, KEY_NOTIFY, 0));
        let how = Watch {
            filter: REG_LEGAL_CHANGE_FILTER | flag,
            waits: false,
            ..Watch::ALL
        };
        let status = registry::watch(key.raw(), how, &TOLD[0]);
        program.check("nothing yet", status, NtStatus::PENDING);
        core::mem::forget(key);
    }
}

/// Waits for a change of a key.
extern "system" fn waiter(key: u64) -> ! {
    let how = Watch {
        filter: REG_NOTIFY_CHANGE_LAST_SET,
        ..Watch::ALL
    };
    thread::exit(registry::watch(key, how, &TOLD[3]))
}

/// Asks to be told, and ends.
extern "system" fn watcher(key: u64) -> ! {
    watch_and_end(key, 0)
}

extern "system" fn agnostic_watcher(key: u64) -> ! {
    watch_and_end(key, REG_NOTIFY_THREAD_AGNOSTIC)
}

fn watch_and_end(key: u64, flag: u32) -> ! {
    let how = Watch {
        filter: REG_NOTIFY_CHANGE_LAST_SET | flag,
        waits: false,
        ..Watch::ALL
    };
    thread::exit(registry::watch(key, how, &TOLD[3]))
}
